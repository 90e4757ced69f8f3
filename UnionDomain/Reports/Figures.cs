using System.Diagnostics;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Reports;

/// <summary>Asks for one figure.</summary>
/// <param name="Measure">Id of the measure, for example <c>organising.unions-new</c>.</param>
/// <param name="Scope">The union whose subtree is counted.</param>
/// <param name="From">First day of the period; only flows and changes read it.</param>
/// <param name="To">Last day of the period; a stock and a distinct count are read at its end.</param>
public sealed record FigureQuery(string Measure, UnionId Scope, DateOnly From, DateOnly To);

/// <summary>The exact number of a measure for a scope and a period.</summary>
/// <param name="Measure">Id of the measure.</param>
/// <param name="Scope">The union whose subtree was counted.</param>
/// <param name="From">First day of the period.</param>
/// <param name="To">Last day of the period.</param>
/// <param name="Value">The exact number; of a rate, that of its part.</param>
/// <param name="Whole">The exact number that a rate is a share of, of the same state of the records; null for what is no rate.</param>
public sealed record Figure(string Measure, UnionId Scope, DateOnly From, DateOnly To, long Value, long? Whole = null)
{
    /// <summary>The share, rounded for display; null for what is no rate, and while there is nothing to be a share of.</summary>
    [JsonIgnore]
    public Percentage? Rate => Share.Of(Value, Whole);
}

/// <summary>What one subject has of a stock, for example the members of record of one unit.</summary>
/// <param name="Subject">The subject, for example the number of the unit.</param>
/// <param name="Value">Its amount inside the scope; not 0.</param>
public sealed record SubjectValue(string Subject, long Value);

/// <summary>
/// How figures are counted from facts and the tree in time. The databases answer the same.
/// <list type="bullet">
/// <item>A flow is the sum of the facts whose day lies in the period, at the unions that stood under the scope on that day: moves change no former period and months
/// add up to the year. With <see cref="Measure.Among"/> only those unions count at which that other flow, over the whole period and wherever they stood, is above 0.</item>
/// <item>A stock is the sum of all facts up to the last day, at the unions that stood under the scope on that day.</item>
/// <item>A distinct count is the number of subjects whose sum in that stock is above 0. Facts without a subject are not counted.</item>
/// <item>A rate is two such numbers.</item>
/// <item>A change is the number of a stock or a distinct count at the end of the last day less that at the end of the day before the first.</item>
/// </list>
/// </summary>
public static class Figures
{
    /// <summary>
    /// Whether a fact counts. A flow counts on its own day, by the tree of that day: moves change no former period and months add up to the year.
    /// A stock counts everything up to the last day of the period, by the tree of that day. Derived measures have no facts.
    /// </summary>
    public static bool Counts(MeasureKind kind, DateOnly factOn, DateOnly from, DateOnly to, DateOnly underFrom, DateOnly underTo) => kind switch
    {
        MeasureKind.Flow => factOn >= from && factOn <= to && factOn >= underFrom && factOn < underTo,
        MeasureKind.Stock => factOn <= to && to >= underFrom && to < underTo,
        _ => throw new UnreachableException(),
    };

    /// <summary>The exact number.</summary>
    public static Figure Count(this InMemoryUnion union, Measure measure, UnionId scope, DateOnly from, DateOnly to) => measure.Kind == MeasureKind.Rate
        ? new(measure.Id, scope, from, to, union.Count(measure.Part!, scope, from, to).Value, union.Count(measure.Whole!, scope, from, to).Value)
        : new(measure.Id, scope, from, to, Lines(union, measure, scope, from, to).Sum(line => line.Value));

    /// <summary>The days at whose ends a change is read, none where nothing stands: before the first of all days, and for a period that ends before it begins.</summary>
    public static (DateOnly? Before, DateOnly? After) Ends(DateOnly from, DateOnly to) => from > to ? (null, null) : (from == DateOnly.MinValue ? null : from.AddDays(-1), to);

    /// <summary>
    /// The figure of the scope itself and of each union directly under it: the scope first, then the others by number. A union that was under the scope for a part of the
    /// period brings what counted in that part. The parts of a flow, a stock and both numbers of a rate of them add up to the whole. Those of a distinct count are each true;
    /// they exceed the whole by the subjects that count in several parts. A change has the parts of both its days.
    /// </summary>
    public static IReadOnlyList<Figure> Split(this InMemoryUnion union, Measure measure, UnionId scope, DateOnly from, DateOnly to)
    {
        if (measure.Kind == MeasureKind.Rate) return Shares(measure, union.Split(measure.Part!, scope, from, to), union.Split(measure.Whole!, scope, from, to));
        if (measure.Kind == MeasureKind.Change)
        {
            var (before, after) = Ends(from, to);
            return Changes(new(measure.Id, scope, from, to, 0), Standing(before), Standing(after));

            IReadOnlyList<Figure> Standing(DateOnly? on) => on is { } day ? union.Split(measure.Of!, scope, day, day) : [];
        }

        var first = measure.Kind == MeasureKind.Flow ? from : to;
        var values = UnionTree.Parts(scope, union.Rows(UnionTree.Model)).Where(place => place.From <= to && place.To > first && first <= to)
            .Select(place => place.Part).Distinct().ToDictionary(part => part, _ => 0L);
        foreach (var part in Records(union, measure, scope, from, to).GroupBy(record => record.Part, record => record.Line))
            values[part.Key] = (measure.Kind == MeasureKind.Distinct ? Firsts(measure, part) : part).Sum(line => line.Value);
        return
        [
            new(measure.Id, scope, from, to, values.GetValueOrDefault(scope)),
            .. values.Where(part => part.Key != scope).OrderBy(part => part.Key.Value, StringComparer.Ordinal).Select(part => new Figure(measure.Id, part.Key, from, to, part.Value)),
        ];
    }

    /// <summary>
    /// The records behind a figure; their values add up to it. Behind a distinct count stands one record for each subject, in the order of the subjects: the first that added
    /// to its sum, under the id of the distinct count and with the value 1. A rate opens to the records of its part. Behind a change of a stock stand, under its own id, the
    /// records that count on one of its two days only: those of the last day as they are, those of the day before the period taken back. Behind a change of a distinct count
    /// stands one record for each subject that counts on one of the two days only: 1 for one that came, -1 for one that went.
    /// </summary>
    public static IEnumerable<FactLine> Lines(InMemoryUnion union, Measure measure, UnionId scope, DateOnly from, DateOnly to) => measure.Kind switch
    {
        MeasureKind.Rate => Lines(union, measure.Part!, scope, from, to),
        MeasureKind.Change => Ends(from, to) is var (before, after) && measure.Of!.Kind == MeasureKind.Distinct
            ? ChangedSubjects(measure, Standing(union, measure.Of, scope, before), Standing(union, measure.Of, scope, after))
            : ChangedRecords(measure, [.. Standing(union, measure.Of!, scope, before)], [.. Standing(union, measure.Of!, scope, after)]),
        MeasureKind.Distinct => Firsts(measure, Records(union, measure, scope, from, to).Select(record => record.Line)),
        _ => Records(union, measure, scope, from, to).Select(record => record.Line),
    };

    /// <summary>What each subject has of a stock inside the scope at the end of a day, in the order of the subjects; subjects that have nothing are left out.</summary>
    public static IEnumerable<SubjectValue> Subjects(this InMemoryUnion union, Measure measure, UnionId scope, DateOnly on) =>
        Lines(union, MustBeStock(measure), scope, on, on).Where(line => line.Subject.Length > 0).GroupBy(line => line.Subject, StringComparer.Ordinal)
            .Select(lines => new SubjectValue(lines.Key, lines.Sum(line => line.Value))).Where(subject => subject.Value != 0).OrderBy(subject => subject.Subject, StringComparer.Ordinal);

    /// <summary>The figures of a rate from those of its part and its whole, both as they are split: the scope first, then the others by number.</summary>
    public static IReadOnlyList<Figure> Shares(Measure rate, IReadOnlyList<Figure> parts, IReadOnlyList<Figure> wholes)
    {
        var (part, whole) = (parts.ToDictionary(figure => figure.Scope, figure => figure.Value), wholes.ToDictionary(figure => figure.Scope, figure => figure.Value));
        var unions = parts.Skip(1).Concat(wholes.Skip(1)).Select(figure => figure.Scope).Distinct().OrderBy(union => union.Value, StringComparer.Ordinal).Prepend(parts[0].Scope);
        return [.. unions.Select(union => parts[0] with { Measure = rate.Id, Scope = union, Value = part.GetValueOrDefault(union), Whole = whole.GetValueOrDefault(union) })];
    }

    /// <summary>The figures of a change from what stood at the ends of its two days, both as they are split: the scope first, then the others by number.</summary>
    /// <param name="scope">The figure of the scope; its value is not read.</param>
    /// <param name="before">What stood at the end of the day before the period; empty: nothing.</param>
    /// <param name="after">What stood at the end of its last day; empty: nothing.</param>
    public static IReadOnlyList<Figure> Changes(Figure scope, IReadOnlyList<Figure> before, IReadOnlyList<Figure> after)
    {
        var values = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in after) values[part.Scope.Value] = part.Value;
        foreach (var part in before) values[part.Scope.Value] = values.GetValueOrDefault(part.Scope.Value) - part.Value;
        values.Remove(scope.Scope.Value, out var own);
        return [scope with { Value = own }, .. values.Select(part => scope with { Scope = new(part.Key), Value = part.Value })];
    }

    /// <summary>The records behind a change of a distinct count from those behind the count at the ends of its two days, all by subject.</summary>
    public static IEnumerable<FactLine> ChangedSubjects(Measure change, IEnumerable<FactLine> before, IEnumerable<FactLine> after)
    {
        var (former, latter) = (before.ToDictionary(line => line.Subject, StringComparer.Ordinal), after.ToDictionary(line => line.Subject, StringComparer.Ordinal));
        return latter.Values.Where(line => !former.ContainsKey(line.Subject)).Select(line => line with { Measure = change.Id })
            .Concat(former.Values.Where(line => !latter.ContainsKey(line.Subject)).Select(line => line with { Measure = change.Id, Value = -line.Value }))
            .OrderBy(line => line.Subject, StringComparer.Ordinal);
    }

    /// <summary>The measure, if subjects have an amount of it at the end of a day.</summary>
    /// <exception cref="ArgumentException">It is no stock.</exception>
    public static Measure MustBeStock(Measure measure) =>
        measure.Kind == MeasureKind.Stock ? measure : throw new ArgumentException($"Subjects have an amount of a stock; {measure.Id} is none.", nameof(measure));

    private static IEnumerable<FactLine> Standing(InMemoryUnion union, Measure measure, UnionId scope, DateOnly? on) => on is { } day ? Lines(union, measure, scope, day, day) : [];

    private static IEnumerable<FactLine> ChangedRecords(Measure change, HashSet<FactLine> before, HashSet<FactLine> after) =>
        after.Where(line => !before.Contains(line)).Concat(before.Where(line => !after.Contains(line)).Select(line => line with { Value = -line.Value })).Select(line => line with { Measure = change.Id });

    // The records that count, each in the part of the scope it counts in; those of the stock for a distinct count.
    private static IEnumerable<(UnionId Part, FactLine Line)> Records(InMemoryUnion union, Measure measure, UnionId scope, DateOnly from, DateOnly to)
    {
        var counted = measure.Of ?? measure;
        var places = UnionTree.Parts(scope, union.Rows(UnionTree.Model)).ToLookup(place => place.Union);
        var among = counted.Among is { } other
            ? union.Facts.Where(line => line.Measure == other.Id && line.BusinessOn >= from && line.BusinessOn <= to)
                .GroupBy(line => line.Union).Where(lines => lines.Sum(line => line.Value) > 0).Select(lines => lines.Key).ToHashSet()
            : null;
        return
            from line in union.Facts
            where line.Measure == counted.Id && among?.Contains(line.Union) != false
            from place in places[line.Union]
            where Counts(counted.Kind, line.BusinessOn, @from, to, place.From, place.To)
            select (place.Part, line);
    }

    private static IEnumerable<FactLine> Firsts(Measure measure, IEnumerable<FactLine> records) => records
        .Where(line => line.Subject.Length > 0).GroupBy(line => line.Subject, StringComparer.Ordinal).Where(lines => lines.Sum(line => line.Value) > 0).OrderBy(lines => lines.Key, StringComparer.Ordinal)
        .Select(lines => lines.Where(line => line.Value > 0).Order(Comparer<FactLine>.Create(FactLine.ComparePlaces)).First() with { Measure = measure.Id, Value = 1 });
}

/// <summary>Shares of a whole that may be missing.</summary>
internal static class Share
{
    // Sums of damaged records could be negative; there is no share to speak of then.
    public static Percentage? Of(long part, long? whole) => part >= 0 && whole is { } w and >= 0 ? Percentage.Of(part, w) : null;
}
