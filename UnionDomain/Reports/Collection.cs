using UnionDomain.Kernel;

namespace UnionDomain.Reports;

/// <summary>How far the information of one unit's members is collected (会员信息采集), and whether the unit reports as many members as are on record.</summary>
/// <param name="Employer">The unit.</param>
/// <param name="Registered">Its members on record.</param>
/// <param name="Qualified">Those of them whose record is qualified.</param>
/// <param name="Reported">The members it reported itself; null when it reported none, or to a federation outside the scope.</param>
public sealed record CollectionLine(EmployerId Employer, long Registered, long Qualified, long? Reported)
{
    /// <summary>Members on record less members reported; null when none were reported.</summary>
    public long? Difference => Registered - Reported;

    /// <summary>Qualified records per members on record (采集率), rounded for display; null while no member is on record.</summary>
    public Percentage? Rate => Share.Of(Qualified, Registered);

    /// <summary>One line for each unit that any of the three knows, by number.</summary>
    public static IEnumerable<CollectionLine> Merge(IEnumerable<SubjectValue> registered, IEnumerable<SubjectValue> qualified, IEnumerable<SubjectValue> reported)
    {
        var lines = new SortedDictionary<string, CollectionLine>(StringComparer.Ordinal);
        foreach (var unit in registered) lines[unit.Subject] = LineOf(unit) with { Registered = unit.Value };
        foreach (var unit in qualified) lines[unit.Subject] = LineOf(unit) with { Qualified = unit.Value };
        foreach (var unit in reported) lines[unit.Subject] = LineOf(unit) with { Reported = unit.Value };
        return lines.Values;

        CollectionLine LineOf(SubjectValue unit) => lines.GetValueOrDefault(unit.Subject) ?? new(new(unit.Subject), 0, 0, null);
    }
}
