using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>Sends many commands of one room in windows: many rows per call, and few calls under way at once.</summary>
/// <typeparam name="TId">The room's identifier.</typeparam>
/// <typeparam name="TCommand">The room's commands.</typeparam>
/// <typeparam name="TView">What a read shows.</typeparam>
public sealed class BulkClient<TId, TCommand, TView>
    where TId : struct, IStringId<TId>
    where TCommand : class
    where TView : class
{
    private const int Workers = 64;

    private static readonly BulkOptions Usual = new();

    private readonly Calls calls;
    private readonly UnionClientOptions options;
    private readonly Func<long, IBulkGrain<TCommand, TView>> worker;

    internal BulkClient(Calls calls, UnionClientOptions options, Func<long, IBulkGrain<TCommand, TView>> worker) => (this.calls, this.options, this.worker) = (calls, options, worker);

    /// <summary>
    /// Sends the rows and tells one outcome for each, in their order. The rows of one aggregate are decided in their order: a refusal stops nothing, the first fault
    /// stops the aggregate's remaining rows. Retryable faults are repeated with the same command ids within the total time of their window. With the same
    /// command ids the whole bulk may be sent again after a break: what was applied has no effect and tells the same outcome.
    /// </summary>
    /// <param name="rows">The rows; read as windows are sent. The next window is read while those before it are under way.</param>
    /// <param name="with">Size and number of windows, and whether views are wanted.</param>
    /// <param name="cancel">Gives up waiting; rows under way may still be applied.</param>
    /// <exception cref="InvalidOperationException">A row names no operator and neither do the client's options.</exception>
    public async IAsyncEnumerable<BulkOutcome<TView>> Send(
        IAsyncEnumerable<BulkRow<TId, TCommand>> rows, BulkOptions? with = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        with ??= Usual;
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var underWay = new Queue<Window>(with.Windows);
        var faulted = new ConcurrentDictionary<string, BulkFault>(StringComparer.Ordinal);
        try
        {
            await foreach (var window in Windows(rows, with.WindowRows, left.Token))
            {
                while (underWay.Count == with.Windows || underWay.Any(earlier => earlier.Streams.Overlaps(window.Streams)))
                    foreach (var outcome in await underWay.Dequeue().Outcomes) yield return outcome;
                window.Outcomes = Work(window, with.Views, faulted, left.Token);
                underWay.Enqueue(window);
            }

            while (underWay.TryDequeue(out var window))
                foreach (var outcome in await window.Outcomes) yield return outcome;
        }
        finally
        {
            await left.CancelAsync();
        }
    }

    private async IAsyncEnumerable<Window> Windows(IAsyncEnumerable<BulkRow<TId, TCommand>> rows, int size, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (window, first) = (new Window(0, size), 0L);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            window.Add(row.Id.Value, options.Enclose(row.Command, row.With));
            if (window.Count < size) continue;
            yield return window;
            first += size;
            window = new(first, size);
        }

        if (window.Count > 0) yield return window;
    }

    /// <summary>Sends a window until each of its rows has an answer or the total time is over.</summary>
    private async Task<BulkOutcome<TView>[]> Work(Window window, bool views, ConcurrentDictionary<string, BulkFault> faulted, CancellationToken cancel)
    {
        var (outcomes, open, begun) = (new BulkOutcome<TView>[window.Count], new List<int>(window.Count), calls.Begin());
        for (var row = 0; row < outcomes.Length; row++)
            if (faulted.TryGetValue(window.Keys[row], out var former)) outcomes[row] = NotTried(former);
            else open.Add(row);
        for (var attempt = 0; open.Count > 0; attempt++)
        {
            await Ask(window, open, views, outcomes, attempt, cancel);
            open.RemoveAll(row => outcomes[row].Fault is not { Retryable: true });
            if (open.Count > 0 && !await calls.Pause(begun, attempt, cancel)) break;
        }

        for (var row = 0; row < outcomes.Length; row++)
        {
            outcomes[row] = outcomes[row] with { Row = window.First + row };
            if (outcomes[row].Fault is { } fault) faulted.TryAdd(window.Keys[row], fault);
        }

        return outcomes;
    }

    private async Task Ask(Window window, IReadOnlyList<int> rows, bool views, BulkOutcome<TView>[] outcomes, int attempt, CancellationToken cancel)
    {
        try
        {
            // Calls to one worker all go through one gateway: the next window, and the next attempt, take another.
            var told = await worker((window.First / window.Size + attempt) % Workers)
                .Send(new([.. rows.Select(row => window.Keys[row])], [.. rows.Select(row => window.Rows[row])], views)).WaitAsync(cancel);
            for (var i = 0; i < told.Count; i++) outcomes[rows[i]] = told[i];
        }
        catch (TypeLoadException) when (rows.Count > 1)
        {
            // One row that the silo does not know spoils the whole call: the halves are sent one after the other.
            var first = rows.Take(rows.Count / 2).ToList();
            await Ask(window, first, views, outcomes, attempt, cancel);
            var faults = first.Where(row => outcomes[row].Fault is not null).DistinctBy(row => window.Keys[row]).ToDictionary(row => window.Keys[row], row => outcomes[row].Fault!);
            var second = new List<int>();
            foreach (var row in rows.Skip(first.Count))
                if (faults.TryGetValue(window.Keys[row], out var fault)) outcomes[row] = NotTried(fault);
                else second.Add(row);
            if (second.Count > 0) await Ask(window, second, views, outcomes, attempt, cancel);
        }
        catch (Exception broken) when (Calls.FaultOf(broken) is { } fault)
        {
            var told = new BulkFault(fault.Code, fault.Retryable, fault.Message);
            foreach (var row in rows) outcomes[row] = new() { Fault = told };
        }
    }

    private static BulkOutcome<TView> NotTried(BulkFault fault) => new() { Fault = fault, Tried = false };

    private sealed class Window(long first, int size)
    {
        public long First => first;

        public int Size => size;

        public int Count => Rows.Count;

        public List<string> Keys { get; } = new(size);

        public List<Envelope<TCommand>> Rows { get; } = new(size);

        public HashSet<string> Streams { get; } = new(size, StringComparer.Ordinal);

        public Task<BulkOutcome<TView>[]> Outcomes { get; set; } = Task.FromResult<BulkOutcome<TView>[]>([]);

        public void Add(string key, Envelope<TCommand> row)
        {
            Keys.Add(key);
            Rows.Add(row);
            Streams.Add(key);
        }
    }
}
