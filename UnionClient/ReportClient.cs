using System.Runtime.CompilerServices;
using UnionDomain.Kernel;
using UnionDomain.Reports;

namespace UnionClient;

/// <summary>Figures for any union's subtree and any period, exact and open to their records.</summary>
public sealed class ReportClient
{
    private const int PageSize = 1_000;

    private readonly Calls calls;
    private readonly Func<IFigureGrain> figures;

    internal ReportClient(Calls calls, Func<IFigureGrain> figures) => (this.calls, this.figures) = (calls, figures);

    /// <summary>The exact number of a measure. It is as fresh as the newest reply.</summary>
    /// <param name="measure">What is counted.</param>
    /// <param name="scope">The union whose subtree is counted.</param>
    /// <param name="period">The period; a stock is read at the end of its last day.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public Task<Figure> Count(Measure measure, UnionId scope, Period period, CancellationToken cancel = default)
    {
        var query = Query(measure, scope, period);
        return calls.Do(() => figures().Count(query), cancel);
    }

    /// <summary>The scope's own part and the figure of each union directly under it; they add up to the figure of the scope.</summary>
    /// <param name="measure">What is counted.</param>
    /// <param name="scope">The union whose subtree is counted.</param>
    /// <param name="period">The period; a stock is read at the end of its last day.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public Task<IReadOnlyList<Figure>> Split(Measure measure, UnionId scope, Period period, CancellationToken cancel = default)
    {
        var query = Query(measure, scope, period);
        return calls.Do(() => figures().Split(query), cancel);
    }

    /// <summary>The records behind a figure, oldest first; their values add up to it.</summary>
    /// <param name="measure">What is counted.</param>
    /// <param name="scope">The union whose subtree is counted.</param>
    /// <param name="period">The period; a stock is read at the end of its last day.</param>
    /// <param name="cancel">Ends the list.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public async IAsyncEnumerable<FactLine> Open(Measure measure, UnionId scope, Period period, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var query = Query(measure, scope, period);
        string? next = null;
        do
        {
            var after = next;
            var page = await calls.Do(() => figures().Open(query, after, PageSize), cancel);
            foreach (var line in page.Lines) yield return line;
            next = page.Next;
        }
        while (next is not null);
    }

    private static FigureQuery Query(Measure measure, UnionId scope, Period period) => new(measure.Id, scope, period.From, period.To);
}
