using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel.Identifiers;

/// <summary>
/// A resident identity number (公民身份号码, GB 11643-1999): 18 characters. <see cref="ToString"/> is masked (<c>110108********0008</c>), so that it never leaks into a log;
/// the full number is <see cref="Value"/>. Two numbers are equal when their values are, however they were typed.
/// </summary>
[JsonConverter(typeof(WrittenJsonConverter<ResidentId>))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResidentId : IWritten<ResidentId>
{
    /// <summary>The greatest age in whole years that is believed: 130.</summary>
    public const int OldestAge = 130;

    private ResidentId(string value, DateOnly birth, bool normalised) => (Value, BirthOn, Normalised) = (value, birth, normalised);

    /// <summary>The 18 characters, the last possibly a capital X. Personal: never into a key, log, trace or exception.</summary>
    public string Value => field ?? "";

    /// <summary>The date of birth (digits 7–14).</summary>
    public DateOnly BirthOn { get; }

    /// <summary>Whether the number was typed otherwise than it is kept: full-width characters, a small x, blanks around it. Lost in JSON.</summary>
    public bool Normalised { get; }

    /// <summary>The sex by digit 17: odd is male.</summary>
    public Sex Sex => Value.Length == 0 || (Value[16] - '0') % 2 == 0 ? Sex.Female : Sex.Male;

    /// <summary>The six digits of the area where the number was first given out. Any area is accepted: areas are renamed and abolished, numbers stay.</summary>
    public string AreaDigits => Value.Length == 0 ? "" : Value[..6];

    /// <summary>
    /// Reads a number and judges its birth on a business date. Small x, full-width characters and surrounding blanks are normalised, and <see cref="Normalised"/> says so.
    /// Refused, in this order, with <c>resident-id.fifteen-digits</c>, <c>resident-id.wrong-length</c>, <c>resident-id.wrong-character</c>, <c>resident-id.wrong-area</c>,
    /// <c>resident-id.impossible-date</c>, <c>resident-id.wrong-check-digit</c>, <c>resident-id.born-in-the-future</c> or <c>resident-id.too-old</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, DateOnly on, out ResidentId value, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (!TryRead(text, out var read, out refusal)) return Typed.Refuse(refusal, out value, out refusal);
        if (read.BirthOn > on) return Typed.Refuse(ResidentIdRules.BornInTheFuture, out value, out refusal);
        return read.AgeOn(on) > OldestAge ? Typed.Refuse(ResidentIdRules.TooOld, out value, out refusal) : Typed.Accept(read, out value, out refusal);
    }

    // JSON carries numbers that were judged on their business date when they came in; age is not judged again.
    static bool IWritten<ResidentId>.TryParse(ReadOnlySpan<char> text, out ResidentId value, [NotNullWhen(false)] out Refusal? refusal) => TryRead(text, out value, out refusal);

    /// <summary>The age in whole years on a date not before the birth; somebody born on 29 February completes a year on 28 February where there is no 29th (Civil Code 202).</summary>
    public int AgeOn(DateOnly on)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(on, BirthOn);
        var years = on.Year - BirthOn.Year;
        return BirthOn.AddYears(years) > on ? years - 1 : years;
    }

    /// <inheritdoc/>
    public bool Equals(ResidentId other) => string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Value);

    /// <summary>The number with its date of birth starred out.</summary>
    public override string ToString() => Value.Length == 0 ? "" : Typed.Mask(Value, 6, 4);

    private static bool TryRead(ReadOnlySpan<char> text, out ResidentId value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var number = Typed.Normalise(text, out var normalised);
        if (number.Length == 15 && Typed.IsDigits(number)) return Typed.Refuse(ResidentIdRules.FifteenDigits, out value, out refusal);
        if (number.Length != 18) return Typed.Refuse(ResidentIdRules.WrongLength, out value, out refusal);
        if (!Typed.IsDigits(number.AsSpan(0, 17)) || !(char.IsAsciiDigit(number[17]) || number[17] == 'X'))
            return Typed.Refuse(ResidentIdRules.WrongCharacter, out value, out refusal);
        if (number[0] == '0') return Typed.Refuse(ResidentIdRules.WrongArea, out value, out refusal);
        if (!DateOnly.TryParseExact(number.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var birth))
            return Typed.Refuse(ResidentIdRules.ImpossibleDate, out value, out refusal);
        return number[17] == CheckDigits.Resident(number)
            ? Typed.Accept(new ResidentId(number, birth, normalised), out value, out refusal)
            : Typed.Refuse(ResidentIdRules.WrongCheckDigit, out value, out refusal);
    }
}
