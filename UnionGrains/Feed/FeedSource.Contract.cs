using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionGrains.Feed;

/// <summary>A place in the journal, in the order in which it is told: by epoch, transaction and position. Everything up to it is settled.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Transaction">Number of the transaction inside the epoch; 0 where there is one writer only.</param>
/// <param name="Position">Position of the row.</param>
public readonly record struct FeedPlace(int Epoch, long Transaction, long Position)
{
    /// <summary>Before everything.</summary>
    public static readonly FeedPlace Start = new(1, 0, 0);
}

/// <summary>One life of the database; a restore begins another one.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Stamp">Tells it from every other epoch of any database: 16 hexadecimal digits.</param>
/// <param name="BeganAt">When it began.</param>
/// <param name="FirstPosition">Rows of the epoch have this position or a higher one.</param>
public sealed record Epoch(int Number, string Stamp, DateTimeOffset BeganAt, long FirstPosition);

/// <summary>One row of the journal.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Version">Its version.</param>
/// <param name="Event">What happened, as it is stored.</param>
/// <param name="CommandId">The id of the command.</param>
/// <param name="Operator">Who gave it: <c>role:id@union</c>.</param>
/// <param name="Reason">The reason given, if any.</param>
/// <param name="DocumentRef">The document it rests on, if any.</param>
/// <param name="BusinessOn">The business date.</param>
/// <param name="RecordedAt">The instant of the decision.</param>
public sealed record FeedRow(
    FeedPlace Place, StreamId Stream, long Version, StoredEvent Event, Guid CommandId, string Operator, string? Reason, string? DocumentRef, DateOnly BusinessOn, DateTimeOffset RecordedAt);

/// <summary>Part of the feed.</summary>
/// <param name="Rows">Settled rows in their order.</param>
/// <param name="Next">The place behind everything that was looked at.</param>
/// <param name="More">Whether there is more behind it.</param>
public sealed record FeedSlice(ImmutableArray<FeedRow> Rows, FeedPlace Next, bool More);

/// <summary>Reads the journal in the order in which it was committed.</summary>
public interface IFeedSource
{
    /// <summary>The epochs of this database, oldest first; there is always one.</summary>
    Task<IReadOnlyList<Epoch>> Epochs(CancellationToken cancel);

    /// <summary>
    /// The rows behind a place, of one state of the database. A row is given only when nothing that is still under way can come before it. Null: the place is ahead of everything that ever happened in its epoch.
    /// </summary>
    /// <param name="epochs">What <see cref="Epochs"/> answered.</param>
    /// <param name="after">The place.</param>
    /// <param name="kinds">The kinds of streams; all when empty.</param>
    /// <param name="most">At most so many rows.</param>
    /// <param name="cancel">Ends the query.</param>
    Task<FeedSlice?> Read(IReadOnlyList<Epoch> epochs, FeedPlace after, ImmutableArray<string> kinds, int most, CancellationToken cancel);

    /// <summary>Which of the unions stood at or under the scope on the day named with them, by their place in the list.</summary>
    Task<IReadOnlySet<int>> Within(UnionId scope, IReadOnlyList<(UnionId Union, DateOnly On)> unions, CancellationToken cancel);
}
