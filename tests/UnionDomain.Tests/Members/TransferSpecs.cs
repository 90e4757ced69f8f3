using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using static UnionDomain.Members.MemberCommand;
using static UnionDomain.Tests.Members.MemberExamples;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Members;

/// <summary>The transfer of membership between two unions.</summary>
[Trait("F", "17"), Trait("F", "19")]
public sealed class TransferSpecs
{
    private static readonly MemberEvent.TransferOffered EndsToday = Offered with { Until = Today, On = Day(5, 31) };
    private static readonly MemberEvent.TransferOffered EndedYesterday = Offered with { Until = Day(6, 29), On = Day(5, 30) };

    [Fact]
    public Task The_own_union_offers_for_thirty_days() => Member.Given(Entered).When(new OfferTransfer(Away)).Then(new MemberEvent.TransferOffered(Away, null, Day(7, 30), HomeOfficer.Id, Today));

    [Fact]
    public Task A_federation_offers() => Member.Given(Entered).When(new OfferTransfer(Away, OtherUnit)).By(Operators.District)
        .Then(new MemberEvent.TransferOffered(Away, OtherUnit, Day(7, 30), Operators.District.Id, Today));

    [Fact]
    public Task Another_union_does_not_offer() => Member.Given(Entered).When(new OfferTransfer(Away)).By(AwayOfficer).ThenRefused(MemberRules.NotOwnUnion.With("union", Home));

    [Fact]
    public Task An_auditor_does_not_offer() => Member.Given(Entered).When(new OfferTransfer(Away)).By(Operators.Auditor).ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Audit));

    [Fact]
    public Task Nobody_is_transferred_to_where_they_are() => Member.Given(Entered).When(new OfferTransfer(Home)).ThenRefused(MemberRules.TransferToOwn.With("union", Home));

    [Fact]
    public Task An_unknown_union_is_offered_nobody() => Member.Given(Entered).When(new OfferTransfer(new("U-404"))).ThenRefused(MemberRules.UnionUnknown.With("union", "U-404"));

    [Fact]
    public Task Offered_again_changes_nothing() => Member.Given(Entered, Offered).When(new OfferTransfer(Away)).ThenNothing();

    [Fact]
    public Task A_second_offer_waits_for_the_first() => Member.Given(Entered, Offered).When(new OfferTransfer(Away, OtherUnit)).ThenRefused(MemberRules.TransferOpen.With("union", Away).With("until", "2014-07-01"));

    [Fact]
    public Task An_offer_that_ended_makes_room_for_another() => Member.Given(Entered, EndedYesterday).When(new OfferTransfer(Away, OtherUnit))
        .Then(new MemberEvent.TransferOffered(Away, OtherUnit, Day(7, 30), HomeOfficer.Id, Today));

    [Fact]
    public Task An_offer_that_ends_today_is_still_open() => Member.Given(Entered, EndsToday).When(new OfferTransfer(Away, OtherUnit)).ThenRefused(MemberRules.TransferOpen);

    [Fact]
    public Task Only_an_active_member_is_offered() => Member.Given(Applied).When(new OfferTransfer(Away)).ThenRefused(MemberRules.NotActive.With("status", MemberStatus.Applicant));

    [Fact]
    public Task The_other_union_accepts() => Member.Given(Entered, Offered).When(new AcceptTransfer(OtherUnit)).By(AwayOfficer).Then(new MemberEvent.TransferAccepted(Away, At(OtherUnit), Today));

    [Fact]
    public Task The_offered_unit_stands_unless_another_is_named() => Member.Given(Entered, Offered with { Employer = OtherUnit })
        .When(new AcceptTransfer()).By(AwayOfficer)
        .Then(new MemberEvent.TransferAccepted(Away, At(OtherUnit), Today));

    [Fact]
    public Task It_may_be_accepted_on_the_last_day() => Member.Given(Entered, EndsToday).When(new AcceptTransfer(Unit)).By(AwayOfficer).Then(new MemberEvent.TransferAccepted(Away, At(Unit), Today));

    [Fact]
    public Task The_day_after_it_may_not() => Member.Given(Entered, EndedYesterday).When(new AcceptTransfer(Unit)).By(AwayOfficer).ThenRefused(MemberRules.TransferExpired.With("until", "2014-06-29"));

    [Fact]
    public Task The_own_union_does_not_accept() => Member.Given(Entered, Offered).When(new AcceptTransfer(Unit)).ThenRefused(MemberRules.NotOwnUnion.With("union", Away));

    [Fact]
    public Task Nobody_acts_on_both_sides() => Member.Given(Entered, Offered with { By = Operators.District.Id }).When(new AcceptTransfer(Unit)).By(Operators.District).ThenRefused(MemberRules.TransferBothSides);

    [Fact]
    public Task Nothing_is_accepted_that_was_not_offered() => Member.Given(Entered).When(new AcceptTransfer(Unit)).By(AwayOfficer).ThenRefused(MemberRules.TransferNone);

    [Fact]
    public Task Accepted_again_changes_nothing() => Member.Given(Entered, Offered, new MemberEvent.TransferAccepted(Away, At(Unit), Day(6, 2))).When(new AcceptTransfer(Unit)).By(AwayOfficer).ThenNothing();

    [Fact]
    public Task Whoever_is_deemed_to_have_left_is_not_accepted() => Member.Given(Entered, Offered, new MemberEvent.Educated(Day(6, 29), Day(6, 2)))
        .When(new AcceptTransfer(Unit)).By(AwayOfficer)
        .ThenRefused(MemberRules.NotActive.With("status", MemberStatus.DeemedWithdrawn));

    [Fact]
    public Task The_other_union_refuses_with_a_reason() => Member.Given(Entered, Offered).When(new RefuseTransfer()).By(AwayOfficer).Because("not employed here").Then(new MemberEvent.TransferRefused(Today));

    [Fact]
    public Task A_refusal_needs_a_reason() => Member.Given(Entered, Offered).When(new RefuseTransfer()).By(AwayOfficer).ThenRefused(OccasionRules.ReasonMissing);

    [Fact]
    public Task Refused_again_changes_nothing() => Member.Given(Entered, Offered, new MemberEvent.TransferRefused(Day(6, 2))).When(new RefuseTransfer()).By(AwayOfficer).Because("x").ThenNothing();

    [Fact]
    public Task The_own_union_recalls() => Member.Given(Entered, Offered).When(new RecallTransfer()).Then(new MemberEvent.TransferRecalled(Today));

    [Fact]
    public Task The_other_union_does_not_recall() => Member.Given(Entered, Offered).When(new RecallTransfer()).By(AwayOfficer).ThenRefused(MemberRules.NotOwnUnion.With("union", Home));

    [Fact]
    public Task Recalled_again_changes_nothing() => Member.Given(Entered, Offered, new MemberEvent.TransferRecalled(Day(6, 2))).When(new RecallTransfer()).ThenNothing();

    [Fact]
    public Task An_offer_that_ended_is_not_recalled() => Member.Given(Entered, EndedYesterday).When(new RecallTransfer()).ThenRefused(MemberRules.TransferExpired);
}
