namespace UnionDomain.Kernel;

/// <summary>
/// The business day of the federation: Asia/Shanghai. The zone has stood at UTC+8 without summer time since 1992, and business dates of the
/// house begin later, so a constant serves where a machine has no time-zone data.
/// </summary>
public static class BusinessCalendar
{
    /// <summary>The offset of Asia/Shanghai.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>The business date of an instant.</summary>
    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);
}
