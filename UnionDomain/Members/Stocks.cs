using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>One thing a member adds to a stock, from the day of the state on.</summary>
/// <param name="Measure">The stock.</param>
/// <param name="Union">The union it counts at.</param>
/// <param name="Subject">The employing unit; empty: none.</param>
/// <param name="End">The first day on which it counts no more, as long as nothing else happens; <see cref="DateOnly.MaxValue"/>: it stays.</param>
public readonly record struct Stretch(Measure Measure, UnionId Union, string Subject, DateOnly End);

/// <summary>
/// What a member counts as, on every day to come. Nobody has to come back when a document ends or a membership is deemed withdrawn: the day is known, and the fact is dated with it.
/// </summary>
public static class MemberStocks
{
    /// <summary>What a state adds to the stocks, from its own day on.</summary>
    public static IEnumerable<Stretch> Of(MemberState member)
    {
        if (member.Status == MemberStatus.Retained) yield return new(MemberMeasures.Retained, member.Union, "", DateOnly.MaxValue);
        if (member.Status != MemberStatus.Active) yield break;
        var unit = member.Workplace.Employer?.Value ?? "";
        var end = member.DeemedFrom ?? DateOnly.MaxValue;
        yield return new(MemberMeasures.Registered, member.Union, unit, end);
        if (member.QualifiedUntil is { } last) yield return new(MemberMeasures.Entered, member.Union, unit, last < end ? last.AddDays(1) : end);
        if (member.Card.IsLive) yield return new(CardMeasures.Issued, member.Union, unit, end);
    }

    /// <summary>The facts that turn what one state adds, from a day on, into what the other adds. What is over by then stays as it was.</summary>
    public static IReadOnlyList<Fact> Changes(MemberState before, MemberState after, DateOnly day)
    {
        if (Counted(before) == Counted(after)) return []; // Most commands say nothing that counts.
        List<(DateOnly On, Stretch Of, long Value)> jumps = new(4);
        foreach (var stretch in Of(before)) Add(jumps, day, stretch, -1);
        foreach (var stretch in Of(after)) Add(jumps, day, stretch, 1);
        var facts = new List<Fact>(jumps.Count);
        foreach (var (on, of, value) in jumps)
            if (value != 0) facts.Add(new(of.Measure, of.Union, value) { Subject = of.Subject, On = on == day ? null : on });
        return facts;
    }

    // All that a stretch is made of.
    private static (MemberStatus, UnionId, EmployerId?, DateOnly?, DateOnly?, bool) Counted(MemberState member) =>
        (member.Status, member.Union, member.Workplace.Employer, member.DeemedFrom, member.QualifiedUntil, member.Card.IsLive);

    private static void Add(List<(DateOnly On, Stretch Of, long Value)> jumps, DateOnly day, Stretch stretch, long value)
    {
        if (stretch.End <= day) return;
        Jump(jumps, day, stretch, value);
        if (stretch.End < DateOnly.MaxValue) Jump(jumps, stretch.End, stretch, -value);
    }

    private static void Jump(List<(DateOnly On, Stretch Of, long Value)> jumps, DateOnly on, Stretch stretch, long value)
    {
        stretch = stretch with { End = default };
        var at = 0;
        while (at < jumps.Count && (jumps[at].On != on || jumps[at].Of != stretch)) at++;
        if (at == jumps.Count) jumps.Add((on, stretch, value));
        else jumps[at] = (on, stretch, jumps[at].Value + value);
    }
}
