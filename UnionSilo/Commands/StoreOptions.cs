using System.CommandLine;
using UnionSilo.Persistence;

namespace UnionSilo.Commands;

/// <summary>The options that say which database is meant; every command has them.</summary>
internal sealed class StoreOptions
{
    /// <summary>The environment variable that holds the connection string, so that no password stands in the list of processes.</summary>
    public const string Variable = "UNION_CONNECTION";

    private readonly Option<string> store = new("--store") { Description = "The kind of database: sqlite (default) or postgres.", DefaultValueFactory = _ => "sqlite" };

    private readonly Option<string> file = new("--file")
    {
        Description = "The file of the journal (sqlite); snapshots lie beside it. Default: union.db.",
        DefaultValueFactory = _ => "union.db",
    };

    private readonly Option<string?> connection = new("--connection")
    {
        Description = $"The connection string (postgres). Default: the environment variable {Variable}, which the list of processes does not show.",
    };

    public StoreOptions()
    {
        store.AcceptOnlyFromAmong("sqlite", "postgres");
    }

    /// <summary>Adds the options to a command and checks that they fit together.</summary>
    public void AddTo(Command command)
    {
        command.Add(store);
        command.Add(file);
        command.Add(connection);
        command.Validators.Add(result =>
        {
            if (result.GetValue(store) == "postgres" && string.IsNullOrWhiteSpace(result.GetValue(connection) ?? Environment.GetEnvironmentVariable(Variable)))
                result.AddError($"--store postgres needs --connection or {Variable}.");
        });
    }

    /// <summary>The schemas of the chosen database: of the journal, and on SQLite of the snapshots beside it.</summary>
    public IReadOnlyList<Schema> Schemas(ParseResult parsed) => IsPostgres(parsed)
        ? [Schema.Postgres(ConnectionString(parsed))]
        : [Schema.Sqlite(File(parsed)), Schema.SqliteSnapshots(SnapshotFile(File(parsed)))];

    /// <summary>The chosen database.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public Database Open(ParseResult parsed) => IsPostgres(parsed) ? Database.Postgres(ConnectionString(parsed))
        : System.IO.File.Exists(File(parsed)) ? Database.Sqlite(File(parsed))
        : throw new FileNotFoundException($"There is no file {File(parsed)}.");

    /// <summary>The file of the snapshots beside a journal's file.</summary>
    public static string SnapshotFile(string journal) => journal + ".snapshots";

    /// <summary>Whether PostgreSQL was chosen.</summary>
    public bool IsPostgres(ParseResult parsed) => parsed.GetValue(store) == "postgres";

    /// <summary>The file of the journal.</summary>
    public string File(ParseResult parsed) => parsed.GetValue(file)!;

    /// <summary>The connection string of PostgreSQL.</summary>
    public string ConnectionString(ParseResult parsed) => (parsed.GetValue(connection) ?? Environment.GetEnvironmentVariable(Variable))!;
}
