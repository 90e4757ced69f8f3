using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using Orleans.Dashboard;
using UnionSilo.Hosting;

namespace UnionSilo.Commands;

/// <summary><c>union-silo run</c>: one silo, until it is told to stop.</summary>
internal static class Run
{
    /// <summary>The environment variable that holds the master keys.</summary>
    public const string KeyVariable = "UNION_KEY";

    /// <summary>The environment variable that names the file which holds the master keys.</summary>
    public const string KeyFileVariable = "UNION_KEY_FILE";

    public static Command Command()
    {
        var command = new Command("run", $"Runs one silo until Ctrl+C or SIGTERM. On postgres it joins the cluster of that database; the master keys are read from {KeyVariable} or from the file that {KeyFileVariable} names: one or several, each Base64 of 32 bytes, between commas or line breaks, the newest first.");
        var store = new StoreOptions();
        store.AddTo(command);
        var cluster = Option("--cluster-id", "Names the silos that work together.", "union");
        var name = Option("--name", "First part of the silo's name.", "silo");
        var address = Option("--address", "The address on which silo, gateway and health listen.", "127.0.0.1");
        var siloPort = Option("--silo-port", "Port between silos; 0 picks a free one.", 11111);
        var gatewayPort = Option("--gateway-port", "Port for clients; 0 picks a free one.", 30000);
        var healthPort = Option("--health-port", "Port of /health/live and /health/ready; 0 picks a free one.", 8080);
        var deadAfter = Option("--dead-after", "Seconds of silence after which a silo is declared dead.", 15);
        var keepSchema = new Option<bool>("--keep-schema") { Description = "Do not upgrade the schema; refuse to start when it is older." };
        var dashboard = new Option<bool>("--dashboard") { Description = "Serve Orleans' dashboard under /dashboard on the health port. It has no authentication of its own: keep it on loopback." };
        foreach (var option in (Option[])[cluster, name, address, siloPort, gatewayPort, healthPort, deadAfter, keepSchema, dashboard]) command.Add(option);

        command.SetAction(async (parsed, cancel) =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration["urls"] = $"http://{parsed.GetValue(address)}:{parsed.GetValue(healthPort)}";
            // They tell every step of their start as information.
            builder.Logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
            if (store.IsPostgres(parsed))
            {
                builder.AddPostgresUnion(union =>
                {
                    union.ConnectionString = store.ConnectionString(parsed);
                    Keys(union, builder.Configuration);
                    (union.ClusterId, union.Name, union.Address) = (parsed.GetValue(cluster)!, parsed.GetValue(name)!, parsed.GetValue(address)!);
                    (union.SiloPort, union.GatewayPort) = (parsed.GetValue(siloPort), parsed.GetValue(gatewayPort));
                    (union.DeadAfter, union.UpgradeSchema) = (TimeSpan.FromSeconds(parsed.GetValue(deadAfter)), !parsed.GetValue(keepSchema));
                });
            }
            else
            {
                builder.AddEmbeddedUnion(union =>
                {
                    union.File = store.File(parsed);
                    (union.ClusterId, union.SiloPort, union.GatewayPort) = (parsed.GetValue(cluster)!, parsed.GetValue(siloPort), parsed.GetValue(gatewayPort));
                });
            }

            builder.Services.AddHealthChecks().AddCheck<StoreHealth>("store", tags: ["ready"]);
            Telemetry(builder);
            if (parsed.GetValue(dashboard)) builder.UseOrleans(silo => silo.AddDashboard());

            await using var app = builder.Build();
            app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
            app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") });
            if (parsed.GetValue(dashboard)) app.MapOrleansDashboard("/dashboard");
            await app.StartAsync(cancel);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"union-silo is ready: {string.Join(' ', app.Urls)}");
            using var stopped = cancel.Register(app.Lifetime.StopApplication);
            await app.WaitForShutdownAsync(CancellationToken.None);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The options of a silo as far as they say where its master keys are.</summary>
    public static PostgresUnionOptions Configured(IConfiguration configuration)
    {
        var options = new PostgresUnionOptions();
        configuration.GetSection("Union:Silo").Bind(options);
        Keys(options, configuration);
        return options;
    }

    private static void Keys(PostgresUnionOptions union, IConfiguration configuration) =>
        (union.MasterKey, union.MasterKeyFile) = (configuration[KeyVariable] ?? union.MasterKey, configuration[KeyFileVariable] ?? union.MasterKeyFile);

    // Exported only where an endpoint is configured (OTEL_EXPORTER_OTLP_ENDPOINT).
    private static void Telemetry(WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("UnionActors.*", "Microsoft.Orleans", "Npgsql"))
            .WithTracing(traces => traces.AddSource("Microsoft.Orleans.*"))
            .UseOtlpExporter();
    }

    private static Option<T> Option<T>(string name, string description, T usual) => new(name) { Description = $"{description} Default: {usual}.", DefaultValueFactory = _ => usual };
}
