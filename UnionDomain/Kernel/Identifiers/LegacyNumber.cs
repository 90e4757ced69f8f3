using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel.Identifiers;

/// <summary>What kind of number a unit or union carried before credit codes.</summary>
public enum LegacyNumberKind
{
    /// <summary>组织机构代码: nine characters, GB 11714.</summary>
    OrganisationCode = 1,

    /// <summary>工商行政管理注册号: fifteen digits, GS 15-2006.</summary>
    BusinessRegistration = 2,

    /// <summary>工会法人资格证书号: the number of a union's legal-person certificate.</summary>
    UnionCertificate = 3,
}

/// <summary>
/// The number a unit or union carried before credit codes began in October 2015; the records of 2014 know nothing else. Three forms are read:
/// <list type="bullet">
/// <item>an organisation code of nine characters, with or without the hyphen before its check character (GB 11714: form and check are sure);</item>
/// <item>a business registration number of fifteen digits with an ISO 7064 MOD 11,10 check digit (GS 15-2006: form and check are sure; numbers of thirteen digits from before 2007 carry no check and are refused);</item>
/// <item>a union's legal-person certificate number, written 工法证字第…号 with 6 to 12 digits between. That wording is customary; the number of digits is an assumption,
/// no published check digit is known, and therefore a mistyped digit is <b>not</b> found.</item>
/// </list>
/// </summary>
[JsonConverter(typeof(WrittenJsonConverter<LegacyNumber>))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct LegacyNumber : IWritten<LegacyNumber>
{
    private const string CertificateStart = "工法证字第";
    private const string CertificateEnd = "号";

    private LegacyNumber(string value, LegacyNumberKind kind) => (Value, Kind) = (value, kind);

    /// <summary>The number in capitals; an organisation code without its hyphen, a certificate number with its words.</summary>
    public string Value => field ?? "";

    /// <summary>Which of the three forms it has.</summary>
    public LegacyNumberKind Kind { get; }

    /// <summary>
    /// Reads one of the three forms; lower case and full-width characters are accepted. Refused with <c>legacy-number.unknown-form</c>,
    /// <c>legacy-number.wrong-organisation-check</c> or <c>legacy-number.wrong-registration-check</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LegacyNumber value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var number = Typed.Normalise(text, out _);
        if (number.StartsWith(CertificateStart, StringComparison.Ordinal))
        {
            var isCertificate = number.EndsWith(CertificateEnd, StringComparison.Ordinal)
                && number[CertificateStart.Length..^CertificateEnd.Length] is { Length: >= 6 and <= 12 } digits && Typed.IsDigits(digits);
            return isCertificate
                ? Typed.Accept(new LegacyNumber(number, LegacyNumberKind.UnionCertificate), out value, out refusal)
                : Typed.Refuse(LegacyNumberRules.UnknownForm, out value, out refusal);
        }

        if (number.Length == 15 && Typed.IsDigits(number))
        {
            return number[14] == CheckDigits.Mod11And10(number.AsSpan(0, 14))
                ? Typed.Accept(new LegacyNumber(number, LegacyNumberKind.BusinessRegistration), out value, out refusal)
                : Typed.Refuse(LegacyNumberRules.WrongRegistrationCheck, out value, out refusal);
        }

        if (number is [_, _, _, _, _, _, _, _, '-', _]) number = number.Remove(8, 1);
        if (number.Length != 9 || !number.All(static c => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c)))
            return Typed.Refuse(LegacyNumberRules.UnknownForm, out value, out refusal);
        return number[8] == CheckDigits.Organisation(number)
            ? Typed.Accept(new LegacyNumber(number, LegacyNumberKind.OrganisationCode), out value, out refusal)
            : Typed.Refuse(LegacyNumberRules.WrongOrganisationCheck, out value, out refusal);
    }

    /// <summary>The number.</summary>
    public override string ToString() => Value;
}
