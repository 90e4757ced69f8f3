using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>Limits and patience of the <see cref="Journal"/>.</summary>
public sealed class JournalOptions
{
    /// <summary>How many appends may be under way in one silo; default 20,000. Beyond it commands are answered with <c>overloaded</c> before they are decided.</summary>
    public int Slots { get; set; } = 20_000;

    /// <summary>The most appends that one transaction carries; default 1,000.</summary>
    public int GroupSize { get; set; } = 1_000;

    /// <summary>How long appends wait for a database that is away before they fail; default 10 s. Appends with an unknown outcome wait on.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two attempts; default 1 s.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most streams that one read gathers; default 256.</summary>
    public int ReadSize { get; set; } = 256;
}

/// <summary>What became of an append.</summary>
/// <param name="Claim">The key that another stream holds, when that is why it did not commit.</param>
/// <param name="Holder">The stream that holds it.</param>
/// <param name="Fault">Another reason why it certainly did not commit; null when it did, or when a claim was taken.</param>
public sealed record AppendOutcome(ClaimKey? Claim = null, string? Holder = null, UnionFault? Fault = null)
{
    /// <summary>The events are durable.</summary>
    public static readonly AppendOutcome Done = new();

    /// <summary>Whether the events are durable.</summary>
    public bool Committed => this == Done;
}

/// <summary>
/// The journal of one silo: gathers the appends of all its grains and commits them in groups. An append is reported failed only when it
/// certainly did not commit; after that nothing of its activation commits. Appends of one stream commit in the order they were handed in.
/// </summary>
public sealed partial class Journal : IAsyncDisposable
{
    private readonly IJournalStore store;
    private readonly JournalOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<Journal> log;
    private readonly JournalShard[] shards;
    private readonly GatheredReads<StreamRequest, StreamSlice> reads;
    private readonly GatheredReads<string, WrappedKey?> keys;
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> loops = [];
    private readonly SemaphoreSlim free;
    private volatile bool stopping;
    private long closedThrough = long.MinValue;
    private int closing = -1;

    /// <summary>A journal over a database; it works after <see cref="Start"/>.</summary>
    public Journal(IJournalStore store, JournalOptions options, TimeProvider clock, ILogger<Journal> log, IMeterFactory? meters = null)
    {
        (this.store, this.options, this.clock, this.log) = (store, options, clock, log);
        free = new(options.Slots);
        reads = new(store.Read, options.ReadSize, LogReadFailed, stop.Token);
        keys = new(store.ReadKeys, options.ReadSize, LogReadFailed, stop.Token);
        shards = [.. Enumerable.Range(0, store.Writers).Select(number => new JournalShard(this, number))];
        var meter = meters?.Create("UnionActors.Journal");
        GroupSizes = meter?.CreateHistogram<int>("union.journal.group.size", "{append}", "Appends that one transaction carried.");
        GroupTimes = meter?.CreateHistogram<double>("union.journal.group.duration", "ms", "Time of one committed group.");
        meter?.CreateObservableGauge("union.journal.pending", () => options.Slots - free.CurrentCount, "{append}", "Appends under way.");
    }

    /// <summary>The last day of the newest frozen period, as far as this silo knows; the store stamps every fact with the truth.</summary>
    public DateOnly? ClosedThrough => Volatile.Read(ref closedThrough) is var day and not long.MinValue ? DateOnly.FromDayNumber((int)day) : null;

    internal Histogram<int>? GroupSizes { get; }

    internal Histogram<double>? GroupTimes { get; }

    internal JournalOptions Options => options;

    internal IJournalStore Store => store;

    internal TimeProvider Clock => clock;

    internal ILogger Log => log;

    internal CancellationToken Stopped => stop.Token;

    /// <summary>Begins to serve.</summary>
    public async Task Start(CancellationToken cancel)
    {
        await RefreshClosing(cancel);
        foreach (var shard in shards) loops.Add(Task.Run(shard.Run, CancellationToken.None));
        // Two queries under way keep a reader busy while another's rows are folded.
        for (var i = 0; i < 2; i++) loops.Add(Task.Run(reads.Serve, CancellationToken.None));
        loops.Add(Task.Run(keys.Serve, CancellationToken.None));
    }

    /// <summary>Reserves a slot for one append. None is left: answer <c>overloaded</c> and decide nothing.</summary>
    public bool TryReserve() => !stopping && free.Wait(0);

    /// <summary>Reserves a slot as soon as one is free; for whoever has time.</summary>
    /// <exception cref="UnionFault"><c>overloaded</c> when none was free for the journal's whole patience, or <c>stopping</c>.</exception>
    public ValueTask Reserve()
    {
        return TryReserve() ? ValueTask.CompletedTask : new(Wait());

        async Task Wait()
        {
            if (!stopping && await free.WaitAsync(options.Patience)) return;
            throw stopping ? Faults.Stopping() : Faults.Overloaded();
        }
    }

    /// <summary>Gives a slot back that was not used.</summary>
    public void Release() => free.Release();

    /// <summary>Hands an append over; a slot must have been reserved for it. It is never refused for load.</summary>
    /// <returns>Completes when the append is durable or certainly is not.</returns>
    public Task<AppendOutcome> Append(Append append)
    {
        var pending = new SingleAppend(append);
        shards[ShardOf(append.Stream)].Enqueue([pending]);
        return pending.Outcome;
    }

    /// <summary>Hands many appends over, those of one stream in their order; a slot must have been reserved for each. They commit or fail each for itself.</summary>
    /// <returns>The outcomes in the same order; completes when every append is durable or certainly is not.</returns>
    public Task<IReadOnlyList<AppendOutcome>> Append(IReadOnlyList<Append> appends)
    {
        if (appends.Count == 0) return Task.FromResult<IReadOnlyList<AppendOutcome>>([]);
        var together = new AppendsTogether(appends.Count);
        var handed = new List<PendingAppend>[shards.Length];
        for (var shard = 0; shard < shards.Length; shard++) handed[shard] = new(appends.Count);
        for (var at = 0; at < appends.Count; at++) handed[ShardOf(appends[at].Stream)].Add(new OneOfMany(appends[at], together, at));
        for (var shard = 0; shard < shards.Length; shard++) shards[shard].Enqueue(CollectionsMarshal.AsSpan(handed[shard]));
        return together.Outcomes;
    }

    /// <summary>Reads part of a stream, behind the stream's own appends under way. Requests of many grains share one query.</summary>
    /// <exception cref="UnionFault"><c>store-unavailable</c> or <c>stopping</c>.</exception>
    public async Task<StreamSlice> Read(string stream, long after, int most, CancellationToken cancel)
    {
        if (shards[ShardOf(stream)].Newest(stream) is { } pending) await pending.Settled.WaitAsync(cancel);
        return await reads.Ask(new(stream, after, most), cancel);
    }

    /// <summary>Reads parts of many streams with one query, behind their own appends under way; in the order asked.</summary>
    /// <exception cref="UnionFault"><c>store-unavailable</c> or <c>stopping</c>.</exception>
    public async Task<IReadOnlyList<StreamSlice>> Read(IReadOnlyList<StreamRequest> requests)
    {
        foreach (var request in requests)
            if (shards[ShardOf(request.Stream)].Newest(request.Stream) is { } pending) await pending.Settled;
        return await Ask(requests, store.Read);
    }

    /// <summary>The keys of many streams' personal fields with one query, in the order asked; null where there is none, or none any more.</summary>
    /// <exception cref="UnionFault"><c>store-unavailable</c> or <c>stopping</c>.</exception>
    public Task<IReadOnlyList<WrappedKey?>> ReadKeys(IReadOnlyList<string> streams) => Ask(streams, store.ReadKeys);

    /// <summary>The key of a stream's personal fields; null when it has none, or none any more. Requests of many grains share one query.</summary>
    /// <exception cref="UnionFault"><c>store-unavailable</c> or <c>stopping</c>.</exception>
    public Task<WrappedKey?> ReadKey(string stream) => keys.Ask(stream, CancellationToken.None);

    /// <summary>Looks for a command inside one stream.</summary>
    /// <exception cref="UnionFault"><c>store-unavailable</c>.</exception>
    public async Task<(long Version, long Hash)?> FindCommand(string stream, Guid commandId)
    {
        if (shards[ShardOf(stream)].Newest(stream) is { } pending) await pending.Settled;
        try
        {
            return await store.FindCommand(stream, commandId, stop.Token);
        }
        catch (Exception failure) when (failure is not UnionFault)
        {
            LogReadFailed(failure.GetType().Name);
            throw Faults.StoreUnavailable();
        }
    }

    /// <summary>Takes nothing new, commits what was handed in, and ends. What cannot be resolved in time stays unknown to its callers.</summary>
    public async Task Stop(CancellationToken cancel)
    {
        stopping = true;
        foreach (var shard in shards) shard.Complete();
        reads.Complete();
        keys.Complete();
        try
        {
            await Task.WhenAll(loops).WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            LogStoppedEarly();
        }

        await stop.CancelAsync();
        await Task.WhenAll(loops);
        foreach (var shard in shards) shard.Abandon();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!stop.IsCancellationRequested) await Stop(new CancellationToken(canceled: true));
        stop.Dispose();
    }

    internal void Committed(int closingNumber)
    {
        // A new closing number seen in a commit: learn which days it froze, behind the group's back.
        if (closingNumber != Volatile.Read(ref closing)) _ = Task.Run(async () =>
        {
            try
            {
                await RefreshClosing(stop.Token);
            }
            catch (Exception failure)
            {
                LogReadFailed(failure.GetType().Name);
            }
        });
    }

    private async Task<IReadOnlyList<TAnswer>> Ask<TAsked, TAnswer>(IReadOnlyList<TAsked> asked, Func<IReadOnlyList<TAsked>, CancellationToken, Task<IReadOnlyList<TAnswer>>> query)
    {
        if (stopping) throw Faults.Stopping();
        if (asked.Count == 0) return [];
        try
        {
            return await query(asked, stop.Token);
        }
        catch (Exception failure)
        {
            LogReadFailed(failure.GetType().Name);
            throw stop.IsCancellationRequested ? Faults.Stopping() : Faults.StoreUnavailable();
        }
    }

    private async Task RefreshClosing(CancellationToken cancel)
    {
        var (number, through) = await store.ReadClosing(cancel);
        Volatile.Write(ref closedThrough, through is { } day ? day.DayNumber : long.MinValue);
        Volatile.Write(ref closing, number);
    }

    // Stable across processes, so that a test can tell which writer a stream goes to.
    private int ShardOf(string stream) => shards.Length == 1 ? 0 : (int)(Fnv(stream) % (uint)shards.Length);

    private static uint Fnv(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = unchecked((hash ^ c) * 16777619u);
        return hash >> 8;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A read of the journal failed: {Failure}.")]
    private partial void LogReadFailed(string failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal stopped before everything handed in was resolved.")]
    private partial void LogStoppedEarly();
}

/// <summary>An append on its way to the database.</summary>
internal abstract class PendingAppend(Append append)
{
    public Append Append => append;

    /// <summary>Completes when it is settled, or later.</summary>
    public abstract Task Settled { get; }

    /// <summary>Answers whoever waits; false when that was done before.</summary>
    public abstract bool Settle(AppendOutcome outcome);
}

internal sealed class SingleAppend(Append append) : PendingAppend(append)
{
    private readonly TaskCompletionSource<AppendOutcome> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<AppendOutcome> Outcome => done.Task;

    public override Task Settled => done.Task;

    public override bool Settle(AppendOutcome outcome) => done.TrySetResult(outcome);
}

internal sealed class OneOfMany(Append append, AppendsTogether together, int at) : PendingAppend(append)
{
    public override Task Settled => together.Outcomes;

    public override bool Settle(AppendOutcome outcome) => together.Settle(at, outcome);
}

/// <summary>Appends that one caller waits for: one answer when the last is settled.</summary>
internal sealed class AppendsTogether(int count)
{
    private readonly TaskCompletionSource<IReadOnlyList<AppendOutcome>> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AppendOutcome[] outcomes = new AppendOutcome[count];
    private int left = count;

    public Task<IReadOnlyList<AppendOutcome>> Outcomes => done.Task;

    public bool Settle(int at, AppendOutcome outcome)
    {
        if (Interlocked.CompareExchange(ref outcomes[at], outcome, null!) is not null) return false;
        if (Interlocked.Decrement(ref left) == 0) done.SetResult(outcomes);
        return true;
    }
}
