namespace UnionDomain.Kernel;

/// <summary>
/// The business date: the calendar day in Asia/Shanghai. The offset is the constant +08:00, which is right for every instant from 1992 on:
/// China last kept summer time in 1991 and has had one zone since. It is a constant because trimmed machines carry no time-zone data,
/// and a silo without it would date facts by another day than its neighbour. Instants before 1992 are not dated here: births and other old days arrive as dates.
/// </summary>
public static class BusinessCalendar
{
    /// <summary>The offset of Asia/Shanghai from UTC since 1992: eight hours.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>The business date of an instant, whatever offset the instant is written with.</summary>
    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);

    /// <summary>The business date of this moment on a clock.</summary>
    public static DateOnly Today(TimeProvider clock) => DateOf(clock.GetUtcNow());

    /// <summary>The instant at which a business date begins: midnight in Shanghai.</summary>
    public static DateTimeOffset StartOf(DateOnly date) => new(date, TimeOnly.MinValue, Offset);
}
