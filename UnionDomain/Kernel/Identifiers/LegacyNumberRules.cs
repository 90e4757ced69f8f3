namespace UnionDomain.Kernel.Identifiers;

/// <summary>Why a text is not a unit's number from before credit codes.</summary>
public static class LegacyNumberRules
{
    /// <summary>None of the three forms.</summary>
    public static readonly Refusal UnknownForm = new("legacy-number.unknown-form",
        "The legacy number is neither an organisation code of nine characters, nor a business registration number of fifteen digits, nor a union certificate number such as 工法证字第000000号.",
        "旧编号既不是9位组织机构代码，也不是15位工商注册号，也不是“工法证字第000000号”形式的工会法人资格证书号。", "GB 11714; GS 15-2006");

    /// <summary>Character 9 of an organisation code does not agree with the others.</summary>
    public static readonly Refusal WrongOrganisationCheck = new("legacy-number.wrong-organisation-check",
        "The legacy number's check character (9, organisation code) does not agree with the others.", "旧编号（组织机构代码）的校验码（第9位）与其余字符不符。", "GB 11714");

    /// <summary>Digit 15 of a business registration number does not agree with the others.</summary>
    public static readonly Refusal WrongRegistrationCheck = new("legacy-number.wrong-registration-check",
        "The legacy number's check digit (15, business registration number) does not agree with the others.", "旧编号（工商注册号）的校验码（第15位）与其余数字不符。", "GS 15-2006; ISO 7064 MOD 11,10");
}
