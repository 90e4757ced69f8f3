namespace UnionDomain.Kernel;

/// <summary>Why a command is refused for what it comes with, in every room.</summary>
public static class CommandRules
{
    /// <summary>The same command id came with another content.</summary>
    public static readonly Refusal IdReused = new("command.id-reused", "The command id {id} was used before with another content.", "命令编号{id}此前已用于不同内容。");

    /// <summary>The command was given for another version of the record than it has now.</summary>
    public static readonly Refusal VersionMoved = new("command.version-moved",
        "The record was changed meanwhile: it holds {actual} events, and {expected} were expected.", "记录期间已被更改：现有{actual}项变更，预期为{expected}项。");

    /// <summary>The command was applied and undone since: a repeat does not bring it back.</summary>
    public static readonly Refusal Undone = new("command.undone", "The command {id} was undone; what it asks is asked again under another id.", "命令{id}已被撤销，如需重新办理须使用新的命令编号。");

    /// <summary>What the command expects of its stream, or null when it stands or nothing is expected.</summary>
    /// <param name="expected">How many events the stream was expected to hold; null: any number.</param>
    /// <param name="actual">How many it holds.</param>
    public static Refusal? CheckVersion(long? expected, long actual) =>
        expected is { } version && version != actual ? VersionMoved.With("expected", version).With("actual", actual) : null;
}
