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
    public static IEnumerable<Fact> Changes(MemberState before, MemberState after, DateOnly day)
    {
        List<(DateOnly On, Stretch Of, long Value)> jumps = [];
        foreach (var stretch in Of(before)) Add(stretch, -1);
        foreach (var stretch in Of(after)) Add(stretch, 1);
        return from jump in jumps
               where jump.Value != 0
               select new Fact(jump.Of.Measure, jump.Of.Union, jump.Value) { Subject = jump.Of.Subject, On = jump.On == day ? null : jump.On };

        void Add(Stretch stretch, long value)
        {
            if (stretch.End <= day) return;
            Jump(day, stretch, value);
            if (stretch.End < DateOnly.MaxValue) Jump(stretch.End, stretch, -value);
        }

        void Jump(DateOnly on, Stretch stretch, long value)
        {
            stretch = stretch with { End = default };
            var at = jumps.FindIndex(jump => jump.On == on && jump.Of == stretch);
            if (at < 0) jumps.Add((on, stretch, value));
            else jumps[at] = (on, stretch, jumps[at].Value + value);
        }
    }
}
