using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>
/// One line of the sheet 会员信息采集表 as it was typed, column by column. Personal: it is sealed before anything is decided, and never shown, logged or stored as it is.
/// </summary>
public sealed record MemberForm
{
    /// <summary>Code of the employing unit (单位代码), mandatory: credit code or legacy number.</summary>
    public string? EmployerCode { get; init; }

    /// <summary>Name (姓名), mandatory: 1–50 characters, a character of the CJK extensions counting as one; letters, <c>·</c>, space, hyphen, full stop and apostrophe.</summary>
    public string? Name { get; init; }

    /// <summary>Kind of document (证件类型), mandatory: 1 resident ID, 2 passport, 3 permit of Hong Kong and Macao residents, 4 permit of Taiwan residents.</summary>
    public string? DocumentType { get; init; }

    /// <summary>Number of the document (证件号码), mandatory.</summary>
    public string? DocumentNumber { get; init; }

    /// <summary>Last day of the document (证件有效期至): a date, or 长期 or empty for one without end.</summary>
    public string? DocumentValidUntil { get; init; }

    /// <summary>Sex (性别), mandatory: 1 male, 2 female; agrees with a resident ID.</summary>
    public string? Sex { get; init; }

    /// <summary>Date of birth (出生日期), mandatory: <c>yyyy-MM-dd</c>; agrees with a resident ID.</summary>
    public string? BornOn { get; init; }

    /// <summary>Ethnic group (民族).</summary>
    public string? Nation { get; init; }

    /// <summary>Political affiliation (政治面貌).</summary>
    public string? Politics { get; init; }

    /// <summary>Education (学历), mandatory: 1–5.</summary>
    public string? Education { get; init; }

    /// <summary>Level of skill (技能等级): 0–5.</summary>
    public string? Skill { get; init; }

    /// <summary>Employment (就业状态), mandatory: 1–4.</summary>
    public string? Employment { get; init; }

    /// <summary>Kind of household registration (户籍类型), mandatory: 1–4.</summary>
    public string? Household { get; init; }

    /// <summary>Where the member lives (现居住地), mandatory: a code of GB/T 2260 in force.</summary>
    public string? Residence { get; init; }

    /// <summary>Mobile phone (手机号), mandatory: 11 digits, the first 1.</summary>
    public string? Mobile { get; init; }

    /// <summary>When the member joined (入会日期), mandatory: <c>yyyy-MM-dd</c>, not after the business date.</summary>
    public string? JoinedOn { get; init; }

    /// <summary>Whether a migrant worker (是否农民工), mandatory: 1 or 0.</summary>
    public string? Migrant { get; init; }

    /// <summary>Whether a Jing Card may be made (同意办理京卡): 1 or 0; empty is 0.</summary>
    public string? CardConsent { get; init; }

    /// <summary>Remarks (备注), at most 500 characters.</summary>
    public string? Remarks { get; init; }

    /// <summary>
    /// Judges every column on a business date. Pure, and the same in a client as in a silo; everything that can be kept is kept, and what is wrong with it is told as findings.
    /// </summary>
    public ExaminedForm Examine(DateOnly businessOn) => new Examination(this, businessOn).Examined();

    /// <summary>
    /// A name as it is kept and compared: trimmed, full-width letters and blanks in their normal form, and every way to type the middle dot as <c>·</c>.
    /// </summary>
    internal static string CanonicalName(string name) => string.Create(name.Trim().Length, name.Trim(), static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            target[i] = source[i] switch
            {
                >= '\uFF01' and <= '\uFF5E' and var wide => (char)(wide - 0xFEE0),
                '\u3000' => ' ',
                '\u2022' or '\u2027' or '\u22C5' or '\u30FB' or '\uFF65' => '\u00B7',
                var same => same,
            };
    });

    // Nothing of a person stands in a log because somebody wrote down a command.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("sealed at the door");
        return true;
    }
}

/// <summary>Something wrong with one column of a sheet: the person is a member all the same, with an unqualified record.</summary>
/// <param name="Reason"><c>missing:field</c> or <c>inaccurate:field</c>, the field in camel case.</param>
/// <param name="Rule">Code of the rule that says so.</param>
public readonly record struct Finding(string Reason, string Rule)
{
    /// <summary>Columns without which, or with a wrong value in which, a record is not qualified (M in the template), and the unit itself.</summary>
    private static readonly ImmutableHashSet<string> Mandatory =
    [
        "employer", "employerCode", "name", "documentType", "documentNumber", "sex", "bornOn", "education", "employment", "household", "residence", "mobile", "joinedOn", "migrant",
    ];

    /// <summary>Nothing stands in the field.</summary>
    public static Finding Missing(string field, Refusal rule) => new($"missing:{field}", rule.Code);

    /// <summary>What stands in the field is wrong.</summary>
    public static Finding Inaccurate(string field, Refusal rule) => new($"inaccurate:{field}", rule.Code);

    /// <summary>The column.</summary>
    [JsonIgnore]
    public string Field => Reason[(Reason.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Whether the record is not qualified because of it.</summary>
    public bool Disqualifies() => Mandatory.Contains(Field);

    /// <summary>The reason.</summary>
    public override string ToString() => Reason;
}
