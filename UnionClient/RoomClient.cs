using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>One room as an application sees it.</summary>
/// <typeparam name="TId">The room's identifier.</typeparam>
/// <typeparam name="TCommand">The room's commands.</typeparam>
/// <typeparam name="TView">What a read shows.</typeparam>
/// <typeparam name="TQuery">Asks for lines.</typeparam>
/// <typeparam name="TLine">A line of a list.</typeparam>
public sealed class RoomClient<TId, TCommand, TView, TQuery, TLine>
    where TId : struct, IStringId<TId>
    where TCommand : class
    where TView : class
    where TQuery : IQuery<TLine>
    where TLine : ILine<TLine>
{
    private readonly string kind;
    private readonly Calls calls;
    private readonly UnionClientOptions options;
    private readonly Func<TId, IAggregateGrain<TCommand, TView>> grain;
    private readonly ListClient<TQuery, TLine> lines;
    private readonly FirstCalls<TCommand, TView>? first;

    internal RoomClient(
        string kind, Calls calls, UnionClientOptions options, Func<TId, IAggregateGrain<TCommand, TView>> grain, Func<IListGrain<TQuery, TLine>> list, Func<long, IBulkGrain<TCommand, TView>> worker,
        FirstCalls<TCommand, TView>? first = null)
    {
        (this.kind, this.calls, this.options, this.grain, lines, Bulk) = (kind, calls, options, grain, new(calls, options, list), new(calls, options, worker));
        this.first = first;
    }

    /// <summary>Sends many commands in windows.</summary>
    public BulkClient<TId, TCommand, TView> Bulk { get; }

    /// <summary>
    /// Gives a command and answers when it is durable. Retryable faults are repeated with the same command id within the total time.
    /// </summary>
    /// <param name="id">The aggregate.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="with">Id, operator, business date, reason and document, where they are not the usual ones.</param>
    /// <param name="cancel">Gives up waiting; the command may still be applied.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public Task<Reply<TView>> Send(TId id, TCommand command, CommandOptions? with = null, CancellationToken cancel = default)
    {
        var envelope = options.Enclose(command, with);
        if (first?.Takes(id.Value, command) == true) return Past(id, () => first.Send(id.Value, envelope), () => grain(id).Send(envelope), cancel);
        return calls.Do(new StreamId(kind, id.Value), () => grain(id).Send(envelope), cancel);
    }

    /// <summary>What <see cref="Send"/> would answer now; nothing is written.</summary>
    /// <param name="id">The aggregate.</param>
    /// <param name="command">What would be asked.</param>
    /// <param name="with">Id, operator, business date, reason and document, where they are not the usual ones.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public Task<Reply<TView>> Validate(TId id, TCommand command, CommandOptions? with = null, CancellationToken cancel = default)
    {
        var envelope = options.Enclose(command, with);
        first?.Leave(id.Value);
        return calls.Do(new StreamId(kind, id.Value), () => grain(id).Validate(envelope), cancel);
    }

    /// <summary>The last committed view; version 0 when nothing ever happened there.</summary>
    /// <param name="id">The aggregate.</param>
    /// <param name="purpose">Why personal fields are looked at: one of the room's purposes. They are masked without one; the look is recorded before they are shown.</param>
    /// <param name="by">Who looks; the operator of <see cref="UnionClientOptions"/> unless given.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public Task<Reply<TView>> Get(TId id, string? purpose = null, Operator? by = null, CancellationToken cancel = default)
    {
        if (purpose is null && first?.Takes(id.Value) == true) return Past(id, () => first.Show(id.Value), () => grain(id).Get(), cancel);
        if (purpose is not null) first?.Leave(id.Value);
        var look = purpose is null ? null : new Look(Guid.CreateVersion7(), purpose, by ?? options.Operator ?? throw UnionClientOptions.NoOperator());
        return calls.Do(new StreamId(kind, id.Value), () => grain(id).Get(look), cancel);
    }

    /// <inheritdoc cref="ListClient{TQuery, TLine}.List(TQuery, CancellationToken)"/>
    public IAsyncEnumerable<TLine> List(TQuery query, CancellationToken cancel) => lines.List(query, cancel);

    /// <inheritdoc cref="ListClient{TQuery, TLine}.List(TQuery, ReadToken, CancellationToken)"/>
    public IAsyncEnumerable<TLine> List(TQuery query, ReadToken? atLeast = null, CancellationToken cancel = default) => lines.List(query, atLeast, cancel);

    /// <inheritdoc cref="ListClient{TQuery, TLine}.Page"/>
    public Task<Page<TLine>> Page(TQuery query, string? after = null, int most = 100, Operator? by = null, ReadToken? atLeast = null, CancellationToken cancel = default) =>
        lines.Page(query, after, most, by, atLeast, cancel);

    /// <summary>Past the grain at first; every repeat goes through it, and finds what the first attempt did.</summary>
    private Task<Reply<TView>> Past(TId id, Func<Task<Reply<TView>?>> past, Func<Task<Reply<TView>>> at, CancellationToken cancel)
    {
        var attempts = 0;
        return calls.Do(
            new StreamId(kind, id.Value),
            async () =>
            {
                if (attempts++ == 0 && await past() is { } reply) return reply;
                first!.Leave(id.Value);
                return await at();
            },
            cancel);
    }
}
