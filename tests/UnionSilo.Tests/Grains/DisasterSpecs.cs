using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Grains;

/// <summary>Silos are killed and databases go away under load; the clients only repeat.</summary>
public sealed class DisasterSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private const int Units = 20;
    private const int CommandsEach = 60;

    private readonly SiloProcesses processes = new();
    private PostgresServer? server;
    private string Store { get; set; } = "";

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_silo_is_killed_under_load_and_every_command_is_applied_once(string store)
    {
        Store = store;
        var gateways = (FreePort.Next(), FreePort.Next());
        using (var schema = new StringWriter())
            Assert.Equal(0, await UnionSilo.Commands.CommandLine.Run(["db", "upgrade", .. Database()], new() { Output = schema, Error = schema }));
        var first = await Run(gateways.Item1);
        // A file has one silo at a time; on PostgreSQL a second one takes the streams over.
        if (store == "postgres") await Run(gateways.Item2);
        using var application = await RunningUnion.ClientOf(store == "postgres" ? [gateways.Item1, gateways.Item2] : [gateways.Item1], options =>
            (options.TotalTime, options.AttemptTime, options.LongestPause) = (TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200)));
        var client = application.Services.GetRequiredService<IUnionClient>();
        var acknowledged = await Load(client, async () =>
        {
            first.Kill();
            await first.WaitForExitAsync(Cancel);
            if (store == "sqlite") await Run(gateways.Item1);
        });
        await application.StopAsync(Cancel);
        // All the others dead, none left to say so: the next silo starts all the same, and soon.
        await processes.End();
        await Audit(await Start(store).WaitAsync(TimeSpan.FromSeconds(45), Cancel), acknowledged);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_silo_is_killed_during_a_bulk_and_every_row_is_applied_once(string store)
    {
        Store = store;
        var gateways = (FreePort.Next(), FreePort.Next());
        using (var schema = new StringWriter())
            Assert.Equal(0, await UnionSilo.Commands.CommandLine.Run(["db", "upgrade", .. Database()], new() { Output = schema, Error = schema }));
        var first = await Run(gateways.Item1);
        if (store == "postgres") await Run(gateways.Item2);
        using var application = await RunningUnion.ClientOf(store == "postgres" ? [gateways.Item1, gateways.Item2] : [gateways.Item1], options =>
            (options.TotalTime, options.AttemptTime, options.LongestPause) = (TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200)));
        var client = application.Services.GetRequiredService<IUnionClient>();
        Accepted(await client.Found());
        const int units = 2_000;
        var rows = Enumerable.Range(1, units).SelectMany(unit => (EmployerCommand[])[District.Registration(unit), new EmployerCommand.ReportHeadcount(1_000 + unit), new EmployerCommand.StartOperating()],
            (unit, command) => new BulkRow<EmployerId, EmployerCommand>(District.Unit(unit), command, new() { Operator = District.Officer, CommandId = Guid.CreateVersion7() })).ToList();
        var told = 0L;
        await foreach (var outcome in client.Employers.Bulk.Send(rows.ToAsyncEnumerable(), new() { WindowRows = 250 }, Cancel))
        {
            Assert.Equal((told++, true, 1), (outcome.Row, outcome.Accepted, outcome.Events));
            if (told != rows.Count / 4) continue;
            first.Kill();
            await first.WaitForExitAsync(Cancel);
            if (store == "sqlite") await Run(gateways.Item1);
        }

        await application.StopAsync(Cancel);
        await processes.End();
        var silo = await Start(store).WaitAsync(TimeSpan.FromSeconds(45), Cancel);
        foreach (var chunk in rows.Chunk(3))
            Assert.Equal(chunk.Select(row => row.With!.CommandId!.Value), (await silo.Stored(chunk[0].Id.Stream.ToString(), Cancel)).Select(entry => entry.CommandId));
        Assert.Equal(rows.Count, told);
        Assert.Empty(await Verify());
    }

    [Fact]
    public async Task A_silo_that_slept_while_it_was_declared_dead_shows_nothing_older_than_a_bulk_has_answered()
    {
        Store = "postgres";
        const int units = 60;
        var awake = await Start(Store);
        var gateway = FreePort.Next();
        var sleeper = await Run(gateway);
        var hosts = await awake.Get<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(true, Cancel);
        var far = hosts.Keys.Single(silo => !silo.Equals(awake.Get<ILocalSiloDetails>().SiloAddress));
        for (var n = 2; n <= units; n++) Accepted(await On(far, () => awake.Client.Send(District.Unit(n), District.Registration(n), cancel: Cancel)));
        foreach (var n in Enumerable.Range(1, units)) Assert.Equal(1, (await awake.Client.Employers.Get(District.Unit(n), cancel: Cancel)).Version);
        var away = Enumerable.Range(1, units).Where(n => !awake.Active.Holds(District.Unit(n).Stream.ToString())).ToList();
        Assert.NotEmpty(away);
        using var application = await RunningUnion.ClientOf([gateway], options =>
            (options.TotalTime, options.AttemptTime, options.LongestPause) = (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(50)));
        var client = application.Services.GetRequiredService<IUnionClient>();
        Assert.Equal(1, (await client.Employers.Get(District.Unit(away[0]), cancel: Cancel)).Version);

        await Signal(sleeper, "STOP");
        List<Task<Reply<EmployerView>>> reads = [];
        try
        {
            var rows = away.Select(n => new BulkRow<EmployerId, EmployerCommand>(District.Unit(n), new EmployerCommand.ReportHeadcount(500), new() { Operator = District.Officer }));
            await foreach (var outcome in awake.Client.Employers.Bulk.Send(rows.ToAsyncEnumerable(), cancel: Cancel)) Assert.Equal((2, true), (outcome.Version, outcome.Accepted));
            // They wait at the sleeper's door when it wakes, and are the first that it hears.
            reads.AddRange(away.Select(n => client.Employers.Get(District.Unit(n), cancel: Cancel)));
        }
        finally
        {
            await Signal(sleeper, "CONT");
        }

        foreach (var read in reads)
        {
            try
            {
                Assert.Equal((2, 500), (await read) is var reply ? (reply.Version, reply.View.Headcount) : default);
            }
            catch (Exception silent) when (silent is UnionFault { Retryable: true } or OrleansException or TimeoutException)
            {
                // It never said anything old.
            }
        }

        foreach (var n in away) Assert.Equal(2, (await awake.Client.Employers.Get(District.Unit(n), cancel: Cancel)).Version);
        Assert.Empty(await Verify());
    }

    [Fact]
    public async Task The_database_goes_away_under_load_and_every_command_is_applied_once()
    {
        server = PostgresServer.Create();
        var database = server.CreateDatabase();
        Schema.Postgres(database).Upgrade();
        var silo = await Start("postgres", limits => limits.Patience = TimeSpan.FromSeconds(1), database);
        var acknowledged = await Load(silo.Client, async () =>
        {
            server.StopImmediate();
            try
            {
                // Who repeats nothing hears of it, here from a grain that must be read first.
                Assert.Equal("store-unavailable", (await Fault(Grain(silo, District.Unit(900)).Get())).Code);
            }
            finally
            {
                server.Start();
            }
        });
        await Audit(silo, acknowledged);
    }

    public override async ValueTask DisposeAsync()
    {
        await processes.End();
        await base.DisposeAsync(); // The silo says goodbye to the database.
        server?.Dispose();
    }

    /// <summary>Sends the same commands that every run sends, each unit's one after the other, and lets disaster strike in the middle.</summary>
    private static async Task<ConcurrentDictionary<Guid, long>> Load(IUnionClient client, Func<Task> disaster)
    {
        Accepted(await client.Found());
        var acknowledged = new ConcurrentDictionary<Guid, long>();
        var struck = new TaskCompletionSource();
        var load = Task.WhenAll(Enumerable.Range(1, Units).Select(async unit =>
        {
            Accepted(await client.Send(District.Unit(unit), District.Registration(unit), cancel: Cancel));
            for (var n = 0; n < CommandsEach; n++)
            {
                var id = Guid.CreateVersion7();
                acknowledged[id] = Accepted(await client.Send(District.Unit(unit), new EmployerCommand.ReportHeadcount(1_000 + n), id, Cancel)).Version;
                if (acknowledged.Count == Units * CommandsEach / 4) struck.TrySetResult();
            }
        }));
        await await Task.WhenAny(struck.Task, load);
        await disaster();
        await load;
        return acknowledged;
    }

    private async Task Audit(RunningUnion silo, ConcurrentDictionary<Guid, long> acknowledged)
    {
        Assert.Equal(Units * CommandsEach, acknowledged.Count);
        for (var unit = 1; unit <= Units; unit++)
        {
            var stored = (await silo.Stored(District.Unit(unit).Stream.ToString(), Cancel)).Skip(1).ToList();
            Assert.Equal(CommandsEach, stored.Count);
            // Sent one after the other, so each was told its own version.
            Assert.All(stored, entry => Assert.Equal(entry.Version, acknowledged[entry.CommandId]));
        }

        Assert.Empty(await Verify());
    }

    private string[] Database() => Store == "postgres" ? ["--store", "postgres", "--connection", ConnectionString] : ["--store", "sqlite", "--file", File];

    private Task<Process> Run(int gateway) => processes.Run(gateway, Database());

    private static async Task Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
        Assert.Equal(0, kill.ExitCode);
    }
}
