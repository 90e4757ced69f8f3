using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using UnionDomain.Employers;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionClient.Tests;

/// <summary>Whoever has seen or written something finds it in the next list, or is told that it is not there; also when the database is an older one than the reply came from.</summary>
public sealed class ReadTokenTests : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly UnionClientOptions options = new() { Operator = District.Officer, TotalTime = TimeSpan.FromSeconds(30), FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(20) };
    private PostgresServer? server;
    private string database = "";
    private string backup = "";
    private RunningUnion? union;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IUnionClient Client => union!.Client;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_list_shows_what_the_token_stands_for_or_says_that_it_is_behind(string store)
    {
        await Open(store);
        await Client.Found();
        var kept = (await Register(1)).Token!;
        Assert.Equal(("employer/E-0001", 1), (kept.Stream, kept.Version));
        Assert.True(ReadToken.TryParse(kept.ToString(), out var read));
        Assert.Equal(kept, read);
        Assert.Equal([District.Unit(1)], await Listed(kept));

        // What is written after the backup is in no database any more that is made of it.
        await Backup();
        var lost = (await Register(2)).Token!;
        var seen = (await Client.Employers.Get(District.Unit(2), cancel: Cancel)).Token!;
        Assert.Equal([District.Unit(1), District.Unit(2)], await Listed(lost));
        Assert.Equal([District.Unit(1), District.Unit(2)], await Listed(seen));
        await Restore();
        options.TotalTime = TimeSpan.FromSeconds(1);
        await Behind(lost);
        await Behind(seen);
        Assert.Equal([District.Unit(1)], await Listed(kept));
        Assert.Equal([District.Unit(1)], await Listed(null));

        // The database goes on otherwise: there is an event of that version again, but not the one that was seen.
        var other = (await Register(2)).Token!;
        Assert.Equal((lost.Stream, lost.Version), (other.Stream, other.Version));
        await Behind(lost);
        Assert.Equal([District.Unit(1), District.Unit(2)], await Listed(other));
    }

    [Fact]
    public async Task A_list_waits_for_what_is_not_there_yet()
    {
        await Open("sqlite");
        await Client.Found();
        ReadToken coming = new("employer/E-0001", 1, Guid.Empty);
        var listed = Listed(coming);
        await Register(1);
        Assert.Equal([District.Unit(1)], await listed);
    }

    [Fact]
    public async Task Only_what_something_happened_to_has_a_token()
    {
        await Open("sqlite");
        Assert.Null((await Client.Employers.Get(District.Unit(1), cancel: Cancel)).Token);
        await Client.Found();
        Assert.Null((await Client.Employers.Send(District.Unit(1), new EmployerCommand.Suspend(), cancel: Cancel)).Token);
        var registered = await Register(1);
        var nothing = await Client.Employers.Send(District.Unit(1), new EmployerCommand.ReportHeadcount(100), cancel: Cancel);
        Assert.Equal(registered.Version, nothing.Token!.Version);
        // The event is another command's; whose, a reply to this one does not tell.
        Assert.Equal(registered.CommandId, registered.Token!.CommandId);
        Assert.Null(nothing.CommandId);
        Assert.Equal([District.Unit(1)], await Listed(nothing.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("employer/E-0001 1")]
    [InlineData("employer/E-0001 0 00000000000000000000000000000000")]
    [InlineData("employer/E-0001 -1 00000000000000000000000000000000")]
    [InlineData("employer/E-0001 1 0")]
    [InlineData("E-0001 1 00000000000000000000000000000000")]
    [InlineData("employer/ 1 00000000000000000000000000000000")]
    [InlineData("employer/示例 1 00000000000000000000000000000000")]
    public void Other_text_is_no_token(string text) => Assert.False(ReadToken.TryParse(text, out _));

    public async ValueTask DisposeAsync()
    {
        if (union is not null) await union.DisposeAsync();
        SqliteConnection.ClearAllPools();
        server?.Dispose();
        folder.Dispose();
    }

    private Task<Reply<EmployerView>> Register(int n) => Client.Employers.Send(District.Unit(n), District.Registration(n), cancel: Cancel);

    private async Task<IEnumerable<UnionDomain.Kernel.EmployerId>> Listed(ReadToken? token)
    {
        var page = await Client.Employers.Page(new(), atLeast: token, cancel: Cancel);
        Assert.Equal(page.Lines, await Client.Employers.List(new(), token, Cancel).ToListAsync(Cancel));
        return page.Lines.Select(line => line.Id);
    }

    private async Task Behind(ReadToken token)
    {
        var fault = await Assert.ThrowsAsync<UnionFault>(() => Client.Employers.Page(new(), atLeast: token, cancel: Cancel));
        Assert.Equal(("behind", true), (fault.Code, fault.Retryable));
        Assert.Equal("behind", (await Assert.ThrowsAsync<UnionFault>(async () => await Client.Employers.List(new(), token, Cancel).ToListAsync(Cancel))).Code);
    }

    private async Task Open(string store)
    {
        if (store == "postgres")
        {
            server = PostgresServer.Create();
            database = server.CreateDatabase();
            Schema.Postgres(database).Upgrade();
        }

        await Start();
    }

    private async Task Backup()
    {
        if (server is null)
        {
            await using var source = new SqliteConnection($"Data Source={folder.File("union.db")}");
            await using var target = new SqliteConnection($"Data Source={folder.File("backup.db")}");
            await source.OpenAsync(Cancel);
            source.BackupDatabase(target);
            return;
        }

        // A database can be copied only while nobody is connected to it.
        await Stop();
        backup = server.CreateDatabase(new Npgsql.NpgsqlConnectionStringBuilder(database).Database);
        await Start();
    }

    private async Task Restore()
    {
        await Stop();
        if (server is not null)
        {
            database = backup;
        }
        else
        {
            SqliteConnection.ClearAllPools();
            foreach (var file in (string[])["union.db-wal", "union.db-shm", "union.db.snapshots"]) File.Delete(folder.File(file));
            File.Copy(folder.File("backup.db"), folder.File("union.db"), overwrite: true);
        }

        await Start();
    }

    private async Task Stop()
    {
        await union!.DisposeAsync();
        union = null;
        if (server is null) SqliteConnection.ClearAllPools();
        else Npgsql.NpgsqlConnection.ClearAllPools();
    }

    private async Task Start()
    {
        if (union is not null) await Stop();
        void Ours(Microsoft.Extensions.Hosting.HostApplicationBuilder builder) => builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        union = server is null ? await RunningUnion.Embedded(folder.File("union.db"), configure: Ours) : await RunningUnion.Postgres(database, configure: Ours);
    }
}
