using Orleans.Concurrency;
using UnionClient;
using UnionDomain;
using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionGrains.Kernel;

namespace UnionGrains.Reports;

/// <summary>Counts figures and opens them; as many activations as there are callers.</summary>
[StatelessWorker, GrainType("union.figures")]
public sealed class FigureGrain(IReadSide reads) : Grain, IFigureGrain
{
    private const int LargestPage = 1_000;

    /// <inheritdoc/>
    public Task<Figure> Count(FigureQuery query) => reads.Count(Known(query), query.Scope, query.From, query.To, CancellationToken.None);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Figure>> CountAll(IReadOnlyList<FigureQuery> queries) =>
        reads.Count([.. queries.Select(query => (Known(query), query.Scope, query.From, query.To))], CancellationToken.None);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Figure>> Split(FigureQuery query) => reads.Split(Known(query), query.Scope, query.From, query.To, CancellationToken.None);

    /// <inheritdoc/>
    public async Task<Page<FactLine>> Open(FigureQuery query, string? after, int most)
    {
        var (lines, next) = await reads.Open(Known(query), query.Scope, query.From, query.To, after, Math.Clamp(most, 1, LargestPage), CancellationToken.None);
        return new(lines, next);
    }

    /// <inheritdoc/>
    public async Task<Page<SubjectValue>> Subjects(FigureQuery query, string? after, int most)
    {
        var (subjects, next) = await reads.Subjects(Known(query), query.Scope, query.To, after, Math.Clamp(most, 1, LargestPage), CancellationToken.None);
        return new(subjects, next);
    }

    private static Measure Known(FigureQuery query) => Rooms.Measures.TryGetValue(query.Measure, out var measure) ? measure : throw Faults.UnknownCase(query.Measure);
}
