using System.Collections.Immutable;
using System.Text;
using Npgsql;
using UnionDomain.Kernel;
using UnionGrains.Kernel;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Journals;

/// <summary>What one writer does to the database, table by table.</summary>
public sealed class PostgresJournalSpecs(SharedPostgres postgres) : IAsyncLifetime
{
    private static readonly Measure Unions = new("test.unions", MeasureKind.Flow, "Unions", "工会", "家");
    private static readonly Measure Members = new("test.members", MeasureKind.Stock, "Members", "会员", "人");
    private static readonly Refusal Taken = new("test.taken", "Held by {holder}.", "由{holder}持有。");
    private static readonly ReadModel Model = new("test_row", new("id", ColumnType.Text, IsKey: true), new("day", ColumnType.Date, IsKey: true), new("name", ColumnType.Text), new("amount", ColumnType.Number), new("open", ColumnType.Flag));
    private static readonly DateOnly Day = new(2025, 3, 1);
    private static readonly DateTimeOffset Now = new DateTimeOffset(2025, 3, 1, 2, 3, 4, TimeSpan.Zero).AddMicroseconds(567_891);

    private string database = "";
    private PostgresJournalStore store = null!;
    private IJournalWriter writer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = postgres.Database();
        await Run("CREATE TABLE test_row (id text COLLATE \"C\", day date, name text, amount bigint, open boolean, version bigint NOT NULL, PRIMARY KEY (id, day))");
        store = new(new() { ConnectionString = database, SiloName = "one" });
        writer = await store.OpenWriter(0, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Events_come_back_byte_for_byte_in_their_order()
    {
        var first = New("union/甲", 0, Happened("{\"name\":\"第一工会 \\\"甲\\\"\\n\"}", "{}"), reason: "换届");
        var second = Events("union/甲", 2, "{\"n\":3}");
        var other = New("union/B", 0, Happened("{\"emoji\":\"🏮\"}"), document: "文〔2025〕1号");

        var outcome = await Commit(first, other, second);
        var slices = await store.Read([new("union/甲", 0, 2), new("union/none", 0, 10), new("union/甲", 2, 1), new("union/B", 0, 10)], Cancel);

        Assert.True(outcome.Committed);
        Assert.Equal(["1:{\"name\":\"第一工会 \\\"甲\\\"\\n\"}", "2:{}"], slices[0].Entries.Select(Told));
        Assert.True(slices[0].More);
        Assert.Empty(slices[1].Entries);
        Assert.Equal(["3:{\"n\":3}"], slices[2].Entries.Select(Told));
        Assert.False(slices[2].More);
        Assert.Equal(["1:{\"emoji\":\"🏮\"}"], slices[3].Entries.Select(Told));
        Assert.Equal((first.CommandId, first.CommandHash, "happened", 1), (slices[0].Entries[0].CommandId, slices[0].Entries[0].CommandHash, slices[0].Entries[0].Event.Type, slices[0].Entries[0].Event.Schema));
        Assert.Equal("换届||2025-03-01|system:test@|2025-03-01 02:03:04.567891+00", await Ask("SELECT concat_ws('|', coalesce(reason, ''), coalesce(document_ref, ''), business_on, operator, recorded_at AT TIME ZONE 'UTC' || '+00') FROM journal WHERE stream = 'union/甲' AND version = 1"));
        Assert.Equal("t", await Ask("SELECT bool_and(reason IS NULL AND document_ref = '文〔2025〕1号')::text::char FROM journal WHERE stream = 'union/B'"));
        Assert.Equal("1", await Ask("SELECT count(DISTINCT xid) FROM journal"));
    }

    [Fact]
    public async Task A_command_is_found_by_its_id_inside_its_stream()
    {
        var append = Events("union/A", 0, "{}", "{}");
        await Commit(append);

        Assert.Equal((2, append.CommandHash), await store.FindCommand("union/A", append.CommandId, Cancel));
        Assert.Null(await store.FindCommand("union/B", append.CommandId, Cancel));
        Assert.Null(await store.FindCommand("union/A", Guid.CreateVersion7(), Cancel));
    }

    [Fact]
    public async Task A_stream_that_somebody_else_changed_is_rejected_alone_and_leaves_nothing()
    {
        await Commit(Events("union/A", 0, "{}"), Events("union/C", 0, "{}"));

        Append[] group = [Events("union/C", 1, "{}"), Counted("union/A", 0, (Unions, 1)), Events("union/B", 0, "{}"), Counted("union/A", 1, (Unions, 1))];
        var outcome = await Commit(group);

        Assert.Equal([new(1), new(3)], outcome.Rejections);
        Assert.Equal("2", await Ask("SELECT count(*) FROM journal"));
        Assert.Equal("0", await Ask("SELECT count(*) FROM fact_line"));
        Assert.True((await Commit(group[0], group[2])).Committed);
    }

    [Fact]
    public async Task A_taken_claim_names_its_holder_and_a_stream_may_take_its_own_again()
    {
        await Commit(Claims("employer/A", 0, Take("code", "1")));

        var outcome = await Commit(Claims("employer/B", 0, Take("code", "2")), Claims("employer/C", 0, Take("code", "3"), Take("code", "1")));
        Assert.Equal([new(1, new("code", "1"), "employer/A")], outcome.Rejections);
        Assert.Equal("1", await Ask("SELECT count(*) FROM claim"));
        Assert.Equal("1", await Ask("SELECT count(*) FROM journal"));

        Assert.True((await Commit(Claims("employer/A", 1, Take("code", "1")))).Committed);
        Assert.True((await Commit(Claims("employer/A", 2, Free("code", "1")))).Committed);
        Assert.True((await Commit(Claims("employer/C", 0, Take("code", "1")))).Committed);
        Assert.Equal("employer/C", await Ask("SELECT stream FROM claim"));
    }

    [Fact]
    public async Task The_last_change_of_a_claim_inside_a_group_counts_and_a_foreign_release_does_nothing()
    {
        await Commit(Claims("employer/A", 0, Take("code", "1")));

        Assert.True((await Commit(
            Claims("employer/A", 1, Free("code", "1")), Claims("employer/A", 2, Take("code", "1")),
            Claims("employer/B", 0, Take("code", "2")), Claims("employer/B", 1, Free("code", "2")),
            Claims("employer/B", 2, Take("code", "4")))).Committed);
        Assert.True((await Commit(Claims("employer/C", 0, Free("code", "4")))).Committed);

        Assert.Equal("1=employer/A,4=employer/B", await Ask("SELECT string_agg(key || '=' || stream, ',' ORDER BY key) FROM claim"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_is_left_of_a_stream_that_begins_here_is_replaced_whatever_it_is(bool repeats)
    {
        await Run("INSERT INTO test_row (id, day, name, version) VALUES ('A', '2025-03-01', 'left', 0), ('B', '2025-03-01', 'newer', 7)");
        await Run("INSERT INTO claim (kind, key, stream) VALUES ('code', '1', 'union/A')");
        await Run("INSERT INTO person_key (stream, master, wrapped) VALUES ('union/B', 'm0', '')");
        Append[] group =
        [
            New("union/A", 0, Happened("{}") with { Rows = [Line("A", "new", 1, true)], Claims = [Take("code", "1"), Take("code", "2")] }),
            New("union/B", 0, Happened("{}") with { Rows = [Line("B", "new", 1, true)] }, key: new("m1", new byte[] { 5 })),
            New("union/C", 0, Happened("{}") with { Rows = [Line("C", "new", 1, true)] }, key: new("m1", new byte[] { 6 })),
        ];

        Assert.True((await writer.Commit(group, repeats, Cancel)).Committed);
        Assert.True((await writer.Commit(group, repeats: true, Cancel)).Committed);

        Assert.Equal("3", await Ask("SELECT count(*) FROM journal"));
        Assert.Equal("A:new:1,B:newer:7,C:new:1", await Ask("SELECT string_agg(concat_ws(':', id, name, version), ',' ORDER BY id) FROM test_row"));
        Assert.Equal("1=union/A,2=union/A", await Ask("SELECT string_agg(key || '=' || stream, ',' ORDER BY key) FROM claim"));
        Assert.Equal(["m1 05", "m1 06"], (await store.ReadKeys(["union/B", "union/C"], Cancel)).Select(key => $"{key!.Master} {Convert.ToHexString(key.Wrapped.Span)}"));
    }

    [Fact]
    public async Task A_stream_that_begins_may_change_its_row_and_its_claims_in_the_same_group()
    {
        Assert.True((await Commit(
            New("union/A", 0, Happened("{}") with { Rows = [Line("A", "first", 1, true)], Claims = [Take("code", "1"), Take("code", "2")] }),
            New("union/A", 1, Happened("{}") with { Rows = [Line("A", "second", 2, null), new(Model, ["A", DateOnly.MaxValue, null, null, null])], Claims = [Free("code", "1")] }))).Committed);
        Assert.Equal([new(0, new("code", "2"), "union/A")], (await Commit(Claims("union/B", 0, Take("code", "1"), Take("code", "2")))).Rejections);

        Assert.Equal("2025-03-01:second:2,infinity::2", await Ask("SELECT string_agg(concat_ws(':', day, coalesce(name, ''), version), ',' ORDER BY day) FROM test_row"));
        Assert.Equal("2=union/A", await Ask("SELECT string_agg(key || '=' || stream, ',' ORDER BY key) FROM claim"));
    }

    [Fact]
    public async Task A_repeated_group_that_was_committed_is_committed_once()
    {
        Append[] group = [Counted("union/A", 0, (Unions, 1)), Counted("union/B", 0, (Unions, 1)), Counted("union/A", 1, (Unions, 1))];
        Assert.True((await Commit(group)).Committed);

        Assert.True((await writer.Commit(group, repeats: true, Cancel)).Committed);
        Assert.Equal("3", await Ask("SELECT sum(value) FROM fact"));
        Assert.Equal([0, 1, 2], (await Commit(group)).Rejections.Select(rejection => rejection.Index));

        // One row of another command in its place: the earlier attempt did not commit.
        Append[] beside = [group[0], Counted("union/B", 0, (Unions, 1))];
        Assert.Equal([0, 1], (await writer.Commit(beside, repeats: true, Cancel)).Rejections.Select(rejection => rejection.Index));
    }

    [Fact]
    public async Task Increments_of_a_group_are_merged_and_every_line_is_kept()
    {
        await Commit(Counted("union/A", 0, (Unions, 1), (Members, 30), (Unions, 2)), Counted("union/B", 0, (Members, -10)));
        await Commit(Counted("union/A", 1, (Members, 5)));

        Assert.Equal("test.members:25,test.unions:3", await Ask("SELECT string_agg(measure || ':' || value, ',' ORDER BY measure) FROM fact"));
        Assert.Equal("union/A:1:0:1,union/A:1:1:30,union/A:1:2:2,union/A:2:0:5,union/B:1:0:-10", await Ask("SELECT string_agg(concat_ws(':', stream, version, n, value), ',' ORDER BY stream, version, n) FROM fact_line"));
    }

    [Fact]
    public async Task A_fact_counts_on_its_own_day_and_by_its_subject()
    {
        Fact plain = new(Members, new("U-1"), 1), unit = plain with { Subject = "E-1" }, ends = new(Members, new("U-1"), -1) { Subject = "E-1", On = new(2030, 1, 2) };

        await Commit(New("member/1", 0, Happened("{}") with { Facts = [(0, plain), (0, unit), (0, ends), (0, unit)] }));

        Assert.Equal(":0:1,E-1:0:2,E-1:1:-1", await Ask("SELECT string_agg(concat_ws(':', subject, (business_on = '2030-01-02')::int, value), ',' ORDER BY subject, business_on) FROM fact"));
        Assert.Equal("0::0:1,1:E-1:0:1,2:E-1:1:-1,3:E-1:0:1",
            await Ask("SELECT string_agg(concat_ws(':', n, subject, (business_on = '2030-01-02')::int, value), ',' ORDER BY n) FROM fact_line"));
    }

    [Fact]
    public async Task Writers_add_to_rows_of_their_own_and_a_number_given_back_is_used_again()
    {
        var second = await store.OpenWriter(1, Cancel);
        await Commit(Counted("union/A", 0, (Unions, 1)));
        await second.Commit([Counted("union/B", 0, (Unions, 1))], repeats: false, Cancel);
        Assert.Equal("0,1", await Ask("SELECT string_agg(writer::text, ',' ORDER BY writer) FROM fact"));

        await second.DisposeAsync();
        await using (var third = await store.OpenWriter(1, Cancel))
            await third.Commit([Counted("union/C", 0, (Unions, 1))], repeats: false, Cancel);
        Assert.Equal("0:1,1:2", await Ask("SELECT string_agg(writer || ':' || value, ',' ORDER BY writer) FROM fact"));
    }

    [Fact]
    public async Task Rows_of_read_models_keep_the_newest_version_and_all_types()
    {
        await Commit(Listed("union/A", 0, Line("A", "旧", 1, true)), Listed("union/A", 1, Line("A", "新", null, null)), Listed("union/B", 0, Line("B", null, long.MaxValue, false)));
        Assert.Equal("A:新:::2,B::9223372036854775807:f:1", await Rows());

        await Run("UPDATE test_row SET version = 7 WHERE id = 'B'");
        await Commit(Listed("union/A", 2, Line("A", "更新", 3, true)), Listed("union/B", 1, Line("B", "stale", 1, true)));
        Assert.Equal("A:更新:3:t:3,B::9223372036854775807:f:7", await Rows());

        Task<string> Rows() => Ask("SELECT string_agg(concat_ws(':', id, coalesce(name, ''), coalesce(amount::text, ''), coalesce(open::text::char, ''), version), ',' ORDER BY id) FROM test_row");
    }

    [Fact]
    public async Task Effects_are_stored_with_the_event_that_causes_them()
    {
        await Commit(New("grant/A", 4, Happened("{}", "{}"), outbox: [new(0, 0, "fund/甲", new("pay", 2, "{\"fen\":1}"u8.ToArray())), new(1, 1, "member/B", new("told", 1, "{\"名\":\"\"}"u8.ToArray()))]));

        Assert.Equal("5:0:fund/甲:pay:2:{\"fen\":1},6:1:member/B:told:1:{\"名\":\"\"}", await Ask("SELECT string_agg(concat_ws(':', version, n, target, type, schema, command), ',' ORDER BY version) FROM outbox WHERE source = 'grant/A'"));
    }

    [Fact]
    public async Task Facts_carry_the_number_of_the_newest_closing()
    {
        Assert.Equal((0, (DateOnly?)null), await store.ReadClosing(Cancel));
        Assert.Equal(0, (await Commit(Counted("union/A", 0, (Unions, 1)))).Closing);
        await Run("INSERT INTO closing (number, closed_through) VALUES (1, '2025-06-30')");

        Assert.Equal(1, (await Commit(Counted("union/A", 1, (Unions, 1)))).Closing);
        Assert.Equal((1, new DateOnly(2025, 6, 30)), await store.ReadClosing(Cancel));
        Assert.Equal("0,1", await Ask("SELECT string_agg(closing::text, ',' ORDER BY closing) FROM fact"));
        Assert.Equal("0,1", await Ask("SELECT string_agg(closing::text, ',' ORDER BY closing) FROM fact_line"));
    }

    [Fact]
    public async Task A_group_waits_for_a_closing_under_way_and_is_blocked_without_trace_when_that_takes_too_long()
    {
        await using var closing = new NpgsqlConnection(database);
        await closing.OpenAsync(Cancel);
        await using var freeze = await closing.BeginTransactionAsync(Cancel);
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({PostgresJournalStore.ClosingLock})", closing, freeze);
        await command.ExecuteNonQueryAsync(Cancel);

        var append = Counted("union/A", 0, (Unions, 1));
        var blocked = await Assert.ThrowsAsync<GroupNotCommittedException>(() => Commit(append));
        Assert.Equal(NotCommitted.Blocked, blocked.Why);
        Assert.Equal("0", await Ask("SELECT count(*) FROM journal"));

        // A repeat cannot know what became of the first attempt before it has seen the journal.
        await Assert.ThrowsAsync<PostgresException>(() => writer.Commit([append], repeats: true, Cancel));

        await freeze.RollbackAsync(Cancel);
        Assert.True((await Commit(append)).Committed);
    }

    [Fact]
    public async Task A_group_the_database_refuses_leaves_nothing_and_the_writer_goes_on()
    {
        var missing = new ReadModel("missing_table", new Column("id", ColumnType.Text, IsKey: true), new Column("name", ColumnType.Text));

        var refused = await Assert.ThrowsAsync<GroupNotCommittedException>(() => Commit(Listed("union/A", 0, new Row(missing, ["A", "n"]))));

        Assert.Equal(NotCommitted.Refused, refused.Why);
        Assert.Equal("0", await Ask("SELECT count(*) FROM journal"));
        Assert.True((await Commit(Listed("union/A", 0, Line("A", "n", 1, true)))).Committed);
    }

    [Fact]
    public async Task A_terminated_silo_is_certainly_not_committed_and_its_writer_comes_back()
    {
        await Commit(Events("union/A", 0, "{}"));
        await using var other = new PostgresJournalStore(new() { ConnectionString = database, SiloName = "two" });

        await other.TerminateBackends("one");
        Assert.Equal("0", await Ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'union-silo/one'"));

        var failed = await Assert.ThrowsAsync<GroupNotCommittedException>(() => Commit(Events("union/A", 1, "{}")));
        Assert.Equal(NotCommitted.Unavailable, failed.Why);
        Assert.True((await Commit(Events("union/A", 1, "{}"))).Committed);
    }

    [Fact]
    public async Task A_writer_opened_again_ends_its_former_session_and_the_rows_that_one_holds()
    {
        // The former session stands for one whose connection was lost on this side only.
        await using var again = await store.OpenWriter(0, Cancel);

        Assert.Equal("1", await Ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'union-silo/one'"));
        Assert.True((await again.Commit([Counted("union/A", 0, (Unions, 1))], repeats: true, Cancel)).Committed);
        Assert.Equal("0", await Ask("SELECT max(writer) FROM fact"));
    }

    [Fact]
    public async Task A_database_that_is_away_is_unavailable()
    {
        await using var away = new PostgresJournalStore(new() { ConnectionString = new NpgsqlConnectionStringBuilder(database) { Port = FreePort.Next() }.ConnectionString, SiloName = "one" });

        Assert.Equal(NotCommitted.Unavailable, (await Assert.ThrowsAsync<GroupNotCommittedException>(() => away.OpenWriter(0, Cancel))).Why);
    }

    [Theory, InlineData("fsync"), InlineData("synchronous_commit")]
    public async Task A_database_that_may_lose_commits_is_refused_unless_allowed(string setting)
    {
        using var server = PostgresServer.Create(new Dictionary<string, string>(StringComparer.Ordinal) { [setting] = "off" });
        Schema.Postgres(server.ConnectionString).Upgrade();
        await using var strict = new PostgresJournalStore(new() { ConnectionString = server.ConnectionString, SiloName = "one" });
        await using var lenient = new PostgresJournalStore(new() { ConnectionString = server.ConnectionString, SiloName = "one", AllowUnsafeDurability = true });

        Assert.Equal(setting, (await Assert.ThrowsAsync<UnsafeDurabilityException>(() => strict.CheckDurability(Cancel))).Setting);
        Assert.Equal(setting, (await Assert.ThrowsAsync<UnsafeDurabilityException>(() => strict.OpenWriter(0, Cancel))).Setting);
        await lenient.CheckDurability(Cancel);
        await (await lenient.OpenWriter(0, Cancel)).DisposeAsync();
    }

    private static string Told(JournalEntry entry) => $"{entry.Version}:{Encoding.UTF8.GetString(entry.Event.Json.Span)}";

    private static ClaimChange Take(string kind, string key) => ClaimChange.Take(new(kind, key), Taken);

    private static ClaimChange Free(string kind, string key) => ClaimChange.Release(new(kind, key));

    private static Row Line(string id, string? name, long? amount, bool? open) => new(Model, [id, Day, name, amount, open]);

    private static Append Events(string stream, long expected, params string[] json) => New(stream, expected, Happened(json));

    private static Append Counted(string stream, long expected, params (Measure Measure, long Value)[] facts) =>
        New(stream, expected, Happened("{}") with { Facts = [.. facts.Select(fact => (0, new Fact(fact.Measure, new("U-1"), fact.Value)))] });

    private static Append Claims(string stream, long expected, params ClaimChange[] claims) => New(stream, expected, Happened("{}") with { Claims = [.. claims] });

    private static Append Listed(string stream, long expected, params Row[] rows) => New(stream, expected, Happened("{}") with { Rows = [.. rows] });

    private static Consequences Happened(params string[] json) => new([.. json.Select(text => new StoredEvent("happened", 1, Encoding.UTF8.GetBytes(text)))], [], [], [], []);

    private static Append New(string stream, long expected, Consequences consequences, string? reason = null, string? document = null, WrappedKey? key = null, params ImmutableArray<OutboxEntry> outbox) => new()
    {
        Stream = stream,
        ExpectedVersion = expected,
        Token = new(),
        CommandId = Guid.CreateVersion7(),
        CommandHash = long.MinValue + expected,
        Operator = "system:test@",
        Reason = reason,
        DocumentRef = document,
        BusinessOn = Day,
        RecordedAt = Now,
        Consequences = consequences,
        Outbox = outbox,
        Key = key,
    };

    private Task<GroupOutcome> Commit(params Append[] group) => writer.Commit(group, repeats: false, Cancel);

    private async Task Run(string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<string> Ask(string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(Cancel), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }
}
