namespace UnionDomain.Kernel;

/// <summary>Why a text is not an amount of money.</summary>
public static class MoneyRules
{
    /// <summary>Not digits with an optional minus sign, commas between groups of three and decimals.</summary>
    public static readonly Refusal NotAnAmount = new("money.not-an-amount",
        "The amount is not a number of yuan in digits, such as 1234.50.", "金额不是以数字书写的元数，例如1234.50。");

    /// <summary>There is nothing smaller than a fen.</summary>
    public static readonly Refusal MoreThanTwoDecimals = new("money.more-than-two-decimals",
        "The amount has more than two decimals; the smallest unit is one fen.", "金额的小数多于两位；最小单位为分。");

    /// <summary>Beyond what a 64-bit count of fen holds (about 92 quadrillion yuan).</summary>
    public static readonly Refusal TooLarge = new("money.too-large",
        "The amount is too large to be counted in fen.", "金额过大，无法以分计数。");
}
