using UnionSilo.Persistence;
using UnionSilo.Tests;
using UnionTesting;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace UnionSilo.Tests;

/// <summary>One server for all tests of this program; each test takes a database of its own.</summary>
public class SharedPostgres : IDisposable
{
    private readonly Lazy<PostgresServer> server = new(() => PostgresServer.Create());
    private readonly Lazy<string> template;

    public SharedPostgres() => template = new(() => server.Value.CreateTemplate(database => Schema.Postgres(database).Upgrade()));

    public PostgresServer Server => server.Value;

    public string EmptyDatabase() => Server.CreateDatabase();

    /// <summary>A database whose schema is up to date.</summary>
    public string Database() => Server.CreateDatabase(template.Value);

    public void Dispose()
    {
        if (server.IsValueCreated) server.Value.Dispose();
        GC.SuppressFinalize(this);
    }
}
