namespace UnionClient;

/// <summary>
/// Sends what many callers ask at once in windows. Nobody waits for others to come: while one window is under way the next one gathers, and sets out at the latest when it is full,
/// or when the one under way has no answer for a second. A silo that dies then holds up those who asked it, not the others.
/// </summary>
internal sealed class GatheredCalls<TAsked, TAnswer>(Func<IReadOnlyList<TAsked>, Task<IReadOnlyList<TAnswer>>> send, TimeProvider clock)
    where TAnswer : class
{
    private const int Windows = 4;
    private const int MostRows = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock guard = new();
    private List<Waiting> gathered = [];
    private int underWay;

    /// <summary>The answer, or null when the window broke: that need not break for each that is in it.</summary>
    public Task<TAnswer?> Ask(TAsked asked)
    {
        var waiting = new Waiting(asked);
        lock (guard)
        {
            gathered.Add(waiting);
            if (underWay > 0 && (underWay == Windows || gathered.Count < MostRows)) return waiting.Answer;
            underWay++;
        }

        _ = Serve();
        return waiting.Answer;
    }

    private async Task Serve()
    {
        while (Next() is { } window)
        {
            try
            {
                await Send(window).WaitAsync(Patience, clock).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // It answers its callers whenever it can.
            }
        }
    }

    private List<Waiting>? Next()
    {
        lock (guard)
        {
            // Whoever is not alone leaves the rest to the others: full windows cost the least.
            if (gathered.Count == 0 || (underWay > 1 && gathered.Count < MostRows))
            {
                underWay--;
                return null;
            }

            List<Waiting> window;
            if (gathered.Count <= MostRows)
            {
                (window, gathered) = (gathered, []);
                return window;
            }

            window = gathered.GetRange(0, MostRows);
            gathered.RemoveRange(0, MostRows);
            return window;
        }
    }

    private async Task Send(List<Waiting> window)
    {
        try
        {
            var answers = await send([.. window.Select(row => row.Asked)]).ConfigureAwait(false);
            for (var row = 0; row < window.Count; row++) window[row].Tell(answers[row]);
        }
        catch (Exception)
        {
            foreach (var row in window) row.Tell(null);
        }
    }

    private sealed class Waiting(TAsked asked)
    {
        private readonly TaskCompletionSource<TAnswer?> told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TAsked Asked => asked;

        public Task<TAnswer?> Answer => told.Task;

        public void Tell(TAnswer? answer) => told.TrySetResult(answer);
    }
}
