using Orleans.Runtime.Messaging;

namespace UnionClient;

/// <summary>Repeats a call with the same content until it succeeds, is refused for good, or the total time is over.</summary>
internal sealed class Calls(UnionClientOptions options, TimeProvider clock)
{
    public async Task<T> Do<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            UnionFault failure;
            try
            {
                return await call().WaitAsync(cancel);
            }
            catch (Exception broken) when (FaultOf(broken) is { } fault)
            {
                failure = fault;
            }

            if (!failure.Retryable || !await Pause(begun, attempt, cancel)) throw failure;
        }
    }

    /// <summary>When a call begins, for <see cref="Pause(long, int, CancellationToken)"/>.</summary>
    public long Begin() => clock.GetTimestamp();

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
        // The way broke, not the rules: whether the command arrived is unknown, which the command id makes harmless.
        TimeoutException or OrleansMessageRejectionException or SiloUnavailableException or ConnectionFailedException or ClientNotAvailableException => Faults.NoAnswer(),
        _ => null,
    };

    private TimeSpan Pause(int attempt)
    {
        var longest = Math.Min(options.LongestPause.TotalMilliseconds, options.FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 20)));
        return TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
