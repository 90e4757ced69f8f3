using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>How an application talks to the union. Bound from the section <c>Union:Client</c> where configuration is used.</summary>
public sealed class UnionClientOptions
{
    /// <summary>Who gives commands that name no operator. Trusted as given until authentication is in force.</summary>
    public Operator? Operator { get; set; }

    /// <summary>Total time of one call with all its repeats; default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TotalTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long one attempt over a connection of its own waits for the answer before it is repeated; default 10 s. An answer is lost when the gateway dies
    /// that it would have come through. Inside a silo it cannot be lost, and this is not read.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AttemptTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The first pause before a repeat; it doubles, with jitter. Default 20 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest pause between repeats; default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(1);

    internal Envelope<TCommand> Enclose<TCommand>(TCommand command, CommandOptions? with) => new(
        with?.CommandId ?? Guid.CreateVersion7(),
        command,
        with?.Operator ?? Operator ?? throw NoOperator(),
        with?.BusinessOn,
        with?.Reason,
        with?.DocumentRef);

    internal static InvalidOperationException NoOperator() => new("Name an operator in the client's options or beside the command.");
}

/// <summary>Refuses options outside their ranges when the host starts.</summary>
[OptionsValidator]
internal sealed partial class UnionClientOptionsCheck : IValidateOptions<UnionClientOptions>;

/// <summary>What a command may carry beside itself.</summary>
public sealed record CommandOptions
{
    /// <summary>The id of the command: give one to be able to repeat it after a crash of the application. A new UUIDv7 unless given.</summary>
    public Guid? CommandId { get; init; }

    /// <summary>Who gives it; the operator of <see cref="UnionClientOptions"/> unless given.</summary>
    public Operator? Operator { get; init; }

    /// <summary>The business date in Asia/Shanghai; today unless given. An earlier one needs <see cref="Rights.Backdate"/>.</summary>
    public DateOnly? BusinessOn { get; init; }

    /// <summary>The reason, if one is given; never personal data.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference of the document it rests on, if any.</summary>
    public string? DocumentRef { get; init; }
}
