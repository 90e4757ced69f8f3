using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Employers;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;

namespace UnionDomain.Tests.Laws;

[Trait("F", "11"), Trait("F", "12")]
public sealed class TreeInTimeTests
{
    private static readonly UnionId Joint = new("U-10");
    private static readonly UnionId Own = new("U-11");
    private static readonly EmployerId Grown = new("E-1");
    private static readonly EmployerId Small = new("E-2");
    private static readonly string[] Codes = [EmployerExamples.Code, EmployerExamples.OtherCode];

    private readonly House house = new();

    public TreeInTimeTests()
    {
        foreach (var (unit, headcount, code) in new[] { (Grown, 12, Codes[0]), (Small, 6, Codes[1]) })
            Sent(house.Send(unit, new EmployerCommand.Register(code, $"Unit {unit}", EmployerKind.Private, "C", "110108", SubdistrictFederation, headcount), Operators.Subdistrict, Day(1, 10)));
        Establish(Joint, UnionKind.Joint, [Grown, Small], null, Day(2, 3));
        foreach (var unit in new[] { Grown, Small }) Sent(house.Send(unit, new EmployerCommand.Cover(Joint, CoverageKind.Joint), Operators.Subdistrict, Day(2, 3)));
    }

    [Fact]
    public void A_move_changes_the_later_figures_of_both_subdistricts_and_no_former_one()
    {
        var february = February();
        Sent(house.Send(Joint, new UnionCommand.Move(OtherSubdistrict), Operators.District, Day(5, 12)));

        Assert.Equal(february, February());
        // The day before the move and the day of the move.
        Assert.Equal((2, 0), (Covered(SubdistrictFederation, Day(5, 11)), Covered(OtherSubdistrict, Day(5, 11))));
        Assert.Equal((0, 2), (Covered(SubdistrictFederation, Day(5, 12)), Covered(OtherSubdistrict, Day(5, 12))));
        Assert.Equal((2, 2), (Covered(City, Day(5, 11)), Covered(City, Day(5, 12))));
        Assert.Equal((1, 0), (New(SubdistrictFederation, Day(1, 1), Today), New(OtherSubdistrict, Day(1, 1), Today)));
        house.Check();
    }

    [Fact, Trait("F", "4")]
    public void A_split_moves_the_grown_unit_and_keeps_every_count()
    {
        var february = February();
        Establish(Own, UnionKind.Independent, [Grown], Joint, Day(5, 12));
        Sent(house.Send(Joint, new UnionCommand.Split(Own, [Grown]), Operators.District, Day(5, 12)));
        Sent(house.Send(Grown, new EmployerCommand.Cover(Own, CoverageKind.Independent, Transfer: true), Operators.Subdistrict, Day(5, 12)));

        Assert.Equal(february, February());
        Assert.Equal((2, 0), (Covered(Joint, Day(5, 11)), Covered(Own, Day(5, 11))));
        Assert.Equal((1, 1), (Covered(Joint, Day(5, 12)), Covered(Own, Day(5, 12))));
        Assert.Equal(2, Covered(SubdistrictFederation, Day(5, 12)));
        house.Check();
    }

    [Fact]
    public void A_merger_takes_every_count_along_and_changes_no_former_figure()
    {
        Establish(Own, UnionKind.Joint, [Grown, Small], Joint, Day(3, 3), OtherSubdistrict);
        var february = February();
        Sent(house.Send(Own, new UnionCommand.AcceptMerger(Joint), Operators.District, Day(5, 12)));
        Sent(house.Send(Joint, new UnionCommand.MergeInto(Own), Operators.District, Day(5, 13)));
        Sent(house.Send(Own, new UnionCommand.CompleteMerger(Joint), Operators.District, Day(5, 14)));

        Assert.Equal(february, February());
        Assert.Equal((2, 0), (Covered(SubdistrictFederation, Day(5, 12)), Covered(OtherSubdistrict, Day(5, 12))));
        Assert.Equal((0, 2), (Covered(SubdistrictFederation, Day(5, 13)), Covered(OtherSubdistrict, Day(5, 13))));
        Assert.Equal(2, Covered(Own, Day(5, 13)));
        // Four federations and, on the day of the merger, one union less.
        Assert.Equal((6, 5), (house.Figure(UnionMeasures.Active, City, Day(5, 12), Day(5, 12)), house.Figure(UnionMeasures.Active, City, Day(5, 13), Day(5, 13))));
        house.Check();
    }

    [Fact, Trait("F", "5")]
    public void A_new_union_counts_once_in_the_month_of_its_completion()
    {
        Assert.Equal((0, 1, 0), (New(City, Day(1, 1), Day(1, 31)), New(City, Day(2, 1), Day(2, 28)), New(City, Day(3, 1), Day(3, 31))));
        Assert.Equal(1, New(City, Day(1, 1), Today));
    }

    [Fact, Trait("F", "3")]
    public void Every_unit_of_a_joint_union_stays_countable()
    {
        Assert.Equal(2, house.Figure(EmployerMeasures.Units, SubdistrictFederation, Today, Today));
        Assert.Equal(18, house.Figure(EmployerMeasures.Headcount, SubdistrictFederation, Today, Today));
        Assert.Equal(2, Covered(Joint, Today));
    }

    [Fact, Trait("F", "4")]
    public void A_unit_of_a_joint_union_that_reached_10_employees_is_listed_and_one_of_6_is_not()
    {
        Assert.Equal([Grown], house.Memory.List(EmployerQuery.ShouldBecomeIndependent(DistrictFederation, RulePack.Current)).Select(line => line.Id));
        Sent(house.Send(Grown, new EmployerCommand.ReportHeadcount(9), Operators.Subdistrict, Today));
        Assert.Empty(house.Memory.List(EmployerQuery.ShouldBecomeIndependent(DistrictFederation, RulePack.Current)));
        Assert.Equal(CoverageKind.Joint, house.Memory.List(new EmployerQuery { Code = Codes[0] }).Single().Coverage?.Kind);
    }

    [Fact, Trait("F", "13")]
    public void A_unit_of_50_that_nothing_covers_is_a_target_and_one_of_49_is_not()
    {
        Sent(house.Send(Grown, new EmployerCommand.ReportHeadcount(50), Operators.Subdistrict, Day(5, 12)));
        Assert.Empty(Targets());
        Sent(house.Send(Grown, new EmployerCommand.EndCoverage(Joint), Operators.Subdistrict, Day(5, 13)));
        Assert.Equal([Grown], Targets());
        Sent(house.Send(Grown, new EmployerCommand.ReportHeadcount(49), Operators.Subdistrict, Day(5, 14)));
        Assert.Empty(Targets());

        IEnumerable<EmployerId> Targets() => house.Memory.List(EmployerQuery.Targets(City, RulePack.Current)).Select(line => line.Id);
    }

    [Fact, Trait("F", "1")]
    public void The_active_unions_under_a_closed_one_are_listed_to_be_moved()
    {
        Sent(house.Send(SubdistrictFederation, new UnionCommand.Close(ClosingReason.LawfulDecision), Operators.District, Day(5, 12)));
        Assert.Equal([Joint], house.Memory.List(UnionQuery.ActiveUnder(SubdistrictFederation)).Select(line => line.Id));
        Sent(house.Send(Joint, new UnionCommand.Move(OtherSubdistrict), Operators.District, Day(5, 13)));
        Assert.Empty(house.Memory.List(UnionQuery.ActiveUnder(SubdistrictFederation)));
        Assert.Equal([Joint], house.Memory.List(new UnionQuery { Within = DistrictFederation, Level = UnionLevel.Primary, Kind = UnionKind.Joint, NamePrefix = "Union", EstablishedFrom = Day(2, 3), EstablishedTo = Day(2, 3) }).Select(line => line.Id));
    }

    [Fact, Trait("F", "1")]
    public void Every_place_stands_strictly_below_its_upper_ones() =>
        Assert.All(UnionPlaces.All.Values, place => Assert.All(place.Under, above => Assert.True(above < place.Rank)));

    private long Covered(UnionId scope, DateOnly on) => house.Figure(EmployerMeasures.Covered, scope, on, on);

    private long New(UnionId scope, DateOnly from, DateOnly to) => house.Figure(UnionMeasures.New, scope, from, to);

    private string February() => string.Join(
        ' ',
        from scope in new[] { City, DistrictFederation, SubdistrictFederation, OtherSubdistrict, Joint }
        from measure in new[] { UnionMeasures.New, UnionMeasures.Active, EmployerMeasures.Units, EmployerMeasures.Covered, EmployerMeasures.Headcount }
        select $"{scope}/{measure.Id}={house.Figure(measure, scope, Day(2, 1), Day(2, 28))}");

    private void Establish(UnionId id, UnionKind kind, EmployerId[] units, UnionId? origin, DateOnly on, UnionId? upper = null)
    {
        Sent(house.Send(id, new UnionCommand.Apply($"Union {id}", UnionLevel.Primary, kind, upper ?? SubdistrictFederation, [.. units], 18, 12, 3, origin), Operators.Applicant, on));
        Sent(house.Send(id, new UnionCommand.Verify(18, 12), Operators.Subdistrict, on));
        Sent(house.Send(id, new UnionCommand.Approve(), Operators.District, on));
        Sent(house.Send(id, new UnionCommand.HoldElection(12, 12, 3), Operators.Officer, on));
        Sent(house.Send(id, new UnionCommand.ApproveResult(), Operators.District, on));
        Sent(house.Send(id, new UnionCommand.Complete(), Operators.District, on));
    }

    private static void Sent<TEvent, TView>(Outcome<TEvent, TView> outcome)
    {
        Assert.Null(outcome.Refusal);
        Assert.NotEmpty(outcome.Events);
    }
}
