using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>
/// Lists and figures from the tables that were committed beside the events. It answers exactly as the domain does in memory:
/// <see cref="InMemoryUnion.List{TLine}"/> for lists, <see cref="Figures.Counts"/> over <see cref="UnionTree.Under"/> for figures.
/// </summary>
public sealed class ReadSide(Database database) : IReadSide
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="after"/> is no key of the model.</exception>
    public Task<IReadOnlyList<ImmutableArray<object?>>> List(ReadModel model, IReadOnlyList<Condition> where, string? after, int most, CancellationToken cancel) =>
        database.Run<IReadOnlyList<ImmutableArray<object?>>>(async () =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancel);
            await using var command = connection.Command("");
            var keys = string.Join(", ", model.Columns.Take(model.KeyColumns).Select(column => column.Name));
            var tests = where.Select((condition, i) => Test(command, model[condition.Column], condition, $"@c{i}")).ToList();
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
        });

    /// <inheritdoc/>
    public Task<long> Count(Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel) =>
        Figure(measure, scope, from, to, $"SELECT CAST(coalesce(sum(f.value), 0) AS bigint) FROM under u JOIN fact f ON {Counts(measure)}",
            async reader => await reader.ReadAsync(cancel) ? reader.GetInt64(0) : 0, cancel);

    /// <inheritdoc/>
    /// <remarks>The scope comes first, then the others by number. A union that was under the scope for a part of the period brings what counted in that part.</remarks>
    public Task<IReadOnlyList<(UnionId Union, long Value)>> Split(Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel) =>
        Figure<IReadOnlyList<(UnionId, long)>>(measure, scope, from, to,
            $"SELECT u.part, CAST(coalesce(sum(f.value), 0) AS bigint) FROM under u LEFT JOIN fact f ON {Counts(measure)} GROUP BY u.part ORDER BY u.part",
            async reader =>
            {
                var (own, parts) = (0L, new List<(UnionId, long)>());
                while (await reader.ReadAsync(cancel))
                {
                    var (part, value) = (new UnionId(reader.GetString(0)), reader.GetInt64(1));
                    if (part == scope) own = value;
                    else parts.Add((part, value));
                }

                return [(scope, own), .. parts];
            }, cancel);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="after"/> was not given by this query.</exception>
    public Task<(IReadOnlyList<FactLine> Lines, string? Next)> Open(Measure measure, UnionId scope, DateOnly from, DateOnly to, string? after, int most, CancellationToken cancel)
    {
        var place = after is null ? null : Place.Parse(after);
        return Figure<(IReadOnlyList<FactLine>, string?)>(measure, scope, from, to,
            $"""
            SELECT f.union_id, f.subject, f.business_on, f.stream, f.version, f.n, f.value FROM under u JOIN fact_line f ON {Counts(measure)}
            {(place is null ? "" : "WHERE (f.business_on, f.stream, f.version, f.n) > (@on, @stream, @version, @n)")}
            ORDER BY f.business_on, f.stream, f.version, f.n LIMIT @one_more
            """,
            async reader =>
            {
                var (lines, more) = (new List<FactLine>(), false);
                while (!more && await reader.ReadAsync(cancel))
                {
                    more = lines.Count == most;
                    if (!more) lines.Add(new(measure.Id, new(reader.GetString(0)), reader.GetString(1), reader.GetFieldValue<DateOnly>(2), StreamId.Parse(reader.GetString(3)),
                        reader.GetInt64(4), reader.GetInt32(5), reader.GetInt64(6)));
                }

                return (lines, more && most > 0 ? Place.Of(lines[^1]).ToString() : null);
            }, cancel,
            [("@one_more", most + 1L), .. place is null ? [] : ((string, object?)[])[("@on", place.On), ("@stream", place.Stream), ("@version", place.Version), ("@n", place.N)]]);
    }

    // The days that count: a flow's whole period, a stock's last day. Cut to them, what is left of an edge is exactly what counts under it.
    private Task<T> Figure<T>(Measure measure, UnionId scope, DateOnly from, DateOnly to, string question, Func<DbDataReader, Task<T>> answer, CancellationToken cancel,
        params (string Name, object? Value)[] parameters) => database.Run(async () =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancel);
            await using var command = connection.Command($"{Under} {question}",
                [("@scope", scope.Value), ("@first", measure.Kind == MeasureKind.Flow ? from : to), ("@end", DayAfter(to)), ("@measure", measure.Id), .. parameters]);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            return await answer(reader);
        });

    private static string Counts(Measure measure) => measure.Kind switch
    {
        MeasureKind.Flow => "f.union_id = u.union_id AND f.measure = @measure AND f.business_on >= u.from_on AND f.business_on < u.to_on",
        MeasureKind.Stock => "f.union_id = u.union_id AND f.measure = @measure AND f.business_on < @end",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private string Under => Subtree("@scope", "@first", "@end");

    // UNION, not UNION ALL: were there ever a circle in the tree, the query would still end.
    private string Subtree(string scope, string first, string end) => $"""
        WITH RECURSIVE under(part, union_id, from_on, to_on) AS (
            SELECT {scope}{database.ByCodeUnit}, {scope}{database.ByCodeUnit}, {first}, {end} WHERE {first} < {end}
            UNION
            SELECT CASE WHEN u.union_id = {scope} THEN e.union_id ELSE u.part END, e.union_id, {database.Greatest}(e.valid_from, u.from_on), {database.Least}(e.valid_to, u.to_on)
            FROM under u JOIN {UnionTree.Model.Table} e ON e.parent = u.union_id AND e.valid_from < u.to_on AND e.valid_to > u.from_on AND e.valid_from < e.valid_to)
        """;

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

        command.Bind(parameter, condition.Value);
        switch (condition.Comparison)
        {
            case Comparison.Equal: return $"{column.Name} = {parameter}";
            case Comparison.AtLeast: return $"{column.Name} >= {parameter}";
            case Comparison.AtMost: return $"{column.Name} <= {parameter}";
            case Comparison.StartsWith: return database.StartsWith(column.Name, parameter);
            case Comparison.Within:
                var on = condition.AsOf ?? UnionTree.Open.AddDays(-1);
                command.Bind($"{parameter}_first", on);
                command.Bind($"{parameter}_end", DayAfter(on));
                return $"{column.Name} IN ({Subtree(parameter, $"{parameter}_first", $"{parameter}_end")} SELECT union_id FROM under)";
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
