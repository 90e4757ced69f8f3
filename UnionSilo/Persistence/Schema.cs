using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Text;
using DbUp.Builder;
using DbUp.Engine;

namespace UnionSilo.Persistence;

/// <summary>
/// The tables of one store, brought up to date by numbered scripts that are part of this program.
/// A script is applied once, whole or not at all, and is recorded by name in the table <c>schema_version</c>.
/// Nothing here logs, and no message carries a connection string.
/// </summary>
public abstract class Schema
{
    internal const string Table = "schema_version";

    /// <summary>How long an upgrade waits for another one of the same store before it gives up.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ImmutableArray<SqlScript> scripts;

    private protected Schema(string store, string folder)
    {
        Store = store;
        scripts = Embedded(folder);
    }

    /// <summary>The store's name: <c>postgres</c>, <c>sqlite</c> or <c>sqlite-snapshots</c>.</summary>
    public string Store { get; }

    /// <summary>The statement that creates the table of applied scripts when it is absent.</summary>
    private protected abstract string TableSql { get; }

    /// <summary>The schema of a PostgreSQL database: journal, read models, and Orleans' clustering, snapshots and reminders.</summary>
    /// <param name="connectionString">An Npgsql connection string. A string that cannot be read is an <see cref="ArgumentException"/> that does not repeat it.</param>
    public static Schema Postgres(string connectionString) => new PostgresSchema(connectionString);

    /// <summary>The schema of a SQLite journal file.</summary>
    /// <param name="path">The file; an upgrade creates it, its folder must exist.</param>
    public static Schema Sqlite(string path) => new SqliteSchema("sqlite", "Sqlite", path);

    /// <summary>The schema of the SQLite file of snapshots, which lies beside the journal so that its locks never meet the journal's.</summary>
    /// <param name="path">The file; an upgrade creates it, its folder must exist.</param>
    public static Schema SqliteSnapshots(string path) => new SqliteSchema("sqlite-snapshots", "SqliteSnapshots", path);

    /// <summary>What is applied and what is not. Changes nothing, and creates no file.</summary>
    public SchemaStatus Status()
    {
        var recorded = Recorded().Order(StringComparer.Ordinal).ToImmutableArray();
        var known = scripts.Select(script => script.Name).ToImmutableArray();
        return new(
            [.. known.Where(recorded.Contains)],
            [.. known.Where(name => !recorded.Contains(name))],
            [.. recorded.Where(name => !known.Contains(name))]);
    }

    /// <summary>
    /// The scripts as one text for a database administrator who applies them by hand. It records them too,
    /// so that a later <see cref="Upgrade"/> finds nothing left to do.
    /// </summary>
    /// <param name="all">True prints every script, whatever is applied, and asks the store nothing; false (default) prints the pending ones.</param>
    public string Script(bool all = false)
    {
        var printed = all ? scripts : PendingScripts();
        var text = new StringBuilder(FormattableString.Invariant($"-- {Store}: {printed.Length} scripts. Stop at the first error (psql: -v ON_ERROR_STOP=1; sqlite3: -bail).\n"));
        if (!printed.IsEmpty) text.Append(TableSql).Append(";\n");
        foreach (var script in printed)
        {
            text.Append("\n-- ").Append(script.Name).Append("\nBEGIN;\n").Append(script.Contents.TrimEnd())
                .Append("\nINSERT INTO ").Append(Table).Append(" (scriptname) VALUES ('").Append(script.Name).Append("');\nCOMMIT;\n");
        }

        return text.ToString();
    }

    /// <summary>
    /// Applies the pending scripts in the order of their numbers, each in a transaction of its own, and returns the names of those applied.
    /// Silos that upgrade one store at once take turns; the later ones find nothing left to do.
    /// </summary>
    /// <exception cref="SchemaException">A script failed, or another upgrade of the store took longer than two minutes. Scripts before the failed one stay applied.</exception>
    public ImmutableArray<string> Upgrade()
    {
        using var turn = TakeTurn();
        var result = Target()
            .WithScripts(scripts)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();

        if (!result.Successful)
        {
            throw new SchemaException(
                result.ErrorScript is { } script ? $"Script {script.Name} of store {Store} failed and was rolled back." : $"Store {Store} could not be upgraded.",
                result.Error);
        }

        return [.. result.Scripts.Select(script => script.Name)];
    }

    /// <summary>Holds every other upgrade of the store off until disposed.</summary>
    private protected abstract IDisposable TakeTurn();

    private protected abstract UpgradeEngineBuilder Target();

    /// <summary>A connection to read with, or null when the store does not exist yet.</summary>
    private protected abstract DbConnection? OpenExisting();

    private protected abstract string TableExistsSql { get; }

    private ImmutableArray<SqlScript> PendingScripts()
    {
        var pending = Status().Pending;
        return [.. scripts.Where(script => pending.Contains(script.Name))];
    }

    private List<string> Recorded()
    {
        using var connection = OpenExisting();
        if (connection is null) return [];

        using var command = connection.CreateCommand();
        command.CommandText = TableExistsSql;
        if (!Convert.ToBoolean(command.ExecuteScalar(), CultureInfo.InvariantCulture)) return [];

        command.CommandText = $"SELECT scriptname FROM {Table}";
        using var reader = command.ExecuteReader();
        List<string> names = [];
        while (reader.Read()) names.Add(reader.GetString(0));
        return names;
    }

    private static ImmutableArray<SqlScript> Embedded(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{typeof(Schema).Namespace}.Scripts.{folder}.";
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => new SqlScript(name[prefix.Length..], Text(assembly, name))),
        ];
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

/// <summary>What of a store's schema is applied.</summary>
/// <param name="Applied">Scripts of this program that are applied, in order.</param>
/// <param name="Pending">Scripts of this program that are not applied, in order.</param>
/// <param name="Unknown">Applied scripts that this program does not have: the store was upgraded by a newer one.</param>
public sealed record SchemaStatus(ImmutableArray<string> Applied, ImmutableArray<string> Pending, ImmutableArray<string> Unknown)
{
    /// <summary>The highest number applied, 0 when none is.</summary>
    public int Version => Applied.Concat(Unknown).Select(Number).DefaultIfEmpty().Max();

    /// <summary>True when nothing is pending.</summary>
    public bool IsCurrent => Pending.IsEmpty;

    private static int Number(string script) =>
        int.TryParse(script.AsSpan(0, Math.Min(4, script.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

/// <summary>A store could not be upgraded. The message names the script, never the connection.</summary>
public sealed class SchemaException(string message, Exception? cause = null) : Exception(message, cause);
