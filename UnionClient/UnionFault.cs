
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

    /// <summary>Stable code.</summary>
    [Id(0)]
    public string Code { get; private set; }

    /// <summary>Whether a repeat with the same command id can succeed.</summary>
    [Id(1)]
    public bool Retryable { get; private set; }
}

/// <summary>Every fault there is.</summary>
public static class Faults
{
    /// <summary>The silo has no slot left for another command; nothing was decided.</summary>
    public static UnionFault Overloaded() => new("overloaded", retryable: true, "The silo has no room for another command now.");

    /// <summary>A commit failed for good, or another activation went on: everything decided here since was undone.</summary>
    public static UnionFault Fenced() => new("fenced", retryable: true, "What this command was decided on was not committed.");

    /// <summary>The activation is older than what was committed elsewhere.</summary>
    public static UnionFault Behind() => new("behind", retryable: true, "The aggregate was changed elsewhere; it is read again.");

    /// <summary>The database could not be reached or would not commit; nothing of the command was kept.</summary>
    public static UnionFault StoreUnavailable() => new("store-unavailable", retryable: true, "The database does not answer or cannot commit now.");

    /// <summary>The database has no space left; nothing of the command was kept.</summary>
    public static UnionFault StoreFull() => new("store-full", retryable: true, "The database has no space left.");

    /// <summary>The silo is stopping.</summary>
    public static UnionFault Stopping() => new("stopping", retryable: true, "The silo is stopping.");

    /// <summary>The silo could not confirm for too long that the others still take it for alive; what it holds may be old, so it shows and decides nothing.</summary>
    public static UnionFault NotConfirmed() => new("not-confirmed", retryable: true, "The silo cannot confirm now that it is a member of the cluster.");

    /// <summary>A stored event, or a command from a newer client, is not known to the silo; nothing of it was applied.</summary>
    public static UnionFault UnknownCase(string type) => new("unknown-case", retryable: false, $"The case '{type}' is known only to a newer version.");

    /// <summary>No answer within the total time; whether the command was applied is unknown. Repeat it with the same command id.</summary>
    public static UnionFault NoAnswer() => new("no-answer", retryable: true, "No answer came within the total time; repeat with the same command id.");

    /// <summary>The cluster cannot be reached or is another one than asked for.</summary>
    public static UnionFault NotConnected(string why) => new("not-connected", retryable: true, why);
}

/// <summary>Refusals that the kernel gives for every room.</summary>
public static class CommandRules
{
    /// <summary>The same command id came with another content.</summary>
    public static readonly UnionDomain.Kernel.Refusal IdReused = new("command.id-reused",
        "The command id {id} was used before with another content.", "命令编号{id}此前已用于不同内容。");
}
