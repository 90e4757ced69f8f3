using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionSilo.Persistence;

/// <summary>What is wrong.</summary>
public enum FindingKind
{
    /// <summary>The versions of a stream do not run from 1 to its last without a hole.</summary>
    Hole,

    /// <summary>No room of this version knows the kind of a stream; the subject is the kind.</summary>
    UnknownRoom,

    /// <summary>A stored event is unknown to this version; the subject is its type and schema number.</summary>
    UnknownEvent,

    /// <summary>A stored event cannot be read or applied; the subject is its type and the kind of failure.</summary>
    Unfoldable,

    /// <summary>The journal yields rows that the table lacks.</summary>
    Missing,

    /// <summary>The table holds rows that the journal does not yield.</summary>
    Foreign,

    /// <summary>Rows hold another content than the journal yields.</summary>
    Changed,

    /// <summary>Rows say a version that their stream has not reached: later changes would be kept out.</summary>
    Ahead,

    /// <summary>The sum in <c>fact</c> is not the sum of the records in <c>fact_line</c>.</summary>
    Sum,
}

/// <summary>One kind of damage in one place. It holds stream names and numbers, never content.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Subject">The table, or what <paramref name="Kind"/> says.</param>
/// <param name="Count">How many rows, streams or sums.</param>
/// <param name="Streams">Some of the streams concerned, at most ten; none where a row belongs to no stream.</param>
public sealed record Finding(FindingKind Kind, string Subject, long Count, ImmutableArray<string> Streams)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Kind} {Subject}: {Count}{(Streams.IsEmpty ? "" : $" ({string.Join(", ", Streams)}{(Count > Streams.Length ? ", …" : "")})")}");
}

/// <summary>How far a long task is.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">How much there is.</param>
public readonly record struct Progress(string Step, long Done, long Total);

/// <summary>
/// Checks that everything in the database follows from the journal: versions without a hole, every stream folds, read models, fact lines and claims
/// are what the fold yields, sums are sums, and every person's key belongs to a stream
/// that has not erased it. It reads one state of the database and holds no silo up; on PostgreSQL it keeps old row versions from being
/// vacuumed while it runs.
/// </summary>
public sealed class Verification(Database database, ImmutableArray<Room> rooms)
{
    /// <summary>What is wrong; empty when all is well.</summary>
    public Task<ImmutableArray<Finding>> Run(IProgress<Progress>? progress, CancellationToken cancel) => database.Run<ImmutableArray<Finding>>(async () =>
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await database.BeginSnapshot(connection, cancel);
        var refolding = new Refolding(database, rooms, transaction, progress, cancel);
        return [.. await refolding.Holes(), .. await refolding.Fold(), .. await refolding.Keys(), .. await refolding.Compare()];
        // Nothing is committed: the temporary tables go with the transaction.
    });
}
