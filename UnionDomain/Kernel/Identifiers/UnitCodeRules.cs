namespace UnionDomain.Kernel.Identifiers;

/// <summary>Why a text is not the code of a unit, beyond the rules of credit codes and legacy numbers.</summary>
public static class UnitCodeRules
{
    /// <summary>Neither 18 characters nor the form of a legacy number.</summary>
    public static readonly Refusal UnknownForm = new("unit-code.unknown-form",
        "The unit code is neither a credit code of 18 characters nor a legacy number (organisation code, business registration number, union certificate number).",
        "单位代码既不是18位统一社会信用代码，也不是旧编号（组织机构代码、工商注册号、工会法人资格证书号）。", "GB 32100-2015; GB 11714; GS 15-2006");
}
