using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UnionClient;
using UnionGrains.Kernel;
using UnionSilo.Hosting;

namespace UnionTestKit;

/// <summary>
/// A whole union inside a test: silo, rules, database and client, as they run in production, on a SQLite file of its own that goes when this is disposed. It needs nothing installed and
/// no network but the loopback address; several may run at once.
/// </summary>
public sealed class TestUnion : IAsyncDisposable
{
    /// <summary>The day on which a union begins unless told: Monday, 3 March 2025.</summary>
    public static readonly DateOnly FirstDay = new(2025, 3, 3);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("test-union-");
    private readonly Action<IHostApplicationBuilder>? configure;
    private IHost host;
    private bool disposed;

    private TestUnion(DateOnly today, Action<IHostApplicationBuilder>? configure)
    {
        (Clock, this.configure) = (new(today), configure);
        host = Build();
    }

    /// <summary>The client, as an application gets it. A new one after <see cref="Restart"/>.</summary>
    public IUnionClient Client => Services.GetRequiredService<IUnionClient>();

    /// <summary>The clock of business: what "today" is for the rules.</summary>
    public TestClock Clock { get; }

    /// <summary>The services of the host.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>The file of the database.</summary>
    public string File => Path.Combine(folder.FullName, "union.db");

    /// <summary>Starts a union that holds nothing yet.</summary>
    /// <param name="today">The business date at the start; <see cref="FirstDay"/> unless given.</param>
    /// <param name="configure">Changes to the host before the union is added to it, for example options, logging or services of the application.</param>
    /// <param name="cancel">Gives up the start.</param>
    public static async Task<TestUnion> Start(DateOnly? today = null, Action<IHostApplicationBuilder>? configure = null, CancellationToken cancel = default)
    {
        var union = new TestUnion(today ?? FirstDay, configure);
        try
        {
            await union.host.StartAsync(cancel);
            return union;
        }
        catch
        {
            await union.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the union and starts it anew on the same file, as after an update of the application: what was acknowledged is there still.</summary>
    public async Task Restart(CancellationToken cancel = default)
    {
        await Stop();
        host = Build();
        await host.StartAsync(cancel);
    }

    /// <summary>A small made-up district, set up through the client like any other.</summary>
    /// <param name="plan">How many of each; one subdistrict, one union, one unit and three members unless given.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<TestDistrict> Found(TestDistrictPlan? plan = null, CancellationToken cancel = default) => TestDistrict.Found(Client, Clock.Today, plan, cancel);

    /// <summary>Stops the union and deletes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true)) return;
        await Stop();
        // An open file cannot be deleted everywhere, and pools keep theirs open.
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    private IHost Build()
    {
        // No console, no configuration files: tests start many of these.
        var builder = Host.CreateEmptyApplicationBuilder(new());
        // Under the union's own key, and not as the clock of everything: Orleans' timers must go on.
        builder.Services.AddKeyedSingleton<TimeProvider>(AggregateKernel.ClockKey, Clock);
        configure?.Invoke(builder);
        builder.AddEmbeddedUnion(union => union.File = File);
        return builder.Build();
    }

    private async Task Stop()
    {
        await host.StopAsync(CancellationToken.None);
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }
}
