using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionGrains.Kernel;
using UnionSilo.Persistence;

namespace UnionSilo.Tests.ReadSides;

public sealed class VerificationSpecs(SharedPostgres postgres)
{
    public static TheoryData<string, string, FindingKind, string, string?> Damages
    {
        get
        {
            var data = new TheoryData<string, string, FindingKind, string, string?>();
            foreach (var store in (string[])["sqlite", "postgres"])
            {
                data.Add(store, "UPDATE union_row SET name = 'Another' WHERE union_id = 'U1'", FindingKind.Changed, "union_row", "union/U1");
                data.Add(store, "UPDATE union_row SET applied_on = '2011-02-03' WHERE union_id = 'U1'", FindingKind.Changed, "union_row", "union/U1");
                data.Add(store, "DELETE FROM union_parent WHERE union_id = 'U1' AND valid_from = '2011-01-08'", FindingKind.Missing, "union_parent", "union/U1");
                data.Add(store, "INSERT INTO union_parent (union_id, valid_from, parent, valid_to, version) VALUES ('U9', '2011-01-01', 'U0', '2012-01-01', 1)", FindingKind.Foreign, "union_parent", null);
                data.Add(store, "UPDATE union_row SET version = 99 WHERE union_id = 'U2'", FindingKind.Ahead, "union_row", "union/U2");
                data.Add(store, "UPDATE fact SET value = value + 1 WHERE union_id = 'U2' AND measure = 'test.flow'", FindingKind.Sum, "fact", "union/U2");
                data.Add(store, "DELETE FROM fact WHERE union_id = 'U2' AND measure = 'test.stock'", FindingKind.Sum, "fact", "union/U2");
                data.Add(store, "UPDATE fact SET subject = 'E-2' WHERE subject = 'E-1'", FindingKind.Sum, "fact", "union/U2");
                data.Add(store, "UPDATE fact SET business_on = '2011-02-02' WHERE business_on = '2011-02-01'", FindingKind.Sum, "fact", "union/U2");
                data.Add(store, "UPDATE fact_line SET subject = 'E-2' WHERE subject = 'E-1'", FindingKind.Changed, "fact_line", "tally/H");
                data.Add(store, "UPDATE fact_line SET business_on = '2011-02-02' WHERE business_on = '2011-02-01'", FindingKind.Changed, "fact_line", "tally/H");
                data.Add(store, "DELETE FROM fact_line WHERE stream = 'tally/T' AND version = 2", FindingKind.Missing, "fact_line", "tally/T");
                data.Add(store, "UPDATE fact_line SET value = 77 WHERE stream = 'tally/T' AND version = 2 AND n = 2", FindingKind.Changed, "fact_line", "tally/T");
                data.Add(store, "INSERT INTO fact_line (union_id, measure, business_on, closing, stream, version, n, value) VALUES ('U2', 'test.flow', '2011-01-02', 0, 'tally/X', 1, 0, 5)", FindingKind.Foreign, "fact_line", "tally/X");
                data.Add(store, "INSERT INTO claim (kind, key, stream) VALUES ('test-key', 'K9', 'tally/T')", FindingKind.Foreign, "claim", "tally/T");
                data.Add(store, "UPDATE claim SET stream = 'tally/X' WHERE key = 'K1'", FindingKind.Changed, "claim", "tally/X");
                data.Add(store, "DELETE FROM claim WHERE key = 'K1'", FindingKind.Missing, "claim", "tally/K");
            }

            return data;
        }
    }

    public static TheoryData<string, string, FindingKind, string> JournalDamages
    {
        get
        {
            var data = new TheoryData<string, string, FindingKind, string>();
            foreach (var store in (string[])["sqlite", "postgres"])
            {
                data.Add(store, "DELETE FROM journal WHERE stream = 'union/U1' AND version = 1", FindingKind.Hole, "journal");
                data.Add(store, "UPDATE journal SET version = 9 WHERE stream = 'union/U2' AND version = 1", FindingKind.Hole, "journal");
                data.Add(store, "UPDATE journal SET type = 'never-heard-of' WHERE stream = 'union/U2' AND version = 1", FindingKind.UnknownEvent, "never-heard-of schema 1");
                data.Add(store, "UPDATE journal SET schema = 7 WHERE stream = 'tally/T' AND version = 1", FindingKind.UnknownEvent, "counted schema 7");
                data.Add(store, "UPDATE journal SET data = '{\"union\":' WHERE stream = 'tally/T' AND version = 1", FindingKind.Unfoldable, "counted: JsonException");
                data.Add(store, "UPDATE journal SET stream = 'nothing/T' WHERE stream = 'tally/T'", FindingKind.UnknownRoom, "nothing");
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Damages)), Trait("F", "106")]
    public async Task Damage_to_what_follows_from_the_journal_is_found_and_a_rebuild_mends_it(string store, string damage, FindingKind kind, string subject, string? stream)
    {
        await using var world = await Whole(store);
        Assert.Empty(await world.Verify());

        Assert.True(await world.Execute(damage) > 0, "Nothing was damaged.");
        var findings = await world.Verify();
        var found = Assert.Single(findings, finding => (finding.Kind, finding.Subject) == (kind, subject));
        Assert.Equal(stream is null ? [] : [stream], found.Streams);
        // A wrong record makes a wrong sum as well; nothing else is affected.
        Assert.All(findings, finding => Assert.True(finding == found || finding.Kind == FindingKind.Sum));

        var rebuilt = await world.Rebuild();
        Assert.Empty(rebuilt.Blocking);
        Assert.True(rebuilt.Rows > 0);
        Assert.Empty(await world.Verify());
        Assert.Equal(0, (await world.Rebuild()).Rows);
        Assert.Equal([(new UnionId("U0"), 5L), (new UnionId("U1"), 0), (new UnionId("U2"), 9)],
            (await world.ReadSide.Split(Tally.Flow, new("U0"), World.Day0, World.Day0.AddDays(90), TestContext.Current.CancellationToken)).Select(part => (part.Scope, part.Value)));
        Assert.Equal([[new("E-1", 3)], [new("E-1", 2)]], [await world.Subjects(Tally.Stock, new("U0"), new(2011, 1, 31), 10), await world.Subjects(Tally.Stock, new("U0"), new(2011, 2, 1), 10)]);
    }

    [Theory, MemberData(nameof(JournalDamages)), Trait("F", "108")]
    public async Task Damage_to_the_journal_is_named_and_a_rebuild_changes_nothing(string store, string damage, FindingKind kind, string subject)
    {
        await using var world = await Whole(store);
        Assert.True(await world.Execute(damage) > 0, "Nothing was damaged.");
        var findings = await world.Verify();
        Assert.Contains(findings, finding => (finding.Kind, finding.Subject) == (kind, subject));

        var rebuilt = await world.Rebuild();
        Assert.Contains(rebuilt.Blocking, finding => finding.Kind == kind);
        Assert.Equal(0, rebuilt.Rows);
        Assert.Equal(findings.Select(finding => finding.ToString()), (await world.Verify()).Select(finding => finding.ToString()));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "108")]
    public async Task A_persons_key_without_a_stream_or_of_an_erased_one_is_named_and_no_rebuild_touches_keys(string store)
    {
        await using var world = await Whole(store);
        await world.Keys("P", new TallyEvent.Forgot(), new TallyEvent.Took("K7"));
        await world.Execute("INSERT INTO person_key (stream, master, wrapped) VALUES ('union/U1', 'm1', 'x'), ('member/gone', 'm1', 'x'), ('tally/P', 'm1', 'x')".Replace("'x'", store == "sqlite" ? "x'00'" : "'\\x00'"));

        Assert.Equal("Foreign person_key: 2 (member/gone, tally/P)", Assert.Single(await world.Verify()).ToString());
        await world.Rebuild();
        Assert.Single(await world.Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "106")]
    public async Task Emptied_tables_are_made_anew(string store)
    {
        await using var world = await Whole(store);
        foreach (var table in (string[])["union_row", "union_parent", "claim", "fact", "fact_line"]) await world.Execute($"DELETE FROM {table}");
        Assert.True((await world.Rebuild()).Rows > 0);
        Assert.Empty(await world.Verify());
        Assert.Equal(14, (await world.ReadSide.Count(Tally.Flow, new("U0"), World.Day0, World.Day0.AddDays(90), TestContext.Current.CancellationToken)).Value);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "106")]
    public async Task What_the_writers_of_the_journal_leave_is_whole(string store)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var written = await Whole(store);
        await using var world = new World(store, postgres);
        IJournalStore journal = store == "postgres"
            ? new PostgresJournalStore(new() { ConnectionString = world.ConnectionString!, SiloName = "writer" })
            : new SqliteJournalStore(new() { File = world.File });
        await using (var writer = await journal.OpenWriter(0, cancel))
        {
            // Of one stream only the appends of one token may share a group: each goes alone.
            foreach (var append in written.Appended) Assert.True((await writer.Commit([append], repeats: false, cancel)).Committed);
        }

        if (journal is IAsyncDisposable disposable) await disposable.DisposeAsync();
        Assert.Empty(await world.Verify());
        Assert.Equal(0, (await world.Rebuild()).Rows);
        Assert.Equal(await written.Open(Tally.Flow, new("U0"), World.Day0, World.Day0.AddDays(90), 2), await world.Open(Tally.Flow, new("U0"), World.Day0, World.Day0.AddDays(90), 2));
    }

    [Fact]
    public async Task A_rebuild_waits_for_no_silo_unless_it_may_hold_it_up()
    {
        await using var world = await Whole("postgres");
        await using var silo = new Npgsql.NpgsqlConnection(world.ConnectionString + ";Application Name=union-silo/one");
        await silo.OpenAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<InUseException>(world.Rebuild);
        Assert.Empty((await new Rebuild(world.Database, World.AllRooms).Run(online: true, null, TestContext.Current.CancellationToken)).Blocking);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Progress_reaches_its_end_and_no_finding_shows_content(string store)
    {
        await using var world = await Whole(store);
        await world.Execute("UPDATE union_row SET name = 'Seen by nobody'");
        var heard = new Heard();
        var findings = await new Verification(world.Database, World.AllRooms).Run(heard, TestContext.Current.CancellationToken);
        Assert.Contains(heard.Steps, step => step is { Step: "fold" } && step.Done == step.Total);
        Assert.DoesNotContain(findings, finding => finding.ToString().Contains("Seen", StringComparison.Ordinal));
    }

    private async Task<World> Whole(string store)
    {
        var world = new World(store, postgres);
        (UnionId city, UnionId one, UnionId two) = (new("U0"), new("U1"), new("U2"));
        await world.SetUp(city, null, World.Day0);
        await world.SetUp(one, city, World.Day0);
        await world.SetUp(two, city, World.Day0.AddDays(1));
        await world.Union(one, World.Day0.AddDays(7), new UnionEvent.Moved(two, World.Day0.AddDays(7)));
        await world.Count("T", two, World.Day0.AddDays(1), 4, 5);
        await world.Count("T", city, World.Day0.AddDays(2), 5);
        await world.Hold("H", World.Day0.AddDays(3), new TallyEvent.Held(two, "E-1", 3, null), new TallyEvent.Held(two, "E-1", -1, new(2011, 2, 1)));
        await world.Keys("K", new TallyEvent.Took("K1"), new TallyEvent.Took("K2"), new TallyEvent.GaveBack("K2"));
        await world.Keys("L", new TallyEvent.Took("K2"));
        return world;
    }

    private sealed class Heard : IProgress<Progress>
    {
        public List<Progress> Steps { get; } = [];

        public void Report(Progress value) => Steps.Add(value);
    }
}
