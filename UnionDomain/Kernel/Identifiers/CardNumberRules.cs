namespace UnionDomain.Kernel.Identifiers;

/// <summary>Why a text is not a card number.</summary>
public static class CardNumberRules
{
    private const string Source = "ISO/IEC 7812-1";

    /// <summary>Something that is not a digit.</summary>
    public static readonly Refusal WrongCharacter = new("card-number.wrong-character",
        "The card number has a character that is not a digit.", "卡号含有非数字字符。", Source);

    /// <summary>Not 16 digits.</summary>
    public static readonly Refusal WrongLength = new("card-number.wrong-length",
        "The card number does not have 16 digits.", "卡号不是16位数字。", Source);

    /// <summary>The Luhn check fails.</summary>
    public static readonly Refusal WrongCheckDigit = new("card-number.wrong-check-digit",
        "The card number's check digit (Luhn) does not agree with the other digits.", "卡号的校验位（Luhn算法）与其余数字不符。", Source);
}
