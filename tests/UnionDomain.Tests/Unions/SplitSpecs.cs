using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;
using static UnionDomain.Unions.UnionCommand;

namespace UnionDomain.Tests.Unions;

[Trait("F", "4"), Trait("F", "11")]
public sealed class SplitSpecs
{
    private static readonly Split UnitLeaves = new(Other, [Unit]);

    private static UnionSpec JointUnion(params ReadOnlySpan<UnionEvent> then) =>
        Union.Given([.. Active(Applied(kind: UnionKind.Joint, units: [Unit, SecondUnit])), .. then]).WithUnits(40, 9)
            .And(Unit, new EmployerEvent.Covered(Subject, CoverageKind.Joint, Day(4, 8)))
            .And(Other, Active(Applied(Other, splitFrom: Subject)));

    [Fact]
    public Task A_unit_leaves_with_the_union_split_off() => JointUnion().When(UnitLeaves).RestingOn("D-2014-8").Then(new UnionEvent.SplitOff(Other, [Unit], "D-2014-8", Today));

    [Fact]
    public Task A_unit_whose_coverage_moved_already_is_recorded_too() => JointUnion()
        .And(Unit, new EmployerEvent.Covered(Other, CoverageKind.Independent, Day(4, 9)))
        .When(UnitLeaves).RestingOn("D-2014-8")
        .Then(new UnionEvent.SplitOff(Other, [Unit], "D-2014-8", Today));

    [Fact]
    public Task The_same_split_again_changes_nothing() => JointUnion(new UnionEvent.SplitOff(Other, [Unit], "D-2014-8", Day(5, 5))).When(UnitLeaves).RestingOn("D-2014-8").ThenNothing();

    [Fact]
    public Task A_split_with_other_units_is_refused() => JointUnion(new UnionEvent.SplitOff(Other, [SecondUnit], "D-2014-8", Day(5, 5)))
        .When(UnitLeaves).RestingOn("D-2014-8")
        .ThenRefused(UnionRules.SplitOtherwise);

    [Fact]
    public Task A_split_needs_a_document() => JointUnion().When(UnitLeaves).ThenRefused(OccasionRules.DocumentMissing);

    [Fact]
    public Task A_split_is_not_dated_before_the_establishment() => JointUnion().When(UnitLeaves).RestingOn("D-2014-8").On(Day(4, 6)).ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task A_split_takes_at_least_one_unit() => JointUnion().When(UnitLeaves with { Employers = default }).RestingOn("D-2014-8").ThenRefused(UnionRules.UnitsMissing);

    [Fact]
    public Task A_split_takes_no_unit_twice() => JointUnion().When(UnitLeaves with { Employers = [Unit, Unit] }).RestingOn("D-2014-8").ThenRefused(UnionRules.UnitTwice.With("employer", "E-1"));

    [Fact]
    public Task A_split_takes_at_most_2000_units() => JointUnion()
        .When(UnitLeaves with { Employers = [.. Enumerable.Range(1, 2_001).Select(n => new EmployerId($"E-{n}"))] }).RestingOn("D-2014-8")
        .ThenRefused(UnionRules.TooManyUnits.With("most", 2_000));

    [Fact]
    public Task A_unit_that_the_union_does_not_cover_cannot_leave() => JointUnion()
        .When(UnitLeaves with { Employers = [Unit, SecondUnit] }).RestingOn("D-2014-8")
        .ThenRefused(UnionRules.UnitNotCovered.With("employer", "E-2"));

    [Fact]
    public Task A_union_that_does_not_name_its_origin_was_not_split_off() => JointUnion()
        .And(new UnionId("U-300"), Active(Applied(new("U-300"))))
        .When(new Split(new("U-300"), [Unit])).RestingOn("D-2014-8")
        .ThenRefused(UnionRules.SplitNotNamed.With("union", "U-300"));

    [Fact]
    public Task A_union_that_is_not_active_yet_was_not_split_off() => JointUnion()
        .And(new UnionId("U-300"), Applied(new("U-300"), splitFrom: Subject))
        .When(new Split(new("U-300"), [Unit])).RestingOn("D-2014-8")
        .ThenRefused(UnionRules.SplitNotNamed.With("union", "U-300"));

    [Fact]
    public Task A_closed_union_splits_no_more() => JointUnion(new UnionEvent.Closed(ClosingReason.LawfulDecision, "D-1", Day(5, 5)))
        .When(UnitLeaves).RestingOn("D-2014-8")
        .ThenRefused(UnionRules.NotActive.With("status", "Closed"));

    [Fact]
    public Task An_officer_does_not_split_a_union() => JointUnion().When(UnitLeaves).By(Operators.Officer).RestingOn("D-2014-8").ThenRefused(UnionRules.RoleNotAllowed);

    [Fact]
    public Task An_unknown_union_does_not_split() => Union.Given().When(UnitLeaves).RestingOn("D-2014-8").ThenRefused(UnionRules.Unknown);
}
