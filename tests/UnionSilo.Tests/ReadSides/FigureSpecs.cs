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
    private static readonly Gen<(int Union, int Subject, int Day, int Own, int Value)[]> Holdings = Gen.Select(Gen.Int[0, 99], Gen.Int[0, 5], Gen.Int[0, Days], Gen.Int[-Days, Days], Gen.Int[-3, 4]).Array[0, 25];
    private static readonly Gen<(int Scope, int From, int To)[]> Questions = Gen.Select(Gen.Int[0, 99], Gen.Int[0, Days], Gen.Int[0, Days]).Array[6];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "101"), Trait("F", "11"), Trait("F", "12"), Trait("F", "22")]
    public async Task Every_figure_its_parts_and_its_records_are_those_of_the_model_in_memory(string store)
    {
        await using var world = new World(store, postgres);
        var (sample, moved, merged, counted, told, brought) = (0, 0, 0, new Dictionary<string, int>(StringComparer.Ordinal), 0, 0);
        await Gen.Select(Unions, Changes, Counts, Holdings, Questions).SampleAsync(async (unions, changes, counts, holdings, questions) =>
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

            // A third of them count on another day than they are recorded on: before it, after it, also after the last day that is asked for.
            foreach (var (held, i) in holdings.Select((held, i) => (held, i)))
            {
                await world.Hold(FormattableString.Invariant($"{prefix}{i % 4}"), On(held.Day),
                    new TallyEvent.Held(Id(held.Union % (unions.Length + 1)), held.Subject == 0 ? "" : FormattableString.Invariant($"{prefix}E{held.Subject}"), held.Value, held.Own % 3 == 0 ? On(held.Day + held.Own) : null));
            }

            foreach (var (at, from, to) in questions)
            {
                var scope = Id(at % (unions.Length + 1));
                foreach (var measure in (Measure[])[Tally.Flow, Tally.Stock, Tally.Gained, Tally.Subjects, Tally.Share, Tally.Turnover, Tally.Stock.Change!, Tally.Subjects.Change!])
                {
                    List<FactLine> expected = [.. Figures.Lines(world.Memory, measure, scope, On(from), On(to))];
                    if ((measure.Part ?? measure.Of ?? measure).Kind != MeasureKind.Distinct && measure.Kind != MeasureKind.Distinct) expected.Sort(FactLine.ComparePlaces);
                    counted[measure.Id] = counted.GetValueOrDefault(measure.Id) + expected.Count;
                    var figure = world.Memory.Count(measure, scope, On(from), On(to));
                    Assert.Equal(figure.Value, expected.Sum(line => line.Value));
                    Assert.Equal(figure, await world.ReadSide.Count(measure, scope, On(from), On(to), Cancel));
                    Assert.Equal(expected, await world.Open(measure, scope, On(from), On(to), page: 3));
                    var parts = world.Memory.Split(measure, scope, On(from), On(to));
                    Assert.Equal(parts, await world.ReadSide.Split(measure, scope, On(from), On(to), Cancel));
                    if (measure.Kind is MeasureKind.Flow or MeasureKind.Stock) Assert.Equal(Parts(world, measure, scope, On(from), On(to), expected), parts.Select(part => (part.Scope, part.Value)));
                    if (measure.Kind == MeasureKind.Distinct) Assert.Equal(SubjectsOf(parts), parts.Select(part => part.Value));
                    if (measure == Tally.Stock.Change)
                    {
                        Assert.Equal(figure.Value, parts.Sum(part => part.Value));
                        Assert.Equal(figure.Value, from > to ? 0 : world.Memory.Count(Tally.Stock, scope, On(to), On(to)).Value - world.Memory.Count(Tally.Stock, scope, On(from - 1), On(from - 1)).Value);
                        if (expected.Exists(line => line.BusinessOn < On(from))) brought++;
                    }

                    // A part that stood under the scope on the last day has the same figure when it is asked for itself.
                    IEnumerable<long> SubjectsOf(IReadOnlyList<Figure> split) => split.Select((part, i) => i == 0 ? part.Value : world.Memory.Count(measure, part.Scope, On(to), On(to)).Value);
                }

                var subjects = world.Memory.Subjects(Tally.Stock, scope, On(to)).ToList();
                told += subjects.Count;
                Assert.Equal(subjects, await world.Subjects(Tally.Stock, scope, On(to), page: 2));
                Assert.Equal(world.Memory.Count(Tally.Subjects, scope, On(to), On(to)).Value, subjects.LongCount(subject => subject.Value > 0));
            }
        }, iter: 25, threads: 1);

        Assert.True(moved > 0 && merged > 0 && told > 0 && brought > 0 && counted.Count == 8 && counted.Values.All(lines => lines > 0), "Nothing was moved, merged or counted: the generator proves nothing.");
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

        Assert.Equal(10, await Value(Tally.Flow, east, 0, 30));
        Assert.Equal(3, await Value(Tally.Flow, west, 0, 30));
        Assert.Equal(13, await Value(Tally.Stock, west, 0, 30));
        Assert.Equal(0, await Value(Tally.Stock, east, 0, 30));
        Assert.Equal(10, await Value(Tally.Stock, east, 0, 9));
        Assert.Equal([(city, 0), (east, 10), (west, 3)], await Parts(Tally.Flow, city));
        Assert.Equal([(east, 0), (unit, 10)], await Parts(Tally.Flow, east));

        async Task<long> Value(Measure measure, UnionId scope, int from, int to) => (await world.ReadSide.Count(measure, scope, On(from), On(to), Cancel)).Value;
        async Task<IEnumerable<(UnionId, long)>> Parts(Measure measure, UnionId scope) => (await world.ReadSide.Split(measure, scope, On(0), On(30), Cancel)).Select(part => (part.Scope, part.Value));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_last_day_of_all_and_a_period_that_ends_before_it_begins_count_as_in_memory(string store)
    {
        await using var world = new World(store, postgres);
        await world.SetUp(new("C"), null, On(0));
        await world.Count("T", new("C"), On(5), 10);
        await world.Hold("H", On(5), new TallyEvent.Held(new("C"), "E-1", 2, null));
        foreach (var (from, to) in ((DateOnly, DateOnly)[])[(DateOnly.MinValue, DateOnly.MaxValue), (DateOnly.MaxValue, DateOnly.MaxValue), (On(9), On(1)), (On(5), On(5))])
        {
            foreach (var measure in (Measure[])[Tally.Flow, Tally.Stock, Tally.Gained, Tally.Subjects, Tally.Share, Tally.Stock.Change!, Tally.Subjects.Change!])
            {
                Assert.Equal(Figures.Lines(world.Memory, measure, new("C"), from, to).Order(Comparer<FactLine>.Create(FactLine.ComparePlaces)), await world.Open(measure, new("C"), from, to, page: 1));
                Assert.Equal(world.Memory.Count(measure, new("C"), from, to), await world.ReadSide.Count(measure, new("C"), from, to, Cancel));
                Assert.Equal(world.Memory.Split(measure, new("C"), from, to), await world.ReadSide.Split(measure, new("C"), from, to, Cancel));
            }
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "22"), Trait("F", "101")]
    public async Task A_unit_with_members_under_two_federations_counts_once_above_them_and_opens_to_its_first_record(string store)
    {
        await using var world = new World(store, postgres);
        (UnionId city, UnionId east, UnionId west) = (new("C"), new("E"), new("W"));
        await world.SetUp(city, null, On(0));
        await world.SetUp(east, city, On(0));
        await world.SetUp(west, city, On(0));
        await world.Hold("H", On(5), new TallyEvent.Held(east, "E-1", 3, On(7)), new TallyEvent.Held(west, "E-1", 1, null), new TallyEvent.Held(east, "E-2", 2, null), new TallyEvent.Held(east, "E-2", -2, On(9)));

        Assert.Equal([(2, 1, 1), (2, 2, 1)], [await Split(6), await Split(8)]);
        Assert.Equal((1, 1, 1), await Split(9)); // E-1 in both parts, once above them; the last of E-2 was known on day 5 to go on day 9.
        Assert.Equal([new SubjectValue("E-1", 4), new SubjectValue("E-2", 2)], await world.Subjects(Tally.Stock, city, On(8), 1));
        Assert.Equal([new SubjectValue("E-1", 4)], await world.Subjects(Tally.Stock, city, On(9), 1));
        var share = await world.ReadSide.Count(Tally.Share, city, On(8), On(8), Cancel);
        Assert.Equal((2, 6L, "33.33%"), (share.Value, share.Whole, share.Rate.ToString()));
        Assert.Equal([("E-1", On(5), 2, 1L), ("E-2", On(5), 3, 1L)],
            (await world.Open(Tally.Subjects, city, On(8), On(8), 1)).Select(line => (line.Subject, line.BusinessOn, (int)line.Version, line.Value)));
        Assert.Empty(await world.Verify());

        async Task<(int Whole, int East, int West)> Split(int day)
        {
            var parts = await world.ReadSide.Split(Tally.Subjects, city, On(day), On(day), Cancel);
            return ((int)(await world.ReadSide.Count(Tally.Subjects, city, On(day), On(day), Cancel)).Value, (int)parts[1].Value, (int)parts[2].Value);
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Subjects_have_an_amount_of_a_stock_only(string store)
    {
        await using var world = new World(store, postgres);
        foreach (var measure in (Measure[])[Tally.Flow, Tally.Subjects, Tally.Share])
            await Assert.ThrowsAsync<ArgumentException>(() => world.ReadSide.Subjects(measure, new("C"), On(0), null, 10, Cancel));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_place_that_no_answer_gave_is_refused(string store)
    {
        await using var world = new World(store, postgres);
        await Assert.ThrowsAsync<ArgumentException>(() => world.ReadSide.Open(Tally.Flow, new("C"), On(0), On(1), "nowhere", 10, Cancel));
    }

    private static DateOnly On(int day) => World.Day0.AddDays(day);

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
