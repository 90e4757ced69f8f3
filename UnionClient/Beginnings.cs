namespace UnionClient;

/// <summary>
/// Sends single commands that begin an aggregate in windows, as a bulk does: there is nothing yet that an activation could remember, and to make one costs more than all the rest.
/// Without a timer: while one window is under way the next one gathers, and sets out at the latest when it is full.
/// </summary>
internal sealed class Beginnings<TCommand, TView>(Func<TCommand, bool> begins, Func<long, IBulkGrain<TCommand, TView>> worker)
    where TCommand : class
    where TView : class
{
    private const int Workers = 64;
    private const int Windows = 4;
    private const int MostRows = 1_000;

    private readonly Lock guard = new();
    private List<Waiting> gathered = [];
    private int underWay;
    private long sent;

    /// <summary>Whether the command usually is the first of its aggregate.</summary>
    public bool Begins(TCommand command) => begins(command);

    /// <summary>The reply, or null when only the aggregate's grain can give it.</summary>
    /// <exception cref="UnionFault">Something broke on the way of this command; nothing is known of it.</exception>
    public Task<Reply<TView>?> Send(string key, Envelope<TCommand> envelope)
    {
        var waiting = new Waiting(key, envelope);
        lock (guard)
        {
            gathered.Add(waiting);
            if (underWay > 0 && (underWay == Windows || gathered.Count < MostRows)) return waiting.Reply;
            underWay++;
        }

        _ = Serve();
        return waiting.Reply;
    }

    private async Task Serve()
    {
        while (true)
        {
            List<Waiting> window;
            lock (guard)
            {
                if (gathered.Count == 0)
                {
                    underWay--;
                    return;
                }

                if (gathered.Count <= MostRows) (window, gathered) = (gathered, []);
                else
                {
                    window = gathered.GetRange(0, MostRows);
                    gathered.RemoveRange(0, MostRows);
                }
            }

            try
            {
                var told = await worker(Interlocked.Increment(ref sent) % Workers)
                    .Send(new([.. window.Select(row => row.Key)], [.. window.Select(row => row.Envelope)], Views: true)).ConfigureAwait(false);
                for (var row = 0; row < window.Count; row++) window[row].Tell(told[row]);
            }
            catch (Exception)
            {
                // What broke for the window need not break for each of its commands: their grains are asked, under the same ids.
                foreach (var row in window) row.Leave();
            }
        }
    }

    private sealed class Waiting(string key, Envelope<TCommand> envelope)
    {
        private readonly TaskCompletionSource<Reply<TView>?> told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Key => key;

        public Envelope<TCommand> Envelope => envelope;

        public Task<Reply<TView>?> Reply => told.Task;

        public void Tell(BulkOutcome<TView> outcome)
        {
            if (outcome is { Tried: true, Fault: { } fault }) told.SetException(new UnionFault(fault.Code, fault.Retryable, fault.Message));
            else if (outcome is { Tried: true, Repeated: false, View: { } view }) told.SetResult(new() { View = view, Version = outcome.Version, Refusal = outcome.Refusal, Warnings = outcome.Warnings, CommandId = outcome.Events > 0 ? envelope.CommandId : null });
            else Leave();
        }

        public void Leave() => told.TrySetResult(null);
    }
}
