using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using UnionClient;
using UnionDomain.Employers;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Grains;

/// <summary>Silos are killed and databases go away under load; the clients only repeat.</summary>
public sealed class DisasterSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private const int Units = 20;
    private const int CommandsEach = 60;

    private readonly List<Process> processes = [];
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
        await EndProcesses();
        await Audit(await Start(store).WaitAsync(TimeSpan.FromSeconds(45), Cancel), acknowledged);
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
        await EndProcesses();
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

    private async Task<Process> Run(int gateway)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "UnionSilo.dll"), "run", .. Database(), "--silo-port", "0", "--gateway-port", gateway.ToString(CultureInfo.InvariantCulture), "--health-port", "0", "--dead-after", "2",
        ];
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["UNION_KEY"] = Convert.ToBase64String(new byte[32]);
        var process = Process.Start(start)!;
        processes.Add(process);
        var (said, ready) = (new ConcurrentQueue<string>(), new TaskCompletionSource());
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await await Task.WhenAny(ready.Task, Died());
        return process;

        void Hear(string? line)
        {
            said.Enqueue(line ?? "");
            if (line?.StartsWith("union-silo is ready", StringComparison.Ordinal) == true) ready.TrySetResult();
        }

        async Task Died()
        {
            await process.WaitForExitAsync(Cancel);
            throw new InvalidOperationException($"The silo did not start:\n{string.Join('\n', said)}");
        }
    }

    private async Task EndProcesses()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        processes.Clear();
    }
}
