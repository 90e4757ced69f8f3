using System.Data.Common;
using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>How far the keys of persons have come to a new master key.</summary>
/// <param name="Done">How many were closed anew.</param>
/// <param name="Remaining">How many another master key still closes; 0 unless silos that do not know the newest one gave keys meanwhile.</param>
public readonly record struct Rewrapped(long Done, long Remaining);

/// <summary>
/// The keys of all persons' data, closed with master keys. A master key can be given up once no person's key needs it any more.
/// </summary>
public sealed class PersonKeys(Database database)
{
    private const int Page = 1_000;

    /// <summary>How many keys each master key closes, by its id.</summary>
    public Task<SortedDictionary<string, long>> Count(CancellationToken cancel) => database.Run(async () =>
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var command = connection.Command("SELECT master, count(*) FROM person_key GROUP BY master");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancel)) counts.Add(reader.GetString(0), reader.GetInt64(1));
        return counts;
    });

    /// <summary>
    /// Closes every key that another master key closes with the newest one. Silos may run: a key that is erased meanwhile stays erased.
    /// It may be cut off at any time and begun again; what is done is done.
    /// </summary>
    /// <param name="rewrap">Opens a key and closes it with the newest master key.</param>
    /// <param name="newestMaster">The id of that master key.</param>
    /// <param name="progress">Hears how many keys are done.</param>
    /// <param name="cancel">Ends it between two pages of 1,000 keys.</param>
    public Task<Rewrapped> Rewrap(Func<WrappedKey, WrappedKey> rewrap, string newestMaster, IProgress<Progress>? progress, CancellationToken cancel) => database.Run<Rewrapped>(async () =>
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await database.OverwriteDeleted(connection, cancel);
        var total = await Remaining();
        var (seen, done, last) = (0L, 0L, "");
        while (true)
        {
            var page = await NextPage(connection, newestMaster, last, cancel);
            if (page.Count == 0) break;
            done += await Exchange(connection, page, rewrap, cancel);
            last = page[^1].Stream;
            progress?.Report(new("rewrap", seen += page.Count, Math.Max(seen, total)));
        }

        return new(done, await Remaining());

        async Task<long> Remaining() => (await Count(cancel)).Where(master => master.Key != newestMaster).Sum(master => master.Value);
    });

    private static async Task<List<(string Stream, WrappedKey Key)>> NextPage(DbConnection connection, string newestMaster, string after, CancellationToken cancel)
    {
        await using var command = connection.Command(
            $"SELECT stream, master, wrapped FROM person_key WHERE stream > @after AND master <> @newest ORDER BY stream LIMIT {Page}", ("@after", after), ("@newest", newestMaster));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var page = new List<(string, WrappedKey)>(Page);
        while (await reader.ReadAsync(cancel)) page.Add((reader.GetString(0), new(reader.GetString(1), reader.GetFieldValue<byte[]>(2))));
        return page;
    }

    /// <summary>Puts the new keys in the place of those that are still there as they were read, in the order in which the journal's writers lock them.</summary>
    private static async Task<long> Exchange(DbConnection connection, List<(string Stream, WrappedKey Key)> page, Func<WrappedKey, WrappedKey> rewrap, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = connection.Command("UPDATE person_key SET master = @master, wrapped = @wrapped WHERE stream = @stream AND wrapped = @former");
        command.Transaction = transaction;
        foreach (var name in (string[])["@master", "@wrapped", "@stream", "@former"]) command.Bind(name, "");
        var done = 0L;
        foreach (var (stream, former) in page)
        {
            var renewed = rewrap(former);
            object[] values = [renewed.Master, renewed.Wrapped.ToArray(), stream, former.Wrapped.ToArray()];
            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
            done += await command.ExecuteNonQueryAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        return done;
    }
}
