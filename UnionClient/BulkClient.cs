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
    public IAsyncEnumerable<BulkOutcome<TView>> Send(IAsyncEnumerable<BulkRow<TId, TCommand>> rows, BulkOptions? with = null, CancellationToken cancel = default)
    {
        var views = (with ??= Usual).Views;
        return Run(rows, row => row.Id, row => options.Enclose(row.Command, row.With), (silo, keys, sent) => silo.Send(new(keys, sent, views)), with, cancel);
    }

    /// <summary>
    /// Looks at the personal fields of many aggregates and tells one outcome with its view for each, in their order: opened where the look was accepted, and then it is recorded before anything
    /// is shown; masked where it was refused. In a room without personal fields nothing is recorded.
    /// </summary>
    /// <param name="ids">The aggregates; read as windows are sent.</param>
    /// <param name="purpose">Why: one of the room's purposes.</param>
    /// <param name="by">Who looks; the operator of <see cref="UnionClientOptions"/> unless given.</param>
    /// <param name="with">Size and number of windows; views are always told.</param>
    /// <param name="cancel">Gives up waiting; looks under way may still be recorded.</param>
    /// <exception cref="InvalidOperationException">Neither the call nor the client's options name an operator.</exception>
    public IAsyncEnumerable<BulkOutcome<TView>> Look(
        IAsyncEnumerable<TId> ids, string purpose, Operator? by = null, BulkOptions? with = null, CancellationToken cancel = default)
    {
        var looker = by ?? options.Operator ?? throw UnionClientOptions.NoOperator();
        return Run(ids, id => id, _ => Guid.CreateVersion7(), (silo, keys, sent) => silo.Look(new(keys, sent, purpose, looker)), with ?? Usual, cancel);
    }

    private async IAsyncEnumerable<BulkOutcome<TView>> Run<TRow, TSent>(
        IAsyncEnumerable<TRow> rows, Func<TRow, TId> id, Func<TRow, TSent> enclose, Ask<TSent> ask, BulkOptions with, [EnumeratorCancellation] CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var underWay = new Queue<Window<TSent>>(with.Windows);
        var faulted = new ConcurrentDictionary<string, BulkFault>(StringComparer.Ordinal);
        try
        {
            await foreach (var window in Windows(rows, id, enclose, with.WindowRows, left.Token))
            {
                while (underWay.Count == with.Windows || underWay.Any(earlier => earlier.Streams.Overlaps(window.Streams)))
                    foreach (var outcome in await underWay.Dequeue().Outcomes) yield return outcome;
                window.Outcomes = Work(window, ask, faulted, left.Token);
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

    private static async IAsyncEnumerable<Window<TSent>> Windows<TRow, TSent>(
        IAsyncEnumerable<TRow> rows, Func<TRow, TId> id, Func<TRow, TSent> enclose, int size, [EnumeratorCancellation] CancellationToken cancel)
    {
        var window = new Window<TSent>(0, 0, size);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            var key = id(row).Value;
            // Rows of one aggregate that follow each other stay together: parted, the second window would wait for the first.
            if (window.Count >= size && (window.Count >= 2 * size || window.Keys[^1] != key))
            {
                yield return window;
                window = new(window.N + 1, window.First + window.Count, size);
            }

            window.Add(key, enclose(row));
        }

        if (window.Count > 0) yield return window;
    }

    /// <summary>Sends a window until each of its rows has an answer or the total time is over.</summary>
    private async Task<BulkOutcome<TView>[]> Work<TSent>(Window<TSent> window, Ask<TSent> ask, ConcurrentDictionary<string, BulkFault> faulted, CancellationToken cancel)
    {
        var (outcomes, open, begun) = (new BulkOutcome<TView>[window.Count], new List<int>(window.Count), calls.Begin());
        for (var row = 0; row < outcomes.Length; row++)
            if (faulted.TryGetValue(window.Keys[row], out var former)) outcomes[row] = NotTried(former);
            else open.Add(row);
        for (var attempt = 0; open.Count > 0; attempt++)
        {
            if (await calls.Unreachable(begun, cancel) is { } closed)
            {
                foreach (var row in open) outcomes[row] = new() { Fault = Told(closed) };
                break;
            }

            await Try(window, open, ask, outcomes, attempt, cancel);
            open.RemoveAll(row => outcomes[row].Fault is not { Retryable: true });
            if (open.Count > 0 && !await calls.Pause(begun, attempt, cancel)) break;
        }

        for (var row = 0; row < outcomes.Length; row++)
        {
            if (outcomes[row].Row != window.First + row) outcomes[row] = outcomes[row] with { Row = window.First + row };
            if (outcomes[row].Fault is { } fault) faulted.TryAdd(window.Keys[row], fault);
        }

        return outcomes;
    }

    private async Task Try<TSent>(Window<TSent> window, IReadOnlyList<int> rows, Ask<TSent> ask, BulkOutcome<TView>[] outcomes, int attempt, CancellationToken cancel)
    {
        try
        {
            // Calls to one worker all go through one gateway: the next window, and the next attempt, take another.
            var told = await ask(worker((window.N + attempt) % Workers), [.. rows.Select(row => window.Keys[row])], [.. rows.Select(row => window.Rows[row])]).WaitAsync(cancel);
            for (var i = 0; i < told.Count; i++) outcomes[rows[i]] = told[i];
        }
        catch (TypeLoadException) when (rows.Count > 1)
        {
            // One row that the silo does not know spoils the whole call: the halves are sent one after the other.
            var first = rows.Take(rows.Count / 2).ToList();
            await Try(window, first, ask, outcomes, attempt, cancel);
            var faults = first.Where(row => outcomes[row].Fault is not null).DistinctBy(row => window.Keys[row]).ToDictionary(row => window.Keys[row], row => outcomes[row].Fault!);
            var second = new List<int>();
            foreach (var row in rows.Skip(first.Count))
                if (faults.TryGetValue(window.Keys[row], out var fault)) outcomes[row] = NotTried(fault);
                else second.Add(row);
            if (second.Count > 0) await Try(window, second, ask, outcomes, attempt, cancel);
        }
        catch (Exception broken) when (Calls.FaultOf(broken) is { } fault)
        {
            var told = Told(fault);
            foreach (var row in rows) outcomes[row] = new() { Fault = told };
        }
    }

    private static BulkFault Told(UnionFault fault) => new(fault.Code, fault.Retryable, fault.Message);

    private static BulkOutcome<TView> NotTried(BulkFault fault) => new() { Fault = fault, Tried = false };

    private delegate Task<IReadOnlyList<BulkOutcome<TView>>> Ask<TSent>(IBulkGrain<TCommand, TView> silo, IReadOnlyList<string> keys, IReadOnlyList<TSent> rows);

    private sealed class Window<TSent>(long n, long first, int size)
    {
        public long N => n;

        public long First => first;

        public int Count => Rows.Count;

        public List<string> Keys { get; } = new(size);

        public List<TSent> Rows { get; } = new(size);

        public HashSet<string> Streams { get; } = new(size, StringComparer.Ordinal);

        public Task<BulkOutcome<TView>[]> Outcomes { get; set; } = Task.FromResult<BulkOutcome<TView>[]>([]);

        public void Add(string key, TSent row)
        {
            Keys.Add(key);
            Rows.Add(row);
            Streams.Add(key);
        }
    }
}
