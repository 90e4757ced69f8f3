using System.Collections.Immutable;

namespace UnionDomain.Kernel;

/// <summary>The rules of one kind of aggregate: three pure members, checked by the compiler. No clock, no I/O, no exception for an expected refusal.</summary>
public interface IDecider<TState, TCommand, TEvent>
{
    /// <summary>The state before anything happened.</summary>
    static abstract TState Initial { get; }

    /// <summary>What follows from the command. Doing again what is done decides nothing and is accepted.</summary>
    static abstract Decision<TEvent> Decide(TState state, TCommand command, Occasion occasion);

    /// <summary>The state after the event. It never refuses: what happened, happened.</summary>
    static abstract TState Evolve(TState state, TEvent happened);
}

/// <summary>
/// A decider together with what the rest of the house derives from it, all pure. A room writes only the members it needs.
/// </summary>
public interface IAggregate<TState, TCommand, TEvent, TView> : IDecider<TState, TCommand, TEvent>
{
    /// <summary>The first part of the stream's name, pinned for ever, for example <c>union</c>.</summary>
    static abstract string Kind { get; }

    /// <summary>What an application may see of the state.</summary>
    static abstract TView View(TState state);

    /// <summary>The other aggregates whose views this command wants to know. They are advisory and may be stale.</summary>
    static virtual IEnumerable<StreamId> Needs(TState state, TCommand command) => [];

    /// <summary>What the report counts: signed amounts, dated with the command's business date unless they say another.</summary>
    static virtual IEnumerable<Fact> Facts(TEvent happened, TState before, TState after) => [];

    /// <summary>Keys that this event takes or gives back; each key has at most one holder in the whole federation.</summary>
    static virtual IEnumerable<ClaimChange> Claims(TEvent happened, TState before, TState after) => [];

    /// <summary>What its facts are counted in, and what is derived from them.</summary>
    static virtual ImmutableArray<Measure> Measures => [];

    /// <summary>Commands that must follow in other aggregates.</summary>
    static virtual IEnumerable<Effect> Effects(TEvent happened, TState after) => [];

    /// <summary>The read models whose rows this aggregate owns.</summary>
    static virtual ImmutableArray<ReadModel> ReadModels => [];

    /// <summary>At least the rows that differ between two states; from <c>Initial</c> every row of a state.</summary>
    static virtual IEnumerable<Row> Rows(TState before, TState after) => [];

    /// <summary>Number of the state's shape: raised whenever a stored snapshot of it can no longer be read.</summary>
    static virtual int SnapshotSchema => 1;

    /// <summary>Pure steps that lift events stored by former versions, one schema number at a time.</summary>
    static virtual ImmutableArray<Upcast> Upcasts => [];
}

/// <summary>Asks a decider, after the rules that hold for every room.</summary>
public static class Judge
{
    /// <summary>Checks the occasion, then decides.</summary>
    public static Decision<TEvent> Decide<TDecider, TState, TCommand, TEvent>(TState state, TCommand command, Occasion occasion)
        where TDecider : IDecider<TState, TCommand, TEvent> =>
        OccasionRules.Check(occasion) is { } refusal ? refusal : TDecider.Decide(state, command, occasion);
}
