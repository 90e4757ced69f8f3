using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Schemas;

public sealed class SchemaSpecs(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Stores => ["postgres", "sqlite", "sqlite-snapshots"];

    [Theory, MemberData(nameof(Stores))]
    public void An_empty_store_is_upgraded_once_and_the_second_upgrade_does_nothing(string store)
    {
        var (schema, _) = Empty(store);
        var before = schema.Status();
        Assert.Equal(0, before.Version);
        Assert.Empty(before.Applied);

        Assert.Equal(before.Pending, schema.Upgrade());

        var after = schema.Status();
        Assert.True(after.IsCurrent);
        Assert.Equal(before.Pending, after.Applied);
        Assert.Empty(after.Unknown);
        Assert.Empty(schema.Upgrade());
    }

    [Fact]
    public void The_version_is_the_highest_number_applied()
    {
        var (schema, _) = Empty("sqlite-snapshots");
        schema.Upgrade();
        Assert.Equal(schema.Status().Applied.Max(name => int.Parse(name[..4], CultureInfo.InvariantCulture)), schema.Status().Version);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Of_four_upgrades_at_once_each_script_is_applied_by_one(string store)
    {
        var (schema, again) = Empty(store);
        var pending = schema.Status().Pending;
        using var start = new Barrier(4);

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var own = again();
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return own.Upgrade();
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(pending, applied.SelectMany(names => names).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Stores))]
    public void The_printed_script_applied_by_hand_leaves_nothing_for_an_upgrade(string store)
    {
        var (schema, _) = Empty(store);
        var printed = schema.Script();
        Assert.Equal(schema.Script(all: true), printed);

        Run(store, printed);

        Assert.True(schema.Status().IsCurrent);
        Assert.Empty(schema.Upgrade());
        Assert.DoesNotContain("BEGIN;", schema.Script(), StringComparison.Ordinal);
        Assert.Equal(printed, schema.Script(all: true));
    }

    [Fact]
    public void A_script_that_fails_is_named_and_leaves_nothing_behind()
    {
        var (schema, _) = Empty("postgres");
        Run("postgres", "CREATE TABLE OrleansStorage (taken integer)");

        var failure = Assert.Throws<SchemaException>(() => schema.Upgrade());

        Assert.Contains("0003-orleans-persistence.sql", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, schema.Status().Version);
        Run("postgres", "DROP TABLE OrleansStorage");
        Assert.Equal("0003-orleans-persistence.sql", schema.Upgrade()[0]);
    }

    [Fact]
    public void Scripts_of_a_newer_program_show_as_unknown()
    {
        var (schema, _) = Empty("sqlite-snapshots");
        schema.Upgrade();
        Run("sqlite-snapshots", "INSERT INTO schema_version (scriptname) VALUES ('9999-later.sql')");

        Assert.Equal(["9999-later.sql"], schema.Status().Unknown);
        Assert.Equal(9999, schema.Status().Version);
        Assert.True(schema.Status().IsCurrent);
    }

    [Fact]
    public void The_status_of_a_missing_file_creates_none()
    {
        var (schema, _) = Empty("sqlite-snapshots");
        Assert.False(schema.Status().IsCurrent);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public void An_upgraded_file_writes_ahead_and_is_held_open_by_nobody()
    {
        var (schema, _) = Empty("sqlite-snapshots");
        schema.Upgrade();

        using (var connection = Open("sqlite-snapshots"))
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "PRAGMA journal_mode";
            Assert.Equal("wal", command.ExecuteScalar());
        }

        // The last connection that closes removes the write-ahead log: a log left over would mean that one is still open.
        Assert.False(File.Exists(folder.File("sqlite-snapshots.db-wal")));
    }

    [Fact]
    public void No_failure_repeats_the_connection_string()
    {
        var unreadable = Assert.Throws<ArgumentException>(() => Schema.Postgres("Host=127.0.0.1;Password=open;sesame=1"));
        var unreachable = Assert.ThrowsAny<Exception>(() =>
            Schema.Postgres($"Host=127.0.0.1;Port={FreePort.Next()};Username=union;Password=sesame;Timeout=1").Upgrade());

        Assert.DoesNotContain("sesame", unreadable.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", unreachable.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private string? database;

    private (Schema Schema, Func<Schema> Again) Empty(string store)
    {
        if (store == "postgres") database = postgres.EmptyDatabase();
        Func<Schema> open = store switch
        {
            "postgres" => () => Schema.Postgres(database!),
            "sqlite" => () => Schema.Sqlite(folder.File("sqlite.db")),
            _ => () => Schema.SqliteSnapshots(folder.File("sqlite-snapshots.db")),
        };
        return (open(), open);
    }

    private void Run(string store, string sql)
    {
        using var connection = Open(store);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private DbConnection Open(string store)
    {
        DbConnection connection = store == "postgres"
            ? new NpgsqlConnection(database)
            : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.File(store + ".db"), Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}
