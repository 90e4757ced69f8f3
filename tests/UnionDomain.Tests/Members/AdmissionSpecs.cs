using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Members.MemberCommand;
using static UnionDomain.Tests.Members.MemberExamples;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Members;

/// <summary>Application, admission, rejection, and the collection of sheets.</summary>
[Trait("F", "15")]
public sealed class AdmissionSpecs
{
    private static MemberEvent AppliedToday => Applied with { By = Operators.Member.Id, On = Today };

    [Fact]
    public Task A_person_applies() => Member.Given().When(new Apply(Home, Unit, Form)).By(Operators.Member).Then(AppliedToday);

    [Fact]
    public Task An_officer_applies_for_somebody() => Member.Given().When(new Apply(Home, Unit, Form)).Then(Applied with { By = HomeOfficer.Id, On = Today });

    [Theory]
    [InlineData(Role.Committee)]
    [InlineData(Role.District)]
    public Task Nobody_else_applies(Role role) => Member.Given().When(new Apply(Home, Unit, Form)).By(HomeOfficer with { Role = role }).ThenRefused(MemberRules.RoleNotAllowed.With("role", role));

    [Fact]
    public Task The_same_application_again_changes_nothing() => Member.Given().After(new Apply(Home, Unit, Form)).When(new Apply(Home, Unit, Form)).ThenNothing();

    [Fact]
    public Task Another_application_waits() => Member.Given().After(new Apply(Home, Unit, Form)).When(new Apply(Away, Unit, Form)).ThenRefused(MemberRules.AppliedAlready.With("union", Home));

    [Fact]
    public Task A_member_does_not_apply() => Member.Given(Entered).When(new Apply(Home, Unit, Form)).ThenRefused(MemberRules.AlreadyMember);

    [Fact]
    public Task A_member_of_another_union_does_not_apply() => Member.Given(Entered).When(new Apply(Away, Unit, Form)).ThenRefused(MemberRules.OnOtherRoll.With("union", Home));

    [Fact]
    public Task The_dead_do_not_apply() => Member.Given(Entered, new MemberEvent.Died("D-1", Day(6, 2))).When(new Apply(Home, Unit, Form)).ThenRefused(MemberRules.Deceased);

    [Fact]
    public Task A_federation_is_not_applied_to() => Member.Given().When(new Apply(new("U-2"), Unit, Form)).ThenRefused(MemberRules.WrongLevel.With("union", "U-2").With("level", 2));

    [Theory]
    [InlineData("withdrawn")]
    [InlineData("expelled")]
    [InlineData("deemed")]
    [InlineData("rejected")]
    public Task Who_left_applies_again(string how) => Member.Given(how == "rejected" ? Applied : Entered, how switch
    {
        "withdrawn" => new MemberEvent.Withdrawn(Day(6, 2)),
        "expelled" => new MemberEvent.Expelled("D-1", Day(6, 2)),
        "deemed" => new MemberEvent.Educated(Day(6, 29), Day(6, 2)),
        _ => new MemberEvent.Rejected(Day(6, 2)),
    }).When(new Apply(Away, Unit, Form)).By(Operators.Member).Then(Applied with { Union = Away, By = Operators.Member.Id, On = Today });

    [Theory]
    [InlineData(Role.Committee)]
    [InlineData(Role.Subdistrict)]
    public Task The_committee_or_a_federation_admits(Role role) => Member.Given(Applied).When(new Admit()).By(HomeCommittee with { Role = role }).Then(new MemberEvent.Admitted(Day(5, 12), true, Today));

    [Fact]
    public Task An_officer_does_not_admit() => Member.Given(Applied).When(new Admit()).ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Officer));

    [Fact]
    public Task Nobody_admits_whom_they_proposed() => Member.Given(Applied).When(new Admit()).By(HomeCommittee with { Id = Operators.Applicant.Id }).ThenRefused(MemberRules.OwnSubmission);

    [Fact]
    public Task Admitted_again_changes_nothing() => Member.Given(Applied, new MemberEvent.Admitted(Day(5, 12), true, Day(6, 2))).When(new Admit()).By(HomeCommittee).ThenNothing();

    [Fact]
    public Task Who_did_not_apply_is_not_admitted() => Member.Given(Entered).When(new Admit()).By(HomeCommittee).ThenRefused(MemberRules.NotApplying.With("status", MemberStatus.Active));

    [Fact]
    public Task Nobody_is_admitted_before_applying() => Member.Given(Applied).When(new Admit()).By(HomeCommittee).On(Day(5, 19))
        .ThenRefused(OccasionRules.BeforeFormer.With("date", "2014-05-19").With("former", "2014-05-20"));

    [Fact]
    public Task A_union_that_closed_meanwhile_admits_nobody() => Member.Given(Applied)
        .And(UnionDomain.Kernel.Room<Union, UnionState, UnionCommand, UnionEvent, UnionView>.Instance, Home.Stream, new UnionEvent.Closed(ClosingReason.UnitEnded, "D-1", Day(6, 2)))
        .When(new Admit()).By(HomeCommittee)
        .ThenRefused(MemberRules.UnionNotActive.With("union", Home).With("date", "2014-06-30"));

    [Fact]
    public Task A_return_begins_no_new_membership() => Member.Given(Entered, new MemberEvent.Withdrawn(Day(6, 2)), Applied with { Union = Away, On = Day(6, 3) })
        .When(new Admit()).By(HomeCommittee)
        .Then(new MemberEvent.Admitted(Day(5, 12), false, Today));

    [Fact]
    public Task An_application_is_rejected_with_a_reason() => Member.Given(Applied).When(new Reject()).By(HomeCommittee).Because("no employment").Then(new MemberEvent.Rejected(Today));

    [Fact]
    public Task A_rejection_needs_a_reason() => Member.Given(Applied).When(new Reject()).By(HomeCommittee).ThenRefused(OccasionRules.ReasonMissing);

    [Fact]
    public Task Rejected_again_changes_nothing() => Member.Given(Applied, new MemberEvent.Rejected(Day(6, 2))).When(new Reject()).By(HomeCommittee).Because("no employment").ThenNothing();

    [Fact]
    public Task Nobody_rejects_whom_they_proposed() => Member.Given(Applied).When(new Reject()).By(HomeCommittee with { Id = Operators.Applicant.Id }).Because("x").ThenRefused(MemberRules.OwnSubmission);

    [Fact]
    public Task A_rejected_applicant_stands_in_nobodys_way() => Member.Given()
        .After(new Apply(Home, Unit, Form), Second.Stream)
        .After(new Reject(), Second.Stream, HomeCommittee, reason: "no employment")
        .When(new Apply(Home, Unit, Form)).By(Operators.Member)
        .Then(AppliedToday);

    [Fact, Trait("F", "21")]
    public Task Collection_records_a_sheet_and_alters_no_standing() => Member.Given(Entered, new MemberEvent.Retained(RetentionGround.Retired, Home, Day(6, 2)))
        .When(new Collect(null, Form with { Education = "9" }))
        .Then(new MemberEvent.Collected(At(Unit), Record(Form with { Education = "9" }), Today));

    [Fact, Trait("F", "21")]
    public Task Collection_of_who_left_is_refused() => Member.Given(Entered, new MemberEvent.Withdrawn(Day(6, 2)))
        .When(new Collect(null, Form))
        .ThenRefused(MemberRules.NotStanding.With("status", MemberStatus.Withdrawn));

    [Fact]
    public Task Collection_needs_a_sheet() => Member.Given(Entered).When(new Collect()).ThenRefused(MemberFormRules.SheetMissing);

    [Fact]
    public Task An_application_needs_a_sheet() => Member.Given().When(new Apply(Home, Unit)).ThenRefused(MemberFormRules.SheetMissing);

    [Fact]
    public Task Nothing_is_asked_of_nobody() => Member.Given().When(new Withdraw()).ThenRefused(MemberRules.Unknown);

    [Theory]
    [InlineData("name", "示例\u0000人")]
    [InlineData("name", "示例\u0007人")]
    [InlineData("name", "示例\uD840")]
    [InlineData("mobile", "1000000000\u0001")]
    [InlineData("remarks", "a\u0000b")]
    public Task What_cannot_be_kept_is_refused_whole(string field, string text) => Member.Given()
        .When(new Enter(Home, Unit, field switch { "name" => Form with { Name = text }, "mobile" => Form with { Mobile = text }, _ => Form with { Remarks = text } }))
        .ThenRefused(TextRules.BrokenCharacter);

    [Fact]
    public Task A_column_of_more_characters_than_are_kept_is_refused() => Member.Given()
        .When(new Enter(Home, Unit, Form with { Nation = new('a', 101) }))
        .ThenRefused(TextRules.TooLong.With("field", "nation").With("length", 101).With("most", 100));

    [Fact]
    public Task Remarks_of_500_characters_are_kept() => Member.Given().When(new Enter(Home, Unit, Form with { Remarks = new('a', 500) })).Then(Entered with { On = Today });

    [Fact]
    public Task Remarks_of_501_are_refused() => Member.Given().When(new Enter(Home, Unit, Form with { Remarks = new('a', 501) })).ThenRefused(TextRules.TooLong);

    [Fact]
    public Task A_name_of_51_characters_is_refused() => Member.Given()
        .When(new Enter(Home, Unit, Form with { Name = string.Concat(Enumerable.Repeat("\U00020000", 51)) }))
        .ThenRefused(MemberFormRules.NameTooLong.With("length", 51).With("most", 50));
}
