using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using static UnionDomain.Members.MemberCommand;
using static UnionDomain.Tests.Members.MemberExamples;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Members;

/// <summary>Retention, lapse, leaving, looks and erasure.</summary>
[Trait("F", "18"), Trait("F", "19")]
public sealed class LeavingSpecs
{
    private static readonly MemberEvent Jobless = new MemberEvent.Retained(RetentionGround.Unemployed, Home, Day(6, 2));
    private static readonly MemberEvent Retired = new MemberEvent.Retained(RetentionGround.Retired, Home, Day(6, 2));
    private static readonly MemberEvent Gone = new MemberEvent.Withdrawn(Day(6, 2));
    private static readonly MemberEvent LapsesToday = new MemberEvent.Educated(Day(6, 29), Day(6, 2));

    [Theory]
    [InlineData(RetentionGround.Retired)]
    [InlineData(RetentionGround.Unemployed)]
    public Task Membership_is_retained_by_the_own_union(RetentionGround ground) => Member.Given(Entered).When(new Retain(ground)).Then(new MemberEvent.Retained(ground, Home, Today));

    [Fact]
    public Task Where_the_unit_closed_the_upper_union_holds_it() => Member.Given(Entered)
        .When(new Retain(RetentionGround.UnitClosed, new("U-3")))
        .Then(new MemberEvent.Retained(RetentionGround.UnitClosed, new("U-3"), Today));

    [Fact]
    public Task Where_the_unit_closed_a_union_is_named() => Member.Given(Entered).When(new Retain(RetentionGround.UnitClosed)).ThenRefused(MemberRules.HoldingUnionMissing);

    [Fact]
    public Task Otherwise_none_is_named() => Member.Given(Entered).When(new Retain(RetentionGround.Retired, new("U-3"))).ThenRefused(MemberRules.HoldingUnionNotExpected);

    [Fact]
    public Task An_unknown_union_holds_nothing() => Member.Given(Entered)
        .When(new Retain(RetentionGround.UnitClosed, new("U-404")))
        .ThenRefused(MemberRules.HoldingUnionNotActive.With("union", "U-404").With("date", "2014-06-30"));

    [Fact]
    public Task There_is_no_fourth_ground() => Member.Given(Entered).When(new Retain((RetentionGround)4)).ThenRefused(MemberRules.GroundUnknown);

    [Fact]
    public Task Retained_again_changes_nothing() => Member.Given(Entered, Retired).When(new Retain(RetentionGround.Retired)).ThenNothing();

    [Fact]
    public Task Who_left_is_not_retained() => Member.Given(Entered, Gone).When(new Retain(RetentionGround.Retired)).ThenRefused(MemberRules.NotStanding.With("status", MemberStatus.Withdrawn));

    [Fact]
    public Task Who_works_again_is_active_again() => Member.Given(Entered, Jobless).When(new Reinstate(Away, OtherUnit)).Then(new MemberEvent.Reinstated(Away, At(OtherUnit), Today));

    [Fact]
    public Task Who_retired_should_stay_retained() => Member.Given(Entered, Retired).When(new Reinstate(Away, OtherUnit))
        .ThenWarned(MemberRules.RetiredStays, new MemberEvent.Reinstated(Away, At(OtherUnit), Today));

    [Fact]
    public Task Reinstated_again_changes_nothing() => Member.Given(Entered, Jobless, new MemberEvent.Reinstated(Away, At(OtherUnit), Day(6, 3))).When(new Reinstate(Away, OtherUnit)).ThenNothing();

    [Fact]
    public Task Who_was_not_retained_is_not_reinstated() => Member.Given(Entered).When(new Reinstate(Away, OtherUnit)).ThenRefused(MemberRules.NotRetained.With("status", MemberStatus.Active));

    [Fact]
    public Task A_retained_member_is_not_transferred() => Member.Given(Entered, Retired).When(new OfferTransfer(Away)).ThenRefused(MemberRules.NotActive.With("status", MemberStatus.Retained));

    [Theory]
    [InlineData(Role.Member)]
    [InlineData(Role.Officer)]
    [InlineData(Role.District)]
    public Task A_member_leaves(Role role) => Member.Given(Entered).When(new Withdraw()).By(HomeOfficer with { Role = role }).Then(new MemberEvent.Withdrawn(Today));

    [Fact]
    public Task Nobody_else_makes_a_member_leave() => Member.Given(Entered).When(new Withdraw()).By(Operators.Auditor).ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Audit));

    [Fact]
    public Task Left_again_changes_nothing() => Member.Given(Entered, Gone).When(new Withdraw()).ThenNothing();

    [Fact]
    public Task An_applicant_does_not_leave() => Member.Given(Applied).When(new Withdraw()).ThenRefused(MemberRules.NotStanding.With("status", MemberStatus.Applicant));

    [Fact]
    public Task Nobody_leaves_before_having_come() => Member.Given(Entered).When(new Withdraw()).On(Day(5, 19)).ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task The_committee_expels() => Member.Given(Entered).When(new Expel()).By(HomeCommittee).Because("grave breach").RestingOn("D-1").Then(new MemberEvent.Expelled("D-1", Today));

    [Fact]
    public Task An_expulsion_needs_a_reason() => Member.Given(Entered).When(new Expel()).By(HomeCommittee).RestingOn("D-1").ThenRefused(OccasionRules.ReasonMissing);

    [Fact]
    public Task An_expulsion_needs_a_document() => Member.Given(Entered).When(new Expel()).By(HomeCommittee).Because("grave breach").ThenRefused(OccasionRules.DocumentMissing);

    [Fact]
    public Task An_officer_does_not_expel() => Member.Given(Entered).When(new Expel()).Because("grave breach").RestingOn("D-1").ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Officer));

    [Fact]
    public Task A_death_is_recorded_with_its_document() => Member.Given(Entered).When(new RecordDeath()).RestingOn("D-1").Then(new MemberEvent.Died("D-1", Today));

    [Fact]
    public Task A_death_needs_a_document() => Member.Given(Entered).When(new RecordDeath()).ThenRefused(OccasionRules.DocumentMissing);

    [Fact]
    public Task Activity_is_recorded() => Member.Given(Entered).When(new RecordActivity()).Then(new MemberEvent.ActivityRecorded(Today));

    [Fact]
    public Task Activity_of_the_same_day_again_changes_nothing() => Member.Given(Entered, new MemberEvent.ActivityRecorded(Today)).When(new RecordActivity()).ThenNothing();

    [Fact]
    public Task A_retained_member_pays_no_dues() => Member.Given(Entered, Retired).When(new RecordActivity()).ThenRefused(MemberRules.NotActive.With("status", MemberStatus.Retained));

    [Fact]
    public Task A_member_without_activity_is_talked_to() => Member.Given(Entered with { BegunOn = Day(1, 1).AddDays(-2) }).When(new Educate(Day(8, 31))).Then(new MemberEvent.Educated(Day(8, 31), Today));

    [Fact]
    public Task Six_months_to_the_day_are_enough() => Member.Given(Entered with { BegunOn = new(2013, 12, 30) }).When(new Educate(Day(8, 31))).Then(new MemberEvent.Educated(Day(8, 31), Today));

    [Fact]
    public Task A_day_less_is_a_warning() => Member.Given(Entered with { BegunOn = Day(1, 1) }).When(new Educate(Day(8, 31)))
        .ThenWarned(MemberRules.ActiveLately, new MemberEvent.Educated(Day(8, 31), Today));

    [Fact]
    public Task The_last_day_may_be_today() => Member.Given(Entered with { BegunOn = new(2013, 1, 1) }).When(new Educate(Today)).Then(new MemberEvent.Educated(Today, Today));

    [Fact]
    public Task The_last_day_is_not_past() => Member.Given(Entered).When(new Educate(Day(6, 29))).ThenRefused(MemberRules.EducationEnded.With("until", "2014-06-29"));

    [Fact]
    public Task Talked_to_again_with_the_same_day_changes_nothing() => Member.Given(Entered, new MemberEvent.Educated(Day(8, 31), Day(6, 2))).When(new Educate(Day(8, 31))).ThenNothing();

    [Fact]
    public Task Activity_on_the_last_day_keeps_the_membership() => Member.Given(Entered, LapsesToday).When(new RecordActivity()).On(Day(6, 29)).Then(new MemberEvent.ActivityRecorded(Day(6, 29)));

    [Fact]
    public Task The_day_after_membership_is_deemed_withdrawn() => Member.Given(Entered, LapsesToday).When(new RecordActivity()).ThenRefused(MemberRules.NotActive.With("status", MemberStatus.DeemedWithdrawn));

    [Theory, Trait("F", "29")]
    [InlineData(Role.Officer)]
    [InlineData(Role.District)]
    [InlineData(Role.Audit)]
    public Task A_look_is_recorded_every_time(Role role) => Member.Given(Entered, new MemberEvent.LookedAt(new(1, "card", "op-1", Home, Home, Today)))
        .When(new LookAt("verification")).By(HomeOfficer with { Role = role })
        .Then(new MemberEvent.LookedAt(new(2, "verification", HomeOfficer.Id, Home, Home, Today)));

    [Theory, Trait("F", "29")]
    [InlineData(Role.Member)]
    [InlineData(Role.Bank)]
    [InlineData(Role.Statistics)]
    [InlineData(Role.AwardingBody)]
    public Task Who_needs_no_personal_data_sees_none(Role role) => Member.Given(Entered).When(new LookAt("verification")).By(HomeOfficer with { Role = role }).ThenRefused(MemberRules.RoleNotAllowed.With("role", role));

    [Fact, Trait("F", "29")]
    public Task Another_union_sees_nothing() => Member.Given(Entered).When(new LookAt("verification")).By(AwayOfficer).ThenRefused(MemberRules.NotOwnUnion.With("union", Home));

    [Fact, Trait("F", "29")]
    public Task Curiosity_is_no_purpose() => Member.Given(Entered).When(new LookAt("curiosity")).ThenRefused(LookRules.PurposeUnknown);

    [Theory, Trait("F", "30")]
    [InlineData("withdrawn")]
    [InlineData("deemed")]
    [InlineData("rejected")]
    public Task Who_left_is_erased(string how) => Member.Given(how == "rejected" ? Applied : Entered, how switch { "withdrawn" => Gone, "deemed" => LapsesToday, _ => new MemberEvent.Rejected(Day(6, 2)) })
        .When(new Erase()).By(Operators.District).Because("request").RestingOn("D-1")
        .Then(new MemberEvent.Erased("D-1", Today));

    [Fact, Trait("F", "30")]
    public Task A_member_is_not_erased() => Member.Given(Entered).When(new Erase()).By(Operators.District).Because("request").RestingOn("D-1")
        .ThenRefused(MemberRules.StillStanding.With("status", MemberStatus.Active));

    [Fact, Trait("F", "30")]
    public Task A_subdistrict_erases_nobody() => Member.Given(Entered, Gone).When(new Erase()).By(Operators.Subdistrict).Because("request").RestingOn("D-1")
        .ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Subdistrict));

    [Fact, Trait("F", "30")]
    public Task Erasure_needs_a_reason() => Member.Given(Entered, Gone).When(new Erase()).By(Operators.District).RestingOn("D-1").ThenRefused(OccasionRules.ReasonMissing);

    [Fact, Trait("F", "30")]
    public Task Erasure_needs_a_document() => Member.Given(Entered, Gone).When(new Erase()).By(Operators.District).Because("request").ThenRefused(OccasionRules.DocumentMissing);

    [Fact, Trait("F", "30")]
    public Task Erased_again_changes_nothing() => Member.Given(Entered, Gone, new MemberEvent.Erased("D-1", Day(6, 3))).When(new Erase()).By(Operators.District).Because("request").RestingOn("D-1").ThenNothing();

    [Fact, Trait("F", "30")]
    public Task Nobody_is_erased_who_never_was() => Member.Given().When(new Erase()).By(Operators.District).Because("request").RestingOn("D-1").ThenRefused(MemberRules.Unknown);

    [Fact, Trait("F", "30")]
    public Task An_erased_person_is_not_looked_at() => Member.Given(Entered, Gone, new MemberEvent.Erased("D-1", Day(6, 3))).When(new LookAt("verification")).ThenRefused(MemberRules.Erased);
}
