using Microsoft.Extensions.Logging;
using UnionClient;

namespace UnionGrains.Kernel;

/// <summary>
/// How this silo stands among the others. Whoever commits past the activations tells every silo, and trusts that a silo which cannot be told serves nothing:
/// each confirms over and over that the table of members still takes it for alive, and stops serving when its last confirmation is older than a limit;
/// who sees another one declared dead waits for that limit before answering.
/// </summary>
public sealed partial class Membership : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ActiveStreams active;
    private readonly Cluster? cluster;
    private readonly TimeProvider clock;
    private readonly ILogger<Membership> log;
    private readonly Dictionary<SiloAddress, long> dead = []; // when each was first seen dead or gone; guarded by itself
    private readonly CancellationTokenSource stop = new();
    private Task watch = Task.CompletedTask;
    private long confirmedUntil;

    /// <summary>The standing of a silo that is alone on its database, or of one of a cluster.</summary>
    internal Membership(ActiveStreams active, Cluster? cluster, TimeProvider clock, ILogger<Membership> log)
    {
        (this.active, this.cluster, this.clock, this.log) = (active, cluster, clock, log);
        confirmedUntil = cluster is null ? long.MaxValue : 0;
    }

    /// <summary>
    /// Whether this silo may decide and show. Asked with every command: the clock is a counter in memory. A flag set by a timer would still stand in the moment
    /// a stopped process goes on.
    /// </summary>
    public bool IsConfirmed => Volatile.Read(ref confirmedUntil) is var until && (until == long.MaxValue || Now <= until);

    /// <summary>
    /// Says on every silo that the streams hold at least these versions. Afterwards no activation of any silo shows less. What is told must be committed already:
    /// a silo that becomes active later reads it.
    /// </summary>
    /// <exception cref="UnionFault"><c>not-confirmed</c>: this silo is taken for dead, or another one neither answered nor was declared dead; or <c>store-unavailable</c>.</exception>
    public async Task Tell(IReadOnlyList<StreamVersion> held)
    {
        foreach (var (stream, version) in held) active.Raise(stream, version);
        if (cluster is null || held.Count == 0) return;

        // Read after the commit, not taken from what was known before it: a silo may have become active meanwhile.
        var others = await Look();
        await Task.WhenAll(others.Where(other => other.Value is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping).Select(other => Tell(other.Key, held)));
        await Silence();
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer)
    {
        // Before grains are served, until after they are gone.
        if (cluster is not null) observer.Subscribe(nameof(Membership), ServiceLifecycleStage.ApplicationServices, Start, Stop);
    }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();

    // Milliseconds since some moment of this process; only differences mean anything.
    private long Now => (long)clock.GetElapsedTime(0).TotalMilliseconds;

    private async Task Start(CancellationToken cancel)
    {
        await TryConfirm();
        watch = Task.Run(Watch, CancellationToken.None);
    }

    private async Task Stop(CancellationToken cancel)
    {
        await stop.CancelAsync();
        await watch;
        Volatile.Write(ref confirmedUntil, 0);
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(cluster!.Limit / 4);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token)) await TryConfirm();
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task TryConfirm()
    {
        try
        {
            await Look();
        }
        catch (UnionFault)
        {
            // Told already; the limit does the rest.
        }
    }

    private async Task Tell(SiloAddress silo, IReadOnlyList<StreamVersion> held)
    {
        var begun = Now;
        while (true)
        {
            try
            {
                await cluster!.Streams(silo).Raise(held).WaitAsync(cluster.Limit);
                return;
            }
            catch (Exception failure) when (failure is TimeoutException or OrleansException)
            {
                LogUntold(failure.GetType().Name);
            }

            await Task.Delay(Pause, clock);
            var now = await Look();
            if (!now.TryGetValue(silo, out var status)) Bury(silo);
            if (!now.ContainsKey(silo) || status == SiloStatus.Dead) return;
            if (Now - begun > Patience.TotalMilliseconds) throw Faults.NotConfirmed();
        }
    }

    /// <summary>Waits until whoever was seen dead has surely stopped serving: it may not know yet.</summary>
    private async Task Silence()
    {
        long newest;
        lock (dead) newest = dead.Count == 0 ? 0 : dead.Values.Max();
        if (newest == 0) return;
        // A tenth more, because two machines do not count alike.
        var left = newest + (cluster!.Limit.TotalMilliseconds * 1.1) - Now;
        if (left > 0) await Task.Delay(TimeSpan.FromMilliseconds(left), clock);
    }

    /// <summary>The other silos as the table has them now. It confirms this one by the way.</summary>
    private async Task<Dictionary<SiloAddress, SiloStatus>> Look()
    {
        var asked = Now;
        MembershipTableData table;
        try
        {
            table = await cluster!.Table.ReadAllAsync(stop.Token).WaitAsync(cluster.Limit);
        }
        catch (Exception failure)
        {
            LogUnread(failure.GetType().Name);
            throw Faults.StoreUnavailable();
        }

        var all = table.Members.ToDictionary(member => member.Item1.SiloAddress, member => member.Item1.Status);
        foreach (var (silo, status) in all)
            if (status == SiloStatus.Dead) Bury(silo);
        if (!all.Remove(cluster.Self, out var own) || own == SiloStatus.Dead)
        {
            Volatile.Write(ref confirmedUntil, 0);
            throw Faults.NotConfirmed();
        }

        // Alive when it was asked, not when the answer came.
        var until = asked + (long)cluster.Limit.TotalMilliseconds;
        for (var known = Volatile.Read(ref confirmedUntil); known < until;)
            if (Interlocked.CompareExchange(ref confirmedUntil, until, known) is var found && found != known) known = found;
            else break;
        return all;
    }

    private void Bury(SiloAddress silo)
    {
        lock (dead) dead.TryAdd(silo, Now);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The table of members could not be read ({Failure}).")]
    private partial void LogUnread(string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another silo could not be told what was committed ({Failure}); it is told again until it is declared dead.")]
    private partial void LogUntold(string failure);

    /// <summary>The other silos.</summary>
    /// <param name="Self">This one.</param>
    /// <param name="Limit">How long a confirmation holds.</param>
    /// <param name="Table">Who is a member.</param>
    /// <param name="Streams">The active streams of one of them.</param>
    internal sealed record Cluster(SiloAddress Self, TimeSpan Limit, IMembershipTable Table, Func<SiloAddress, ISiloStreams> Streams);
}
