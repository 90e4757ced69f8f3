using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using UnionFaults;
using UnionGrains.Kernel;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Journals;

/// <summary>The journal's promises on PostgreSQL, and those that only a server of its own can break.</summary>
public sealed class PostgresJournalContract(SharedPostgres postgres, ITestOutputHelper output) : JournalContract(output)
{
    private readonly List<PostgresJournalStore> stores = [];
    private string database = "";

    public override ValueTask InitializeAsync() => Use(postgres.Database());

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var store in stores) await store.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_cut_during_COMMIT_goes_either_way_and_loses_and_doubles_nothing()
    {
        await using var proxy = new CuttingProxy(postgres.Server.Port) { OnCommit = n => n % 4 == 0 ? (Cut)(1 + (n / 4 % 3)) : Cut.None };
        var direct = database;
        database = Through(proxy);
        var working = Work([await Start(Store("one"), options => options.GroupSize = 20)], streams: 16, commands: 60);
        await working.Done;
        database = direct;

        await Holds(working, expected: 16 * 60);
        Injected("cut before the server saw the COMMIT", proxy.Count(Cut.BeforeForwarding));
        Injected("cut while the COMMIT was on its way", proxy.Count(Cut.AfterForwarding));
        Injected("cut when it was committed and not yet answered", proxy.Count(Cut.BeforeAnswer));
    }

    [Fact]
    public async Task A_server_stopped_hard_ten_times_under_sixteen_writers_keeps_what_it_acknowledged_once()
    {
        using var server = PostgresServer.Create();
        await UseNew(server);
        var (done, stops) = (false, 0);
        var store = new TroubledStore(Store("one"));
        var working = Work([await Start(store)], streams: 16, commands: int.MaxValue, ends: () => Volatile.Read(ref done));
        for (; stops < 10; stops++)
        {
            var heard = working.Acknowledged.Count;
            await Until(() => working.Acknowledged.Count > heard + 150);
            server.StopImmediate();
            server.Start();
        }

        Volatile.Write(ref done, true);
        await Holds(working);
        Injected("stops", stops);
        Injected("groups with an unknown outcome, or certainly not committed", store.Unknown + store.Failed.GetValueOrDefault(NotCommitted.Unavailable));
        await Quiet();
    }

    [Fact]
    public async Task A_writer_stalled_before_its_COMMIT_holds_nobody_else_and_commits_nothing_once_its_backend_is_ended()
    {
        await using var proxy = new CuttingProxy(postgres.Server.Port) { OnCommit = n => n == 1 ? Cut.Hold : Cut.None };
        using var sleeper = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "UnionFaults"), ["append", Through(proxy), "sleeper", "ledger/slept"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            await proxy.Held.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
            Signal(sleeper, "STOP");

            var awake = new TroubledStore(Store("awake"));
            var journal = await Start(awake);
            var waits = Hand(journal, "ledger/slept", 0, new());
            await Until(() => awake.Failed.GetValueOrDefault(NotCommitted.Blocked) > 0);
            var (beside, acknowledged) = await Rate("a");
            Assert.False(waits.IsCompleted);

            await stores[^1].TerminateBackends("sleeper");
            Assert.True((await waits).Committed);
            Signal(sleeper, "CONT");
            proxy.Release();
            Assert.Equal(["appending", "fenced"], (await sleeper.StandardOutput.ReadToEndAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            await sleeper.WaitForExitAsync(Cancel);

            Assert.Null(await stores[^1].FindCommand("ledger/slept", CommandIds.Of(-1, 0), Cancel));
            var (alone, more) = await Rate("b");
            Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"commands a second beside the stalled writer: {beside:F0}; after it: {alone:F0}"));
            Assert.Equal((2 * 16 * 200) + 1, (await Audit([.. acknowledged, .. more])).Commands);
            Injected("stalled commits", proxy.Count(Cut.Hold));
            Injected("groups blocked by it", awake.Failed[NotCommitted.Blocked]);

            async Task<(double PerSecond, IEnumerable<(string, Guid)> Acknowledged)> Rate(string name)
            {
                var watch = Stopwatch.StartNew();
                var working = Work([journal], streams: 16, commands: 200, depth: 20, name: name);
                await working.Done;
                return (16 * 200 / watch.Elapsed.TotalSeconds, working.Acknowledged);
            }
        }
        finally
        {
            if (!sleeper.HasExited) sleeper.Kill();
        }
    }

    [Fact]
    public async Task A_full_disk_is_told_clearly_and_service_resumes_when_there_is_room()
    {
        using var disk = TightDisk.TryMount(64);
        if (disk is null)
        {
            // Without root no disk can be made small: a quota inside the database ends with the same error.
            await Run("CREATE FUNCTION quota() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$");
            await SurvivesFull(
                () => Run("CREATE TRIGGER quota BEFORE INSERT ON fact_line FOR EACH STATEMENT EXECUTE FUNCTION quota()").GetAwaiter().GetResult(),
                () => Run("DROP TRIGGER quota ON fact_line").GetAwaiter().GetResult());
            return;
        }

        using var server = PostgresServer.Create();
        await Use(server.ConnectionString, tables: false);
        await Run($"CREATE TABLESPACE tight LOCATION '{disk.FolderOf(server.ProcessId, "tables")}'");
        await Run("CREATE DATABASE tight TABLESPACE tight");
        await Use(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "tight" }.ConnectionString, upgrade: true);

        await SurvivesFull(disk.Fill, disk.Free);
        await Quiet();
    }

    [Fact]
    public async Task A_server_that_died_of_a_full_log_serves_the_same_journal_again()
    {
        using var disk = TightDisk.TryMount(64);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["max_wal_size"] = "16MB", ["min_wal_size"] = "2MB" };
        using var server = PostgresServer.Create(settings, disk is null ? null : Path.Combine(disk.Path, "log"));
        await UseNew(server);
        var done = false;
        var store = new TroubledStore(Store("one"));
        var working = Work([await Start(store)], streams: 16, commands: int.MaxValue, ends: () => Volatile.Read(ref done));
        await Until(() => working.Acknowledged.Count > 50);
        if (disk is null) server.Kill(); // Without root the log cannot be made small: it ends as abruptly.
        else disk.Fill();

        await Until(() => Broken() > 0);
        disk?.Free();
        server.StopImmediate();
        server.Start();
        var heard = working.Acknowledged.Count;
        await Until(() => working.Acknowledged.Count > heard + 200);
        Volatile.Write(ref done, true);

        await Holds(working);
        Injected("groups that met a dead server", Broken());
        await Quiet();

        int Broken() => store.Unknown + store.Failed.Values.Sum();
    }

    private protected override IJournalStore Store(string silo, int writers = 2)
    {
        var store = new PostgresJournalStore(new() { ConnectionString = database, SiloName = $"contract-{silo}", Writers = writers });
        stores.Add(store);
        return store;
    }

    private protected override Database Open() => Database.Postgres(database);

    protected override async Task<DbConnection> Connect()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        return connection;
    }

    private ValueTask UseNew(PostgresServer server) => Use(server.CreateDatabase(), upgrade: true);

    private async ValueTask Use(string connectionString, bool upgrade = false, bool tables = true)
    {
        database = connectionString;
        if (upgrade) Schema.Postgres(database).Upgrade();
        if (!tables) return;
        foreach (var table in Ledger.Tables) await Run(table);
    }

    private async Task Run(string sql)
    {
        await using var connection = await Connect();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancel);
    }

    /// <summary>Ends the journals before their own server ends.</summary>
    private ValueTask Quiet() => base.DisposeAsync();

    private string Through(CuttingProxy proxy) => new NpgsqlConnectionStringBuilder(database) { Port = proxy.Port, GssEncryptionMode = GssEncryptionMode.Disable }.ConnectionString;

    private static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
