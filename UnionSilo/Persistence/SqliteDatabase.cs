using System.Data;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using UnionDomain.Kernel;

namespace UnionSilo.Persistence;

internal sealed class SqliteDatabase(string path) : Database(SqliteFactory.Instance.CreateDataSource(
    new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = SqliteOpenMode.ReadWrite }.ConnectionString))
{
    internal override string Greatest => "max";

    internal override string Least => "min";

    internal override string ByCodeUnit => "";

    internal override string Holders => "SELECT (SELECT c.stream FROM claim c WHERE c.kind = k.value ->> 0 AND c.key = k.value ->> 1) FROM json_each(@keys) k ORDER BY k.key";

    internal override string Transaction => "0";

    internal override string After => "position > @position";

    internal override string Settled => "1 = 1";

    internal override string FeedOrder => "position";

    internal override string Head => "SELECT 0, coalesce(max(position), 0), 0, coalesce(max(position), 0) FROM journal";

    internal override string Pairs => "SELECT k.key, k.value ->> 0, k.value ->> 1 FROM json_each(@pairs) k";

    internal override DateTimeOffset Instant(DbDataReader reader, int column) => DateTimeOffset.UnixEpoch.AddTicks(reader.GetInt64(column) * TimeSpan.TicksPerMicrosecond);

    internal override Guid Id(DbDataReader reader, int column) => new(reader.GetFieldValue<byte[]>(column), bigEndian: true);

    // LIKE would not tell a from A, and would read % and _ in the value as patterns. The first half lets an index serve.
    internal override string StartsWith(string column, string parameter) => $"({column} >= {parameter} AND substr({column}, 1, length({parameter})) = {parameter})";

    internal override object Texts(IReadOnlyList<string> texts) => JsonSerializer.Serialize(texts);

    // Indexes leave out rows without a value; SQLite must read here that none is asked for.
    internal override string OneOf(string column, string parameter) => $"({column} IS NOT NULL AND {column} IN (SELECT value FROM json_each({parameter})))";

    // The sign is what keeps SQLite from the column's index.
    internal override string Among(string column, string query) => $"+{column} IN ({query})";

    // CROSS JOIN is what keeps SQLite to the written order.
    internal override string Each(string table, string condition) => $"CROSS JOIN {table} f ON {condition}";

    internal override string TypeOf(ColumnType type) => type is ColumnType.Text or ColumnType.Date ? "TEXT" : "INTEGER";

    internal override async Task OverwriteDeleted(DbConnection connection, CancellationToken cancel)
    {
        await using var pragma = connection.Command("PRAGMA secure_delete = ON");
        await pragma.ExecuteNonQueryAsync(cancel);
    }

    // SQLite blocks the thread that asks, and a grain's scheduler must not be blocked.
    internal override Task<T> Run<T>(Func<Task<T>> query) => Task.Run(query);

    internal override async Task<DbTransaction> BeginSnapshot(DbConnection connection, CancellationToken cancel) =>
        await Task.FromResult(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: true));

    // The write lock of the file keeps every journal writer waiting, in this process and in others.
    internal override async Task<DbTransaction> BeginAlone(DbConnection connection, bool online, CancellationToken cancel)
    {
        try
        {
            return await Task.FromResult(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: false));
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode is 5 or 6)
        {
            throw new InUseException("The file stayed locked by another process.", busy);
        }
    }

    internal override async Task Fill(DbTransaction transaction, string table, IReadOnlyList<Column> columns, IReadOnlyList<object?[]> rows, CancellationToken cancel)
    {
        await using var insert = transaction.Connection!.Command(
            $"INSERT INTO {table} ({string.Join(", ", columns.Select(c => c.Name))}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})");
        insert.Transaction = transaction;
        for (var i = 0; i < columns.Count; i++) insert.Bind($"@p{i}", null);
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++) insert.Parameters[i].Value = row[i] ?? DBNull.Value;
            await insert.ExecuteNonQueryAsync(cancel);
        }
    }
}
