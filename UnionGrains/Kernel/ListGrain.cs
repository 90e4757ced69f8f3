using System.Collections.Immutable;
using Orleans.Concurrency;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace UnionGrains.Kernel;

/// <summary>Lists a read model; as many activations as there are callers.</summary>
[StatelessWorker]
public abstract class ListGrain<TQuery, TLine>(IReadSide reads, Vault vault, Journal journal) : Grain, IListGrain<TQuery, TLine>
    where TQuery : IQuery<TLine>
    where TLine : ILine<TLine>
{
    private const int LargestPage = 1_000;
    private const int OpenedAtOnce = 500;

    /// <inheritdoc/>
    public Task<Page<TLine>> List(TQuery query, Operator? by, string? after, int most) => List(query, by, after, most, null);

    /// <inheritdoc/>
    public Task<Page<TLine>> ListAtLeast(TQuery query, Operator? by, string? after, int most, ReadToken atLeast) => List(query, by, after, most, atLeast);

    private async Task<Page<TLine>> List(TQuery query, Operator? by, string? after, int most, ReadToken? atLeast)
    {
        if (query.Refused is { } refused) return new([], null, refused);
        var where = query.Where().ToImmutableArray();
        var opening = query.Opens;
        if (opening?.Unit is { } unit && !await IsUnit(unit)) return new([], null, SearchRules.UnitMissing);
        if ((opening is not null || where.Any(condition => condition.Comparison is Comparison.Hashed or Comparison.OneHashed)) && await NotOwn(where, by) is { } refusal) return new([], null, refusal);
        var page = Math.Clamp(most, 1, LargestPage);
        var (several, asked) = (where.FirstOrDefault(condition => condition.Comparison == Comparison.OneHashed), new Dictionary<string, string>(StringComparer.Ordinal));
        if (several is not null)
            foreach (var value in (ImmutableArray<string>)several.Value!) asked[vault.Search.Hash(several.Column, value)] = value;
        where = [.. where.Select(condition => condition == several ? condition with { Comparison = Comparison.OneOf, Value = asked.Keys.ToImmutableArray() } : Hashed(condition))];
        // One more than asked for tells whether there is a next page.
        var rows = opening is null ? await Rows(where, after, page + 1, atLeast) : await Opened(opening, where, after, page + 1, atLeast);
        var lines = rows.Take(page).Select(Line).ToList();
        return new(lines, rows.Count > page ? new Row(TLine.Model, rows[page - 1]).Key : null);

        TLine Line(ImmutableArray<object?> values) =>
            several is null ? TLine.Of(values) : query.Found(TLine.Of(values), asked[(string)values[TLine.Model.Columns.IndexOf(TLine.Model[several.Column])]!]);
    }

    private async Task<IReadOnlyList<ImmutableArray<object?>>> Opened(Opening opening, ImmutableArray<Condition> where, string? after, int most, ReadToken? atLeast)
    {
        var found = new List<ImmutableArray<object?>>();
        while (found.Count < most)
        {
            var rows = await Rows(where, after, OpenedAtOnce, atLeast);
            var streams = rows.Select(opening.Stream).ToList();
            var keys = await Task.WhenAll(streams.Select(stream => journal.ReadKey(stream.ToString())));
            for (var i = 0; i < rows.Count; i++)
                if (opening.Sealed(rows[i]) is { } closed && keys[i] is { } key && opening.Fulfils(new StreamSeal(streams[i], vault.Unwrap(key), vault.Search).Open(closed)))
                    found.Add(rows[i]);
            if (rows.Count < OpenedAtOnce) break;
            after = new Row(TLine.Model, rows[^1]).Key;
        }

        return found.Count > most ? found[..most] : found;
    }

    private Task<IReadOnlyList<ImmutableArray<object?>>> Rows(ImmutableArray<Condition> where, string? after, int most, ReadToken? atLeast) => atLeast is null
        ? reads.List(TLine.Model, where, after, most, CancellationToken.None)
        : reads.ListAtLeast(TLine.Model, where, after, most, atLeast, CancellationToken.None);

    private async Task<bool> IsUnit(UnionId union) => (await reads.List(
        UnionLine.Model, [new("union_id", Comparison.Equal, union.Value), new("level", Comparison.AtLeast, (long)UnionLevel.Primary)], null, 1, CancellationToken.None)).Count > 0;

    private async Task<Refusal?> NotOwn(ImmutableArray<Condition> where, Operator? by)
    {
        if (by is null || where.FirstOrDefault(condition => condition.Comparison == Comparison.Within)?.Value is not string scope) return SearchRules.ScopeMissing;
        var key = UnionLine.Model.Columns[0].Name;
        var own = await reads.List(UnionLine.Model, [new(key, Comparison.Equal, scope), new(key, Comparison.Within, by.Union.Value)], null, 1, CancellationToken.None);
        return own.Count > 0 ? null : SearchRules.OutsideOwnSubtree.With("union", scope).With("own", by.Union);
    }

    private Condition Hashed(Condition condition) => condition.Comparison == Comparison.Hashed
        ? condition with { Value = vault.Search.Hash(condition.Column, (string)condition.Value!) }
        : condition;
}
