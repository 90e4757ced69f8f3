using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using UnionClient;
using UnionSilo.Hosting;

namespace UnionSilo.Commands;

/// <summary>The options of a command that works as a client: which union is meant.</summary>
internal sealed class ConnectionOptions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly StoreOptions store = new();
    private readonly Option<string> cluster = new("--cluster-id") { Description = "The cluster to connect to (postgres). Default: union.", DefaultValueFactory = _ => "union" };

    /// <summary>Adds the options to a command and checks that they fit together.</summary>
    public void AddTo(Command command)
    {
        store.AddTo(command);
        command.Add(cluster);
    }

    /// <summary>Works with the union: on a file the union itself, in this process; on PostgreSQL a client of the silos that run.</summary>
    /// <exception cref="IOException">No silo answers.</exception>
    public async Task<T> Use<T>(ParseResult parsed, Func<IUnionClient, Task<T>> work, CancellationToken cancel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        if (!store.IsPostgres(parsed)) builder.AddEmbeddedUnion(union => union.File = store.File(parsed));
        else
        {
            builder.AddUnionClient(client =>
            {
                client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (parsed.GetValue(cluster)!, "union"));
                client.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = ("Npgsql", store.ConnectionString(parsed)));
            });
        }

        using var host = builder.Build();
        await Start(host, cancel);
        try
        {
            return await work(host.Services.GetRequiredService<IUnionClient>());
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    // Orleans itself would go on looking for a gateway for minutes.
    private static async Task Start(IHost host, CancellationToken cancel)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Patience);
            await host.StartAsync(limit.Token).WaitAsync(limit.Token);
            if (host.Services.GetService<IUnionConnection>() is { } connection) await connection.WhenOpen(Patience, limit.Token);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested
            && failure is OperationCanceledException or UnionFault or SiloUnavailableException or OrleansMessageRejectionException or Orleans.Runtime.Messaging.ConnectionFailedException)
        {
            throw new IOException("No silo of this cluster answers: start one with `union-silo run`, or name its --cluster-id.", failure);
        }
    }
}
