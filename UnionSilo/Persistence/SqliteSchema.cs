using System.Data.Common;
using System.Diagnostics;
using DbUp;
using DbUp.Builder;
using DbUp.Engine.Output;
using DbUp.Engine.Transactions;
using DbUp.Sqlite;
using Microsoft.Data.Sqlite;

namespace UnionSilo.Persistence;

internal sealed class SqliteSchema(string store, string folder, string path) : Schema(store, folder)
{
    private const string CreateTable =
        $"CREATE TABLE IF NOT EXISTS {Table} (scriptname TEXT NOT NULL PRIMARY KEY, applied TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))";

    private const string TableExists = $"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{Table}'";

    // Unpooled: a pooled connection would keep the file open after the upgrade.
    private readonly string connectionString = new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Pooling = false }.ConnectionString;

    private protected override string TableSql => CreateTable;

    private protected override string TableExistsSql => TableExists;

    private protected override UpgradeEngineBuilder Target()
    {
        UseWriteAheadLog();
        var builder = DeployChanges.To.SqliteDatabase(connectionString);
        builder.Configure(c => c.Journal = new Journal(() => c.ConnectionManager, () => c.Log));
        return builder;
    }

    private protected override DbConnection? OpenExisting() => File.Exists(path) ? Open() : null;

    // A lock file of its own, which stays: SQLite's locks belong to its transactions, and every script has its own. The journal's file must
    // not be opened here, because closing it would release the locks SQLite holds on it in this process.
    private protected override IDisposable TakeTurn()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path + ".upgrade", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException taken) when (taken is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (waited.Elapsed > Patience) throw new SchemaException($"Another upgrade of store {Store} did not end in time.", taken);
                Thread.Sleep(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    // Persistent in the file, and impossible inside a transaction, so no script can do it.
    private void UseWriteAheadLog()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
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

    private sealed class Journal(Func<IConnectionManager> connections, Func<IUpgradeLog> log) : SqliteTableJournal(connections, log, Table)
    {
        protected override string DoesTableExistSql() => TableExists;

        protected override string CreateSchemaTableSql(string quotedPrimaryKeyName) => CreateTable;

        protected override string GetInsertJournalEntrySql(string scriptName, string applied) => $"INSERT INTO {Table} (scriptname) VALUES ({scriptName})";
    }
}
