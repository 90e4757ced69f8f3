using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Bulk;

/// <summary>Windows of commands past the activations: the same outcomes, and nobody is shown less afterwards.</summary>
public sealed class BulkSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "23"), Trait("F", "24"), Trait("F", "106")]
    public async Task Each_row_has_its_outcome_in_its_place_and_the_same_bulk_again_changes_nothing(string store)
    {
        var silo = await Start(store);
        var rows = new List<BulkRow<EmployerId, EmployerCommand>>();
        for (var n = 2; n < 502; n++)
        {
            rows.Add(Row(n, District.Registration(n)));
            rows.Add(Row(n, new EmployerCommand.ReportHeadcount(1_000 + n)));
            rows.Add(Row(n, new EmployerCommand.ReportHeadcount(1_000 + n))); // nothing to do any more
            rows.Add(Row(n, new EmployerCommand.EndCoverage(new("U-9")))); // refused, which stops nothing
            rows.Add(Row(n, new EmployerCommand.Rename($"示例单位之{n}")));
        }

        rows.Add(Row(502, District.Registration(2))); // the code is held
        rows.Add(Row(502, District.Registration(502)));
        rows.Add(Row(502, District.Registration(502) with { Headcount = -1 }));
        rows.Add(new(new("no key"), District.Registration(503), new() { Operator = District.Officer }));
        var first = await Send(silo, rows, new() { WindowRows = 100, Views = true });
        Assert.Equal(Enumerable.Range(0, rows.Count).Select(n => (long)n), first.Select(outcome => outcome.Row));
        for (var n = 0; n < 500; n++)
        {
            Assert.Equal([(1, 1), (2, 1), (2, 0), (2, 0), (3, 1)], first.Skip(n * 5).Take(5).Select(outcome => (outcome.Version, outcome.Events)));
            Assert.Equal([null, null, null, "employer.not-covered", null], first.Skip(n * 5).Take(5).Select(outcome => outcome.Refusal?.Code));
            Assert.Equal([100, n + 1_002, n + 1_002, n + 1_002, n + 1_002], first.Skip(n * 5).Take(5).Select(outcome => outcome.View!.Headcount));
        }

        Assert.Equal(EmployerRules.CodeHeld.With("code", District.Registration(2).Code).With("holder", District.Unit(2).Stream), first[^4].Refusal);
        Assert.Equal([(0, 0), (1, 1), (1, 0), (0, 0)], first.TakeLast(4).Select(outcome => (outcome.Version, outcome.Events)));
        Assert.Equal(["employer.code-held", null, "number.out-of-range", "stream.key-invalid"], first.TakeLast(4).Select(outcome => outcome.Refusal?.Code));

        var again = await Send(silo, rows, new() { WindowRows = 333 });
        Assert.Equal(first.Where(outcome => outcome.Accepted).Select(outcome => outcome.Row), again.Where(outcome => outcome.Accepted).Select(outcome => outcome.Row));
        Assert.Equal(first.Where(outcome => outcome.Events > 0).Select(outcome => (outcome.Row, outcome.Version, outcome.Events)), again.Where(outcome => outcome.Events > 0).Select(outcome => (outcome.Row, outcome.Version, outcome.Events)));
        Assert.All(again, outcome => Assert.Null(outcome.View));
        Assert.Equal(502, (await Lines(silo)).Count);
        Assert.Empty(await Verify());
        Assert.Equal((3, 1_077), (await silo.Client.Employers.Get(District.Unit(77), cancel: Cancel)) is var read ? (read.Version, read.View.Headcount) : default);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "24")]
    public async Task A_command_id_means_one_content_on_both_paths(string store)
    {
        var silo = await Start(store);
        var (single, bulk) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Accepted(await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(200), single, Cancel));
        var outcomes = await Send(silo,
        [
            Row(1, new EmployerCommand.ReportHeadcount(200), single), Row(1, new EmployerCommand.ReportHeadcount(201), single),
            Row(1, new EmployerCommand.ReportHeadcount(300), bulk), Row(1, new EmployerCommand.ReportHeadcount(300), bulk), Row(1, new EmployerCommand.Suspend(), bulk),
        ]);
        Assert.Equal([(2, 1, null), (2, 0, "command.id-reused"), (3, 1, null), (3, 1, null), (3, 0, "command.id-reused")], outcomes.Select(outcome => (outcome.Version, outcome.Events, outcome.Refusal?.Code)));
        Assert.Equal(3, Accepted(await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(300), bulk, Cancel)).Version);
        Assert.Equal(CommandRules.IdReused.With("id", bulk), (await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(301), bulk, Cancel)).Refusal);
        await Sound(silo, Stream, [single, bulk]);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_row_sees_what_earlier_rows_of_its_window_changed_elsewhere(string store)
    {
        var silo = await Start(store);
        var (city, district, street) = (new UnionId("U-100"), new UnionId("U-101"), new UnionId("U-102"));
        var by = new CommandOptions { Operator = new("op-9", new("U-desk"), Role.Municipal) };
        BulkRow<UnionId, UnionCommand>[] rows =
        [
            new(city, new UnionCommand.SetUpFederation("示例市总工会", UnionLevel.Municipal, UnionKind.Federation), by),
            new(district, new UnionCommand.SetUpFederation("示例区总工会", UnionLevel.District, UnionKind.Federation, city), by),
            new(street, new UnionCommand.SetUpFederation("示例街道总工会", UnionLevel.Subdistrict, UnionKind.Federation, district), by),
        ];
        var outcomes = await silo.Client.Unions.Bulk.Send(rows.ToAsyncEnumerable(), cancel: Cancel).ToListAsync(Cancel);
        Assert.All(outcomes, outcome => Assert.True(outcome.Accepted, outcome.Refusal?.ToString()));
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task An_activation_shows_what_a_bulk_has_answered_and_its_own_command_under_way_loses(string store)
    {
        var silo = await Start(store);
        Assert.Equal(1, (await Grain(silo).Get()).Version);
        Assert.Equal(2, Assert.Single(await Send(silo, [Row(1, new EmployerCommand.ReportHeadcount(200))])).Version);
        Assert.Equal("behind", (await Fault(Grain(silo).Get())).Code);
        Assert.Equal((2, 200), (await silo.Client.Employers.Get(Unit, cancel: Cancel)) is var read ? (read.Version, read.View.Headcount) : default);

        // While the grain's own command waits for the database, a bulk of another writer commits first.
        var gate = Hold(silo, commit => commit.Apply());
        var own = Grain(silo).Send(Report(300));
        await gate.Reached;
        await AppendOutside(silo, 250);
        silo.Active.Raise(Stream, 3);
        Assert.Equal("behind", (await Fault(Grain(silo).Get())).Code);
        gate.Open();
        Assert.Equal("fenced", (await Fault(own)).Code);
        Assert.Equal((3, 250), (await silo.Client.Employers.Get(Unit, cancel: Cancel)) is var now ? (now.Version, now.View.Headcount) : default);
        Assert.Empty(await Verify());
    }

    [Fact]
    public async Task A_bulk_on_one_silo_is_seen_by_the_activations_of_the_other()
    {
        var (one, other) = (await Start("postgres"), await Start("postgres"));
        for (var n = 2; n <= 60; n++)
            Accepted(await On((n % 2 == 0 ? one : other).Get<ILocalSiloDetails>().SiloAddress, () => one.Client.Send(District.Unit(n), District.Registration(n), cancel: Cancel)));
        Assert.True(one.Active.Count > 10 && other.Active.Count > 10, $"{one.Active.Count} and {other.Active.Count}");
        for (var round = 1; round <= 5; round++)
        {
            var headcount = 1_000 + round;
            var outcomes = await Send(round % 2 == 0 ? one : other, [.. Enumerable.Range(1, 60).Select(n => Row(n, new EmployerCommand.ReportHeadcount(headcount)))]);
            Assert.All(outcomes, outcome => Assert.Equal(round + 1, outcome.Version));
            foreach (var read in await Task.WhenAll(Enumerable.Range(1, 60).Select(n => (n % 2 == 0 ? one : other).Client.Employers.Get(District.Unit(n), cancel: Cancel))))
                Assert.Equal((round + 1, headcount), (read.Version, read.View.Headcount));
        }

        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_long_stream_is_read_from_its_snapshot(string store)
    {
        var silo = await Start(store);
        var ids = Enumerable.Range(0, 1_400).Select(_ => Guid.CreateVersion7()).ToList();
        var rows = ids.Select((id, n) => Row(1, new EmployerCommand.ReportHeadcount(1_000 + n), id)).ToList();
        Assert.All(await Send(silo, rows), outcome => Assert.Equal(1, outcome.Events));
        Assert.Equal(1_401, (await silo.Client.Employers.Get(Unit, cancel: Cancel)).Version);
        await silo.Rest(Cancel);
        var before = silo.Store.RowsRead;
        Assert.Equal((1_402, 1), Assert.Single(await Send(silo, [Row(1, new EmployerCommand.ReportHeadcount(7))])) is var last ? (last.Version, last.Events) : default);
        Assert.Equal(200 + 1, silo.Store.RowsRead - before); // one of them shows that the snapshot is of this past
        // Ids that the snapshot left out are looked for in the journal.
        var old = await Send(silo, [rows[250], Row(1, new EmployerCommand.ReportHeadcount(8), ids[251])]);
        Assert.Equal([(252, null), (1_402, "command.id-reused")], old.Select(outcome => (outcome.Version, outcome.Refusal?.Code)));
        await Sound(silo, Stream, [.. ids, (await silo.Stored(Stream, Cancel))[^1].CommandId]);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "16")]
    public async Task Of_a_thousand_pairs_that_race_for_a_code_on_both_paths_exactly_one_wins_and_the_other_is_told_who(string store)
    {
        RunningUnion[] silos = store == "postgres" ? [await Start(store), await Start(store)] : [await Start(store)];
        const int pairs = 1_000;
        // Three kinds of pairs: both by bulk, both singly, one of each; on both silos.
        var (ones, others) = (Half(1, silos[0]), Half(2_001, silos[^1]));
        var (first, second) = (await ones, await others);
        for (var n = 0; n < pairs; n++)
        {
            var loser = Assert.Single(new[] { first[n], second[n] }, refusal => refusal is not null);
            var winner = first[n] is null ? District.Unit(n + 2) : District.Unit(n + 2_002);
            Assert.Equal(EmployerRules.CodeHeld.With("code", District.Registration(n + 2).Code).With("holder", winner.Stream), loser);
        }

        Assert.Equal(pairs + 1, (await Lines(silos[0])).Count);
        Assert.Empty(await Verify());

        async Task<Refusal?[]> Half(int offset, RunningUnion silo)
        {
            var refusals = new Refusal?[pairs];
            var bulk = Enumerable.Range(0, pairs).Where(n => n % 3 == 0 || (n % 3 == 1 && offset == 1)).ToList();
            var sent = Send(silo, [.. bulk.Select(n => Row(n + 1 + offset, District.Registration(n + 2)))], new() { WindowRows = 50 });
            await Task.WhenAll(Enumerable.Range(0, pairs).Except(bulk).Select(async n =>
                refusals[n] = (await silo.Client.Send(District.Unit(n + 1 + offset), District.Registration(n + 2), cancel: Cancel)).Refusal));
            foreach (var (n, outcome) in bulk.Zip(await sent))
            {
                Assert.Null(outcome.Fault);
                refusals[n] = outcome.Refusal;
            }

            return refusals;
        }
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task More_rows_than_the_journal_has_slots_wait_their_turn(string store)
    {
        var silo = await Start(store, limits => limits.Slots = 7);
        var outcomes = await Send(silo, [.. Enumerable.Range(2, 400).Select(n => Row(n, District.Registration(n)))], new() { WindowRows = 200 });
        Assert.All(outcomes, outcome => Assert.Equal((1, true), (outcome.Version, outcome.Accepted)));
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "18")]
    public async Task Many_are_looked_at_at_once_and_nothing_is_shown_before_its_look_is_durable(string store)
    {
        var silo = await Start(store);
        var town = new CardTown(silo.Client, Cancel);
        await town.Found();
        await town.Settle(1, 30);
        var (erased, nobody) = (CardTown.Person(30), CardTown.Person(31));
        Accepted(await silo.Client.Members.Send(erased, new MemberCommand.Withdraw(), CardTown.ByDesk, Cancel));
        Accepted(await silo.Client.Members.Send(erased, new MemberCommand.Erase(), CardTown.ByDesk with { Reason = "request", DocumentRef = "D-1" }, Cancel));
        MemberId[] people = [.. Enumerable.Range(1, 31).Select(CardTown.Person), CardTown.Person(3), new("no key")];

        var (gate, before) = (new Gate(), silo.Store.OnCommit);
        silo.Store.OnCommit = async commit =>
        {
            await gate.Wait();
            return await commit.Apply();
        };
        var looking = Look("verification");
        await gate.Reached;
        Assert.False(looking.IsCompleted);
        gate.Open();
        var looked = await looking;
        silo.Store.OnCommit = before;
        Assert.Equal(Enumerable.Range(0, people.Length).Select(n => (long)n), looked.Select(outcome => outcome.Row));
        for (var n = 1; n <= 29; n++)
            Assert.Equal((CardTown.Document(n), n == 3 ? 2 : 1, 4L, 1), (looked[n - 1].View!.Personal?.DocumentNumber, looked[n - 1].View!.Looks, looked[n - 1].Version, looked[n - 1].Events));
        Assert.Equal([MemberRules.Erased.Code, (await silo.Client.Members.Get(nobody, "verification", CardTown.Desk, Cancel)).Refusal!.Code, null, "stream.key-invalid"], looked[29..].Select(outcome => outcome.Refusal?.Code));
        Assert.All(looked[29..31], outcome => Assert.Null(outcome.View!.Personal));
        var lines = await silo.Client.MemberLooks.List(new(), Cancel).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(1, 29).Append(3).Order().Select(CardTown.Person), lines.Select(line => line.Member));
        Assert.All(lines, line => Assert.Equal(("verification", CardTown.Desk.Id), (line.Purpose, line.By)));

        // What the single look refuses is refused here too, and is recorded as little.
        foreach (var refused in await Look("curiosity")) Assert.True(refused is { Refusal: not null, View.Personal: null } or { Refusal.Code: "stream.key-invalid" });
        Assert.Equal(LookRules.PurposeUnknown.Code, (await Look("curiosity"))[0].Refusal?.Code);
        Assert.Equal(30, await silo.Client.MemberLooks.List(new(), Cancel).CountAsync(Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await silo.Client.Members.Bulk.Look(people.ToAsyncEnumerable(), "verification", cancel: Cancel).ToListAsync(Cancel));

        // Where nothing is personal, nothing is recorded.
        var units = await silo.Client.Employers.Bulk.Look(new[] { Unit, District.Unit(2) }.ToAsyncEnumerable(), "verification", CardTown.Desk, cancel: Cancel).ToListAsync(Cancel);
        Assert.Equal([(1, 100), (0, 0)], units.Select(outcome => (outcome.Version, outcome.View!.Headcount)));
        Assert.Empty(await Verify());

        Task<List<BulkOutcome<MemberView>>> Look(string purpose) => silo.Client.Members.Bulk.Look(people.ToAsyncEnumerable(), purpose, CardTown.Desk, new() { WindowRows = 50 }, Cancel).ToListAsync(Cancel).AsTask();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_of_one_aggregate_that_follow_each_other_are_not_parted_by_a_window(string store)
    {
        var silo = await Start(store);
        var rows = Enumerable.Range(2, 40).SelectMany(n => (BulkRow<EmployerId, EmployerCommand>[])[Row(n, District.Registration(n)), Row(n, new EmployerCommand.ReportHeadcount(1_000)), Row(n, new EmployerCommand.Rename($"示例单位之{n}"))]).ToList();
        var windows = new List<int>();
        silo.Store.OnRead = requests =>
        {
            lock (windows) windows.Add(requests.Count);
            return Task.CompletedTask;
        };
        Assert.All(await Send(silo, rows, new() { WindowRows = 10 }), outcome => Assert.Equal(1, outcome.Events));
        Assert.Equal(40, windows.Where(count => count > 1).Sum());
        Assert.Empty(await Verify());
    }

    [Fact]
    public void Sizes_outside_their_ranges_are_a_mistake()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BulkOptions { WindowRows = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BulkOptions { WindowRows = 5_001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BulkOptions { Windows = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new BulkOptions { Windows = 65 });
    }

    private static BulkRow<EmployerId, EmployerCommand> Row(int unit, EmployerCommand command, Guid? id = null) =>
        new(District.Unit(unit), command, new() { Operator = District.Officer, CommandId = id ?? Guid.CreateVersion7() });

    private static async Task<List<BulkOutcome<EmployerView>>> Send(RunningUnion silo, IReadOnlyList<BulkRow<EmployerId, EmployerCommand>> rows, BulkOptions? with = null) =>
        await silo.Client.Employers.Bulk.Send(rows.ToAsyncEnumerable(), with, Cancel).ToListAsync(Cancel);

    private static async Task<List<EmployerLine>> Lines(RunningUnion silo) => await silo.Client.Employers.List(new(), Cancel).ToListAsync(Cancel);
}
