namespace UnionDomain.Kernel.Identifiers;

/// <summary>Why a text is not the code of an area.</summary>
public static class AreaCodeRules
{
    private const string Source = "GB/T 2260";

    /// <summary>Not six digits.</summary>
    public static readonly Refusal WrongForm = new("area-code.wrong-form",
        "The area code is not six digits.", "行政区划代码不是6位数字。", Source);

    /// <summary>Not in the table.</summary>
    public static readonly Refusal Unknown = new("area-code.unknown",
        "The area code is not a known area of Beijing.", "行政区划代码不是北京市已知的区县。", Source);

    /// <summary>In the table, but not in force in that year; arguments area and year.</summary>
    public static readonly Refusal NotInForce = new("area-code.not-in-force",
        "The area code {area} was not in force in {year}.", "行政区划代码{area}在{year}年无效。", Source);
}
