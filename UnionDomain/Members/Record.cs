using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Members;

/// <summary>
/// A member's record as rules see it: which columns are wrong, what lists and figures need, masks and keyed hashes in the clear; name, numbers, date of birth and
/// remarks only inside <see cref="Sealed"/>.
/// </summary>
public sealed record MemberRecord
{
    /// <summary>What is wrong with the sheet, in the order of its columns.</summary>
    public ImmutableArray<Finding> Findings { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Sex, unless missing or wrong.</summary>
    public Sex? Sex { get; init; }

    /// <summary>Year of birth, unless missing or wrong.</summary>
    public int? BirthYear { get; init; }

    /// <summary>Kind of document, 1–4.</summary>
    public int? DocumentType { get; init; }

    /// <summary>Last day of the document; null for one without end.</summary>
    public DateOnly? DocumentValidUntil { get; init; }

    /// <summary>Education (学历), 1–5.</summary>
    public int? Education { get; init; }

    /// <summary>Skill (技能等级), 0–5.</summary>
    public int? Skill { get; init; }

    /// <summary>Employment (就业状态), 1–4.</summary>
    public int? Employment { get; init; }

    /// <summary>Household registration (户籍类型), 1–4.</summary>
    public int? Household { get; init; }

    /// <summary>Where the member lives (GB/T 2260).</summary>
    public string? Residence { get; init; }

    /// <summary>When the member joined.</summary>
    public DateOnly? JoinedOn { get; init; }

    /// <summary>Whether a migrant worker (农民工).</summary>
    public bool? Migrant { get; init; }

    /// <summary>Whether a Jing Card may be made.</summary>
    public bool CardConsent { get; init; }

    /// <summary>The name's first character and stars.</summary>
    [Personal]
    public string? NameMask { get; init; }

    /// <summary>The document's number with its middle starred out.</summary>
    [Personal]
    public string? DocumentMask { get; init; }

    /// <summary>The phone's first three and last four digits.</summary>
    [Personal]
    public string? MobileMask { get; init; }

    /// <summary>Keyed hash of the document; only of a valid one.</summary>
    [Personal]
    public string? DocumentHash { get; init; }

    /// <summary>Keyed hash of the name.</summary>
    [Personal]
    public string? NameHash { get; init; }

    /// <summary>Keyed hash of the phone; only of a valid one.</summary>
    [Personal]
    public string? MobileHash { get; init; }

    /// <summary>Keyed hash of unit, name and phone, while there is no valid document.</summary>
    [Personal]
    public string? RollHash { get; init; }

    /// <summary>Keyed hash of everything: equal for equal sheets.</summary>
    [Personal]
    public string? ContentHash { get; init; }

    /// <summary>The personal values under the person's own key; null once erased.</summary>
    [Personal]
    public string? Sealed { get; init; }

    /// <summary>Whether every mandatory column is present and accurate; whether the document has ended is a matter of the clock.</summary>
    [JsonIgnore]
    public bool IsComplete => !Findings.Any(finding => finding.Disqualifies());

    /// <summary>What is left once the person is erased: nothing that names or finds anybody.</summary>
    internal MemberRecord Erased() => this with
    {
        NameMask = null,
        DocumentMask = null,
        MobileMask = null,
        DocumentHash = null,
        NameHash = null,
        MobileHash = null,
        RollHash = null,
        ContentHash = null,
        Sealed = null,
    };
}

/// <summary>What only an opened record shows, after a recorded look.</summary>
public sealed record MemberPersonal
{
    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>The document's number in its canonical form; a wrong one stands in <see cref="Raw"/>.</summary>
    public string? DocumentNumber { get; init; }

    /// <summary>Date of birth.</summary>
    public DateOnly? BornOn { get; init; }

    /// <summary>Ethnic group.</summary>
    public string? Nation { get; init; }

    /// <summary>Political affiliation.</summary>
    public string? Politics { get; init; }

    /// <summary>Mobile phone.</summary>
    public string? Mobile { get; init; }

    /// <summary>Remarks.</summary>
    public string? Remarks { get; init; }

    /// <summary>What was typed into the columns that are wrong, so that it can be put right.</summary>
    public ImmutableSortedDictionary<string, string>? Raw { get; init; }

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("personal");
        return true;
    }
}

/// <summary>A sheet on its way into a decision: judged and sealed.</summary>
/// <param name="Record">The record; null when the sheet cannot be kept.</param>
public sealed record SealedForm(MemberRecord? Record)
{
    /// <summary>What cannot be kept.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Why this person cannot become a member.</summary>
    public Refusal? Ineligible { get; init; }

    /// <summary>What was brought into its normal form.</summary>
    public ImmutableArray<Refusal> Warnings { get; init; } = [];

    /// <summary>Judges and seals a sheet.</summary>
    internal static SealedForm Of(MemberForm? form, ISeal seal, DateOnly businessOn)
    {
        if (form is null) return new((MemberRecord?)null) { Refusal = MemberFormRules.SheetMissing };
        var examined = form.Examine(businessOn);
        return examined.Refusal is { } refusal
            ? new((MemberRecord?)null) { Refusal = refusal }
            : new(examined.Seal(seal)) { Ineligible = examined.Ineligible, Warnings = examined.Warnings };
    }
}
