using System.Text;
using System.Text.Json;

namespace UnionDomain.Kernel;

/// <summary>How a person is reached: personal, sealed before anything is decided and masked wherever no look is recorded.</summary>
/// <param name="Name">The person's name, 1–50 characters; none unless told.</param>
/// <param name="Phone">Phone number, 7–12 digits, beside which blanks, hyphens and brackets may stand; none unless told.</param>
public sealed record Contact(string? Name, string? Phone = null)
{
    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 50;

    /// <summary>Whether it tells anything at all.</summary>
    public bool IsTold() => !string.IsNullOrWhiteSpace(Name) || !string.IsNullOrWhiteSpace(Phone);

    /// <summary>
    /// Judges the values and closes them. Refused with <c>text.too-long</c>, <c>text.broken-character</c> or <c>contact.phone-invalid</c>; then nothing is sealed.
    /// </summary>
    /// <param name="seal">Of the stream that keeps it.</param>
    /// <param name="kind">What it is, for the keyed hash.</param>
    /// <param name="nameField">The field that holds the name, for the refusal.</param>
    /// <param name="phoneField">The field that holds the phone number.</param>
    public (SealedContact? Sealed, Refusal? Unfit) Seal(ISeal seal, string kind, string nameField, string phoneField)
    {
        ArgumentNullException.ThrowIfNull(seal);
        if ((ContactRules.CheckName(nameField, Name) ?? ContactRules.CheckPhone(phoneField, Phone)) is { } unfit) return (null, unfit);
        var kept = new Contact(string.IsNullOrWhiteSpace(Name) ? null : Name.Trim(), ContactRules.Digits(Phone));
        var plain = JsonSerializer.SerializeToUtf8Bytes(kept, UnionJson.Options);
        return (new(seal.Close(plain), kept.Masked(), seal.Hash(kind, Encoding.UTF8.GetString(plain))), null);
    }

    /// <summary>The first character of the name, and about half of the phone number.</summary>
    public Contact Masked() => new(MaskName(Name), MaskPhone(Phone));

    /// <summary>Masked.</summary>
    public override string ToString() => $"{MaskName(Name)} {MaskPhone(Phone)}".Trim();

    private static string? MaskName(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        var runes = name.Trim().EnumerateRunes().ToList();
        return runes.Count == 1 ? "*" : runes[0] + new string('*', runes.Count - 1);
    }

    private static string? MaskPhone(string? phone)
    {
        if (ContactRules.Digits(phone) is not { } digits) return null;
        return digits.Length < ContactRules.FewestDigits ? new('*', digits.Length) : Typed.Mask(digits, (digits.Length - 4) / 2, (digits.Length - 3) / 2);
    }
}

/// <summary>A contact as it is kept: only the key of its stream opens it.</summary>
/// <param name="Closed">The sealed value, Base64.</param>
/// <param name="Mask">What may be seen without a look.</param>
/// <param name="Hash">The keyed hash of its content: the same contact told again changes nothing.</param>
public sealed record SealedContact([property: Personal] string Closed, [property: Personal] Contact Mask, [property: Personal] string Hash)
{
    /// <summary>The contact in the clear.</summary>
    public Contact Open(ISeal seal)
    {
        ArgumentNullException.ThrowIfNull(seal);
        return JsonSerializer.Deserialize<Contact>(seal.Open(Closed), UnionJson.Options)!;
    }
}

/// <summary>What holds for names and phone numbers of contacts. No refusal repeats the value.</summary>
public static class ContactRules
{
    /// <summary>Fewest digits of a phone number.</summary>
    public const int FewestDigits = 7;

    /// <summary>Most digits of a phone number.</summary>
    public const int MostDigits = 12;

    /// <summary>No phone number.</summary>
    public static readonly Refusal PhoneInvalid = new("contact.phone-invalid",
        "The field {field} is no phone number: 7 to 12 digits, beside them only blanks, hyphens and brackets.", "字段{field}不是电话号码：须为7至12位数字，可含空格、连字符和括号。");

    /// <summary>Judges a name; null when it stands or none is told.</summary>
    public static Refusal? CheckName(string field, string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        var length = name.Trim().EnumerateRunes().Count();
        return length > Contact.LongestName
            ? TextRules.TooLong.With("field", field).With("length", length).With("most", Contact.LongestName)
            : TextRules.Check(field, name, 2 * Contact.LongestName);
    }

    /// <summary>Judges a phone number; null when it stands or none is told.</summary>
    public static Refusal? CheckPhone(string field, string? phone) =>
        Digits(phone) is not { } digits || (digits.Length is >= FewestDigits and <= MostDigits && Typed.IsDigits(digits)) ? null : PhoneInvalid.With("field", field);

    // Full-width digits and brackets are read as the ones they stand for.
    internal static string? Digits(string? phone) =>
        string.IsNullOrWhiteSpace(phone) ? null : string.Concat(Typed.Narrow(phone).Where(c => c is not (' ' or '-' or '(' or ')')));
}

/// <summary>Why personal fields may be looked at (PIPL 6).</summary>
public static class LookRules
{
    /// <summary>The purposes a look may name: to reach the person, to verify, to correct, to audit.</summary>
    public static readonly System.Collections.Immutable.ImmutableArray<string> Purposes = ["contact", "verification", "correction", "audit"];

    /// <summary>None of the purposes.</summary>
    public static readonly Refusal PurposeUnknown = new("look.purpose-unknown", "Personal fields are looked at for one of these purposes: {allowed}.", "查看个人信息的用途须为：{allowed}。", "PIPL 6");

    /// <summary>Judges a purpose; null when it stands.</summary>
    public static Refusal? Check(string? purpose) => Check(purpose, Purposes);

    /// <summary>Judges a purpose where others than the usual ones are allowed; null when it stands.</summary>
    internal static Refusal? Check(string? purpose, IEnumerable<string> allowed) =>
        purpose is not null && allowed.Contains(purpose) ? null : PurposeUnknown.With("allowed", string.Join('/', allowed.Order(StringComparer.Ordinal)));
}
