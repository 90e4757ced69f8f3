using Orleans.Runtime.Messaging;
using Orleans.Serialization;
using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>Repeats a call with the same content until it succeeds, is refused for good, or the total time is over.</summary>
internal sealed class Calls(UnionClientOptions options, TimeProvider clock, UnionConnection? connection = null)
{
    // Cut off sooner, an attempt would hide what the one before it told.
    private static readonly TimeSpan LeastAttempt = TimeSpan.FromSeconds(1);

    public async Task<T> Do<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            cancel.ThrowIfCancellationRequested();
            if (await Unreachable(begun, cancel) is { } closed) throw closed;
            UnionFault failure;
            try
            {
                // The first attempt is limited by Orleans, for all calls with one timer; a repeat may take no more than what is left.
                return await (attempt == 0 ? call().WaitAsync(cancel) : call().WaitAsync(Left(begun) is var left && left > LeastAttempt ? left : LeastAttempt, clock, cancel));
            }
            catch (Exception broken) when (FaultOf(broken) is { } fault)
            {
                failure = fault;
            }

            if (!failure.Retryable || !await Pause(begun, attempt, cancel)) throw failure;
        }
    }

    /// <summary>The same for what one aggregate is asked.</summary>
    public async Task<Reply<TView>> Do<TView>(StreamId of, Func<Task<Reply<TView>>> call, CancellationToken cancel)
    {
        var reply = await Do(call, cancel);
        reply.Of = of;
        return reply;
    }

    /// <summary>When a call begins, for <see cref="Pause(long, int, CancellationToken)"/>.</summary>
    public long Begin() => clock.GetTimestamp();

    /// <summary>Waits for the connection within what is left of the total time; the fault when there is none. Inside a silo there always is.</summary>
    public ValueTask<UnionFault?> Unreachable(long begun, CancellationToken cancel) =>
        connection is null or { Trouble: null } ? default : connection.Unreachable(Left(begun), cancel);

    /// <summary>Waits before the next attempt; false: the total time is over.</summary>
    public async Task<bool> Pause(long begun, int attempt, CancellationToken cancel)
    {
        var pause = Pause(attempt);
        if (clock.GetElapsedTime(begun) + pause > options.TotalTime) return false;
        await Task.Delay(pause, clock, cancel);
        return true;
    }

    /// <summary>What a failed call says to an application; null when it is a mistake that nobody foresaw.</summary>
    public static UnionFault? FaultOf(Exception failure) => failure switch
    {
        UnionFault fault => fault,
        // A silo that does not know the pinned name says so from within Orleans; the name stands only in its sentence, between quotes.
        TypeLoadException unknown => Faults.UnknownCase(unknown.Message.Split('"') is [_, var name, ..] ? name : unknown.Message),
        // A message whose view the other side knows under another name only: Orleans reads its type as nothing, and then finds something.
        UnsupportedWireTypeException => Faults.UnknownCase("view"),
        // A value that this side has no word for, in something that a newer silo tells; what stands there is not repeated.
        System.Text.Json.JsonException newer => Faults.UnknownCase(newer.Path ?? "$"),
        // The way broke, not the rules: whether the command arrived is unknown, which the command id makes harmless.
        TimeoutException or OrleansMessageRejectionException or SiloUnavailableException or ConnectionFailedException or ClientNotAvailableException => Faults.NoAnswer(),
        _ => null,
    };

    private TimeSpan Left(long begun) => options.TotalTime - clock.GetElapsedTime(begun) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    private TimeSpan Pause(int attempt)
    {
        var longest = Math.Min(options.LongestPause.TotalMilliseconds, options.FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 20)));
        return TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
