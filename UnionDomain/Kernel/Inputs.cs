using System.Text;

namespace UnionDomain.Kernel;

/// <summary>What holds for every text a command carries.</summary>
public static class TextRules
{
    /// <summary>The longest text accepted, in UTF-16 units after trimming.</summary>
    public const int Longest = 100;

    /// <summary>Nothing but white space.</summary>
    public static readonly Refusal Empty = new("text.empty", "The field {field} is empty.", "字段{field}为空。");

    /// <summary>More characters than the field holds.</summary>
    public static readonly Refusal TooLong = new("text.too-long", "The field {field} has {length} characters; at most {most} are kept.", "字段{field}有{length}个字符，最多{most}个。");

    /// <summary>A control character, or half of a character that takes two places.</summary>
    public static readonly Refusal BrokenCharacter = new("text.broken-character",
        "The field {field} holds a control character or a broken character.", "字段{field}含控制字符或残缺字符。");

    /// <summary>Judges a text; null when it stands. A text is kept trimmed.</summary>
    public static Refusal? Check(string field, string? text, int most = Longest)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty) return Empty.With("field", field);
        if (trimmed.Length > most) return TooLong.With("field", field).With("length", trimmed.Length).With("most", most);
        foreach (var rune in trimmed.EnumerateRunes())
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar) return BrokenCharacter.With("field", field);
        return null;
    }
}

/// <summary>What holds for every whole number a command carries.</summary>
public static class NumberRules
{
    /// <summary>The most people one record may count; beyond it a number is a slip of the pen.</summary>
    public const int MostPeople = 9_999_999;

    /// <summary>Below the least or above the most.</summary>
    public static readonly Refusal OutOfRange = new("number.out-of-range",
        "The field {field} is {value}; it lies between {fewest} and {most}, both included.", "字段{field}为{value}，应在{fewest}至{most}之间（含本数）。");

    /// <summary>Judges a number of people or things, both bounds included; null when it stands.</summary>
    public static Refusal? Check(string field, long value, long fewest, long most = MostPeople) =>
        value >= fewest && value <= most ? null : OutOfRange.With("field", field).With("value", value).With("fewest", fewest).With("most", most);
}

/// <summary>The capacities in which people act, in groups that several rooms ask for.</summary>
public static class Roles
{
    /// <summary>Acts for a federation: subdistrict, district or municipality.</summary>
    public static bool IsFederation(this Role role) => role is Role.Subdistrict or Role.District or Role.Municipal;

    /// <summary>Acts for a primary union: an officer or its committee.</summary>
    public static bool IsPrimary(this Role role) => role is Role.Officer or Role.Committee;
}
