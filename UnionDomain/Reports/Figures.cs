using UnionDomain.Kernel;

namespace UnionDomain.Reports;

/// <summary>Asks for one figure.</summary>
/// <param name="Measure">Id of the measure, for example <c>organising.unions-new</c>.</param>
/// <param name="Scope">The union whose subtree is counted.</param>
/// <param name="From">First day of the period; a stock does not read it.</param>
/// <param name="To">Last day of the period; a stock is read at its end.</param>
public sealed record FigureQuery(string Measure, UnionId Scope, DateOnly From, DateOnly To);

/// <summary>The exact number of a measure for a scope and a period.</summary>
/// <param name="Measure">Id of the measure.</param>
/// <param name="Scope">The union whose subtree was counted.</param>
/// <param name="From">First day of the period.</param>
/// <param name="To">Last day of the period.</param>
/// <param name="Value">The exact number.</param>
public sealed record Figure(string Measure, UnionId Scope, DateOnly From, DateOnly To, long Value);

/// <summary>How figures are counted from facts and the tree in time.</summary>
public static class Figures
{
    /// <summary>
    /// Whether a fact counts. A flow counts on its own day, by the tree of that day: moves change no former period and months add up to the year.
    /// A stock counts everything up to the last day of the period, by the tree of that day.
    /// </summary>
    public static bool Counts(MeasureKind kind, DateOnly factOn, DateOnly from, DateOnly to, DateOnly underFrom, DateOnly underTo) => kind switch
    {
        MeasureKind.Flow => factOn >= from && factOn <= to && factOn >= underFrom && factOn < underTo,
        MeasureKind.Stock => factOn <= to && to >= underFrom && to < underTo,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The records behind a figure.</summary>
    public static IEnumerable<FactLine> Lines(InMemoryUnion union, Measure measure, UnionId scope, DateOnly from, DateOnly to)
    {
        var under = UnionTree.Under(scope, union.Rows(UnionTree.Model)).ToLookup(u => u.Union);
        return union.Facts.Where(line => line.Measure == measure.Id && under[line.Union].Any(u => Counts(measure.Kind, line.BusinessOn, from, to, u.From, u.To)));
    }
}
