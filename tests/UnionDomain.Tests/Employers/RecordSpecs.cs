using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;
using static UnionDomain.Employers.EmployerCommand;
using static UnionDomain.Tests.Employers.EmployerExamples;
using static UnionDomain.Tests.Specs.Calendar;
using Record = UnionDomain.Employers.EmployerCommand.Record;

namespace UnionDomain.Tests.Employers;

[Trait("F", "13"), Trait("F", "23"), Trait("F", "24")]
public sealed class RecordSpecs
{
    private static readonly UnionId Own = new("U-200");
    private static readonly UnionId Joint = new("U-300");
    private static readonly Record Row = new(Code, "Unit One", EmployerKind.Private, "C", "110108", UnionExamples.SubdistrictFederation, 60, 20, 10);
    private static readonly Record Covered = Row with { Union = Joint, Coverage = CoverageKind.Joint };
    private static readonly EmployerEvent AtWork = new EmployerEvent.OperationStarted(Day(2, 3));
    private static readonly EmployerEvent ByJoint = new EmployerEvent.Covered(Joint, CoverageKind.Joint, Day(4, 8));

    private static EmployerSpec Given(params ReadOnlySpan<EmployerEvent> events) => Employer.Given(events)
        .And(Own, UnionExamples.Active(UnionExamples.Applied(Own)))
        .And(Joint, UnionExamples.Active(UnionExamples.Applied(Joint, UnionKind.Joint)));

    [Fact]
    public Task An_unknown_unit_comes_onto_the_roll_at_work() => Given().When(Row).Then(Registered with { On = Today }, new EmployerEvent.OperationStarted(Today));

    [Fact]
    public Task A_covered_unit_comes_with_its_coverage() => Given()
        .When(Covered)
        .Then(Registered with { On = Today }, new EmployerEvent.OperationStarted(Today), new EmployerEvent.Covered(Joint, CoverageKind.Joint, Today));

    [Fact, Trait("F", "29")]
    public Task A_contact_is_sealed_and_only_its_mask_is_seen() => Given(Registered, AtWork)
        .When(Row with { Contact = new(" 示例员 ", "（010）5555-0000") })
        .ThenSealed<EmployerEvent.ContactRecorded>(recorded =>
        {
            Assert.Equal(new Contact("示**", "010****0000"), recorded.Contact.Mask);
            Assert.NotEmpty(recorded.Contact.Hash);
        });

    [Fact]
    public Task An_equal_row_changes_nothing() => Given(Registered, AtWork, ByJoint).When(Covered).ThenNothing();

    [Fact]
    public Task An_equal_row_of_an_earlier_day_changes_nothing() => Given(Registered, AtWork, ByJoint).When(Covered).On(Day(3, 1)).ThenNothing();

    [Fact]
    public Task A_row_that_differs_is_not_older_than_the_record() => Given(Registered, AtWork, ByJoint)
        .When(Covered with { Headcount = 61 }).On(Day(4, 7))
        .ThenRefused(OccasionRules.BeforeFormer.With("date", "2014-04-07").With("former", "2014-04-08"));

    [Fact]
    public Task Another_name_renames() => Given(Registered, AtWork).When(Row with { Name = " Unit Two " }).Then(new EmployerEvent.Renamed("Unit Two"));

    [Fact]
    public Task Another_kind_or_industry_reclassifies() => Given(Registered, AtWork)
        .When(Row with { Kind = EmployerKind.Foreign, Industry = "M" })
        .Then(new EmployerEvent.Reclassified(EmployerKind.Foreign, "M"));

    [Fact]
    public Task What_was_reclassified_is_equal_afterwards() => Given(Registered, AtWork, new EmployerEvent.Reclassified(EmployerKind.Foreign, "M"))
        .When(Row with { Kind = EmployerKind.Foreign, Industry = "M" })
        .ThenNothing();

    [Fact]
    public Task Another_area_or_federation_moves_it() => Given(Registered, AtWork)
        .When(Row with { Area = "110105", Federation = UnionExamples.OtherSubdistrict })
        .Then(new EmployerEvent.Relocated("110105", UnionExamples.OtherSubdistrict, Today));

    [Fact]
    public Task Other_numbers_are_reported() => Given(Registered, AtWork).When(Row with { Headcount = 61, Women = null }).Then(new EmployerEvent.HeadcountReported(61, null, 10, Today));

    [Fact]
    public Task Everything_that_differs_happens_at_once() => Given(Registered, AtWork, ByJoint)
        .When(Row with { Name = "Unit Two", Headcount = 9, Women = 0, Migrants = 9, Union = Own, Coverage = CoverageKind.Independent })
        .Then(new EmployerEvent.Renamed("Unit Two"), new EmployerEvent.HeadcountReported(9, 0, 9, Today), new EmployerEvent.Covered(Own, CoverageKind.Independent, Today));

    [Fact]
    public Task A_unit_that_was_only_registered_is_at_work() => Given(Registered).When(Row).Then(new EmployerEvent.OperationStarted(Today));

    [Fact]
    public Task A_suspended_unit_stays_suspended() => Given(Registered, AtWork, new EmployerEvent.Suspended(Day(3, 3))).When(Row).ThenNothing();

    [Fact]
    public Task Another_union_takes_the_coverage_over() => Given(Registered, AtWork, ByJoint)
        .When(Row with { Union = Own, Coverage = CoverageKind.Independent })
        .Then(new EmployerEvent.Covered(Own, CoverageKind.Independent, Today));

    [Fact]
    public Task A_row_without_coverage_ends_it() => Given(Registered, AtWork, ByJoint).When(Row).Then(new EmployerEvent.CoverageEnded(Today));

    [Fact, Trait("F", "29")]
    public Task A_contact_that_is_not_told_stays() => Given(Registered, AtWork, new EmployerEvent.ContactRecorded(new("AAAA", new("示*"), "h"))).When(Row with { Contact = new(" ") }).ThenNothing();

    [Fact]
    public Task A_way_of_coverage_needs_a_union() => Given().When(Row with { Coverage = CoverageKind.Joint }).ThenRefused(EmployerRules.CoverageIncomplete);

    [Fact]
    public Task A_union_needs_a_way_of_coverage() => Given().When(Row with { Union = Joint }).ThenRefused(EmployerRules.CoverageIncomplete);

    [Fact]
    public Task A_union_covers_only_in_its_own_way() => Given()
        .When(Row with { Union = Own, Coverage = CoverageKind.Joint })
        .ThenRefused(EmployerRules.CoverageKindMismatch.With("union", "U-200").With("kind", "Joint"));

    [Fact]
    public Task A_union_that_is_not_known_covers_nothing() => Given()
        .When(Row with { Union = new UnionId("U-404"), Coverage = CoverageKind.Joint })
        .ThenRefused(EmployerRules.UnionNotActive.With("union", "U-404").With("date", "2014-06-30"));

    [Fact]
    public Task A_union_covers_from_its_first_day() => Given().When(Covered).On(Day(4, 7))
        .Then(Registered with { On = Day(4, 7) }, new EmployerEvent.OperationStarted(Day(4, 7)), new EmployerEvent.Covered(Joint, CoverageKind.Joint, Day(4, 7)));

    [Fact]
    public Task A_union_does_not_cover_the_day_before() => Given().When(Covered).On(Day(4, 6)).ThenRefused(EmployerRules.UnionNotActive);

    [Fact]
    public Task Another_code_is_no_matter_of_the_roll() => Given(Registered, AtWork).When(Row with { Code = OtherCode }).ThenRefused(EmployerRules.CodeDiffers.With("code", OtherCode));

    [Fact]
    public Task A_code_that_another_record_holds_is_refused_and_the_holder_named() => Given()
        .And(new EmployerId("E-200"), Registered with { Employer = new("E-200") })
        .When(Row)
        .ThenRefused(EmployerRules.CodeHeld.With("code", Code).With("holder", "employer/E-200"));

    [Fact]
    public Task A_closed_unit_stays_closed() => Given(Registered, new EmployerEvent.Closed(Day(2, 4))).When(Row).ThenRefused(EmployerRules.Closed);

    [Fact]
    public Task A_federation_is_needed() => Given().When(Row with { Federation = Joint }).ThenRefused(EmployerRules.NotAFederation);

    [Fact]
    public Task A_unit_does_not_move_to_an_unknown_federation() => Given(Registered, AtWork).When(Row with { Federation = new("U-404") }).ThenRefused(EmployerRules.FederationNotActive);

    [Fact]
    public Task A_code_that_is_none_is_refused() => Given().When(Row with { Code = "no code" }).ThenRefused(UnitCodeRules.UnknownForm);

    [Fact]
    public Task A_name_is_needed() => Given().When(Row with { Name = " " }).ThenRefused(TextRules.Empty.With("field", "name"));

    [Fact]
    public Task A_kind_lies_between_1_and_8() => Given().When(Row with { Kind = (EmployerKind)9 }).ThenRefused(EmployerRules.KindUnknown.With("kind", 9));

    [Fact]
    public Task An_industry_is_a_letter() => Given().When(Row with { Industry = "U" }).ThenRefused(EmployerRules.IndustryUnknown);

    [Fact]
    public Task An_area_is_known() => Given().When(Row with { Area = "110199" }).ThenRefused(AreaCodeRules.Unknown);

    [Fact]
    public Task All_employees_may_be_women_and_migrants() => Given(Registered, AtWork).When(Row with { Women = 60, Migrants = 60 }).Then(new EmployerEvent.HeadcountReported(60, 60, 60, Today));

    [Fact]
    public Task No_more_women_than_employees() => Given(Registered, AtWork)
        .When(Row with { Women = 61 })
        .ThenRefused(EmployerRules.PartExceedsHeadcount.With("field", "women").With("value", 61).With("headcount", 60));

    [Fact, Trait("F", "29")]
    public Task A_phone_of_6_digits_is_none_and_the_refusal_does_not_repeat_it() => Given()
        .When(Row with { Contact = new("示例", "555000") })
        .ThenRefused(ContactRules.PhoneInvalid.With("field", "contactPhone"));

    [Fact, Trait("F", "29")]
    public Task A_contact_of_51_characters_is_too_long() => Given()
        .When(Row with { Contact = new(new('示', 51)) })
        .ThenRefused(TextRules.TooLong.With("field", "contact").With("length", 51).With("most", 50));

    [Theory]
    [InlineData(Role.Officer)]
    [InlineData(Role.Committee)]
    [InlineData(Role.Audit)]
    [InlineData(Role.Member)]
    public Task Only_a_federation_takes_over_its_roll(Role role) => Given()
        .When(Row).By(Operators.Subdistrict with { Role = role })
        .ThenRefused(EmployerRules.RoleNotAllowed.With("role", role));

    [Fact, Trait("F", "31")]
    public Task A_unit_reports_its_members() => Given(Registered).When(new ReportMembers(48)).By(Operators.Officer).Then(new EmployerEvent.MembersReported(48, Today));

    [Fact, Trait("F", "31")]
    public Task None_is_a_number_to_report() => Given(Registered).When(new ReportMembers(0)).Then(new EmployerEvent.MembersReported(0, Today));

    [Fact, Trait("F", "31")]
    public Task The_same_number_again_changes_nothing() => Given(Registered, new EmployerEvent.MembersReported(48, Day(3, 3))).When(new ReportMembers(48)).ThenNothing();

    [Theory, Trait("F", "31")]
    [InlineData(-1)]
    [InlineData(10_000_000)]
    public Task A_number_of_members_has_bounds(int members) => Given(Registered)
        .When(new ReportMembers(members))
        .ThenRefused(NumberRules.OutOfRange.With("field", "members").With("value", members).With("fewest", 0).With("most", 9_999_999));

    [Fact, Trait("F", "31")]
    public Task Members_are_not_reported_for_a_former_day() => Given(Registered, new EmployerEvent.MembersReported(48, Day(3, 3))).When(new ReportMembers(49)).On(Day(3, 2)).ThenRefused(OccasionRules.BeforeFormer);

    [Fact, Trait("F", "31")]
    public Task A_closed_unit_reports_no_members() => Given(Registered, new EmployerEvent.Closed(Day(2, 4))).When(new ReportMembers(48)).ThenRefused(EmployerRules.Closed);

    [Fact, Trait("F", "31")]
    public Task An_unknown_unit_reports_no_members() => Given().When(new ReportMembers(48)).ThenRefused(EmployerRules.Unknown);

    [Fact, Trait("F", "31")]
    public Task An_auditor_reports_no_members() => Given(Registered).When(new ReportMembers(48)).By(Operators.Auditor).ThenRefused(EmployerRules.RoleNotAllowed);

    [Theory, Trait("F", "29")]
    [InlineData(Role.Officer)]
    [InlineData(Role.District)]
    [InlineData(Role.Audit)]
    public Task Each_look_at_the_contact_is_recorded(Role role) => Given(Registered, new EmployerEvent.ContactRecorded(new("AAAA", new("示*"), "h")), new EmployerEvent.ContactLookedAt("contact", Today))
        .When(new LookAtContact("contact")).By(Operators.District with { Role = role })
        .Then(new EmployerEvent.ContactLookedAt("contact", Today));

    [Fact, Trait("F", "29")]
    public Task Where_no_contact_is_told_there_is_nothing_to_look_at() => Given(Registered).When(new LookAtContact("contact")).ThenNothing();

    [Theory, Trait("F", "29")]
    [InlineData("curiosity")]
    [InlineData("")]
    [InlineData(null)]
    public Task A_look_names_one_of_the_purposes(string? purpose) => Given(Registered)
        .When(new LookAtContact(purpose!))
        .ThenRefused(LookRules.PurposeUnknown.With("allowed", "audit/contact/correction/verification"));

    [Theory, Trait("F", "29")]
    [InlineData(Role.Member)]
    [InlineData(Role.Bank)]
    public Task Others_do_not_look(Role role) => Given(Registered).When(new LookAtContact("contact")).By(Operators.District with { Role = role }).ThenRefused(EmployerRules.RoleNotAllowed);
}
