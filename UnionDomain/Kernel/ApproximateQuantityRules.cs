namespace UnionDomain.Kernel;

/// <summary>Why a qualifier and a number are not an approximate quantity.</summary>
public static class ApproximateQuantityRules
{
    /// <summary>The word is none of the known qualifiers.</summary>
    public static readonly Refusal UnknownQualifier = new("approximate-quantity.unknown-qualifier",
        "The qualifier is not exact, over, nearly, at-least or nearly-half-of-N.", "限定词不是exact、over、nearly、at-least或nearly-half-of-N。");

    /// <summary>The number is not a whole number of zero or more.</summary>
    public static readonly Refusal NotACount = new("approximate-quantity.not-a-count",
        "The quantity is not a whole number in digits.", "数量不是以数字书写的整数。");

    /// <summary>Nothing is a little more or less than zero, or half of it.</summary>
    public static readonly Refusal Zero = new("approximate-quantity.zero",
        "An approximate quantity cannot be over zero, nearly zero or nearly half of zero.", "概数不能以零为基数。");

    /// <summary>The count is not above four tenths and below one half of the whole.</summary>
    public static readonly Refusal NotNearlyHalf = new("approximate-quantity.not-nearly-half",
        "The quantity is not nearly half: that is more than four tenths and less than one half of the whole.", "数量不足“近半数”：应多于总数的十分之四且少于二分之一。");
}
