namespace UnionClient;

/// <summary>For scripts that would rather end than look at every answer: what the rules refused becomes a <see cref="RefusedException"/>.</summary>
public static class OrThrowExtensions
{
    /// <summary>The view of an accepted command or a read.</summary>
    /// <exception cref="RefusedException">The rules said no.</exception>
    public static TView OrThrow<TView>(this Reply<TView> reply) => reply.Refusal is { } refusal ? throw new RefusedException(refusal) : reply.View;

    /// <inheritdoc cref="OrThrow{TView}(Reply{TView})"/>
    public static async Task<TView> OrThrow<TView>(this Task<Reply<TView>> reply) => (await reply).OrThrow();

    /// <summary>The outcome of a row that was accepted.</summary>
    /// <exception cref="RefusedException">The rules said no.</exception>
    /// <exception cref="UnionFault">Something broke on the way of this row or of an earlier one of the same aggregate.</exception>
    public static BulkOutcome<TView> OrThrow<TView>(this BulkOutcome<TView> outcome)
        where TView : class =>
        outcome.Refusal is { } refusal ? throw new RefusedException(refusal)
        : outcome.Fault is { } fault ? throw new UnionFault(fault.Code, fault.Retryable, fault.Message)
        : outcome;

    /// <summary>The lines of a page.</summary>
    /// <exception cref="RefusedException">Nothing may be listed so.</exception>
    public static IReadOnlyList<TLine> OrThrow<TLine>(this Page<TLine> page) => page.Refusal is { } refusal ? throw new RefusedException(refusal) : page.Lines;
}
