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
    /// <param name="period">The period; a stock and a distinct count are read at the end of its last day.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public Task<Figure> Count(Measure measure, UnionId scope, Period period, CancellationToken cancel = default)
    {
        var query = Query(measure, scope, period);
        return calls.Do(() => figures().Count(query), cancel);
    }

    /// <summary>
    /// The report of a union and a period: each figure with its wording, and beside what is cumulative its change in the period. All figures are of one moment and as fresh as the
    /// newest reply; <see cref="Open"/> opens <see cref="ReportLine.Measure"/>, and its <see cref="Measure.Change"/>, to the records.
    /// </summary>
    /// <param name="scope">The union whose subtree is counted.</param>
    /// <param name="period">The period, for example the first half of a year.</param>
    /// <param name="areas">The areas to be read; those of the work report unless given.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public async Task<IReadOnlyList<ReportLine>> Read(UnionId scope, Period period, IReadOnlyList<ReportArea>? areas = null, CancellationToken cancel = default)
    {
        var entries = (areas ?? WorkReport.Areas).SelectMany(area => area.Entries.Select(entry => (Area: area, Entry: entry))).ToList();
        FigureQuery[] queries = [.. entries.SelectMany(line => new[] { line.Entry.Measure, line.Entry.Measure.Change }).OfType<Measure>().Distinct().Select(measure => Query(measure, scope, period))];
        var counted = (await calls.Do(() => figures().CountAll(queries), cancel)).ToDictionary(figure => figure.Measure, StringComparer.Ordinal);
        return [.. entries.Select(line => new ReportLine(line.Area, line.Entry, counted[line.Entry.Measure.Id], line.Entry.Measure.Change is { } change ? counted[change.Id] : null))];
    }

    /// <summary>
    /// The scope's own part and the figure of each union directly under it. They add up to the figure of the scope; those of a distinct count exceed it by the subjects
    /// that count in several parts (a unit with members under two federations). So do those of its change.
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
    /// to it, with the value 1. A rate opens to the records of its part. Behind the change of a stock stand the records that count on one of its two days only, those of the day
    /// before the period taken back: what was recorded in the period, and what stands at unions that moved in or out. Behind the change of a distinct count stands one record for
    /// each subject that came (1) or went (-1).
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
