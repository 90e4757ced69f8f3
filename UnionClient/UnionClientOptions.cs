using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>How an application talks to the union. Bound from the section <c>Union:Client</c> where configuration is used, and checked when the host starts.</summary>
public sealed class UnionClientOptions
{
    /// <summary>
    /// The gateways of the cluster, each <c>host:port</c>; names are looked up anew every minute. Required by
    /// <see cref="UnionClientExtensions.AddUnionClient(Microsoft.Extensions.Hosting.IHostApplicationBuilder)"/>; not read where the application says itself how the cluster is found, nor inside a silo.
    /// </summary>
    public IList<string> Gateways { get; set; } = [];

    /// <summary>The cluster that is meant; default <c>union</c>. A gateway of another one is not spoken with: <c>not-connected</c>.</summary>
    public string ClusterId { get; set; } = "union";

    /// <summary>The installation that is meant; default <c>union</c>. A cluster of another one is not spoken with: <c>not-connected</c>.</summary>
    public string ServiceId { get; set; } = "union";

    /// <summary>
    /// Who gives commands that name no operator; default: nobody. Trusted as given until authentication is in force. In a configuration: <c>Operator:Id</c>, <c>Operator:Union</c>,
    /// <c>Operator:Role</c> and, if any, <c>Operator:Rights</c>.
    /// </summary>
    public Operator? Operator { get; set; }

    /// <summary>Total time of one call with all its repeats, and with the wait for a connection; 1 s to 1 h, default 30 s.</summary>
    public TimeSpan TotalTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long one attempt over a connection of its own waits for the answer before it is repeated; 1 s to 1 h, default 10 s. An answer is lost when the gateway dies
    /// that it would have come through. Inside a silo it cannot be lost, and this is not read.
    /// </summary>
    public TimeSpan AttemptTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The first pause before a repeat; it doubles, with jitter. 1 ms to 1 min, default 20 ms.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest pause between repeats, and the pause between attempts to connect; 1 ms to 10 min, default 1 s.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one attempt to connect to a gateway may take; 100 ms to 1 min, default 5 s.</summary>
    public TimeSpan ConnectTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What could not be read of the configuration.</summary>
    internal IReadOnlyList<string> Unread { get; private set; } = [];

    // By hand: an operator is a record of the rules, and the binder of configurations knows nothing of union numbers.
    internal void Read(IConfiguration section)
    {
        var unread = new List<string>();
        // Bound into a list that holds something already, gateways would be added to it.
        if (section.GetSection(nameof(Gateways)).Get<string[]>() is { } gateways) Gateways = gateways;
        ClusterId = section[nameof(ClusterId)] ?? ClusterId;
        ServiceId = section[nameof(ServiceId)] ?? ServiceId;
        TotalTime = Time(nameof(TotalTime), TotalTime);
        AttemptTime = Time(nameof(AttemptTime), AttemptTime);
        FirstPause = Time(nameof(FirstPause), FirstPause);
        LongestPause = Time(nameof(LongestPause), LongestPause);
        ConnectTime = Time(nameof(ConnectTime), ConnectTime);
        var given = section.GetSection(nameof(Operator));
        if (given.Exists())
        {
            var (id, union) = (given["Id"] ?? "", given["Union"] ?? "");
            if (id.Length == 0) unread.Add($"{given.Path}:Id is missing: the operator's account.");
            if (!new UnionId(union).Stream.HasValidKey()) unread.Add($"{given.Path}:Union is missing or no number of a union: the union the operator acts for.");
            var (role, rights) = (Named<Role>(given, "Role"), given["Rights"] is null ? Rights.None : Named<Rights>(given, "Rights"));
            if (role is { } capacity && rights is { } held) Operator = new(id, new(union), capacity, held);
        }

        Unread = unread;

        TimeSpan Time(string key, TimeSpan usual)
        {
            if (section[key] is not { } text) return usual;
            if (TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var time)) return time;
            unread.Add($"{section.GetSection(key).Path} is no time: write hours:minutes:seconds, for example 00:00:30.");
            return usual;
        }

        T? Named<T>(IConfiguration from, string key)
            where T : struct, Enum
        {
            if (Enum.TryParse<T>(from[key], ignoreCase: true, out var value) && !int.TryParse(from[key], out _)) return value;
            unread.Add($"{given.Path}:{key} is missing or unknown: one of {string.Join(", ", Enum.GetNames<T>())}.");
            return null;
        }
    }

    internal Envelope<TCommand> Enclose<TCommand>(TCommand command, CommandOptions? with) => new(
        with?.CommandId ?? Guid.CreateVersion7(),
        command,
        with?.Operator ?? Operator ?? throw NoOperator(),
        with?.BusinessOn,
        with?.Reason,
        with?.DocumentRef,
        with?.ExpectedVersion);

    internal static InvalidOperationException NoOperator() => new("Name an operator in the client's options or beside the command.");
}

/// <summary>Refuses options outside their ranges when the host starts, and says under which key they stand.</summary>
internal sealed class UnionClientOptionsCheck : IValidateOptions<UnionClientOptions>
{
    private const string Section = UnionClientExtensions.Section;

    public ValidateOptionsResult Validate(string? name, UnionClientOptions options)
    {
        List<string> wrong =
        [
            .. options.Unread,
            .. Outside(nameof(options.TotalTime), options.TotalTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            .. Outside(nameof(options.AttemptTime), options.AttemptTime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            .. Outside(nameof(options.FirstPause), options.FirstPause, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            .. Outside(nameof(options.LongestPause), options.LongestPause, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)),
            .. Outside(nameof(options.ConnectTime), options.ConnectTime, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        ];
        if (string.IsNullOrWhiteSpace(options.ClusterId)) wrong.Add($"{Section}:{nameof(options.ClusterId)} is empty: the id of the cluster, as its silos are told.");
        if (string.IsNullOrWhiteSpace(options.ServiceId)) wrong.Add($"{Section}:{nameof(options.ServiceId)} is empty: the id of the installation, as its silos are told.");
        wrong.AddRange(options.Gateways.Where(gateway => !UnionGateways.TrySplit(gateway, out _, out _)).Select(gateway => $"{Section}:{nameof(options.Gateways)}: '{gateway}' is no host:port."));
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Outside(string key, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most) yield return $"{Section}:{key} is {value}; it may be {least} to {most}.";
    }
}

/// <summary>Refuses a client that is to find its cluster by gateways and has none.</summary>
internal sealed class UnionGatewaysCheck : IValidateOptions<UnionClientOptions>
{
    public ValidateOptionsResult Validate(string? name, UnionClientOptions options) => options.Gateways.Count > 0
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{UnionClientExtensions.Section}:{nameof(options.Gateways)} is missing: the gateways of the cluster, each host:port.");
}

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

    /// <summary>
    /// The version the command was made for, as <see cref="Reply{TView}.Version"/> told it: when the aggregate holds another number of events the command is refused
    /// (<c>command.version-moved</c>) and nothing is written. 0: nothing may have happened there yet. Not checked unless given. A recorded look at personal fields is an event too.
    /// </summary>
    public long? ExpectedVersion { get; init; }
}
