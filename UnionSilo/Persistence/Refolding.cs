using System.Collections.Immutable;
using System.Data.Common;
using System.Text;
using UnionDomain.Kernel;

namespace UnionSilo.Persistence;

/// <summary>A table that the journal determines: the columns it says, keys first.</summary>
internal sealed record Derived(string Table, ImmutableArray<Column> Columns, int KeyColumns, bool IsReadModel)
{
    /// <summary>The key columns, with commas.</summary>
    public string Keys { get; } = string.Join(", ", Columns.Take(KeyColumns).Select(column => column.Name));

    /// <summary>All columns, with commas.</summary>
    public string Names { get; } = string.Join(", ", Columns.Select(column => column.Name));

    /// <summary>The table as the journal says it should be; temporary.</summary>
    public string New => Table + "__new";

    /// <summary>The keys of the rows that differ; temporary.</summary>
    public string Diff => Table + "__diff";
}

/// <summary>
/// Folds the whole journal once, stream by stream, into temporary tables that say what the read models, fact lines and claims should hold,
/// and compares them with what they do hold. Memory holds one stream and a few thousand rows.
/// </summary>
internal sealed class Refolding(Database database, ImmutableArray<Room> rooms, DbTransaction transaction, IProgress<Progress>? progress, CancellationToken cancel)
{
    private const int Batch = 5000;

    /// <summary>How many streams a finding names at most.</summary>
    private const int Examples = 10;

    private static readonly Column From = new("from_stream", ColumnType.Text);
    private static readonly Column Head = new("head", ColumnType.Number);

    private static readonly Derived Lines = new("fact_line",
    [
        new("stream", ColumnType.Text, IsKey: true), new("version", ColumnType.Number, IsKey: true), new("n", ColumnType.Number, IsKey: true),
        new("union_id", ColumnType.Text), new("measure", ColumnType.Text), new("subject", ColumnType.Text), new("business_on", ColumnType.Date), new("value", ColumnType.Number),
    ], 3, IsReadModel: false);

    private static readonly Derived Claims = new("claim",
        [new("kind", ColumnType.Text, IsKey: true), new("key", ColumnType.Text, IsKey: true), new("stream", ColumnType.Text)], 2, IsReadModel: false);

    private readonly Dictionary<string, (Derived Table, List<object?[]> Rows)> pending = new(StringComparer.Ordinal);
    private readonly List<(FindingKind Kind, string Subject, string Stream)> journalFindings = [];
    private readonly List<string> erased = [];

    /// <summary>Every table that the journal determines but the sums in <c>fact</c>, which follow from <c>fact_line</c>.</summary>
    public ImmutableArray<Derived> Tables { get; } =
    [
        .. rooms.SelectMany(room => room.ReadModels).DistinctBy(model => model.Table).Select(model => new Derived(model.Table, model.Columns, model.KeyColumns, IsReadModel: true)),
        Lines,
        Claims,
    ];

    /// <summary>Streams whose versions do not run from 1 without a hole.</summary>
    public async Task<ImmutableArray<Finding>> Holes()
    {
        const string Broken = "SELECT stream FROM journal GROUP BY stream HAVING min(version) <> 1 OR max(version) <> count(*)";
        return [.. await Found(FindingKind.Hole, "journal", $"SELECT count(*) FROM ({Broken}) AS broken", Broken + " ORDER BY stream")];
    }

    /// <summary>Keys of persons whose stream does not begin, or that an event erased: an old copy of the keys was restored. No rebuild makes or removes a key.</summary>
    public async Task<ImmutableArray<Finding>> Keys()
    {
        await transaction.Execute($"CREATE TEMPORARY TABLE person_erased (stream {database.TypeOf(ColumnType.Text)})", cancel);
        foreach (var some in erased.Chunk(Batch)) await database.Fill(transaction, "person_erased", [new("stream", ColumnType.Text)], [.. some.Select(stream => new object?[] { stream })], cancel);
        const string Ownerless = "FROM person_key AS k WHERE NOT EXISTS (SELECT 1 FROM journal AS j WHERE j.stream = k.stream AND j.version = 1) OR k.stream IN (SELECT stream FROM person_erased)";
        return [.. await Found(FindingKind.Foreign, "person_key", "SELECT count(*) " + Ownerless, $"SELECT k.stream {Ownerless} ORDER BY k.stream")];
    }

    /// <summary>Fills the temporary tables; what cannot be folded is named.</summary>
    public async Task<ImmutableArray<Finding>> Fold()
    {
        foreach (var table in Tables)
        {
            pending[table.Table] = (table, []);
            await transaction.Execute($"CREATE TEMPORARY TABLE {table.New} ({string.Join(", ", Scratch(table).Select(column => $"{column.Name} {database.TypeOf(column.Type)}"))})", cancel);
        }

        var byKind = rooms.ToDictionary(room => room.Kind, StringComparer.Ordinal);
        var total = await transaction.Scalar("SELECT count(*) FROM journal", cancel);
        var done = 0L;
        OneStream? current = null;
        (string Stream, long Version) place = ("", 0);
        while (true)
        {
            var entries = await transaction.Query(
                $"SELECT stream, version, type, schema, command_id, business_on, data FROM journal WHERE (stream, version) > (@stream, @version) ORDER BY stream, version LIMIT {Batch}",
                Entry.Read, cancel, ("@stream", place.Stream), ("@version", place.Version));
            foreach (var entry in entries)
            {
                if (current?.Name != entry.Stream)
                {
                    if (current is not null) await Keep(current);
                    current = new(entry.Stream, byKind.GetValueOrDefault(KindOf(entry.Stream)));
                }

                current.Apply(entry);
            }

            progress?.Report(new("fold", done += entries.Count, total));
            if (entries.Count < Batch) break;
            place = (entries[^1].Stream, entries[^1].Version);
        }

        if (current is not null) await Keep(current);
        foreach (var (table, rows) in pending.Values) await Flush(table, rows);
        return
        [
            .. journalFindings.GroupBy(found => (found.Kind, found.Subject)).OrderBy(group => group.Key)
                .Select(group => new Finding(group.Key.Kind, group.Key.Subject, group.LongCount(), [.. group.Take(Examples).Select(found => found.Stream)])),
        ];
    }

    /// <summary>Compares the tables with what they should be, in both directions, and leaves the keys that differ in temporary tables.</summary>
    public async Task<ImmutableArray<Finding>> Compare()
    {
        var findings = new List<Finding>();
        var step = 0;
        foreach (var table in Tables)
        {
            progress?.Report(new("compare", step++, Tables.Length + 1));
            // Rows that are alike on both sides cancel out; a key of which something is left on both sides was changed.
            var owner = table.IsReadModel ? $"CAST(NULL AS text){database.ByCodeUnit}" : "stream";
            await transaction.Execute($"CREATE INDEX {table.New}_key ON {table.New} ({table.Keys})", cancel);
            await transaction.Execute($"""
                CREATE TEMPORARY TABLE {table.Diff} AS
                SELECT {table.Keys}, max(owner) AS owner, max(CASE WHEN d > 0 THEN 1 ELSE 0 END) AS live, max(CASE WHEN d < 0 THEN 1 ELSE 0 END) AS folded
                FROM (
                    SELECT {table.Names}, max(owner) AS owner, sum(d) AS d
                    FROM (SELECT {table.Names}, {owner} AS owner, 1 AS d FROM {table.Table} UNION ALL SELECT {table.Names}, {(table.IsReadModel ? From.Name : "stream")}, -1 FROM {table.New}) AS sides
                    GROUP BY {table.Names} HAVING sum(d) <> 0) AS unlike
                GROUP BY {table.Keys}
                """, cancel);
            foreach (var (kind, where) in ((FindingKind, string)[])
                [(FindingKind.Missing, "live = 0"), (FindingKind.Foreign, "folded = 0"), (FindingKind.Changed, "live = 1 AND folded = 1")])
            {
                findings.AddRange(await Found(kind, table.Table,
                    $"SELECT count(*) FROM {table.Diff} WHERE {where}", $"SELECT DISTINCT owner FROM {table.Diff} WHERE owner IS NOT NULL AND {where} ORDER BY owner"));
            }

            if (!table.IsReadModel) continue;
            var ahead = $"FROM {table.Table} l JOIN {table.New} n ON {string.Join(" AND ", table.Columns.Take(table.KeyColumns).Select(key => $"n.{key.Name} = l.{key.Name}"))} WHERE l.version > n.{Head.Name}";
            findings.AddRange(await Found(FindingKind.Ahead, table.Table, $"SELECT count(*) {ahead}", $"SELECT DISTINCT n.{From.Name} {ahead} ORDER BY n.{From.Name}"));
            await transaction.Execute(
                $"INSERT INTO {table.Diff} SELECT {string.Join(", ", table.Columns.Take(table.KeyColumns).Select(key => "l." + key.Name))}, n.{From.Name}, 1, 1 {ahead}", cancel);
        }

        findings.AddRange(await CompareSums());
        return [.. findings];
    }

    /// <summary>Puts the rows that differ right; afterwards a comparison finds nothing.</summary>
    public async Task Mend()
    {
        foreach (var table in Tables)
        {
            progress?.Report(new("mend " + table.Table, 0, 1));
            var (into, values) = (table.Names, table.Names);
            if (table.IsReadModel) (into, values) = (into + ", version", $"{values}, {Head.Name}");
            if (table == Lines)
            {
                // The journal does not say under which closing a record arrived: what the table says is kept, a lost record arrives now.
                await transaction.Execute($"""
                    CREATE TEMPORARY TABLE fact_line__closing AS
                    SELECT {table.Keys}, max(closing) AS closing FROM fact_line WHERE ({table.Keys}) IN (SELECT {table.Keys} FROM {table.Diff}) GROUP BY {table.Keys}
                    """, cancel);
                (into, values) = (into + ", closing", values + $"""
                    , coalesce((SELECT c.closing FROM fact_line__closing c WHERE c.stream = {table.New}.stream AND c.version = {table.New}.version AND c.n = {table.New}.n),
                        (SELECT coalesce(max(number), 0) FROM closing))
                    """);
            }

            var differs = $"({table.Keys}) IN (SELECT {table.Keys} FROM {table.Diff})";
            await transaction.Execute($"DELETE FROM {table.Table} WHERE {differs}", cancel);
            await transaction.Execute($"INSERT INTO {table.Table} ({into}) SELECT {values} FROM {table.New} WHERE {differs}", cancel);
        }

        await transaction.Execute("DROP TABLE fact_line__closing", cancel);
        await transaction.Execute("DROP TABLE fact__diff", cancel);
        await CompareSums(); // Once more, now that the records are right.
        const string Sums = "(measure, union_id, subject, business_on, closing) IN (SELECT measure, union_id, subject, business_on, closing FROM fact__diff)";
        await transaction.Execute($"DELETE FROM fact WHERE {Sums}", cancel);
        await transaction.Execute($"""
            INSERT INTO fact (measure, union_id, subject, business_on, closing, writer, value)
            SELECT measure, union_id, subject, business_on, closing, 0, CAST(sum(value) AS bigint) FROM fact_line WHERE {Sums} GROUP BY measure, union_id, subject, business_on, closing
            """, cancel);
    }

    /// <summary>Removes the temporary tables.</summary>
    public async Task Forget()
    {
        foreach (var table in Tables) await transaction.Execute($"DROP TABLE {table.New}; DROP TABLE {table.Diff}", cancel);
        await transaction.Execute("DROP TABLE fact__diff", cancel);
    }

    private async Task<IEnumerable<Finding>> CompareSums()
    {
        await transaction.Execute("""
            CREATE TEMPORARY TABLE fact__diff AS
            SELECT measure, union_id, subject, business_on, closing
            FROM (SELECT measure, union_id, subject, business_on, closing, value FROM fact UNION ALL SELECT measure, union_id, subject, business_on, closing, -value FROM fact_line) AS sides
            GROUP BY measure, union_id, subject, business_on, closing HAVING sum(value) <> 0
            """, cancel);
        return await Found(FindingKind.Sum, "fact", "SELECT count(*) FROM fact__diff", "SELECT DISTINCT 'union/' || union_id FROM fact__diff ORDER BY 1");
    }

    private async Task<IEnumerable<Finding>> Found(FindingKind kind, string subject, string count, string streams)
    {
        var number = await transaction.Scalar(count, cancel);
        return number == 0 ? [] : [new(kind, subject, number, [.. await transaction.Query($"{streams} LIMIT {Examples}", reader => reader.GetString(0), cancel)])];
    }

    private async Task Keep(OneStream stream)
    {
        journalFindings.AddRange(stream.Findings);
        if (stream.Erased) erased.Add(stream.Name);
        foreach (var row in stream.Rows()) await Keep(row.Model.Table, [.. row.Values, stream.Name, stream.Version]);
        foreach (var line in stream.Lines) await Keep(Lines.Table, line);
        foreach (var claim in stream.Claims) await Keep(Claims.Table, [claim.Kind, claim.Key, stream.Name]);
    }

    private async Task Keep(string table, object?[] row)
    {
        if (!pending.TryGetValue(table, out var at)) throw new System.Diagnostics.UnreachableException($"No room lists the read model '{table}' that one of its rows stands in.");
        at.Rows.Add(row);
        if (at.Rows.Count == Batch) await Flush(at.Table, at.Rows);
    }

    private async Task Flush(Derived table, List<object?[]> rows)
    {
        if (rows.Count > 0) await database.Fill(transaction, table.New, Scratch(table), rows, cancel);
        rows.Clear();
    }

    // Not StreamId.Parse: a damaged name is a finding, too.
    private static string KindOf(string stream) => stream.Split('/', 2)[0];

    private static ImmutableArray<Column> Scratch(Derived table) => table.IsReadModel ? [.. table.Columns, From, Head] : table.Columns;

    private readonly record struct Entry(string Stream, long Version, StoredEvent Event, Guid Command, DateOnly BusinessOn)
    {
        public static Entry Read(DbDataReader reader) => new(reader.GetString(0), reader.GetInt64(1),
            new(reader.GetString(2), reader.GetInt32(3), Encoding.UTF8.GetBytes(reader.GetString(6))), reader.GetGuid(4), reader.GetFieldValue<DateOnly>(5));
    }

    /// <summary>What one stream should have left in the tables.</summary>
    private sealed class OneStream
    {
        private readonly IFold? fold;
        private bool broken;
        private Guid command;
        private int n;

        public OneStream(string name, Room? room)
        {
            (Name, fold) = (name, room?.Begin());
            if (room is null) Break(FindingKind.UnknownRoom, KindOf(name));
        }

        public string Name { get; }

        public long Version { get; private set; }

        public List<object?[]> Lines { get; } = [];

        public HashSet<ClaimKey> Claims { get; } = [];

        public List<(FindingKind, string, string)> Findings { get; } = [];

        public bool Erased => fold?.Erased ?? false;

        public IEnumerable<Row> Rows() => broken ? [] : fold!.Rows();

        public void Apply(Entry entry)
        {
            Version = entry.Version;
            if (broken) return;
            try
            {
                fold!.Apply(entry.Event);
            }
            catch (UnknownCaseException unknown)
            {
                Break(FindingKind.UnknownEvent, FormattableString.Invariant($"{unknown.Type} schema {unknown.Schema}"));
                return;
            }
            catch (Exception failure)
            {
                // A damaged event must not hide the others. Only the kind of failure is told: its message may quote the event.
                Break(FindingKind.Unfoldable, FormattableString.Invariant($"{entry.Event.Type}: {failure.GetType().Name}"));
                return;
            }

            // The records of one command are numbered on over its events.
            if (command != entry.Command) (command, n) = (entry.Command, 0);
            var (facts, claims) = fold.Newest();
            foreach (var fact in facts) Lines.Add([Name, entry.Version, (long)n++, fact.Union.Value, fact.Measure.Id, fact.Subject, fact.On ?? entry.BusinessOn, fact.Value]);
            foreach (var claim in claims)
                if (claim.IfHeld is null) Claims.Remove(claim.Key);
                else Claims.Add(claim.Key);
        }

        private void Break(FindingKind kind, string subject)
        {
            broken = true;
            Findings.Add((kind, subject, Name));
        }
    }
}
