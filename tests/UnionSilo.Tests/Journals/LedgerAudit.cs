using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using UnionFaults;
using UnionGrains.Kernel;

namespace UnionSilo.Tests.Journals;

/// <summary>Reads a whole database of ledgers and holds everything in it to each other.</summary>
internal static class LedgerAudit
{
    /// <summary>
    /// Versions run 1…n; no command is there twice; what was acknowledged is there; read models, facts, fact lines and claims say what the journal says.
    /// </summary>
    /// <returns>How many commands the journal holds, and the sum of each stream.</returns>
    public static async Task<(int Commands, Dictionary<string, long> Sums)> Agree(IJournalStore store, DbConnection connection, IEnumerable<(string Stream, Guid Id)> acknowledged)
    {
        var (sums, versions, facts, claims) = (new Dictionary<string, long>(), new Dictionary<string, long>(), new Dictionary<string, long>(), new Dictionary<string, string>());
        var stored = new HashSet<(string, Guid)>();
        foreach (var stream in await Ask(connection, "SELECT DISTINCT stream FROM journal", row => row.GetString(0)))
        {
            var (sum, version) = (0L, 0L);
            var held = new HashSet<string>();
            var slice = (await store.Read([new(stream, 0, 1_000_000)], CancellationToken.None))[0];
            foreach (var entry in slice.Entries)
            {
                Assert.Equal(++version, entry.Version);
                Assert.True(stored.Add((stream, entry.CommandId)), $"{stream} holds command {entry.CommandId} twice.");
                var happened = JsonSerializer.Deserialize<LedgerEvent>(entry.Event.Json.Span)!;
                sum += happened.Amount;
                foreach (var union in happened.At) facts[union] = facts.GetValueOrDefault(union) + happened.Amount;
                if (happened.Take is { } taken) held.Add(taken);
                if (happened.Free is { } freed) held.Remove(freed);
            }

            (sums[stream], versions[stream]) = (sum, version);
            foreach (var key in held) Assert.True(claims.TryAdd(key, stream), $"{key} is held twice.");
        }

        Assert.All(acknowledged, command => Assert.Contains(command, stored));
        Assert.Equal(sums.Keys.Order().Select(stream => (stream, sums[stream], versions[stream])),
            (await Ask(connection, "SELECT id, sum, version FROM ledger_row", row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2)))).OrderBy(row => row.Item1, StringComparer.Ordinal));
        Same(facts, await Pairs("SELECT union_id, sum(value) FROM fact GROUP BY union_id"));
        Same(facts, await Pairs("SELECT union_id, sum(value) FROM fact_line GROUP BY union_id"));
        Assert.Equal(claims.OrderBy(claim => claim.Key, StringComparer.Ordinal),
            (await Ask(connection, "SELECT key, stream FROM claim", row => KeyValuePair.Create(row.GetString(0), row.GetString(1)))).OrderBy(claim => claim.Key, StringComparer.Ordinal));
        return (stored.Count, sums);

        async Task<Dictionary<string, long>> Pairs(string sql) =>
            (await Ask(connection, sql, row => (row.GetString(0), Convert.ToInt64(row.GetValue(1), CultureInfo.InvariantCulture)))).ToDictionary(pair => pair.Item1, pair => pair.Item2);
    }

    private static void Same(Dictionary<string, long> expected, Dictionary<string, long> actual) =>
        Assert.Equal(expected.Where(pair => pair.Value != 0).OrderBy(pair => pair.Key, StringComparer.Ordinal), actual.Where(pair => pair.Value != 0).OrderBy(pair => pair.Key, StringComparer.Ordinal));

    private static async Task<List<T>> Ask<T>(DbConnection connection, string sql, Func<DbDataReader, T> read)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }
}
