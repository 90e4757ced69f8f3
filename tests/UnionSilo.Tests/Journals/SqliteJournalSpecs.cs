using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using UnionDomain;
using UnionDomain.Kernel;
using UnionGrains.Kernel;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Journals;

public sealed class SqliteJournalSpecs : IAsyncLifetime
{
    private static readonly DateOnly May6 = new(2024, 5, 6);
    private static readonly Measure MembersNew = new("members.new", MeasureKind.Flow, "New members", "新发展会员", "人");
    private static readonly Refusal NumberTaken = new("member.number-taken", "The number is held by {holder}.", "该号码已由{holder}登记。");
    private static readonly Guid Command = new("018f4d2e-0000-7000-8000-0123456789ab");

    private static readonly ReadModel Member = new("test_member",
        new("member_id", ColumnType.Text, IsKey: true),
        new("mask", ColumnType.Text),
        new("age", ColumnType.Number),
        new("joined_on", ColumnType.Date),
        new("valid", ColumnType.Flag));

    private readonly TemporaryFolder folder = new();
    private readonly SqliteJournalStore store;

    public SqliteJournalSpecs() => store = new(new() { File = Journal });

    private string Journal => Path.Combine(folder.Path, "data", "union.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        store.TakeFile();
        Schema.Sqlite(Journal).Upgrade();
        Execute("CREATE TABLE test_member (member_id TEXT PRIMARY KEY, mask TEXT, age INTEGER, joined_on TEXT, valid INTEGER, version INTEGER NOT NULL) STRICT, WITHOUT ROWID");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_committed_append_is_read_back_byte_for_byte()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        var joined = Event("joined", "{\"name\":\"张三\",\"note\":\"a\\u0000b\"}");
        var left = Event("left", "{}", schema: 3);

        var outcome = await writer.Commit([(Of("member/1", 0, joined, left) with { Reason = "退休 😀" }).Build()], repeats: false, Cancel);

        Assert.True(outcome.Committed);
        var slice = Assert.Single(await store.Read([new("member/1", 0, 10)], Cancel));
        Assert.False(slice.More);
        Assert.Equal([1, 2], slice.Entries.Select(entry => entry.Version));
        Assert.Equal(joined.Json.ToArray(), slice.Entries[0].Event.Json.ToArray());
        Assert.Equal(("left", 3), (slice.Entries[1].Event.Type, slice.Entries[1].Event.Schema));
        Assert.All(slice.Entries, entry => Assert.Equal((Command, -7L), (entry.CommandId, entry.CommandHash)));
    }

    [Fact]
    public async Task Chinese_empty_and_missing_texts_are_kept_apart()
    {
        await using var writer = await store.OpenWriter(0, Cancel);

        await writer.Commit([(Of("member/1", 0, Event("joined")) with { Reason = "", DocumentRef = null, Operator = "经办人:李" }).Build()], repeats: false, Cancel);

        Assert.Equal("|NULL|经办人:李|2024-05-06|1714953600123456", Text(
            "SELECT reason || '|' || coalesce(document_ref, 'NULL') || '|' || operator || '|' || business_on || '|' || recorded_at FROM journal"));
        Assert.Equal("018F4D2E0000700080000123456789AB", Text("SELECT hex(command_id) FROM journal"));
    }

    [Fact]
    public async Task Many_streams_are_read_in_the_order_asked_each_up_to_its_limit()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        await writer.Commit([Of("member/1", 0, Event("a"), Event("b"), Event("c")).Build(), Of("member/2", 0, Event("d")).Build()], repeats: false, Cancel);

        var slices = await store.Read([new("member/2", 0, 1), new("member/none", 0, 5), new("member/1", 1, 1), new("member/1", 0, 3)], Cancel);

        Assert.Equal(["d", "", "b", "a,b,c"], slices.Select(slice => string.Join(',', slice.Entries.Select(entry => entry.Event.Type))));
        Assert.Equal([false, false, true, false], slices.Select(slice => slice.More));
    }

    [Fact]
    public async Task A_command_is_found_in_its_stream_with_its_last_version()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        await writer.Commit([Of("member/1", 0, Event("a"), Event("b")).Build()], repeats: false, Cancel);

        Assert.Equal((2, -7), await store.FindCommand("member/1", Command, Cancel));
        Assert.Null(await store.FindCommand("member/2", Command, Cancel));
        Assert.Null(await store.FindCommand("member/1", Guid.Empty, Cancel));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_append_beside_the_head_is_named_and_nothing_of_its_group_commits(int expected)
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        await writer.Commit([Of("member/1", 0, Event("joined")).Build()], repeats: false, Cancel);

        var outcome = await writer.Commit(
            [Of("member/2", 0, Event("joined")).Build(), Of("member/1", expected, Event("left")).Build(), Of("member/1", expected + 1, Event("left")).Build()], repeats: false, Cancel);

        Assert.Equal([new Rejection(1)], outcome.Rejections);
        Assert.Equal(1, Number("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_taken_claim_is_rejected_with_its_holder_and_free_after_its_release()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        var key = new ClaimKey("id-number", "hash-1");
        await writer.Commit([(Of("member/1", 0, Event("joined")) with { Claims = [ClaimChange.Take(key, NumberTaken)] }).Build()], repeats: false, Cancel);
        var second = (Of("member/2", 0, Event("joined")) with { Claims = [ClaimChange.Take(key, NumberTaken)] }).Build();

        var refused = await writer.Commit([Of("member/3", 0, Event("joined")).Build(), second], repeats: false, Cancel);
        await writer.Commit([(Of("member/1", 1, Event("left")) with { Claims = [ClaimChange.Release(key)] }).Build()], repeats: false, Cancel);
        var accepted = await writer.Commit([second], repeats: false, Cancel);

        Assert.Equal([new Rejection(1, key, "member/1")], refused.Rejections);
        Assert.True(accepted.Committed);
        Assert.Equal("member/2", Text("SELECT stream FROM claim WHERE kind = 'id-number' AND key = 'hash-1'"));
    }

    [Fact]
    public async Task A_stream_may_give_a_key_back_and_take_it_again_in_one_group()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        var key = new ClaimKey("id-number", "hash-1");
        await writer.Commit([(Of("member/1", 0, Event("joined")) with { Claims = [ClaimChange.Take(key, NumberTaken)] }).Build()], repeats: false, Cancel);

        var outcome = await writer.Commit(
            [
                (Of("member/1", 1, Event("left")) with { Claims = [ClaimChange.Release(key)] }).Build(),
                (Of("member/1", 2, Event("joined")) with { Claims = [ClaimChange.Take(key, NumberTaken), ClaimChange.Take(key, NumberTaken)] }).Build(),
            ], repeats: false, Cancel);

        Assert.True(outcome.Committed);
        Assert.Equal("member/1", Text("SELECT stream FROM claim"));
    }

    [Fact]
    public async Task A_repeated_group_that_is_there_is_committed_and_not_written_twice()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        Append[] group = [(Of("member/1", 0, Event("joined")) with { Facts = [new(MembersNew, new("U-1"), 1)] }).Build(), Of("member/2", 0, Event("joined")).Build()];
        await writer.Commit(group, repeats: false, Cancel);

        var again = await writer.Commit(group, repeats: true, Cancel);
        var strange = await writer.Commit([Of("member/1", 0, Event("joined")).At(1).Build()], repeats: true, Cancel);

        Assert.True(again.Committed);
        Assert.Equal([new Rejection(0)], strange.Rejections);
        Assert.Equal((2, 1), (Number("SELECT count(*) FROM journal"), Number("SELECT value FROM fact")));
    }

    [Fact]
    public async Task A_repeated_group_that_is_not_there_is_written()
    {
        await using var writer = await store.OpenWriter(0, Cancel);

        var outcome = await writer.Commit([Of("member/1", 0, Event("joined")).Build()], repeats: true, Cancel);

        Assert.True(outcome.Committed);
        Assert.Equal(1, Number("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task Increments_of_a_group_are_merged_and_every_line_is_kept()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        Fact one = new(MembersNew, new("U-1"), 1), minus = new(MembersNew, new("U-2"), -1), plus = new(MembersNew, new("U-2"), 1);

        await writer.Commit([(Of("member/1", 0, Event("joined")) with { Facts = [one, minus] }).Build(), (Of("member/2", 0, Event("joined")) with { Facts = [one, plus] }).Build()], repeats: false, Cancel);
        await writer.Commit([(Of("member/3", 0, Event("joined")) with { Facts = [one] }).Build()], repeats: false, Cancel);

        Assert.Equal("members.new U-1 2024-05-06 0 0 3", Text("SELECT group_concat(concat_ws(' ', measure, union_id, business_on, closing, writer, value)) FROM fact"));
        Assert.Equal("member/1 1 0 1,member/2 1 0 1,member/3 1 0 1", Text("SELECT group_concat(concat_ws(' ', stream, version, n, value)) FROM fact_line WHERE union_id = 'U-1'"));
        Assert.Equal(0, Number("SELECT sum(value) FROM fact_line WHERE union_id = 'U-2'"));
    }

    [Fact]
    public async Task A_fact_counts_on_its_own_day_and_by_its_subject()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        Fact plain = new(MembersNew, new("U-1"), 1), unit = plain with { Subject = "E-1" }, ends = new(MembersNew, new("U-1"), -1) { Subject = "E-1", On = new(2030, 1, 2) };

        await writer.Commit([(Of("member/1", 0, Event("joined")) with { Facts = [plain, unit, ends, unit] }).Build()], repeats: false, Cancel);

        Assert.Equal(" 2024-05-06 1,E-1 2024-05-06 2,E-1 2030-01-02 -1", Text("SELECT group_concat(concat_ws(' ', subject, business_on, value)) FROM fact"));
        Assert.Equal("0  2024-05-06 1,1 E-1 2024-05-06 1,2 E-1 2030-01-02 -1,3 E-1 2024-05-06 1", Text("SELECT group_concat(concat_ws(' ', n, subject, business_on, value), ',' ORDER BY n) FROM fact_line"));
    }

    [Fact]
    public async Task The_last_row_of_a_key_wins_and_an_older_version_never_turns_it_back()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        await writer.Commit(
            [
                (Of("member/1", 0, Event("joined")) with { Rows = [new(Member, ["1", "张*", 30L, May6, true])] }).Build(),
                (Of("member/1", 1, Event("changed")) with { Rows = [new(Member, ["1", "", null, null, false])] }).Build(),
            ], repeats: false, Cancel);
        Assert.Equal("1||NULL|NULL|0|2", Row());

        Execute("UPDATE test_member SET version = 9");
        await writer.Commit([(Of("member/1", 2, Event("changed")) with { Rows = [new(Member, ["1", "李*", 31L, May6, true])] }).Build()], repeats: false, Cancel);
        Assert.Equal("1||NULL|NULL|0|9", Row());

        string? Row() => Text("SELECT member_id || '|' || mask || '|' || coalesce(age, 'NULL') || '|' || coalesce(joined_on, 'NULL') || '|' || valid || '|' || version FROM test_member");
    }

    [Fact]
    public async Task Facts_carry_the_number_of_the_newest_closing()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        var before = await writer.Commit([(Of("member/1", 0, Event("joined")) with { Facts = [new(MembersNew, new("U-1"), 1)] }).Build()], repeats: false, Cancel);
        Assert.Equal((0, (DateOnly?)null), await store.ReadClosing(Cancel));

        Execute("INSERT INTO closing (number, closed_through) VALUES (1, '2024-03-31'), (2, '2024-06-30')");
        var after = await writer.Commit([(Of("member/2", 0, Event("joined")) with { Facts = [new(MembersNew, new("U-1"), 1)] }).Build()], repeats: false, Cancel);

        Assert.Equal((0, 2), (before.Closing, after.Closing));
        Assert.Equal((2, new DateOnly(2024, 6, 30)), await store.ReadClosing(Cancel));
        Assert.Equal("0:1,2:1", Text("SELECT group_concat(closing || ':' || value) FROM fact"));
        Assert.Equal("0,2", Text("SELECT group_concat(closing) FROM fact_line"));
    }

    [Fact]
    public async Task Effects_are_stored_under_the_version_of_their_event()
    {
        await using var writer = await store.OpenWriter(0, Cancel);

        await writer.Commit([(Of("member/1", 0, Event("joined"), Event("moved")) with { Outbox = [new(0, 1, "union/2", Event("count", "{\"n\":1}"))] }).Build()], repeats: false, Cancel);

        Assert.Equal("member/1 union/2 2 0 count 1 {\"n\":1}", Text("SELECT concat_ws(' ', source, target, version, n, type, schema, command) FROM outbox"));
    }

    [Fact]
    public async Task An_erased_key_stands_nowhere_in_the_file_or_its_log()
    {
        byte[] erased = [.. Enumerable.Range(0, 60).Select(i => (byte)(200 - (i * 2)))], control = [.. Enumerable.Range(0, 60).Select(i => (byte)(17 + (i * 3)))];
        await using var writer = await store.OpenWriter(0, Cancel);
        Append[] group =
        [
            .. Enumerable.Range(0, 400).Select(i => (Of($"member/{i:D3}", 0, Event("joined")) with { Key = new("m1", i == 200 ? erased : i == 201 ? control : [.. BitConverter.GetBytes(i), .. new byte[56]]) }).Build()),
        ];
        await writer.Commit(group, repeats: false, Cancel);
        Assert.True(Stands(erased) && Stands(control));
        var busy = Execute("PRAGMA wal_checkpoint"); // From here on it stands in both.
        Assert.Equal(0L, busy);

        // A reader that needs the log keeps it; the next group finds it free.
        using (var reader = Connect(Journal))
        {
            Execute(reader, "BEGIN");
            Execute(reader, "SELECT count(*) FROM person_key");
            await writer.Commit([(Of("member/200", 1, Event("erased")) with { Erases = true }).Build()], repeats: false, Cancel);
            Assert.True(Stands(erased));
        }

        await writer.Commit([Of("member/1", 0, Event("joined")).Build()], repeats: false, Cancel);

        Assert.False(Stands(erased));
        Assert.True(Stands(control));

        bool Stands(byte[] bytes) => ((string[])["", "-wal"]).Any(suffix =>
        {
            using var file = new FileStream(Journal + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var content = new MemoryStream();
            file.CopyTo(content);
            return content.ToArray().AsSpan().IndexOf(bytes) >= 0;
        });
    }

    [Fact]
    public async Task A_full_database_refuses_the_group_and_goes_on_when_there_is_room_again()
    {
        var room = false;
        store.Opened = connection =>
        {
            if (!room) Execute(connection, $"PRAGMA max_page_count = {Number("PRAGMA page_count")}");
        };
        await using var writer = await store.OpenWriter(0, Cancel);
        var large = Of("member/1", 0, Event("joined", $"\"{new string('x', 100_000)}\"")).Build();

        var full = await Assert.ThrowsAsync<GroupNotCommittedException>(() => writer.Commit([large], repeats: false, Cancel));
        var still = await Assert.ThrowsAsync<GroupNotCommittedException>(() => writer.Commit([large], repeats: false, Cancel));
        room = true;
        Assert.Equal(0, Number("SELECT count(*) FROM journal"));
        var recovered = await writer.Commit([large], repeats: false, Cancel);

        Assert.Equal((NotCommitted.Full, NotCommitted.Full), (full.Why, still.Why));
        Assert.True(recovered.Committed);
    }

    [Fact]
    public async Task A_failed_commit_leaves_nothing_and_the_next_one_works()
    {
        var (failures, opened) = (0, 0);
        store.Opened = connection =>
        {
            if (++opened == 1) raw.sqlite3_commit_hook(connection.Handle, _ => ++failures, null);
        };
        await using var writer = await store.OpenWriter(0, Cancel);
        var joined = Of("member/1", 0, Event("joined")).Build();

        var refused = await Assert.ThrowsAsync<GroupNotCommittedException>(() => writer.Commit([joined], repeats: false, Cancel));
        Assert.Equal(0, Number("SELECT count(*) FROM journal"));
        var next = await writer.Commit([joined], repeats: false, Cancel);

        Assert.Equal((NotCommitted.Refused, 1), (refused.Why, failures));
        Assert.True(next.Committed);
        Assert.Equal(1, Number("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_value_no_column_can_hold_is_refused_and_the_next_group_works()
    {
        await using var writer = await store.OpenWriter(0, Cancel);

        var refused = await Assert.ThrowsAsync<GroupNotCommittedException>(() =>
            writer.Commit([(Of("member/1", 0, Event("joined")) with { Rows = [new(Member, ["1", 3.5, null, null, null])] }).Build()], repeats: false, Cancel));
        var next = await writer.Commit([(Of("member/1", 0, Event("joined")) with { Rows = [new(Member, ["1", "张*", null, null, null])] }).Build()], repeats: false, Cancel);

        Assert.Equal(NotCommitted.Refused, refused.Why);
        Assert.True(next.Committed);
    }

    [Fact]
    public async Task A_group_behind_another_transaction_is_blocked_and_certainly_not_there()
    {
        await using var impatient = new SqliteJournalStore(new() { File = folder.File("blocked.db"), BusyTimeout = TimeSpan.FromMilliseconds(1) });
        impatient.TakeFile();
        Schema.Sqlite(folder.File("blocked.db")).Upgrade();
        using var other = Connect(folder.File("blocked.db"));
        await using var writer = await impatient.OpenWriter(0, Cancel);

        NotCommitted why;
        using (other.BeginTransaction())
            why = (await Assert.ThrowsAsync<GroupNotCommittedException>(() => writer.Commit([Of("member/1", 0, Event("joined")).Build()], repeats: false, Cancel))).Why;
        var next = await writer.Commit([Of("member/1", 0, Event("joined")).Build()], repeats: false, Cancel);

        Assert.Equal(NotCommitted.Blocked, why);
        Assert.True(next.Committed);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_unavailable()
    {
        var file = folder.File("other.db");
        await File.WriteAllTextAsync(file, new string('x', 8192), Cancel);
        await using var other = new SqliteJournalStore(new() { File = file });

        var refused = await Assert.ThrowsAsync<GroupNotCommittedException>(() => other.OpenWriter(0, Cancel));

        Assert.Equal(NotCommitted.Unavailable, refused.Why);
    }

    [Fact]
    public async Task A_second_process_may_read_the_file_but_not_write_it()
    {
        await using var writer = await store.OpenWriter(0, Cancel);
        await writer.Commit([Of("member/1", 0, Event("joined")).Build()], repeats: false, Cancel);

        Assert.Equal("1 event read, writer refused: Unavailable", await InAnotherProcess(Journal));
    }

    [Fact]
    public async Task A_store_that_is_disposed_gives_its_file_back()
    {
        await (await store.OpenWriter(0, Cancel)).DisposeAsync();
        await store.DisposeAsync();

        Assert.Equal("0 event read, writer opened", await InAnotherProcess(Journal));
    }

    [Fact]
    public async Task The_file_is_the_owners_alone_and_keeps_a_log_and_full_syncs()
    {
        var synchronous = "";
        store.Opened = connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous";
            synchronous = command.ExecuteScalar()?.ToString();
        };
        await using var writer = await store.OpenWriter(0, Cancel);
        await writer.Commit([Of("member/1", 0, Event("joined")).Build()], repeats: false, Cancel);

        if (!OperatingSystem.IsWindows())
            foreach (var suffix in (string[])["", "-wal", ".lock"]) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Journal + suffix));
        Assert.Equal(("wal", "2"), (Text("PRAGMA journal_mode"), synchronous));
    }

    [Theory]
    [MemberData(nameof(ReadModels))]
    public void A_read_models_table_has_its_columns_and_the_version(string name)
    {
        var model = Models().Single(model => model.Table == name);

        Assert.Equal(
            [.. model.Columns.Select(column => (column.Name, column.Type is ColumnType.Text or ColumnType.Date ? "TEXT" : "INTEGER", column.IsKey)), ("version", "INTEGER", false)],
            Columns(name));
    }

    public static TheoryData<string> ReadModels() => [.. Models().Select(model => model.Table)];

    private static IEnumerable<ReadModel> Models() => Rooms.All.SelectMany(room => room.ReadModels);

    /// <summary>The other side of the tests with two processes: reads the file, then tries to write it, and says what became of both.</summary>
    internal static async Task<string> Visit(string file)
    {
        await using var visitor = new SqliteJournalStore(new() { File = file });
        var slices = await visitor.Read([new("member/1", 0, 10)], CancellationToken.None);
        var read = $"{slices[0].Entries.Length} event read, writer ";
        try
        {
            await (await visitor.OpenWriter(0, CancellationToken.None)).DisposeAsync();
            return read + "opened";
        }
        catch (GroupNotCommittedException refused) when (refused.InnerException is IOException reason && reason.Message.Contains("in use", StringComparison.Ordinal))
        {
            return $"{read}refused: {refused.Why}";
        }
    }

    private static async Task<string> InAnotherProcess(string file)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "UnionSilo.Tests"), ["visit-sqlite", file]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return said.Trim();
    }

    private static StoredEvent Event(string type, string json = "{}", int schema = 1) => new(type, schema, Encoding.UTF8.GetBytes(json));

    private static Draft Of(string stream, long expected, params ImmutableArray<StoredEvent> events) => new(stream, expected, events);

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private object? Execute(string sql)
    {
        using var connection = Connect(Journal);
        return Execute(connection, sql);
    }

    private long Number(string sql) => (long)Execute(sql)!;

    private string? Text(string sql) => (string?)Execute(sql);

    private List<(string Name, string Type, bool IsKey)> Columns(string table)
    {
        using var connection = Connect(Journal);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, type, pk > 0 FROM pragma_table_info($table) ORDER BY cid";
        command.Parameters.AddWithValue("$table", table);
        using var reader = command.ExecuteReader();
        List<(string, string, bool)> columns = [];
        while (reader.Read()) columns.Add((reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        return columns;
    }

    private sealed record Draft(string Stream, long Expected, ImmutableArray<StoredEvent> Events)
    {
        private DateTimeOffset at = new DateTimeOffset(2024, 5, 6, 0, 0, 0, TimeSpan.Zero).AddTicks(1_234_560);

        public string Operator { get; init; } = "clerk:li@U-1";

        public string? Reason { get; init; }

        public string? DocumentRef { get; init; }

        public ImmutableArray<Row> Rows { get; init; } = [];

        public ImmutableArray<Fact> Facts { get; init; } = [];

        public ImmutableArray<ClaimChange> Claims { get; init; } = [];

        public ImmutableArray<OutboxEntry> Outbox { get; init; } = [];

        public WrappedKey? Key { get; init; }

        public bool Erases { get; init; }

        public Draft At(long microseconds) => this with { at = DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds) };

        public Append Build() => new()
        {
            Stream = Stream,
            ExpectedVersion = Expected,
            Token = new(),
            CommandId = Command,
            CommandHash = -7,
            Operator = Operator,
            Reason = Reason,
            DocumentRef = DocumentRef,
            BusinessOn = May6,
            RecordedAt = at,
            Consequences = new(Events, Rows, [.. Facts.Select(fact => (0, fact))], Claims, []) { Erases = Erases },
            Outbox = Outbox,
            Key = Key,
        };
    }
}
