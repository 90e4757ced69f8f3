using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel.Identifiers;

/// <summary>The code of a unit (单位代码): its credit code, or for older records its legacy number.</summary>
[JsonConverter(typeof(WrittenJsonConverter<UnitCode>))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct UnitCode : IWritten<UnitCode>
{
    /// <summary>The code of a unit that has a credit code.</summary>
    public UnitCode(CreditCode credit) => Credit = credit;

    /// <summary>The code of a unit known by a number from before October 2015.</summary>
    public UnitCode(LegacyNumber legacy) => Legacy = legacy;

    /// <summary>The credit code, if it is one.</summary>
    public CreditCode? Credit { get; }

    /// <summary>The legacy number, if it is one.</summary>
    public LegacyNumber? Legacy { get; }

    /// <summary>The code in its canonical form; no credit code equals a legacy number.</summary>
    public string Value => Credit?.Value ?? Legacy?.Value ?? "";

    /// <summary>
    /// Reads a credit code (18 characters) or a legacy number. Refused with <c>unit-code.unknown-form</c> when it has the form of neither,
    /// and with the refusal of <see cref="CreditCode"/> or <see cref="LegacyNumber"/> when it has the form but breaks a rule.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UnitCode value, [NotNullWhen(false)] out Refusal? refusal)
    {
        // Legacy forms first: a certificate number may have 18 characters too, but no credit code has the form of a legacy number.
        if (LegacyNumber.TryParse(text, out var legacy, out var notLegacy)) return Typed.Accept(new UnitCode(legacy), out value, out refusal);
        if (notLegacy != LegacyNumberRules.UnknownForm) return Typed.Refuse(notLegacy, out value, out refusal);
        if (CreditCode.TryParse(text, out var credit, out var notCredit)) return Typed.Accept(new UnitCode(credit), out value, out refusal);
        return Typed.Refuse(notCredit == CreditCodeRules.WrongLength ? UnitCodeRules.UnknownForm : notCredit, out value, out refusal);
    }

    /// <summary>The code.</summary>
    public override string ToString() => Value;
}
