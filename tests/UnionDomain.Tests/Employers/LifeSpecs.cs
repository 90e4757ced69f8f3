using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using static UnionDomain.Employers.EmployerCommand;
using static UnionDomain.Tests.Employers.EmployerExamples;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Employers;

public sealed class LifeSpecs
{
    private static readonly EmployerEvent Started = new EmployerEvent.OperationStarted(Day(2, 10));
    private static readonly EmployerEvent Suspended = new EmployerEvent.Suspended(Day(3, 10));
    private static readonly EmployerEvent Closed = new EmployerEvent.Closed(Day(4, 10));

    public static TheoryData<EmployerCommand> Commands =>
    [
        new StartOperating(), new ReportHeadcount(70), new CorrectCode(OtherCode), new Rename("Unit Two"), new Relocate("110105", UnionExamples.OtherSubdistrict), new Suspend(), new Resume(),
        new Close(), new Cover(UnionExamples.Other, CoverageKind.Independent), new EndCoverage(UnionExamples.Other),
    ];

    [Theory, MemberData(nameof(Commands))]
    public Task Nothing_happens_to_an_unknown_unit(EmployerCommand command) => Employer.Given().When(command).ThenRefused(EmployerRules.Unknown);

    [Theory, MemberData(nameof(Commands))]
    public Task Nothing_is_an_auditors(EmployerCommand command) => Employer.Given(Registered).When(command).By(Operators.Auditor).ThenRefused(EmployerRules.RoleNotAllowed.With("role", "Audit"));

    [Fact]
    public Task A_registered_unit_begins_its_work() => Employer.Given(Registered).When(new StartOperating()).Then(new EmployerEvent.OperationStarted(Today));

    [Fact]
    public Task Begun_again_changes_nothing() => Employer.Given(Registered, Started).When(new StartOperating()).ThenNothing();

    [Fact]
    public Task A_suspended_unit_does_not_begin() => Employer.Given(Registered, Started, Suspended).When(new StartOperating()).ThenRefused(EmployerRules.StepOutOfOrder.With("status", "Suspended"));

    [Fact]
    public Task Work_does_not_begin_before_the_registration() => Employer.Given(Registered)
        .When(new StartOperating()).On(Day(2, 2))
        .ThenRefused(OccasionRules.BeforeFormer.With("date", "2014-02-02").With("former", "2014-02-03"));

    [Fact]
    public Task Work_may_begin_on_the_day_of_the_registration() => Employer.Given(Registered).When(new StartOperating()).On(Day(2, 3)).Then(new EmployerEvent.OperationStarted(Day(2, 3)));

    [Fact]
    public Task A_unit_suspends_its_work() => Employer.Given(Registered, Started).When(new Suspend()).Then(new EmployerEvent.Suspended(Today));

    [Fact]
    public Task Suspended_again_changes_nothing() => Employer.Given(Registered, Started, Suspended).When(new Suspend()).ThenNothing();

    [Fact]
    public Task A_unit_that_has_not_begun_does_not_suspend() => Employer.Given(Registered).When(new Suspend()).ThenRefused(EmployerRules.StepOutOfOrder.With("status", "Registered"));

    [Fact]
    public Task A_suspended_unit_resumes() => Employer.Given(Registered, Started, Suspended).When(new Resume()).Then(new EmployerEvent.Resumed(Today));

    [Fact]
    public Task Resumed_again_changes_nothing() => Employer.Given(Registered, Started, Suspended, new EmployerEvent.Resumed(Day(3, 11))).When(new Resume()).ThenNothing();

    [Fact]
    public Task A_closed_unit_does_not_resume() => Employer.Given(Registered, Started, Closed).When(new Resume()).ThenRefused(EmployerRules.StepOutOfOrder.With("status", "Closed"));

    [Fact]
    public Task A_unit_moves_to_another_area_and_federation() => Employer.Given(Registered)
        .When(new Relocate("110105", UnionExamples.OtherSubdistrict))
        .Then(new EmployerEvent.Relocated("110105", UnionExamples.OtherSubdistrict, Today));

    [Fact]
    public Task A_move_to_where_it_is_changes_nothing() => Employer.Given(Registered).When(new Relocate("110108", UnionExamples.SubdistrictFederation)).ThenNothing();

    [Fact]
    public Task A_unit_does_not_move_to_an_unknown_area() => Employer.Given(Registered).When(new Relocate("999999", UnionExamples.OtherSubdistrict)).ThenRefused(AreaCodeRules.Unknown);

    [Fact]
    public Task A_unit_does_not_move_to_an_unknown_federation() => Employer.Given(Registered).When(new Relocate("110105", new("U-404"))).ThenRefused(EmployerRules.FederationNotActive);

    [Fact]
    public Task A_unit_does_not_move_to_a_primary_union() => Employer.Given(Registered)
        .And(UnionExamples.Other, UnionExamples.Active(UnionExamples.Applied(UnionExamples.Other)))
        .When(new Relocate("110105", UnionExamples.Other))
        .ThenRefused(EmployerRules.NotAFederation);

    [Fact]
    public Task A_unit_does_not_move_before_it_was_registered() => Employer.Given(Registered)
        .When(new Relocate("110105", UnionExamples.OtherSubdistrict)).On(Day(2, 2))
        .ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task A_closed_unit_does_not_move() => Employer.Given(Registered, Closed).When(new Relocate("110105", UnionExamples.OtherSubdistrict)).ThenRefused(EmployerRules.Closed);

    [Fact]
    public Task A_unit_ends() => Employer.Given(Registered).When(new Close()).Then(new EmployerEvent.Closed(Today));

    [Fact]
    public Task Its_coverage_ends_with_it() => Employer.Given(Registered, new EmployerEvent.Covered(UnionExamples.Other, CoverageKind.Independent, Day(3, 1)))
        .When(new Close())
        .Then(new EmployerEvent.CoverageEnded(Today), new EmployerEvent.Closed(Today));

    [Fact]
    public Task Ended_again_changes_nothing() => Employer.Given(Registered, Closed).When(new Close()).ThenNothing();

    [Fact]
    public Task A_unit_does_not_end_before_its_newest_date() => Employer.Given(Registered, Started).When(new Close()).On(Day(2, 9)).ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task An_officer_does_not_close_a_unit() => Employer.Given(Registered).When(new Close()).By(Operators.Officer).ThenRefused(EmployerRules.RoleNotAllowed.With("role", "Officer"));

    [Fact]
    public Task Employees_are_reported() => Employer.Given(Registered).When(new ReportHeadcount(70, 30, 5)).By(Operators.Officer).Then(new EmployerEvent.HeadcountReported(70, 30, 5, Today));

    [Fact]
    public Task The_same_numbers_again_change_nothing() => Employer.Given(Registered).When(new ReportHeadcount(60, 20, 10)).ThenNothing();

    [Theory]
    [InlineData(-1)]
    [InlineData(10_000_000)]
    public Task A_reported_headcount_has_bounds(int headcount) => Employer.Given(Registered)
        .When(new ReportHeadcount(headcount))
        .ThenRefused(NumberRules.OutOfRange.With("field", "headcount").With("value", headcount).With("fewest", 0).With("most", 9_999_999));

    [Fact]
    public Task A_reported_headcount_may_be_the_largest() => Employer.Given(Registered).When(new ReportHeadcount(9_999_999)).Then(new EmployerEvent.HeadcountReported(9_999_999, null, null, Today));

    [Fact]
    public Task No_more_women_are_reported_than_employees() => Employer.Given(Registered)
        .When(new ReportHeadcount(10, Women: 11))
        .ThenRefused(EmployerRules.PartExceedsHeadcount.With("field", "women").With("value", 11).With("headcount", 10));

    [Fact]
    public Task No_more_migrants_are_reported_than_employees() => Employer.Given(Registered)
        .When(new ReportHeadcount(10, Migrants: 11))
        .ThenRefused(EmployerRules.PartExceedsHeadcount.With("field", "migrants").With("value", 11).With("headcount", 10));

    [Fact]
    public Task A_report_is_not_dated_before_the_newest_date() => Employer.Given(Registered, Started).When(new ReportHeadcount(70)).On(Day(2, 9)).ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task A_closed_unit_reports_nothing() => Employer.Given(Registered, Closed).When(new ReportHeadcount(70)).ThenRefused(EmployerRules.Closed);
}
