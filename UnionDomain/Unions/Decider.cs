using System.Collections.Immutable;
using System.Diagnostics;
using UnionDomain.Employers;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <summary>
/// A union organisation (工会组织) from its application to its end. A rejected application is a union that never was.
/// </summary>
public abstract partial class Union : IAggregate<UnionState, UnionCommand, UnionEvent, UnionView>
{
    /// <inheritdoc/>
    public static string Kind => "union";

    /// <summary>Itself once it stands in the tree; until then the union that it would stand under.</summary>
    public static UnionId? Place(UnionEvent happened, StreamId self) => happened switch
    {
        UnionEvent.Applied e => e.Upper,
        UnionEvent.FederationSetUp or UnionEvent.TakenOver or UnionEvent.Completed => new UnionId(self.Key),
        _ => null,
    };

    /// <inheritdoc/>
    public static UnionState Initial { get; } = new();

    /// <inheritdoc/>
    public static ImmutableArray<ReadModel> ReadModels { get; } = [UnionLine.Model, UnionTree.Model];

    /// <inheritdoc/>
    public static ImmutableArray<Measure> Measures { get; } = [UnionMeasures.New, UnionMeasures.Active];

    /// <inheritdoc/>
    public static UnionView View(UnionState state) => UnionView.Of(state);

    /// <inheritdoc/>
    public static Decision<UnionEvent> Decide(UnionState state, UnionCommand command, Occasion occasion) => command switch
    {
        UnionCommand.SetUpFederation c => SetUp(state, c, occasion),
        UnionCommand.Apply c => Apply(state, c, occasion),
        UnionCommand.TakeOver c => TakeOver(state, c, occasion),
        UnionCommand.Undo c => Undo(state, c, occasion),
        _ when state.Status == UnionStatus.None => UnionRules.Unknown,
        UnionCommand.Verify c => Verify(state, c, occasion),
        UnionCommand.Approve => Approve(state, occasion),
        UnionCommand.Return => GiveBack(state, UnionStatus.Returned, new UnionEvent.Returned(occasion.BusinessOn), occasion),
        UnionCommand.Reject => GiveBack(state, UnionStatus.Rejected, new UnionEvent.Rejected(occasion.BusinessOn), occasion),
        UnionCommand.HoldElection c => HoldElection(state, c, occasion),
        UnionCommand.ApproveResult => ApproveResult(state, occasion),
        UnionCommand.Complete => Complete(state, occasion),
        UnionCommand.Rename c => Rename(state, c, occasion),
        UnionCommand.Move c => Move(state, c, occasion),
        UnionCommand.Close c => Close(state, c, occasion),
        UnionCommand.Split c => Split(state, c, occasion),
        UnionCommand.AcceptMerger c => AcceptMerger(state, c, occasion),
        UnionCommand.DeclineMerger c => DeclineMerger(state, c, occasion),
        UnionCommand.WithdrawMerger c => WithdrawMerger(state, c, occasion),
        UnionCommand.MergeInto c => MergeInto(state, c, occasion),
        UnionCommand.CompleteMerger c => CompleteMerger(state, c, occasion),
        UnionCommand.LookAtChair c => LookAtChair(state, c, occasion),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc/>
    public static IEnumerable<StreamId> Needs(UnionState state, UnionCommand command) => command switch
    {
        UnionCommand.SetUpFederation { Upper: { } upper } => [upper.Stream],
        UnionCommand.Apply c => [c.Upper.Stream, .. c.SplitFrom is { } origin ? [origin.Stream] : Array.Empty<StreamId>(), .. c.Employers.Take(UnionPlaces.MostUnits).Select(e => e.Stream)],
        UnionCommand.TakeOver { Upper: { } upper } => [upper.Stream],
        UnionCommand.Move c => [c.Parent.Stream],
        UnionCommand.Split c => [c.Into.Stream, .. c.Employers.Take(UnionPlaces.MostUnits).Select(e => e.Stream)],
        UnionCommand.AcceptMerger c => [c.Source.Stream],
        UnionCommand.DeclineMerger c => [c.Target.Stream],
        UnionCommand.WithdrawMerger c => [c.Source.Stream],
        UnionCommand.MergeInto c => [c.Target.Stream],
        UnionCommand.CompleteMerger c => [c.Source.Stream],
        _ => [],
    };

    /// <inheritdoc/>
    public static UnionState Evolve(UnionState state, UnionEvent happened) => happened switch
    {
        UnionEvent.FederationSetUp e => state with
        {
            Id = e.Union,
            Status = UnionStatus.Active,
            Name = e.Name,
            Level = e.Level,
            Kind = e.Kind,
            TermYears = e.TermYears,
            SetUp = e,
            EstablishedOn = e.On,
            UndoneOn = null,
            NewestOn = e.On,
            Edges = e.Upper is { } over ? [.. Undone(state, e.On), new(over, e.On, UnionTree.Open)] : state.Edges,
        },
        UnionEvent.TakenOver e => state with
        {
            Id = e.Union,
            Status = UnionStatus.Active,
            Name = e.Name,
            Level = e.Level,
            Kind = e.Kind,
            TermYears = e.TermYears,
            TakenOver = e,
            EstablishedOn = e.FoundedOn,
            UndoneOn = null,
            NewestOn = e.On,
            Edges = e is { Upper: { } upper, UnderSince: { } since } ? [.. Undone(state, since), new(upper, since, UnionTree.Open)] : state.Edges,
        },
        UnionEvent.Applied e => state with
        {
            Id = e.Union,
            Status = UnionStatus.Submitted,
            Name = e.Name,
            Level = e.Level,
            Kind = e.Kind,
            TermYears = e.TermYears,
            Application = e,
            Verification = null,
            UndoneOn = null,
            NewestOn = e.On,
        },
        UnionEvent.Verified e => state with { Status = UnionStatus.Verified, Verification = e, NewestOn = e.On },
        UnionEvent.Approved e => state with { Status = UnionStatus.Approved, ApprovedOn = e.On, NewestOn = e.On },
        UnionEvent.Returned e => state with { Status = UnionStatus.Returned, NewestOn = e.On },
        UnionEvent.Rejected e => state with { Status = UnionStatus.Rejected, NewestOn = e.On },
        UnionEvent.ElectionHeld e => state with { Status = UnionStatus.ElectionHeld, Election = e, NewestOn = e.On },
        UnionEvent.ResultApproved e => state with { Status = UnionStatus.ResultApproved, ResultApprovedOn = e.On, NewestOn = e.On },
        UnionEvent.Completed e => state with
        {
            Status = UnionStatus.Active,
            EstablishedOn = e.On,
            NewestOn = e.On,
            Edges = Under(state, state.Application!.Upper, e.On),
        },
        UnionEvent.Renamed e => state with { Name = e.Name },
        UnionEvent.Moved e => state with { NewestOn = e.On, Edges = Under(state, e.Parent, e.On) },
        UnionEvent.Closed e => state with { Status = UnionStatus.Closed, Closing = e, NewestOn = e.On },
        UnionEvent.SplitOff e => state with { SplitOff = state.SplitOff.SetItem(e.Into, e), NewestOn = e.On },
        UnionEvent.MergerAccepted e => state with { Accepted = state.Accepted.SetItem(e.Source, e.Number), Open = state.Open.Add(e.Source), NewestOn = e.On },
        UnionEvent.MergerDeclined e => state with { Declined = state.Declined.SetItem(e.Target, e.Number), NewestOn = e.On },
        UnionEvent.MergerWithdrawn e => state with { Open = state.Open.Remove(e.Source), NewestOn = e.On },
        UnionEvent.Merged e => state with { Status = UnionStatus.Merged, MergedInto = e.Target, MergedOn = e.On, NewestOn = e.On, Edges = Under(state, e.Target, e.On) },
        UnionEvent.MergerCompleted e => state with { Open = state.Open.Remove(e.Source), Absorbed = state.Absorbed.Add(e.Source), NewestOn = e.On },
        UnionEvent.TermChanged e => state with { TermYears = e.TermYears },
        UnionEvent.ChairNamed e => state with { Chair = e.Chair },
        UnionEvent.ChairLookedAt => state,
        UnionEvent.TakeOverUndone e => Gone(state, e.On),
        UnionEvent.RecordUndone e => state with { Name = e.Name, TermYears = e.TermYears, Chair = e.Chair },
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc/>
    public static IEnumerable<Fact> Facts(UnionEvent happened, UnionState before, UnionState after)
    {
        if (happened is UnionEvent.Completed && after is { Level: UnionLevel.Primary, Kind: UnionKind.Independent or UnionKind.Joint })
            yield return new(UnionMeasures.New, after.Id, 1);
        yield return new(UnionMeasures.Active, after.Id, IsActive(after) - IsActive(before)) { On = happened is UnionEvent.TakeOverUndone ? before.EstablishedOn : (happened as UnionEvent.TakenOver)?.FoundedOn };

        static int IsActive(UnionState union) => union.Status == UnionStatus.Active ? 1 : 0;
    }

    /// <inheritdoc/>
    public static IEnumerable<Row> Rows(UnionState before, UnionState after)
    {
        if (UnionLine.RowOf(after) is { } row) yield return row;
        foreach (var edge in after.Edges)
            if (!before.Edges.Contains(edge)) yield return UnionTree.Edge(after.Id, edge.From, edge.Parent, edge.To);
    }

    // An edge that began on the same day is overwritten: it never stood for a whole day, and its row has the same key.
    private static ImmutableArray<UnionEdge> Under(UnionState union, UnionId parent, DateOnly on)
    {
        if (union.Parent is null) return [.. Undone(union, on), new(parent, on, UnionTree.Open)];
        var last = union.Edges[^1];
        return last.From == on
            ? union.Edges.SetItem(union.Edges.Length - 1, last with { Parent = parent })
            : union.Edges.SetItem(union.Edges.Length - 1, last with { To = on }).Add(new(parent, on, UnionTree.Open));
    }

    private static Decision<UnionEvent> SetUp(UnionState union, UnionCommand.SetUpFederation c, Occasion occasion)
    {
        if (UnionPlaces.Of(c.Level, c.Kind) is not { } place) return NoSuchKind(c.Level, c.Kind);
        if (c.Level > UnionLevel.Subdistrict) return UnionRules.NeedsEstablishment;
        if (c.Upper is null && !place.MayBeRoot) return UnionRules.RootNotAllowed.With("level", (int)c.Level);
        if (union.SetUp is { } done)
        {
            if (MaySetUp(occasion, LevelOf(c.Upper, occasion) ?? c.Level) is { } mayNot) return mayNot;
            return (done.Name, done.Level, done.Kind, done.Upper) == (c.Name?.Trim(), c.Level, c.Kind, c.Upper) ? Decision<UnionEvent>.Nothing : UnionRules.AlreadyExists;
        }

        if (union.Status != UnionStatus.None) return UnionRules.AlreadyExists;
        if (TextRules.Check("name", c.Name) is { } unfit) return unfit;
        if (c.Upper is { } upper && MayStandUnder(Self(occasion), c.Level, c.Kind, upper, occasion) is { } misplaced) return misplaced;
        if (MaySetUp(occasion, LevelOf(c.Upper, occasion) ?? c.Level) is { } refusal) return refusal;
        return new UnionEvent.FederationSetUp(Self(occasion), c.Name!.Trim(), c.Level, c.Kind, c.Upper, occasion.Rules.FederationTermYears, occasion.BusinessOn);
    }

    private static Decision<UnionEvent> Rename(UnionState union, UnionCommand.Rename c, Occasion occasion)
    {
        if ((ByFederation(occasion) ?? TextRules.Check("name", c.Name) ?? Active(union)) is { } refusal) return refusal;
        return union.Name == c.Name.Trim() ? Decision<UnionEvent>.Nothing : new UnionEvent.Renamed(c.Name.Trim());
    }

    private static Decision<UnionEvent> Move(UnionState union, UnionCommand.Move c, Occasion occasion)
    {
        if ((ByFederation(occasion) ?? Active(union)) is { } refusal) return refusal;
        if (union.Parent == c.Parent) return Decision<UnionEvent>.Nothing;
        return (OccasionRules.NotBefore(occasion, union.NewestOn) ?? MayStandUnder(union.Id, union.Level, union.Kind, c.Parent, occasion)) is { } misplaced
            ? misplaced
            : new UnionEvent.Moved(c.Parent, occasion.BusinessOn);
    }

    private static Decision<UnionEvent> Close(UnionState union, UnionCommand.Close c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (c.Why is not (ClosingReason.UnitEnded or ClosingReason.LawfulDecision)) return UnionRules.ClosingReasonUnknown;
        if (union.Closing is { } done) return done.Why == c.Why ? Decision<UnionEvent>.Nothing : UnionRules.ClosedOtherwise;
        if ((Active(union) ?? NoOpenMerger(union) ?? OccasionRules.NeedsDocument(occasion) ?? OccasionRules.NotBefore(occasion, union.NewestOn)) is { } refusal) return refusal;
        return new UnionEvent.Closed(c.Why, occasion.DocumentRef!, occasion.BusinessOn);
    }

    private static Decision<UnionEvent> Split(UnionState union, UnionCommand.Split c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (union.SplitOff.TryGetValue(c.Into, out var done))
            return done.Employers.SequenceEqual(c.Employers) ? Decision<UnionEvent>.Nothing : UnionRules.SplitOtherwise;
        if ((Active(union) ?? OccasionRules.NeedsDocument(occasion) ?? OccasionRules.NotBefore(occasion, union.NewestOn)) is { } refusal) return refusal;
        if (c.Employers.IsEmpty) return UnionRules.UnitsMissing;
        if (EachOnce(c.Employers) is { } twice) return twice;
        var splitOff = occasion.Knowledge.Of<UnionView>(c.Into.Stream);
        if (splitOff is not { Status: UnionStatus.Active } || splitOff.SplitFrom != union.Id) return UnionRules.SplitNotNamed.With("union", c.Into);
        foreach (var employer in c.Employers)
        {
            var coverage = occasion.Knowledge.Of<EmployerView>(employer.Stream)?.Coverage;
            if (coverage is null || (coverage.Union != union.Id && coverage.Union != c.Into)) return UnionRules.UnitNotCovered.With("employer", employer);
        }

        return new UnionEvent.SplitOff(c.Into, c.Employers, occasion.DocumentRef!, occasion.BusinessOn);
    }

    private static UnionId Self(Occasion occasion) => new(occasion.Self.Key);

    private static Refusal Status(Refusal refusal, UnionState union) => refusal.With("status", union.Status);

    private static Refusal? Active(UnionState union) => union.Status == UnionStatus.Active ? null : Status(UnionRules.NotActive, union);

    private static Refusal? Allow(bool allowed, Occasion occasion) => allowed ? null : UnionRules.RoleNotAllowed.With("role", occasion.Operator.Role);

    private static Refusal? ByFederation(Occasion occasion) => Allow(occasion.Operator.Role.IsFederation(), occasion);

    // A federation is set up by the level above it or one higher still; a root by its own level.
    private static Refusal? MaySetUp(Occasion occasion, UnionLevel by) => Allow(
        occasion.Operator.Role == Role.Municipal || (occasion.Operator.Role == Role.District && by == UnionLevel.District), occasion);

    private static UnionLevel? LevelOf(UnionId? union, Occasion occasion) => union is { } id ? occasion.Knowledge.Of<UnionView>(id.Stream)?.Level : null;

    private static Refusal NoSuchKind(UnionLevel level, UnionKind kind) => UnionRules.KindNotOfLevel.With("level", (int)level).With("kind", (int)kind);

    private static bool IsActiveOn(UnionView? union, DateOnly on) => union is { Status: UnionStatus.Active } && union.EstablishedOn <= on;

    private static Refusal? MayStandUnder(UnionId self, UnionLevel level, UnionKind kind, UnionId parent, Occasion occasion)
    {
        if (parent == self) return UnionRules.ParentCycle;
        if (occasion.Knowledge.Of<UnionView>(parent.Stream) is not { Status: not UnionStatus.None } upper) return UnionRules.UnknownParent.With("parent", parent);
        if (upper.Parent == self) return UnionRules.ParentCycle;
        if (UnionPlaces.Of(level, kind) is not { } place || UnionPlaces.Of(upper.Level, upper.Kind) is not { } above || !place.Under.Contains(above.Rank))
            return UnionRules.WrongLevel.With("level", (int)level).With("kind", (int)kind).With("parentLevel", (int)upper.Level).With("parentKind", (int)upper.Kind);
        return IsActiveOn(upper, occasion.BusinessOn) ? null : UnionRules.ParentNotActive.With("parent", parent).With("date", OccasionRules.Text(occasion.BusinessOn));
    }

    private static Refusal? EachOnce(ImmutableArray<EmployerId> employers)
    {
        if (employers.Length > UnionPlaces.MostUnits) return UnionRules.TooManyUnits.With("most", UnionPlaces.MostUnits);
        var seen = new HashSet<EmployerId>();
        foreach (var employer in employers)
            if (!seen.Add(employer)) return UnionRules.UnitTwice.With("employer", employer);
        return null;
    }
}
