using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>
/// One writer of the journal with the streams that belong to it: takes whatever waits, commits it in one transaction, and goes on.
/// Without a timer: while one group is committed the next one gathers.
/// </summary>
internal sealed partial class JournalShard(Journal journal, int number)
{
    private readonly ILogger log = journal.Log;
    private readonly Channel<PendingAppend> queue = Channel.CreateUnbounded<PendingAppend>(new() { SingleReader = true });
    private readonly Dictionary<string, PendingAppend> newest = [];        // of each stream with appends under way; guarded by itself
    private readonly Dictionary<string, Append> groupStreams = [];         // of the group being filled; kept to be filled again
    private readonly Dictionary<ClaimKey, string> groupClaims = [];
    private readonly HashSet<string> waiting = [];
    private readonly List<PendingAppend> put = [];                         // taken from the queue but not for the group under way, in order
    private readonly List<Parked> parked = [];                             // blocked by somebody else's locks: tried again apart
    private DateTimeOffset parkedNotBefore;
    private IJournalWriter? writer;
    private DateTimeOffset? awaySince;

    public void Enqueue(ReadOnlySpan<PendingAppend> handed)
    {
        var taken = 0;
        lock (newest)
        {
            // Inside the lock, so that the order of the queue is the order of a stream's appends.
            while (taken < handed.Length && queue.Writer.TryWrite(handed[taken])) newest[handed[taken].Append.Stream] = handed[taken++];
        }

        foreach (var pending in handed[taken..])
        {
            pending.Append.Token.Fence();
            if (pending.Settle(new(Fault: Faults.Stopping()))) journal.Release();
        }
    }

    public PendingAppend? Newest(string stream)
    {
        lock (newest) return newest.GetValueOrDefault(stream);
    }

    public void Complete() => queue.Writer.TryComplete();

    /// <summary>Answers what could not be resolved before the silo ended: its outcome stays unknown.</summary>
    public void Abandon()
    {
        List<PendingAppend> left;
        lock (newest) left = [.. newest.Values];
        while (queue.Reader.TryRead(out var pending)) left.Add(pending);
        foreach (var pending in left.Concat(put).Concat(parked.SelectMany(group => group.Appends))) Settle(pending, new(Fault: Faults.NoAnswer()));
    }

    public async Task Run()
    {
        var group = new List<PendingAppend>(journal.Options.GroupSize);
        try
        {
            while (await WaitForWork())
            {
                Gather(group);
                await Commit(group);
                group.Clear();
                var now = journal.Clock.GetUtcNow();
                if (now < parkedNotBefore || parked.Find(blocked => blocked.NextTry <= now) is not { } due) continue;
                parked.Remove(due);
                Gather(group, due.Appends);
                await Commit(group, due.Pause);
                group.Clear();
                // A blocked attempt costs the whole lock timeout: it may take a fifth of the writer's time from those who are not blocked.
                if (parked.Count > 0) parkedNotBefore = journal.Clock.GetUtcNow() + (4 * (journal.Clock.GetUtcNow() - now));
            }
        }
        catch (OperationCanceledException) when (journal.Stopped.IsCancellationRequested)
        {
            // What is left is answered by Abandon.
            put.AddRange(group);
        }
        finally
        {
            if (writer is not null) await writer.DisposeAsync();
        }
    }

    private async ValueTask<bool> WaitForWork()
    {
        if (put.Count > 0) return true;
        if (parked.Count == 0) return await queue.Reader.WaitToReadAsync(journal.Stopped);

        var next = parked.Min(group => group.NextTry);
        var pause = (next > parkedNotBefore ? next : parkedNotBefore) - journal.Clock.GetUtcNow();
        if (pause <= TimeSpan.Zero) return true;
        if (queue.Reader.Completion.IsCompleted)
        {
            await Task.Delay(pause, journal.Clock, journal.Stopped);
            return true;
        }

        using var until = CancellationTokenSource.CreateLinkedTokenSource(journal.Stopped);
        var more = queue.Reader.WaitToReadAsync(until.Token).AsTask();
        await Task.WhenAny(more, Task.Delay(pause, journal.Clock, until.Token));
        await until.CancelAsync();
        journal.Stopped.ThrowIfCancellationRequested();
        return true;
    }

    /// <summary>Fills a group: appends of one stream follow on each other and have one token, and no two streams touch the same claim. The rest waits.</summary>
    /// <param name="group">Empty; it is filled.</param>
    /// <param name="apart">What was set aside and is tried without anything else; null: what waits.</param>
    private void Gather(List<PendingAppend> group, List<PendingAppend>? apart = null)
    {
        groupStreams.Clear();
        groupClaims.Clear();
        waiting.Clear();
        if (apart is not null)
        {
            foreach (var pending in apart) Place(pending);
            return;
        }

        PendingAppend[] before = [.. put];
        put.Clear();
        foreach (var pending in before) Place(pending);
        while (group.Count < journal.Options.GroupSize && queue.Reader.TryRead(out var pending)) Place(pending);

        void Place(PendingAppend pending)
        {
            var append = pending.Append;
            if (append.Token.Fenced) Settle(pending, new(Fault: Faults.Fenced()));
            else if (parked.Count > 0 && parked.Find(blocked => blocked.Streams.Contains(append.Stream)) is { } blocked) blocked.Appends.Add(pending);
            else if (group.Count < journal.Options.GroupSize && !waiting.Contains(append.Stream) && Fits(append)) group.Add(pending);
            else
            {
                waiting.Add(append.Stream);
                put.Add(pending);
            }
        }

        bool Fits(Append append)
        {
            if (groupStreams.TryGetValue(append.Stream, out var former) && (former.Token != append.Token || former.NextVersion != append.ExpectedVersion)) return false;
            foreach (var change in append.Consequences.Claims)
                if (groupClaims.TryGetValue(change.Key, out var stream) && stream != append.Stream) return false;
            foreach (var change in append.Consequences.Claims) groupClaims[change.Key] = append.Stream;
            groupStreams[append.Stream] = append;
            return true;
        }
    }

    /// <summary>Commits a group, or finds out of each of its appends that it certainly did not commit.</summary>
    private async Task Commit(List<PendingAppend> group, TimeSpan formerPause = default)
    {
        var unknown = false;
        var attempt = 0;
        while (group.Count > 0)
        {
            try
            {
                writer ??= await Open();
                var begun = journal.Clock.GetTimestamp();
                var outcome = await writer.Commit([.. group.Select(pending => pending.Append)], unknown, journal.Stopped);
                unknown = false;
                awaySince = null;
                if (outcome.Committed)
                {
                    journal.GroupSizes?.Record(group.Count);
                    journal.GroupTimes?.Record(journal.Clock.GetElapsedTime(begun).TotalMilliseconds);
                    journal.Committed(outcome.Closing);
                    Settle(CollectionsMarshal.AsSpan(group), AppendOutcome.Done);
                    return;
                }

                Reject(group, outcome.Rejections);
            }
            catch (GroupNotCommittedException failure)
            {
                if (failure.Why is not NotCommitted.Unavailable) awaySince = null;
                // An earlier attempt with an unknown outcome stays unknown, however surely this one failed. Where repeating cannot help, the journal tells.
                if (unknown && failure.Why is NotCommitted.Refused or NotCommitted.Full) unknown = !await IsAbsent(group[0].Append);
                if (!unknown && Surrender(group, failure.Why, formerPause)) return;
                if (failure.Why is not (NotCommitted.Deadlock or NotCommitted.Blocked)) await Discard();
                LogRepeat(number, failure.Why, group.Count);
                await Pause(attempt++, failure.Why);
            }
            catch (OperationCanceledException) when (journal.Stopped.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception failure)
            {
                unknown = true;
                LogUnknown(number, failure.GetType().Name, group.Count);
                await Discard();
                await Pause(attempt++, NotCommitted.Unavailable);
            }
        }
    }

    private async Task<IJournalWriter> Open()
    {
        try
        {
            return await journal.Store.OpenWriter(number, journal.Stopped);
        }
        catch (Exception failure) when (failure is not (GroupNotCommittedException or OperationCanceledException))
        {
            // Nothing was sent, so whatever went wrong, nothing was committed.
            throw new GroupNotCommittedException(NotCommitted.Unavailable, failure);
        }
    }

    /// <summary>Fails the losers of a group. What comes before a loser in its stream rests on nothing that is lost: it commits first, and the loser is judged again.</summary>
    private void Reject(List<PendingAppend> group, ImmutableArray<Rejection> rejections)
    {
        var firsts = new Dictionary<string, PendingAppend>();
        foreach (var pending in group) firsts.TryAdd(pending.Append.Stream, pending);
        var again = new HashSet<PendingAppend>();
        foreach (var rejection in rejections)
        {
            var loser = group[rejection.Index];
            if (loser.Append.Token.Fenced) continue;
            if (firsts[loser.Append.Stream] != loser) again.Add(loser);
            else Fail(loser, rejection.Claim is { } claim ? new(claim, rejection.Holder) : new(Fault: Faults.Fenced()));
        }

        var (postponed, tails) = (new List<PendingAppend>(), new HashSet<string>());
        group.RemoveAll(pending => FailFenced(pending) || Postpone(pending));
        put.InsertRange(0, postponed);

        bool Postpone(PendingAppend pending)
        {
            if (again.Contains(pending)) tails.Add(pending.Append.Stream);
            if (!tails.Contains(pending.Append.Stream)) return false;
            postponed.Add(pending);
            return true;
        }
    }

    /// <summary>Whether the journal certainly does not hold an append, and so nothing of its group. Asked only when the session of the earlier attempt has ended.</summary>
    private async Task<bool> IsAbsent(Append append)
    {
        try
        {
            return await journal.Store.FindCommand(append.Stream, append.CommandId, journal.Stopped) is null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogUnread(number, failure.GetType().Name);
            return false;
        }
    }

    /// <summary>Whether the group is out of the way: failed, parked or divided. False: repeat it.</summary>
    private bool Surrender(List<PendingAppend> group, NotCommitted why, TimeSpan formerPause)
    {
        switch (why)
        {
            case NotCommitted.Deadlock:
                return false;
            case NotCommitted.Unavailable:
                // Counted from when the database went away: nobody behind waits the whole patience again.
                awaySince ??= journal.Clock.GetUtcNow();
                if (journal.Clock.GetUtcNow() - awaySince < journal.Options.Patience) return false;
                foreach (var pending in group) Fail(pending, new(Fault: Faults.StoreUnavailable()));
                return true;
            case NotCommitted.Full:
                foreach (var pending in group) Fail(pending, new(Fault: Faults.StoreFull()));
                return true;
            case NotCommitted.Refused when group.DistinctBy(pending => pending.Append.Stream).Count() == 1:
                foreach (var pending in group) Fail(pending, new(Fault: Faults.StoreUnavailable()));
                return true;
            case NotCommitted.Refused or NotCommitted.Blocked:
                Park(group, why, formerPause);
                return true;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Divides a group by streams and tries the halves apart, so that one bad or blocked stream does not hold its neighbours.</summary>
    private void Park(List<PendingAppend> group, NotCommitted why, TimeSpan formerPause)
    {
        var pause = why == NotCommitted.Refused ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(Math.Max(formerPause.TotalMilliseconds * 2, 20), journal.Options.LongestPause.TotalMilliseconds));
        var streams = group.GroupBy(pending => pending.Append.Stream).ToList();
        foreach (var half in streams.Chunk(Math.Max(1, (streams.Count + 1) / 2)))
            parked.Add(new([.. half.Select(stream => stream.Key)], [.. half.SelectMany(stream => stream)], pause, journal.Clock.GetUtcNow() + pause));
    }

    private bool FailFenced(PendingAppend pending)
    {
        if (!pending.Append.Token.Fenced) return false;
        Settle(pending, new(Fault: Faults.Fenced()));
        return true;
    }

    private void Fail(PendingAppend pending, AppendOutcome outcome)
    {
        // Fence first: nobody may learn of the failure while a later append of the activation can still commit.
        pending.Append.Token.Fence();
        Settle(pending, outcome);
    }

    private void Settle(PendingAppend pending, AppendOutcome outcome) => Settle([pending], outcome);

    private void Settle(ReadOnlySpan<PendingAppend> settled, AppendOutcome outcome)
    {
        lock (newest)
            foreach (var pending in settled)
                if (newest.TryGetValue(pending.Append.Stream, out var last) && last == pending) newest.Remove(pending.Append.Stream);
        foreach (var pending in settled)
            if (pending.Settle(outcome)) journal.Release();
    }

    private async Task Discard()
    {
        if (writer is null) return;
        try
        {
            await writer.DisposeAsync();
        }
        catch (Exception failure)
        {
            LogDiscard(number, failure.GetType().Name);
        }

        writer = null;
    }

    private Task Pause(int attempt, NotCommitted why)
    {
        var longest = why == NotCommitted.Deadlock ? 20 : journal.Options.LongestPause.TotalMilliseconds;
        // Jitter, or two writers that met in a deadlock meet again.
        var pause = Math.Min(longest, 5 * Math.Pow(2, Math.Min(attempt, 10))) * (0.5 + Random.Shared.NextDouble() / 2);
        return Task.Delay(TimeSpan.FromMilliseconds(pause), journal.Clock, journal.Stopped);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Writer {Number}: a group of {Count} was not committed ({Why}) and is repeated.")]
    private partial void LogRepeat(int number, NotCommitted why, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Writer {Number}: the outcome of a group of {Count} is unknown ({Failure}); it is repeated on a new connection.")]
    private partial void LogUnknown(int number, string failure, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Writer {Number}: the journal could not be asked for the outcome of a group ({Failure}).")]
    private partial void LogUnread(int number, string failure);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Writer {Number}: a broken session did not close cleanly ({Failure}).")]
    private partial void LogDiscard(int number, string failure);

    private sealed class Parked(HashSet<string> streams, List<PendingAppend> appends, TimeSpan pause, DateTimeOffset nextTry)
    {
        public HashSet<string> Streams => streams;

        public List<PendingAppend> Appends => appends;

        public TimeSpan Pause => pause;

        public DateTimeOffset NextTry => nextTry;
    }
}
