using System.Collections.Immutable;
using UnionDomain.Kernel;
using UnionDomain.Reports;

namespace UnionGrains.Kernel;

/// <summary>Reads lists and figures from what the journal committed beside the events. Applications reach it only through grains.</summary>
public interface IReadSide
{
    /// <summary>Rows of a read model that fulfil all conditions, in the order of their keys.</summary>
    /// <param name="model">The table.</param>
    /// <param name="where">The conditions; values are always sent as parameters.</param>
    /// <param name="after">Begin after the row with this <see cref="Row.Key"/>; from the start when null.</param>
    /// <param name="most">At most so many rows.</param>
    /// <param name="cancel">Ends the query.</param>
    Task<IReadOnlyList<ImmutableArray<object?>>> List(ReadModel model, IReadOnlyList<Condition> where, string? after, int most, CancellationToken cancel);

    /// <summary>The exact number of a measure; a sum over facts and the tree in time as <see cref="Figures.Counts"/> says.</summary>
    Task<long> Count(Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel);

    /// <summary>What is counted at the scope itself, and the figure of each union directly under it; together the figure of the scope.</summary>
    Task<IReadOnlyList<(UnionId Union, long Value)>> Split(Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel);

    /// <summary>The records behind a figure, by (business date, stream, version, n), after the given place.</summary>
    Task<(IReadOnlyList<FactLine> Lines, string? Next)> Open(Measure measure, UnionId scope, DateOnly from, DateOnly to, string? after, int most, CancellationToken cancel);
}
