using UnionDomain.Kernel;

namespace UnionTestKit;

/// <summary>
/// The clock of business of a <see cref="TestUnion"/>: it stands still until a test moves it, forward or back. The silo's own clocks run on: one that stands would stop it.
/// </summary>
public sealed class TestClock : TimeProvider
{
    private readonly Lock guard = new();
    private DateTimeOffset now;

    /// <summary>A clock that shows noon in Shanghai of a day.</summary>
    public TestClock(DateOnly today) => Today = today;

    /// <summary>The business date; set, it is noon of that day.</summary>
    public DateOnly Today
    {
        get => BusinessCalendar.DateOf(GetUtcNow());
        set
        {
            lock (guard) now = BusinessCalendar.StartOf(value).AddHours(12).ToUniversalTime();
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (guard) return now;
    }

    /// <summary>Moves the clock by a time; back when it is negative.</summary>
    public void Advance(TimeSpan by)
    {
        lock (guard) now += by;
    }
}
