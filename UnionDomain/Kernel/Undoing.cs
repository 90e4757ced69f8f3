using System.Collections.Immutable;

namespace UnionDomain.Kernel;

/// <summary>One event of a stream with the command that it came of.</summary>
/// <param name="Version">Its place in the stream, from 1.</param>
/// <param name="Command">The id of the command.</param>
/// <param name="Event">What happened.</param>
public readonly record struct PastEvent<TEvent>(long Version, Guid Command, TEvent Event);

/// <summary>What one command did to its stream, for the command that undoes it.</summary>
/// <param name="Before">The state before it.</param>
/// <param name="Done">What it caused, in order.</param>
/// <param name="IsUndone">Whether it was undone already.</param>
/// <param name="Changed">The first thing that changed the stream since and still stands; null: nothing but looks.</param>
/// <param name="Change">The pinned name of that event; empty when there is none.</param>
public sealed record Past<TState, TEvent>(TState Before, ImmutableArray<TEvent> Done, bool IsUndone, PastEvent<TEvent>? Changed, string Change)
{
    /// <summary>Why the command may no longer be undone: what came after it rests on it.</summary>
    public Refusal? Refuse(StreamId self) =>
        Changed is { } later ? UndoRules.ChangedSince.With("stream", self).With("change", Change).With("version", later.Version) : null;
}

/// <summary>The id of the command that undoes another one.</summary>
public static class UndoId
{
    /// <summary>The id under which a command is undone: one for each, of the same time.</summary>
    public static Guid Of(Guid command)
    {
        Span<byte> bytes = stackalloc byte[16];
        command.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[^1] ^= 1;
        return new(bytes, bigEndian: true);
    }
}

/// <summary>Why a command is not undone.</summary>
public static class UndoRules
{
    /// <summary>Something that counts happened since.</summary>
    public static readonly Refusal ChangedSince = new("undo.changed-since",
        "The record {stream} was changed since: {change}, its event {version}.", "记录{stream}此后已有变更：第{version}项，{change}。");

    /// <summary>Another record rests on what would go.</summary>
    public static readonly Refusal RestedOn = new("undo.rested-on", "{stream} is kept: {by} rests on it.", "{stream}予以保留：{by}仍与其关联。");

    /// <summary>What the command did is put right by other commands.</summary>
    public static readonly Refusal NotUndoable = new("undo.not-undoable", "Only what a row of an import recorded is undone.", "仅可撤销导入登记的内容。");
}
