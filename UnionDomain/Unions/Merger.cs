using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <content>
/// The merger is a handshake of two unions: T accepts S, S merges into T, T completes.
/// What each side reads of the other may be stale, so it only reads what never changes again:
/// an acceptance is open until it is completed (S has merged, for ever) or withdrawn, and it is withdrawn only after S declined that very acceptance (for ever).
/// So when S merges by an acceptance that it has not declined, that acceptance is open, whatever happened meanwhile.
/// A union with an open acceptance can neither merge nor close; so at the moment S merges into T, T itself is not merged.
/// Hence no circle of mergers: its last link S → T would need T to be merged already. Links up the tree strictly lower the rank
/// (<see cref="UnionPlaces"/>) and mergers keep it, so a circle could only consist of mergers.
/// </content>
public abstract partial class Union
{
    private static Decision<UnionEvent> AcceptMerger(UnionState target, UnionCommand.AcceptMerger c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (c.Source == target.Id) return UnionRules.MergerWithItself;
        if (target.Open.Contains(c.Source) || target.Absorbed.Contains(c.Source)) return Decision<UnionEvent>.Nothing;
        if ((Active(target) ?? OccasionRules.NotBefore(occasion, target.NewestOn)) is { } refusal) return refusal;
        var source = occasion.Knowledge.Of<UnionView>(c.Source.Stream);
        if (!IsActiveOn(source, occasion.BusinessOn)) return UnionRules.PartnerNotActive.With("union", c.Source);
        if (UnionPlaces.Of(source!.Level, source.Kind)?.Rank != UnionPlaces.Of(target.Level, target.Kind)?.Rank) return UnionRules.MergerOfUnequals;
        return new UnionEvent.MergerAccepted(c.Source, target.Accepted.GetValueOrDefault(c.Source) + 1, occasion.BusinessOn);
    }

    private static Decision<UnionEvent> DeclineMerger(UnionState source, UnionCommand.DeclineMerger c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (source.MergedInto is { } into) return UnionRules.MergedElsewhere.With("union", into);
        var number = OpenAcceptance(source, c.Target, occasion);
        if (source.Declined.TryGetValue(c.Target, out var declined) && (number is null || declined >= number)) return Decision<UnionEvent>.Nothing;
        if (number is null) return UnionRules.MergerNotAccepted.With("union", c.Target);
        return OccasionRules.NotBefore(occasion, source.NewestOn) is { } refusal ? refusal : new UnionEvent.MergerDeclined(c.Target, number.Value, occasion.BusinessOn);
    }

    private static Decision<UnionEvent> WithdrawMerger(UnionState target, UnionCommand.WithdrawMerger c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (target.Absorbed.Contains(c.Source)) return UnionRules.MergerDone.With("union", c.Source);
        if (!target.Accepted.TryGetValue(c.Source, out var number)) return UnionRules.MergerNotAccepted.With("union", c.Source);
        if (!target.Open.Contains(c.Source)) return Decision<UnionEvent>.Nothing;
        if (OccasionRules.NotBefore(occasion, target.NewestOn) is { } refusal) return refusal;
        var source = occasion.Knowledge.Of<UnionView>(c.Source.Stream);
        // Closed for good, or gone into another union for good, is as much as declined.
        var gone = source is { Status: UnionStatus.Closed } || (source?.MergedInto is { } into && into != target.Id);
        if (!gone && source?.Declined.GetValueOrDefault(target.Id) != number) return UnionRules.MergerNotDeclined.With("union", c.Source);
        return new UnionEvent.MergerWithdrawn(c.Source, occasion.BusinessOn);
    }

    private static Decision<UnionEvent> MergeInto(UnionState source, UnionCommand.MergeInto c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (source.MergedInto is { } into) return into == c.Target ? Decision<UnionEvent>.Nothing : UnionRules.MergedElsewhere.With("union", into);
        if ((Active(source) ?? NoOpenMerger(source) ?? OccasionRules.NeedsDocument(occasion) ?? OccasionRules.NotBefore(occasion, source.NewestOn)) is { } refusal) return refusal;
        if (OpenAcceptance(source, c.Target, occasion) is not { } number || number <= source.Declined.GetValueOrDefault(c.Target)) return UnionRules.MergerNotAccepted.With("union", c.Target);
        if (!IsActiveOn(occasion.Knowledge.Of<UnionView>(c.Target.Stream), occasion.BusinessOn)) return UnionRules.PartnerNotActive.With("union", c.Target);
        return new UnionEvent.Merged(c.Target, occasion.DocumentRef!, occasion.BusinessOn);
    }

    private static Decision<UnionEvent> CompleteMerger(UnionState target, UnionCommand.CompleteMerger c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (target.Absorbed.Contains(c.Source)) return Decision<UnionEvent>.Nothing;
        if (!target.Open.Contains(c.Source)) return UnionRules.MergerNotAccepted.With("union", c.Source);
        if (OccasionRules.NotBefore(occasion, target.NewestOn) is { } refusal) return refusal;
        if (occasion.Knowledge.Of<UnionView>(c.Source.Stream)?.MergedInto != target.Id) return UnionRules.MergerNotDone.With("union", c.Source);
        return new UnionEvent.MergerCompleted(c.Source, occasion.BusinessOn);
    }

    private static int? OpenAcceptance(UnionState source, UnionId target, Occasion occasion) =>
        occasion.Knowledge.Of<UnionView>(target.Stream)?.Accepts is { } accepts && accepts.TryGetValue(source.Id, out var number) ? number : null;

    private static Refusal? NoOpenMerger(UnionState union) => union.Open.IsEmpty ? null : UnionRules.MergerOpen.With("union", union.Open[0]);
}
