using Orleans.Concurrency;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>Takes windows of commands past the activations; several at once.</summary>
[StatelessWorker(MostWindows)]
public abstract class BulkGrain<TDecider, TState, TCommand, TEvent, TView>(AggregateKernel kernel) : Grain, IBulkGrain<TCommand, TView>
    where TDecider : IAggregate<TState, TCommand, TEvent, TView>
    where TCommand : class
    where TEvent : class
    where TView : class
{
    private const int MostWindows = 8;

    /// <inheritdoc/>
    public Task<IReadOnlyList<BulkOutcome<TView>>> Send(BulkWindow<TCommand> window) => new SetWise<TDecider, TState, TCommand, TEvent, TView>(kernel, window).Run();

    /// <inheritdoc/>
    public Task<IReadOnlyList<BulkOutcome<TView>>> Pass(BulkWindow<TCommand> window) => new SetWise<TDecider, TState, TCommand, TEvent, TView>(kernel, window with { Views = true }, leaves: true).Run();

    /// <inheritdoc/>
    public Task<IReadOnlyList<BulkOutcome<TView>>> Show(IReadOnlyList<string> keys) => new SetWise<TDecider, TState, TCommand, TEvent, TView>(kernel, new(keys, [], Views: true), leaves: true).Show();

    /// <inheritdoc/>
    public Task<IReadOnlyList<BulkOutcome<TView>>> Look(BulkLooks looks)
    {
        if (TDecider.Look(looks.Purpose) is not { } look) return new SetWise<TDecider, TState, TCommand, TEvent, TView>(kernel, new(looks.Keys, [], Views: true)).Show();
        var window = new BulkWindow<TCommand>(looks.Keys, [.. looks.Ids.Select(id => new Envelope<TCommand>(id, look, looks.Operator))], Views: false);
        return new SetWise<TDecider, TState, TCommand, TEvent, TView>(kernel, window, opens: true).Run();
    }
}
