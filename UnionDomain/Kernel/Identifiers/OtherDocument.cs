using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel.Identifiers;

/// <summary>The documents besides the resident identity card, as the templates number them.</summary>
public enum OtherDocumentKind
{
    /// <summary>护照, 2.</summary>
    Passport = 2,

    /// <summary>港澳居民来往内地通行证, 3.</summary>
    HongKongMacaoPermit = 3,

    /// <summary>台湾居民来往大陆通行证, 4.</summary>
    TaiwanPermit = 4,
}

/// <summary>
/// A document other than the resident identity card: its kind and number. No published check digit is known to hold for them, so only the form is judged:
/// a passport has 5 to 15 letters and digits with at least one digit (ICAO Doc 9303 allows 9; older and optional longer numbers occur);
/// a permit of Hong Kong and Macao residents is H or M and 8 digits, or 10 with the two-digit issue count of older ones;
/// a permit of Taiwan residents is 8 digits (card) or 10 digits, possibly with a letter in brackets (booklet until 2015; the brackets and letter are dropped).
/// <see cref="ToString"/> is masked; the full number is <see cref="Value"/>.
/// </summary>
[JsonConverter(typeof(WrittenJsonConverter<OtherDocument>))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct OtherDocument : IWritten<OtherDocument>
{
    private OtherDocument(OtherDocumentKind kind, string value) => (Kind, Value) = (kind, value);

    /// <summary>Which document it is.</summary>
    public OtherDocumentKind Kind { get; }

    /// <summary>The number in capitals. Personal: never into a key, log, trace or exception.</summary>
    public string Value => field ?? "";

    // The kind belongs to the number, so the written form is both: 2:X00000001.
    string IWritten<OtherDocument>.Value => $"{(char)('0' + Kind)}:{Value}";

    /// <summary>
    /// Reads a number of the given kind; lower case and full-width characters are accepted. Refused with <c>other-document.wrong-passport</c>,
    /// <c>other-document.wrong-hong-kong-macao-permit</c> or <c>other-document.wrong-taiwan-permit</c>. An undefined kind is a bug and throws.
    /// </summary>
    public static bool TryParse(OtherDocumentKind kind, ReadOnlySpan<char> text, out OtherDocument value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var number = Typed.Normalise(text, out _);
        if (kind == OtherDocumentKind.TaiwanPermit && number is [.., '(', >= 'A' and <= 'Z', ')'] && number.Length == 13) number = number[..10];
        var (fits, rule) = kind switch
        {
            OtherDocumentKind.Passport => (IsPassport(number), OtherDocumentRules.WrongPassport),
            OtherDocumentKind.HongKongMacaoPermit => (number is ['H' or 'M', ..] && number.Length is 9 or 11 && Typed.IsDigits(number.AsSpan(1)), OtherDocumentRules.WrongHongKongMacaoPermit),
            OtherDocumentKind.TaiwanPermit => (number.Length is 8 or 10 && Typed.IsDigits(number), OtherDocumentRules.WrongTaiwanPermit),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of document."),
        };
        return fits ? Typed.Accept(new OtherDocument(kind, number), out value, out refusal) : Typed.Refuse(rule, out value, out refusal);
    }

    static bool IWritten<OtherDocument>.TryParse(ReadOnlySpan<char> text, out OtherDocument value, [NotNullWhen(false)] out Refusal? refusal) =>
        text is [>= '2' and <= '4' and var kind, ':', .. var number]
            ? TryParse((OtherDocumentKind)(kind - '0'), number, out value, out refusal)
            : Typed.Refuse(OtherDocumentRules.UnknownKind, out value, out refusal);

    /// <summary>The number with all but its first and its last two characters starred out.</summary>
    public override string ToString() => Value.Length == 0 ? "" : Typed.Mask(Value, 1, 2);

    private static bool IsPassport(string number) =>
        number.Length is >= 5 and <= 15 && number.All(static c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c)) && number.Any(char.IsAsciiDigit);
}
