using System.Threading.Channels;
using UnionClient;

namespace UnionGrains.Kernel;

/// <summary>Gathers what many grains ask at once into one query. Without a timer: while one query is under way the next one gathers.</summary>
internal sealed class GatheredReads<TAsked, TAnswer>(
    Func<IReadOnlyList<TAsked>, CancellationToken, Task<IReadOnlyList<TAnswer>>> query, int most, Action<string> failed, CancellationToken stopped)
{
    private readonly Channel<Pending> queue = Channel.CreateUnbounded<Pending>(new() { SingleReader = false });

    /// <summary>The answer, or the fault <c>store-unavailable</c> or <c>stopping</c>.</summary>
    public Task<TAnswer> Ask(TAsked asked, CancellationToken cancel)
    {
        var pending = new Pending(asked);
        return !stopped.IsCancellationRequested && queue.Writer.TryWrite(pending) ? pending.Task.WaitAsync(cancel) : Task.FromException<TAnswer>(Faults.Stopping());
    }

    public void Complete() => queue.Writer.TryComplete();

    /// <summary>Serves until completed; several may serve at once.</summary>
    public async Task Serve()
    {
        var batch = new List<Pending>();
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < most && queue.Reader.TryRead(out var pending)) batch.Add(pending);
            if (batch.Count == 0) continue;
            try
            {
                var answers = await query([.. batch.Select(pending => pending.Asked)], stopped);
                for (var i = 0; i < batch.Count; i++) batch[i].Done(answers[i]);
            }
            catch (Exception failure)
            {
                failed(failure.GetType().Name);
                foreach (var pending in batch) pending.Fail(stopped.IsCancellationRequested ? Faults.Stopping() : Faults.StoreUnavailable());
            }

            batch.Clear();
        }
    }

    private sealed class Pending(TAsked asked)
    {
        private readonly TaskCompletionSource<TAnswer> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TAsked Asked => asked;

        public Task<TAnswer> Task => done.Task;

        public void Done(TAnswer answer) => done.TrySetResult(answer);

        public void Fail(UnionFault fault) => done.TrySetException(fault);
    }
}
