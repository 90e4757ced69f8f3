using System.Data.Common;
using DbUp.Builder;
using DbUp.Engine.Output;
using DbUp.Engine.Transactions;
using DbUp.Postgresql;
using Npgsql;

namespace UnionSilo.Persistence;

internal sealed class PostgresSchema : Schema
{
    private const long LockKey = 0x556E_696F_6E53_6368;

    private const string CreateTable =
        $"CREATE TABLE IF NOT EXISTS {Table} (scriptname varchar(255) NOT NULL PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())";

    // Looked up on the search path: a table of that name in some other schema is not ours.
    private const string TableExists = $"SELECT (to_regclass('{Table}') IS NOT NULL)::integer";

    private readonly string connectionString;

    public PostgresSchema(string connectionString) : base("postgres", "Postgres") => this.connectionString = ForSchemaWork(connectionString);

    private protected override string TableSql => CreateTable;

    private protected override string TableExistsSql => TableExists;

    private protected override UpgradeEngineBuilder Target()
    {
        var builder = PostgresqlExtensions.PostgresqlDatabase(new PostgresqlConnectionManager(connectionString));
        builder.Configure(c => c.Journal = new Journal(() => c.ConnectionManager, () => c.Log));
        return builder;
    }

    private protected override DbConnection OpenExisting()
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // The lock lives in a transaction, not in the session, so that it also holds behind a pooler that shares sessions between transactions.
    private protected override IDisposable TakeTurn()
    {
        var connection = OpenExisting();
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = FormattableString.Invariant(
                $"BEGIN; SET LOCAL lock_timeout = {(long)Patience.TotalMilliseconds}; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock({LockKey})");
            command.ExecuteNonQuery();
            return connection;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            connection.Dispose();
            throw new SchemaException($"Another upgrade of store {Store} did not end in time.", refused);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Unpooled: a later CREATE DATABASE … TEMPLATE or DROP DATABASE must find no connection left. A script may run for hours.
    private static string ForSchemaWork(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString)
            {
                Pooling = false,
                CommandTimeout = 0,
                ApplicationName = "union-silo schema",
            }.ConnectionString;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The cause is dropped on purpose: its message may quote a part of the string.
        }

        throw new ArgumentException("The PostgreSQL connection string cannot be read.", nameof(connectionString));
    }

    private sealed class Journal(Func<IConnectionManager> connections, Func<IUpgradeLog> log) : PostgresqlTableJournal(connections, log, null, Table)
    {
        protected override string DoesTableExistSql() => TableExists;

        protected override string CreateSchemaTableSql(string quotedPrimaryKeyName) => CreateTable;

        protected override string GetInsertJournalEntrySql(string scriptName, string applied) => $"INSERT INTO {Table} (scriptname) VALUES ({scriptName})";
    }
}
