using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel.Identifiers;

/// <summary>
/// The number of a Jing Card (京卡): 16 digits with a Luhn check digit. The bank is never inferred from it.
/// <see cref="ToString"/> is masked; the full number is <see cref="Value"/>.
/// </summary>
[JsonConverter(typeof(WrittenJsonConverter<CardNumber>))]
public readonly record struct CardNumber : IWritten<CardNumber>
{
    private CardNumber(string value) => Value = value;

    /// <summary>The 16 digits. Personal: never into a log.</summary>
    public string Value => field ?? "";

    /// <summary>
    /// Reads 16 digits, full-width ones too; spaces between groups of four are allowed.
    /// Refused with <c>card-number.wrong-character</c>, <c>card-number.wrong-length</c> or <c>card-number.wrong-check-digit</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CardNumber value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var number = Typed.Normalise(text, out _);
        if (number is [_, _, _, _, ' ', _, _, _, _, ' ', _, _, _, _, ' ', _, _, _, _]) number = number.Replace(" ", "", StringComparison.Ordinal);
        if (number.Length > 0 && !Typed.IsDigits(number)) return Typed.Refuse(CardNumberRules.WrongCharacter, out value, out refusal);
        if (number.Length != 16) return Typed.Refuse(CardNumberRules.WrongLength, out value, out refusal);
        return Luhn.IsValid(number) ? Typed.Accept(new CardNumber(number), out value, out refusal) : Typed.Refuse(CardNumberRules.WrongCheckDigit, out value, out refusal);
    }

    /// <summary>The last four digits, the others starred out.</summary>
    public override string ToString() => Value.Length == 0 ? "" : Typed.Mask(Value, 0, 4);
}
