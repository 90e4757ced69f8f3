using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using UnionDomain.Kernel;
using UnionGrains.Kernel;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Rotations;

/// <summary>A database with streams of people, each with a key of its own, on either store.</summary>
public sealed class People : IAsyncDisposable
{
    private static readonly StoredEvent Happened = new("happened", 1, "{}"u8.ToArray());

    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentDictionary<string, byte[]> plain = new(StringComparer.Ordinal);

    public People(SharedPostgres postgres, string store)
    {
        (Store, File) = (store, folder.File("union.db"));
        ConnectionString = store == "postgres" ? postgres.Database() : "";
        if (store == "sqlite") Schema.Sqlite(File).Upgrade();
        Database = store == "postgres" ? Database.Postgres(ConnectionString) : Database.Sqlite(File);
        Secrets = new(Database);
        Keys = new(Database);
    }

    public string Store { get; }

    public string File { get; }

    public string KeyFile => File + ".key";

    public string ConnectionString { get; }

    public Database Database { get; }

    public Secrets Secrets { get; }

    public PersonKeys Keys { get; }

    public IReadOnlyList<string> Streams => [.. plain.Keys.Order(StringComparer.Ordinal)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static string Stream(int n) => string.Create(CultureInfo.InvariantCulture, $"member/{n:00000}");

    public static string Text(params MasterKey[] keys) => string.Join(",", keys.Select(key => Convert.ToBase64String(key.Secret.Span)));

    /// <summary>Gives the people of these numbers their streams and keys, as a silo does that was given these master keys.</summary>
    public async Task Join(MasterKeys masters, int from, int count)
    {
        var vault = Secrets.Open(masters).Vault;
        IJournalStore store = Store == "postgres" ? new PostgresJournalStore(new() { ConnectionString = ConnectionString, SiloName = $"join-{from}" }) : new SqliteJournalStore(new() { File = File });
        await using var disposed = (IAsyncDisposable)store;
        await using var writer = await store.OpenWriter(0, Cancel);
        foreach (var window in Enumerable.Range(from, count).Chunk(500))
        {
            var group = window.Select(n =>
            {
                var (wrapped, key) = vault.NewKey();
                plain[Stream(n)] = key;
                return new Append
                {
                    Stream = Stream(n),
                    ExpectedVersion = 0,
                    Token = new(),
                    CommandId = Guid.CreateVersion7(),
                    CommandHash = n,
                    Operator = "system:test@",
                    BusinessOn = new(2025, 3, 1),
                    RecordedAt = DateTimeOffset.UnixEpoch,
                    Consequences = new([Happened], [], [], [], []),
                    Key = wrapped,
                };
            }).ToList();
            Assert.True((await writer.Commit(group, repeats: false, Cancel)).Committed);
        }
    }

    /// <summary>Sees to it that these master keys alone open every person's key, and that it is the key that was given.</summary>
    public async Task AreOpenedBy(MasterKeys masters)
    {
        IJournalStore store = Store == "postgres" ? new PostgresJournalStore(new() { ConnectionString = ConnectionString, SiloName = "read" }) : new SqliteJournalStore(new() { File = File });
        await using var disposed = (IAsyncDisposable)store;
        var streams = Streams;
        var keys = await store.ReadKeys(streams, Cancel);
        for (var i = 0; i < streams.Count; i++) Assert.Equal(plain[streams[i]], masters.Unwrap(keys[i]!));
    }

    /// <summary>A hash over every byte of the journal.</summary>
    public async Task<string> JournalHash()
    {
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await using var command = connection.Command("SELECT * FROM journal ORDER BY stream, version");
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (await reader.ReadAsync(Cancel))
            for (var column = 0; column < reader.FieldCount; column++)
                hash.AppendData(reader.GetValue(column) is byte[] bytes ? bytes : Encoding.UTF8.GetBytes(Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) + "\n"));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>What silos would hash with these master keys: equal texts before and after mean equal secrets.</summary>
    public string Hashes(MasterKeys masters)
    {
        var (commands, vault) = Secrets.Open(masters);
        return FormattableString.Invariant($"{commands.Of(Happened.Type, Encoding.UTF8.GetString(Happened.Json.Span))} {vault.Search.Hash("document", "example")}");
    }

    public async Task Execute(string sql)
    {
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await using var command = connection.Command(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>The end of a command line on this database.</summary>
    public string[] Line(params string[] command) => [.. command, "--store", Store, .. Store == "postgres" ? (string[])["--connection", ConnectionString] : ["--file", File]];

    /// <summary>Starts the program as an operator does.</summary>
    public Process Program(string masters, params string[] command)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "UnionSilo.dll"), .. Line(command)]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        if (masters.Length > 0) start.Environment["UNION_KEY"] = masters;
        return Process.Start(start)!;
    }

    /// <summary>Runs the program to its end.</summary>
    public async Task<(int Code, string Said)> Run(string masters, params string[] command)
    {
        using var process = Program(masters, command);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Makes whoever changes this person's key wait, until disposed.</summary>
    public async Task<IAsyncDisposable> Hold(int n)
    {
        if (Store == "sqlite")
        {
            await Execute($"CREATE TRIGGER hold BEFORE UPDATE ON person_key WHEN OLD.stream = '{Stream(n)}' BEGIN SELECT (WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 1000000000000) SELECT count(*) FROM c); END");
            return new Held(() => Execute("DROP TRIGGER hold"));
        }

        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = connection.Command($"BEGIN; SELECT FROM person_key WHERE stream = '{Stream(n)}' FOR UPDATE");
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }

    /// <summary>Whether somebody waits for a person's key that is held.</summary>
    public async Task<bool> SomebodyWaits()
    {
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await using var command = connection.Command(Store == "postgres"
            ? "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE person_key%'"
            : "BEGIN IMMEDIATE; ROLLBACK; SELECT 0");
        command.CommandTimeout = 1;
        try
        {
            return (long)(await command.ExecuteScalarAsync(Cancel))! > 0;
        }
        catch (SqliteException locked) when (locked.SqliteErrorCode == 5)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private sealed class Held(Func<Task> free) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await free();
    }
}
