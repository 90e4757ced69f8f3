using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel.Identifiers;

/// <summary>One area of the GB/T 2260 table.</summary>
/// <param name="Code">Six digits.</param>
/// <param name="Chinese">The Chinese name.</param>
/// <param name="English">The English name.</param>
/// <param name="FirstYear">The first year in which the code was in force; <see langword="null"/>: before all records.</param>
/// <param name="LastYear">The last year in which the code was in force; <see langword="null"/>: still.</param>
public sealed record Area(string Code, string Chinese, string English, int? FirstYear = null, int? LastYear = null)
{
    /// <summary>Whether the code was in force at some time of the date's year; in a year of change both the old and the new code are.</summary>
    public bool InForce(DateOnly on) => (FirstYear is null || on.Year >= FirstYear) && (LastYear is null || on.Year <= LastYear);
}

/// <summary>
/// The code of a known county-level area of Beijing (行政区划代码, GB/T 2260), as a place of residence must have. The area digits inside identity numbers and credit codes are not
/// held to this table: they may be of any place and any time.
/// </summary>
[JsonConverter(typeof(WrittenJsonConverter<AreaCode>))]
public readonly record struct AreaCode : IWritten<AreaCode>
{
    private static readonly FrozenDictionary<string, Area> Known;

    static AreaCode()
    {
        Beijing =
        [
            new("110101", "东城区", "Dongcheng District"),
            new("110102", "西城区", "Xicheng District"),
            new("110103", "崇文区", "Chongwen District", LastYear: 2010),
            new("110104", "宣武区", "Xuanwu District", LastYear: 2010),
            new("110105", "朝阳区", "Chaoyang District"),
            new("110106", "丰台区", "Fengtai District"),
            new("110107", "石景山区", "Shijingshan District"),
            new("110108", "海淀区", "Haidian District"),
            new("110109", "门头沟区", "Mentougou District"),
            new("110111", "房山区", "Fangshan District"),
            new("110112", "通州区", "Tongzhou District"),
            new("110113", "顺义区", "Shunyi District"),
            new("110114", "昌平区", "Changping District"),
            new("110115", "大兴区", "Daxing District"),
            new("110116", "怀柔区", "Huairou District"),
            new("110117", "平谷区", "Pinggu District"),
            new("110118", "密云区", "Miyun District", FirstYear: 2015),
            new("110119", "延庆区", "Yanqing District", FirstYear: 2015),
            new("110228", "密云县", "Miyun County", LastYear: 2015),
            new("110229", "延庆县", "Yanqing County", LastYear: 2015),
        ];
        Known = Beijing.ToFrozenDictionary(area => area.Code, StringComparer.Ordinal);
    }

    private AreaCode(string value) => Value = value;

    /// <summary>The areas of Beijing since before 2010, by code, ended ones included.</summary>
    public static ImmutableArray<Area> Beijing { get; }

    /// <summary>The six digits.</summary>
    public string Value => field ?? "";

    /// <summary>The row of the table; a default code has none and throws.</summary>
    public Area Area => Known[Value];

    /// <summary>Reads a code known at any time. Refused with <c>area-code.wrong-form</c> or <c>area-code.unknown</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AreaCode value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var code = Typed.Normalise(text, out _);
        if (code.Length != 6 || !Typed.IsDigits(code)) return Typed.Refuse(AreaCodeRules.WrongForm, out value, out refusal);
        return Known.ContainsKey(code) ? Typed.Accept(new AreaCode(code), out value, out refusal) : Typed.Refuse(AreaCodeRules.Unknown, out value, out refusal);
    }

    /// <summary>Reads a code in force in the year of a business date. Refused as above, or with <c>area-code.not-in-force</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, DateOnly on, out AreaCode value, [NotNullWhen(false)] out Refusal? refusal)
    {
        if (!TryParse(text, out value, out refusal)) return false;
        return value.Area.InForce(on) || Typed.Refuse(AreaCodeRules.NotInForce.With("area", value.Area.Code).With("year", on.Year), out value, out refusal);
    }

    /// <summary>The six digits.</summary>
    public override string ToString() => Value;
}
