using Npgsql;
using NpgsqlTypes;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>A statement that takes whole columns as arrays. The lists are reused from group to group.</summary>
internal sealed class ColumnList<T>(NpgsqlDbType type) : IColumnList
{
    private readonly List<T> values = [];

    public NpgsqlParameter<List<T>> Parameter => field ??= PostgresJournalStore.Parameter(values, NpgsqlDbType.Array | type);

    NpgsqlParameter IColumnList.Parameter => Parameter;

    public bool IsEmpty => values.Count == 0;

    public void Add(T value) => values.Add(value);

    public void AddValue(object? value) => values.Add((T)value!);

    public void Clear() => values.Clear();
}

internal interface IColumnList
{
    NpgsqlParameter Parameter { get; }

    void AddValue(object? value);

    void Clear();
}

/// <summary>
/// The changed rows of one read model in a group: one per key, the last wins, in the order of their keys. Rows of streams that begin in the group
/// are copied in, the others change what is there unless that is newer.
/// </summary>
internal sealed class RowUpsert
{
    private readonly Dictionary<string, (Row Row, long Version, bool Begins)> newest = new(StringComparer.Ordinal);
    private readonly ReadModel model;
    private readonly CopyRows begun;
    private readonly List<string> keys = [];
    private readonly IColumnList[] columns;
    private readonly ColumnList<long> versions = new(NpgsqlDbType.Bigint);

    public RowUpsert(ReadModel model)
    {
        this.model = model;
        begun = new(model.Table, [.. model.Columns.Select(column => column.Name), "version"]);
        columns = [.. model.Columns.Select(column => (IColumnList)(column.Type switch
        {
            ColumnType.Text => new ColumnList<string?>(NpgsqlDbType.Text),
            ColumnType.Number => new ColumnList<long?>(NpgsqlDbType.Bigint),
            ColumnType.Date => new ColumnList<DateOnly?>(NpgsqlDbType.Date),
            ColumnType.Flag => new ColumnList<bool?>(NpgsqlDbType.Boolean),
            _ => throw new System.Diagnostics.UnreachableException(),
        }))];
        Command = new(Sql(model));
        foreach (var column in columns) Command.Parameters.Add(column.Parameter);
        Command.Parameters.Add(versions.Parameter);
    }

    public string Table => model.Table;

    public NpgsqlBatchCommand Command { get; }

    /// <summary>Whether the statement has nothing to do.</summary>
    public bool IsEmpty => versions.IsEmpty;

    public void Clear() => newest.Clear();

    public void Add(Row row, long version, bool begins) => newest[row.Key] = (row, version, begins);

    /// <summary>Copies the rows in that are new, and puts the others into the statement's parameters.</summary>
    public Task Copy(NpgsqlConnection connection, CancellationToken cancel)
    {
        begun.Clear();
        foreach (var column in columns) column.Clear();
        versions.Clear();
        keys.Clear();
        keys.AddRange(newest.Keys);
        keys.Sort(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var (row, version, begins) = newest[key];
            if (begins)
            {
                begun.BeginRow();
                for (var i = 0; i < columns.Length; i++) begun.Value(row.Values[i], model.Columns[i].Type);
                begun.Number(version);
                continue;
            }

            for (var i = 0; i < columns.Length; i++) columns[i].AddValue(row.Values[i]);
            versions.Add(version);
        }

        return begun.Send(connection, cancel);
    }

    // Names come from the read models of this program, never from a caller.
    private static string Sql(ReadModel model)
    {
        var names = model.Columns.Select(column => column.Name).Append("version").ToList();
        var arrays = model.Columns.Select(column => column.Type switch
        {
            ColumnType.Text => "text",
            ColumnType.Number => "bigint",
            ColumnType.Date => "date",
            _ => "boolean",
        }).Append("bigint").Select((type, i) => FormattableString.Invariant($"${i + 1}::{type}[]"));
        return $"""
            INSERT INTO {model.Table} ({string.Join(", ", names)}) SELECT * FROM unnest({string.Join(", ", arrays)})
            ON CONFLICT ({string.Join(", ", names.Take(model.KeyColumns))}) DO UPDATE SET {string.Join(", ", names.Skip(model.KeyColumns).Select(name => $"{name} = excluded.{name}"))}
            WHERE {model.Table}.version < excluded.version
            """;
    }
}

/// <summary>What a group adds to the facts: one increment per measure, union, subject and day, in that order.</summary>
internal sealed class FactUpsert
{
    private readonly Dictionary<(string Measure, string Union, string Subject, DateOnly On), long> increments = [];
    private readonly List<(string Measure, string Union, string Subject, DateOnly On)> keys = [];
    private readonly ColumnList<string> measures = new(NpgsqlDbType.Text);
    private readonly ColumnList<string> unions = new(NpgsqlDbType.Text);
    private readonly ColumnList<string> subjects = new(NpgsqlDbType.Text);
    private readonly ColumnList<DateOnly> days = new(NpgsqlDbType.Date);
    private readonly ColumnList<long> values = new(NpgsqlDbType.Bigint);
    private readonly NpgsqlParameter<int> closing = PostgresJournalStore.Parameter(0, NpgsqlDbType.Integer);
    private readonly NpgsqlParameter<int> writer = PostgresJournalStore.Parameter(0, NpgsqlDbType.Integer);

    public FactUpsert()
    {
        Command = new("""
            INSERT INTO fact (measure, union_id, subject, business_on, closing, writer, value)
            SELECT m, u, s, d, $6, $7, v FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::bigint[]) AS w(m, u, s, d, v)
            ON CONFLICT (measure, union_id, subject, business_on, closing, writer) DO UPDATE SET value = fact.value + excluded.value
            """);
        foreach (var parameter in (NpgsqlParameter[])[measures.Parameter, unions.Parameter, subjects.Parameter, days.Parameter, values.Parameter, closing, writer]) Command.Parameters.Add(parameter);
    }

    public NpgsqlBatchCommand Command { get; }

    public bool IsEmpty => increments.Count == 0;

    public void Clear() => increments.Clear();

    public void Add(Fact fact, DateOnly businessOn)
    {
        ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(increments, (fact.Measure.Id, fact.Union.Value, fact.Subject, fact.On ?? businessOn), out _);
        sum += fact.Value;
    }

    /// <summary>Puts the increments into the statement's parameters.</summary>
    public void Fill(int closingNumber, int lease)
    {
        foreach (var column in (IColumnList[])[measures, unions, subjects, days, values]) column.Clear();
        (closing.TypedValue, writer.TypedValue) = (closingNumber, lease);
        keys.Clear();
        keys.AddRange(increments.Keys);
        keys.Sort(static (a, b) => string.CompareOrdinal(a.Measure, b.Measure) is not 0 and var byMeasure ? byMeasure
            : string.CompareOrdinal(a.Union, b.Union) is not 0 and var byUnion ? byUnion
            : string.CompareOrdinal(a.Subject, b.Subject) is not 0 and var bySubject ? bySubject : a.On.CompareTo(b.On));
        foreach (var key in keys)
        {
            measures.Add(key.Measure);
            unions.Add(key.Union);
            subjects.Add(key.Subject);
            days.Add(key.On);
            values.Add(increments[key]);
        }
    }
}

/// <summary>The keys of persons that a group keeps and erases, in the order of their streams.</summary>
internal sealed class KeyChanges
{
    private readonly CopyRows begun = new("person_key", "stream", "master", "wrapped");
    private readonly ColumnList<string> streams = new(NpgsqlDbType.Text);
    private readonly ColumnList<string> masters = new(NpgsqlDbType.Text);
    private readonly ColumnList<byte[]> keys = new(NpgsqlDbType.Bytea);
    private readonly ColumnList<string> erased = new(NpgsqlDbType.Text);
    private readonly NpgsqlBatchCommand keep = new("""
        INSERT INTO person_key (stream, master, wrapped) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
        ON CONFLICT (stream) DO UPDATE SET master = excluded.master, wrapped = excluded.wrapped
        """);
    private readonly NpgsqlBatchCommand erase = new("DELETE FROM person_key USING unnest($1::text[]) AS e(stream) WHERE person_key.stream = e.stream");

    public KeyChanges()
    {
        foreach (var column in (IColumnList[])[streams, masters, keys]) keep.Parameters.Add(column.Parameter);
        erase.Parameters.Add(erased.Parameter);
    }

    public void Clear()
    {
        begun.Clear();
        foreach (var column in (IColumnList[])[streams, masters, keys, erased]) column.Clear();
    }

    public void Keep(string stream, WrappedKey key, bool begins)
    {
        if (begins)
        {
            begun.BeginRow();
            begun.Text(stream);
            begun.Text(key.Master);
            begun.Bytes(key.Wrapped.Span);
            return;
        }

        streams.Add(stream);
        masters.Add(key.Master);
        keys.Add(key.Wrapped.ToArray());
    }

    public void Erase(string stream) => erased.Add(stream);

    /// <summary>Keeps, then erases.</summary>
    public async Task Send(NpgsqlConnection connection, CancellationToken cancel)
    {
        await begun.Send(connection, cancel);
        await using var batch = new NpgsqlBatch(connection);
        if (!streams.IsEmpty) batch.BatchCommands.Add(keep);
        if (!erased.IsEmpty) batch.BatchCommands.Add(erase);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>The keys a group takes and gives back, in the order of the keys. A stream may change one key several times inside a group.</summary>
internal sealed class ClaimChanges
{
    private readonly Dictionary<(string Kind, string Key), (string Stream, bool Begins, bool ReleasedFirst, bool Taken, bool ReleasedLast)> changes = [];
    private readonly List<(string Kind, string Key)> sorted = [];
    private readonly CopyRows begun = new("claim", "kind", "key", "stream");
    private readonly ClaimStatement releasesBefore = new(ClaimStatement.Release);
    private readonly ClaimStatement takes = new(ClaimStatement.Take);
    private readonly ClaimStatement releasesAfter = new(ClaimStatement.Release);

    public void Clear() => changes.Clear();

    public void Add(ClaimChange change, string stream, bool begins)
    {
        var key = (change.Key.Kind, change.Key.Key);
        var release = change.IfHeld is null;
        changes[key] = changes.TryGetValue(key, out var before)
            ? before with { Taken = before.Taken || !release, ReleasedLast = release }
            : (stream, begins, ReleasedFirst: release, Taken: !release, ReleasedLast: release);
    }

    /// <summary>Takes and gives back. Nothing a stream that begins here takes can be its own already: that is copied in.</summary>
    public async Task Send(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (changes.Count == 0) return;
        begun.Clear();
        ClaimStatement[] statements = [releasesBefore, takes, releasesAfter];
        foreach (var statement in statements) statement.Clear();
        sorted.Clear();
        sorted.AddRange(changes.Keys);
        sorted.Sort(static (a, b) => string.CompareOrdinal(a.Kind, b.Kind) is not 0 and var byKind ? byKind : string.CompareOrdinal(a.Key, b.Key));
        foreach (var (kind, key) in sorted)
        {
            var (stream, begins, releasedFirst, taken, releasedLast) = changes[(kind, key)];
            if (releasedFirst) releasesBefore.Add(kind, key, stream);
            if (taken && begins) Copy(kind, key, stream);
            else if (taken) takes.Add(kind, key, stream);
            if (taken && releasedLast) releasesAfter.Add(kind, key, stream);
        }

        await begun.Send(connection, cancel);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            if (statement.Count > 0) batch.BatchCommands.Add(statement.Command);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancel);

        void Copy(string kind, string key, string stream)
        {
            begun.BeginRow();
            begun.Text(kind);
            begun.Text(key);
            begun.Text(stream);
        }
    }

    private sealed class ClaimStatement
    {
        public const string Release = """
            DELETE FROM claim USING unnest($1::text[], $2::text[], $3::text[]) AS r(kind, key, stream)
            WHERE claim.kind = r.kind AND claim.key = r.key AND claim.stream = r.stream
            """;

        // Without ON CONFLICT, which costs half as much again: a key held by another stream is a unique violation. A key the stream
        // already holds is left out; the look-up is a scalar so that it stays one, and touches the pages the insert needs next.
        public const string Take = """
            INSERT INTO claim (kind, key, stream) SELECT t.kind, t.key, t.stream FROM unnest($1::text[], $2::text[], $3::text[]) AS t(kind, key, stream)
            WHERE (SELECT c.stream FROM claim AS c WHERE c.kind = t.kind AND c.key = t.key) IS DISTINCT FROM t.stream
            """;

        private readonly ColumnList<string> kinds = new(NpgsqlDbType.Text);
        private readonly ColumnList<string> keys = new(NpgsqlDbType.Text);
        private readonly ColumnList<string> streams = new(NpgsqlDbType.Text);

        public ClaimStatement(string sql)
        {
            Command = new(sql);
            foreach (var column in (IColumnList[])[kinds, keys, streams]) Command.Parameters.Add(column.Parameter);
        }

        public NpgsqlBatchCommand Command { get; }

        public int Count { get; private set; }

        public void Clear()
        {
            Count = 0;
            foreach (var column in (IColumnList[])[kinds, keys, streams]) column.Clear();
        }

        public void Add(string kind, string key, string stream)
        {
            Count++;
            kinds.Add(kind);
            keys.Add(key);
            streams.Add(stream);
        }
    }
}
