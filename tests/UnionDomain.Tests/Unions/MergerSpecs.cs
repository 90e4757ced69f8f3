using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;
using static UnionDomain.Unions.UnionCommand;

namespace UnionDomain.Tests.Unions;

[Trait("F", "11")]
public sealed class MergerSpecs
{
    private static readonly UnionEvent[] OtherActive = Active(Applied(Other));
    private static readonly UnionEvent AcceptedByOther = new UnionEvent.MergerAccepted(Subject, 1, Day(5, 5));
    private static readonly UnionEvent OtherAccepted = new UnionEvent.MergerAccepted(Other, 1, Day(5, 5));

    public static TheoryData<UnionCommand> Steps => [new AcceptMerger(Other), new DeclineMerger(Other), new WithdrawMerger(Other), new MergeInto(Other), new CompleteMerger(Other)];

    [Theory, MemberData(nameof(Steps))]
    public Task No_step_is_an_officers(UnionCommand step) => Union.Given(Active()).When(step).By(Operators.Officer).ThenRefused(UnionRules.RoleNotAllowed.With("role", "Officer"));

    [Theory, MemberData(nameof(Steps))]
    public Task No_step_is_an_unknown_unions(UnionCommand step) => Union.Given().When(step).ThenRefused(UnionRules.Unknown);

    [Fact]
    public Task A_union_accepts_another_of_its_level() => Union.Given(Active()).And(Other, OtherActive).When(new AcceptMerger(Other)).Then(new UnionEvent.MergerAccepted(Other, 1, Today));

    [Fact]
    public Task Accepted_again_changes_nothing() => Union.Given([.. Active(), OtherAccepted]).And(Other, OtherActive).When(new AcceptMerger(Other)).ThenNothing();

    [Fact]
    public Task Accepted_again_after_the_merger_changes_nothing() => Union.Given([.. Active(), OtherAccepted, new UnionEvent.MergerCompleted(Other, Day(5, 7))]).When(new AcceptMerger(Other)).ThenNothing();

    [Fact]
    public Task An_acceptance_after_a_withdrawn_one_has_the_next_number() => Union.Given([.. Active(), OtherAccepted, new UnionEvent.MergerWithdrawn(Other, Day(5, 7))])
        .And(Other, OtherActive)
        .When(new AcceptMerger(Other))
        .Then(new UnionEvent.MergerAccepted(Other, 2, Today));

    [Fact]
    public Task A_union_does_not_accept_itself() => Union.Given(Active()).When(new AcceptMerger(Subject)).ThenRefused(UnionRules.MergerWithItself);

    [Fact]
    public Task A_union_does_not_accept_an_unknown_one() => Union.Given(Active()).When(new AcceptMerger(new("U-404"))).ThenRefused(UnionRules.PartnerNotActive.With("union", "U-404"));

    [Fact]
    public Task A_union_does_not_accept_one_under_establishment() => Union.Given(Active()).And(Other, Applied(Other)).When(new AcceptMerger(Other)).ThenRefused(UnionRules.PartnerNotActive);

    [Fact]
    public Task A_union_does_not_accept_one_of_another_level() => Union.Given(Active()).When(new AcceptMerger(OtherSubdistrict)).ThenRefused(UnionRules.MergerOfUnequals);

    [Fact]
    public Task A_merged_union_accepts_nobody() => Union.Given([.. Active(), new UnionEvent.Merged(OtherSubdistrict, "D-1", Day(5, 6))])
        .And(Other, OtherActive)
        .When(new AcceptMerger(Other))
        .ThenRefused(UnionRules.NotActive.With("status", "Merged"));

    [Fact]
    public Task An_acceptance_is_not_dated_before_the_establishment() => Union.Given(Active()).And(Other, OtherActive).When(new AcceptMerger(Other)).On(Day(4, 6)).ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task An_accepted_union_merges() => Union.Given(Active())
        .And(Other, [.. OtherActive, AcceptedByOther])
        .When(new MergeInto(Other)).RestingOn("D-2014-9")
        .Then(new UnionEvent.Merged(Other, "D-2014-9", Today));

    [Fact]
    public Task A_union_that_was_not_accepted_does_not_merge() => Union.Given(Active())
        .And(Other, OtherActive)
        .When(new MergeInto(Other)).RestingOn("D-2014-9")
        .ThenRefused(UnionRules.MergerNotAccepted.With("union", "U-200"));

    [Fact]
    public Task A_union_does_not_merge_without_a_document() => Union.Given(Active()).And(Other, [.. OtherActive, AcceptedByOther]).When(new MergeInto(Other)).ThenRefused(OccasionRules.DocumentMissing);

    [Fact]
    public Task A_union_does_not_merge_before_it_was_established() => Union.Given(Active())
        .And(Other, [.. OtherActive, AcceptedByOther])
        .When(new MergeInto(Other)).RestingOn("D-2014-9").On(Day(4, 6))
        .ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task A_union_does_not_merge_into_one_established_later() => Union.Given(SetUp(Subject, UnionLevel.Subdistrict, DistrictFederation))
        .And(Other, new UnionEvent.FederationSetUp(Other, "Federation", UnionLevel.Subdistrict, UnionKind.Federation, DistrictFederation, 5, Day(5, 5)), AcceptedByOther)
        .When(new MergeInto(Other)).RestingOn("D-2014-9").On(Day(5, 4))
        .ThenRefused(UnionRules.PartnerNotActive);

    [Fact]
    public Task Merged_again_changes_nothing() => Union.Given([.. Active(), new UnionEvent.Merged(Other, "D-1", Day(5, 6))]).When(new MergeInto(Other)).RestingOn("D-1").ThenNothing();

    [Fact]
    public Task A_merged_union_does_not_merge_elsewhere() => Union.Given([.. Active(), new UnionEvent.Merged(Other, "D-1", Day(5, 6))])
        .When(new MergeInto(OtherSubdistrict)).RestingOn("D-1")
        .ThenRefused(UnionRules.MergedElsewhere.With("union", "U-200"));

    [Fact]
    public Task A_union_with_an_open_acceptance_does_not_merge() => Union.Given([.. Active(), OtherAccepted])
        .And(Other, [.. OtherActive, AcceptedByOther])
        .When(new MergeInto(Other)).RestingOn("D-1")
        .ThenRefused(UnionRules.MergerOpen.With("union", "U-200"));

    [Fact]
    public Task A_closed_union_does_not_merge() => Union.Given([.. Active(), new UnionEvent.Closed(ClosingReason.UnitEnded, "D-1", Day(5, 6))])
        .And(Other, [.. OtherActive, AcceptedByOther])
        .When(new MergeInto(Other)).RestingOn("D-1")
        .ThenRefused(UnionRules.NotActive.With("status", "Closed"));

    [Fact]
    public Task The_merger_is_completed_once_the_other_has_merged() => Union.Given([.. Active(), OtherAccepted])
        .And(Other, [.. OtherActive, new UnionEvent.Merged(Subject, "D-1", Day(5, 6))])
        .When(new CompleteMerger(Other))
        .Then(new UnionEvent.MergerCompleted(Other, Today));

    [Fact]
    public Task The_merger_is_not_completed_before() => Union.Given([.. Active(), OtherAccepted]).And(Other, OtherActive).When(new CompleteMerger(Other)).ThenRefused(UnionRules.MergerNotDone.With("union", "U-200"));

    [Fact]
    public Task A_merger_that_was_not_accepted_is_not_completed() => Union.Given(Active()).And(Other, OtherActive).When(new CompleteMerger(Other)).ThenRefused(UnionRules.MergerNotAccepted.With("union", "U-200"));

    [Fact]
    public Task A_merger_is_not_completed_before_it_was_accepted() => Union.Given([.. Active(), OtherAccepted])
        .And(Other, [.. OtherActive, new UnionEvent.Merged(Subject, "D-1", Day(5, 6))])
        .When(new CompleteMerger(Other)).On(Day(5, 4))
        .ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task Completed_again_changes_nothing() => Union.Given([.. Active(), OtherAccepted, new UnionEvent.MergerCompleted(Other, Day(5, 7))]).When(new CompleteMerger(Other)).ThenNothing();

    [Fact]
    public Task An_acceptance_is_declined() => Union.Given(Active()).And(Other, [.. OtherActive, AcceptedByOther]).When(new DeclineMerger(Other)).Then(new UnionEvent.MergerDeclined(Other, 1, Today));

    [Fact]
    public Task Declined_again_changes_nothing() => Union.Given([.. Active(), new UnionEvent.MergerDeclined(Other, 1, Day(5, 6))])
        .And(Other, [.. OtherActive, AcceptedByOther])
        .When(new DeclineMerger(Other))
        .ThenNothing();

    [Fact]
    public Task A_newer_acceptance_is_declined_again() => Union.Given([.. Active(), new UnionEvent.MergerDeclined(Other, 1, Day(5, 6))])
        .And(Other, [.. OtherActive, AcceptedByOther, new UnionEvent.MergerWithdrawn(Subject, Day(5, 7)), new UnionEvent.MergerAccepted(Subject, 2, Day(5, 8))])
        .When(new DeclineMerger(Other))
        .Then(new UnionEvent.MergerDeclined(Other, 2, Today));

    [Fact]
    public Task What_was_not_accepted_is_not_declined() => Union.Given(Active()).And(Other, OtherActive).When(new DeclineMerger(Other)).ThenRefused(UnionRules.MergerNotAccepted);

    [Fact]
    public Task A_merged_union_declines_nothing() => Union.Given([.. Active(), new UnionEvent.Merged(Other, "D-1", Day(5, 6))]).When(new DeclineMerger(Other)).ThenRefused(UnionRules.MergedElsewhere);

    [Fact]
    public Task A_decline_is_not_dated_before_the_establishment() => Union.Given(Active())
        .And(Other, [.. OtherActive, AcceptedByOther])
        .When(new DeclineMerger(Other)).On(Day(4, 6))
        .ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task A_declined_acceptance_is_not_used() => Union.Given([.. Active(), new UnionEvent.MergerDeclined(Other, 1, Day(5, 6))])
        .And(Other, [.. OtherActive, AcceptedByOther])
        .When(new MergeInto(Other)).RestingOn("D-1")
        .ThenRefused(UnionRules.MergerNotAccepted);

    [Fact]
    public Task A_declined_acceptance_is_withdrawn() => Union.Given([.. Active(), OtherAccepted])
        .And(Other, [.. OtherActive, new UnionEvent.MergerDeclined(Subject, 1, Day(5, 6))])
        .When(new WithdrawMerger(Other))
        .Then(new UnionEvent.MergerWithdrawn(Other, Today));

    [Fact]
    public Task The_acceptance_of_a_union_that_was_closed_is_withdrawn() => Union.Given([.. Active(), OtherAccepted])
        .And(Other, [.. OtherActive, new UnionEvent.Closed(ClosingReason.UnitEnded, "D-1", Day(5, 6))])
        .When(new WithdrawMerger(Other))
        .Then(new UnionEvent.MergerWithdrawn(Other, Today));

    [Fact]
    public Task The_acceptance_of_a_union_that_merged_elsewhere_is_withdrawn() => Union.Given([.. Active(), OtherAccepted])
        .And(Other, [.. OtherActive, new UnionEvent.Merged(OtherSubdistrict, "D-1", Day(5, 6))])
        .When(new WithdrawMerger(Other))
        .Then(new UnionEvent.MergerWithdrawn(Other, Today));

    [Fact]
    public Task An_acceptance_that_was_not_declined_is_not_withdrawn() => Union.Given([.. Active(), OtherAccepted])
        .And(Other, OtherActive)
        .When(new WithdrawMerger(Other))
        .ThenRefused(UnionRules.MergerNotDeclined.With("union", "U-200"));

    [Fact]
    public Task A_newer_acceptance_is_not_withdrawn_by_a_former_decline() => Union.Given([.. Active(), OtherAccepted, new UnionEvent.MergerWithdrawn(Other, Day(5, 7)), new UnionEvent.MergerAccepted(Other, 2, Day(5, 8))])
        .And(Other, [.. OtherActive, new UnionEvent.MergerDeclined(Subject, 1, Day(5, 6))])
        .When(new WithdrawMerger(Other))
        .ThenRefused(UnionRules.MergerNotDeclined);

    [Fact]
    public Task Withdrawn_again_changes_nothing() => Union.Given([.. Active(), OtherAccepted, new UnionEvent.MergerWithdrawn(Other, Day(5, 7))]).When(new WithdrawMerger(Other)).ThenNothing();

    [Fact]
    public Task What_was_not_accepted_is_not_withdrawn() => Union.Given(Active()).When(new WithdrawMerger(Other)).ThenRefused(UnionRules.MergerNotAccepted);

    [Fact]
    public Task A_completed_merger_is_not_withdrawn() => Union.Given([.. Active(), OtherAccepted, new UnionEvent.MergerCompleted(Other, Day(5, 7))]).When(new WithdrawMerger(Other)).ThenRefused(UnionRules.MergerDone);

    [Fact]
    public Task A_withdrawal_is_not_dated_before_the_acceptance() => Union.Given([.. Active(), OtherAccepted])
        .And(Other, [.. OtherActive, new UnionEvent.MergerDeclined(Subject, 1, Day(5, 6))])
        .When(new WithdrawMerger(Other)).On(Day(5, 4))
        .ThenRefused(OccasionRules.BeforeFormer);
}
