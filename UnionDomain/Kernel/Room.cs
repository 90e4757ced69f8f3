using System.Collections.Immutable;
using System.Diagnostics;

namespace UnionDomain.Kernel;

/// <summary>What one command of a stream left behind: its events with everything that commits beside them.</summary>
/// <param name="Events">What happened.</param>
/// <param name="Rows">Changed rows of the read models.</param>
/// <param name="Facts">What the report counts, each with the number of its event inside the command (from 0) and its place there.</param>
/// <param name="Claims">Keys taken and given back.</param>
/// <param name="Effects">Commands for other aggregates, each with the number of its event.</param>
public sealed record Consequences(
    ImmutableArray<StoredEvent> Events,
    ImmutableArray<Row> Rows,
    ImmutableArray<(int Event, Fact Fact)> Facts,
    ImmutableArray<ClaimChange> Claims,
    ImmutableArray<(int Event, Effect Effect)> Effects)
{
    /// <summary>Whether the key of the stream's personal data goes with this command: what it sealed can never be opened again. Default false.</summary>
    public bool Erases { get; init; }
}

/// <summary>One kind of aggregate with its types, seen without them: for the wire's pinned names, rebuild and verification.</summary>
public abstract class Room
{
    /// <summary>The first part of the stream's name.</summary>
    public abstract string Kind { get; }

    /// <summary>The decider.</summary>
    public abstract Type Decider { get; }

    /// <summary>The closed hierarchy of commands, with the pinned names of its cases.</summary>
    public abstract (Type Base, ImmutableArray<(string Name, Type Case)> Cases) Commands { get; }

    /// <summary>The closed hierarchy of events, with the pinned names of its cases.</summary>
    public abstract (Type Base, ImmutableArray<(string Name, Type Case)> Cases) Events { get; }

    /// <summary>What applications see.</summary>
    public abstract Type View { get; }

    /// <summary>The read models whose rows the room owns.</summary>
    public abstract ImmutableArray<ReadModel> ReadModels { get; }

    /// <summary>What its facts are counted in, and what is derived from them.</summary>
    public abstract ImmutableArray<Measure> Measures { get; }

    /// <summary>Begins to fold one stream.</summary>
    public abstract IFold Begin();

    /// <summary>The stored event as this version would store it: lifted to its newest schema.</summary>
    public abstract StoredEvent Lift(StoredEvent stored);

    /// <summary>The event as it is told outside: lifted to its newest schema, without anything personal; and the union at which its stream stands from it on, null when it does not change that.</summary>
    /// <exception cref="UnknownCaseException">It was written by a newer version.</exception>
    public abstract (StoredEvent Told, UnionId? Place) Tell(StoredEvent stored, StreamId self);

    /// <summary>The union at which the stream stands from this event on; null when it does not change that.</summary>
    /// <exception cref="UnknownCaseException">It was written by a newer version.</exception>
    public abstract UnionId? Place(StoredEvent stored, StreamId self);

    /// <summary>A command of this room as it is stored on its way to another aggregate.</summary>
    public abstract StoredEvent Write(object command);
}

/// <summary>Folds a stream from its stored events and says what each left behind.</summary>
public interface IFold
{
    /// <summary>Applies one stored event.</summary>
    void Apply(StoredEvent stored);

    /// <summary>All rows of the state so far.</summary>
    IEnumerable<Row> Rows();

    /// <summary>Facts and claims of the newest event.</summary>
    (ImmutableArray<Fact> Facts, ImmutableArray<ClaimChange> Claims) Newest();

    /// <summary>Whether an event so far erased the key of the stream's personal data.</summary>
    bool Erased { get; }

    /// <summary>The view of the state so far.</summary>
    object View();
}

/// <summary>A room with its types.</summary>
public sealed class Room<TDecider, TState, TCommand, TEvent, TView> : Room
    where TDecider : IAggregate<TState, TCommand, TEvent, TView>
    where TCommand : class
    where TEvent : class
    where TView : class
{
    /// <summary>The one description of this room.</summary>
    public static readonly Room<TDecider, TState, TCommand, TEvent, TView> Instance = new();

    private Room() { }

    /// <summary>Writes and reads its events.</summary>
    public CaseCodec<TEvent> EventCodec { get; } = new(TDecider.Upcasts);

    /// <summary>Writes and reads its commands.</summary>
    public CaseCodec<TCommand> CommandCodec { get; } = new([]);

    /// <inheritdoc/>
    public override string Kind => TDecider.Kind;

    /// <inheritdoc/>
    public override Type Decider => typeof(TDecider);

    /// <inheritdoc/>
    public override (Type, ImmutableArray<(string, Type)>) Commands => (typeof(TCommand), [.. CommandCodec.Cases]);

    /// <inheritdoc/>
    public override (Type, ImmutableArray<(string, Type)>) Events => (typeof(TEvent), [.. EventCodec.Cases]);

    /// <inheritdoc/>
    public override Type View => typeof(TView);

    /// <inheritdoc/>
    public override ImmutableArray<ReadModel> ReadModels => TDecider.ReadModels;

    /// <inheritdoc/>
    public override ImmutableArray<Measure> Measures => TDecider.Measures;

    /// <inheritdoc/>
    public override IFold Begin() => new Folding(EventCodec);

    /// <inheritdoc/>
    public override StoredEvent Lift(StoredEvent stored) => EventCodec.Write(EventCodec.Read(stored));

    /// <inheritdoc/>
    public override (StoredEvent, UnionId?) Tell(StoredEvent stored, StreamId self)
    {
        var happened = EventCodec.Read(stored);
        return (EventCodec.Write(happened, ToldJson.Options), TDecider.Place(happened, self));
    }

    /// <inheritdoc/>
    public override UnionId? Place(StoredEvent stored, StreamId self) => TDecider.Place(EventCodec.Read(stored), self);

    /// <inheritdoc/>
    public override StoredEvent Write(object command) => CommandCodec.Write((TCommand)command);

    /// <summary>Applies the events of one decision and collects what commits with them.</summary>
    public (TState State, Consequences Consequences) Apply(TState state, ImmutableArray<TEvent> events)
    {
        var stored = ImmutableArray.CreateBuilder<StoredEvent>(events.Length);
        ImmutableArray<(int, Fact)>.Builder? facts = null;
        ImmutableArray<ClaimChange>.Builder? claims = null;
        ImmutableArray<(int, Effect)>.Builder? effects = null;
        var (after, erases) = (state, false);
        for (var i = 0; i < events.Length; i++)
        {
            var before = after;
            after = TDecider.Evolve(before, events[i]);
            stored.Add(EventCodec.Write(events[i]));
            erases |= TDecider.Erases(events[i]);
            foreach (var fact in TDecider.Facts(events[i], before, after))
            {
                if (fact.Measure.IsDerived) throw new UnreachableException($"{fact.Measure.Id} is read from other facts and has none of its own.");
                if (fact.Value != 0) (facts ??= ImmutableArray.CreateBuilder<(int, Fact)>(2)).Add((i, fact));
            }

            foreach (var claim in TDecider.Claims(events[i], before, after)) (claims ??= ImmutableArray.CreateBuilder<ClaimChange>(1)).Add(claim);
            foreach (var effect in TDecider.Effects(events[i], after)) (effects ??= ImmutableArray.CreateBuilder<(int, Effect)>(1)).Add((i, effect));
        }

        return (after, new(stored.MoveToImmutable(), [.. TDecider.Rows(state, after)], facts?.DrainToImmutable() ?? [], claims?.DrainToImmutable() ?? [], effects?.DrainToImmutable() ?? []) { Erases = erases });
    }

    /// <summary>What a command did to its stream; null when it did nothing there.</summary>
    /// <param name="events">The whole stream, in order.</param>
    /// <param name="command">The command's id.</param>
    public Past<TState, TEvent>? Past(IReadOnlyList<PastEvent<TEvent>> events, Guid command)
    {
        ArgumentNullException.ThrowIfNull(events);
        var undone = events.Select(past => TDecider.Undid(past.Event)).OfType<Guid>().ToHashSet();
        var (before, done) = (TDecider.Initial, ImmutableArray.CreateBuilder<TEvent>());
        foreach (var past in events)
        {
            if (past.Command == command) done.Add(past.Event);
            else if (done.Count == 0) before = TDecider.Evolve(before, past.Event);
            // What was undone, and the undoing of it, is as if it had not been.
            else if (!TDecider.IsLook(past.Event) && TDecider.Undid(past.Event) is null && !undone.Contains(past.Command))
                return new(before, done.DrainToImmutable(), undone.Contains(command), past, EventCodec.NameOf(past.Event));
        }

        return done.Count == 0 ? null : new(before, done.DrainToImmutable(), undone.Contains(command), null, "");
    }

    private sealed class Folding(CaseCodec<TEvent> codec) : IFold
    {
        private TState before = TDecider.Initial;
        private TState state = TDecider.Initial;
        private TEvent? newest;

        public bool Erased { get; private set; }

        public void Apply(StoredEvent stored)
        {
            (newest, before, state) = Step(codec.Read(stored));
            Erased |= TDecider.Erases(newest);
        }

        public IEnumerable<Row> Rows() => TDecider.Rows(TDecider.Initial, state);

        public (ImmutableArray<Fact>, ImmutableArray<ClaimChange>) Newest() =>
            newest is null ? ([], []) : ([.. TDecider.Facts(newest, before, state).Where(fact => fact.Value != 0)], [.. TDecider.Claims(newest, before, state)]);

        public object View() => TDecider.View(state);

        private (TEvent, TState, TState) Step(TEvent happened) => (happened, state, TDecider.Evolve(state, happened));
    }
}
