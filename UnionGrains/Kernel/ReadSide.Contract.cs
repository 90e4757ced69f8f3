using System.Collections.Immutable;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Reports;

namespace UnionGrains.Kernel;

/// <summary>Reads lists and figures from what the journal committed beside the events. Applications reach it only through grains.</summary>
public interface IReadSide
{
    /// <summary>Rows of a read model that fulfil all conditions, in the order of their keys.</summary>
    /// <param name="model">The table.</param>
    /// <param name="where">The conditions; values are always sent as parameters. That of <see cref="Comparison.Hashed"/> is the hash itself.</param>
    /// <param name="after">Begin after the row with this <see cref="Row.Key"/>; from the start when null.</param>
    /// <param name="most">At most so many rows.</param>
    /// <param name="cancel">Ends the query.</param>
    Task<IReadOnlyList<ImmutableArray<object?>>> List(ReadModel model, IReadOnlyList<Condition> where, string? after, int most, CancellationToken cancel);

    /// <summary>The same rows, of one state of the database that holds what the token stands for.</summary>
    /// <param name="model">The table.</param>
    /// <param name="where">The conditions; values are always sent as parameters.</param>
    /// <param name="after">Begin after the row with this <see cref="Row.Key"/>; from the start when null.</param>
    /// <param name="most">At most so many rows.</param>
    /// <param name="atLeast">The event that must be there, of the command that is named, if one is.</param>
    /// <param name="cancel">Ends the query.</param>
    /// <exception cref="UnionFault"><c>behind</c>: it is not there.</exception>
    Task<IReadOnlyList<ImmutableArray<object?>>> ListAtLeast(ReadModel model, IReadOnlyList<Condition> where, string? after, int most, ReadToken atLeast, CancellationToken cancel);

    /// <summary>The exact number of a measure, counted as <see cref="Figures"/> says.</summary>
    Task<Figure> Count(Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel);

    /// <summary>Several exact numbers in the order asked, all of one state of the records.</summary>
    Task<IReadOnlyList<Figure>> Count(IReadOnlyList<(Measure Measure, UnionId Scope, DateOnly From, DateOnly To)> asked, CancellationToken cancel);

    /// <summary>What is counted at the scope itself, and the figure of each union directly under it, as <see cref="Figures.Split"/> says.</summary>
    Task<IReadOnlyList<Figure>> Split(Measure measure, UnionId scope, DateOnly from, DateOnly to, CancellationToken cancel);

    /// <summary>The records behind a figure as <see cref="Figures.Lines"/> says, by (business date, stream, version, n) or, of a distinct count and its change, by subject; after the given place.</summary>
    Task<(IReadOnlyList<FactLine> Lines, string? Next)> Open(Measure measure, UnionId scope, DateOnly from, DateOnly to, string? after, int most, CancellationToken cancel);

    /// <summary>What each subject has of a stock at the end of a day, as <see cref="Figures.Subjects"/> says, after the given subject.</summary>
    /// <exception cref="ArgumentException">The measure is no stock.</exception>
    Task<(IReadOnlyList<SubjectValue> Subjects, string? Next)> Subjects(Measure measure, UnionId scope, DateOnly on, string? after, int most, CancellationToken cancel);

    /// <summary>The streams that hold these keys now, with one query, in the order asked; null where nobody does.</summary>
    Task<IReadOnlyList<string?>> Holders(IReadOnlyList<ClaimKey> keys, CancellationToken cancel);
}
