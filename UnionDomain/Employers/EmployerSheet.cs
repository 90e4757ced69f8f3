using System.Collections.Frozen;
using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <summary>The template 单位信息表: what people typed into a row, read without asking anybody.</summary>
public static class EmployerSheet
{
    internal const string ContactField = "contact";
    internal const string PhoneField = "contactPhone";

    // Rules that a decision gives name no field: this is the column in which the row is put right.
    private static readonly FrozenDictionary<string, string> Blamed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [EmployerRules.CodeHeld.Code] = "code",
        [EmployerRules.CodeDiffers.Code] = "code",
        [EmployerRules.Closed.Code] = "code",
        [EmployerRules.FederationNotActive.Code] = "union",
        [EmployerRules.NotAFederation.Code] = "union",
        [EmployerRules.UnionNotActive.Code] = "union",
        [EmployerRules.CoverageKindMismatch.Code] = "coverage",
        [EmployerRules.CoverageIncomplete.Code] = "union",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The twelve columns in their order.</summary>
    public static ImmutableArray<SheetColumn> Columns { get; } =
    [
        new("单位代码", "code", Mandatory: true), new("单位名称", "name", Mandatory: true), new("单位性质", "kind", Mandatory: true), new("行业门类", "industry", Mandatory: true),
        new("注册地", "area", Mandatory: true), new("职工人数", "headcount", Mandatory: true), new("女职工人数", "women"), new("农民工人数", "migrants"),
        new("建会方式", "coverage", Mandatory: true), new("工会编号", "union"), new("联系人", ContactField), new("联系电话", PhoneField),
    ];

    /// <summary>
    /// Reads one row. Full-width characters in codes, numbers and phones are read as narrow ones, and the row says so. Every cell that is refused is found, not only the
    /// first: mandatory cells that are empty, unknown codes (<c>sheet.code-unknown</c> and the rules of codes, areas and industries), numbers that are none
    /// (<c>sheet.not-a-number</c>), more women or migrants than employees, a way of coverage without a union, names and phones. An uncovered unit (0) may name the federation it
    /// counts at in the place of a union.
    /// </summary>
    /// <param name="cells">The twelve cells; empty or null: nothing is told.</param>
    /// <param name="federation">The federation the unit counts at where the row names none; see <see cref="EmployerCommand.Record"/>. Change it in the command once the covering union is known.</param>
    /// <param name="on">The business date: an area must be in force then.</param>
    /// <returns>The key is the unit's code.</returns>
    public static SheetRow<EmployerCommand.Record> Read(IReadOnlyList<string?> cells, UnionId federation, DateOnly on)
    {
        ArgumentNullException.ThrowIfNull(cells);
        var row = new SheetReader(Columns, cells);
        if (!row.Fits()) return row.Read<EmployerCommand.Record>(null, () => throw new System.Diagnostics.UnreachableException());

        var (code, area) = ("", "");
        if (row.Narrow("code", upper: true) is { } typedCode) row.Refuse("code", Employer.ReadCode(typedCode, ref code));
        var name = row.Text("name", (field, text) => TextRules.Check(field, text));
        var kind = row.Code("kind", (int)EmployerKind.Organ, (int)EmployerKind.SocialOrganisation);
        var industry = row.Narrow("industry", upper: true);
        if (industry is not null) row.Refuse("industry", Employer.IndustryFits(industry));
        if (row.Narrow("area") is { } typedArea) row.Refuse("area", Employer.ReadArea(typedArea, on, ref area));
        var headcount = row.Number("headcount");
        if (headcount is { } employees) row.Refuse("headcount", NumberRules.Check("headcount", employees, 0));
        var women = Part("women");
        var migrants = Part("migrants");
        var coverage = row.Code("coverage", 0, (int)CoverageKind.OrganiserOnly);
        var union = row.Narrow("union");
        if (union is not null && !new UnionId(union).Stream.HasValidKey()) row.Refuse("union", OccasionRules.KeyInvalid);
        else if (coverage is { } way && way != 0 && union is null) row.Refuse("union", EmployerRules.CoverageIncomplete);
        var contact = new Contact(row.Text(ContactField, ContactRules.CheckName), row.Text(PhoneField, ContactRules.CheckPhone));
        if (contact.Phone is { } phone && Typed.HasWide(phone)) row.Note(PhoneField);

        var named = union is null ? (UnionId?)null : new UnionId(union);
        return row.Read(code, () => new EmployerCommand.Record(
            code, name!, (EmployerKind)kind!, industry!, area, coverage == 0 && named is { } own ? own : federation, headcount!.Value, women, migrants,
            coverage > 0 ? named : null, coverage > 0 ? (CoverageKind)coverage : null, contact.IsTold() ? contact : null));

        int? Part(string field)
        {
            var part = row.Number(field);
            row.Refuse(field, headcount is { } whole ? Employer.Part(field, part, whole) : null);
            return part;
        }
    }

    /// <summary>The field in which a row is put right that was refused so; empty where it is the whole row.</summary>
    public static string FieldOf(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return SheetColumn.FieldOf(refusal, Blamed);
    }
}
