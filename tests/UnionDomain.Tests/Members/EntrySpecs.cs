using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;
using static UnionDomain.Members.MemberCommand;
using static UnionDomain.Tests.Members.MemberExamples;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Members;

/// <summary>Who is a member already comes onto the roll, and the sheet is recorded again.</summary>
[Trait("F", "15"), Trait("F", "16"), Trait("F", "21")]
public sealed class EntrySpecs
{
    private static MemberEvent EnteredToday => Entered with { On = Today };

    [Fact]
    public Task An_officer_enters_a_member() => Member.Given().When(new Enter(Home, Unit, Form)).Then(EnteredToday);

    [Fact]
    public Task A_federation_enters_a_member() => Member.Given().When(new Enter(Home, Unit, Form)).By(Operators.District).Then(EnteredToday);

    [Theory]
    [InlineData(Role.Member)]
    [InlineData(Role.Committee)]
    [InlineData(Role.Audit)]
    [InlineData(Role.Bank)]
    public Task Nobody_else_enters(Role role) => Member.Given()
        .When(new Enter(Home, Unit, Form)).By(HomeOfficer with { Role = role })
        .ThenRefused(MemberRules.RoleNotAllowed.With("role", role));

    [Fact]
    public Task Membership_begins_on_the_day_of_entry_when_the_sheet_names_none() => Member.Given()
        .When(new Enter(Home, Unit, Form with { JoinedOn = null }))
        .Then(new MemberEvent.Entered(Subject, Home, At(Unit), Record(Form with { JoinedOn = null }), Today, true, Today));

    [Fact]
    public Task A_person_without_a_number_is_a_member_all_the_same() => Member.Given()
        .When(new Enter(Home, Unit, Form with { DocumentNumber = null }))
        .Then(new MemberEvent.Entered(Subject, Home, At(Unit), Record(Form with { DocumentNumber = null }), Day(5, 12), true, Today));

    [Fact]
    public Task No_unit_is_a_finding() => Member.Given()
        .When(new Enter(Home, null, Form))
        .Then(Entered with { Workplace = new(null, Finding.Missing("employer", MemberRules.EmployerMissing)), On = Today });

    [Fact]
    public Task An_unknown_unit_is_a_finding() => Member.Given()
        .When(new Enter(Home, new EmployerId("E-404"), Form))
        .Then(Entered with { Workplace = new(new EmployerId("E-404"), Finding.Inaccurate("employer", MemberRules.EmployerUnknown)), On = Today });

    [Fact]
    public Task A_closed_unit_is_a_finding() => Member.Given()
        .And(Unit, new EmployerEvent.Closed(Day(6, 2)))
        .When(new Enter(Home, Unit, Form))
        .Then(Entered with { Workplace = new(Unit, Finding.Inaccurate("employer", MemberRules.EmployerClosed)), On = Today });

    [Fact]
    public Task An_unknown_union_has_no_members() => Member.Given().When(new Enter(new("U-404"), Unit, Form)).ThenRefused(MemberRules.UnionUnknown.With("union", "U-404"));

    [Theory]
    [InlineData("U-1", 1)]
    [InlineData("U-2", 2)]
    [InlineData("U-3", 3)]
    public Task A_federation_has_no_members_of_its_own(string union, int level) => Member.Given()
        .When(new Enter(new(union), Unit, Form))
        .ThenRefused(MemberRules.WrongLevel.With("union", union).With("level", level));

    [Fact]
    public Task A_branch_has_members() => Member.Given()
        .And(new UnionId("U-700"), UnionExamples.Active(UnionExamples.Applied(new("U-700"), level: UnionLevel.Branch)))
        .When(new Enter(new("U-700"), Unit, Form))
        .Then(Entered with { Union = new("U-700"), On = Today });

    [Fact]
    public Task A_union_has_members_from_the_day_of_its_establishment() => Member.Given()
        .When(new Enter(Home, Unit, Form with { JoinedOn = "2014-04-01" })).On(Day(4, 7))
        .Then(new MemberEvent.Entered(Subject, Home, At(Unit), Record(Form with { JoinedOn = "2014-04-01" }, Day(4, 7)), Day(4, 1), true, Day(4, 7)));

    [Fact]
    public Task A_union_has_no_members_the_day_before() => Member.Given()
        .When(new Enter(Home, Unit, Form)).On(Day(4, 6))
        .ThenRefused(MemberRules.UnionNotActive.With("union", Home).With("date", "2014-04-06"));

    [Fact]
    public Task A_closed_union_takes_nobody() => Member.Given()
        .And(Home, new UnionEvent.Closed(ClosingReason.UnitEnded, "D-1", Day(6, 2)))
        .When(new Enter(Home, Unit, Form))
        .ThenRefused(MemberRules.UnionNotActive);

    [Fact]
    public Task Whoever_is_sixteen_today_becomes_a_member() => Member.Given()
        .When(new Enter(Home, Unit, Form with { DocumentNumber = null, BornOn = "1998-06-30" }))
        .Then(new MemberEvent.Entered(Subject, Home, At(Unit), Record(Form with { DocumentNumber = null, BornOn = "1998-06-30" }), Day(5, 12), true, Today));

    [Fact]
    public Task Whoever_is_sixteen_tomorrow_does_not() => Member.Given()
        .When(new Enter(Home, Unit, Form with { DocumentNumber = null, BornOn = "1998-07-01" }))
        .ThenRefused(MemberRules.TooYoung.With("age", 16));

    [Fact, Trait("F", "24")]
    public Task The_same_sheet_again_changes_nothing() => Member.Given().After(new Enter(Home, Unit, Form)).When(new Enter(Home, Unit, Form)).ThenNothing();

    [Fact, Trait("F", "24")]
    public Task A_changed_sheet_is_recorded() => Member.Given().After(new Enter(Home, Unit, Form))
        .When(new Enter(Home, Unit, Form with { Mobile = "10000000002" }))
        .Then(new MemberEvent.Collected(At(Unit), Record(Form with { Mobile = "10000000002" }), Today));

    [Fact]
    public Task Another_unit_alone_leaves_the_record_as_it_is() => Member.Given().After(new Enter(Home, Unit, Form))
        .When(new Enter(Home, OtherUnit, Form))
        .Then(new MemberEvent.Collected(At(OtherUnit), null, Today));

    [Fact]
    public Task Full_width_digits_are_normalised_and_said_so() => Member.Given()
        .When(new Enter(Home, Unit, Form with { DocumentNumber = "１１０１０８１９０１０１０１０００８" }))
        .ThenWarned(MemberFormRules.Normalised, EnteredToday);

    [Fact]
    public Task A_member_of_another_union_is_transferred() => Member.Given(Entered)
        .When(new Enter(Away, Unit, Form)).By(Operators.District)
        .ThenRefused(MemberRules.OnOtherRoll.With("union", Home));

    [Fact]
    public Task An_applicant_waits_for_the_committee() => Member.Given(Applied).When(new Enter(Home, Unit, Form)).ThenRefused(MemberRules.Applying.With("union", Home));

    [Fact]
    public Task A_file_does_not_bring_back_who_left() => Member.Given(Entered, new MemberEvent.Withdrawn(Day(6, 2)))
        .When(new Enter(Home, Unit, Form))
        .ThenRefused(MemberRules.Left.With("status", MemberStatus.Withdrawn));

    [Fact]
    public Task A_file_does_not_bring_back_who_is_deemed_to_have_left() => Member.Given(Entered, new MemberEvent.Educated(Day(6, 29), Day(6, 2)))
        .When(new Enter(Home, Unit, Form))
        .ThenRefused(MemberRules.Left.With("status", MemberStatus.DeemedWithdrawn));

    [Fact]
    public Task A_file_does_not_bring_back_the_dead() => Member.Given(Entered, new MemberEvent.Died("D-1", Day(6, 2))).When(new Enter(Home, Unit, Form)).ThenRefused(MemberRules.Deceased);

    [Fact]
    public Task Under_the_same_number_another_name_overwrites_nobody() => Member.Given().After(new Enter(Home, Unit, Form), Subject.Stream)
        .When(new Enter(Home, Unit, Form with { Name = "另一人" }))
        .ThenRefused(MemberRules.DocumentHeld.With("holder", Subject.Stream));

    [Fact]
    public Task Of_another_union_too_it_is_the_number_that_is_held() => Member.Given().After(new Enter(Home, Unit, Form), Subject.Stream)
        .When(new Enter(Away, Unit, Form with { Name = "另一人" })).By(Operators.District)
        .ThenRefused(MemberRules.DocumentHeld.With("holder", Subject.Stream));

    [Fact]
    public Task A_number_that_another_holds_is_refused_and_the_holder_named() => Member.Given().After(new Enter(Home, Unit, Form), Second.Stream)
        .When(new Enter(Away, Unit, Form with { Name = "另一人" })).By(Operators.District)
        .ThenRefused(MemberRules.DocumentHeld.With("holder", Second.Stream));

    [Fact]
    public Task A_record_without_a_number_is_found_by_unit_name_and_phone() => Member.Given().After(new Enter(Home, Unit, Form with { DocumentNumber = null }), Second.Stream)
        .When(new Enter(Home, Unit, Form with { DocumentNumber = "110108" }))
        .ThenRefused(MemberRules.RollHeld.With("holder", Second.Stream));

    [Fact]
    public Task A_corrected_number_is_held_from_then_on() => Member.Given()
        .After(new Enter(Home, Unit, Form), Second.Stream)
        .After(new Enter(Home, Unit, Form with { DocumentNumber = OtherNumber, Sex = "1", BornOn = "1912-02-29" }), Second.Stream, on: Day(6, 2))
        .When(new Enter(Home, Unit, Form))
        .Then(EnteredToday);

    [Fact]
    public Task A_sheet_must_be_there() => Member.Given().When(new Enter(Home, Unit)).ThenRefused(MemberFormRules.SheetMissing);

    [Theory]
    [InlineData("110108190101010008")]
    [InlineData("0146000000007000800000000000000A")]
    [InlineData("01460000000040008000000000000001")]
    public Task A_key_says_nothing_about_the_person(string key) => (Member.Given() with { Subject = new("member", key) }).When(new Enter(Home, Unit, Form)).ThenRefused(MemberRules.IdInvalid);

    [Fact]
    public Task An_erased_person_is_never_entered_again() => Member.Given(Entered, new MemberEvent.Withdrawn(Day(6, 2)), new MemberEvent.Erased("D-1", Day(6, 3)))
        .When(new Enter(Home, Unit, Form))
        .ThenRefused(MemberRules.Erased);
}
