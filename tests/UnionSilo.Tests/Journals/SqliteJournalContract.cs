using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using UnionFaults;
using UnionGrains.Kernel;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Journals;

/// <summary>The journal's promises on a SQLite file. Its silos are journals of one process: the file allows no other.</summary>
public sealed class SqliteJournalContract(ITestOutputHelper output) : JournalContract(output)
{
    private readonly TemporaryFolder folder = new();
    private SqliteJournalStore store = null!;
    private string file = "";

    public override ValueTask InitializeAsync() => Use(folder.File("union.db"));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_failure_during_every_third_COMMIT_loses_nothing_and_doubles_nothing()
    {
        var (commits, injected) = (0, 0);
        store.Opened = connection => raw.sqlite3_commit_hook(connection.Handle, _ =>
        {
            if (++commits % 3 != 0) return 0;
            injected++;
            return 1;
        }, null);
        var working = Work([await Start(store, options => options.GroupSize = 20)], streams: 16, commands: 40);
        await working.Done;
        store.Opened = null;

        await Holds(working, expected: 16 * 40);
        Injected("during COMMIT", injected);
    }

    [Fact]
    public async Task A_process_killed_ten_times_under_sixteen_writers_keeps_what_it_acknowledged_once()
    {
        await store.DisposeAsync(); // The file belongs to the other process.
        var acknowledged = new HashSet<(string, Guid)>();
        var (kills, repeats) = (0, 0);
        for (; kills < 10; kills++)
        {
            using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "UnionFaults"), ["acknowledge", file]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            for (var heard = 0; await process.StandardOutput.ReadLineAsync(Cancel) is { } line; heard++)
            {
                var said = line.Split(' ');
                if (!acknowledged.Add(($"ledger/{said[0]}", CommandIds.Of(int.Parse(said[0], CultureInfo.InvariantCulture), long.Parse(said[1], CultureInfo.InvariantCulture))))) repeats++;
                if (heard == 300) process.Kill();
            }

            await process.WaitForExitAsync(Cancel);
            Assert.Equal(128 + 9, process.ExitCode);
        }

        store = new(new() { File = file });
        var (commands, sums) = await Audit(acknowledged);
        Assert.Equal(16, sums.Count);
        Output.WriteLine($"{acknowledged.Count} acknowledged, {commands} stored");
        Injected("kills", kills);
        Injected("acknowledged again after a kill", repeats);
    }

    [Fact]
    public async Task A_full_disk_is_told_clearly_and_service_resumes_when_there_is_room()
    {
        using var disk = TightDisk.TryMount(64);
        if (disk is null)
        {
            // Without root no disk can be made small: the file itself may grow no further.
            await A_full_file_is_told_clearly_and_service_resumes_when_there_is_room();
            return;
        }

        await Use(Path.Combine(disk.Path, "union.db"));
        await SurvivesFull(disk.Fill, disk.Free);
        await base.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_full_file_is_told_clearly_and_service_resumes_when_there_is_room()
    {
        var (full, writing) = (false, default(SqliteConnection));
        // The limit belongs to a session, and a session that met it is given up: the next one meets it too, until there is room.
        store.Opened = connection =>
        {
            writing = connection;
            if (Volatile.Read(ref full)) Limit(connection);
        };
        await SurvivesFull(
            () =>
            {
                Volatile.Write(ref full, true);
                Limit(writing!);
            },
            () => Volatile.Write(ref full, false));

        // SQLite does not let a limit fall below the size of the file.
        static void Limit(SqliteConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA max_page_count = 1";
            command.ExecuteNonQuery();
        }
    }

    private protected override IJournalStore Store(string silo, int writers = 2) => store;

    private protected override Database Open() => Database.Sqlite(file);

    protected override async Task<DbConnection> Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        return connection;
    }

    private async ValueTask Use(string path)
    {
        if (store is not null) await store.DisposeAsync();
        file = path;
        store = new(new() { File = file });
        store.TakeFile();
        Schema.Sqlite(file).Upgrade();
        await using var connection = await Connect();
        foreach (var table in Ledger.Tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = table;
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }
}
