using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionSilo.Hosting;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Hosting;

/// <summary>How a union starts, and when it refuses to.</summary>
public sealed class HostingSpecs(SharedPostgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string Key = Convert.ToBase64String(new byte[32]);

    [Fact]
    public async Task An_embedded_union_keeps_what_it_acknowledged_over_a_restart_and_its_files_to_their_owner()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("union.db");
        var department = new Operator("op", new("D-01"), Role.District);
        for (var start = 1; start <= 2; start++)
        {
            using var host = Embedded(file);
            await host.StartAsync(TestContext.Current.CancellationToken);
            var reply = await host.Services.GetRequiredService<IUnionClient>().Unions.Send(
                new("D-01"), new UnionCommand.SetUpFederation("示例区总工会", UnionLevel.District, UnionKind.Federation), new() { Operator = department }, TestContext.Current.CancellationToken);
            Assert.Null(reply.Refusal);
            Assert.Equal(1, reply.Version);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        if (OperatingSystem.IsWindows()) return;
        foreach (var name in (string[])["union.db", "union.db.key", "union.db.snapshots"])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File(name)));
    }

    [Fact]
    public async Task A_second_union_on_the_same_file_is_refused_and_the_first_goes_on()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("union.db");
        using var first = Embedded(file);
        await first.StartAsync(TestContext.Current.CancellationToken);
        var failure = Assert.ThrowsAny<IOException>(() => Embedded(file));
        Assert.Contains("union.db", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await first.Services.GetRequiredService<IUnionClient>().Unions.Get(new("D-01"), cancel: TestContext.Current.CancellationToken)).Version);
        await first.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all")]
    public void A_silo_of_a_cluster_without_a_whole_master_key_does_not_start_and_says_which(string key)
    {
        var failure = Assert.Throws<InvalidDataException>(() => Host.CreateEmptyApplicationBuilder(null).AddPostgresUnion(union => (union.ConnectionString, union.MasterKey) = (postgres.Database(), key)));
        Assert.Contains("Union:Silo:MasterKey", failure.Message, StringComparison.Ordinal);
        if (key.Length > 0) Assert.DoesNotContain(key, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Union:Embedded:File", "")]
    [InlineData("Union:Embedded:ClusterId", " ")]
    [InlineData("Union:Embedded:SiloPort", "-1")]
    [InlineData("Union:Embedded:GatewayPort", "65536")]
    [InlineData("Union:Silo:ClusterId", "")]
    [InlineData("Union:Silo:ServiceId", "")]
    [InlineData("Union:Silo:Name", "")]
    [InlineData("Union:Silo:Address", "gateway.example")]
    [InlineData("Union:Silo:SiloPort", "65536")]
    [InlineData("Union:Silo:GatewayPort", "-1")]
    [InlineData("Union:Silo:DeadAfter", "00:00:00")]
    public void A_mistake_in_the_options_is_told_by_its_key_before_any_database_is_opened(string key, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.Sources.Add(new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = [new(key, value), new("Union:Silo:ConnectionString", "Host=nowhere.invalid"), new("Union:Silo:MasterKey", Key)],
        });
        var mistake = Assert.Throws<OptionsValidationException>(() => key.StartsWith("Union:Silo", StringComparison.Ordinal) ? builder.AddPostgresUnion() : builder.AddEmbeddedUnion());
        Assert.Contains(key, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_silo_without_a_database_does_not_start_and_says_so() =>
        Assert.Contains("UNION_CONNECTION", Assert.Throws<InvalidDataException>(() => Host.CreateEmptyApplicationBuilder(null).AddPostgresUnion(union => union.MasterKey = Key)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_silo_told_to_keep_the_schema_does_not_start_on_an_older_one() =>
        Assert.Contains("db upgrade", Assert.Throws<InvalidDataException>(() => Host.CreateEmptyApplicationBuilder(null).AddPostgresUnion(union =>
            (union.ConnectionString, union.MasterKey, union.UpgradeSchema) = (postgres.EmptyDatabase(), Key, false))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_silo_does_not_start_on_a_database_that_may_lose_acknowledged_commits()
    {
        using var unsafeServer = PostgresServer.Create(new Dictionary<string, string> { ["fsync"] = "off" });
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddPostgresUnion(union => (union.ConnectionString, union.MasterKey, union.SiloPort, union.GatewayPort) = (unsafeServer.CreateDatabase(), Key, 0, 0));
        using var host = builder.Build();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("fsync", failure.GetBaseException().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task The_command_line_runs_a_silo_until_it_is_told_to_stop(string store)
    {
        using var folder = new TemporaryFolder();
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = folder.Path };
        foreach (var argument in (string[])[typeof(Schema).Assembly.Location, "run", "--store", store, "--silo-port", "0", "--gateway-port", "0", "--health-port", "0"]) start.ArgumentList.Add(argument);
        start.Environment["UNION_KEY"] = Key;
        if (store == "postgres") start.Environment["UNION_CONNECTION"] = postgres.Database();
        using var silo = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            string? line;
            do line = await silo.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The silo ended before it was ready.");
            while (!line.StartsWith("union-silo is ready: ", StringComparison.Ordinal));

            using var http = new HttpClient { BaseAddress = new(line.Split(' ')[^1]) };
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", patience.Token)).StatusCode);
            Assert.Equal("Healthy", await http.GetStringAsync("/health/ready", patience.Token));

            using var term = Process.Start("kill", ["-TERM", $"{silo.Id}"]);
            await silo.WaitForExitAsync(patience.Token);
            Assert.Equal(0, silo.ExitCode);
        }
        finally
        {
            if (!silo.HasExited) silo.Kill(entireProcessTree: true);
        }
    }

    private static IHost Embedded(string file)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddEmbeddedUnion(union => union.File = file);
        return builder.Build();
    }
}
