using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace UnionDomain.Kernel;

/// <summary>
/// An amount of renminbi (人民币) as a whole number of fen (分, 1/100 yuan), positive, zero or negative.
/// Arithmetic is checked: an overflow is a bug and throws. Floating point is never used.
/// </summary>
/// <param name="Fen">The amount in fen; default 0.</param>
public readonly record struct Money(long Fen) : IComparable<Money>
{
    private const int Wan = 10_000;

    /// <summary>No money.</summary>
    public static Money Zero => default;

    /// <summary>A whole number of yuan.</summary>
    public static Money OfYuan(long yuan) => new(checked(yuan * 100));

    /// <summary>
    /// Reads an amount in yuan: an optional minus sign, digits, optionally commas between groups of three, optionally one or two decimals.
    /// Refused with <c>money.not-an-amount</c>, <c>money.more-than-two-decimals</c> or <c>money.too-large</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> yuan, out Money value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var text = yuan.Trim();
        var negative = text.StartsWith("-");
        if (negative) text = text[1..];
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var decimals = point < 0 ? [] : text[(point + 1)..];
        if (!IsWhole(whole) || (point >= 0 && !Typed.IsDigits(decimals))) return Typed.Refuse(MoneyRules.NotAnAmount, out value, out refusal);
        if (decimals.Length > 2) return Typed.Refuse(MoneyRules.MoreThanTwoDecimals, out value, out refusal);
        if (!long.TryParse(whole, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var yuans) || yuans >= long.MaxValue / 100)
            return Typed.Refuse(MoneyRules.TooLarge, out value, out refusal);
        var fen = decimals.Length switch
        {
            0 => 0,
            1 => (decimals[0] - '0') * 10,
            _ => ((decimals[0] - '0') * 10) + decimals[1] - '0',
        };
        var amount = (yuans * 100) + fen;
        return Typed.Accept(new Money(negative ? -amount : amount), out value, out refusal);
    }

    /// <summary>The yuan with grouped digits and two decimals, for example <c>1,000.00</c>.</summary>
    public string ToYuan() => string.Create(CultureInfo.InvariantCulture, $"{Sign}{Size / 100:N0}.{Size % 100:00}");

    /// <summary>
    /// The amount as a Chinese report words it, never rounded: from ten thousand yuan on in 万元 when two decimals hold it exactly
    /// (<c>12.3万元</c>, <c>11万元</c>), otherwise in yuan, with two decimals only when there are fen (<c>5元</c>, <c>5243.90元</c>).
    /// </summary>
    public string ToChinese()
    {
        var (yuan, fen) = (Size / 100, Size % 100);
        if (yuan >= Wan && fen == 0 && yuan % 100 == 0)
            return string.Create(CultureInfo.InvariantCulture, $"{Sign}{(decimal)yuan / Wan:0.##}万元");
        return fen == 0 ? string.Create(CultureInfo.InvariantCulture, $"{Sign}{yuan}元") : string.Create(CultureInfo.InvariantCulture, $"{Sign}{yuan}.{fen:00}元");
    }

    /// <inheritdoc/>
    public int CompareTo(Money other) => Fen.CompareTo(other.Fen);

    /// <summary>The same as <see cref="ToYuan"/>.</summary>
    public override string ToString() => ToYuan();

    /// <summary>The sum; throws on overflow.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.Fen + right.Fen));

    /// <summary>The difference; throws on overflow.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.Fen - right.Fen));

    /// <summary>The opposite amount; throws on overflow.</summary>
    public static Money operator -(Money amount) => new(checked(-amount.Fen));

    /// <summary>Whether the left amount is smaller.</summary>
    public static bool operator <(Money left, Money right) => left.Fen < right.Fen;

    /// <summary>Whether the left amount is larger.</summary>
    public static bool operator >(Money left, Money right) => left.Fen > right.Fen;

    /// <summary>Whether the left amount is smaller or equal.</summary>
    public static bool operator <=(Money left, Money right) => left.Fen <= right.Fen;

    /// <summary>Whether the left amount is larger or equal.</summary>
    public static bool operator >=(Money left, Money right) => left.Fen >= right.Fen;

    private string Sign => Fen < 0 ? "-" : "";

    private ulong Size => (ulong)Int128.Abs(Fen);

    private static bool IsWhole(ReadOnlySpan<char> text)
    {
        if (!text.Contains(',')) return Typed.IsDigits(text);
        var first = true;
        foreach (var range in text.Split(','))
        {
            var group = text[range];
            if (!Typed.IsDigits(group) || (first ? group.Length > 3 : group.Length != 3)) return false;
            first = false;
        }

        return true;
    }
}
