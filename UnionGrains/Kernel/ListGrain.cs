using System.Collections.Immutable;
using Orleans.Concurrency;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace UnionGrains.Kernel;

/// <summary>Lists a read model; as many activations as there are callers.</summary>
[StatelessWorker]
public abstract class ListGrain<TQuery, TLine>(IReadSide reads, Vault vault) : Grain, IListGrain<TQuery, TLine>
    where TQuery : IQuery<TLine>
    where TLine : ILine<TLine>
{
    private const int LargestPage = 1_000;

    /// <inheritdoc/>
    public async Task<Page<TLine>> List(TQuery query, Operator? by, string? after, int most)
    {
        var where = query.Where().ToImmutableArray();
        if (where.Any(condition => condition.Comparison == Comparison.Hashed) && await NotOwn(where, by) is { } refusal) return new([], null, refusal);
        var page = Math.Clamp(most, 1, LargestPage);
        // One more than asked for tells whether there is a next page.
        var rows = await reads.List(TLine.Model, [.. where.Select(Hashed)], after, page + 1, CancellationToken.None);
        var lines = rows.Take(page).Select(TLine.Of).ToList();
        return new(lines, rows.Count > page ? new Row(TLine.Model, rows[page - 1]).Key : null);
    }

    private async Task<Refusal?> NotOwn(ImmutableArray<Condition> where, Operator? by)
    {
        if (by is null || where.FirstOrDefault(condition => condition.Comparison == Comparison.Within)?.Value is not string scope) return SearchRules.ScopeMissing;
        var key = UnionLine.Model.Columns[0].Name;
        var own = await reads.List(UnionLine.Model, [new(key, Comparison.Equal, scope), new(key, Comparison.Within, by.Union.Value)], null, 1, CancellationToken.None);
        return own.Count > 0 ? null : SearchRules.OutsideOwnSubtree.With("union", scope).With("own", by.Union);
    }

    private Condition Hashed(Condition condition) => condition.Comparison == Comparison.Hashed
        ? condition with { Comparison = Comparison.Equal, Value = vault.Search.Hash(condition.Column, (string)condition.Value!) }
        : condition;
}
