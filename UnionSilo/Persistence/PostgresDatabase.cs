using System.Data;
using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using UnionDomain.Kernel;

namespace UnionSilo.Persistence;

internal sealed class PostgresDatabase(NpgsqlDataSource source) : Database(source)
{
    // Every session of a silo is called by its name.
    private const string LivingSilos =
        "SELECT count(DISTINCT application_name) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'union-silo/%'";

    internal override string Greatest => "greatest";

    internal override string Least => "least";

    internal override string ByCodeUnit => " COLLATE \"C\"";

    internal override string Holders => """
        SELECT (SELECT c.stream FROM claim c WHERE c.kind = k.pair ->> 0 AND c.key = k.pair ->> 1)
        FROM json_array_elements(CAST(@keys AS json)) WITH ORDINALITY AS k(pair, i) ORDER BY k.i
        """;

    // Named otherwise than the column, or ORDER BY would mean the number, which no index knows.
    internal override string Transaction => "CAST(CAST(xid AS text) AS bigint) AS number";

    // The first half is what the index understands.
    internal override string After => "xid >= CAST(CAST(@transaction AS text) AS xid8) AND (xid > CAST(CAST(@transaction AS text) AS xid8) OR position > @position)";

    internal override string Settled => "xid < pg_snapshot_xmin(pg_current_snapshot())";

    internal override string FeedOrder => "xid, position";

    internal override string Head => """
        SELECT CAST(CAST(pg_snapshot_xmin(s.now) AS text) AS bigint) - 1, 9223372036854775807, CAST(CAST(pg_snapshot_xmax(s.now) AS text) AS bigint), 0
        FROM (SELECT pg_current_snapshot() AS now) AS s
        """;

    internal override string Pairs => """
        SELECT k.i - 1, (k.pair ->> 0) COLLATE "C", CAST(k.pair ->> 1 AS date) FROM json_array_elements(CAST(@pairs AS json)) WITH ORDINALITY AS k(pair, i)
        """;

    internal override DateTimeOffset Instant(DbDataReader reader, int column) => new(reader.GetFieldValue<DateTime>(column));

    internal override Guid Id(DbDataReader reader, int column) => reader.GetGuid(column);

    internal override string StartsWith(string column, string parameter) => $"starts_with({column}, {parameter})";

    internal override object Texts(IReadOnlyList<string> texts) => texts.ToArray();

    internal override string OneOf(string column, string parameter) => $"({column} IS NOT NULL AND {column} = ANY ({parameter}))";

    // Inside coalesce the IN stays a hashed table; alone it would become a join.
    internal override string Among(string column, string query) => $"coalesce({column} IN ({query}), false)";

    internal override string Each(string table, string condition) => $"CROSS JOIN LATERAL (SELECT * FROM {table} f WHERE {condition} OFFSET 0) AS f";

    internal override string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => "text COLLATE \"C\"",
        ColumnType.Number => "bigint",
        ColumnType.Date => "date",
        ColumnType.Flag => "boolean",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    internal override Task OverwriteDeleted(DbConnection connection, CancellationToken cancel) => Task.CompletedTask; // Vacuum does, later.

    internal override Task<T> Run<T>(Func<Task<T>> query) => query();

    internal override async Task<DbTransaction> BeginSnapshot(DbConnection connection, CancellationToken cancel) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);

    internal override async Task<DbTransaction> BeginAlone(DbConnection connection, bool online, CancellationToken cancel)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        try
        {
            if (!online && await transaction.Scalar(LivingSilos, cancel) is > 0 and var living)
                throw new InUseException(FormattableString.Invariant($"Silos that are connected: {living}. Stop them, or let them wait until the end with --online."));
            await transaction.Execute($"SET LOCAL lock_timeout = '30s'; SELECT pg_advisory_xact_lock({PostgresJournalStore.ClosingLock})", cancel);
            return transaction;
        }
        catch (Exception failure)
        {
            await transaction.DisposeAsync();
            if (failure is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable }) throw new InUseException("A writer held the journal for longer than 30 seconds.", failure);
            throw;
        }
    }

    internal override async Task Fill(DbTransaction transaction, string table, IReadOnlyList<Column> columns, IReadOnlyList<object?[]> rows, CancellationToken cancel)
    {
        var types = columns.Select(column => column.Type switch
        {
            ColumnType.Text => NpgsqlDbType.Text,
            ColumnType.Number => NpgsqlDbType.Bigint,
            ColumnType.Date => NpgsqlDbType.Date,
            ColumnType.Flag => NpgsqlDbType.Boolean,
            _ => throw new System.Diagnostics.UnreachableException(),
        }).ToArray();
        await using var copy = await ((NpgsqlConnection)transaction.Connection!).BeginBinaryImportAsync(
            $"COPY {table} ({string.Join(", ", columns.Select(c => c.Name))}) FROM STDIN (FORMAT BINARY)", cancel);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancel);
            for (var i = 0; i < row.Length; i++)
                if (row[i] is { } value) await copy.WriteAsync(value, types[i], cancel);
                else await copy.WriteNullAsync(cancel);
        }

        await copy.CompleteAsync(cancel);
    }
}
