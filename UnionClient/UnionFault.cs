namespace UnionClient;

/// <summary>
/// Something broke on the way of a command or a read; the rules said nothing. A retryable fault may be repeated with the same command id:
/// whatever had been applied answers as applied.
/// </summary>
[GenerateSerializer, Alias("union.fault")]
public sealed class UnionFault : Exception
{
    /// <summary>A fault with one of the codes of <see cref="Faults"/>.</summary>
    public UnionFault(string code, bool retryable, string message)
        : base(message) => (Code, Retryable) = (code, retryable);

    internal UnionFault(FaultKind kind, string? message = null)
        : this(kind.Code, kind.Retryable, message ?? kind.Meaning)
    {
    }

    /// <summary>Stable code.</summary>
    [Id(0)]
    public string Code { get; private set; }

    /// <summary>Whether a repeat with the same command id can succeed.</summary>
    [Id(1)]
    public bool Retryable { get; private set; }
}

/// <summary>One kind of fault.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Retryable">Whether a repeat with the same command id can succeed. The client itself repeats such faults within the total time.</param>
/// <param name="Meaning">What broke, and what is known of the command.</param>
public sealed record FaultKind(string Code, bool Retryable, string Meaning);

/// <summary>Every fault there is.</summary>
public static class Faults
{
    private static readonly FaultKind OverloadedKind = new("overloaded", true, "The silo has no room for another command now; nothing was decided.");
    private static readonly FaultKind FencedKind = new("fenced", true, "What this command was decided on was not committed; nothing of it was kept.");
    private static readonly FaultKind BehindKind = new("behind", true, "What answers is older than what was committed elsewhere, or than the token that was asked for.");
    private static readonly FaultKind StoreUnavailableKind = new("store-unavailable", true, "The database does not answer or cannot commit now; nothing of the command was kept.");
    private static readonly FaultKind StoreFullKind = new("store-full", true, "The database has no space left; nothing of the command was kept.");
    private static readonly FaultKind StoppingKind = new("stopping", true, "The silo is stopping.");
    private static readonly FaultKind NotConfirmedKind = new("not-confirmed", true, "The silo cannot confirm now that it is a member of the cluster, so it shows and decides nothing.");
    private static readonly FaultKind UnknownCaseKind = new("unknown-case", false, "The silo does not know a command, a measure or a stored event: it is of an older version. Nothing was applied.");
    private static readonly FaultKind NoAnswerKind = new("no-answer", true, "No answer came in time; whether the command was applied is unknown. Repeat it with the same command id.");
    private static readonly FaultKind NotConnectedKind = new("not-connected", true, "The cluster cannot be reached, or is another one than asked for; nothing was sent.");

    /// <summary>Every kind of fault, by code.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        .. new[]
        {
            OverloadedKind, FencedKind, BehindKind, StoreUnavailableKind, StoreFullKind, StoppingKind, NotConfirmedKind, UnknownCaseKind, NoAnswerKind, NotConnectedKind,
        }.OrderBy(kind => kind.Code, StringComparer.Ordinal),
    ];

    /// <summary>The silo has no slot left for another command; nothing was decided.</summary>
    public static UnionFault Overloaded() => new(OverloadedKind);

    /// <summary>A commit failed for good, or another activation went on: everything decided here since was undone.</summary>
    public static UnionFault Fenced() => new(FencedKind);

    /// <summary>The activation is older than what was committed elsewhere, or a list than the token that was asked for.</summary>
    public static UnionFault Behind() => new(BehindKind);

    /// <summary>The database could not be reached or would not commit; nothing of the command was kept.</summary>
    public static UnionFault StoreUnavailable() => new(StoreUnavailableKind);

    /// <summary>The database has no space left; nothing of the command was kept.</summary>
    public static UnionFault StoreFull() => new(StoreFullKind);

    /// <summary>The silo is stopping.</summary>
    public static UnionFault Stopping() => new(StoppingKind);

    /// <summary>The silo could not confirm for too long that the others still take it for alive; what it holds may be old, so it shows and decides nothing.</summary>
    public static UnionFault NotConfirmed() => new(NotConfirmedKind);

    /// <summary>A stored event, or a command from a newer client, is not known to the silo; nothing of it was applied.</summary>
    public static UnionFault UnknownCase(string type) => new(UnknownCaseKind, $"The case '{type}' is known only to a newer version.");

    /// <summary>No answer within the total time; whether the command was applied is unknown. Repeat it with the same command id.</summary>
    public static UnionFault NoAnswer() => new(NoAnswerKind);

    /// <summary>The cluster cannot be reached or is another one than asked for; nothing was sent.</summary>
    public static UnionFault NotConnected(string why) => new(NotConnectedKind, why);
}
