using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel.Identifiers;

/// <summary>
/// A unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters, given out since October 2015. It names an organisation, not a person, and is not masked.
/// </summary>
[JsonConverter(typeof(WrittenJsonConverter<CreditCode>))]
public readonly record struct CreditCode : IWritten<CreditCode>
{
    private CreditCode(string value) => Value = value;

    /// <summary>The 18 characters in capitals.</summary>
    public string Value => field ?? "";

    /// <summary>Whether the registering authority (character 1) is the trade unions, authority 8.</summary>
    public bool IsUnion => Value.StartsWith('8');

    /// <summary>The six digits of the registering authority's area (characters 3–8); not required to be a known area.</summary>
    public string AreaDigits => Value.Length == 0 ? "" : Value[2..8];

    /// <summary>The organisation code (characters 9–17, GB 11714) without hyphen; a unit's number before 2015 and its credit code meet here.</summary>
    public string OrganisationCode => Value.Length == 0 ? "" : Value[8..17];

    /// <summary>
    /// Reads a code; lower case and full-width characters are accepted. Refused, in this order, with <c>credit-code.wrong-length</c>,
    /// <c>credit-code.wrong-character</c>, <c>credit-code.wrong-area</c>, <c>credit-code.wrong-check</c> or <c>credit-code.wrong-organisation-check</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CreditCode value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var code = Typed.Normalise(text, out _);
        if (code.Length != 18) return Typed.Refuse(CreditCodeRules.WrongLength, out value, out refusal);
        if (code.AsSpan().ContainsAnyExcept(CheckDigits.CreditAlphabet)) return Typed.Refuse(CreditCodeRules.WrongCharacter, out value, out refusal);
        if (!Typed.IsDigits(code.AsSpan(2, 6))) return Typed.Refuse(CreditCodeRules.WrongArea, out value, out refusal);
        if (code[17] != CheckDigits.Credit(code)) return Typed.Refuse(CreditCodeRules.WrongCheck, out value, out refusal);
        if (code[16] != CheckDigits.Organisation(code.AsSpan(8, 8))) return Typed.Refuse(CreditCodeRules.WrongOrganisationCheck, out value, out refusal);
        return Typed.Accept(new CreditCode(code), out value, out refusal);
    }

    /// <summary>The 18 characters.</summary>
    public override string ToString() => Value;
}
