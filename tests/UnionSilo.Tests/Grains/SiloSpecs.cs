using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Placement;
using UnionClient;
using UnionClient.Employers;
using UnionDomain;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionGrains.Kernel;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Grains;

/// <summary>Specs that run on silos of their own, on either database.</summary>
public abstract class SiloSpecs(SharedPostgres postgres) : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<RunningUnion> silos = [];
    private string? connectionString;

    /// <summary>The first unit's stream.</summary>
    protected const string Stream = "employer/E-0001";

    protected static readonly EmployerId Unit = District.Unit(1);

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected string File => folder.File("union.db");

    protected string ConnectionString => connectionString ??= postgres.Database();

    /// <summary>A silo on this spec's database. The first one founds the district and its first unit.</summary>
    protected async Task<RunningUnion> Start(string store, Action<JournalOptions>? limits = null, string? database = null, string cluster = "union")
    {
        connectionString ??= database;
        var silo = store == "postgres"
            ? await RunningUnion.Postgres(ConnectionString, configure: builder => builder.Services.Configure(limits ?? (_ => { })), cluster: cluster)
            : await RunningUnion.Embedded(File, configure: builder => builder.Services.Configure(limits ?? (_ => { })));
        silos.Add(silo);
        Accepted(await silo.Client.Found());
        Accepted(await silo.Client.Send(Unit, District.Registration(1)));
        return silo;
    }

    /// <summary>The grain itself, without the client's repeats.</summary>
    protected static IEmployerGrain Grain(RunningUnion silo, EmployerId? unit = null) => silo.Get<IGrainFactory>().GetGrain<IEmployerGrain>((unit ?? Unit).Stream.ToString());

    /// <summary>Calls so that an activation which is not there yet comes to be on that silo.</summary>
    protected static async Task<T> On<T>(SiloAddress silo, Func<Task<T>> call)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            return await call();
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }

    protected static Envelope<EmployerCommand> Command(EmployerCommand command, Guid? id = null) => new(id ?? Guid.CreateVersion7(), command, District.Officer);

    protected static Envelope<EmployerCommand> Report(int headcount, Guid? id = null) => Command(new EmployerCommand.ReportHeadcount(headcount), id);

    protected static Reply<TView> Accepted<TView>(Reply<TView> reply)
    {
        Assert.Null(reply.Refusal);
        return reply;
    }

    protected static async Task<UnionFault> Fault(Task asked)
    {
        var fault = await Assert.ThrowsAsync<UnionFault>(() => asked);
        Assert.True(fault.Retryable);
        return fault;
    }

    /// <summary>Holds the next commit of the first unit, then does with it what is told.</summary>
    protected static Gate Hold(RunningUnion silo, Func<WatchedCommit, Task<GroupOutcome>> then)
    {
        var (gate, held) = (new Gate(), 0);
        silo.Store.OnCommit = async commit =>
        {
            if (!commit.Has(Stream) || Interlocked.Exchange(ref held, 1) == 1) return await commit.Apply();
            await gate.Wait();
            return await then(commit);
        };
        return gate;
    }

    /// <summary>Each command of the stream is there once, versions run without a gap, and everything derived agrees with the journal.</summary>
    protected async Task<IReadOnlyList<JournalEntry>> Sound(RunningUnion silo, string stream, IEnumerable<Guid> commands)
    {
        var stored = await silo.Stored(stream, Cancel);
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(entry => entry.Version));
        Assert.Equal(commands.Order(), stored.Skip(1).Select(entry => entry.CommandId).Order());
        Assert.Empty(await Verify());
        return stored;
    }

    /// <summary>What is not as it should be in the whole database.</summary>
    protected async Task<ImmutableArray<Finding>> Verify()
    {
        await using var database = connectionString is null ? Database.Sqlite(File) : Database.Postgres(connectionString);
        return await new Verification(database, Rooms.All).Run(null, Cancel);
    }

    /// <summary>Another writer adds one event to the first unit's stream, past the silo.</summary>
    protected static async Task AppendOutside(RunningUnion silo, int headcount)
    {
        var room = Room<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>.Instance;
        var past = await silo.Stored(Stream, Cancel);
        var today = BusinessCalendar.Today(TimeProvider.System);
        var (_, consequences) = room.Apply(
            past.Select(entry => room.EventCodec.Read(entry.Event)).Aggregate(Employer.Initial, Employer.Evolve), [new EmployerEvent.HeadcountReported(headcount, null, null, today)]);
        await using var writer = await silo.Store.Inner.OpenWriter(0, Cancel);
        var outcome = await writer.Commit(
        [
            new()
            {
                Stream = Stream, ExpectedVersion = past.Count, Token = new(), CommandId = Guid.CreateVersion7(), CommandHash = 0, Operator = "District:op-2@U-desk",
                BusinessOn = today, RecordedAt = BusinessCalendar.StartOf(today), Consequences = consequences,
            },
        ], false, Cancel);
        Assert.True(outcome.Committed);
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var silo in silos) await silo.DisposeAsync();
        SqliteConnection.ClearAllPools();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
