using System.Runtime.CompilerServices;
using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>One read model as an application sees it.</summary>
/// <typeparam name="TQuery">Asks for lines.</typeparam>
/// <typeparam name="TLine">A line of the list.</typeparam>
public sealed class ListClient<TQuery, TLine>
    where TQuery : IQuery<TLine>
    where TLine : ILine<TLine>
{
    private const int PageSize = 500;

    private readonly Calls calls;
    private readonly UnionClientOptions options;
    private readonly Func<IListGrain<TQuery, TLine>> list;

    internal ListClient(Calls calls, UnionClientOptions options, Func<IListGrain<TQuery, TLine>> list) => (this.calls, this.options, this.list) = (calls, options, list);

    /// <summary>All lines that fulfil the query, in the order of their keys, fetched page by page.</summary>
    /// <param name="query">The conditions.</param>
    /// <param name="cancel">Ends the list.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    /// <exception cref="RefusedException">Nothing may be listed so; ask with <see cref="Page"/> to be answered with the refusal as a value.</exception>
    public IAsyncEnumerable<TLine> List(TQuery query, CancellationToken cancel) => List(query, null, cancel);

    /// <summary>All lines that fulfil the query, of records that hold what a token stands for, page by page.</summary>
    /// <param name="query">The conditions.</param>
    /// <param name="atLeast">What the list must show: the <see cref="Reply{TView}.Token"/> of a reply; anything unless given. While the records do not hold it, it is asked for again within the total time.</param>
    /// <param name="cancel">Ends the list.</param>
    /// <exception cref="UnionFault">Something broke; see its code. <c>behind</c>: the records do not hold what the token stands for, for example after the restore of an older backup.</exception>
    /// <exception cref="RefusedException">Nothing may be listed so; ask with <see cref="Page"/> to be answered with the refusal as a value.</exception>
    public async IAsyncEnumerable<TLine> List(TQuery query, ReadToken? atLeast = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        string? next = null;
        do
        {
            var page = await Page(query, next, PageSize, atLeast: atLeast, cancel: cancel);
            if (page.Refusal is { } refusal) throw new RefusedException(refusal);
            foreach (var line in page.Lines) yield return line;
            next = page.Next;
        }
        while (next is not null);
    }

    /// <summary>One page of the lines that fulfil the query.</summary>
    /// <param name="query">The conditions.</param>
    /// <param name="after">The place the former page named; null for the first page.</param>
    /// <param name="most">At most so many lines (1–1,000); default 100.</param>
    /// <param name="by">Who asks: personal values are searched for only inside the own subtree. The operator of <see cref="UnionClientOptions"/> unless given.</param>
    /// <param name="atLeast">What the page must show: the <see cref="Reply{TView}.Token"/> of a reply; anything unless given, and then nothing is asked of the journal.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="UnionFault">Something broke; see its code. <c>behind</c>: the records do not hold what the token stands for.</exception>
    public Task<Page<TLine>> Page(TQuery query, string? after = null, int most = 100, Operator? by = null, ReadToken? atLeast = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(most is >= 1 and <= 1_000, true, nameof(most));
        return calls.Do(() => atLeast is null ? list().List(query, by ?? options.Operator, after, most) : list().ListAtLeast(query, by ?? options.Operator, after, most, atLeast), cancel);
    }
}
