using UnionGrains.Kernel;

namespace UnionTesting;

/// <summary>A real store whose commits and reads a test may hold, fail or count.</summary>
public sealed class WatchedStore(IJournalStore inner) : IJournalStore, IAsyncDisposable
{
    private long rowsRead;
    private int looks;

    public int Writers => inner.Writers;

    /// <summary>What a commit does; unless told, what the real store does.</summary>
    public Func<WatchedCommit, Task<GroupOutcome>> OnCommit { get; set; } = commit => commit.Apply();

    /// <summary>What happens between a read and its answer; nothing unless told.</summary>
    public Func<IReadOnlyList<StreamRequest>, Task> OnRead { get; set; } = _ => Task.CompletedTask;

    /// <summary>How many entries of the journal were read so far.</summary>
    public long RowsRead => Volatile.Read(ref rowsRead);

    /// <summary>How often the journal was asked for one command.</summary>
    public int Looks => Volatile.Read(ref looks);

    /// <summary>The store itself, for a writer beside the silo's own.</summary>
    public IJournalStore Inner => inner;

    public async Task<IJournalWriter> OpenWriter(int number, CancellationToken cancel) => new Writer(this, await inner.OpenWriter(number, cancel));

    public async Task<IReadOnlyList<StreamSlice>> Read(IReadOnlyList<StreamRequest> requests, CancellationToken cancel)
    {
        var slices = await inner.Read(requests, cancel);
        Interlocked.Add(ref rowsRead, slices.Sum(slice => slice.Entries.Length));
        await OnRead(requests);
        return slices;
    }

    public Task<IReadOnlyList<WrappedKey?>> ReadKeys(IReadOnlyList<string> streams, CancellationToken cancel) => inner.ReadKeys(streams, cancel);

    public Task<(long Version, long Hash)?> FindCommand(string stream, Guid commandId, CancellationToken cancel)
    {
        Interlocked.Increment(ref looks);
        return inner.FindCommand(stream, commandId, cancel);
    }

    public Task<(int Number, DateOnly? Through)> ReadClosing(CancellationToken cancel) => inner.ReadClosing(cancel);

    public ValueTask DisposeAsync() => ((IAsyncDisposable)inner).DisposeAsync();

    private sealed class Writer(WatchedStore store, IJournalWriter inner) : IJournalWriter
    {
        public Task<GroupOutcome> Commit(IReadOnlyList<Append> group, bool repeats, CancellationToken cancel) =>
            store.OnCommit(new(group, () => inner.Commit(group, repeats, cancel))).WaitAsync(cancel);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

/// <summary>One attempt at a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Apply">Lets the real store commit.</param>
public sealed record WatchedCommit(IReadOnlyList<Append> Group, Func<Task<GroupOutcome>> Apply)
{
    /// <summary>Whether the group holds an append of that stream.</summary>
    public bool Has(string stream) => Group.Any(append => append.Stream == stream);
}

/// <summary>Holds whoever comes until the test lets everybody through.</summary>
public sealed class Gate
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
