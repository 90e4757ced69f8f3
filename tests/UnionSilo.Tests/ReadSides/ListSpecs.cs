using UnionDomain;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionSilo.Persistence;

namespace UnionSilo.Tests.ReadSides;

public sealed class ListSpecs(SharedPostgres postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Pages_show_every_line_once_while_others_are_inserted(string store)
    {
        await using var world = new World(store, postgres);
        for (var i = 0; i < 60; i++) await world.SetUp(new(FormattableString.Invariant($"U-{i * 2:000}")), null, World.Day0);
        var before = world.Memory.Rows(UnionLine.Model).Select(row => row.Key).ToList();

        var (seen, inserted, after) = (new List<string>(), 1, (string?)null);
        while (true)
        {
            var page = await world.ReadSide.List(UnionLine.Model, [], after, 7, Cancel);
            if (page.Count == 0) break;
            seen.AddRange(page.Select(values => (string)values[0]!));
            after = new Row(UnionLine.Model, page[^1]).Key;
            // Between two pages, one line before the place and one behind it.
            await world.SetUp(new(FormattableString.Invariant($"A-{inserted:000}")), null, World.Day0);
            if (inserted < 120) await world.SetUp(new(FormattableString.Invariant($"U-{120 - inserted:000}")), null, World.Day0);
            inserted += 2;
        }

        Assert.Equal(seen.Order(StringComparer.Ordinal).Distinct(), seen);
        Assert.Empty(before.Except(seen));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Keys_of_several_columns_are_paged_in_their_order_and_read_back(string store)
    {
        await using var world = new World(store, postgres);
        for (var i = 0; i < 5; i++)
        {
            UnionId id = new(FormattableString.Invariant($"U{i}"));
            await world.SetUp(id, new("C"), World.Day0);
            for (var move = 1; move < 5; move++) await world.Union(id, World.Day0.AddDays(move * 9), new UnionEvent.Moved(new($"P{move}"), World.Day0.AddDays(move * 9)));
        }

        var expected = world.Memory.Rows(UnionTree.Model).ToList();
        var (seen, after) = (new List<Row>(), (string?)null);
        do
        {
            var page = await world.ReadSide.List(UnionTree.Model, [], after, 4, Cancel);
            seen.AddRange(page.Select(values => new Row(UnionTree.Model, values)));
            after = page.Count == 4 ? seen[^1].Key : null;
        }
        while (after is not null);

        Assert.Equal(25, seen.Count);
        Assert.Equal(expected, seen);
        await Assert.ThrowsAsync<ArgumentException>(() => world.ReadSide.List(UnionTree.Model, [], "U1", 4, Cancel));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "12")]
    public async Task Conditions_find_what_they_find_in_memory(string store)
    {
        await using var world = new World(store, postgres);
        string[] names = ["100% wool", "100 percent", "a_b", "axb", @"c\d", "cd", "Abc", "abc", "工会一", "工会二", "it's", ""];
        for (var i = 0; i < names.Length; i++)
            await world.SetUp(new(FormattableString.Invariant($"U{i}")), i < 2 ? null : new(FormattableString.Invariant($"U{i / 2}")), World.Day0.AddDays(i), names[i]);
        await world.Union(new("U3"), World.Day0.AddDays(20), new UnionEvent.Moved(new("U2"), World.Day0.AddDays(20)));
        await world.Union(new("U6"), World.Day0.AddDays(25), new UnionEvent.Merged(new("U4"), "D-1", World.Day0.AddDays(25)));

        UnionQuery[] questions =
        [
            new(),
            .. names.SelectMany(name => new[] { name, name[..Math.Min(1, name.Length)], name[..Math.Min(3, name.Length)] }).Distinct().Select(prefix => new UnionQuery { NamePrefix = prefix }),
            .. ((string[])["%", "_", @"\", "'", "工"]).Select(prefix => new UnionQuery { NamePrefix = prefix }),
            .. Enumerable.Range(0, 7).SelectMany(i => ((int?[])[null, 5, 19, 20, 24, 25]).Select(day => new UnionQuery
            {
                Within = new(FormattableString.Invariant($"U{i}")), AsOf = day is { } d ? World.Day0.AddDays(d) : null,
            })),
            new() { Within = new("no-such-union") },
            new() { Within = new("U1"), AsOf = DateOnly.MaxValue },
            new() { EstablishedFrom = World.Day0.AddDays(3), EstablishedTo = World.Day0.AddDays(6) },
            new() { Status = UnionStatus.Merged },
            new() { Parent = new("U2"), NamePrefix = "a" },
        ];
        foreach (var question in questions)
        {
            var expected = world.Memory.List(question).Select(line => line.Id.Value);
            // Whatever way the rows of a subtree are found.
            foreach (var readSide in (ReadSide[])[world.ReadSide, new(world.Database, fewUnions: 1)])
            {
                var found = await readSide.List(UnionLine.Model, [.. question.Where()], null, 100, Cancel);
                Assert.Equal(expected, found.Select(values => UnionLine.Of(values).Id.Value));
            }
        }
    }

    [Theory, InlineData("sqlite", 1), InlineData("sqlite", 500), InlineData("postgres", 1), InlineData("postgres", 500)]
    public async Task A_hash_is_found_inside_the_subtree_only_however_large_it_is(string store, int fewUnions)
    {
        await using var world = new World(store, postgres);
        await world.SetUp(new("U0"), null, World.Day0, "x");
        for (var i = 1; i < 9; i++) await world.SetUp(new(FormattableString.Invariant($"U{i}")), new(i < 7 ? "U0" : "U1"), World.Day0, i % 3 == 0 ? "x" : "y");
        async Task<IEnumerable<object?>> Find(string scope) => (await new ReadSide(world.Database, fewUnions).List(
            UnionLine.Model, [new("union_id", Comparison.Within, scope), new("name", Comparison.Hashed, "x")], null, 10, Cancel)).Select(values => values[0]);

        Assert.Equal(["U0", "U3", "U6"], await Find("U0"));
        Assert.Empty(await Find("U1"));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_empty_column_is_found_by_equals_nothing_only(string store)
    {
        await using var world = new World(store, postgres);
        await world.SetUp(new("U0"), null, World.Day0);
        await world.SetUp(new("U1"), new("U0"), World.Day0);
        async Task<IEnumerable<object?>> Find(Comparison comparison, object? value) =>
            (await world.ReadSide.List(UnionLine.Model, [new("parent", comparison, value)], null, 10, Cancel)).Select(values => values[0]);

        Assert.Equal(["U0"], await Find(Comparison.Equal, null));
        Assert.Equal(["U1"], await Find(Comparison.StartsWith, ""));
        Assert.Equal(["U1"], await Find(Comparison.AtLeast, ""));
        Assert.Empty(await Find(Comparison.AtMost, null));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Every_read_model_has_its_table(string store)
    {
        await using var world = new World(store, postgres);
        foreach (var model in Rooms.All.SelectMany(room => room.ReadModels))
        {
            Assert.Empty(await world.ReadSide.List(model, [], null, 1, Cancel));
            await world.Execute($"SELECT {string.Join(", ", model.Columns.Take(model.KeyColumns).Select(column => column.Name))}, version FROM {model.Table}");
        }
    }
}
