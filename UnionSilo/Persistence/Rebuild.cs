using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionSilo.Persistence;

/// <summary>What a rebuild did.</summary>
/// <param name="Blocking">What kept it from changing anything: the journal itself is damaged or newer than this program. Empty when the tables were rebuilt.</param>
/// <param name="Mended">What differed and was put right.</param>
public sealed record Rebuilt(ImmutableArray<Finding> Blocking, ImmutableArray<Finding> Mended)
{
    /// <summary>How many rows differed.</summary>
    public long Rows => Mended.Sum(finding => finding.Count);
}

/// <summary>
/// Makes read models, claims, fact lines and sums anew from the journal. They are filled into temporary tables beside the live ones and compared;
/// the rows that differ are exchanged, and all of it is one transaction: readers see the old rows or the new, never a mixture, and a rebuild that is
/// cut off changes nothing. No group can be committed meanwhile (PostgreSQL: the closing's lock is taken exclusively; SQLite: the file's write lock).
/// On PostgreSQL it refuses while a silo is connected, unless told to let the silos wait.
/// </summary>
public sealed class Rebuild(Database database, ImmutableArray<Room> rooms)
{
    /// <summary>Rebuilds all tables.</summary>
    /// <param name="online">Whether silos that are alive may be kept from committing until it is done; their commands wait or fail retryably.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Gives it up; nothing is changed then.</param>
    /// <exception cref="InUseException">Silos are alive, or the journal stayed locked.</exception>
    public Task<Rebuilt> Run(bool online, IProgress<Progress>? progress, CancellationToken cancel) => database.Run<Rebuilt>(async () =>
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await database.BeginAlone(connection, online, cancel);
        var refolding = new Refolding(database, rooms, transaction, progress, cancel);
        ImmutableArray<Finding> blocking = [.. await refolding.Holes(), .. await refolding.Fold()];
        if (!blocking.IsEmpty) return new(blocking, []);

        var mended = await refolding.Compare();
        await refolding.Mend();
        await refolding.Forget();
        await transaction.CommitAsync(cancel);
        return new([], mended);
    });
}
