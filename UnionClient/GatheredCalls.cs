namespace UnionClient;

/// <summary>
/// Sends what many callers ask at once in windows. Without a timer: while one window is under way the next one gathers, and sets out at the latest when it is full.
/// </summary>
internal sealed class GatheredCalls<TAsked, TAnswer>(Func<IReadOnlyList<TAsked>, Task<IReadOnlyList<TAnswer>>> send)
    where TAnswer : class
{
    private const int Windows = 4;
    private const int MostRows = 1_000;

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
        while (true)
        {
            List<Waiting> window;
            lock (guard)
            {
                // Whoever is not alone leaves the rest to the others: full windows cost the least.
                if (gathered.Count == 0 || (underWay > 1 && gathered.Count < MostRows))
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
                var answers = await send([.. window.Select(row => row.Asked)]).ConfigureAwait(false);
                for (var row = 0; row < window.Count; row++) window[row].Tell(answers[row]);
            }
            catch (Exception)
            {
                foreach (var row in window) row.Tell(null);
            }
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
