using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>
/// Lists and figures from the tables that were committed beside the events. It answers exactly as the domain does in memory:
/// <see cref="InMemoryUnion.List{TLine}"/> for lists, <see cref="Figures"/> over <see cref="UnionTree.Parts"/> for figures.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="fewUnions">The rows of so many unions are found by their index; of more, a page is full sooner in the order of its keys. Default 500: a street of a district has some hundreds.</param>
public sealed class ReadSide(Database database, int fewUnions = 500) : IReadSide
{
    private const string LineColumns = "f.union_id, f.subject, f.business_on, f.stream, f.version, f.n";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="after"/> is no key of the model.</exception>
    public Task<IReadOnlyList<ImmutableArray<object?>>> List(ReadModel model, IReadOnlyList<Condition> where, string? after, int most, CancellationToken cancel) =>
        Connected(connection => List(connection, model, where, after, most, cancel), cancel);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="after"/> is no key of the model.</exception>
    public Task<IReadOnlyList<ImmutableArray<object?>>> ListAtLeast(ReadModel model, IReadOnlyList<Condition> where, string? after, int most, ReadToken atLeast, CancellationToken cancel) =>
        AtOnce(async connection => await Holds(connection, atLeast, cancel) ? await List(connection, model, where, after, most, cancel) : throw Faults.Behind(), cancel);

    /// <inheritdoc/>
    public Task<Figure> Count(Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel) =>
        AtOnce(connection => Count(connection, measure, scope, from, to, cancel), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Figure>> Count(IReadOnlyList<(Measure Measure, UnionId Scope, DateOnly From, DateOnly To)> asked, CancellationToken cancel) => AtOnce<IReadOnlyList<Figure>>(
        async connection =>
        {
            var figures = new List<Figure>(asked.Count);
            foreach (var (measure, scope, from, to) in asked) figures.Add(await Count(connection, measure, scope, from, to, cancel));
            return figures;
        }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Figure>> Split(Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel) =>
        AtOnce(connection => Split(connection, measure, scope, from, to, cancel), cancel);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="after"/> was not given by this query.</exception>
    public Task<(IReadOnlyList<FactLine> Lines, string? Next)> Open(Measure measure, UnionId scope, DateOnly from, DateOnly to, string? after, int most, CancellationToken cancel)
    {
        if (measure.Kind == MeasureKind.Rate) return Open(measure.Part!, scope, from, to, after, most, cancel);
        if (measure.Kind == MeasureKind.Distinct) return Connected(connection => OpenSubjects(connection, measure, scope, to, after, most, cancel), cancel);
        if (measure is { Kind: MeasureKind.Change, Of.Kind: MeasureKind.Distinct }) return AtOnce(connection => OpenChanged(connection, measure, scope, from, to, after, most, cancel), cancel);
        var place = after is null ? null : Place.Parse(after);
        var value = measure.Kind == MeasureKind.Change ? "f.value * u.sign" : "f.value";
        return Connected(connection => Ask<(IReadOnlyList<FactLine>, string?)>(connection, measure, scope, from, to,
            $"""
            SELECT {LineColumns}, {value} FROM under u {database.Each("fact_line", Counts(measure) + (place is null ? "" : " AND f.business_on >= @on"))}
            {(place is null ? "" : "WHERE (f.business_on, f.stream, f.version, f.n) > (@on, @stream, @version, @n)")}
            ORDER BY f.business_on, f.stream, f.version, f.n LIMIT @one_more
            """,
            async reader =>
            {
                var (lines, more) = await Some(reader, most, row => LineOf(measure, row, row.GetInt64(6)), cancel);
                return (lines, more ? Place.Of(lines[^1]).ToString() : null);
            }, cancel,
            [("@one_more", most + 1L), .. place is null ? [] : ((string, object?)[])[("@on", place.On), ("@stream", place.Stream), ("@version", place.Version), ("@n", place.N)]]), cancel);
    }

    /// <inheritdoc/>
    public Task<(IReadOnlyList<SubjectValue> Subjects, string? Next)> Subjects(Measure measure, UnionId scope, DateOnly on, string? after, int most, CancellationToken cancel) =>
        Connected(connection => Ask<(IReadOnlyList<SubjectValue>, string?)>(connection, Figures.MustBeStock(measure), scope, on, on,
            SubjectsAfter("<> 0"),
            async reader =>
            {
                var (subjects, more) = await Some(reader, most, row => new SubjectValue(row.GetString(0), row.GetInt64(1)), cancel);
                return (subjects, more ? subjects[^1].Subject : null);
            }, cancel, ("@after", after ?? ""), ("@one_more", most + 1L)), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string?>> Holders(IReadOnlyList<ClaimKey> keys, CancellationToken cancel) => Connected<IReadOnlyList<string?>>(
        async connection =>
        {
            await using var command = connection.Command(database.Holders, ("@keys", JsonSerializer.Serialize(keys.Select(key => new[] { key.Kind, key.Key }))));
            await using var reader = await command.ExecuteReaderAsync(cancel);
            var streams = new List<string?>(keys.Count);
            while (await reader.ReadAsync(cancel)) streams.Add(await reader.IsDBNullAsync(0, cancel) ? null : reader.GetString(0));
            return streams;
        }, cancel);

    private async Task<IReadOnlyList<ImmutableArray<object?>>> List(DbConnection connection, ReadModel model, IReadOnlyList<Condition> where, string? after, int most, CancellationToken cancel)
    {
        await using var command = connection.Command("");
        var keys = string.Join(", ", model.Columns.Take(model.KeyColumns).Select(column => column.Name));
        var among = where.Any(condition => condition.Comparison == Comparison.OneOf);
        var hashed = where.Any(condition => condition.Comparison == Comparison.Hashed);
        var tests = new List<string>(where.Count + 1);
        foreach (var condition in where)
        {
            var (column, parameter) = (model[condition.Column], $"@c{tests.Count}");
            tests.Add(condition is { Comparison: Comparison.Within, Value: string scope }
                ? await Within(command, column, scope, condition.AsOf ?? UnionTree.Open.AddDays(-1), among, hashed, parameter, cancel)
                : Test(command, column, condition, parameter));
        }

        if (after is not null)
        {
            var place = model.ParseKey(after);
            for (var i = 0; i < place.Length; i++) command.Bind($"@a{i}", place[i]);
            tests.Add($"({keys}) > ({string.Join(", ", place.Select((_, i) => $"@a{i}"))})");
        }

        command.Bind("@most", most);
        command.CommandText = $"""
            SELECT {string.Join(", ", model.Columns.Select(column => column.Name))} FROM {model.Table}
            {(tests.Count == 0 ? "" : "WHERE " + string.Join(" AND ", tests))}
            ORDER BY {keys} LIMIT @most
            """;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<ImmutableArray<object?>>();
        while (await reader.ReadAsync(cancel)) rows.Add([.. model.Columns.Select((column, i) => reader.Value(i, column.Type))]);
        return rows;
    }

    // Versions run without a gap, so who has this one has all before it. Another command there: the stream went on otherwise after a restore.
    private static async Task<bool> Holds(DbConnection connection, ReadToken token, CancellationToken cancel)
    {
        await using var command = connection.Command("SELECT command_id FROM journal WHERE stream = @stream AND version = @version", ("@stream", token.Stream), ("@version", token.Version));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel)) return false;
        // SQLite keeps an id as 16 bytes in the order of its text.
        return token.CommandId == Guid.Empty || token.CommandId == (reader.GetValue(0) is byte[] bytes ? new Guid(bytes, bigEndian: true) : reader.GetGuid(0));
    }

    // Each subject with the first record that added to its sum. Subjects are unique, so the subject is the place. Inside coalesce the IN stays a look-up in a table of
    // the subjects: as a join it is one that no planner without statistics of both sides gets right.
    private Task<(IReadOnlyList<FactLine> Lines, string? Next)> OpenSubjects(DbConnection connection, Measure measure, UnionId scope, DateOnly on, string? after, int most, CancellationToken cancel) =>
        Ask<(IReadOnlyList<FactLine>, string?)>(connection, measure, scope, on, on,
            $"""
            , counted AS ({SubjectsAfter("> 0")}),
            records AS (
                SELECT {LineColumns}, row_number() OVER (PARTITION BY f.subject ORDER BY f.business_on, f.stream, f.version, f.n) AS place
                FROM under u {database.Each("fact_line", Counts(measure.Of!))} WHERE f.value > 0 AND coalesce(f.subject IN (SELECT subject FROM counted), false))
            SELECT * FROM records f WHERE f.place = 1 ORDER BY f.subject
            """,
            async reader =>
            {
                var (lines, more) = await Some(reader, most, row => LineOf(measure, row, 1), cancel);
                return (lines, more ? lines[^1].Subject : null);
            }, cancel, ("@after", after ?? ""), ("@one_more", most + 1L));

    // A page of what stood on each of the two days, compared as far as both reach: what stood on both days is no change. So a page may be short, even empty, and not be the last.
    private async Task<(IReadOnlyList<FactLine> Lines, string? Next)> OpenChanged(DbConnection connection, Measure change, UnionId scope, DateOnly from, DateOnly to, string? after, int most, CancellationToken cancel)
    {
        var ends = Figures.Ends(from, to);
        var ((former, formerNext), (latter, latterNext)) = (await Standing(ends.Before), await Standing(ends.After));
        var next = formerNext is null || (latterNext is not null && string.CompareOrdinal(latterNext, formerNext) < 0) ? latterNext : formerNext;
        List<FactLine> changed = [.. Figures.ChangedSubjects(change, former.Where(InReach), latter.Where(InReach))];
        return changed.Count > most ? (changed[..most], changed[most - 1].Subject) : (changed, next);

        bool InReach(FactLine line) => next is null || string.CompareOrdinal(line.Subject, next) <= 0;

        async Task<(IReadOnlyList<FactLine>, string?)> Standing(DateOnly? on) => on is { } day ? await OpenSubjects(connection, change.Of!, scope, day, after, most, cancel) : ([], null);
    }

    private async Task<Figure> Count(DbConnection connection, Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel)
    {
        var ends = Figures.Ends(from, to);
        return measure.Kind switch
        {
            MeasureKind.Rate => new(measure.Id, scope, from, to, await Value(measure.Part!, from, to), await Value(measure.Whole!, from, to)),
            MeasureKind.Change => new(measure.Id, scope, from, to, await Standing(ends.After) - await Standing(ends.Before)),
            _ => new(measure.Id, scope, from, to, await Value(measure, from, to)),
        };

        Task<long> Value(Measure one, DateOnly first, DateOnly last) => Sum(connection, one, scope, first, last, cancel);

        async Task<long> Standing(DateOnly? on) => on is { } day ? await Value(measure.Of!, day, day) : 0;
    }

    private async Task<IReadOnlyList<Figure>> Split(DbConnection connection, Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel)
    {
        var ends = Figures.Ends(from, to);
        return measure.Kind switch
        {
            MeasureKind.Rate => Figures.Shares(measure, await Parts(measure.Part!, from, to), await Parts(measure.Whole!, from, to)),
            MeasureKind.Change => Figures.Changes(new(measure.Id, scope, from, to, 0), await Standing(ends.Before), await Standing(ends.After)),
            _ => await Parts(measure, from, to),
        };

        Task<IReadOnlyList<Figure>> Parts(Measure one, DateOnly first, DateOnly last) => SumParts(connection, one, scope, first, last, cancel);

        async Task<IReadOnlyList<Figure>> Standing(DateOnly? on) => on is { } day ? await Parts(measure.Of!, day, day) : [];
    }

    private Task<long> Sum(DbConnection connection, Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel) =>
        Ask(connection, measure, scope, from, to,
            measure.Kind == MeasureKind.Distinct
                ? $"SELECT count(*) FROM (SELECT f.subject FROM under u {database.Each("fact", Counts(measure.Of!))} WHERE f.subject <> '' GROUP BY f.subject HAVING sum(f.value) > 0) AS s"
                : $"SELECT CAST(coalesce(sum({SumOf(measure)}), 0) AS bigint) FROM under u",
            async reader => await reader.ReadAsync(cancel) ? reader.GetInt64(0) : 0, cancel);

    private Task<IReadOnlyList<Figure>> SumParts(DbConnection connection, Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel) =>
        Ask<IReadOnlyList<Figure>>(connection, measure, scope, from, to,
            measure.Kind == MeasureKind.Distinct
                ? $"""
                SELECT p.part, count(s.subject) FROM (SELECT DISTINCT part FROM under) AS p
                LEFT JOIN (SELECT u.part, f.subject FROM under u {database.Each("fact", Counts(measure.Of!))} WHERE f.subject <> '' GROUP BY u.part, f.subject HAVING sum(f.value) > 0) AS s ON s.part = p.part
                GROUP BY p.part ORDER BY p.part
                """
                : $"SELECT u.part, CAST(coalesce(sum({SumOf(measure)}), 0) AS bigint) FROM under u GROUP BY u.part ORDER BY u.part",
            async reader =>
            {
                var (own, parts) = (0L, new List<Figure>());
                while (await reader.ReadAsync(cancel))
                {
                    var (part, value) = (new UnionId(reader.GetString(0)), reader.GetInt64(1));
                    if (part == scope) own = value;
                    else parts.Add(new(measure.Id, part, from, to, value));
                }

                return [new(measure.Id, scope, from, to, own), .. parts];
            }, cancel);

    private Task<T> Connected<T>(Func<DbConnection, Task<T>> ask, CancellationToken cancel) => database.Run(async () =>
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        return await ask(connection);
    });

    // All questions are answered of one state of the database.
    private Task<T> AtOnce<T>(Func<DbConnection, Task<T>> ask, CancellationToken cancel) => Connected(async connection =>
    {
        await using var transaction = await database.BeginSnapshot(connection, cancel);
        return await ask(connection);
    }, cancel);

    // The days that count: a flow's whole period, a stock's last day. Cut to them, what is left of an edge is exactly what counts under it.
    private async Task<T> Ask<T>(DbConnection connection, Measure measure, UnionId scope, DateOnly from, DateOnly to, string question, Func<DbDataReader, Task<T>> answer, CancellationToken cancel,
        params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command($"{(measure.Kind == MeasureKind.Change ? Changed : Under)} {question}",
            [("@scope", scope.Value), ("@first", measure.Kind is MeasureKind.Flow or MeasureKind.Change ? from : to), ("@end", DayAfter(to)), ("@measure", (measure.Of ?? measure).Id), .. parameters]);
        if (measure.Among is { } among) command.Bind("@among", among.Id);
        if (measure.Kind == MeasureKind.Change)
        {
            command.Bind("@dawn", DateOnly.MinValue);
            command.Bind("@eve", Figures.Ends(from, to).Before ?? from);
            command.Bind("@last", to);
        }

        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await answer(reader);
    }

    private static async Task<(List<T> Lines, bool More)> Some<T>(DbDataReader reader, int most, Func<DbDataReader, T> line, CancellationToken cancel)
    {
        var (lines, more) = (new List<T>(), false);
        while (!more && await reader.ReadAsync(cancel))
        {
            more = lines.Count == most;
            if (!more) lines.Add(line(reader));
        }

        return (lines, more && most > 0);
    }

    private static FactLine LineOf(Measure measure, DbDataReader row, long value) => new(measure.Id, new(row.GetString(0)), row.GetString(1), row.GetFieldValue<DateOnly>(2),
        StreamId.Parse(row.GetString(3)), row.GetInt64(4), row.GetInt32(5), value);

    private static string SumOf(Measure measure) => $"(SELECT sum(f.value) FROM fact f WHERE {Counts(measure)})";

    private string SubjectsAfter(string enough) => $"""
        SELECT f.subject, CAST(sum(f.value) AS bigint) FROM under u {database.Each("fact", Counts(MeasureKind.Stock) + " AND f.subject > @after")}
        GROUP BY f.subject HAVING sum(f.value) {enough} ORDER BY f.subject LIMIT @one_more
        """;

    private static string Counts(Measure measure) => Counts(measure.Kind) + (measure.Among is null ? "" : """
         AND (SELECT sum(a.value) FROM fact a WHERE a.measure = @among AND a.union_id = u.union_id AND a.business_on >= @first AND a.business_on < @end) > 0
        """);

    private static string Counts(MeasureKind kind) => kind switch
    {
        MeasureKind.Flow or MeasureKind.Change => "f.measure = @measure AND f.union_id = u.union_id AND f.business_on >= u.from_on AND f.business_on < u.to_on",
        MeasureKind.Stock => "f.measure = @measure AND f.union_id = u.union_id AND f.business_on < @end",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private string Under => $"WITH RECURSIVE {Subtree("under", "@scope", "@first", "@end")}";

    // What changed at a union: the facts of the period if it stood under the scope on both days, all that it brought if on the last day only, all that it took if on the day before only.
    // Grouped, because SQLite joins two recursive tables row by row.
    private string Changed => $"""
        WITH RECURSIVE {Subtree("before", "@scope", "@eve", "@first")}, {Subtree("after", "@scope", "@last", "@end")},
        under(union_id, from_on, to_on, sign) AS (
            SELECT union_id, CASE WHEN min(late) < max(late) THEN @first ELSE @dawn END, CASE WHEN max(late) = 1 THEN @end ELSE @first END, CASE WHEN max(late) = 1 THEN 1 ELSE -1 END
            FROM (SELECT union_id, 0 AS late FROM before UNION ALL SELECT union_id, 1 FROM after) AS days WHERE @first <= @last GROUP BY union_id)
        """;

    // UNION, not UNION ALL: were there ever a circle in the tree, the query would still end.
    private string Subtree(string name, string scope, string first, string end) => $"""
        {name}(part, union_id, from_on, to_on) AS (
            SELECT {scope}{database.ByCodeUnit}, {scope}{database.ByCodeUnit}, {first}, {end} WHERE {first} < {end}
            UNION
            SELECT CASE WHEN u.union_id = {scope} THEN e.union_id ELSE u.part END, e.union_id, {database.Greatest}(e.valid_from, u.from_on), {database.Least}(e.valid_to, u.to_on)
            FROM {name} u JOIN {UnionTree.Model.Table} e ON e.parent = u.union_id AND e.valid_from < u.to_on AND e.valid_to > u.from_on AND e.valid_from < e.valid_to)
        """;

    // Few unions are named one by one: then every planner knows how few they are. The tree may move between the two questions, as it may between two pages.
    // Hashes stand behind their union in the indexes: whoever is searched for by one is looked for at each union, however many there are.
    private async Task<string> Within(DbCommand command, Column column, string scope, DateOnly on, bool among, bool hashed, string parameter, CancellationToken cancel)
    {
        var (first, end) = ($"{parameter}_first", $"{parameter}_end");
        var subtree = $"WITH RECURSIVE {Subtree("under", parameter, first, end)} SELECT union_id FROM under";
        (string, object?)[] bounds = [(parameter, scope), (first, on), (end, DayAfter(on))];
        if (!among && !hashed)
        {
            await using var ask = command.Connection!.Command($"{subtree} LIMIT {fewUnions + 1}", bounds);
            await using var reader = await ask.ExecuteReaderAsync(cancel);
            var few = new List<string>();
            while (await reader.ReadAsync(cancel)) few.Add(reader.GetString(0));
            if (few.Count <= fewUnions)
            {
                command.Bind(parameter, database.Texts(few));
                return database.OneOf(column.Name, parameter);
            }
        }

        foreach (var (name, value) in bounds) command.Bind(name, value);
        return hashed ? $"{column.Name} IN ({subtree})" : database.Among(column.Name, subtree);
    }

    private string Test(DbCommand command, Column column, Condition condition, string parameter)
    {
        if (condition.Value is null)
        {
            return condition.Comparison switch
            {
                Comparison.Equal => $"{column.Name} IS NULL",
                Comparison.AtLeast => $"{column.Name} IS NOT NULL",
                Comparison.AtMost => "1 = 0",
                _ => throw new ArgumentException($"{condition.Comparison} needs a value.", nameof(condition)),
            };
        }

        if (condition.Comparison == Comparison.OneOf)
        {
            command.Bind(parameter, database.Texts((ImmutableArray<string>)condition.Value));
            return database.OneOf(column.Name, parameter);
        }

        command.Bind(parameter, condition.Value);
        switch (condition.Comparison)
        {
            case Comparison.Equal or Comparison.Hashed: return $"{column.Name} = {parameter}";
            case Comparison.AtLeast: return $"{column.Name} >= {parameter}";
            case Comparison.AtMost: return $"{column.Name} <= {parameter}";
            case Comparison.StartsWith: return database.StartsWith(column.Name, parameter);
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    // Nothing ends after the open end of an edge.
    private static DateOnly DayAfter(DateOnly day) => day == UnionTree.Open ? day : day.AddDays(1);

    private sealed record Place(DateOnly On, string Stream, long Version, int N)
    {
        public static Place Of(FactLine line) => new(line.BusinessOn, line.Stream.ToString(), line.Version, line.N);

        public static Place Parse(string text)
        {
            var parts = text.Split(' ');
            return parts.Length == 4
                && DateOnly.TryParseExact(parts[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
                && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? new(on, parts[1], version, n)
                : throw new ArgumentException("That is no place in the records of a figure.", nameof(text));
        }

        public override string ToString() => FormattableString.Invariant($"{On:yyyy-MM-dd} {Stream} {Version} {N}");
    }
}
