namespace UnionDomain.Kernel.Identifiers;

/// <summary>Why a text is not a resident identity number.</summary>
public static class ResidentIdRules
{
    private const string Source = "GB 11643-1999";

    /// <summary>A number of the first generation, without check digit and century; none is valid since 2013.</summary>
    public static readonly Refusal FifteenDigits = new("resident-id.fifteen-digits",
        "The resident ID number has 15 digits; numbers of the first generation are no longer valid, the 18-digit number is needed.", "公民身份号码为15位；第一代号码已失效，须填写18位号码。", Source);

    /// <summary>Not 18 characters.</summary>
    public static readonly Refusal WrongLength = new("resident-id.wrong-length",
        "The resident ID number does not have 18 characters.", "公民身份号码不是18位。", Source);

    /// <summary>Something else than 17 digits and a digit or X.</summary>
    public static readonly Refusal WrongCharacter = new("resident-id.wrong-character",
        "The resident ID number is not 17 digits followed by a digit or X.", "公民身份号码不是17位数字加1位数字或X。", Source);

    /// <summary>No area code begins with 0.</summary>
    public static readonly Refusal WrongArea = new("resident-id.wrong-area",
        "The resident ID number begins with 0; no area code does.", "公民身份号码以0开头，行政区划代码不存在此形式。", "GB 11643-1999; GB/T 2260");

    /// <summary>Digits 7–14 name no day of the calendar.</summary>
    public static readonly Refusal ImpossibleDate = new("resident-id.impossible-date",
        "The resident ID number's date of birth (digits 7 to 14) is not a day of the calendar.", "公民身份号码中的出生日期（第7至14位）不是真实日期。", Source);

    /// <summary>Character 18 does not agree with the digits.</summary>
    public static readonly Refusal WrongCheckDigit = new("resident-id.wrong-check-digit",
        "The resident ID number's check digit (18) does not agree with the other digits.", "公民身份号码的校验码（第18位）与其余数字不符。", Source);

    /// <summary>Born after the business date.</summary>
    public static readonly Refusal BornInTheFuture = new("resident-id.born-in-the-future",
        "The resident ID number's date of birth lies after the business date.", "公民身份号码中的出生日期晚于业务日期。", Source);

    /// <summary>Older than 130 years on the business date.</summary>
    public static readonly Refusal TooOld = new("resident-id.too-old",
        "By the resident ID number its holder is older than 130 years on the business date.", "按公民身份号码计算，持有人在业务日期的年龄超过130岁。", Source);
}
