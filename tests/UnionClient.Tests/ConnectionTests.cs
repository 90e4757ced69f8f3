using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionTesting;

namespace UnionClient.Tests;

/// <summary>How an application finds its cluster, waits for it, loses it and finds it again.</summary>
public sealed class ConnectionTests : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int gateway = FreePort.Next();
    private RunningUnion? silo;
    private IHost? application;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_host_starts_without_a_silo_and_a_call_made_before_waits_for_one()
    {
        var begun = TimeProvider.System.GetTimestamp();
        var client = await Connect();
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 0, 5);
        var sent = client.Unions.Send(District.Federation, District.Founding, cancel: Cancel);
        var bulk = client.Unions.Bulk.Send(Rows(new UnionId("U-2")), cancel: Cancel).ToListAsync(Cancel).AsTask();
        var health = await Health();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.NotEmpty(health.Description!);
        Assert.False(sent.IsCompleted);
        await Serve();
        Assert.True((await sent).Accepted);
        Assert.True(Assert.Single(await bulk).Accepted);
        Assert.Equal(HealthStatus.Healthy, (await Health()).Status);
        Assert.Null(application!.Services.GetRequiredService<IUnionConnection>().Trouble);
    }

    [Fact]
    public async Task Without_a_silo_a_call_ends_with_its_total_time_and_says_that_nothing_is_connected()
    {
        var client = await Connect(options => options.TotalTime = TimeSpan.FromSeconds(1.5));
        var fault = await Assert.ThrowsAsync<UnionFault>(() => client.Unions.Get(District.Federation, cancel: Cancel));
        Assert.Equal(("not-connected", true), (fault.Code, fault.Retryable));
        Assert.Contains("'union'", fault.Message, StringComparison.Ordinal);
        var outcome = Assert.Single(await client.Unions.Bulk.Send(Rows(District.Federation), cancel: Cancel).ToListAsync(Cancel));
        Assert.Equal(("not-connected", false), (outcome.Fault?.Code, outcome.Accepted));
        var connection = application!.Services.GetRequiredService<IUnionConnection>();
        Assert.Equal("not-connected", (await Assert.ThrowsAsync<UnionFault>(() => connection.WhenOpen(TimeSpan.Zero, Cancel))).Code);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var waiting = connection.WhenOpen(TimeSpan.FromMinutes(1), giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Theory, InlineData("other", "union", "'other'"), InlineData("union", "other", "'other'")]
    public async Task Another_cluster_or_installation_than_asked_for_is_told_within_ten_seconds(string cluster, string installation, string named)
    {
        await Serve();
        var begun = TimeProvider.System.GetTimestamp();
        var client = await Connect(options => (options.ClusterId, options.ServiceId) = (cluster, installation));
        var fault = await Assert.ThrowsAsync<UnionFault>(() => client.Unions.Get(District.Federation, cancel: Cancel));
        var took = TimeProvider.System.GetElapsedTime(begun);
        TestContext.Current.TestOutputHelper!.WriteLine($"{took.TotalSeconds:0.000} s: {fault.Message}");
        Assert.Equal("not-connected", fault.Code);
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
        Assert.Contains("that was asked for", fault.Message, StringComparison.Ordinal);
        Assert.InRange(took.TotalSeconds, 0, 10);
        var outcome = Assert.Single(await client.Unions.Bulk.Send(Rows(District.Federation), cancel: Cancel).ToListAsync(Cancel));
        Assert.Contains(named, outcome.Fault?.Message, StringComparison.Ordinal);
        Assert.Contains(named, (await Health()).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_all_silos_were_gone_the_client_finds_them_again()
    {
        await Serve();
        var client = await Connect();
        Assert.True((await client.Unions.Send(District.Federation, District.Founding, cancel: Cancel)).Accepted);
        for (var round = 1; round <= 2; round++)
        {
            await silo!.DisposeAsync();
            while ((await Health()).Status == HealthStatus.Healthy) Cancel.ThrowIfCancellationRequested();
            var sent = client.Employers.Send(District.Unit(round), District.Registration(round), cancel: Cancel);
            await Serve();
            Assert.True((await sent).Accepted);
            Assert.Equal(HealthStatus.Healthy, (await Health()).Status);
        }
    }

    [Fact]
    public async Task When_the_only_silo_is_killed_the_client_finds_the_next_one()
    {
        await using var first = await SiloProcess.Start(folder.File("union.db"), gateway, Cancel);
        var client = await Connect(options => options.AttemptTime = TimeSpan.FromSeconds(1));
        Assert.True((await client.Unions.Send(District.Federation, District.Founding, cancel: Cancel)).Accepted);
        await first.Kill(Cancel);
        var sent = client.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel);
        while (application!.Services.GetRequiredService<IUnionConnection>().Trouble is null) await Health();
        await using var next = await SiloProcess.Start(folder.File("union.db"), gateway, Cancel);
        Assert.True((await sent).Accepted);
        Assert.Equal(1, (await client.Unions.Get(District.Federation, cancel: Cancel)).Version);
    }

    [Fact]
    public async Task One_gateway_that_answers_is_enough()
    {
        await Serve();
        var client = await Connect(options => options.Gateways = [$"127.0.0.1:{FreePort.Next()}", .. options.Gateways, "nobody.invalid:30000"]);
        Assert.True((await client.Unions.Send(District.Federation, District.Founding, cancel: Cancel)).Accepted);
        for (var n = 1; n <= 20; n++) Assert.True((await client.Employers.Send(District.Unit(n), District.Registration(n), cancel: Cancel)).Accepted);
    }

    [Fact]
    public async Task A_gateway_whose_name_nobody_knows_for_a_while_stays_known()
    {
        var down = false;
        UnionGateways gateways = new(Options.Create(new UnionClientOptions { Gateways = ["silo.example:30000", "127.0.0.1:30001"] }), Options.Create(new GatewayOptions()))
        {
            LookUp = host => down ? throw new System.Net.Sockets.SocketException() : Task.FromResult<System.Net.IPAddress[]>([System.Net.IPAddress.Parse(host == "silo.example" ? "127.0.0.2" : host)]),
        };
        var known = await gateways.GetGateways();
        Assert.Equal(2, known.Count);
        down = true;
        Assert.Equal(known, await gateways.GetGateways());
    }

    [Fact]
    public async Task Once_the_host_stops_nobody_waits_any_longer()
    {
        var client = await Connect();
        var waiting = client.Unions.Get(District.Federation, cancel: Cancel);
        await application!.StopAsync(Cancel);
        Assert.Equal("not-connected", (await Assert.ThrowsAsync<UnionFault>(() => waiting)).Code);
        Assert.Equal("not-connected", (await Assert.ThrowsAsync<UnionFault>(() => client.Unions.Get(District.Federation, cancel: Cancel))).Code);
    }

    [Fact]
    public async Task Everything_can_stand_in_the_configuration()
    {
        await Serve();
        application = Configured(
            ("Gateways:0", $"localhost:{gateway}"), ("ClusterId", "union"), ("ServiceId", "union"), ("TotalTime", "00:00:20"), ("AttemptTime", "00:00:05"), ("FirstPause", "00:00:00.010"), ("LongestPause", "00:00:00.500"),
            ("ConnectTime", "00:00:02"), ("Operator:Id", "op-1"), ("Operator:Union", "U-desk"), ("Operator:Role", "district"), ("Operator:Rights", "Backdate"));
        await application.StartAsync(Cancel);
        var options = application.Services.GetRequiredService<IOptions<UnionClientOptions>>().Value;
        Assert.Equal([$"localhost:{gateway}"], options.Gateways);
        Assert.Equal(new Operator("op-1", new("U-desk"), Role.District, Rights.Backdate), options.Operator);
        Assert.Equal((20_000, 5_000, 10, 500, 2_000), (options.TotalTime.TotalMilliseconds, options.AttemptTime.TotalMilliseconds, options.FirstPause.TotalMilliseconds, options.LongestPause.TotalMilliseconds, options.ConnectTime.TotalMilliseconds));
        Assert.True((await application.Services.GetRequiredService<IUnionClient>().Unions.Send(District.Federation, District.Founding, cancel: Cancel)).Accepted);
    }

    [Theory]
    [InlineData("Gateways", null, null)]
    [InlineData("Gateways", "Gateways:0", "gateway.example")]
    [InlineData("Gateways", "Gateways:0", "gateway.example:70000")]
    [InlineData("Gateways", "Gateways:0", "::1:30000")]
    [InlineData("ClusterId", "ClusterId", " ")]
    [InlineData("ServiceId", "ServiceId", "")]
    [InlineData("TotalTime", "TotalTime", "00:00:00.5")]
    [InlineData("TotalTime", "TotalTime", "soon")]
    [InlineData("ConnectTime", "ConnectTime", "00:02:00")]
    [InlineData("Operator:Id", "Operator:Union", "U-1")]
    [InlineData("Operator:Union", "Operator:Id", "op-1")]
    [InlineData("Operator:Role", "Operator:Role", "chairman")]
    [InlineData("Operator:Role", "Operator:Role", "3")]
    [InlineData("Operator:Rights", "Operator:Rights", "all")]
    public async Task A_mistake_in_the_configuration_stops_the_start_and_names_its_key(string key, string? set, string? value)
    {
        List<(string Key, string Value)> settings = [("Gateways:0", "[::1]:30000"), ("Operator:Id", "op-1"), ("Operator:Union", "U-1"), ("Operator:Role", "District")];
        if (set is null) settings.RemoveAt(0);
        else if (key == "Operator:Id") settings.RemoveAt(1);
        else if (key == "Operator:Union") settings.RemoveAt(2);
        else settings = [.. settings.Where(setting => setting.Key != set), (set, value!)];
        application = Configured([.. settings]);
        var mistake = await Assert.ThrowsAsync<OptionsValidationException>(() => application.StartAsync(Cancel));
        Assert.Contains($"Union:Client:{key}", mistake.Message, StringComparison.Ordinal);
        application.Dispose();
        application = null;
    }

    [Fact]
    public async Task Who_finds_the_cluster_otherwise_gets_the_same_client()
    {
        await Serve();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.AddUnionClient(
            client =>
            {
                client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("union", "union"));
                client.UseStaticClustering(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, gateway));
            },
            options => (options.Operator, options.ClusterId) = (District.Officer, "overridden"));
        application = builder.Build();
        await application.StartAsync(Cancel);
        Assert.True((await application.Services.GetRequiredService<IUnionClient>().Unions.Send(District.Federation, District.Founding, cancel: Cancel)).Accepted);
    }

    [Fact]
    public async Task The_health_of_a_union_in_the_same_process_is_told_too()
    {
        silo = await RunningUnion.Embedded(folder.File("union.db"), configure: builder => builder.Services.AddHealthChecks().AddUnion());
        Assert.Equal(HealthStatus.Healthy, (await silo.Get<HealthCheckService>().CheckHealthAsync(Cancel)).Entries[UnionHealthExtensions.Name].Status);
    }

    public async ValueTask DisposeAsync()
    {
        if (application is not null)
        {
            await application.StopAsync();
            application.Dispose();
        }

        if (silo is not null) await silo.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private static async IAsyncEnumerable<BulkRow<UnionId, UnionCommand>> Rows(UnionId id)
    {
        await Task.CompletedTask;
        yield return new(id, new UnionCommand.SetUpFederation("示例区总工会", UnionLevel.District, UnionKind.Federation));
    }

    private static IHost Configured(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.Sources.Add(new MemoryConfigurationSource { InitialData = settings.Select(setting => KeyValuePair.Create($"Union:Client:{setting.Key}", (string?)setting.Value)) });
        builder.AddUnionClient();
        return builder.Build();
    }

    private async Task Serve() => silo = await RunningUnion.Embedded(folder.File("union.db"), gateway);

    private async Task<IUnionClient> Connect(Action<UnionClientOptions>? configure = null)
    {
        application = await RunningUnion.ClientOf(
            [gateway],
            options =>
            {
                (options.Operator, options.LongestPause) = (District.Officer, TimeSpan.FromMilliseconds(300));
                configure?.Invoke(options);
            },
            builder => builder.Services.AddHealthChecks().AddUnion());
        return application.Services.GetRequiredService<IUnionClient>();
    }

    private async Task<HealthReportEntry> Health() => (await application!.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Entries[UnionHealthExtensions.Name];
}
