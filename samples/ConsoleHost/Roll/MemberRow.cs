using System.Globalization;
using UnionTestKit;

namespace ConsoleHost.Roll;

/// <summary>One row of the members' table, every cell as it is written.</summary>
internal sealed record MemberRow
{
    public const string Header =
        "单位代码,工会编号,姓名,证件类型,证件号码,证件有效期至,性别,出生日期,民族,政治面貌,学历,技能等级,就业状态,户籍类型,现居住地,手机号,入会日期,是否农民工,同意办理京卡,备注";

    // Characters that are seldom seen together: nobody well known carries these names.
    private const string Surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
    private const string First = "禾砚霁筠澍芮翊珩菀岑翎苓沅昱瑾祺";
    private const string Second = "桐笙楹蘅屿畅棠沁彦珏泓旻钰宸萱珂";

    public required string Unit { get; init; }

    public required string Union { get; init; }

    public required string Name { get; init; }

    public string DocumentType { get; init; } = "1";

    public required string DocumentNumber { get; init; }

    public string ValidUntil { get; init; } = "长期";

    public required string Sex { get; init; }

    public required string BirthOn { get; init; }

    public required string Ethnicity { get; init; }

    public required string Politics { get; init; }

    public required string Education { get; init; }

    public required string Skill { get; init; }

    public string Employment { get; init; } = "1";

    public required string Household { get; init; }

    public required string Residence { get; init; }

    public required string Mobile { get; init; }

    public required string JoinedOn { get; init; }

    public required string Migrant { get; init; }

    public required string Consent { get; init; }

    public string Remark { get; init; } = "";

    /// <summary>A made-up person whose record is qualified; everything about them follows from the ordinal.</summary>
    public static MemberRow Of(long ordinal, RollUnion union, RollUnit unit)
    {
        var dice = new Dice((ulong)ordinal);
        var man = dice.Below(2) == 0;
        var (number, birth) = MadeUpCodes.Resident(ordinal, man);
        var household = dice.Between(1, 4);
        return new()
        {
            Unit = unit.Code,
            Union = union.Id,
            Name = $"{dice.Of<char>(Surnames)}{dice.Of<char>(First)}{dice.Of<char>(Second)}",
            DocumentNumber = number,
            ValidUntil = dice.Below(4) == 0 ? Text(dice.Between(new DateOnly(2015, 1, 1), new DateOnly(2033, 12, 31))) : "长期",
            Sex = man ? "1" : "2",
            BirthOn = Text(birth),
            Ethnicity = dice.Below(20) == 0 ? dice.Of<string>(["满族", "回族", "蒙古族"]) : "汉族",
            Politics = dice.Of<string>(["群众", "群众", "中共党员"]),
            Education = Text(dice.Between(1, 5)),
            Skill = Text(dice.Between(0, 5)),
            Household = Text(household),
            Residence = dice.Of(MadeUpCodes.Areas.AsSpan()),
            Mobile = MadeUpCodes.Mobile(ordinal),
            JoinedOn = Text(Joined(union, ref dice)),
            Migrant = household == 4 ? "1" : "0",
            Consent = dice.Of<string>(["0", "0", "0", ""]), // Those who agree are chosen one by one.
            Remark = dice.Below(500) == 0 ? "由外区转来,原名册记为\"在编\"" : "",
        };
    }

    public void WriteTo(CsvFile file) => file.Write(
        Unit, Union, Name, DocumentType, DocumentNumber, ValidUntil, Sex, BirthOn, Ethnicity, Politics, Education, Skill, Employment, Household, Residence, Mobile, JoinedOn, Migrant, Consent, Remark);

    /// <summary>The number of the document as it is known to everybody, however this row writes it.</summary>
    public string Number => string.Concat(DocumentNumber.Select(c => c > 0xFEE0 ? (char)(c - 0xFEE0) : c));

    /// <summary>Whether the person was a member when the roll was taken over.</summary>
    public bool IsOld => string.CompareOrdinal(JoinedOn, Text(HalfYearDays.RollOn)) <= 0;

    /// <summary>Whether membership began in the period, or after it.</summary>
    public bool IsNew => string.CompareOrdinal(JoinedOn, Text(RollPlan.FirstDay)) >= 0;

    internal static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Some join old unions in the period, and some join on its first day a union completed the day before: new members, but not of new unions.
    private static DateOnly Joined(RollUnion union, ref Dice dice) => union.Founding switch
    {
        Founding.DayBefore => dice.Between(union.On, RollPlan.FirstDay),
        Founding.InPeriod or Founding.NewElsewhere => dice.Between(union.On, RollPlan.LastDay),
        Founding.DayAfter => union.On,
        Founding.Elsewhere => union.On,
        _ when dice.Below(40) == 0 => dice.Between(RollPlan.FirstDay, RollPlan.LastDay),
        _ => dice.Between(union.On, HalfYearDays.RollOn),
    };
}

/// <summary>Ways in which a true record is written unusually (and stays qualified) or wrongly (and is not); each is planted in turn.</summary>
internal sealed record Twist(string Kind, Func<MemberRow, int, MemberRow> Write)
{
    /// <summary>The record stays qualified at the end of the period.</summary>
    public static readonly Twist[] Harmless =
    [
        new("full-width-digits", (row, _) => row with { DocumentNumber = string.Concat(row.DocumentNumber.Select(c => (char)(c + 0xFEE0))) }),
        new("name-with-middle-dot", (row, _) => row with { Name = $"{row.Name[1..]}·{row.Name}" }),
        new("name-with-extension-character", (row, n) => row with { Name = row.Name[..1] + Nth(n, "\u3402", "\U00020BB7", "\U0002B823") + row.Name[2..] }),
        new("document-expires-on-last-day", (row, _) => row with { ValidUntil = MemberRow.Text(RollPlan.LastDay) }),
        new("passport", (row, n) => row with { DocumentType = "2", DocumentNumber = string.Create(CultureInfo.InvariantCulture, $"XX{n:0000000}"), ValidUntil = "2019-12-31" }),
    ];

    /// <summary>The member stays on the roll, unqualified.</summary>
    public static readonly Twist[] Harmful =
    [
        new("wrong-checksum", (row, _) => row with { DocumentNumber = row.DocumentNumber[..17] + (row.DocumentNumber[17] == '0' ? '1' : '0') }),
        new("missing-field", (row, n) => (n % 9) switch
        {
            0 => row with { DocumentNumber = "" },
            1 => row with { Sex = "" },
            2 => row with { BirthOn = "" },
            3 => row with { Education = "" },
            4 => row with { Employment = "" },
            5 => row with { Household = "" },
            6 => row with { Residence = "" },
            7 => row with { Mobile = "" },
            _ => row with { Migrant = "" },
        }),
        new("sex-disagrees", (row, _) => row with { Sex = row.Sex == "1" ? "2" : "1" }),
        new("birth-disagrees", (row, _) => row with { BirthOn = row.BirthOn[..^2] + (row.BirthOn.EndsWith("15", StringComparison.Ordinal) ? "16" : "15") }),
        new("document-expired", (row, n) => row with { ValidUntil = MemberRow.Text(RollPlan.LastDay.AddDays(-1 - (n % 1_000))) }),
        new("fifteen-digits", (row, _) => row with { DocumentNumber = row.DocumentNumber[..6] + row.DocumentNumber[8..17] }),
        new("unknown-code", (row, n) => (n % 5) switch
        {
            0 => row with { Education = "9" },
            1 => row with { Employment = "7" },
            2 => row with { Household = "8" },
            3 => row with { Migrant = "2" },
            _ => row with { Residence = "110118" }, // A district only since 2015.
        }),
    ];

    private static string Nth(int n, params ReadOnlySpan<string> things) => things[n % things.Length];
}
