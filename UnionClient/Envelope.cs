using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>A command on its way: what is asked, under which id, by whom and for which day.</summary>
/// <param name="CommandId">Identifies the command for ever; a repeat under the same id is applied once. A UUIDv7 unless given.</param>
/// <param name="Command">What is asked.</param>
/// <param name="Operator">Who asks.</param>
/// <param name="BusinessOn">The business date in Asia/Shanghai; today unless given.</param>
/// <param name="Reason">The reason, if one is given; never personal data.</param>
/// <param name="DocumentRef">The reference of the document it rests on, if any.</param>
/// <param name="ExpectedVersion">How many events the aggregate must hold, or the command is refused; null (default): any number. A repeat of an applied command is answered before it is looked at.</param>
[GenerateSerializer, Immutable, Alias("union.envelope`1")]
public sealed record Envelope<TCommand>(
    [property: Id(0)] Guid CommandId,
    [property: Id(1)] TCommand Command,
    [property: Id(2)] Operator Operator,
    [property: Id(3)] DateOnly? BusinessOn = null,
    [property: Id(4)] string? Reason = null,
    [property: Id(5)] string? DocumentRef = null,
    [property: Id(6)] long? ExpectedVersion = null);

/// <summary>What became of a command, or what a read shows. It never shows what is not yet committed.</summary>
/// <typeparam name="TView">The view of the room.</typeparam>
[GenerateSerializer, Immutable, Alias("union.reply`1")]
public sealed record Reply<TView>
{
    /// <summary>The committed view.</summary>
    [Id(0)]
    public required TView View { get; init; }

    /// <summary>The version of the stream the view shows: how many events it holds; 0 when nothing ever happened.</summary>
    [Id(1)]
    public required long Version { get; init; }

    /// <summary>The rule that said no, or null when the command was accepted.</summary>
    [Id(2)]
    public Refusal? Refusal { get; init; }

    /// <summary>Rules with unverified text that the command breaks; they stop nothing.</summary>
    [Id(3)]
    public IReadOnlyList<Refusal> Warnings { get; init; } = [];

    /// <summary>The command that left the newest event of the view, where the reply is to it; null of reads, refusals and when there was nothing to do.</summary>
    [Id(4)]
    public Guid? CommandId { get; init; }

    /// <summary>Whether the rules said yes.</summary>
    public bool Accepted => Refusal is null;

    /// <summary>What the view shows, for lists that must not show less; null when nothing ever happened.</summary>
    public ReadToken? Token => Version > 0 && Of.Kind is not null ? new(Of.ToString(), Version, CommandId ?? Guid.Empty) : null;

    // Known to the caller: it need not cross the wire.
    [field: NonSerialized]
    internal StreamId Of { get; set; }
}
