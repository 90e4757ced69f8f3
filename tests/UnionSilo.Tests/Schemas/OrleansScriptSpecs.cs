using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Schemas;

/// <summary>Orleans' own ADO.NET providers, in a running silo, on the tables and statements of this project.</summary>
public sealed class OrleansScriptSpecs(SharedPostgres postgres) : IAsyncLifetime
{
    private const string Provider = "snapshots";
    private const int Writers = 4;
    private const int Keys = 300;
    private const string Count = "SELECT count(*) FROM OrleansStorage";

    private readonly TemporaryFolder folder = new();
    private readonly List<IHost> silos = [];

    public static TheoryData<string> Stores => ["postgres", "sqlite"];

    public sealed class Note
    {
        public string Text { get; set; } = "";
    }

    /// <summary>The provider's own serializer writes type names, and reads back only types on its list.</summary>
    private sealed class PlainJson : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

        public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input)!;
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Of_four_concurrent_first_writers_of_a_key_one_wins_and_one_row_is_left(string store)
    {
        var (storage, scalar) = await Storage(store);
        var won = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, Keys), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (key, _) =>
        {
            using var start = new Barrier(Writers);
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
                async () =>
                {
                    start.SignalAndWait(Cancel);
                    try
                    {
                        await Write(storage, Grain(key), new GrainState<Note>(new Note { Text = $"{writer}" }));
                        Interlocked.Increment(ref won);
                    }
                    catch (InconsistentStateException)
                    {
                        // The outcome of a writer that came second.
                    }
                },
                Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        });

        Assert.Equal(Keys, won);
        Assert.Equal(Keys, scalar(Count));
        Assert.Equal(Keys, scalar("SELECT count(DISTINCT GrainIdExtensionString) FROM OrleansStorage"));
        foreach (var key in Enumerable.Range(0, Keys))
        {
            var read = await Read(storage, Grain(key));
            Assert.True(read.RecordExists);
            Assert.Equal("1", read.ETag);
        }
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_state_is_written_read_changed_and_cleared_and_a_late_writer_meets_a_conflict(string store)
    {
        var (storage, scalar) = await Storage(store);
        var state = new GrainState<Note>(new Note { Text = "一" });
        await Write(storage, Grain(1), state);
        var late = await Read(storage, Grain(1));

        state.State = new Note { Text = "二" };
        await Write(storage, Grain(1), state);
        Assert.Equal("2", state.ETag);
        Assert.Equal("二", (await Read(storage, Grain(1))).State?.Text);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, Grain(1), late));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", Grain(1), late, Cancel));

        await storage.ClearStateAsync("note", Grain(1), state, Cancel);
        var cleared = await Read(storage, Grain(1));
        Assert.False(cleared.RecordExists);
        Assert.Equal("3", cleared.ETag);
        await Write(storage, Grain(1), cleared);
        Assert.Equal("4", (await Read(storage, Grain(1))).ETag);
        Assert.Equal(1, scalar(Count));
        Assert.False((await Read(storage, Grain(2))).RecordExists);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_state_deleted_on_clear_leaves_no_row(string store)
    {
        var (storage, scalar) = await Storage(store, deleteOnClear: true);
        var state = new GrainState<Note>(new Note { Text = "一" });
        await Write(storage, Grain(1), state);
        var late = await Read(storage, Grain(1));

        await storage.ClearStateAsync("note", Grain(1), state, Cancel);

        Assert.Equal(0, scalar(Count));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, Grain(1), late));
        await Write(storage, Grain(1), state);
        Assert.Equal("1", state.ETag);
    }

    [Fact]
    public async Task Keys_that_differ_only_in_kind_or_case_keep_rows_of_their_own()
    {
        var (storage, scalar) = await Storage("postgres");
        foreach (var key in (string[])["member/A1", "member/a1", "union/A1", "member/001", "member/1"])
            await Write(storage, GrainId.Create("note", key), new GrainState<Note>(new Note { Text = key }));

        Assert.Equal(5, scalar(Count));
        Assert.Equal("member/a1", (await Read(storage, GrainId.Create("note", "member/a1"))).State?.Text);
    }

    [Fact]
    public async Task After_a_failed_write_the_next_write_on_the_same_file_succeeds()
    {
        var (storage, scalar) = await Storage("sqlite", extra: ";Default Timeout=1");
        var state = new GrainState<Note>(new Note { Text = "一" });
        using (var other = new SqliteConnection($"Data Source={Snapshots};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
            await Assert.ThrowsAsync<SqliteException>(() => Write(storage, Grain(1), state));
        }

        await Write(storage, Grain(1), state);
        await Write(storage, Grain(2), new GrainState<Note>(new Note()));
        Assert.Equal("1", state.ETag);
        Assert.Equal(2, scalar(Count));
    }

    [Fact]
    public async Task Two_silos_find_each_other_and_every_change_of_the_membership_raises_the_version_it_was_based_on()
    {
        var database = postgres.Database();
        var first = await Start(silo => Cluster(silo, database));
        var second = await Start(silo => Cluster(silo, database));
        var table = first.Services.GetRequiredService<IMembershipTable>();

        var both = await table.ReadAllAsync(Cancel);
        Assert.Equal(2, both.Members.Count(member => member.Item1.Status == SiloStatus.Active));

        await second.StopAsync(Cancel);
        var now = await table.ReadAllAsync(Cancel);
        Assert.True(now.Version.Version > both.Version.Version);
        Assert.Single(now.Members, member => member.Item1.Status == SiloStatus.Active);

        var newcomer = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 1, 1),
            SiloName = "newcomer",
            HostName = "localhost",
            Status = SiloStatus.Joining,
            StartTime = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            IAmAliveTime = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        Assert.False(await table.InsertRowAsync(newcomer, both.Version.Next(), Cancel));
        Assert.False(await table.UpdateRowAsync(newcomer, "", now.Version.Next(), Cancel));
        Assert.True(await table.InsertRowAsync(newcomer, now.Version.Next(), Cancel));
        var joined = await table.ReadRowAsync(newcomer.SiloAddress, Cancel);
        Assert.Equal(now.Version.Version + 1, joined.Version.Version);
        Assert.False(await table.InsertRowAsync(newcomer, joined.Version.Next(), Cancel));
        Assert.Equal(joined.Version.Version, (await table.ReadAllAsync(Cancel)).Version.Version);

        await table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(2025, 1, 2, 0, 0, 0, TimeSpan.Zero), Cancel);
        Assert.Empty((await table.ReadRowAsync(newcomer.SiloAddress, Cancel)).Members);
    }

    [Fact]
    public async Task Reminders_are_upserted_found_by_grain_and_by_range_and_removed_by_etag()
    {
        var database = postgres.Database();
        var silo = await Start(builder => Cluster(builder, database).UseAdoNetReminderService(options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = database;
        }));
        var table = silo.Services.GetRequiredService<IReminderTable>();
        var reminder = new ReminderEntry
        {
            GrainId = Grain(1),
            ReminderName = "sweep",
            StartAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Period = TimeSpan.FromDays(30),
        };

        var first = await table.UpsertRow(reminder, Cancel);
        var second = await table.UpsertRow(reminder, Cancel);

        Assert.NotEqual(first, second);
        var read = await table.ReadRow(Grain(1), "sweep", Cancel);
        Assert.Equal((reminder.StartAt, reminder.Period, second), (read!.StartAt, read.Period, read.ETag));
        Assert.Single((await table.ReadRows(Grain(1), Cancel)).Reminders);
        var hash = Grain(1).GetUniformHashCode();
        Assert.Single((await table.ReadRows(hash - 1, hash, Cancel)).Reminders);
        Assert.Empty((await table.ReadRows(hash, hash + 1, Cancel)).Reminders);
        Assert.Single((await table.ReadRows(0, 0, Cancel)).Reminders);
        Assert.False(await table.RemoveRow(Grain(1), "sweep", first!, Cancel));
        Assert.True(await table.RemoveRow(Grain(1), "sweep", second!, Cancel));
        Assert.Empty((await table.ReadRows(Grain(1), Cancel)).Reminders);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in silos)
        {
            await silo.StopAsync(CancellationToken.None);
            silo.Dispose();
        }

        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Snapshots => folder.File("snapshots.db");

    private static GrainId Grain(int key) => GrainId.Create("note", $"member/{key}");

    private static Task Write(IGrainStorage storage, GrainId grain, IGrainState<Note> state) => storage.WriteStateAsync("note", grain, state, Cancel);

    private static async Task<GrainState<Note>> Read(IGrainStorage storage, GrainId grain)
    {
        var state = new GrainState<Note>(new Note());
        await storage.ReadStateAsync("note", grain, state, Cancel);
        return state;
    }

    private async Task<(IGrainStorage Storage, Func<string, long> Scalar)> Storage(string store, bool deleteOnClear = false, string extra = "")
    {
        string invariant, connectionString;
        Func<DbConnection> connect;
        if (store == "postgres")
        {
            (invariant, connectionString) = ("Npgsql", postgres.Database());
            connect = () => new NpgsqlConnection(connectionString);
        }
        else
        {
            Schema.SqliteSnapshots(Snapshots).Upgrade();
            (invariant, connectionString) = ("System.Data.SQLite", $"Data Source={Snapshots}{extra}");
            connect = () => new SqliteConnection(connectionString);
        }

        var silo = await Start(builder => Alone(builder).AddAdoNetGrainStorage(Provider, options =>
        {
            options.Invariant = invariant;
            options.ConnectionString = connectionString;
            options.GrainStorageSerializer = new PlainJson();
            options.DeleteStateOnClear = deleteOnClear;
        }));

        return (silo.Services.GetRequiredKeyedService<IGrainStorage>(Provider), Scalar);

        long Scalar(string sql)
        {
            using var connection = connect();
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }
    }

    private static ISiloBuilder Alone(ISiloBuilder builder) => builder.UseLocalhostClustering(FreePort.Next(), FreePort.Next());

    private static ISiloBuilder Cluster(ISiloBuilder builder, string database) => builder
        .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "test"))
        .ConfigureEndpoints(IPAddress.Loopback, FreePort.Next(), FreePort.Next())
        .UseAdoNetClustering(options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = database;
        });

    private async Task<IHost> Start(Action<ISiloBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(configure);
        var host = builder.Build();
        silos.Add(host);
        await host.StartAsync(Cancel);
        return host;
    }
}
