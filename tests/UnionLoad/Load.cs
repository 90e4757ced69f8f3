using System.Diagnostics;
using HdrHistogram;

namespace UnionLoad;

/// <summary>Something that answers commands, on as many lanes as serve it best.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>How many steps are under way at once.</summary>
    int Lanes { get; }

    /// <summary>Gets ready; what happens here is not measured.</summary>
    Task Start(CancellationToken cancel);

    /// <summary>Does the next step of a lane and answers when it is durable: the number of commands in it, or 0 when nothing is left to do.</summary>
    ValueTask<int> Step(int lane);

    /// <summary>Compares the database with what was acknowledged. What was found right, in words.</summary>
    /// <exception cref="InvalidDataException">Something is not right.</exception>
    Task<string> Check(long acknowledged);
}

/// <summary>Keeps all lanes of a contender busy and measures for a while.</summary>
internal static class Load
{
    public static async Task<Run> Measure(IContender contender, TimeSpan warmUp, TimeSpan time, ProcessorTime processor, CancellationToken cancel)
    {
        var latencies = new LongConcurrentHistogram(1, 60_000_000, 3); // microseconds
        var (counting, over, acknowledged) = (false, false, 0L);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var lanes = Task.WhenAll(Enumerable.Range(0, contender.Lanes).Select(lane => Task.Run(() => Drive(lane), CancellationToken.None)));
        await Wait(warmUp);
        var (before, begun, allocated) = (processor.Read(), Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
        Volatile.Write(ref counting, true);
        await Wait(time);
        Volatile.Write(ref counting, false);
        var (used, elapsed) = (processor.Read() - before, Stopwatch.GetElapsedTime(begun));
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        Volatile.Write(ref over, true);
        await lanes;
        cancel.ThrowIfCancellationRequested();

        var commands = latencies.TotalCount;
        if (commands == 0) throw new InvalidOperationException("Nothing was answered while it was measured.");
        return new()
        {
            Rate = commands / elapsed.TotalSeconds,
            P50Ms = latencies.GetValueAtPercentile(50) / 1_000.0,
            P99Ms = latencies.GetValueAtPercentile(99) / 1_000.0,
            CpuUs = new(0, used.Own.TotalMicroseconds / commands, used.Database.TotalMicroseconds / commands),
            Commands = commands,
            AllocatedBytes = (double)allocated / commands,
            PeakMb = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6,
            Checked = await contender.Check(Interlocked.Read(ref acknowledged)),
        };

        async Task Drive(int lane)
        {
            try
            {
                while (!Volatile.Read(ref over) && !failed.IsCancellationRequested)
                {
                    var sent = Stopwatch.GetTimestamp();
                    var done = await contender.Step(lane);
                    if (done == 0) return;
                    Interlocked.Add(ref acknowledged, done);
                    if (Volatile.Read(ref counting)) latencies.RecordValueWithCount(Math.Clamp((long)Stopwatch.GetElapsedTime(sent).TotalMicroseconds, 1, 60_000_000), done);
                }
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }

        async Task Wait(TimeSpan pause)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(failed.Token);
            await Task.WhenAny(lanes, Task.Delay(pause, ended.Token));
            await ended.CancelAsync();
        }
    }
}
