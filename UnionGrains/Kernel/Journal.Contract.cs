using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>Stands for one activation of one grain. After one of its appends failed, no later append of it can commit.</summary>
public sealed class ActivationToken
{
    private volatile bool fenced;

    /// <summary>Whether an append of this activation failed.</summary>
    public bool Fenced => fenced;

    /// <summary>Lets nothing of this activation commit any more.</summary>
    public void Fence() => fenced = true;
}

/// <summary>A command for another aggregate, ready to be stored in the outbox.</summary>
/// <param name="N">Its place among the effects of its command, from 0.</param>
/// <param name="Event">The number of its event inside the command, from 0.</param>
/// <param name="Target">The stream that shall receive it.</param>
/// <param name="Command">Pinned name and JSON of the command.</param>
public sealed record OutboxEntry(int N, int Event, string Target, StoredEvent Command);

/// <summary>The key of one person's data, closed with a master key; the store cannot open it.</summary>
/// <param name="Master">The id of the master key that opens it.</param>
/// <param name="Wrapped">The closed key.</param>
public sealed record WrappedKey(string Master, ReadOnlyMemory<byte> Wrapped);

/// <summary>Everything one command leaves in the database; it is written whole or not at all.</summary>
public sealed class Append
{
    /// <summary>The stream, <c>kind/key</c>.</summary>
    public required string Stream { get; init; }

    /// <summary>How many events the stream holds before this append.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>The activation that decided it.</summary>
    public required ActivationToken Token { get; init; }

    /// <summary>The id of the command.</summary>
    public required Guid CommandId { get; init; }

    /// <summary>Keyed hash of the command's content.</summary>
    public required long CommandHash { get; init; }

    /// <summary>Who gave the command: <c>role:id@union</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>The reason given, if any.</summary>
    public string? Reason { get; init; }

    /// <summary>The document it rests on, if any.</summary>
    public string? DocumentRef { get; init; }

    /// <summary>The business date.</summary>
    public required DateOnly BusinessOn { get; init; }

    /// <summary>The instant of the decision, in whole microseconds (what both databases keep).</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The events and what commits beside them.</summary>
    public required Consequences Consequences { get; init; }

    /// <summary>The effects as they are stored.</summary>
    public ImmutableArray<OutboxEntry> Outbox { get; init; } = [];

    /// <summary>The key of the stream's personal data, kept from this append on; null (default) keeps what there is. A stream has it from its version 1.</summary>
    public WrappedKey? Key { get; init; }

    /// <summary>The version after this append.</summary>
    public long NextVersion => ExpectedVersion + Consequences.Events.Length;
}

/// <summary>One stored event of a stream.</summary>
public readonly record struct JournalEntry(long Version, StoredEvent Event, Guid CommandId, long CommandHash);

/// <summary>Part of a stream.</summary>
/// <param name="Entries">Entries in order of version.</param>
/// <param name="More">Whether the stream holds more after them.</param>
public sealed record StreamSlice(ImmutableArray<JournalEntry> Entries, bool More);

/// <summary>Asks for the entries of a stream after a version, at most <paramref name="Most"/>.</summary>
public sealed record StreamRequest(string Stream, long After, int Most);

/// <summary>Why an append of a group did not commit while its neighbours may.</summary>
/// <param name="Index">Its place in the group.</param>
/// <param name="Claim">The key that another stream holds; null when the stream itself was changed by another activation.</param>
/// <param name="Holder">The stream that holds the key.</param>
public sealed record Rejection(int Index, ClaimKey? Claim = null, string? Holder = null);

/// <summary>What became of a group. Nothing of it is committed while any append is rejected.</summary>
/// <param name="Rejections">The appends that can never commit; empty when the group is committed.</param>
/// <param name="Closing">The number of the newest closing, when committed.</param>
public sealed record GroupOutcome(ImmutableArray<Rejection> Rejections, int Closing)
{
    /// <summary>The whole group is committed.</summary>
    public bool Committed => Rejections.IsEmpty;
}

/// <summary>Why a group certainly did not commit.</summary>
public enum NotCommitted
{
    /// <summary>Another transaction was in the way (deadlock); repeat at once.</summary>
    Deadlock,

    /// <summary>Rows stayed locked by another transaction for longer than the lock timeout.</summary>
    Blocked,

    /// <summary>No connection was to be had, nothing was sent.</summary>
    Unavailable,

    /// <summary>The database has no space left.</summary>
    Full,

    /// <summary>The database refused the group for another reason.</summary>
    Refused,
}

/// <summary>A group certainly did not commit. Every other exception of a writer means that its outcome is unknown.</summary>
public sealed class GroupNotCommittedException(NotCommitted why, Exception? cause = null) : Exception($"The group was not committed: {why}.", cause)
{
    /// <summary>Why.</summary>
    public NotCommitted Why { get; } = why;
}

/// <summary>One database session that commits groups, used by one caller at a time.</summary>
public interface IJournalWriter : IAsyncDisposable
{
    /// <summary>
    /// Writes the group in one transaction: journal, claims, person keys, outbox, read models, facts, then COMMIT.
    /// </summary>
    /// <param name="group">Appends in order; those of one stream follow on each other and have one token. No two streams touch the same claim.</param>
    /// <param name="repeats">Whether an earlier attempt at exactly this group ended with an unknown outcome: then rows that are all ours mean that it is committed.</param>
    /// <param name="cancel">Ends the wait; the outcome is then unknown.</param>
    /// <exception cref="GroupNotCommittedException">It certainly did not commit.</exception>
    Task<GroupOutcome> Commit(IReadOnlyList<Append> group, bool repeats, CancellationToken cancel);
}

/// <summary>A database that keeps the journal. Implementations hold no queue and no state but connections.</summary>
public interface IJournalStore
{
    /// <summary>How many writers serve this database best; streams are divided among them.</summary>
    int Writers { get; }

    /// <summary>Opens a session for one of the writers.</summary>
    /// <param name="number">Number of the writer, from 0.</param>
    /// <param name="cancel">Ends the attempt.</param>
    /// <exception cref="GroupNotCommittedException">The database cannot be reached.</exception>
    Task<IJournalWriter> OpenWriter(int number, CancellationToken cancel);

    /// <summary>Answers many requests with one query, in their order.</summary>
    Task<IReadOnlyList<StreamSlice>> Read(IReadOnlyList<StreamRequest> requests, CancellationToken cancel);

    /// <summary>The keys of the streams' personal data with one query, in the order asked; null where there is none: never given, or erased.</summary>
    Task<IReadOnlyList<WrappedKey?>> ReadKeys(IReadOnlyList<string> streams, CancellationToken cancel);

    /// <summary>The version after a command and its hash, looked for inside one stream; null when the stream does not hold it.</summary>
    Task<(long Version, long Hash)?> FindCommand(string stream, Guid commandId, CancellationToken cancel);

    /// <summary>The last day of the newest frozen period and the number of its closing.</summary>
    Task<(int Number, DateOnly? Through)> ReadClosing(CancellationToken cancel);
}
