using Npgsql;
using UnionTesting;

namespace UnionLoad;

/// <summary>Where runs find their databases: each begins on a fresh copy of one that was filled once.</summary>
internal interface IPlace : IDisposable
{
    /// <summary>What is told to the reader of the figures.</summary>
    string Description { get; }

    /// <summary>An empty database, later copied.</summary>
    string CreateTemplate(string name);

    /// <summary>A copy of it.</summary>
    string Copy(string name);

    /// <summary>Gives a copy back.</summary>
    void Drop(string connection);
}

/// <summary>Databases on a PostgreSQL server: the caller's, or a temporary one that keeps every commit.</summary>
internal sealed class PostgresPlace : IPlace
{
    private const int LogFile = 16_000_000;
    private const int LogFiles = 220;

    private readonly PostgresServer? server;
    private readonly string maintenance;
    private readonly List<string> created = [];
    private int copies;

    public PostgresPlace(string? connection)
    {
        if (connection is null)
        {
            server = PostgresServer.Create(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["shared_buffers"] = "1GB",
                // No checkpoint inside a run: who writes more rows would meet it first.
                ["max_wal_size"] = "12GB",
                ["checkpoint_timeout"] = "30min",
                ["min_wal_size"] = "4GB",
                // Whether it falls into the few seconds of a run, and takes a third of the server then, is chance.
                ["autovacuum"] = "off",
            });
        }

        maintenance = new NpgsqlConnectionStringBuilder(server?.ConnectionString ?? connection) { Pooling = false, CommandTimeout = 0 }.ConnectionString;
        if (server is not null)
        {
            // A server that has run for a day uses the files of its log again; a new one would make each of them first, filled with zeros.
            Do($"SELECT pg_logical_emit_message(false, '', repeat(' ', {LogFile})) FROM generate_series(1, {LogFiles})");
            Do("CHECKPOINT");
        }

        var version = Ask("SHOW server_version");
        var settings = string.Join(", ", new[] { "fsync", "synchronous_commit", "shared_buffers", "max_wal_size", "autovacuum" }.Select(name => $"{name} {Ask("SHOW " + name)}"));
        Description = $"{(server is null ? "the given server" : "a temporary server of its own on 127.0.0.1")}, PostgreSQL {version}, {settings}";
    }

    public string Description { get; }

    public string CreateTemplate(string name) => Create($"union_load_{Environment.ProcessId}_{name}", "template1");

    public string Copy(string name)
    {
        var copy = Create($"union_load_{Environment.ProcessId}_{name}_{++copies}", $"union_load_{Environment.ProcessId}_{name}");
        Do("CHECKPOINT"); // Nobody pays for the pages of the run before.
        return copy;
    }

    public void Drop(string connection)
    {
        var name = new NpgsqlConnectionStringBuilder(connection).Database!;
        Do($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        created.Remove(name);
    }

    public void Dispose()
    {
        if (server is null) foreach (var name in created) Do($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        server?.Dispose();
    }

    private string Create(string name, string template)
    {
        Do($"CREATE DATABASE {name} TEMPLATE {template}");
        created.Add(name);
        return new NpgsqlConnectionStringBuilder(maintenance) { Pooling = true, Database = name }.ConnectionString;
    }

    private void Do(string sql)
    {
        using var connection = new NpgsqlConnection(maintenance);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private string Ask(string sql)
    {
        using var connection = new NpgsqlConnection(maintenance);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return (string)command.ExecuteScalar()!;
    }
}

/// <summary>SQLite files in a folder.</summary>
internal sealed class SqlitePlace : IPlace
{
    /// <summary>Where an embedded union keeps its master key, behind the name of its file.</summary>
    public const string KeyFile = ".key";

    private readonly string folder;
    private int copies;

    public SqlitePlace(string? parent)
    {
        folder = parent is null ? Directory.CreateTempSubdirectory("union-load-").FullName : Path.Combine(Path.GetFullPath(parent), FormattableString.Invariant($"union-load-{Environment.ProcessId}"));
        Directory.CreateDirectory(folder);
        Description = $"files in {folder}, write-ahead log, synchronous = FULL";
    }

    public string Description { get; }

    public string CreateTemplate(string name) => Path.Combine(folder, name + ".db");

    public string Copy(string name)
    {
        var copy = Path.Combine(folder, FormattableString.Invariant($"{name}-{++copies}.db"));
        foreach (var part in (string[])["", KeyFile]) File.Copy(CreateTemplate(name) + part, copy + part);
        return copy;
    }

    public void Drop(string connection)
    {
        foreach (var file in Directory.EnumerateFiles(folder, Path.GetFileName(connection) + "*")) File.Delete(file);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
