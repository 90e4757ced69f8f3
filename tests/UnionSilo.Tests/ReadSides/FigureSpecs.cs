using CsCheck;
using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionDomain.Unions;

namespace UnionSilo.Tests.ReadSides;

public sealed class FigureSpecs(SharedPostgres postgres)
{
    private const int Days = 40;

    // What happens to a generated district: its unions in order of time, what is counted where, and what is asked. Parents have lower numbers, so no circle can be drawn.
    private static readonly Gen<(int Upper, int Day)[]> Unions = Gen.Select(Gen.Int[0, 99], Gen.Int[0, Days / 2]).Array[2, 7];
    private static readonly Gen<(int Union, int Target, int Day, bool Merge)[]> Changes = Gen.Select(Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, Days], Gen.Bool).Array[0, 10];
    private static readonly Gen<(int Union, int Day, int First, int Second)[]> Counts = Gen.Select(Gen.Int[0, 99], Gen.Int[0, Days], Gen.Int[-3, 5], Gen.Int[-3, 5]).Array[0, 25];
    private static readonly Gen<(int Scope, int From, int To)[]> Questions = Gen.Select(Gen.Int[0, 99], Gen.Int[0, Days], Gen.Int[0, Days]).Array[6];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "101"), Trait("F", "11"), Trait("F", "12")]
    public async Task Every_figure_its_parts_and_its_records_are_those_of_the_model_in_memory(string store)
    {
        await using var world = new World(store, postgres);
        var (sample, moved, merged, counted) = (0, 0, 0, 0L);
        await Gen.Select(Unions, Changes, Counts, Questions).SampleAsync(async (unions, changes, counts, questions) =>
        {
            var prefix = FormattableString.Invariant($"S{sample++}-");
            UnionId Id(int number) => new(FormattableString.Invariant($"{prefix}{number}"));
            var dates = new int[unions.Length + 1];
            var gone = new HashSet<int>();
            await world.SetUp(Id(0), null, On(0));
            for (var i = 1; i <= unions.Length; i++) await world.SetUp(Id(i), Id(unions[i - 1].Upper % i), On(dates[i] = unions[i - 1].Day));
            foreach (var change in changes.OrderBy(change => change.Day))
            {
                var union = 1 + (change.Union % unions.Length);
                if (gone.Contains(union) || change.Day < dates[union]) continue;
                dates[union] = change.Day;
                if (change.Merge)
                {
                    gone.Add(union);
                    merged++;
                    await world.Union(Id(union), On(change.Day), new UnionEvent.Merged(Id(change.Target % union), "D-1", On(change.Day)));
                }
                else
                {
                    moved++;
                    await world.Union(Id(union), On(change.Day), new UnionEvent.Moved(Id(change.Target % union), On(change.Day)));
                }
            }

            foreach (var (count, i) in counts.Select((count, i) => (count, i)))
                await world.Count(FormattableString.Invariant($"{prefix}{i % 4}"), Id(count.Union % (unions.Length + 1)), On(count.Day), count.First, count.Second);

            foreach (var (at, from, to) in questions)
            {
                var scope = Id(at % (unions.Length + 1));
                foreach (var measure in (Measure[])[Tally.Flow, Tally.Stock])
                {
                    var expected = Figures.Lines(world.Memory, measure, scope, On(from), On(to))
                        .OrderBy(line => (line.BusinessOn, line.Stream.ToString(), line.Version, line.N), Comparer<(DateOnly, string, long, int)>.Create(ByPlace)).ToList();
                    counted += expected.Count;
                    Assert.Equal(expected.Sum(line => line.Value), await world.ReadSide.Count(measure, scope, On(from), On(to), Cancel));
                    Assert.Equal(expected, await world.Open(measure, scope, On(from), On(to), page: 3));
                    Assert.Equal(Parts(world, measure, scope, On(from), On(to), expected), await world.ReadSide.Split(measure, scope, On(from), On(to), Cancel));
                }
            }
        }, iter: 25, threads: 1);

        Assert.True(moved > 0 && merged > 0 && counted > 0, "Nothing was moved, merged or counted: the generator proves nothing.");
        Assert.Empty(await world.Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "12")]
    public async Task A_union_that_moves_in_mid_period_leaves_behind_what_counted_before(string store)
    {
        await using var world = new World(store, postgres);
        (UnionId city, UnionId east, UnionId west, UnionId unit) = (new("C"), new("E"), new("W"), new("U"));
        await world.SetUp(city, null, On(0));
        await world.SetUp(east, city, On(0));
        await world.SetUp(west, city, On(0));
        await world.SetUp(unit, east, On(0));
        await world.Count("T", unit, On(5), 10);
        await world.Union(unit, On(10), new UnionEvent.Moved(west, On(10)));
        await world.Count("T", unit, On(10), 3);

        Assert.Equal(10, await world.ReadSide.Count(Tally.Flow, east, On(0), On(30), Cancel));
        Assert.Equal(3, await world.ReadSide.Count(Tally.Flow, west, On(0), On(30), Cancel));
        Assert.Equal(13, await world.ReadSide.Count(Tally.Stock, west, On(0), On(30), Cancel));
        Assert.Equal(0, await world.ReadSide.Count(Tally.Stock, east, On(0), On(30), Cancel));
        Assert.Equal(10, await world.ReadSide.Count(Tally.Stock, east, On(0), On(9), Cancel));
        Assert.Equal([(city, 0), (east, 10), (west, 3)], await world.ReadSide.Split(Tally.Flow, city, On(0), On(30), Cancel));
        Assert.Equal([(east, 0), (unit, 10)], await world.ReadSide.Split(Tally.Flow, east, On(0), On(30), Cancel));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_last_day_of_all_and_a_period_that_ends_before_it_begins_count_as_in_memory(string store)
    {
        await using var world = new World(store, postgres);
        await world.SetUp(new("C"), null, On(0));
        await world.Count("T", new("C"), On(5), 10);
        foreach (var (from, to) in ((DateOnly, DateOnly)[])[(DateOnly.MinValue, DateOnly.MaxValue), (DateOnly.MaxValue, DateOnly.MaxValue), (On(9), On(1)), (On(5), On(5))])
        {
            foreach (var measure in (Measure[])[Tally.Flow, Tally.Stock])
                Assert.Equal(Figures.Lines(world.Memory, measure, new("C"), from, to).Sum(line => line.Value), await world.ReadSide.Count(measure, new("C"), from, to, Cancel));
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_place_that_no_answer_gave_is_refused(string store)
    {
        await using var world = new World(store, postgres);
        await Assert.ThrowsAsync<ArgumentException>(() => world.ReadSide.Open(Tally.Flow, new("C"), On(0), On(1), "nowhere", 10, Cancel));
    }

    private static DateOnly On(int day) => World.Day0.AddDays(day);

    private static int ByPlace((DateOnly On, string Stream, long Version, int N) a, (DateOnly On, string Stream, long Version, int N) b) =>
        a.On != b.On ? a.On.CompareTo(b.On) : string.CompareOrdinal(a.Stream, b.Stream) is not 0 and var byStream ? byStream : (a.Version, a.N).CompareTo((b.Version, b.N));

    // Found the other way round than the database finds it: from each record up through the tree of its day.
    private static List<(UnionId Union, long Value)> Parts(World world, Measure measure, UnionId scope, DateOnly from, DateOnly to, List<FactLine> lines)
    {
        var edges = world.Memory.Rows(UnionTree.Model).Select(row => (Union: (string)row.Values[0]!, From: (DateOnly)row.Values[1]!, Parent: (string)row.Values[2]!, To: (DateOnly)row.Values[3]!)).ToList();
        var first = measure.Kind == MeasureKind.Flow ? from : to;
        var parts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var edge in edges.Where(edge => edge.Parent == scope.Value && edge.From <= to && edge.To > first && edge.From < edge.To && first <= to)) parts[edge.Union] = 0;
        var own = 0L;
        foreach (var line in lines)
        {
            var day = measure.Kind == MeasureKind.Flow ? line.BusinessOn : to;
            var (at, below) = (line.Union.Value, (string?)null);
            while (at != scope.Value) (at, below) = (edges.Single(edge => edge.Union == at && edge.From <= day && day < edge.To).Parent, at);
            if (below is null) own += line.Value;
            else parts[below] += line.Value;
        }

        return [(scope, own), .. parts.Select(part => (new UnionId(part.Key), part.Value))];
    }
}
