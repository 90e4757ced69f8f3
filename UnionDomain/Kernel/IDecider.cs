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

    /// <summary>Whether the command carries personal fields in the clear, so that it must be sealed before it is decided.</summary>
    static virtual bool IsPersonal(TCommand command) => false;

    /// <summary>The command with its personal fields sealed: judged by pure checks, then closed. A decider never sees what stands in them.</summary>
    static virtual TCommand Seal(TCommand command, ISeal seal, DateOnly businessOn) => command;

    /// <summary>The command that records a look at personal fields, by the purpose told; null where there is nothing personal to be seen.</summary>
    static virtual TCommand? Look(string purpose) => default;

    /// <summary>The view with its personal fields opened, once the look is recorded.</summary>
    static virtual TView Open(TState state, ISeal seal) => throw new System.Diagnostics.UnreachableException();

    /// <summary>The command that this one undoes, in the same stream: what it did is told by <see cref="Occasion.Past"/>; null for every other command.</summary>
    static virtual Guid? Undoes(TCommand command) => null;

    /// <summary>The command that this event undid; null for every other event.</summary>
    static virtual Guid? Undid(TEvent happened) => null;

    /// <summary>Whether the event records a look and nothing else: it stands in nobody's way.</summary>
    static virtual bool IsLook(TEvent happened) => false;

    /// <summary>Whether the event destroys the stream's key: what was sealed with it can never be opened again.</summary>
    static virtual bool Erases(TEvent happened) => false;

    /// <summary>The union at which everything of this stream happens from this event on; null when the event does not change that. It is the union its list is searched by.</summary>
    static virtual UnionId? Place(TEvent happened, StreamId self) => null;

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
