using System.Collections.Concurrent;
using System.Collections.Immutable;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionGrains.Tests.Kernel;

/// <summary>A journal in memory that obeys the contract of a store, and fails wherever a test tells it to.</summary>
internal sealed class ScriptedStore : IJournalStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<JournalEntry>> streams = [];
    private readonly Dictionary<ClaimKey, string> claims = [];
    private readonly Dictionary<string, WrappedKey> keys = [];
    private int commits;

    public int Writers { get; init; } = 1;

    /// <summary>What a commit does; unless told, it applies the group.</summary>
    public Func<Attempt, Task<GroupOutcome>> OnCommit { get; set; } = attempt => Task.FromResult(attempt.Apply());

    /// <summary>What opening a writer does.</summary>
    public Action OnOpen { get; set; } = () => { };

    /// <summary>What a read does before it answers.</summary>
    public Func<IReadOnlyList<StreamRequest>, Task> OnRead { get; set; } = _ => Task.CompletedTask;

    /// <summary>Every attempt so far, in order.</summary>
    public ConcurrentQueue<Attempt> Attempts { get; } = new();

    /// <summary>The sizes of all reads so far.</summary>
    public ConcurrentQueue<int> Reads { get; } = new();

    /// <summary>The streams of each attempt, for example <c>a a b | c</c>.</summary>
    public string Told => string.Join(" | ", Attempts.Select(attempt => string.Join(' ', attempt.Group.Select(append => append.Stream))));

    public long Version(string stream)
    {
        lock (gate) return streams.GetValueOrDefault(stream)?.Count ?? 0;
    }

    public IReadOnlyList<Guid> Commands(string stream)
    {
        lock (gate) return [.. (streams.GetValueOrDefault(stream) ?? []).Select(entry => entry.CommandId)];
    }

    /// <summary>Somebody else's event.</summary>
    public void Put(string stream, EmployerEvent happened, Guid commandId) =>
        Put(stream, Room<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>.Instance.EventCodec.Write(happened), commandId);

    /// <summary>Somebody else's event, as it is stored.</summary>
    public void Put(string stream, StoredEvent happened, Guid commandId)
    {
        lock (gate) streams[stream].Add(new(streams[stream].Count + 1, happened, commandId, 0));
    }

    public Task<IJournalWriter> OpenWriter(int number, CancellationToken cancel)
    {
        OnOpen();
        return Task.FromResult<IJournalWriter>(new Writer(this));
    }

    public async Task<IReadOnlyList<StreamSlice>> Read(IReadOnlyList<StreamRequest> requests, CancellationToken cancel)
    {
        Reads.Enqueue(requests.Count);
        await OnRead(requests).WaitAsync(cancel);
        lock (gate)
        {
            return
            [
                .. requests.Select(request =>
                {
                    var after = (streams.GetValueOrDefault(request.Stream) ?? []).Where(entry => entry.Version > request.After).ToList();
                    return new StreamSlice([.. after.Take(request.Most)], after.Count > request.Most);
                }),
            ];
        }
    }

    public Task<IReadOnlyList<WrappedKey?>> ReadKeys(IReadOnlyList<string> streams, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult<IReadOnlyList<WrappedKey?>>([.. streams.Select(stream => keys.GetValueOrDefault(stream))]);
    }

    public Task<(long Version, long Hash)?> FindCommand(string stream, Guid commandId, CancellationToken cancel)
    {
        lock (gate)
        {
            var found = (streams.GetValueOrDefault(stream) ?? []).FindLast(entry => entry.CommandId == commandId);
            return Task.FromResult<(long, long)?>(found.CommandId == commandId ? (found.Version, found.CommandHash) : null);
        }
    }

    public Task<(int Number, DateOnly? Through)> ReadClosing(CancellationToken cancel) => Task.FromResult((0, (DateOnly?)null));

    private GroupOutcome Apply(IReadOnlyList<Append> group, bool repeats)
    {
        lock (gate)
        {
            if (repeats && group.All(append => Of(append).Count > append.ExpectedVersion && Of(append)[(int)append.ExpectedVersion].CommandId == append.CommandId)) return new([], 0);

            var rejections = ImmutableArray.CreateBuilder<Rejection>();
            var heads = new Dictionary<string, long>();
            for (var i = 0; i < group.Count; i++)
            {
                var append = group[i];
                var taken = append.Consequences.Claims.FirstOrDefault(change => change.IfHeld is not null && claims.TryGetValue(change.Key, out var holder) && holder != append.Stream);
                if (heads.GetValueOrDefault(append.Stream, Of(append).Count) != append.ExpectedVersion) rejections.Add(new(i));
                else if (taken.IfHeld is not null) rejections.Add(new(i, taken.Key, claims[taken.Key]));
                heads[append.Stream] = append.NextVersion;
            }

            if (rejections.Count > 0) return new(rejections.ToImmutable(), 0);
            foreach (var append in group)
            {
                foreach (var stored in append.Consequences.Events) Of(append).Add(new(Of(append).Count + 1, stored, append.CommandId, append.CommandHash));
                foreach (var change in append.Consequences.Claims)
                {
                    if (change.IfHeld is not null) claims[change.Key] = append.Stream;
                    else if (claims.GetValueOrDefault(change.Key) == append.Stream) claims.Remove(change.Key);
                }

                if (append.Key is { } key) keys[append.Stream] = key;
                if (append.Consequences.Erases) keys.Remove(append.Stream);
            }

            return new([], 0);
        }

        List<JournalEntry> Of(Append append)
        {
            if (!streams.TryGetValue(append.Stream, out var entries)) streams.Add(append.Stream, entries = []);
            return entries;
        }
    }

    /// <summary>One attempt at a group.</summary>
    /// <param name="Number">Its number, from 1.</param>
    /// <param name="Group">The group.</param>
    /// <param name="Repeats">Whether the journal says that an earlier attempt ended with an unknown outcome.</param>
    /// <param name="Apply">Does what a store does.</param>
    internal sealed record Attempt(int Number, IReadOnlyList<Append> Group, bool Repeats, Func<GroupOutcome> Apply)
    {
        public bool Has(string stream) => Group.Any(append => append.Stream == stream);
    }

    private sealed class Writer(ScriptedStore store) : IJournalWriter
    {
        public Task<GroupOutcome> Commit(IReadOnlyList<Append> group, bool repeats, CancellationToken cancel)
        {
            var attempt = new Attempt(Interlocked.Increment(ref store.commits), group, repeats, () => store.Apply(group, repeats));
            store.Attempts.Enqueue(attempt);
            return store.OnCommit(attempt).WaitAsync(cancel);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Holds whoever comes until the test lets everybody through.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Somebody waits.</summary>
    public Task Reached => reached.Task;

    public Task Wait()
    {
        reached.TrySetResult();
        return opened.Task;
    }

    public void Open() => opened.TrySetResult();
}
