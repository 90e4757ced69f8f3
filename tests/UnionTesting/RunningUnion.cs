using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using UnionClient;
using UnionGrains.Kernel;
using UnionSilo.Hosting;

namespace UnionTesting;

/// <summary>A silo with its client in this process, as an application hosts it. Stopped and gone when disposed.</summary>
public sealed class RunningUnion : IAsyncDisposable
{
    private readonly IHost host;
    private readonly string? connectionString;
    private bool stopped;

    private RunningUnion(IHost host, string? connectionString) => (this.host, this.connectionString) = (host, connectionString);

    /// <summary>The client.</summary>
    public IUnionClient Client => Get<IUnionClient>();

    /// <summary>The silo's store.</summary>
    public WatchedStore Store => (WatchedStore)Get<IJournalStore>();

    /// <summary>The streams with an activation.</summary>
    public ActiveStreams Active => Get<ActiveStreams>();

    /// <summary>The silo's journal.</summary>
    public Journal Journal => Get<Journal>();

    /// <summary>Silo and client on a SQLite file.</summary>
    /// <param name="file">The file; made when it is missing.</param>
    /// <param name="gateway">The port for clients; 0 (default) picks a free one.</param>
    /// <param name="configure">Changes to the host, for example services that are there before the silo's own.</param>
    public static Task<RunningUnion> Embedded(string file, int gateway = 0, Action<HostApplicationBuilder>? configure = null) =>
        Start(builder => builder.AddEmbeddedUnion(union => (union.File, union.GatewayPort) = (file, gateway)), configure);

    /// <summary>A silo on PostgreSQL.</summary>
    /// <param name="connectionString">A database whose schema is up to date.</param>
    /// <param name="gateway">The port for clients; 0 (default) picks a free one.</param>
    /// <param name="configure">Changes to the host, for example services that are there before the silo's own.</param>
    /// <param name="cluster">The silos that know of each other.</param>
    public static Task<RunningUnion> Postgres(string connectionString, int gateway = 0, Action<HostApplicationBuilder>? configure = null, string cluster = "union") =>
        Start(
            builder =>
            {
                builder.AddPostgresUnion(union =>
                {
                    (union.ConnectionString, union.MasterKey) = (connectionString, Convert.ToBase64String(new byte[32]));
                    (union.SiloPort, union.GatewayPort, union.UpgradeSchema, union.DeadAfter, union.ClusterId) = (0, gateway, false, TimeSpan.FromSeconds(2), cluster);
                });
            },
            configure,
            connectionString);

    /// <summary>A client of a cluster in a host of its own, as another application has it.</summary>
    /// <param name="gateways">The ports of the silos' gateways on this machine.</param>
    /// <param name="configure">Changes to the options.</param>
    /// <param name="more">Changes to the host.</param>
    public static async Task<IHost> ClientOf(int[] gateways, Action<UnionClientOptions>? configure = null, Action<HostApplicationBuilder>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.AddUnionClient(options =>
        {
            options.Gateways = [.. gateways.Select(port => $"127.0.0.1:{port}")];
            configure?.Invoke(options);
        });
        more?.Invoke(builder);
        var application = builder.Build();
        await application.StartAsync();
        return application;
    }

    /// <summary>A service of the silo.</summary>
    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    /// <summary>Ends every activation, as idleness would, and returns when none is left.</summary>
    public async Task Rest(CancellationToken cancel)
    {
        var management = Get<IGrainFactory>().GetGrain<IManagementGrain>(0);
        do
        {
            cancel.ThrowIfCancellationRequested();
            await management.ForceActivationCollection(TimeSpan.Zero);
        }
        while (Active.Count > 0);
    }

    /// <summary>The whole of one stream as it is stored.</summary>
    public async Task<IReadOnlyList<JournalEntry>> Stored(string stream, CancellationToken cancel) =>
        [.. (await Store.Inner.Read([new(stream, 0, 1_000_000)], cancel))[0].Entries];

    /// <summary>Stops the silo as an operator does, and gives its database free.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref stopped, true)) return;
        await host.StopAsync();
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        if (connectionString is null) return;
        // Orleans leaves its connections in their pool, and a server has room for few.
        await using var pooled = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(pooled);
    }

    private static async Task<RunningUnion> Start(Action<HostApplicationBuilder> union, Action<HostApplicationBuilder>? configure, string? connectionString = null)
    {
        // No console, no configuration, no file watchers: tests run many of these.
        var builder = Host.CreateEmptyApplicationBuilder(new());
        configure?.Invoke(builder);
        union(builder);
        var store = builder.Services.Last(service => service.ServiceType == typeof(IJournalStore));
        builder.Services.Remove(store);
        builder.Services.AddSingleton<IJournalStore>(provider => new WatchedStore((IJournalStore)store.ImplementationFactory!(provider)));
        var application = builder.Build();
        await application.StartAsync();
        return new(application, connectionString);
    }
}
