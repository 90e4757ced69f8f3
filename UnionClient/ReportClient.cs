using System.Runtime.CompilerServices;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
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

    /// <summary>
    /// The scope's own part and the figure of each union directly under it. They add up to the figure of the scope; those of a distinct count exceed it by the subjects
    /// that count in several parts (a unit with members under two federations).
    /// </summary>
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

    /// <summary>
    /// The records behind a figure, oldest first; their values add up to it. Behind a distinct count stands one record for each subject, by subject: the first that added
    /// to it, with the value 1. A rate opens to the records of its part.
    /// </summary>
    /// <param name="measure">What is counted.</param>
    /// <param name="scope">The union whose subtree is counted.</param>
    /// <param name="period">The period; a stock is read at the end of its last day.</param>
    /// <param name="cancel">Ends the list.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public IAsyncEnumerable<FactLine> Open(Measure measure, UnionId scope, Period period, CancellationToken cancel = default)
    {
        var query = Query(measure, scope, period);
        return Pages((grain, after) => grain.Open(query, after, PageSize), cancel);
    }

    /// <summary>What each subject has of a stock, for example the members of record of each unit, in the order of the subjects; subjects that have nothing are left out.</summary>
    /// <param name="measure">What is counted, a stock.</param>
    /// <param name="scope">The union whose subtree is counted.</param>
    /// <param name="on">The day at whose end it is read.</param>
    /// <param name="cancel">Ends the list.</param>
    /// <exception cref="ArgumentException">The measure is no stock.</exception>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public IAsyncEnumerable<SubjectValue> Subjects(Measure measure, UnionId scope, DateOnly on, CancellationToken cancel = default)
    {
        var query = new FigureQuery(Figures.MustBeStock(measure).Id, scope, on, on);
        return Pages((grain, after) => grain.Subjects(query, after, PageSize), cancel);
    }

    /// <summary>How far the members' information is collected, unit by unit, and how many members each unit reports itself, in the order of the units' numbers.</summary>
    /// <param name="scope">The union whose subtree is counted. What units report counts at the federation they belong to, so a scope below it shows none of it.</param>
    /// <param name="on">The day at whose end it is read.</param>
    /// <param name="cancel">Ends the list.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public async IAsyncEnumerable<CollectionLine> Collection(UnionId scope, DateOnly on, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var registered = await Subjects(MemberMeasures.Registered, scope, on, cancel).ToListAsync(cancel);
        var qualified = await Subjects(MemberMeasures.Entered, scope, on, cancel).ToListAsync(cancel);
        var reported = await Subjects(EmployerMeasures.MembersReported, scope, on, cancel).ToListAsync(cancel);
        foreach (var line in CollectionLine.Merge(registered, qualified, reported)) yield return line;
    }

    private async IAsyncEnumerable<TLine> Pages<TLine>(Func<IFigureGrain, string?, Task<Page<TLine>>> read, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        string? next = null;
        do
        {
            var after = next;
            var page = await calls.Do(() => read(figures(), after), cancel);
            foreach (var line in page.Lines) yield return line;
            next = page.Next;
        }
        while (next is not null);
    }

    private static FigureQuery Query(Measure measure, UnionId scope, Period period) => new(measure.Id, scope, period.From, period.To);
}
