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
    public async Task<Figure> Count(FigureQuery query) =>
        new(query.Measure, query.Scope, query.From, query.To, await reads.Count(Known(query), query.Scope, query.From, query.To, CancellationToken.None));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> Split(FigureQuery query) =>
        [.. (await reads.Split(Known(query), query.Scope, query.From, query.To, CancellationToken.None)).Select(part => new Figure(query.Measure, part.Union, query.From, query.To, part.Value))];

    /// <inheritdoc/>
    public async Task<Page<FactLine>> Open(FigureQuery query, string? after, int most)
    {
        var (lines, next) = await reads.Open(Known(query), query.Scope, query.From, query.To, after, Math.Clamp(most, 1, LargestPage), CancellationToken.None);
        return new(lines, next);
    }

    private static Measure Known(FigureQuery query) => Rooms.Measures.TryGetValue(query.Measure, out var measure) ? measure : throw Faults.UnknownCase(query.Measure);
}
