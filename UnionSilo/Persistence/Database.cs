using System.Data.Common;
using Npgsql;
using UnionDomain.Kernel;

namespace UnionSilo.Persistence;

/// <summary>
/// The database of one union, seen by everything that reads it or repairs it: where it is, and the few words in which SQLite and PostgreSQL differ.
/// Every text is compared by its code units, on both.
/// </summary>
public abstract class Database : IAsyncDisposable
{
    private protected Database(DbDataSource source) => Source = source;

    /// <summary>Opens connections.</summary>
    public DbDataSource Source { get; }

    /// <summary>A PostgreSQL database.</summary>
    /// <param name="connectionString">An Npgsql connection string.</param>
    public static Database Postgres(string connectionString)
    {
        // Nobody can guess how large a subtree is; PostgreSQL guesses high and would compile, for longer than it runs, what looks up a few rows.
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        connection.Options = string.IsNullOrEmpty(connection.Options) ? "-c jit=off" : $"-c jit=off {connection.Options}";
        return new PostgresDatabase(NpgsqlDataSource.Create(connection));
    }

    /// <summary>A PostgreSQL database behind a data source that others use too; it is disposed with this.</summary>
    public static Database Postgres(NpgsqlDataSource source) => new PostgresDatabase(source);

    /// <summary>A SQLite file; it must exist.</summary>
    /// <param name="path">The journal's file.</param>
    public static Database Sqlite(string path) => new SqliteDatabase(path);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The greater of two values.</summary>
    internal abstract string Greatest { get; }

    /// <summary>The lesser of two values.</summary>
    internal abstract string Least { get; }

    /// <summary>Gives a text parameter the collation of the text columns; nothing where the columns' own prevails.</summary>
    internal abstract string ByCodeUnit { get; }

    /// <summary>Asks who holds the claims that <c>@keys</c> lists, a JSON array of pairs (kind, key); a row for each, in their order.</summary>
    internal abstract string Holders { get; }

    /// <summary>The number of a row's transaction, in the journal.</summary>
    internal abstract string Transaction { get; }

    /// <summary>True where a row of the journal stands behind the place (<c>@transaction</c>, a text, and <c>@position</c>).</summary>
    internal abstract string After { get; }

    /// <summary>True where nothing that is still under way can come before the row of the journal, in the order of the feed.</summary>
    internal abstract string Settled { get; }

    /// <summary>The order of the feed.</summary>
    internal abstract string FeedOrder { get; }

    /// <summary>Asks for transaction and position behind which nothing is settled, the newest transaction that began, and the newest position of it that there can be.</summary>
    internal abstract string Head { get; }

    /// <summary>Rows (i, union_id, day) of <c>@pairs</c>, a JSON array of pairs (union, date), numbered from 0.</summary>
    internal abstract string Pairs { get; }

    /// <summary>True where the column begins with the parameter.</summary>
    internal abstract string StartsWith(string column, string parameter);

    /// <summary>Texts as the value of one parameter.</summary>
    internal abstract object Texts(IReadOnlyList<string> texts);

    /// <summary>True where the column holds one of the <see cref="Texts"/> of the parameter.</summary>
    internal abstract string OneOf(string column, string parameter);

    /// <summary>
    /// True where the query tells the column's value, when rows are better found otherwise than by this column: its answer becomes a table that each row is looked up in.
    /// A planner that takes the rows for rare, because they were when the statistics were gathered, would else walk the answer for each of them.
    /// </summary>
    internal abstract string Among(string column, string query);

    /// <summary>
    /// Joins, as <c>f</c>, the rows of a table for which the condition holds with each row of what stands before: looked up one after the other, in this order.
    /// A planner that takes a measure for rare, because it was when the statistics were gathered, would else walk all its rows once for every union.
    /// </summary>
    internal abstract string Each(string table, string condition);

    /// <summary>An instant as this database keeps it.</summary>
    internal abstract DateTimeOffset Instant(DbDataReader reader, int column);

    /// <summary>The id of a command as this database keeps it.</summary>
    internal abstract Guid Id(DbDataReader reader, int column);

    /// <summary>The type of a column in a scratch table.</summary>
    internal abstract string TypeOf(ColumnType type);

    /// <summary>Lets what this connection deletes or changes be overwritten in the file, where the database can.</summary>
    internal abstract Task OverwriteDeleted(DbConnection connection, CancellationToken cancel);

    /// <summary>Runs a query where it holds nobody up.</summary>
    internal abstract Task<T> Run<T>(Func<Task<T>> query);

    /// <summary>Begins a transaction that sees one state of the database to its end and holds no writer up.</summary>
    internal abstract Task<DbTransaction> BeginSnapshot(DbConnection connection, CancellationToken cancel);

    /// <summary>Begins a transaction beside which no group can be committed, or says why it may not.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="online">Whether silos that are alive may be held up until the transaction's end.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="InUseException">Silos are alive or the database is locked.</exception>
    internal abstract Task<DbTransaction> BeginAlone(DbConnection connection, bool online, CancellationToken cancel);

    /// <summary>Writes many rows into a scratch table.</summary>
    internal abstract Task Fill(DbTransaction transaction, string table, IReadOnlyList<Column> columns, IReadOnlyList<object?[]> rows, CancellationToken cancel);
}

/// <summary>The database is in use by others and cannot be repaired now.</summary>
public sealed class InUseException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Few words for plain ADO.NET.</summary>
internal static class Sql
{
    public static DbCommand Command(this DbConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = 0; // The caller's token bounds the query.
        foreach (var (name, value) in parameters) command.Bind(name, value);
        return command;
    }

    public static void Bind(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
    }

    public static async Task<int> Execute(this DbTransaction transaction, string text, CancellationToken cancel)
    {
        await using var command = transaction.Connection!.Command(text);
        command.Transaction = transaction;
        return await command.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<List<T>> Query<T>(this DbTransaction transaction, string text, Func<DbDataReader, T> row, CancellationToken cancel, params (string Name, object? Value)[] parameters)
    {
        await using var command = transaction.Connection!.Command(text, parameters);
        command.Transaction = transaction;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel)) rows.Add(row(reader));
        return rows;
    }

    public static async Task<long> Scalar(this DbTransaction transaction, string text, CancellationToken cancel) =>
        (await transaction.Query(text, reader => reader.GetInt64(0), cancel))[0];

    public static object? Value(this DbDataReader reader, int column, ColumnType type) => reader.IsDBNull(column) ? null : type switch
    {
        ColumnType.Text => reader.GetString(column),
        ColumnType.Number => reader.GetInt64(column),
        ColumnType.Date => reader.GetFieldValue<DateOnly>(column),
        ColumnType.Flag => reader.GetBoolean(column),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
