using System.Collections.Concurrent;
using UnionGrains.Kernel;

namespace UnionSilo.Tests.Journals;

/// <summary>A real store to whose commits a test does something: before, after, or instead.</summary>
internal sealed class TroubledStore(IJournalStore inner) : IJournalStore
{
    private int attempts;
    private int unknown;

    public int Writers => inner.Writers;

    /// <summary>What a commit does; unless told, what the real store does.</summary>
    public Func<Attempt, Task<GroupOutcome>> OnCommit { get; set; } = attempt => attempt.Apply();

    /// <summary>Sizes of all attempts, in the order they began.</summary>
    public ConcurrentQueue<int> Sizes { get; } = new();

    /// <summary>How many commits failed for certain, by reason.</summary>
    public ConcurrentDictionary<NotCommitted, int> Failed { get; } = new();

    /// <summary>How many commits ended with an unknown outcome.</summary>
    public int Unknown => Volatile.Read(ref unknown);

    public async Task<IJournalWriter> OpenWriter(int number, CancellationToken cancel) => new Writer(this, await inner.OpenWriter(number, cancel));

    public Task<IReadOnlyList<StreamSlice>> Read(IReadOnlyList<StreamRequest> requests, CancellationToken cancel) => inner.Read(requests, cancel);

    public Task<IReadOnlyList<WrappedKey?>> ReadKeys(IReadOnlyList<string> streams, CancellationToken cancel) => inner.ReadKeys(streams, cancel);

    public Task<(long Version, long Hash)?> FindCommand(string stream, Guid commandId, CancellationToken cancel) => inner.FindCommand(stream, commandId, cancel);

    public Task<(int Number, DateOnly? Through)> ReadClosing(CancellationToken cancel) => inner.ReadClosing(cancel);

    /// <summary>One attempt at a group.</summary>
    /// <param name="Number">Its number, from 1.</param>
    /// <param name="Group">The group.</param>
    /// <param name="Apply">Lets the real store commit.</param>
    internal sealed record Attempt(int Number, IReadOnlyList<Append> Group, Func<Task<GroupOutcome>> Apply);

    private sealed class Writer(TroubledStore store, IJournalWriter inner) : IJournalWriter
    {
        public async Task<GroupOutcome> Commit(IReadOnlyList<Append> group, bool repeats, CancellationToken cancel)
        {
            store.Sizes.Enqueue(group.Count);
            try
            {
                return await store.OnCommit(new(Interlocked.Increment(ref store.attempts), group, () => inner.Commit(group, repeats, cancel))).WaitAsync(cancel);
            }
            catch (GroupNotCommittedException failure)
            {
                store.Failed.AddOrUpdate(failure.Why, 1, (_, count) => count + 1);
                throw;
            }
            catch
            {
                Interlocked.Increment(ref store.unknown);
                throw;
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

/// <summary>Holds whoever comes until the test lets everybody through.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => reached.Task;

    public Task Wait()
    {
        reached.TrySetResult();
        return opened.Task;
    }

    public void Open() => opened.TrySetResult();
}
