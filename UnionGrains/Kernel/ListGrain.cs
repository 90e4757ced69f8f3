using Orleans.Concurrency;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>Lists a read model; as many activations as there are callers.</summary>
[StatelessWorker]
public abstract class ListGrain<TQuery, TLine>(IReadSide reads) : Grain, IListGrain<TQuery, TLine>
    where TQuery : IQuery<TLine>
    where TLine : ILine<TLine>
{
    private const int LargestPage = 1_000;

    /// <inheritdoc/>
    public async Task<Page<TLine>> List(TQuery query, string? after, int most)
    {
        var page = Math.Clamp(most, 1, LargestPage);
        // One more than asked for tells whether there is a next page.
        var rows = await reads.List(TLine.Model, [.. query.Where()], after, page + 1, CancellationToken.None);
        var lines = rows.Take(page).Select(TLine.Of).ToList();
        return new(lines, rows.Count > page ? new Row(TLine.Model, rows[page - 1]).Key : null);
    }
}
