using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using UnionDomain.Kernel;
using UnionGrains.Feed;

namespace UnionSilo.Persistence;

/// <summary>
/// Reads the journal in the order of commits. PostgreSQL: by (transaction, position), and only transactions older than every one that is still open, because any of these may yet commit; so a transaction
/// that stays open holds the feed up, and never lets it miss anything. SQLite: by position, because there is one writer, and what it rolls back nobody has seen.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="told">Hears of the newest position before anything up to it is told; null (default): nobody needs to.</param>
public sealed class FeedSource(Database database, Action<long>? told = null) : IFeedSource
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Epoch>> Epochs(CancellationToken cancel) => database.Run<IReadOnlyList<Epoch>>(async () =>
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var command = connection.Command("SELECT number, stamp, began_at, first_position FROM epoch ORDER BY number");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var epochs = new List<Epoch>();
        while (await reader.ReadAsync(cancel)) epochs.Add(new(reader.GetInt32(0), reader.GetString(1), database.Instant(reader, 2), reader.GetInt64(3)));
        return epochs;
    });

    /// <inheritdoc/>
    public Task<FeedSlice?> Read(IReadOnlyList<Epoch> epochs, FeedPlace after, ImmutableArray<string> kinds, int most, CancellationToken cancel) => database.Run<FeedSlice?>(async () =>
    {
        var newest = epochs[^1].Number == after.Epoch;
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await database.BeginSnapshot(connection, cancel);
        var (settled, begun, last) = await Head(transaction, cancel);
        if (newest && (after.Transaction > begun || (after.Transaction == begun && after.Position > last))) return null;
        told?.Invoke(last);

        await using var command = connection.Command("");
        command.Transaction = transaction;
        var tests = new List<string> { database.After, "position >= @first" };
        command.Bind("@transaction", after.Transaction.ToString(CultureInfo.InvariantCulture));
        command.Bind("@position", after.Position);
        command.Bind("@first", epochs[after.Epoch - 1].FirstPosition);
        command.Bind("@one_more", most + 1L);
        if (newest) tests.Add(database.Settled);
        else
        {
            // Whatever began before the restore has ended with it.
            tests.Add("position < @end");
            command.Bind("@end", epochs[after.Epoch].FirstPosition);
        }

        // Joined to nothing, so that no index of streams is taken for the way to the rows.
        if (!kinds.IsEmpty) tests.Add($"({string.Join(" OR ", kinds.Select((_, i) => database.StartsWith("(stream || '')", $"@kind{i}")))})");
        for (var i = 0; i < kinds.Length; i++) command.Bind($"@kind{i}", kinds[i] + "/");
        command.CommandText = $"""
            SELECT {database.Transaction}, position, stream, version, type, schema, data, command_id, operator, reason, document_ref, business_on, recorded_at
            FROM journal WHERE {string.Join(" AND ", tests)} ORDER BY {database.FeedOrder} LIMIT @one_more
            """;
        var rows = ImmutableArray.CreateBuilder<FeedRow>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (rows.Count == most) return new(rows.ToImmutable(), rows[^1].Place, More: true);
            rows.Add(new(
                new(after.Epoch, reader.GetInt64(0), reader.GetInt64(1)), StreamId.Parse(reader.GetString(2)), reader.GetInt64(3),
                new(reader.GetString(4), reader.GetInt32(5), Encoding.UTF8.GetBytes(reader.GetString(6))), database.Id(reader, 7), reader.GetString(8),
                await reader.IsDBNullAsync(9, cancel) ? null : reader.GetString(9), await reader.IsDBNullAsync(10, cancel) ? null : reader.GetString(10),
                reader.GetFieldValue<DateOnly>(11), database.Instant(reader, 12)));
        }

        return newest ? new(rows.ToImmutable(), settled with { Epoch = after.Epoch }, More: false) : new(rows.ToImmutable(), new(after.Epoch + 1, 0, 0), More: true);
    });

    /// <inheritdoc/>
    public Task<IReadOnlySet<int>> Within(UnionId scope, IReadOnlyList<(UnionId Union, DateOnly On)> unions, CancellationToken cancel) => database.Run<IReadOnlySet<int>>(async () =>
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var command = connection.Command(
            $"""
            WITH RECURSIVE up(i, union_id, day) AS (
                {database.Pairs}
                UNION
                SELECT up.i, e.parent, up.day FROM up JOIN {UnionTree.Model.Table} e ON e.union_id = up.union_id AND e.valid_from <= up.day AND e.valid_to > up.day)
            SELECT DISTINCT i FROM up WHERE union_id = @scope
            """,
            ("@scope", scope.Value), ("@pairs", JsonSerializer.Serialize(unions.Select(pair => new[] { pair.Union.Value, pair.On.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) }))));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var within = new HashSet<int>();
        while (await reader.ReadAsync(cancel)) within.Add(checked((int)reader.GetInt64(0)));
        return within;
    });

    /// <summary>The place behind everything that is settled, and the newest transaction and position that ever were.</summary>
    private async Task<(FeedPlace Settled, long Begun, long Last)> Head(DbTransaction transaction, CancellationToken cancel) => (await transaction.Query(
        database.Head, reader => (new FeedPlace(0, reader.GetInt64(0), reader.GetInt64(1)), reader.GetInt64(2), reader.GetInt64(3)), cancel))[0];
}
