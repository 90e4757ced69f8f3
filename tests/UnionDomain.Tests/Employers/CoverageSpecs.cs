using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;
using static UnionDomain.Employers.EmployerCommand;
using static UnionDomain.Tests.Employers.EmployerExamples;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Employers;

[Trait("F", "3"), Trait("F", "13")]
public sealed class CoverageSpecs
{
    private static readonly UnionId Own = new("U-200");
    private static readonly UnionId Joint = new("U-300");
    private static readonly EmployerEvent CoveredByJoint = new EmployerEvent.Covered(Joint, CoverageKind.Joint, Day(4, 8));

    private static EmployerSpec Given(params ReadOnlySpan<EmployerEvent> events) => Employer.Given([Registered, .. events])
        .And(Own, UnionExamples.Active(UnionExamples.Applied(Own)))
        .And(Joint, UnionExamples.Active(UnionExamples.Applied(Joint, UnionKind.Joint)));

    [Fact]
    public Task A_union_of_its_own_covers_the_unit() => Given().When(new Cover(Own, CoverageKind.Independent)).Then(new EmployerEvent.Covered(Own, CoverageKind.Independent, Today));

    [Fact]
    public Task A_joint_union_covers_the_unit() => Given().When(new Cover(Joint, CoverageKind.Joint)).Then(new EmployerEvent.Covered(Joint, CoverageKind.Joint, Today));

    [Theory]
    [InlineData("U-3")]
    [InlineData("U-300")]
    public Task An_organiser_of_a_federation_or_joint_union_covers_the_unit(string union) => Given()
        .When(new Cover(new(union), CoverageKind.OrganiserOnly))
        .Then(new EmployerEvent.Covered(new(union), CoverageKind.OrganiserOnly, Today));

    [Theory]
    [InlineData("U-200", CoverageKind.Joint)]
    [InlineData("U-200", CoverageKind.OrganiserOnly)]
    [InlineData("U-300", CoverageKind.Independent)]
    [InlineData("U-3", CoverageKind.Independent)]
    [InlineData("U-3", CoverageKind.Joint)]
    [InlineData("U-300", (CoverageKind)0)]
    [InlineData("U-300", (CoverageKind)4)]
    public Task A_union_covers_only_as_its_kind_does(string union, CoverageKind kind) => Given()
        .When(new Cover(new(union), kind))
        .ThenRefused(EmployerRules.CoverageKindMismatch.With("union", union).With("kind", kind));

    [Fact]
    public Task A_branch_covers_no_unit() => Given()
        .And(new UnionId("U-400"), UnionExamples.Active(UnionExamples.Applied(new("U-400"), level: UnionLevel.Branch)))
        .When(new Cover(new("U-400"), CoverageKind.Independent))
        .ThenRefused(EmployerRules.CoverageKindMismatch);

    [Fact]
    public Task Covered_again_changes_nothing() => Given(CoveredByJoint).When(new Cover(Joint, CoverageKind.Joint)).ThenNothing();

    [Fact]
    public Task A_second_coverage_is_refused_and_the_first_named() => Given(CoveredByJoint)
        .When(new Cover(Own, CoverageKind.Independent))
        .ThenRefused(EmployerRules.CoveredAlready.With("union", "U-300"));

    [Fact, Trait("F", "4")]
    public Task A_coverage_moves_when_the_command_says_so() => Given(CoveredByJoint)
        .When(new Cover(Own, CoverageKind.Independent, Transfer: true))
        .Then(new EmployerEvent.Covered(Own, CoverageKind.Independent, Today));

    [Fact]
    public Task A_coverage_may_move_on_the_day_it_began() => Given(CoveredByJoint)
        .When(new Cover(Own, CoverageKind.Independent, Transfer: true)).On(Day(4, 8))
        .Then(new EmployerEvent.Covered(Own, CoverageKind.Independent, Day(4, 8)));

    [Fact]
    public Task A_coverage_does_not_move_before_it_began() => Given(CoveredByJoint)
        .When(new Cover(Own, CoverageKind.Independent, Transfer: true)).On(Day(4, 7))
        .ThenRefused(OccasionRules.BeforeFormer.With("date", "2014-04-07").With("former", "2014-04-08"));

    [Fact]
    public Task A_union_covers_from_the_day_of_its_establishment() => Given()
        .When(new Cover(Own, CoverageKind.Independent)).On(Day(4, 7))
        .Then(new EmployerEvent.Covered(Own, CoverageKind.Independent, Day(4, 7)));

    [Fact]
    public Task A_union_does_not_cover_the_day_before() => Given()
        .When(new Cover(Own, CoverageKind.Independent)).On(Day(4, 6))
        .ThenRefused(EmployerRules.UnionNotActive.With("union", "U-200").With("date", "2014-04-06"));

    [Fact]
    public Task An_unknown_union_covers_nothing() => Given()
        .When(new Cover(new("U-404"), CoverageKind.Joint))
        .ThenRefused(EmployerRules.UnionNotActive.With("union", "U-404").With("date", "2014-06-30"));

    [Fact]
    public Task A_closed_union_covers_nothing_new() => Given()
        .And(Own, new UnionEvent.Closed(ClosingReason.UnitEnded, "D-1", Day(5, 5)))
        .When(new Cover(Own, CoverageKind.Independent))
        .ThenRefused(EmployerRules.UnionNotActive);

    [Fact]
    public Task A_closed_unit_is_not_covered() => Given(new EmployerEvent.Closed(Day(4, 9))).When(new Cover(Own, CoverageKind.Independent)).ThenRefused(EmployerRules.Closed);

    [Fact]
    public Task An_officer_covers_nothing() => Given().When(new Cover(Own, CoverageKind.Independent)).By(Operators.Officer).ThenRefused(EmployerRules.RoleNotAllowed.With("role", "Officer"));

    [Fact]
    public Task A_coverage_ends() => Given(CoveredByJoint).When(new EndCoverage(Joint)).Then(new EmployerEvent.CoverageEnded(Today));

    [Fact]
    public Task A_coverage_ended_again_changes_nothing() => Given(CoveredByJoint, new EmployerEvent.CoverageEnded(Day(5, 5))).When(new EndCoverage(Joint)).ThenNothing();

    [Fact]
    public Task A_coverage_by_another_union_does_not_end() => Given(CoveredByJoint).When(new EndCoverage(Own)).ThenRefused(EmployerRules.NotCovered.With("union", "U-200"));

    [Fact]
    public Task A_coverage_that_never_was_does_not_end() => Given().When(new EndCoverage(Own)).ThenRefused(EmployerRules.NotCovered.With("union", "U-200"));

    [Fact]
    public Task A_coverage_does_not_end_before_it_began() => Given(CoveredByJoint).When(new EndCoverage(Joint)).On(Day(4, 7)).ThenRefused(OccasionRules.BeforeFormer);
}
