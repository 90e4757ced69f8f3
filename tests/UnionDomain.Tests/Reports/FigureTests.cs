using System.Diagnostics;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;

namespace UnionDomain.Tests.Reports;

/// <summary>How each kind of measure is counted, with the numbers on both sides of a day.</summary>
public sealed class FigureTests
{
    private readonly InMemoryUnion union = new(new StoppedClock(Today));
    private int records;

    public FigureTests()
    {
        Tree(City, SetUp(City, UnionLevel.Municipal));
        Tree(DistrictFederation, SetUp(DistrictFederation, UnionLevel.District, City));
        Tree(SubdistrictFederation, SetUp(SubdistrictFederation, UnionLevel.Subdistrict, DistrictFederation));
        Tree(OtherSubdistrict, SetUp(OtherSubdistrict, UnionLevel.Subdistrict, DistrictFederation));
    }

    [Fact, Trait("F", "106")]
    public void A_fact_counts_on_its_own_day_before_or_after_the_day_it_is_recorded_on()
    {
        Record(Day(4, 10), new Fact(Roll.Entered, SubdistrictFederation, 5) { On = Day(2, 1) }, new Fact(Roll.Entered, SubdistrictFederation, -2) { On = Day(6, 2) });

        Assert.Equal([0, 5, 5, 3], [Stock(Day(1, 31)), Stock(Day(2, 1)), Stock(Day(6, 1)), Stock(Day(6, 2))]);
        Assert.Equal([Day(2, 1), Day(6, 2)], union.Facts.Where(line => line.Measure == Roll.Entered.Id).Select(line => line.BusinessOn));

        long Stock(DateOnly on) => union.Count(Roll.Entered, City, on, on).Value;
    }

    [Fact, Trait("F", "22"), Trait("F", "101")]
    public void A_distinct_count_counts_a_subject_from_the_day_its_sum_is_above_0_to_the_day_before_it_is_not()
    {
        Record(Day(3, 1), Entered(SubdistrictFederation, "E-1", 2), Entered(SubdistrictFederation, "E-2", 1));
        Record(Day(3, 2), Entered(SubdistrictFederation, "E-1", -1));
        Record(Day(3, 3), Entered(SubdistrictFederation, "E-1", -1), Entered(SubdistrictFederation, "", 4));

        Assert.Equal([0, 2, 2, 1], [Units(City, Day(2, 28)), Units(City, Day(3, 1)), Units(City, Day(3, 2)), Units(City, Day(3, 3))]);
        Assert.Equal(5, union.Count(Roll.Entered, City, Day(3, 3), Day(3, 3)).Value); // What has no subject counts in the stock only.
        var opened = Figures.Lines(union, Roll.Units, City, Day(3, 2), Day(3, 2)).ToList();
        Assert.Equal([("E-1", 1), ("E-2", 1)], opened.Select(line => (line.Subject, (int)line.Value)));
        Assert.All(opened, line => Assert.Equal((Roll.Units.Id, Day(3, 1)), (line.Measure, line.BusinessOn)));
    }

    [Fact, Trait("F", "22"), Trait("F", "12")]
    public void A_subject_in_two_parts_counts_in_both_and_once_above_them_by_the_tree_of_the_day()
    {
        Tree(Other, Active(Applied(Other)));
        Record(Day(5, 1), Entered(Other, "E-1", 2), Entered(OtherSubdistrict, "E-1", 1), Entered(SubdistrictFederation, "E-2", 1));
        Assert.Equal([0, 2, 1], union.Split(Roll.Units, DistrictFederation, Day(5, 1), Day(5, 1)).Select(part => part.Value));
        Assert.Equal(2, Units(DistrictFederation, Day(5, 1)));

        Tree(Other, new UnionEvent.Moved(OtherSubdistrict, Day(5, 12)));
        Assert.Equal([0, 2, 1], union.Split(Roll.Units, DistrictFederation, Day(5, 11), Day(5, 11)).Select(part => part.Value));
        Assert.Equal([0, 1, 1], union.Split(Roll.Units, DistrictFederation, Day(5, 12), Day(5, 12)).Select(part => part.Value));
    }

    [Fact, Trait("F", "22"), Trait("F", "101")]
    public void A_rate_is_two_exact_numbers_in_each_part_and_opens_to_the_records_of_its_part()
    {
        Record(Day(3, 1), Registered(SubdistrictFederation, "E-1", 300), Registered(OtherSubdistrict, "E-2", 200), Entered(SubdistrictFederation, "E-1", 250));
        Record(Day(3, 2), Entered(OtherSubdistrict, "E-2", 180));

        var (former, latter) = (union.Count(Roll.Rate, City, Day(3, 1), Day(3, 1)), union.Count(Roll.Rate, City, Day(3, 2), Day(3, 2)));
        Assert.Equal([(250, 500L, "50.00%"), (430, 500L, "86.00%")], [(former.Value, former.Whole, former.Rate.ToString()), (latter.Value, latter.Whole, latter.Rate.ToString())]);
        var parts = union.Split(Roll.Rate, DistrictFederation, Day(3, 2), Day(3, 2));
        Assert.Equal([(DistrictFederation, 0, 0L, ""), (SubdistrictFederation, 250, 300L, "83.33%"), (OtherSubdistrict, 180, 200L, "90.00%")],
            parts.Select(part => (part.Scope, (int)part.Value, part.Whole, part.Rate.ToString())));
        Assert.Equal(latter.Value, Figures.Lines(union, Roll.Rate, City, Day(3, 2), Day(3, 2)).Sum(line => line.Value));
        Assert.Null(union.Count(Roll.Entered, City, Day(3, 2), Day(3, 2)).Rate);
        Assert.Null((latter with { Value = -1 }).Rate);
    }

    [Fact, Trait("F", "101")]
    public void A_flow_among_another_counts_only_where_that_one_counted_in_the_same_period()
    {
        Record(Day(2, 1), new Fact(Roll.Founded, SubdistrictFederation, 1));
        Record(Day(2, 10), Joined(SubdistrictFederation, 30), Joined(OtherSubdistrict, 7));
        Record(Day(3, 10), Joined(SubdistrictFederation, 4));

        Assert.Equal([34, 30, 0, 4], [Joining(1, 3), Joining(2, 2), Joining(3, 3), Joining(1, 3) - Joining(2, 2)]);
        Assert.Equal([0, 34, 0], union.Split(Roll.Joined, DistrictFederation, Day(2, 1), Day(3, 31)).Select(part => part.Value));

        // The founding is taken back: nothing counts any more.
        Record(Day(4, 1), new Fact(Roll.Founded, SubdistrictFederation, -1) { On = Day(2, 1) });
        Assert.Equal(0, Joining(1, 3));

        long Joining(int first, int last) => union.Count(Roll.Joined, City, Day(first, 1), Day(last + 1, 1).AddDays(-1)).Value;
    }

    [Fact, Trait("F", "101"), Trait("F", "12")]
    public void A_change_is_what_stands_at_the_end_less_what_stood_before_and_a_union_that_moves_brings_and_takes_its_own()
    {
        Tree(Other, SetUp(Other, UnionLevel.Subdistrict, SubdistrictFederation));
        Record(Day(2, 1), Entered(Other, "E-1", 7), Entered(SubdistrictFederation, "E-2", 1));
        Record(Day(3, 10), Entered(Other, "E-3", 2), Entered(SubdistrictFederation, "E-2", -1));
        Tree(Other, new UnionEvent.Moved(OtherSubdistrict, Day(4, 1)));
        Record(Day(4, 20), Entered(Other, "E-1", -3));

        Assert.Equal([8, 1, -3], [Change(DistrictFederation, 1, 2), Change(DistrictFederation, 3, 3), Change(DistrictFederation, 4, 4)]);
        Assert.Equal((6, 0), (Change(DistrictFederation, 1, 4), Change(DistrictFederation, 5, 5)));
        Assert.Equal([0, -9, 6], union.Split(Roll.Entered.Change!, DistrictFederation, Day(4, 1), Day(4, 30)).Select(part => part.Value));
        Assert.Equal([("E-1", -7), ("E-3", -2)], Opened(Roll.Entered, SubdistrictFederation));
        Assert.Equal([("E-1", 7), ("E-3", 2), ("E-1", -3)], Opened(Roll.Entered, OtherSubdistrict));
        Assert.Equal([("E-1", 1), ("E-3", 1)], Opened(Roll.Units, OtherSubdistrict));
        Assert.Equal([("E-1", -1), ("E-3", -1)], Opened(Roll.Units, SubdistrictFederation));
        Assert.Equal([0, -2, 2], union.Split(Roll.Units.Change!, DistrictFederation, Day(4, 1), Day(4, 30)).Select(part => part.Value));

        int Change(UnionId scope, int first, int last) => (int)union.Count(Roll.Entered.Change!, scope, Day(first, 1), Day(last + 1, 1).AddDays(-1)).Value;
        IEnumerable<(string, int)> Opened(Measure of, UnionId scope) => Figures.Lines(union, of.Change!, scope, Day(4, 1), Day(4, 30)).Select(line => (line.Subject, (int)line.Value));
    }

    [Fact]
    public void A_derived_measure_has_no_facts_of_its_own()
    {
        Assert.Throws<UnreachableException>(() => Record(Day(3, 1), new Fact(Roll.Units, City, 1)));
        Assert.Throws<UnreachableException>(() => Record(Day(3, 1), new Fact(Roll.Rate, City, 1)));
        Assert.Throws<UnreachableException>(() => Record(Day(3, 1), new Fact(Roll.Entered.Change!, City, 1)));
        Assert.Equal([null, null], [Roll.Founded.Change, Roll.Entered.Change!.Change]);
        Assert.Throws<ArgumentException>(() => union.Subjects(Roll.Joined, City, Day(3, 1)));
    }

    [Fact, Trait("F", "22"), Trait("F", "31")]
    public void Units_show_their_rate_and_the_difference_to_what_they_report()
    {
        Record(Day(3, 1), Registered(SubdistrictFederation, "E-1", 300), Registered(OtherSubdistrict, "E-1", 10), Registered(OtherSubdistrict, "E-2", 200), Entered(SubdistrictFederation, "E-1", 250));
        Record(Day(3, 2), Reported("E-1", 312), Reported("E-3", 5), Registered(OtherSubdistrict, "E-4", 1), Registered(OtherSubdistrict, "E-4", -1));

        Assert.Equal([("E-1", 310, 250, null, null, "80.65%"), ("E-2", 200, 0, null, null, "0.00%")], Lines(Day(3, 1)));
        Assert.Equal([("E-1", 310, 250, 312, -2, "80.65%"), ("E-2", 200, 0, null, null, "0.00%"), ("E-3", 0, 0, 5, -5, "")], Lines(Day(3, 2)));

        IEnumerable<(string, int, int, int?, int?, string?)> Lines(DateOnly on) => CollectionLine.Merge(Subjects(Roll.Registered, on), Subjects(Roll.Entered, on), Subjects(Roll.Reported, on))
            .Select(line => (line.Employer.Value, (int)line.Registered, (int)line.Qualified, (int?)line.Reported, (int?)line.Difference, line.Rate.ToString()));

        IEnumerable<SubjectValue> Subjects(Measure measure, DateOnly on) => union.Subjects(measure, DistrictFederation, on);
    }

    private static Fact Entered(UnionId at, string unit, long value) => new(Roll.Entered, at, value) { Subject = unit };

    private static Fact Registered(UnionId at, string unit, long value) => new(Roll.Registered, at, value) { Subject = unit };

    private static Fact Reported(string unit, long value) => new(Roll.Reported, SubdistrictFederation, value) { Subject = unit };

    private static Fact Joined(UnionId at, long value) => new(Roll.Joined, at, value);

    private long Units(UnionId scope, DateOnly on) => union.Count(Roll.Units, scope, on, on).Value;

    private void Tree(UnionId id, params ReadOnlySpan<UnionEvent> events) => union.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(id.Stream, Day(1, 1), events);

    private void Record(DateOnly on, params Fact[] facts) =>
        union.Given<Roll, int, RollEvent, RollEvent, RollView>(new("roll", FormattableString.Invariant($"{records++}")), on, new RollEvent.Recorded([.. facts.Select(fact => new RollFact(fact.Measure.Id, fact.Union, fact.Value, fact.Subject, fact.On))]));

    /// <summary>A room of these specs: it counts what it is told.</summary>
    private abstract class Roll : IAggregate<int, RollEvent, RollEvent, RollView>
    {
        public static readonly Measure Registered = new("roll.registered", MeasureKind.Stock, "On record", "登记", "人");
        public static readonly Measure Entered = new("roll.entered", MeasureKind.Stock, "Qualified", "合格", "人");
        public static readonly Measure Reported = new("roll.reported", MeasureKind.Stock, "Reported", "上报", "人");
        public static readonly Measure Founded = new("roll.founded", MeasureKind.Flow, "Founded", "新建", "家");
        public static readonly Measure Joined = new("roll.joined", MeasureKind.Flow, "Joined where founded", "新增", "人") { Among = Founded };
        public static readonly Measure Units = new("roll.units", MeasureKind.Distinct, "Units", "单位", "家") { Of = Entered };
        public static readonly Measure Rate = new("roll.rate", MeasureKind.Rate, "Rate", "采集率", "%") { Part = Entered, Whole = Registered };

        private static readonly Measure[] All = [Registered, Entered, Reported, Founded, Joined, Units, Rate, Entered.Change!];

        public static string Kind => "roll";

        public static int Initial => 0;

        public static RollView View(int state) => new(state);

        public static Decision<RollEvent> Decide(int state, RollEvent command, Occasion occasion) => command;

        public static int Evolve(int state, RollEvent happened) => state + 1;

        public static IEnumerable<Fact> Facts(RollEvent happened, int before, int after) => ((RollEvent.Recorded)happened).Facts.Select(fact =>
            new Fact(All.Single(measure => measure.Id == fact.Measure), fact.Union, fact.Value) { Subject = fact.Subject, On = fact.On });
    }

    private sealed record RollView(int Events);

    private sealed record RollFact(string Measure, UnionId Union, long Value, string Subject, DateOnly? On);

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "is"), JsonDerivedType(typeof(Recorded), "recorded")]
    private abstract record RollEvent
    {
        private RollEvent() { }

        public sealed record Recorded(RollFact[] Facts) : RollEvent;
    }
}
