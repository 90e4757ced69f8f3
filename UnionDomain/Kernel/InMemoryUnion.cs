using System.Collections.Immutable;
using System.Security.Cryptography;

namespace UnionDomain.Kernel;

/// <summary>What became of a command given to <see cref="InMemoryUnion"/>.</summary>
/// <param name="View">The view after it.</param>
/// <param name="Version">How many events the stream holds.</param>
/// <param name="Events">What happened; empty when refused or already done.</param>
/// <param name="Refusal">The rule that said no, or null.</param>
/// <param name="Warnings">Rules with unverified text that are broken.</param>
public sealed record Outcome<TEvent, TView>(TView View, long Version, ImmutableArray<TEvent> Events, Refusal? Refusal, ImmutableArray<Refusal> Warnings);

/// <summary>
/// The whole union in the memory of one thread: streams in a dictionary, the same deciders, claims, rows and facts as on a silo.
/// For applications that only want the rules, and for specifications. Not safe for use by several threads at once.
/// </summary>
public sealed class InMemoryUnion(TimeProvider clock)
{
    private readonly SearchKey search = new("m", RandomNumberGenerator.GetBytes(StreamSeal.KeyBytes));
    private readonly Dictionary<StreamId, Stream> streams = [];
    private readonly Dictionary<ClaimKey, StreamId> claims = [];
    private readonly Dictionary<(string Table, string Key), Row> rows = [];
    private readonly List<FactLine> facts = [];

    /// <summary>The records behind every figure, in the order they were written.</summary>
    public IReadOnlyList<FactLine> Facts => facts;

    /// <summary>All rows of one read model, by key.</summary>
    public IEnumerable<Row> Rows(ReadModel model) => rows.Where(row => row.Key.Table == model.Table).Select(row => row.Value).Order(Comparer<Row>.Create(Row.CompareKeys));

    /// <summary>The lines that fulfil a query, by key.</summary>
    public IEnumerable<TLine> List<TLine>(IQuery<TLine> query)
        where TLine : ILine<TLine>
    {
        var conditions = query.Where().Select(Test).ToList();
        if (query.Opens is { } opening)
            conditions.Add(row => opening.Sealed(row.Values) is { } closed && opening.Stream(row.Values) is var id && streams[id] is { Key: not null } stream && opening.Fulfils(Seal(id, stream).Open(closed)));
        var found = query.Where().FirstOrDefault(condition => condition.Comparison == Comparison.OneHashed);
        var asked = found is null ? null : Hashes(found);
        return Rows(TLine.Model).Where(row => conditions.All(fulfils => fulfils(row)))
            .Select(row => asked is null ? TLine.Of(row.Values) : query.Found(TLine.Of(row.Values), asked[(string)row.Values[TLine.Model.Columns.IndexOf(TLine.Model[found!.Column])]!]));

        Dictionary<string, string> Hashes(Condition condition) =>
            ((ImmutableArray<string>)condition.Value!).Distinct(StringComparer.Ordinal).ToDictionary(value => search.Hash(condition.Column, value), value => value, StringComparer.Ordinal);

        Func<Row, bool> Test(Condition condition)
        {
            var column = TLine.Model.Columns.IndexOf(TLine.Model[condition.Column]);
            if (condition.Comparison == Comparison.Within)
            {
                var on = condition.AsOf ?? UnionTree.Open.AddDays(-1);
                var under = UnionTree.Under(new((string)condition.Value!), Rows(UnionTree.Model)).Where(u => on >= u.From && on < u.To).Select(u => (object)u.Union.Value).ToHashSet();
                return row => row.Values[column] is { } value && under.Contains(value);
            }

            if (condition.Comparison == Comparison.Hashed)
            {
                var hash = search.Hash(condition.Column, (string)condition.Value!);
                return row => Equals(row.Values[column], hash);
            }

            if (condition.Comparison == Comparison.OneHashed)
            {
                var hashes = Hashes(condition);
                return row => row.Values[column] is string value && hashes.ContainsKey(value);
            }

            return row => (row.Values[column], condition.Comparison) switch
            {
                (var value, Comparison.Equal) => Equals(value, condition.Value),
                (null, _) => false,
                (string value, Comparison.OneOf) => ((ImmutableArray<string>)condition.Value!).Contains(value),
                (string value, Comparison.StartsWith) => value.StartsWith((string)condition.Value!, StringComparison.Ordinal),
                (var value, Comparison.AtLeast) => Comparer<object>.Default.Compare(value, condition.Value) >= 0,
                (var value, Comparison.AtMost) => Comparer<object>.Default.Compare(value, condition.Value) <= 0,
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
    }

    /// <summary>Puts events into a stream as if they had been decided on that date.</summary>
    public void Given<TDecider, TState, TCommand, TEvent, TView>(StreamId id, DateOnly businessOn, params ReadOnlySpan<TEvent> happened)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TCommand : class
        where TEvent : class
        where TView : class
    {
        var stream = Find<TDecider, TState, TCommand, TEvent, TView>(id);
        Apply<TDecider, TState, TCommand, TEvent, TView>(id, stream, Guid.NewGuid(), [.. happened], businessOn);
    }

    /// <summary>Decides one command and keeps what happened.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="operator">Who asks.</param>
    /// <param name="businessOn">The business date; today unless given.</param>
    /// <param name="reason">The reason, if any.</param>
    /// <param name="documentRef">The document it rests on, if any.</param>
    /// <param name="commandId">Names the command for one that undoes it; a new id unless given. Nothing is told apart by it: a repeat is decided anew.</param>
    /// <param name="expectedVersion">How many events the stream must hold (<c>command.version-moved</c>); any number unless given.</param>
    public Outcome<TEvent, TView> Send<TDecider, TState, TCommand, TEvent, TView>(
        StreamId id, TCommand command, Operator @operator, DateOnly? businessOn = null, string? reason = null, string? documentRef = null, Guid? commandId = null, long? expectedVersion = null)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TCommand : class
        where TEvent : class
        where TView : class
    {
        var stream = Find<TDecider, TState, TCommand, TEvent, TView>(id);
        var now = clock.GetUtcNow();
        var today = BusinessCalendar.DateOf(now);
        if (CommandRules.CheckVersion(expectedVersion, stream.Version) is { } moved) return new((TView)stream.View(), stream.Version, [], moved, []);
        var sealedCommand = TDecider.IsPersonal(command) ? TDecider.Seal(command, Seal(id, stream), businessOn ?? today) : command;
        var views = TDecider.Needs((TState)stream.State, command).Where(streams.ContainsKey).Distinct().ToImmutableDictionary(needed => needed, needed => streams[needed].View());
        var decision = Judge.Decide<TDecider, TState, TCommand, TEvent>((TState)stream.State, sealedCommand, new()
        {
            Self = id,
            BusinessOn = businessOn ?? today,
            Today = today,
            At = now,
            Operator = @operator,
            Reason = reason,
            DocumentRef = documentRef,
            Knowledge = new(views),
            Past = TDecider.Undoes(command) is { } undone
                ? Room<TDecider, TState, TCommand, TEvent, TView>.Instance.Past([.. stream.Past.Select((past, n) => new PastEvent<TEvent>(n + 1, past.Command, (TEvent)past.Event))], undone)
                : null,
        });
        var refusal = decision.Refusal;
        if (refusal is null && !decision.Events.IsEmpty)
            refusal = Apply<TDecider, TState, TCommand, TEvent, TView>(id, stream, commandId ?? Guid.NewGuid(), decision.Events, businessOn ?? today);
        return new((TView)stream.View(), stream.Version, refusal is null ? decision.Events : [], refusal, decision.Warnings);
    }

    /// <summary>The view with its personal fields, once the look at them is recorded; else the masked view with the refusal.</summary>
    public Outcome<TEvent, TView> Look<TDecider, TState, TCommand, TEvent, TView>(StreamId id, string purpose, Operator @operator)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TCommand : class
        where TEvent : class
        where TView : class
    {
        if (TDecider.Look(purpose) is not { } look) return new((TView)Find<TDecider, TState, TCommand, TEvent, TView>(id).View(), 0, [], null, []);
        var looked = Send<TDecider, TState, TCommand, TEvent, TView>(id, look, @operator);
        return looked.Refusal is null && streams[id] is { Key: not null } stream ? looked with { View = TDecider.Open((TState)stream.State, Seal(id, stream)) } : looked;
    }

    private StreamSeal Seal(StreamId id, Stream stream) => new(id, stream.Key ??= RandomNumberGenerator.GetBytes(StreamSeal.KeyBytes), search);

    private Stream Find<TDecider, TState, TCommand, TEvent, TView>(StreamId id)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
    {
        if (id.Kind != TDecider.Kind) throw new ArgumentException($"A stream of kind '{TDecider.Kind}' is expected.", nameof(id));
        if (streams.TryGetValue(id, out var known)) return known;
        // A stream that was only asked for leaves no trace: it is kept once something happened in it.
        return new(TDecider.Initial!, state => TDecider.View((TState)state)!);
    }

    private Refusal? Apply<TDecider, TState, TCommand, TEvent, TView>(StreamId id, Stream stream, Guid command, ImmutableArray<TEvent> events, DateOnly businessOn)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TCommand : class
        where TEvent : class
        where TView : class
    {
        var (after, consequences) = Room<TDecider, TState, TCommand, TEvent, TView>.Instance.Apply((TState)stream.State, events);
        foreach (var change in consequences.Claims)
            if (change.IfHeld is { } refusal && claims.TryGetValue(change.Key, out var holder) && holder != id)
                return refusal.With("holder", holder);
        foreach (var change in consequences.Claims)
            if (change.IfHeld is null) claims.Remove(change.Key);
            else claims[change.Key] = id;
        foreach (var row in consequences.Rows) rows[(row.Model.Table, row.Key)] = row;
        var n = 0;
        foreach (var (at, fact) in consequences.Facts)
            facts.Add(new(fact.Measure.Id, fact.Union, fact.Subject, fact.On ?? businessOn, id, stream.Version + 1 + at, n++, fact.Value));
        if (consequences.Erases) stream.Key = null;
        stream.State = after!;
        foreach (var happened in events) stream.Past.Add((command, happened));
        stream.Version += events.Length;
        streams[id] = stream;
        return null;
    }

    private sealed class Stream(object initial, Func<object, object> view)
    {
        public object State { get; set; } = initial;

        public long Version { get; set; }

        public byte[]? Key { get; set; }

        public List<(Guid Command, object Event)> Past { get; } = [];

        public object View() => view(State);
    }
}

/// <summary>One record behind a figure.</summary>
/// <param name="Measure">Id of the measure.</param>
/// <param name="Union">The union it is counted at.</param>
/// <param name="Subject">The thing that a distinct count counts once; empty: none.</param>
/// <param name="BusinessOn">The day on which it counts: its own date, else the command's business date.</param>
/// <param name="Stream">The aggregate that caused it.</param>
/// <param name="Version">The event that caused it.</param>
/// <param name="N">Its place among the facts of its command, from 0.</param>
/// <param name="Value">The signed amount.</param>
public sealed record FactLine(string Measure, UnionId Union, string Subject, DateOnly BusinessOn, StreamId Stream, long Version, int N, long Value)
{
    /// <summary>Compares records by (business date, stream, version, n), the order in which a figure is opened; no two records are alike in it.</summary>
    public static int ComparePlaces(FactLine left, FactLine right) =>
        left.BusinessOn != right.BusinessOn ? left.BusinessOn.CompareTo(right.BusinessOn)
        : string.CompareOrdinal(left.Stream.ToString(), right.Stream.ToString()) is not 0 and var byStream ? byStream
        : (left.Version, left.N).CompareTo((right.Version, right.N));
}
