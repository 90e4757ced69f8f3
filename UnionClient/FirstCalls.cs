namespace UnionClient;

/// <summary>
/// The first calls to an aggregate, past its activation: to make one costs more than all the rest, and most aggregates are looked at and changed once and then rest for months.
/// They go in windows, as a bulk does; whoever is called a third time is called at its grain, which then remembers it.
/// </summary>
internal sealed class FirstCalls<TCommand, TView>(Func<TCommand, bool> begins, Func<long, IBulkGrain<TCommand, TView>> worker, TimeProvider clock)
    where TCommand : class
    where TView : class
{
    private const int Workers = 64;

    private readonly RecentKeys recent = new(clock);
    private readonly GatheredCalls<(string Key, Envelope<TCommand> Envelope), BulkOutcome<TView>> commands = new(rows =>
        Worker(worker).Pass(new([.. rows.Select(row => row.Key)], [.. rows.Select(row => row.Envelope)], Views: true)), clock);

    private readonly GatheredCalls<string, BulkOutcome<TView>> looks = new(keys => Worker(worker).Show(keys), clock);

    private static long sent;

    /// <summary>Whether the command goes past the activation; unless it begins the aggregate, it is counted as a call.</summary>
    public bool Takes(string key, TCommand command) => begins(command) || recent.IsNew(key);

    /// <summary>Whether a masked look goes past the activation; it is counted as a call.</summary>
    public bool Takes(string key) => recent.IsNew(key);

    /// <summary>Says that the aggregate is called at its grain.</summary>
    public void Leave(string key) => recent.Keep(key);

    /// <summary>The reply, or null when only the aggregate's grain can give it.</summary>
    /// <exception cref="UnionFault">Something broke on the way of this command; nothing is known of it.</exception>
    public async Task<Reply<TView>?> Send(string key, Envelope<TCommand> envelope)
    {
        var outcome = await commands.Ask((key, envelope)).ConfigureAwait(false);
        if (outcome is { Tried: true, Fault: { } fault }) throw new UnionFault(fault.Code, fault.Retryable, fault.Message);
        return outcome is { Tried: true, Repeated: false, View: { } view }
            ? new() { View = view, Version = outcome.Version, Refusal = outcome.Refusal, Warnings = outcome.Warnings, CommandId = outcome.Events > 0 ? envelope.CommandId : null }
            : null;
    }

    /// <summary>The view, or null when only the aggregate's grain can show it.</summary>
    /// <exception cref="UnionFault">Something broke on the way of this look.</exception>
    public async Task<Reply<TView>?> Show(string key)
    {
        var outcome = await looks.Ask(key).ConfigureAwait(false);
        if (outcome is { Tried: true, Fault: { } fault }) throw new UnionFault(fault.Code, fault.Retryable, fault.Message);
        return outcome is { Tried: true, View: { } view } ? new() { View = view, Version = outcome.Version } : null;
    }

    // Calls to one worker all go through one gateway: each window takes another.
    private static IBulkGrain<TCommand, TView> Worker(Func<long, IBulkGrain<TCommand, TView>> worker) => worker(Interlocked.Increment(ref sent) % Workers);
}
