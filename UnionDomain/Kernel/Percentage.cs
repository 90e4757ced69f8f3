using System.Globalization;

namespace UnionDomain.Kernel;

/// <summary>
/// A share of a whole in hundredths of a percent (9427 is 94.27%), rounded half up from two exact counts and only for display: records keep the counts.
/// </summary>
/// <param name="Hundredths">Hundredths of a percent, 0 or more; default 0.</param>
public readonly record struct Percentage(long Hundredths)
{
    /// <summary>The share of <paramref name="part"/> (0 or more) in <paramref name="whole"/>; <see langword="null"/> when the whole is 0 and there is no share to speak of.</summary>
    public static Percentage? Of(long part, long whole)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfNegative(whole);
        return whole == 0 ? null : new((long)((((Int128)part * 20_000) + whole) / ((Int128)whole * 2)));
    }

    /// <summary>Two decimals and the sign, for example <c>94.27%</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Hundredths / 100}.{Hundredths % 100:00}%");
}
