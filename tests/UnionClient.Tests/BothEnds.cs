using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using UnionSilo.Hosting;
using UnionTesting;

namespace UnionClient.Tests;

/// <summary>The services of a silo and of a client as their hosts hold them, neither of them started: what crosses between the two is tried without a wire.</summary>
public abstract class BothEnds : IDisposable
{
    private readonly TemporaryFolder folder = new();

    protected BothEnds()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.AddEmbeddedUnion(union => union.File = folder.File("union.db"));
        Silo = builder.Build();
        builder = Host.CreateEmptyApplicationBuilder(new());
        builder.AddUnionClient(cluster => cluster.UseLocalhostClustering());
        Client = builder.Build();
    }

    protected IHost Silo { get; }

    protected IHost Client { get; }

    public void Dispose()
    {
        Silo.Dispose();
        Client.Dispose();
        SqliteConnection.ClearAllPools();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
