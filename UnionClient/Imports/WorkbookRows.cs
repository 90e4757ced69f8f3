using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>
/// Reads the rows of the first visible sheet of an XLSX workbook one by one. Nothing is calculated: formulas and errors are refused by their cell. Numbers are read as long as the spreadsheet has
/// not rounded them; cells formatted as dates are read as dates.
/// </summary>
internal sealed partial class WorkbookRows : SheetRows
{
    private const int LastRow = 1_048_576;
    private const int LastColumn = 16_384;
    private const int MostFormats = 70_000;

    private readonly WorkbookFile workbook;
    private readonly SharedStrings strings = new();
    private readonly List<bool> dates = [];
    private readonly List<string> cells = [];
    private readonly StringBuilder text = new();
    private readonly SheetXml sheet;
    private readonly bool from1904;
    private int row;
    private int told;
    private int headerRow;
    private Refusal? flaw;
    private int flawed;

    private WorkbookRows(WorkbookFile workbook, CancellationToken cancel)
    {
        this.workbook = workbook;
        var main = workbook.Relations("", cancel).Find(relation => relation.Kind == "officeDocument").Part ?? throw new InvalidDataException();
        var relations = workbook.Relations(main, cancel);
        string? first = null;
        using (var xml = workbook.Open(main, cancel))
            while (xml.Step(cancel))
            {
                if (xml.Begins("workbookPr")) from1904 = xml["date1904"] is "1" or "true";
                if (xml.Begins("sheet") && (xml["state"] ?? "visible") == "visible") first ??= xml.Relation;
            }

        if (relations.Find(relation => relation.Kind == "styles").Part is { } styles) ReadFormats(styles, cancel);
        if (relations.Find(relation => relation.Kind == "sharedStrings").Part is { } shared) ReadStrings(shared, cancel);
        sheet = workbook.Open(relations.Find(relation => relation.Id == first && relation.Kind == "worksheet").Part ?? throw new InvalidDataException(), cancel);
    }

    /// <summary>Whether all rows are read.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Opens a workbook; all of it is unpacked once, away from the caller.</summary>
    /// <param name="stream">The file; it can seek.</param>
    /// <param name="leaveOpen">Whether the stream is the caller's.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">It is damaged, too large, or holds what may not stand in it.</exception>
    public static Task<WorkbookRows> Open(Stream stream, bool leaveOpen, CancellationToken cancel) => Task.Run(() =>
    {
        WorkbookFile? opened = null;
        try
        {
            opened = new(stream, leaveOpen);
            return new WorkbookRows(opened, cancel);
        }
        catch (Exception failure)
        {
            opened?.Dispose();
            if (IsDamage(failure)) throw new RefusedException(SheetFileRules.WorkbookBroken);
            throw;
        }
    }, cancel);

    /// <inheritdoc/>
    public override ValueTask<Refusal?> ReadHeader(IReadOnlyList<string> columns, CancellationToken cancel)
    {
        try
        {
            if (!NextRow(cancel)) return new(SheetFileRules.Empty);
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            return new(SheetFileRules.WorkbookBroken);
        }

        headerRow = told = row;
        return new(Judge(columns, cells));
    }

    /// <inheritdoc/>
    public override ValueTask<CsvRow?> Read(CancellationToken cancel)
    {
        try
        {
            if (IsRead || !NextRow(cancel)) return new((CsvRow?)null);
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            IsRead = true;
            cells.Clear();
            (row, flaw, flawed) = (told + 1, SheetFileRules.WorkbookCut, -1);
        }

        told = row;
        var count = cells.Count;
        while (cells.Count < Header.Length) cells.Add("");
        if (flaw is null && count > Header.Length) flaw = SheetFileRules.CellCount.With("count", count).With("expected", Header.Length);
        return new(Row(row - headerRow, cells, flaw, flawed));
    }

    public override void Dispose()
    {
        sheet.Dispose();
        workbook.Dispose();
    }

    // What the readers of the framework throw for a file that is none; their messages may repeat it.
    private static bool IsDamage(Exception failure) => failure is XmlException or InvalidDataException or EndOfStreamException;

    private void ReadFormats(string part, CancellationToken cancel)
    {
        using var xml = workbook.Open(part, cancel);
        var own = new Dictionary<string, bool>(StringComparer.Ordinal);
        while (xml.Step(cancel))
        {
            if (xml.Begins("numFmt") && own.Count < MostFormats && xml["numFmtId"] is { } id) own[id] = IsDate(xml["formatCode"] ?? "");
            if (!xml.Begins("cellXfs")) continue;
            var depth = xml.Depth;
            while (xml.StepInside(depth, cancel) && dates.Count < MostFormats)
                if (xml.Begins("xf") && xml.Depth == depth + 1) dates.Add(xml["numFmtId"] is { } format && (own.TryGetValue(format, out var date) ? date : IsDateOfItself(format)));
        }
    }

    private void ReadStrings(string part, CancellationToken cancel)
    {
        using var xml = workbook.Open(part, cancel);
        while (xml.Step(cancel))
        {
            if (!xml.Begins("si")) continue;
            xml.ReadText(text, cancel);
            strings.Add(text);
        }
    }

    // ECMA-376 18.8.30: dates among the formats that no workbook describes; from 27 on those of the Chinese and Japanese ones.
    private static bool IsDateOfItself(string format) =>
        int.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id is (>= 14 and <= 17) or 22 or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58;

    private static bool IsDate(string code)
    {
        var bare = Literals.Replace(code, "");
        return bare.AsSpan().ContainsAny("yYdD") && !bare.Contains("General", StringComparison.OrdinalIgnoreCase) && !bare.Contains("Standard", StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("""\\.|"[^"]*"|\[[^\]]*\]|_.""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Literals { get; }

    /// <summary>Goes on to the next row in which anything stands, and reads its cells; false after the last.</summary>
    private bool NextRow(CancellationToken cancel)
    {
        while (sheet.Step(cancel))
        {
            if (!sheet.Begins("row")) continue;
            var stated = sheet["r"] is not { } number ? row + 1 : int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0;
            if (stated <= row || stated > LastRow) throw new InvalidDataException();
            row = stated;
            ReadCells(cancel);
            if (cells.Count > 0 || flaw is not null) return true;
        }

        IsRead = true;
        return false;
    }

    private void ReadCells(CancellationToken cancel)
    {
        cells.Clear();
        (flaw, flawed) = (null, -1);
        var depth = sheet.Depth;
        var place = -1;
        while (sheet.StepInside(depth, cancel))
        {
            if (sheet.Begins("row")) throw new InvalidDataException();
            if (!sheet.Begins("c")) continue;
            var (reference, kind, format) = (sheet["r"], sheet["t"], sheet["s"]);
            var formula = sheet.ReadText(text, cancel);
            var stated = reference is null ? place + 1 : Column(reference);
            if (stated <= place || stated >= LastColumn)
            {
                // What cannot be placed may belong anywhere in the row.
                Flaw(SheetFileRules.CellUnreadable, -1);
                continue;
            }

            place = stated;
            var typed = formula ? Flaw(SheetFileRules.CellFormula, place) : Typed(kind, format, place);
            if (typed.Length == 0 && flawed != place) continue;
            while (cells.Count < place) cells.Add("");
            cells.Add(typed);
        }
    }

    // The column of a reference to a cell of this row, from 0; -1 when it is none.
    private int Column(string reference)
    {
        var (column, letters) = (0, 0);
        for (; letters < reference.Length && letters < 3 && char.IsAsciiLetterUpper(reference[letters]); letters++) column = (column * 26) + (reference[letters] - 'A' + 1);
        return int.TryParse(reference.AsSpan(letters), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at == row ? column - 1 : -1;
    }

    private string Flaw(Refusal rule, int place, string typed = "")
    {
        if (flaw is null) (flaw, flawed) = (rule, place);
        return typed;
    }

    /// <summary>What stands in a cell as its column would be typed.</summary>
    private string Typed(string? kind, string? format, int place)
    {
        var value = text.ToString();
        switch (kind)
        {
            case "s":
                return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && strings.Of(number) is { } shared
                    ? Text(shared, place)
                    : Flaw(SheetFileRules.CellUnreadable, place);
            case "inlineStr" or "str":
                return Text(value, place);
            case "b":
                return value is "0" or "1" ? value : Flaw(SheetFileRules.CellUnreadable, place);
            case "d":
                return value.EndsWith("T00:00:00", StringComparison.Ordinal) ? value[..^"T00:00:00".Length] : Text(value, place);
            case "e":
                return Flaw(SheetFileRules.CellError, place);
            case null or "n":
                return value.Length == 0 ? "" : Number(value, int.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < dates.Count && dates[index], place);
            default:
                return Flaw(SheetFileRules.CellUnreadable, place);
        }
    }

    private string Text(string value, int place)
    {
        if (value.Length > SheetFile.LongestCell) return Flaw(SheetFileRules.CellTooLong.With("most", SheetFile.LongestCell), place, value);
        if (value.Contains("_x", StringComparison.Ordinal)) value = Escapes.Replace(value, match => ((char)Convert.ToUInt16(match.Value[2..6], 16)).ToString());
        return value.AsSpan().ContainsAny('\0', '\uFFFD') ? Flaw(TextRules.BrokenCharacter.With("field", place < Header.Length ? Header[place] : ""), place, value) : value;
    }

    // ECMA-376 22.9.2.19: characters that XML cannot hold.
    [GeneratedRegex("_x[0-9A-Fa-f]{4}_", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Escapes { get; }

    private string Number(string value, bool isDate, int place)
    {
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return Flaw(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? SheetFileRules.NumberRounded : SheetFileRules.CellUnreadable, place);
        if (isDate) return Date(number, place);
        // Of a longer number the spreadsheet has put noughts in the place of what was typed.
        if (Math.Abs(number) >= 1_000_000_000_000_000m) return Flaw(SheetFileRules.NumberRounded, place);
        return number == decimal.Truncate(number) && (number != 0 || !value.AsSpan().ContainsAnyInRange('1', '9')) ? number.ToString("0", CultureInfo.InvariantCulture) : value;
    }

    private string Date(decimal serial, int place)
    {
        const int days1904 = 1_462;
        const int lastDay = 2_958_465;
        const int noDay = 60;
        if (Math.Abs(serial) > lastDay) return Flaw(SheetFileRules.CellUnreadable, place);
        var day = (int)Math.Floor(serial) + (from1904 ? days1904 : 0);
        if (day is < 1 or > lastDay) return Flaw(SheetFileRules.CellUnreadable, place);
        if (day == noDay) return "1900-02-29"; // Spreadsheets count it; the rules of the column say that there is no such day.
        var date = new DateTime(1899, 12, day < noDay ? 31 : 30, 0, 0, 0, DateTimeKind.Unspecified).AddDays(day).AddSeconds((double)Math.Floor((serial - Math.Floor(serial)) * 86_400));
        return date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
