using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;
using static UnionDomain.Unions.UnionCommand;

namespace UnionDomain.Tests.Unions;

public sealed class ApplicationSpecs
{
    private static readonly Apply Independent = new("Union One", UnionLevel.Primary, UnionKind.Independent, SubdistrictFederation, [Unit], 40, 30, 3);
    private static readonly Apply Joint = Independent with { Kind = UnionKind.Joint, Employers = [Unit, SecondUnit], Employees = 12, Members = 9 };

    private static UnionSpec Given(params ReadOnlySpan<UnionEvent> events) => Union.Given(events).WithUnits(40, 9).By(Operators.Applicant);

    [Fact, Trait("F", "2")]
    public Task A_unit_applies_for_a_union_of_its_own() => Given().When(Independent).Then(Applied() with { On = Today });

    [Fact, Trait("F", "2")]
    public Task The_same_application_again_changes_nothing() => Given(Applied()).When(Independent).ThenNothing();

    [Fact, Trait("F", "2")]
    public Task The_same_application_after_the_whole_establishment_changes_nothing() => Given(Active()).When(Independent).ThenNothing();

    [Fact, Trait("F", "2")]
    public Task Another_application_under_the_same_number_is_refused() => Given(Applied()).When(Independent with { Members = 31 }).ThenRefused(UnionRules.AppliedOtherwise);

    [Fact, Trait("F", "2")]
    public Task A_returned_application_is_submitted_again() => Given(Applied(), new UnionEvent.Returned(Day(3, 4)))
        .When(Independent with { Members = 31 })
        .Then(Applied(members: 31) with { On = Today });

    [Fact, Trait("F", "2")]
    public Task A_returned_application_keeps_its_level_and_kind() => Given(Applied(), new UnionEvent.Returned(Day(3, 4)))
        .When(Joint)
        .ThenRefused(UnionRules.AppliedOtherwise);

    [Fact, Trait("F", "2")]
    public Task A_returned_application_is_not_submitted_before_it_was_returned() => Given(Applied(), new UnionEvent.Returned(Day(3, 4)))
        .When(Independent).On(Day(3, 3))
        .ThenRefused(OccasionRules.BeforeFormer.With("date", "2014-03-03").With("former", "2014-03-04"));

    [Fact, Trait("F", "2")]
    public Task A_rejected_application_is_over() => Given(Applied(), new UnionEvent.Rejected(Day(3, 4))).When(Independent).ThenRefused(UnionRules.ApplicationRejected);

    [Fact, Trait("F", "2")]
    public Task A_federation_is_not_applied_for() => Given()
        .When(Independent with { Level = UnionLevel.Subdistrict, Kind = UnionKind.Federation })
        .ThenRefused(UnionRules.FederationIsSetUp);

    [Fact, Trait("F", "2")]
    public Task The_number_of_a_federation_is_taken() => Given(SetUp(Subject, UnionLevel.Subdistrict, DistrictFederation)).When(Independent).ThenRefused(UnionRules.AlreadyExists);

    [Fact, Trait("F", "2")]
    public Task An_auditor_applies_for_nothing() => Given().When(Independent).By(Operators.Auditor).ThenRefused(UnionRules.RoleNotAllowed.With("role", "Audit"));

    [Fact, Trait("F", "2")]
    public Task A_subdistrict_applies_for_its_small_units() => Given().When(Independent).By(Operators.Subdistrict).Then(Applied() with { By = "op-4", On = Today });

    [Fact, Trait("F", "2")]
    public Task A_name_is_needed() => Given().When(Independent with { Name = "" }).ThenRefused(TextRules.Empty.With("field", "name"));

    [Theory, Trait("F", "2")]
    [InlineData(0)]
    [InlineData(10_000_000)]
    public Task Employees_lie_between_one_and_ten_million(int employees) => Given()
        .When(Independent with { Employees = employees, Members = 1 })
        .ThenRefused(NumberRules.OutOfRange.With("field", "employees").With("value", employees).With("fewest", 1).With("most", 9_999_999));

    [Fact, Trait("F", "2")]
    public Task Somebody_founds_a_union() => Given()
        .When(Independent with { Members = 0 })
        .ThenRefused(NumberRules.OutOfRange.With("field", "members").With("value", 0).With("fewest", 1).With("most", 9_999_999));

    [Fact, Trait("F", "2")]
    public Task All_employees_may_be_members() => Given().When(Independent with { Members = 40 }).Then(Applied(members: 40) with { On = Today });

    [Fact, Trait("F", "2")]
    public Task No_more_than_all_employees_are_members() => Given()
        .When(Independent with { Members = 41 })
        .ThenRefused(UnionRules.MembersExceedEmployees.With("members", 41).With("employees", 40));

    [Fact, Trait("F", "2")]
    public Task A_term_of_five_years_is_allowed() => Given().When(Independent with { TermYears = 5 }).Then(Applied(termYears: 5) with { On = Today });

    [Theory, Trait("F", "2")]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public Task Other_terms_are_refused(int years) => Given()
        .When(Independent with { TermYears = years })
        .ThenRefused(UnionRules.TermNotAllowed.With("years", years).With("allowed", "3/5"));

    [Fact, Trait("F", "2")]
    public Task An_independent_union_names_its_unit() => Given().When(Independent with { Employers = default }).ThenRefused(UnionRules.OneUnitOnly.With("units", 0));

    [Fact, Trait("F", "2")]
    public Task An_independent_union_names_no_second_unit() => Given().When(Independent with { Employers = [Unit, SecondUnit] }).ThenRefused(UnionRules.OneUnitOnly.With("units", 2));

    [Fact, Trait("F", "3")]
    public Task A_unit_of_10_employees_may_have_a_union_of_its_own() => Union.Given().WithUnits(10).By(Operators.Applicant)
        .When(Independent with { Employees = 10, Members = 10 })
        .Then(Applied(employees: 10, members: 10) with { On = Today });

    [Fact, Trait("F", "3")]
    public Task A_unit_of_9_employees_may_not() => Union.Given().WithUnits(9).By(Operators.Applicant)
        .When(Independent with { Employees = 10, Members = 9 })
        .ThenRefused(UnionRules.HeadcountTooLow.With("headcount", 9).With("fewest", 10));

    [Fact, Trait("F", "3")]
    public Task An_application_for_9_employees_may_not_either() => Given()
        .When(Independent with { Employees = 9, Members = 9 })
        .ThenRefused(UnionRules.HeadcountTooLow.With("headcount", 9).With("fewest", 10));

    [Fact, Trait("F", "3")]
    public Task Two_units_join_in_one_union() => Given()
        .When(Joint)
        .Then(Applied(kind: UnionKind.Joint, units: [Unit, SecondUnit], employees: 12, members: 9) with { On = Today });

    [Fact, Trait("F", "3")]
    public Task One_unit_alone_is_no_joint_union() => Given()
        .When(Joint with { Employers = [Unit] })
        .ThenRefused(UnionRules.TooFewUnits.With("fewest", 2).With("units", 1));

    [Fact, Trait("F", "3")]
    public Task One_unit_named_twice_is_no_joint_union() => Given().When(Joint with { Employers = [Unit, Unit] }).ThenRefused(UnionRules.UnitTwice.With("employer", "E-1"));

    [Fact, Trait("F", "3")]
    public Task No_more_than_2000_units_are_named_at_once() => Given()
        .When(Joint with { Employers = [.. Enumerable.Range(1, 2_001).Select(n => new EmployerId($"E-{n}"))] })
        .ThenRefused(UnionRules.TooManyUnits.With("most", 2_000));

    [Fact, Trait("F", "3")]
    public Task An_unknown_unit_is_refused() => Given().When(Joint with { Employers = [Unit, new("E-404")] }).ThenRefused(UnionRules.UnitUnknown.With("employer", "E-404"));

    [Fact, Trait("F", "3")]
    public Task A_closed_unit_is_refused() => Given()
        .And(SecondUnit, new EmployerEvent.Closed(Day(2, 1)))
        .When(Joint)
        .ThenRefused(UnionRules.UnitClosed.With("employer", "E-2"));

    [Fact, Trait("F", "3")]
    public Task A_unit_of_another_union_is_refused() => Given()
        .And(SecondUnit, new EmployerEvent.Covered(Other, CoverageKind.Joint, Day(2, 1)))
        .When(Joint)
        .ThenRefused(UnionRules.UnitCovered.With("employer", "E-2").With("union", "U-200"));

    [Fact, Trait("F", "3")]
    public Task A_unit_that_had_only_an_organiser_may_join() => Given()
        .And(SecondUnit, new EmployerEvent.Covered(SubdistrictFederation, CoverageKind.OrganiserOnly, Day(2, 1)))
        .When(Joint)
        .Then(Applied(kind: UnionKind.Joint, units: [Unit, SecondUnit], employees: 12, members: 9) with { On = Today });

    [Fact, Trait("F", "4")]
    public Task A_unit_that_outgrew_a_joint_union_applies_to_be_split_off() => Given()
        .And(Other, Active(Applied(Other, UnionKind.Joint)))
        .And(Unit, new EmployerEvent.Covered(Other, CoverageKind.Joint, Day(4, 8)))
        .When(Independent with { SplitFrom = Other })
        .Then(Applied(splitFrom: Other) with { On = Today });

    [Fact, Trait("F", "4")]
    public Task A_union_to_be_split_off_from_is_active() => Given()
        .And(Other, Applied(Other, UnionKind.Joint))
        .When(Independent with { SplitFrom = Other })
        .ThenRefused(UnionRules.SplitOriginNotActive.With("union", "U-200"));

    [Fact, Trait("F", "1")]
    public Task A_branch_stands_under_a_primary_union_and_names_no_units() => Given()
        .And(Other, Active(Applied(Other)))
        .When(Independent with { Level = UnionLevel.Branch, Upper = Other, Employers = [] })
        .Then(Applied(level: UnionLevel.Branch, upper: Other, upperLevel: UnionLevel.Primary, units: []) with { On = Today });

    [Fact, Trait("F", "1")]
    public Task A_branch_with_units_is_refused() => Given()
        .And(Other, Active(Applied(Other)))
        .When(Independent with { Level = UnionLevel.Branch, Upper = Other })
        .ThenRefused(UnionRules.UnitsNotExpected);

    [Fact, Trait("F", "1")]
    public Task A_branch_under_a_subdistrict_is_refused() => Given()
        .When(Independent with { Level = UnionLevel.Branch, Employers = [] })
        .ThenRefused(UnionRules.WrongLevel.With("level", 5).With("kind", 1).With("parentLevel", 3).With("parentKind", 3));

    [Fact, Trait("F", "1")]
    public Task A_group_stands_under_a_branch() => Given()
        .And(Other, Active(Applied(Other, level: UnionLevel.Branch)))
        .When(Independent with { Level = UnionLevel.Group, Upper = Other, Employers = [] })
        .Then(Applied(level: UnionLevel.Group, upper: Other, upperLevel: UnionLevel.Branch, units: []) with { On = Today });

    [Fact, Trait("F", "1")]
    public Task A_primary_union_stands_under_an_association() => Given()
        .And(Other, Active(Applied(Other, UnionKind.Association, units: [])))
        .When(Independent with { Upper = Other })
        .Then(Applied(upper: Other, upperLevel: UnionLevel.Primary) with { On = Today });

    [Fact, Trait("F", "1")]
    public Task A_primary_union_does_not_stand_under_another() => Given()
        .And(Other, Active(Applied(Other)))
        .When(Independent with { Upper = Other })
        .ThenRefused(UnionRules.WrongLevel);

    [Fact, Trait("F", "1")]
    public Task An_upper_union_that_is_not_established_yet_is_refused() => Given()
        .And(Other, Upto<UnionEvent.ResultApproved>(Applied(Other)))
        .When(Independent with { Level = UnionLevel.Branch, Upper = Other, Employers = [] })
        .ThenRefused(UnionRules.ParentNotActive.With("parent", "U-200").With("date", "2014-06-30"));

    [Fact, Trait("F", "1")]
    public Task An_unknown_upper_union_is_refused() => Given().When(Independent with { Upper = new("U-404") }).ThenRefused(UnionRules.UnknownParent.With("parent", "U-404"));

    [Fact, Trait("F", "1")]
    public Task A_missing_upper_union_is_refused() => Given().When(Independent with { Upper = default }).ThenRefused(UnionRules.UnknownParent);

    [Fact, Trait("F", "1")]
    public Task A_kind_that_no_primary_union_has_is_refused() => Given().When(Independent with { Kind = UnionKind.Industrial }).ThenRefused(UnionRules.KindNotOfLevel);
}
