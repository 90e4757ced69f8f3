using System.Collections.Immutable;
using System.Runtime.InteropServices;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>
/// Decides one window of commands without an activation per stream: all streams are read with one query, the same <see cref="DecidingStream{TDecider, TState, TCommand, TEvent, TView}"/>
/// decides row after row, and the silo's journal commits them together. Before it answers every silo is told what the streams hold. Used by one scheduler at a time, as a grain is.
/// One that leaves active streams to their grains serves first calls: what it reads for a look is kept for the command that usually follows.
/// </summary>
internal sealed class SetWise<TDecider, TState, TCommand, TEvent, TView>(AggregateKernel kernel, BulkWindow<TCommand> window, bool opens = false, bool leaves = false)
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

    private readonly BulkOutcome<TView>[] outcomes = new BulkOutcome<TView>[window.Keys.Count];
    private readonly int[] following = new int[window.Keys.Count]; // the next row of the same stream
    private readonly Dictionary<string, Line> lines = new(window.Keys.Count, StringComparer.Ordinal); // by key
    private readonly Dictionary<StreamId, Task<object?>> asked = [];
    private readonly List<Append> appends = new(window.Rows.Count); // of this round
    private Action<int, TState, ISeal?>? planned; // hears what each row is decided on, where nothing is to be written
    private (List<StreamId> Needed, Knowledge Known)? newest; // most rows of a window need the same

    /// <summary>One outcome per row, in their order.</summary>
    /// <exception cref="UnionFault">The window as a whole could not be tried or told; repeated with the same command ids it answers what became of it.</exception>
    public async Task<IReadOnlyList<BulkOutcome<TView>>> Run()
    {
        Begin();
        // Whoever must wait for other rows goes on in the next round. The first row that is not settled waits for nobody, so each round settles some.
        for (var open = lines.Values.ToList(); open.Count > 0; open.RemoveAll(line => line.Next == None))
        {
            await Open(open);
            await Foresee(open);
            foreach (var line in open) await Decide(line);
            var settled = await kernel.Journal.Append(appends);
            foreach (var line in open) Settle(line, settled);
            appends.Clear();
        }

        if (opens) Reveal();
        await Tell();
        foreach (var outcome in outcomes)
            if (outcome.Tried) kernel.Numbers.Count(TDecider.Kind, outcome.Fault is not null ? "fault" : outcome.Refusal is not null ? "refused" : outcome.Events == 0 ? "nothing" : "accepted");
        return outcomes;
    }

    /// <summary>
    /// What <see cref="Run"/> would answer now, with the version that each row is decided at, and each row's claims: every row is decided on what the rows before it would leave, and nothing is
    /// written. Whether others hold the claims is left to be asked.
    /// </summary>
    /// <param name="seen">Hears the state that a row is decided on, and what opens it; before it is decided.</param>
    /// <exception cref="UnionFault">The window as a whole could not be tried.</exception>
    public async Task<IReadOnlyList<(BulkOutcome<TView> Outcome, long Version, ImmutableArray<ClaimChange> Claims)>> Plan(Action<int, TState, ISeal?> seen)
    {
        var (versions, claims) = (new long[outcomes.Length], new ImmutableArray<ClaimChange>[outcomes.Length]);
        planned = (row, state, seal) =>
        {
            versions[row] = lines[window.Keys[row]].Stream!.Version;
            claims[row] = [];
            seen(row, state, seal);
        };
        Begin();
        for (var open = lines.Values.ToList(); open.Count > 0; open.RemoveAll(line => line.Next == None))
        {
            await Open(open);
            await Foresee(open);
            foreach (var line in open) await Decide(line);
            foreach (var line in open)
            {
                foreach (var (row, at, _) in line.UnderWay) claims[row] = appends[at].Consequences.Claims;
                line.UnderWay.Clear();
                line.Next = line.Reached;
                if (line.Fault is { } fault) Stop(line, fault);
            }

            appends.Clear();
        }

        return [.. outcomes.Select((outcome, row) => (outcome, versions[row], claims[row].IsDefault ? [] : claims[row]))];
    }

    /// <summary>The views alone, where there is nothing to be decided.</summary>
    /// <exception cref="UnionFault">The window as a whole could not be read.</exception>
    public async Task<IReadOnlyList<BulkOutcome<TView>>> Show()
    {
        Begin();
        await Open([.. lines.Values]);
        foreach (var line in lines.Values)
            for (var row = line.Next; row != None; row = following[row]) outcomes[row] = Answer(line.Stream!, row);
        await Tell();
        if (leaves)
            foreach (var line in lines.Values)
                if (line.Stream is { Version: > 0 } stream) kernel.Shown.Keep(line.Name, stream);
        return outcomes;
    }

    private void Begin()
    {
        if (!kernel.Membership.IsConfirmed) throw Faults.NotConfirmed();
        for (var row = 0; row < window.Keys.Count; row++)
        {
            following[row] = None;
            ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(lines, window.Keys[row], out var known);
            if (known) following[line!.Last] = row;
            else
            {
                line = new(new(TDecider.Kind, window.Keys[row]), row);
                if (leaves && kernel.Active.Holds(line.Name))
                {
                    outcomes[row] = new() { Row = row, Tried = false };
                    lines.Remove(window.Keys[row]);
                    continue;
                }
            }

            line.Last = row;
        }
    }

    // What was only read counts too: an answer that rests on it must not be followed by an older view.
    private Task Tell() => kernel.Membership.Tell([.. lines.Values.Where(line => line.Seen > 0).Select(line => new StreamVersion(line.Name, line.Seen))]);

    /// <summary>Shows the personal fields: every look at them is durable by now, or was refused.</summary>
    private void Reveal()
    {
        foreach (var line in lines.Values)
        {
            for (var row = line.First; row != None; row = following[row])
            {
                var outcome = outcomes[row];
                if (outcome.Fault is not null) continue;
                if (line.Stream is not { } stream) outcomes[row] = outcome with { Fault = Fault(Faults.Fenced()) }; // A later look at the same stream broke: asked once more, this one is answered.
                else outcomes[row] = outcome with { View = outcome.Refusal is null && stream.Seal is { } seal ? TDecider.Open(stream.State, seal) : TDecider.View(stream.State) };
            }
        }
    }

    /// <summary>Opens the streams that are not open, all with one query: at first every one, later those that lost something to others.</summary>
    private async Task Open(List<Line> open)
    {
        var closed = open.FindAll(line => line.Stream is null);
        if (leaves && window.Rows.Count > 0) Guess(closed);
        // A key that names nothing is refused by name later; the database never sees it.
        var read = closed.FindAll(line => !line.IsGuess && line.Self.HasValidKey());
        var slices = await kernel.Journal.Read([.. read.Select(line => new StreamRequest(line.Name, 0, FirstRead))]);
        for (var i = 0; i < read.Count; i++) read[i].Slice = slices[i];
        var personal = closed.FindAll(line => line is { IsGuess: true } or { Slice.Entries.IsEmpty: false } && (opens || Any(line, TDecider.IsPersonal)));
        var keys = await kernel.Journal.ReadKeys([.. personal.Select(line => line.Name)]);
        for (var i = 0; i < personal.Count; i++) personal[i].Key = keys[i];
        await Task.WhenAll(closed.Select(Open));
    }

    /// <summary>Takes what was read a moment ago for a look, once for each stream. It may be old: a committed append proves that it was not, and whatever else is decided on it is decided again on what is read.</summary>
    private void Guess(List<Line> closed)
    {
        foreach (var line in closed)
            if (line.Guess is null && !Any(line, Undoes) && kernel.Shown.TryTake<DecidingStream<TDecider, TState, TCommand, TEvent, TView>>(line.Name, out var shown)) (line.Guess, line.IsGuess) = (shown, true);
    }

    private static bool Undoes(TCommand command) => TDecider.Undoes(command) is not null;

    private bool Any(Line line, Func<TCommand, bool> fulfils)
    {
        for (var row = window.Rows.Count == 0 ? None : line.Next; row != None; row = following[row])
            if (fulfils(window.Rows[row].Command)) return true;
        return false;
    }

    private async Task Open(Line line)
    {
        try
        {
            var stream = line.IsGuess ? line.Guess! : new(kernel, line.Self, line.Name);
            if (line.Slice is { } slice)
            {
                var undoes = Any(line, Undoes);
                if (undoes) stream.KeepPast();
                stream.Replay(slice);
                if (slice.More && !undoes && kernel.Snapshots is { } snapshots
                    && await snapshots.Read<TState>(kernel.Rooms.Grain(line.Self), TDecider.SnapshotSchema, line.Name, kernel.Journal, CancellationToken.None) is var (state, snapshot) && snapshot.Version > stream.Version)
                    stream.Restore(state, snapshot);
                while (slice.More)
                {
                    slice = await kernel.Journal.Read(line.Name, stream.Version, NextReads, CancellationToken.None);
                    stream.Replay(slice);
                }
            }

            if (line.Key is not null) stream.TakeKey(line.Key);
            // Good for one reading only: who comes here again reads again.
            (line.Slice, line.Key) = (null, null);
            line.Stream = stream;
            line.Seen = Math.Max(line.Seen, stream.Version);
        }
        catch (UnionFault fault)
        {
            Stop(line, fault);
        }
        catch (UnknownCaseException unknown)
        {
            Stop(line, Faults.UnknownCase(unknown.Type));
        }
    }

    /// <summary>Asks at once for what the rows at hand will need, so that deciding does not wait for one answer after the other.</summary>
    private async Task Foresee(List<Line> open)
    {
        foreach (var line in open)
            if (line is { Next: not None, Stream: { } stream } && stream.Needs(window.Rows[line.Next].Command) is { } needed)
                foreach (var other in needed)
                    if (EarlierRows(other, line.Next) is null) _ = Ask(other);
        // Whoever needs an answer that did not come is told so.
        await Task.WhenAll((IEnumerable<Task>)asked.Values).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Decides the rows of one stream, as far as it goes in this round. What it answers holds once the appends before it are settled.</summary>
    private async ValueTask Decide(Line line)
    {
        if (line.Next == None) return;
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
                    if (behind && (line.UnderWay.Count > 0 || needed.Exists(other => EarlierRows(other, row) is { Next: not None } earlier && earlier.Next < row))) return;
                    knowledge = await Gather(needed, row, behind);
                }

                if (stream.MustReadPast(envelope.Command))
                {
                    // What is decided and not durable yet is not read.
                    if (line.UnderWay.Count > 0) return;
                    await stream.ReadPast(NextReads);
                }

                if (stream.MustReadKey(envelope.Command)) stream.TakeKey(await kernel.Journal.ReadKey(line.Name));
                var hash = stream.HashOf(envelope);
                var former = stream.Applied.Find(envelope.CommandId);
                if (former is null && stream.IsForgotten(envelope.CommandId) && await kernel.Journal.FindCommand(line.Name, envelope.CommandId) is { } found) former = new(found.Version, found.Hash);
                if (former is { } applied)
                {
                    if (MustReadAgain(line)) return;
                    outcomes[row] = stream.Repeats(envelope.CommandId, applied, hash) is { } refused
                        ? Answer(stream, row, refusal: refused)
                        : Answer(stream, row, Math.Max(1, applied.Events)) with { Version = applied.Version, Repeated = true };
                    continue;
                }

                if (planned is not null) planned(row, stream.State, stream.Seal);
                else if (!kernel.Journal.TryReserve())
                {
                    // Slots come back from appends handed over, so nobody waits who keeps some.
                    if (appends.Count > 0) return;
                    await kernel.Journal.Reserve();
                }

                var reserved = planned is null;
                try
                {
                    var decision = stream.Decide(envelope, knowledge, out var occasion);
                    if (decision.Refusal is null && !decision.Events.IsEmpty)
                    {
                        var before = window.Views ? TDecider.View(stream.State) : null;
                        line.UnderWay.Add((row, appends.Count, before));
                        appends.Add(stream.Apply(envelope, occasion, decision.Events, hash));
                        reserved = false; // the journal gives the slot back
                    }
                    else if (MustReadAgain(line))
                    {
                        return;
                    }

                    outcomes[row] = Answer(stream, row, decision.Refusal is null ? decision.Events.Length : 0, decision.Refusal, decision.Warnings);
                }
                finally
                {
                    if (reserved) kernel.Journal.Release();
                }
            }
        }
        catch (UnionFault fault)
        {
            line.Fault = fault;
        }
        catch (UnknownCaseException unknown)
        {
            line.Fault = Faults.UnknownCase(unknown.Type);
        }
        catch (Exception lost) when (lost is TimeoutException or OrleansException)
        {
            // Another aggregate could not be asked.
            line.Fault = Faults.NoAnswer();
        }
    }

    /// <summary>Whether what is decided rests on nothing but a guess; it is forgotten then, and the row is decided in the next round.</summary>
    private static bool MustReadAgain(Line line)
    {
        if (!line.IsGuess || line.UnderWay.Count > 0) return false;
        (line.Stream, line.IsGuess) = (null, false);
        return true;
    }

    /// <summary>Takes in what became of a stream's appends. Where one was lost, what rests on it is forgotten, and the rows from there on are decided again on what others left.</summary>
    private void Settle(Line line, IReadOnlyList<AppendOutcome> settled)
    {
        if (line.Next == None) return;
        foreach (var (row, at, before) in line.UnderWay)
        {
            var (append, outcome) = (appends[at], settled[at]);
            if (outcome.Committed)
            {
                (line.Seen, line.IsGuess) = (append.NextVersion, false);
                continue;
            }

            (line.Stream, line.IsGuess, line.Fault, line.Next) = (null, false, null, row);
            if (outcome.Claim is { } claim)
            {
                var refusal = append.Consequences.Claims.First(change => change.Key == claim && change.IfHeld is not null).IfHeld!;
                outcomes[row] = outcomes[row] with { Version = append.ExpectedVersion, Events = 0, Refusal = refusal.With("holder", outcome.Holder ?? ""), View = before };
                line.Next = following[row];
            }
            else if (outcome.Fault!.Code != Fenced || ++line.Losses > MostLosses) line.Fault = outcome.Fault;

            line.Reached = line.Next;
            break;
        }

        line.UnderWay.Clear();
        line.Next = line.Reached;
        if (line.Fault is { } fault) Stop(line, fault);
    }

    private BulkOutcome<TView> Answer(DecidingStream<TDecider, TState, TCommand, TEvent, TView> stream, int row, int events = 0, Refusal? refusal = null, ImmutableArray<Refusal> warnings = default) => new()
    {
        Row = row,
        Version = stream.Version,
        Events = events,
        Refusal = refusal,
        Warnings = warnings.IsDefaultOrEmpty ? [] : warnings,
        View = window.Views ? TDecider.View(stream.State) : null,
    };

    /// <summary>The first fault of a stream ends it: its later rows are not tried.</summary>
    private void Stop(Line line, UnionFault fault)
    {
        var tried = true;
        for (var row = line.Next; row != None; row = following[row], tried = false)
            outcomes[row] = new() { Row = row, Version = line.Seen, Fault = Fault(fault), Tried = tried };
        line.Next = None;
    }

    private static BulkFault Fault(UnionFault fault) => new(fault.Code, fault.Retryable, fault.Message);

    private async ValueTask<Knowledge> Gather(List<StreamId> needed, int row, bool behind)
    {
        if (!behind && newest is { } former && former.Needed.SequenceEqual(needed)) return former.Known;
        var views = new Dictionary<StreamId, object>(needed.Count);
        foreach (var other in needed)
            if (await (EarlierRows(other, row) is { } earlier ? AskBehind(earlier) : Ask(other)) is { } view) views[other] = view;
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

    /// <summary>A view after the earlier rows of this window.</summary>
    private async Task<object?> AskBehind(Line line)
    {
        if (planned is not null) return line.Stream is { Version: > 0 } stream ? TDecider.View(stream.State) : null;
        if (line.Seen > 0) await kernel.Membership.Tell([new(line.Name, line.Seen)]);
        return await kernel.Rooms.Look(line.Self);
    }

    private Line? EarlierRows(StreamId other, int row) => other.Kind == TDecider.Kind && lines.TryGetValue(other.Key, out var line) && line.First < row ? line : null;

    /// <summary>The rows of one stream.</summary>
    private sealed class Line(StreamId self, int first)
    {
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

        /// <summary>Why the first row that is not decided could not be tried.</summary>
        public UnionFault? Fault { get; set; }

        public StreamSlice? Slice { get; set; }

        public WrappedKey? Key { get; set; }

        public DecidingStream<TDecider, TState, TCommand, TEvent, TView>? Stream { get; set; }

        /// <summary>What was read for an earlier look; null when nothing was, or nothing yet.</summary>
        public DecidingStream<TDecider, TState, TCommand, TEvent, TView>? Guess { get; set; }

        /// <summary>Whether the stream is that guess, and no append proved it yet.</summary>
        public bool IsGuess { get; set; }

        /// <summary>The rows with an append in this round: its place there, and the view before it.</summary>
        public List<(int Row, int At, TView? Before)> UnderWay { get; } = new(1);
    }
}
