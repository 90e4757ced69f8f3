namespace UnionTesting;

/// <summary>A clock whose elapsed time stands still until a test moves it.</summary>
public sealed class MovedClock : TimeProvider
{
    private long moved;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => moved;

    public void Advance(TimeSpan by) => moved += by.Ticks;
}
