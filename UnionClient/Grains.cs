using UnionDomain.Kernel;
using UnionDomain.Reports;

namespace UnionClient;

/// <summary>One aggregate. The key of the grain is its stream, <c>kind/key</c>. Adding a command to a room touches nothing here.</summary>
[Alias("union.aggregate`2")]
public interface IAggregateGrain<TCommand, TView> : IGrainWithStringKey
{
    /// <summary>Decides a command and answers when what it rests on is committed.</summary>
    /// <exception cref="UnionFault">Something broke on the way; see its code.</exception>
    [Alias("send")]
    Task<Reply<TView>> Send(Envelope<TCommand> envelope);

    /// <summary>The same decision on the newest state; nothing is written.</summary>
    [Alias("validate")]
    Task<Reply<TView>> Validate(Envelope<TCommand> envelope);

    /// <summary>The last committed view; personal fields are masked without a look, and opened only once the look is recorded.</summary>
    [Alias("get")]
    Task<Reply<TView>> Get(Look? look = null);
}

/// <summary>A look at personal fields: recorded in the stream before anything is shown.</summary>
/// <param name="Id">Identifies the look: a repeat is recorded once.</param>
/// <param name="Purpose">Why, one of the room's purposes.</param>
/// <param name="Operator">Who looks.</param>
[GenerateSerializer, Immutable, Alias("union.look")]
public sealed record Look([property: Id(0)] Guid Id, [property: Id(1)] string Purpose, [property: Id(2)] Operator Operator);

/// <summary>A page of lines, in the order of their keys.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
/// <param name="Refusal">Why nothing may be listed so, or null.</param>
[GenerateSerializer, Immutable, Alias("union.page`1")]
public sealed record Page<TLine>([property: Id(0)] IReadOnlyList<TLine> Lines, [property: Id(1)] string? Next, [property: Id(2)] Refusal? Refusal = null);

/// <summary>Lists one read model.</summary>
[Alias("union.list`2")]
public interface IListGrain<TQuery, TLine> : IGrainWithIntegerKey
{
    /// <summary>
    /// One page of the lines that fulfil the query, after the given place; at most <paramref name="most"/> (1–1,000) lines. Personal values may be
    /// searched for only inside the subtree of the union that <paramref name="by"/> acts for (<see cref="SearchRules"/>).
    /// </summary>
    [Alias("list")]
    Task<Page<TLine>> List(TQuery query, Operator? by, string? after, int most);

    /// <summary>The same page, of a state of the records that shows what the token stands for.</summary>
    /// <exception cref="UnionFault"><c>behind</c>: the records do not hold it.</exception>
    [Alias("list-at-least")]
    Task<Page<TLine>> ListAtLeast(TQuery query, Operator? by, string? after, int most, ReadToken atLeast);
}

/// <summary>Counts figures and opens them.</summary>
[Alias("union.figures")]
public interface IFigureGrain : IGrainWithIntegerKey
{
    /// <summary>The exact number.</summary>
    [Alias("count")]
    Task<Figure> Count(FigureQuery query);

    /// <summary>Several exact numbers in the order asked, all of one state of the records.</summary>
    [Alias("count-all")]
    Task<IReadOnlyList<Figure>> CountAll(IReadOnlyList<FigureQuery> queries);

    /// <summary>The figure of the scope itself and of each union directly under it; see <see cref="Figures.Split"/> for what they add up to.</summary>
    [Alias("split")]
    Task<IReadOnlyList<Figure>> Split(FigureQuery query);

    /// <summary>One page of the records behind the figure, oldest first (a distinct count: by subject); their values add up to it.</summary>
    [Alias("open")]
    Task<Page<FactLine>> Open(FigureQuery query, string? after, int most);

    /// <summary>One page of what each subject has of a stock at the end of the last day, by subject; at most <paramref name="most"/> (1–1,000).</summary>
    [Alias("subjects")]
    Task<Page<SubjectValue>> Subjects(FigureQuery query, string? after, int most);
}
