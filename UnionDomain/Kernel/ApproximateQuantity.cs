using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel;

/// <summary>How a number in a report is meant.</summary>
public enum Qualifier
{
    /// <summary>Exactly n.</summary>
    Exact,

    /// <summary>余/多: n or more, and below the next unit of the last non-zero digit of n (23万余 is at least 230,000 and below 240,000).</summary>
    Over,

    /// <summary>近: below n, and at least nine tenths of it.</summary>
    Nearly,

    /// <summary>以上: n or more (Civil Code 1259).</summary>
    AtLeast,

    /// <summary>近半数: more than 0.4 and less than one half of n, the whole.</summary>
    NearlyHalf,
}

/// <summary>
/// A number as a report words it (23万余, 近万人, 40余户): a value and how it is meant. Only whole-number arithmetic is used.
/// <para>Rounding of an exact count by <see cref="Of"/>:</para>
/// <list type="number">
/// <item>Below 10 nothing is rounded.</item>
/// <item>The step is the last place kept: one leading digit below 100,000 (46 → tens, 8,314 → thousands), two from there on (238,400 → ten thousands).</item>
/// <item>A whole multiple of the step is exact: 150,000 → 15万.</item>
/// <item>Short of the next multiple by a tenth of the step or less, it is nearly that multiple: 9,950 → 近万, 99 → 近100.</item>
/// <item>Everything else is over the multiple below: 238,400 → 23万余, 46 → 40余.</item>
/// </list>
/// <para>The wording always holds for the number it was made from.</para>
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ApproximateQuantity
{
    private const long Wan = 10_000;
    private const long Yi = 100_000_000;

    [JsonConstructor]
    private ApproximateQuantity(long value, Qualifier qualifier)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, qualifier is Qualifier.Exact or Qualifier.AtLeast ? 0 : 1);
        (Value, Qualifier) = (value, qualifier);
    }

    /// <summary>The number named: n, and for <see cref="Qualifier.NearlyHalf"/> the whole. Zero or more.</summary>
    public long Value { get; }

    /// <summary>How it is meant; the default is <see cref="Qualifier.Exact"/>.</summary>
    public Qualifier Qualifier { get; }

    /// <summary>Exactly <paramref name="value"/>, 0 or more.</summary>
    public static ApproximateQuantity Exact(long value) => new(value, Qualifier.Exact);

    /// <summary>余: <paramref name="value"/> or a little more; 1 or more.</summary>
    public static ApproximateQuantity Over(long value) => new(value, Qualifier.Over);

    /// <summary>近: a little less than <paramref name="value"/>; 1 or more.</summary>
    public static ApproximateQuantity Nearly(long value) => new(value, Qualifier.Nearly);

    /// <summary>以上: <paramref name="value"/> or more; 0 or more.</summary>
    public static ApproximateQuantity AtLeast(long value) => new(value, Qualifier.AtLeast);

    /// <summary>近半数: a little less than half of <paramref name="whole"/>; 1 or more.</summary>
    public static ApproximateQuantity NearlyHalfOf(long whole) => new(whole, Qualifier.NearlyHalf);

    /// <summary>The wording of an exact count, 0 or more, by the rounding rules of this type.</summary>
    public static ApproximateQuantity Of(long exact)
    {
        if (exact < 10) return Exact(exact);
        var step = LeadingUnit(exact);
        if (exact >= 100_000) step /= 10;
        var below = exact - (exact % step);
        if (below == exact) return Exact(exact);
        var missing = step - (exact - below);
        return missing <= step / 10 ? Nearly(checked(below + step)) : Over(below);
    }

    /// <summary>The wording of a part of a whole: nearly half when that holds, otherwise the wording of the part.</summary>
    public static ApproximateQuantity OfShare(long part, long whole) =>
        whole > 0 && NearlyHalfOf(whole).Holds(part) ? NearlyHalfOf(whole) : Of(part);

    /// <summary>Whether the wording is true of an exact number.</summary>
    public bool Holds(long exact) => Qualifier switch
    {
        Qualifier.Exact => exact == Value,
        Qualifier.Over => exact >= Value && exact < (Int128)Value + LastUnit(Value),
        Qualifier.Nearly => exact < Value && (Int128)exact * 10 >= (Int128)Value * 9,
        Qualifier.AtLeast => exact >= Value,
        Qualifier.NearlyHalf => (Int128)exact * 5 > (Int128)Value * 2 && (Int128)exact * 2 < Value,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>
    /// Reads a qualifier (<c>exact</c>, <c>over</c>, <c>nearly</c>, <c>at-least</c>, <c>nearly-half-of-31</c>) and its number in digits.
    /// For <c>nearly-half-of-…</c> the number is the exact count and must be nearly half. Refused with <c>approximate-quantity.unknown-qualifier</c>,
    /// <c>approximate-quantity.not-a-count</c>, <c>approximate-quantity.zero</c> or <c>approximate-quantity.not-nearly-half</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> qualifier, ReadOnlySpan<char> number, out ApproximateQuantity value, [NotNullWhen(false)] out Refusal? refusal)
    {
        const string half = "nearly-half-of-";
        long whole = 0;
        var isHalf = qualifier.StartsWith(half, StringComparison.Ordinal);
        if (isHalf ? !TryCount(qualifier[half.Length..], out whole) : qualifier is not ("exact" or "over" or "nearly" or "at-least"))
            return Typed.Refuse(ApproximateQuantityRules.UnknownQualifier, out value, out refusal);
        if (!TryCount(number, out var n)) return Typed.Refuse(ApproximateQuantityRules.NotACount, out value, out refusal);
        if ((isHalf && whole == 0) || (n == 0 && qualifier is ("over" or "nearly"))) return Typed.Refuse(ApproximateQuantityRules.Zero, out value, out refusal);
        if (isHalf && !NearlyHalfOf(whole).Holds(n)) return Typed.Refuse(ApproximateQuantityRules.NotNearlyHalf, out value, out refusal);
        var read = qualifier switch
        {
            "exact" => Exact(n),
            "over" => Over(n),
            "nearly" => Nearly(n),
            "at-least" => AtLeast(n),
            _ => NearlyHalfOf(whole),
        };
        return Typed.Accept(read, out value, out refusal);
    }

    /// <summary>
    /// The Chinese wording with a measure word: <c>23万余名</c>, <c>40余户</c>, <c>近万人</c>, <c>2项以上</c>, <c>近半数</c> (which takes none).
    /// Ten thousands and hundred millions are written 万 and 亿 when two decimals hold the number exactly (12.3万), otherwise in digits (8314); 1万余 is 万余 and 近1万 is 近万.
    /// </summary>
    public string ToChinese(string measureWord = "")
    {
        var number = Numeral(Value);
        var round = Value == Wan ? "万" : number;
        return Qualifier switch
        {
            Qualifier.Exact => number + measureWord,
            Qualifier.Over => $"{round}余{measureWord}",
            Qualifier.Nearly => $"近{round}{measureWord}",
            Qualifier.AtLeast => $"{number}{measureWord}以上",
            Qualifier.NearlyHalf => "近半数",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>The English wording: <c>over 230,000</c>, <c>nearly 10,000</c>, <c>at least 2</c>, <c>nearly half of 31</c>, <c>8,314</c>.</summary>
    public override string ToString()
    {
        var number = Value.ToString("N0", CultureInfo.InvariantCulture);
        return Qualifier switch
        {
            Qualifier.Exact => number,
            Qualifier.Over => $"over {number}",
            Qualifier.Nearly => $"nearly {number}",
            Qualifier.AtLeast => $"at least {number}",
            Qualifier.NearlyHalf => $"nearly half of {number}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static string Numeral(long n) => n switch
    {
        >= Yi when n % (Yi / 100) == 0 => string.Create(CultureInfo.InvariantCulture, $"{(decimal)n / Yi:0.##}亿"),
        >= Wan when n % (Wan / 100) == 0 => string.Create(CultureInfo.InvariantCulture, $"{(decimal)n / Wan:0.##}万"),
        _ => n.ToString(CultureInfo.InvariantCulture),
    };

    private static long LeadingUnit(long n)
    {
        long unit = 1;
        while (n / unit >= 10) unit *= 10;
        return unit;
    }

    private static long LastUnit(long n)
    {
        long unit = 1;
        while (n / unit % 10 == 0) unit *= 10;
        return unit;
    }

    private static bool TryCount(ReadOnlySpan<char> text, out long count) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
