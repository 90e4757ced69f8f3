using System.Collections.Immutable;
using System.Globalization;

namespace UnionDomain.Kernel;

/// <summary>One column of an official template.</summary>
/// <param name="Header">Its Chinese header.</param>
/// <param name="Field">The field it fills, as refusals name it.</param>
/// <param name="Mandatory">Whether a row without it is refused.</param>
public sealed record SheetColumn(string Header, string Field, bool Mandatory = false)
{
    /// <summary>The field a refusal speaks of: the one it names, else the one that is blamed for its code; empty where it is neither.</summary>
    internal static string FieldOf(Refusal refusal, IReadOnlyDictionary<string, string> blamed)
    {
        foreach (var argument in refusal.Arguments)
            if (argument.Name == "field") return argument.Value;
        return blamed.GetValueOrDefault(refusal.Code, "");
    }
}

/// <summary>What was found in one cell.</summary>
/// <param name="Header">The column's Chinese header.</param>
/// <param name="Field">The field.</param>
/// <param name="Rule">The rule; its sentences never repeat the cell.</param>
public sealed record CellFinding(string Header, string Field, Refusal Rule);

/// <summary>What a row of a template says.</summary>
/// <param name="Key">What the row is found by, in canonical form: a unit's code or a union's number. Empty when it cannot be read.</param>
/// <param name="Command">What follows from the row; null when anything is refused.</param>
/// <param name="Refused">Every cell that is refused, in the order of the columns.</param>
/// <param name="Normalised">Cells that were read otherwise than they were typed.</param>
public sealed record SheetRow<TCommand>(string Key, TCommand? Command, ImmutableArray<CellFinding> Refused, ImmutableArray<CellFinding> Normalised)
    where TCommand : class;

/// <summary>Why a cell of a template is refused, beside the rules of its value.</summary>
public static class SheetRules
{
    /// <summary>More or fewer cells than the template has columns.</summary>
    public static readonly Refusal WrongColumns = new("sheet.wrong-columns", "The row has {count} cells; the template has {expected} columns.", "本行有{count}列，模板为{expected}列。");

    /// <summary>No whole number.</summary>
    public static readonly Refusal NotANumber = new("sheet.not-a-number", "The field {field} is no whole number.", "字段{field}不是整数。");

    /// <summary>No date.</summary>
    public static readonly Refusal NotADate = new("sheet.not-a-date", "The field {field} is no date written yyyy-MM-dd.", "字段{field}不是yyyy-MM-dd格式的日期。");

    /// <summary>None of the codes of the template.</summary>
    public static readonly Refusal CodeUnknown = new("sheet.code-unknown", "The field {field} holds none of the codes {codes}.", "字段{field}的代码不在{codes}之内。");

    /// <summary>A note: the cell was typed with full-width characters.</summary>
    public static readonly Refusal Normalised = new("sheet.normalised", "The field {field} was typed with full-width characters and read as narrow ones.", "字段{field}含全角字符，已按半角读取。");
}

/// <summary>Reads the cells of one row and collects what is wrong with them.</summary>
internal sealed class SheetReader(ImmutableArray<SheetColumn> columns, IReadOnlyList<string?> cells)
{
    private readonly ImmutableArray<CellFinding>.Builder refused = ImmutableArray.CreateBuilder<CellFinding>();
    private readonly ImmutableArray<CellFinding>.Builder normalised = ImmutableArray.CreateBuilder<CellFinding>();

    /// <summary>Whether the row has a cell for every column; a finding when not.</summary>
    public bool Fits()
    {
        if (cells.Count == columns.Length) return true;
        refused.Add(new("", "", SheetRules.WrongColumns.With("count", cells.Count).With("expected", columns.Length)));
        return false;
    }

    /// <summary>The cell as a person wrote it, trimmed; null when it is empty.</summary>
    public string? Text(string field, Func<string, string, Refusal?> check)
    {
        var column = Column(field);
        var text = cells[columns.IndexOf(column)]?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            if (column.Mandatory) Refuse(field, TextRules.Empty.With("field", field));
            return null;
        }

        if (check(field, text) is not { } rule) return text;
        Refuse(field, rule);
        return null;
    }

    /// <summary>The cell in narrow characters; null when it is empty.</summary>
    public string? Narrow(string field, bool upper = false)
    {
        var text = Text(field, (_, _) => null);
        if (text is null) return null;
        if (Typed.HasWide(text)) Note(field);
        return upper ? Typed.Normalise(text, out _) : Typed.Narrow(text);
    }

    /// <summary>The cell as a whole number; null when it is empty or none.</summary>
    public int? Number(string field)
    {
        if (Narrow(field) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        Refuse(field, SheetRules.NotANumber.With("field", field));
        return null;
    }

    /// <summary>The cell as a code from <paramref name="first"/> to <paramref name="last"/>; null when it is empty or none.</summary>
    public int? Code(string field, int first, int last)
    {
        if (Narrow(field) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code >= first && code <= last) return code;
        Refuse(field, SheetRules.CodeUnknown.With("field", field).With("codes", $"{first}–{last}"));
        return null;
    }

    /// <summary>The cell as a date; null when it is empty or none.</summary>
    public DateOnly? Date(string field)
    {
        if (Narrow(field) is not { } text) return null;
        if (DateOnly.TryParseExact(text, Row.DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        Refuse(field, SheetRules.NotADate.With("field", field));
        return null;
    }

    /// <summary>Refuses a cell; null refuses nothing.</summary>
    public void Refuse(string field, Refusal? rule)
    {
        if (rule is not null) refused.Add(new(Column(field).Header, field, rule));
    }

    /// <summary>Notes that a cell was read otherwise than it was typed.</summary>
    public void Note(string field) => normalised.Add(new(Column(field).Header, field, SheetRules.Normalised.With("field", field)));

    /// <summary>The row, with its command unless anything was refused.</summary>
    public SheetRow<TCommand> Read<TCommand>(string? key, Func<TCommand> command)
        where TCommand : class
    {
        return new(key ?? "", refused.Count == 0 ? command() : null, [.. refused.OrderBy(Place)], [.. normalised.OrderBy(Place)]);

        int Place(CellFinding finding) => columns.Select(column => column.Field).ToList().IndexOf(finding.Field);
    }

    private SheetColumn Column(string field) => columns.First(column => column.Field == field);
}
