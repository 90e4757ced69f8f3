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
            Exception failure;
            try
            {
                return await call().WaitAsync(cancel);
            }
            catch (UnionFault fault) when (fault.Retryable)
            {
                failure = fault;
            }
            catch (TypeLoadException unknown)
            {
                // A silo that does not know the pinned name says so from within Orleans; the name stands only in its sentence, between quotes.
                throw Faults.UnknownCase(unknown.Message.Split('"') is [_, var name, ..] ? name : unknown.Message);
            }
            catch (Exception broken) when (broken is TimeoutException or OrleansMessageRejectionException or SiloUnavailableException or ConnectionFailedException or ClientNotAvailableException)
            {
                // The way broke, not the rules: whether the command arrived is unknown, which the command id makes harmless.
                failure = broken;
            }

            var pause = Pause(attempt);
            if (clock.GetElapsedTime(begun) + pause > options.TotalTime) throw failure is UnionFault ? failure : Faults.NoAnswer();
            await Task.Delay(pause, clock, cancel);
        }
    }

    private TimeSpan Pause(int attempt)
    {
        var longest = Math.Min(options.LongestPause.TotalMilliseconds, options.FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 20)));
        return TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
