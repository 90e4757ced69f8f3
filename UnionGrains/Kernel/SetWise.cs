using System.Runtime.InteropServices;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>
/// Decides one window of commands without an activation per stream: all streams are read with one query, the same <see cref="DecidingStream{TDecider, TState, TCommand, TEvent, TView}"/>
/// decides row after row, and the silo's journal commits. Before it answers every silo is told what the streams hold. Used by one scheduler at a time, as a grain is.
/// </summary>
internal sealed class SetWise<TDecider, TState, TCommand, TEvent, TView>(AggregateKernel kernel, BulkWindow<TCommand> window)
    where TDecider : IAggregate<TState, TCommand, TEvent, TView>
    where TCommand : class
    where TEvent : class
    where TView : class
{
    private const int FirstRead = 200;
    private const int NextReads = 5_000;
    private const int MostLosses = 8;
    private const int None = -1;

    private static readonly string Fenced = Faults.Fenced().Code;

    private readonly BulkOutcome<TView>[] outcomes = new BulkOutcome<TView>[window.Rows.Count];
    private readonly int[] following = new int[window.Rows.Count]; // the next row of the same stream
    private readonly Dictionary<string, Line> lines = new(window.Rows.Count, StringComparer.Ordinal); // by key
    private readonly Dictionary<StreamId, Task<object?>> asked = [];
    private (List<StreamId> Needed, Knowledge Known)? newest; // most rows of a window need the same

    /// <summary>One outcome per row, in their order.</summary>
    /// <exception cref="UnionFault">The window as a whole could not be tried or told; repeated with the same command ids it answers what became of it.</exception>
    public async Task<IReadOnlyList<BulkOutcome<TView>>> Run()
    {
        if (!kernel.Membership.IsConfirmed) throw Faults.NotConfirmed();
        for (var row = 0; row < window.Rows.Count; row++)
        {
            following[row] = None;
            ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(lines, window.Keys[row], out var known);
            if (known) following[line!.Last] = row;
            else line = new(new(TDecider.Kind, window.Keys[row]), row);
            line.Last = row;
        }

        await Read();
        await Task.WhenAll(lines.Values.Select(Work));
        // What was only read counts too: an answer that rests on it must not be followed by an older view.
        await kernel.Membership.Tell([.. lines.Values.Where(line => line.Seen > 0).Select(line => new StreamVersion(line.Name, line.Seen))]);
        foreach (var outcome in outcomes)
            if (outcome.Tried) kernel.Numbers.Count(TDecider.Kind, outcome.Fault is not null ? "fault" : outcome.Refusal is not null ? "refused" : outcome.Events == 0 ? "nothing" : "accepted");
        return outcomes;
    }

    private async Task Read()
    {
        // A key that names nothing is refused by name later; the database never sees it.
        var read = lines.Values.Where(line => line.Self.HasValidKey()).ToList();
        var slices = await kernel.Journal.Read([.. read.Select(line => new StreamRequest(line.Name, 0, FirstRead))]);
        for (var i = 0; i < read.Count; i++) read[i].Slice = slices[i];
        var personal = read.Where(line => !line.Slice!.Entries.IsEmpty && Any(line, TDecider.IsPersonal)).ToList();
        var keys = await kernel.Journal.ReadKeys([.. personal.Select(line => line.Name)]);
        for (var i = 0; i < personal.Count; i++) personal[i].Key = keys[i];
    }

    private bool Any(Line line, Func<TCommand, bool> fulfils)
    {
        for (var row = line.Next; row != None; row = following[row])
            if (fulfils(window.Rows[row].Command)) return true;
        return false;
    }

    /// <summary>Works through the rows of one stream. What is lost to others is decided again on what they left.</summary>
    private async Task Work(Line line)
    {
        try
        {
            while (line.Next != None)
            {
                if (line.Stream is null) await Open(line);
                var fault = await Decide(line);
                if (line.Stream is null || !await Settle(line)) continue;
                if (fault is not null) throw fault;
            }
        }
        catch (UnionFault fault)
        {
            Stop(line, fault);
        }
        catch (UnknownCaseException unknown)
        {
            Stop(line, Faults.UnknownCase(unknown.Type));
        }

        line.Settled();
    }

    private async ValueTask Open(Line line)
    {
        var stream = new DecidingStream<TDecider, TState, TCommand, TEvent, TView>(kernel, line.Name);
        if (line.Self.HasValidKey())
        {
            var slice = line.Slice ?? await kernel.Journal.Read(line.Name, 0, FirstRead, CancellationToken.None);
            stream.Replay(slice);
            if (slice.More && kernel.Snapshots is { } snapshots
                && await snapshots.Read<TState>(kernel.Rooms.Grain(line.Self), TDecider.SnapshotSchema) is var (state, snapshot) && snapshot.Version > stream.Version)
                stream.Restore(state, snapshot);
            while (slice.More)
            {
                slice = await kernel.Journal.Read(line.Name, stream.Version, NextReads, CancellationToken.None);
                stream.Replay(slice);
            }

            if (line.Slice is not null && line.Key is not null) stream.TakeKey(line.Key);
        }

        // Good for one reading only: who comes here again reads again.
        (line.Slice, line.Key) = (null, null);
        line.Stream = stream;
        line.Seen = Math.Max(line.Seen, stream.Version);
    }

    /// <summary>Decides the rows that are left until one cannot be tried. What it answers holds once the appends before it are settled.</summary>
    private async ValueTask<UnionFault?> Decide(Line line)
    {
        var stream = line.Stream!;
        try
        {
            for (; line.Reached != None; line.Reached = following[line.Reached])
            {
                var row = line.Reached;
                var envelope = window.Rows[row];
                var knowledge = Knowledge.None;
                if (stream.Needs(envelope.Command) is { } needed)
                {
                    var behind = needed.Exists(other => EarlierRows(other, row) is not null);
                    if (behind && !await Settle(line)) return null;
                    knowledge = await Gather(needed, row, behind);
                }

                if (stream.MustReadKey(envelope.Command)) stream.TakeKey(await kernel.Journal.ReadKey(line.Name));
                var hash = stream.HashOf(envelope);
                var former = stream.Applied.Find(envelope.CommandId);
                if (former is null && stream.IsForgotten(envelope.CommandId) && await kernel.Journal.FindCommand(line.Name, envelope.CommandId) is { } found) former = new(found.Version, found.Hash);
                if (former is { } applied)
                {
                    outcomes[row] = applied.Hash == hash
                        ? Answer(stream, row) with { Version = applied.Version, Events = Math.Max(1, applied.Events) }
                        : Answer(stream, row) with { Refusal = CommandRules.IdReused.With("id", envelope.CommandId) };
                    continue;
                }

                await kernel.Journal.Reserve();
                var reserved = true;
                try
                {
                    var decision = stream.Decide(envelope, knowledge, out var occasion);
                    if (decision.Refusal is null && !decision.Events.IsEmpty)
                    {
                        var before = window.Views ? TDecider.View(stream.State) : null;
                        var append = stream.Apply(envelope, occasion, decision.Events, hash);
                        line.UnderWay.Add((row, append, before, kernel.Journal.Append(append)));
                        reserved = false; // the journal gives the slot back
                    }

                    outcomes[row] = Answer(stream, row) with { Events = decision.Refusal is null ? decision.Events.Length : 0, Refusal = decision.Refusal, Warnings = decision.Warnings };
                }
                finally
                {
                    if (reserved) kernel.Journal.Release();
                }
            }
        }
        catch (UnionFault fault)
        {
            return fault;
        }
        catch (Exception lost) when (lost is TimeoutException or OrleansException)
        {
            // Another aggregate could not be asked.
            return Faults.NoAnswer();
        }

        return null;
    }

    /// <summary>Waits for the appends of a stream. False: one was lost; what rests on it is forgotten and the rows from there on are decided again.</summary>
    private async ValueTask<bool> Settle(Line line)
    {
        foreach (var (row, append, before, committed) in line.UnderWay)
        {
            var outcome = await committed;
            if (outcome.Committed)
            {
                line.Seen = append.NextVersion;
                continue;
            }

            line.UnderWay.Clear();
            line.Stream = null;
            line.Next = row;
            if (outcome.Claim is { } claim)
            {
                var refusal = append.Consequences.Claims.First(change => change.Key == claim && change.IfHeld is not null).IfHeld!;
                outcomes[row] = outcomes[row] with { Version = append.ExpectedVersion, Events = 0, Refusal = refusal.With("holder", outcome.Holder ?? ""), View = before };
                line.Next = following[row];
            }
            else if (outcome.Fault!.Code != Fenced || ++line.Losses > MostLosses) throw outcome.Fault;

            line.Reached = line.Next;
            line.Settled();
            return false;
        }

        line.UnderWay.Clear();
        line.Next = line.Reached;
        line.Settled();
        return true;
    }

    private BulkOutcome<TView> Answer(DecidingStream<TDecider, TState, TCommand, TEvent, TView> stream, int row) =>
        new() { Row = row, Version = stream.Version, View = window.Views ? TDecider.View(stream.State) : null };

    /// <summary>The first fault of a stream ends it: its later rows are not tried.</summary>
    private void Stop(Line line, UnionFault fault)
    {
        var tried = true;
        for (var row = line.Next; row != None; row = following[row], tried = false)
            outcomes[row] = new() { Row = row, Version = line.Seen, Fault = new(fault.Code, fault.Retryable, fault.Message), Tried = tried };
        line.Next = None;
    }

    private async ValueTask<Knowledge> Gather(List<StreamId> needed, int row, bool behind)
    {
        if (!behind && newest is { } former && former.Needed.SequenceEqual(needed)) return former.Known;
        var views = new Dictionary<StreamId, object>(needed.Count);
        foreach (var other in needed)
            if (await (EarlierRows(other, row) is { } earlier ? AskBehind(earlier, row) : Ask(other)) is { } view) views[other] = view;
        var known = new Knowledge(views);
        // What rows of this window change is looked at anew by each that needs it.
        if (!behind) newest = (needed, known);
        return known;
    }

    private Task<object?> Ask(StreamId other)
    {
        if (!asked.TryGetValue(other, out var view)) asked.Add(other, view = kernel.Rooms.Look(other));
        return view;
    }

    /// <summary>
    /// A view after the earlier rows of this window. Whoever waits has settled its own earlier rows and waits for smaller row numbers only, so nobody waits in a circle.
    /// </summary>
    private async Task<object?> AskBehind(Line line, int row)
    {
        while (line.Next != None && line.Next < row) await line.NextSettled();
        if (line.Seen > 0) await kernel.Membership.Tell([new(line.Name, line.Seen)]);
        return await kernel.Rooms.Look(line.Self);
    }

    private Line? EarlierRows(StreamId other, int row) => other.Kind == TDecider.Kind && lines.TryGetValue(other.Key, out var line) && line.First < row ? line : null;

    /// <summary>The rows of one stream.</summary>
    private sealed class Line(StreamId self, int first)
    {
        private TaskCompletionSource? settled;

        public StreamId Self => self;

        public string Name { get; } = self.ToString();

        public int First { get; } = first;

        public int Last { get; set; }

        /// <summary>The first row that is not settled.</summary>
        public int Next { get; set; } = first;

        /// <summary>The first row that is not decided.</summary>
        public int Reached { get; set; } = first;

        /// <summary>The newest version known to be durable.</summary>
        public long Seen { get; set; }

        /// <summary>How often somebody else's commit was in the way.</summary>
        public int Losses { get; set; }

        public StreamSlice? Slice { get; set; }

        public WrappedKey? Key { get; set; }

        public DecidingStream<TDecider, TState, TCommand, TEvent, TView>? Stream { get; set; }

        public List<(int Row, Append Append, TView? Before, Task<AppendOutcome> Committed)> UnderWay { get; } = new(1);

        public Task NextSettled() => (settled ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Settled()
        {
            settled?.SetResult();
            settled = null;
        }
    }
}
