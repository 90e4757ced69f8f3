using UnionClient.Feed;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionSilo.Commands;
using UnionSilo.Persistence;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Feeds;

/// <summary>A database that was restored begins a new epoch: nobody goes on from a future that was lost, and of what is there nothing is missed or told twice.</summary>
[Collection(nameof(FeedServer))]
public sealed class EpochSpecs(FeedServer postgres, ITestOutputHelper output) : SiloSpecs(postgres)
{
    private readonly FeedServer shared = postgres;
    private readonly List<RunningUnion> restored = [];
    private PostgresServer? other;

    [Theory]
    [InlineData("sqlite", "over the file")]
    [InlineData("postgres", "another server")]
    [InlineData("postgres", "the same database")]
    [Trait("F", "108")]
    public async Task After_a_restore_every_reader_goes_on_with_what_is_there(string store, string into)
    {
        var silo = await Start(store);
        await Happen(silo, 100, 30);
        // One that is behind, one at the head, and one that sees what the backup lacks.
        var (behind, abreast, ahead) = (new FeedReader(1), new FeedReader(2), new FeedReader(3));
        await behind.Page(silo.Client, Cancel);
        await behind.Page(silo.Client, Cancel);
        await abreast.ReadOn(silo.Client, Cancel);
        var backup = await BackUp(silo, store);
        silo = store == "sqlite" ? await Again(store) : silo;
        await Happen(silo, 200, 25);
        await ahead.ReadOn(silo.Client, Cancel);
        Assert.InRange(behind.Told.Count, 1, abreast.Told.Count - 1);
        Assert.True(ahead.Told.Count > abreast.Told.Count);

        silo = await Restore(silo, store, into, backup);
        await using var now = store == "sqlite" ? Database.Sqlite(File) : Database.Postgres(Present!);
        await Happen(silo, 300, 20);
        var epochs = await new FeedSource(now).Epochs(Cancel);
        Assert.Equal([1, 2], epochs.Select(epoch => epoch.Number));
        foreach (var reader in new[] { behind, abreast, ahead })
        {
            var page = await silo.Client.Feed.Page(from: reader.Next, by: FeedReader.Top, cancel: Cancel);
            Assert.Equal((FeedRules.EpochEnded.Code, 0), (page.Refusal?.Code, page.Events.Count));
            Assert.Equal(["1", "2", epochs[1].BeganAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture), page.Next!.Value.Value], page.Refusal!.Arguments.Select(argument => argument.Value));
            Assert.Equal(page.Next, FeedToken.ResumeOf(page.Refusal));
            var thrown = await Assert.ThrowsAsync<UnionClient.RefusedException>(async () => await silo.Client.Feed.Read(from: reader.Next, by: FeedReader.Top, cancel: Cancel).ToListAsync(Cancel));
            Assert.Equal(page.Refusal, thrown.Refusal);

            var on = await reader.GoesOnWith(page.Next.Value).ReadOn(silo.Client, Cancel);
            // What the restore lost is no longer there to be compared.
            var there = (await FeedReader.Journal(now, Cancel)).ToHashSet(StringComparer.Ordinal);
            var lost = on.Told.RemoveAll(told => !there.Contains($"{told.Stream} {told.Version}"));
            output.WriteLine($"{there.Count} events are there, {reader.Told.Count} had been told, {lost} of them are lost");
            Assert.Equal(reader == ahead ? 25 : 0, lost);
            await on.MissedAndRepeatedNothing(now, Cancel);
        }

        // Whoever begins anew reads through both epochs, and stays in the present one while in the past.
        await (await new FeedReader(4).ReadOn(silo.Client, Cancel)).MissedAndRepeatedNothing(now, Cancel);
        Assert.Equal(FeedRules.TokenForeign, (await silo.Client.Feed.Page(from: new("0123456789abcdef.1.1.1"), by: FeedReader.Top, cancel: Cancel)).Refusal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_restart_begins_no_epoch_and_an_operator_can(string store)
    {
        var silo = await Start(store);
        await Happen(silo, 100, 5);
        var reader = await new FeedReader(1).ReadOn(silo.Client, Cancel);
        await silo.DisposeAsync();
        silo = await Start(store);
        await Happen(silo, 200, 5);
        await using var database = store == "sqlite" ? Database.Sqlite(File) : Database.Postgres(ConnectionString);
        await (await reader.ReadOn(silo.Client, Cancel)).MissedAndRepeatedNothing(database, Cancel);

        Assert.Equal(3, (await NewEpoch(store)).Code); // The silo runs.
        await silo.DisposeAsync();
        var (code, said) = await NewEpoch(store);
        Assert.Equal((0, "Epoch 2 of the feed has begun."), (code, said.Trim()));
        silo = await Start(store);
        await Happen(silo, 300, 5);
        var page = await silo.Client.Feed.Page(from: reader.Next, by: FeedReader.Top, cancel: Cancel);
        Assert.Equal(FeedRules.EpochEnded.Code, page.Refusal?.Code);
        await (await reader.GoesOnWith(page.Next!.Value).ReadOn(silo.Client, Cancel)).MissedAndRepeatedNothing(database, Cancel);
    }

    [Fact]
    public async Task A_new_epoch_forgets_the_snapshots_of_the_future_that_was_lost()
    {
        var silo = await Start("sqlite");
        var backup = await BackUp(silo, "sqlite");
        silo = await Again("sqlite");
        var reports = Enumerable.Range(1, 2 * UnionGrains.Kernel.Snapshots.Worthwhile);
        await Task.WhenAll(reports.Select(n => silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(1_000 + n), cancel: Cancel)));
        await new FeedReader(1).ReadOn(silo.Client, Cancel);
        await silo.Rest(Cancel);
        Assert.Equal(1L, await Kept());
        silo = await Restore(silo, "sqlite", "over the file", backup);
        Assert.Equal(0L, await Kept());
        Assert.Equal((1, 100), (await silo.Client.Employers.Get(Unit, cancel: Cancel)) is var reply ? (reply.Version, reply.View.Headcount) : default);
        Assert.Equal(2, Accepted(await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(77), cancel: Cancel)).Version);

        async Task<object?> Kept()
        {
            await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File}.snapshots");
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM OrleansStorage";
            return await command.ExecuteScalarAsync(Cancel);
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_token_ahead_of_everything_is_refused(string store)
    {
        var silo = await Start(store);
        var reader = await new FeedReader(1).ReadOn(silo.Client, Cancel);
        var parts = reader.Next!.Value.Value.Split('.');
        var ahead = store == "sqlite" ? $"{parts[0]}.1.0.{long.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture) + 1}" : $"{parts[0]}.1.{long.MaxValue}.1";
        Assert.Equal(FeedRules.TokenAhead, (await silo.Client.Feed.Page(from: new(ahead), by: FeedReader.Top, cancel: Cancel)).Refusal);
        // An epoch later than the one it was given in was never there.
        Assert.Equal(FeedRules.TokenUnreadable, (await silo.Client.Feed.Page(from: new($"{parts[0]}.2.1.1"), by: FeedReader.Top, cancel: Cancel)).Refusal);
    }

    [Fact]
    public async Task A_file_without_its_mark_begins_an_epoch_and_a_new_file_does_not()
    {
        await (await Start("sqlite")).DisposeAsync();
        await using var database = Database.Sqlite(File);
        Assert.Single(await new FeedSource(database).Epochs(Cancel));
        System.IO.File.Delete(File + ".feed");
        await (await Start("sqlite")).DisposeAsync();
        Assert.Equal(2, (await new FeedSource(database).Epochs(Cancel)).Count);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File + ".feed"));
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var silo in restored) await silo.DisposeAsync();
        await base.DisposeAsync();
        other?.Dispose();
    }

    /// <summary>The connection string of the database that the silos run on after the restore.</summary>
    private string? Present { get; set; }

    private static async Task Happen(RunningUnion silo, int first, int count)
    {
        for (var n = first; n < first + count; n++) Accepted(await silo.Client.Send(District.Unit(n), District.Registration(n), cancel: Cancel));
    }

    private async Task<string> BackUp(RunningUnion silo, string store)
    {
        if (store == "postgres") return shared.Server.Dump(ConnectionString);
        await silo.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        System.IO.File.Copy(File, File + ".backup");
        return File + ".backup";
    }

    private async Task<RunningUnion> Restore(RunningUnion silo, string store, string into, string backup)
    {
        await silo.DisposeAsync();
        if (store == "sqlite")
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            foreach (var file in new[] { File + "-wal", File + "-shm" }) System.IO.File.Delete(file);
            System.IO.File.Copy(backup, File, overwrite: true);
            return await Again(store);
        }

        if (into == "the same database") Present = ConnectionString;
        else
        {
            other = PostgresServer.Create();
            Present = other.CreateDatabase();
        }

        (other ?? shared.Server).Restore(backup, Present);
        return await Again(store);
    }

    private async Task<RunningUnion> Again(string store)
    {
        var silo = store == "sqlite" ? await RunningUnion.Embedded(File) : await RunningUnion.Postgres(Present!, cluster: "restored");
        restored.Add(silo);
        return silo;
    }

    private async Task<(int Code, string Said)> NewEpoch(string store)
    {
        using var said = new StringWriter();
        var code = await CommandLine.Run(["db", "new-epoch", .. store == "sqlite" ? (string[])["--store", "sqlite", "--file", File] : ["--store", "postgres", "--connection", ConnectionString]], new() { Output = said, Error = said });
        return (code, said.ToString());
    }
}
