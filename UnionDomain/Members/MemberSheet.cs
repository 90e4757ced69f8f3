using System.Collections.Frozen;
using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>What a row of the members' template says.</summary>
/// <param name="Command">What follows from the row, the unit not yet looked up; null when the row is refused.</param>
/// <param name="Form">The sheet as it was judged. Personal.</param>
/// <param name="Refused">Why the row is refused; empty otherwise.</param>
/// <param name="Findings">What is wrong with the record, in the order of the columns: the person is a member all the same.</param>
public sealed record MemberSheetRow(MemberCommand.Enter? Command, ExaminedForm Form, ImmutableArray<CellFinding> Refused, ImmutableArray<CellFinding> Findings);

/// <summary>The template 会员信息采集表: what people typed into a row, read without asking anybody.</summary>
public static class MemberSheet
{
    private const string UnionField = "union";

    // Rules that a decision gives name no field: this is the column in which the row is put right.
    private static readonly FrozenDictionary<string, string> Blamed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [MemberRules.UnionUnknown.Code] = UnionField,
        [MemberRules.UnionNotActive.Code] = UnionField,
        [MemberRules.WrongLevel.Code] = UnionField,
        [MemberRules.OnOtherRoll.Code] = UnionField,
        [MemberRules.DocumentHeld.Code] = "documentNumber",
        [MemberRules.RollHeld.Code] = "name",
        [MemberRules.TooYoung.Code] = "bornOn",
        [MemberFormRules.NameTooLong.Code] = "name",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The twenty columns in their order. Only a row without its union is refused for an empty cell; other empty cells are findings.</summary>
    public static ImmutableArray<SheetColumn> Columns { get; } =
    [
        new("单位代码", "employerCode"), new("工会编号", UnionField, Mandatory: true), new("姓名", "name"), new("证件类型", "documentType"), new("证件号码", "documentNumber"),
        new("证件有效期至", "documentValidUntil"), new("性别", "sex"), new("出生日期", "bornOn"), new("民族", "nation"), new("政治面貌", "politics"), new("学历", "education"),
        new("技能等级", "skill"), new("就业状态", "employment"), new("户籍类型", "household"), new("现居住地", "residence"), new("手机号", "mobile"), new("入会日期", "joinedOn"),
        new("是否农民工", "migrant"), new("同意办理京卡", "cardConsent"), new("备注", "remarks"),
    ];

    /// <summary>
    /// Reads one row. Refused are a row without a valid number of a union (<c>text.empty</c>, <c>stream.key-invalid</c>) and one that cannot be kept at all: a control character, or more
    /// characters than a field holds.
    /// </summary>
    /// <param name="cells">The twenty cells.</param>
    /// <param name="on">The business date.</param>
    public static MemberSheetRow Read(IReadOnlyList<string?> cells, DateOnly on)
    {
        ArgumentNullException.ThrowIfNull(cells);
        var form = new MemberForm
        {
            EmployerCode = cells[0],
            Name = cells[2],
            DocumentType = cells[3],
            DocumentNumber = cells[4],
            DocumentValidUntil = cells[5],
            Sex = cells[6],
            BornOn = cells[7],
            Nation = cells[8],
            Politics = cells[9],
            Education = cells[10],
            Skill = cells[11],
            Employment = cells[12],
            Household = cells[13],
            Residence = cells[14],
            Mobile = cells[15],
            JoinedOn = cells[16],
            Migrant = cells[17],
            CardConsent = cells[18],
            Remarks = cells[19],
        };
        var examined = form.Examine(on);
        var union = new UnionId(Typed.Narrow(cells[1]));
        var refused = ImmutableArray.CreateBuilder<CellFinding>();
        if (union.Value.Length == 0) Refuse(UnionField, TextRules.Empty.With("field", UnionField));
        else if (!union.Stream.HasValidKey()) Refuse(UnionField, OccasionRules.KeyInvalid);
        if (examined.Refusal is { } unfit) Refuse(FieldOf(unfit), unfit);

        var findings = ImmutableArray.CreateBuilder<CellFinding>(examined.Findings.Length);
        for (var i = 0; i < examined.Findings.Length; i++) findings.Add(Of(examined.Findings[i].Field, examined.Reasons[i]));
        if (examined.DocumentValidUntil < on) findings.Add(Of("documentValidUntil", MemberFormRules.DocumentExpired));
        return new(refused.Count == 0 ? new(union, null, form) : null, examined, refused.DrainToImmutable(), findings.DrainToImmutable());

        void Refuse(string field, Refusal rule) => refused.Add(Of(field, rule));
    }

    /// <summary>The field in which a row is put right that was refused so; empty where it is the whole row.</summary>
    public static string FieldOf(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return SheetColumn.FieldOf(refusal, Blamed);
    }

    /// <summary>The unit of the row is not recorded; a finding.</summary>
    public static CellFinding EmployerUnknown { get; } = Of("employerCode", MemberRules.EmployerUnknown);

    private static CellFinding Of(string field, Refusal rule) => new(Columns.FirstOrDefault(column => column.Field == field)?.Header ?? "", field, rule);
}
