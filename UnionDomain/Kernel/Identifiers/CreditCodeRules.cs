namespace UnionDomain.Kernel.Identifiers;

/// <summary>Why a text is not a unified social credit code.</summary>
public static class CreditCodeRules
{
    private const string Source = "GB 32100-2015";

    /// <summary>Not 18 characters.</summary>
    public static readonly Refusal WrongLength = new("credit-code.wrong-length",
        "The credit code does not have 18 characters.", "统一社会信用代码不是18位。", Source);

    /// <summary>A character outside digits and capitals, or one of I, O, S, V, Z.</summary>
    public static readonly Refusal WrongCharacter = new("credit-code.wrong-character",
        "The credit code has a character that is neither a digit nor a capital letter other than I, O, S, V and Z.", "统一社会信用代码含有数字及大写字母（不含I、O、S、V、Z）以外的字符。", Source);

    /// <summary>Characters 3–8 are the area of the registering authority and are digits.</summary>
    public static readonly Refusal WrongArea = new("credit-code.wrong-area",
        "The credit code's characters 3 to 8, the area of the registering authority, are not all digits.", "统一社会信用代码第3至8位（登记管理机关行政区划码）不全是数字。", Source);

    /// <summary>Character 18 does not agree with the other seventeen.</summary>
    public static readonly Refusal WrongCheck = new("credit-code.wrong-check",
        "The credit code's check character (18) does not agree with the others.", "统一社会信用代码的校验码（第18位）与其余字符不符。", Source);

    /// <summary>Character 17 does not agree with the organisation code in 9–16.</summary>
    public static readonly Refusal WrongOrganisationCheck = new("credit-code.wrong-organisation-check",
        "The check character (17) of the organisation code inside the credit code does not agree with characters 9 to 16.", "统一社会信用代码中组织机构代码的校验码（第17位）与第9至16位不符。", "GB 32100-2015; GB 11714");
}
