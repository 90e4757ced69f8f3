using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>A committed state that shortens the replay of a long stream. Losing it costs time, never truth.</summary>
public sealed class Snapshot
{
    /// <summary>The version of the stream.</summary>
    public long Version { get; set; }

    /// <summary>The room's snapshot schema; another number makes the snapshot unreadable.</summary>
    public int Schema { get; set; }

    /// <summary>The state as JSON.</summary>
    public string State { get; set; } = "";

    /// <summary>The newest command ids, oldest first.</summary>
    public IReadOnlyList<KeyValuePair<Guid, AppliedCommand>> Commands { get; set; } = [];

    /// <summary>The youngest command time that is not among them, in milliseconds; -1 when all are.</summary>
    public long ForgottenUntil { get; set; } = -1;

    /// <summary>Whether its newest event came of this command.</summary>
    internal bool IsOf(Guid command) => Commands is [.., var newest] && newest.Key == command && newest.Value.Version == Version;
}

/// <summary>Keeps snapshots on a stock storage provider; never on the way of a reply.</summary>
public sealed partial class Snapshots(IGrainStorage storage, ILogger<Snapshots> log)
{
    /// <summary>Name under which the storage provider of snapshots is registered.</summary>
    public const string Provider = "snapshots";

    /// <summary>A stream is worth a snapshot when it has grown by this many events since the last one.</summary>
    public const int Worthwhile = 128;

    private const int CommandsKept = 1_000;

    /// <summary>
    /// The state of a snapshot with its version, or null when there is none that can be read, or it tells of another past than the journal: one that was lost when an older backup was restored.
    /// </summary>
    public async Task<(TState State, Snapshot Snapshot)?> Read<TState>(GrainId grain, int schema, string stream, Journal journal, CancellationToken cancel)
    {
        (TState State, Snapshot Snapshot) read;
        try
        {
            var kept = new GrainState<Snapshot>(new());
            await storage.ReadStateAsync("snapshot", grain, kept);
            if (!kept.RecordExists || kept.State is null || kept.State.Schema != schema || kept.State.Version == 0) return null;
            read = (JsonSerializer.Deserialize<TState>(kept.State.State, UnionJson.Options)!, kept.State);
        }
        catch (Exception failure)
        {
            LogUnreadable(failure.GetType().Name);
            return null;
        }

        var stored = await journal.Read(stream, read.Snapshot.Version - 1, 1, cancel);
        if (stored.Entries is [var newest] && read.Snapshot.IsOf(newest.CommandId)) return read;
        LogForeign();
        return null;
    }

    /// <summary>Keeps a committed state.</summary>
    public async Task Write<TState>(GrainId grain, int schema, TState state, long version, AppliedCommands commands)
    {
        try
        {
            // Read first for its tag. What is there may be of another past, whatever its version.
            var kept = new GrainState<Snapshot>(new());
            await storage.ReadStateAsync("snapshot", grain, kept);
            var (newest, forgotten) = commands.Newest(CommandsKept);
            kept.State = new() { Version = version, Schema = schema, State = JsonSerializer.Serialize(state, UnionJson.Options), Commands = newest, ForgottenUntil = forgotten };
            await storage.WriteStateAsync("snapshot", grain, kept);
        }
        catch (Exception failure)
        {
            LogUnwritten(failure.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A snapshot could not be read ({Failure}); the whole stream is replayed.")]
    private partial void LogUnreadable(string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A snapshot tells of events that the journal does not hold, as after a restore; the whole stream is replayed.")]
    private partial void LogForeign();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A snapshot could not be written ({Failure}).")]
    private partial void LogUnwritten(string failure);
}
