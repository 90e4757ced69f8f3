using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Members;

/// <summary>A sheet after every column was judged: what each holds in its normal form, and what is wrong with it. Personal.</summary>
public sealed record ExaminedForm
{
    private const int MostOfContent = 4096; // Each text of the sheet, and each finding, is a line at most.

    /// <summary>What cannot be kept at all; null when the sheet can be.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Why this person cannot become a member; null when nothing speaks against it.</summary>
    public Refusal? Ineligible { get; init; }

    /// <summary>What is wrong, in the order of the columns.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>The findings as rules with their sentences, in the same order.</summary>
    public ImmutableArray<Refusal> Reasons { get; init; } = [];

    /// <summary>What was brought into its normal form.</summary>
    public ImmutableArray<Refusal> Warnings { get; init; } = [];

    /// <summary>Code of the unit in its canonical form; empty when missing or wrong.</summary>
    public string EmployerCode { get; init; } = "";

    /// <summary>Kind of document.</summary>
    public int? DocumentType { get; init; }

    /// <summary>The document's number in its canonical form, behind its kind: <c>1|…</c>; null when missing or wrong.</summary>
    public string? Document { get; init; }

    /// <summary>The document's number with its middle starred out; null when missing or wrong.</summary>
    public string? DocumentMask { get; init; }

    /// <summary>Last day of the document; null for one without end.</summary>
    public DateOnly? DocumentValidUntil { get; init; }

    /// <summary>Sex as typed.</summary>
    public Sex? Sex { get; init; }

    /// <summary>Education, 1–5.</summary>
    public int? Education { get; init; }

    /// <summary>Skill, 0–5.</summary>
    public int? Skill { get; init; }

    /// <summary>Employment, 1–4.</summary>
    public int? Employment { get; init; }

    /// <summary>Household registration, 1–4.</summary>
    public int? Household { get; init; }

    /// <summary>Where the member lives (GB/T 2260).</summary>
    public string? Residence { get; init; }

    /// <summary>When the member joined.</summary>
    public DateOnly? JoinedOn { get; init; }

    /// <summary>Whether a migrant worker.</summary>
    public bool? Migrant { get; init; }

    /// <summary>Whether a Jing Card may be made.</summary>
    public bool CardConsent { get; init; }

    /// <summary>What only an opened record shows.</summary>
    public MemberPersonal Personal { get; init; } = new();

    /// <summary>
    /// The keys by which a sheet finds the person it speaks of, the surest first: the document, if its number is valid; then unit, name and phone, which a record holds until it has a
    /// valid number. The first one is what this sheet will hold.
    /// </summary>
    public IEnumerable<ClaimKey> Keys(Func<string, string, string> hash)
    {
        if (Document is { } document) yield return new(Member.DocumentClaim, hash(Member.DocumentHash, document));
        yield return new(Member.RollClaim, hash(Member.RollClaim, RollText));
    }

    internal string RollText => $"{EmployerCode}|{Personal.Name}|{Personal.Mobile ?? Personal.Raw?.GetValueOrDefault("mobile")}";

    /// <summary>The record that is decided on: in the clear what rules, lists and figures need, the rest closed.</summary>
    public MemberRecord Seal(ISeal seal)
    {
        // Ciphertexts of equal sheets differ: whether a sheet says anything new is told by this text alone.
        using var content = PassingBytes.Rent();
        if (!Utf8.TryWrite(content.GetSpan(MostOfContent), CultureInfo.InvariantCulture,
            $"{EmployerCode}\u001f{DocumentType}\u001f{Document}\u001f{DocumentValidUntil:O}\u001f{Sex}\u001f{Education}\u001f{Skill}\u001f{Employment}\u001f{Household}\u001f{Residence}\u001f{JoinedOn:O}\u001f{Migrant}\u001f{CardConsent}\u001f{(Findings.IsEmpty ? "" : string.Join(' ', Findings))}\u001f", out var begun))
            throw new UnreachableException("A sheet holds no texts that long.");
        content.Advance(begun);
        content.Json(Personal);
        return Seal(seal, content.Written, content.Written[begun..]);
    }

    private MemberRecord Seal(ISeal seal, ReadOnlySpan<byte> content, ReadOnlySpan<byte> personal) => new()
    {
        Findings = Findings,
        Sex = Sex,
        BirthYear = Personal.BornOn?.Year,
        DocumentType = DocumentType,
        DocumentValidUntil = DocumentValidUntil,
        Education = Education,
        Skill = Skill,
        Employment = Employment,
        Household = Household,
        Residence = Residence,
        JoinedOn = JoinedOn,
        Migrant = Migrant,
        CardConsent = CardConsent,
        NameMask = Mask.Name(Personal.Name),
        DocumentMask = DocumentMask,
        MobileMask = Mask.Mobile(Personal.Mobile),
        DocumentHash = Document is null ? null : seal.Hash(Member.DocumentHash, Document),
        NameHash = Personal.Name is null ? null : seal.Hash(Member.NameHash, Personal.Name),
        MobileHash = Personal.Mobile is null ? null : seal.Hash(Member.MobileHash, Personal.Mobile),
        RollHash = Document is null ? seal.Hash(Member.RollClaim, RollText) : null,
        ContentHash = seal.Hash("member-content", content),
        Sealed = seal.Close(personal),
    };

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("personal");
        return true;
    }
}

/// <summary>Personal values with most of them starred out.</summary>
internal static class Mask
{
    private const int MostStars = 3;

    /// <summary>The first character and a star for each further one, at most three; a name of one character is one star.</summary>
    public static string? Name(string? name)
    {
        if (name is null) return null;
        Rune.DecodeFromUtf16(name, out var first, out var length);
        var further = name.AsSpan(length).EnumerateRunes();
        var stars = 0;
        while (stars < MostStars && further.MoveNext()) stars++;
        return stars == 0 ? "*" : $"{first}{new string('*', stars)}";
    }

    /// <summary>The first three and the last four digits.</summary>
    public static string? Mobile(string? mobile) => mobile is null ? null : Typed.Mask(mobile, 3, 4);
}

/// <summary>Judges one sheet, column by column.</summary>
internal sealed class Examination(MemberForm form, DateOnly businessOn)
{
    private const int MostOfName = 50;
    private const int MostOfRemarks = 500;

    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    // Most sheets are without fault.
    private ImmutableArray<Finding> findings = [];
    private ImmutableArray<Refusal> reasons = [];
    private ImmutableArray<Refusal> warnings = [];
    private ImmutableSortedDictionary<string, string> raw = Nothing;

    public ExaminedForm Examined()
    {
        if (CannotBeKept() is { } refusal) return new() { Refusal = refusal };
        var employerCode = Unit();
        var name = Name();
        var (type, document, mask, id) = Document();
        var validUntil = ValidUntil();
        var sex = (Sex?)Code("sex", form.Sex, 1, 2, mandatory: true);
        if (sex is not null && id is { } number && number.Sex != sex) Wrong("sex", MemberFormRules.SexDisagrees, form.Sex);
        var bornOn = BornOn(id);
        var education = Code("education", form.Education, 1, 5, mandatory: true);
        var skill = Code("skill", form.Skill, 0, 5);
        var employment = Code("employment", form.Employment, 1, 4, mandatory: true);
        var household = Code("household", form.Household, 1, 4, mandatory: true);
        var residence = Residence();
        var mobile = Mobile();
        var joinedOn = Day("joinedOn", form.JoinedOn, mandatory: true, past: true);
        var migrant = Code("migrant", form.Migrant, 0, 1, mandatory: true);
        var consent = Code("cardConsent", form.CardConsent, 0, 1);
        return new()
        {
            Ineligible = bornOn is { } birth && birth.AddYears(RulePack.On(businessOn).MinMemberAge) > businessOn ? MemberRules.TooYoung.With("age", RulePack.On(businessOn).MinMemberAge) : null,
            Findings = findings,
            Reasons = reasons,
            Warnings = warnings,
            EmployerCode = employerCode,
            DocumentType = type,
            Document = document,
            DocumentMask = mask,
            DocumentValidUntil = validUntil,
            Sex = sex,
            Education = education,
            Skill = skill,
            Employment = employment,
            Household = household,
            Residence = residence,
            JoinedOn = joinedOn,
            Migrant = migrant is { } yes ? yes == 1 : null,
            CardConsent = consent == 1,
            Personal = new()
            {
                Name = name,
                DocumentNumber = document?[2..],
                BornOn = bornOn,
                Nation = Kept(form.Nation),
                Politics = Kept(form.Politics),
                Mobile = mobile,
                Remarks = Kept(form.Remarks),
                Raw = raw.IsEmpty ? null : raw,
            },
        };
    }

    private Refusal? CannotBeKept() =>
        Keeps("employerCode", form.EmployerCode) ?? KeepsName() ?? Keeps("documentType", form.DocumentType) ?? Keeps("documentNumber", form.DocumentNumber)
        ?? Keeps("documentValidUntil", form.DocumentValidUntil) ?? Keeps("sex", form.Sex) ?? Keeps("bornOn", form.BornOn) ?? Keeps("nation", form.Nation) ?? Keeps("politics", form.Politics)
        ?? Keeps("education", form.Education) ?? Keeps("skill", form.Skill) ?? Keeps("employment", form.Employment) ?? Keeps("household", form.Household)
        ?? Keeps("residence", form.Residence) ?? Keeps("mobile", form.Mobile) ?? Keeps("joinedOn", form.JoinedOn) ?? Keeps("migrant", form.Migrant)
        ?? Keeps("cardConsent", form.CardConsent) ?? Keeps("remarks", form.Remarks, MostOfRemarks);

    private static Refusal? Keeps(string field, string? text, int most = TextRules.Longest) => string.IsNullOrWhiteSpace(text) ? null : TextRules.Check(field, text, most);

    private Refusal? KeepsName()
    {
        if (Keeps("name", form.Name, int.MaxValue) is { } broken) return broken;
        var length = form.Name.AsSpan().Trim().EnumerateRunes().Count();
        return length <= MostOfName ? null : MemberFormRules.NameTooLong.With("length", length).With("most", MostOfName);
    }

    private string Unit()
    {
        if (Given("employerCode", form.EmployerCode, mandatory: true) is not { } text) return "";
        if (UnitCode.TryParse(text, out var code, out var refusal)) return code.Value;
        Wrong("employerCode", refusal, form.EmployerCode);
        return "";
    }

    private string? Name()
    {
        if (string.IsNullOrWhiteSpace(form.Name))
        {
            Note(Finding.Missing("name", MemberFormRules.Missing), MemberFormRules.Missing.With("field", "name"));
            return null;
        }

        var name = MemberForm.CanonicalName(form.Name);
        if (name != form.Name) Warn("name");
        foreach (var rune in name.EnumerateRunes())
            if (!MayStandInName(rune))
            {
                Wrong("name", MemberFormRules.WrongName, null);
                break;
            }

        return name;
    }

    private static bool MayStandInName(Rune rune) => rune.Value is '·' or ' ' or '-' or '.' or '\'' or '\u2019' || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.OtherLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber;

    private (int? Type, string? Number, string? Mask, ResidentId? Id) Document()
    {
        var type = Code("documentType", form.DocumentType, 1, 4, mandatory: true);
        if (Given("documentNumber", form.DocumentNumber, mandatory: true) is not { } text) return (type, null, null, null);
        Refusal? refusal;
        switch (type)
        {
            case 1:
                if (ResidentId.TryParse(text, businessOn, out var id, out refusal)) return (type, $"1|{id.Value}", id.ToString(), id);
                break;
            case >= 2:
                if (OtherDocument.TryParse((OtherDocumentKind)type, text, out var other, out refusal)) return (type, $"{type}|{other.Value}", other.ToString(), null);
                break;
            default:
                refusal = MemberFormRules.UnknownCode.With("field", "documentType");
                break;
        }

        Wrong("documentNumber", refusal, form.DocumentNumber);
        return (type, null, null, null);
    }

    private DateOnly? ValidUntil() => form.DocumentValidUntil?.Trim() is "长期" ? null : Day("documentValidUntil", form.DocumentValidUntil);

    private DateOnly? BornOn(ResidentId? id)
    {
        if (Day("bornOn", form.BornOn, mandatory: true, past: true) is not { } birth) return null;
        if (businessOn.Year - birth.Year > ResidentId.OldestAge && birth.AddYears(ResidentId.OldestAge + 1) <= businessOn)
        {
            Wrong("bornOn", MemberFormRules.TooOld, form.BornOn);
            return null;
        }

        if (id is { } number && number.BirthOn != birth) Wrong("bornOn", MemberFormRules.BirthDateDisagrees, form.BornOn);
        return birth;
    }

    private string? Residence()
    {
        if (Given("residence", form.Residence, mandatory: true) is not { } text) return null;
        if (AreaCode.TryParse(text, businessOn, out var area, out var refusal)) return area.Value;
        Wrong("residence", refusal, form.Residence);
        return null;
    }

    private string? Mobile()
    {
        if (Given("mobile", form.Mobile, mandatory: true) is not { } text) return null;
        if (text is ['1', ..] && text.Length == 11 && Typed.IsDigits(text)) return text;
        Wrong("mobile", MemberFormRules.WrongMobile, form.Mobile);
        return null;
    }

    private int? Code(string field, string? typed, int first, int last, bool mandatory = false)
    {
        if (Given(field, typed, mandatory) is not { } text) return null;
        if (text.Length == 1 && text[0] - '0' >= first && text[0] - '0' <= last) return text[0] - '0';
        Wrong(field, MemberFormRules.UnknownCode.With("field", field), typed);
        return null;
    }

    private DateOnly? Day(string field, string? typed, bool mandatory = false, bool past = false)
    {
        if (Given(field, typed, mandatory) is not { } text) return null;
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            Wrong(field, MemberFormRules.WrongDate.With("field", field), typed);
        else if (past && day > businessOn)
            Wrong(field, MemberFormRules.DateInFuture.With("field", field), typed);
        else
            return day;
        return null;
    }

    /// <summary>The column in the alphabet the standards are written in; null when empty.</summary>
    private string? Given(string field, string? typed, bool mandatory = false)
    {
        if (string.IsNullOrWhiteSpace(typed))
        {
            if (mandatory) Note(Finding.Missing(field, MemberFormRules.Missing), MemberFormRules.Missing.With("field", field));
            return null;
        }

        var text = Typed.Normalise(typed, out var changed);
        if (changed) Warn(field);
        return text;
    }

    private void Warn(string field) => warnings = warnings.Add(MemberFormRules.Normalised.With("field", field));

    private void Wrong(string field, Refusal rule, string? typed)
    {
        Note(Finding.Inaccurate(field, rule), rule);
        if (typed is not null) raw = raw.SetItem(field, typed.Trim());
    }

    private void Note(Finding finding, Refusal rule)
    {
        (findings, reasons) = (findings.Add(finding), reasons.Add(rule));
    }

    private static string? Kept(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Counts without a list.</summary>
internal static class Runes
{
    public static int Count(this SpanRuneEnumerator runes)
    {
        var count = 0;
        while (runes.MoveNext()) count++;
        return count;
    }
}
