using System.Text;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>One row as it stands in the file.</summary>
/// <param name="Number">1: the first row under the header.</param>
/// <param name="Cells">As many as the header has; of a row that could not be split so, as well as it can be told.</param>
/// <param name="Flaw">Why the row cannot be read; null when it can.</param>
/// <param name="Field">Header of the column the flaw is in, where it is in one.</param>
internal sealed record CsvRow(int Number, string[] Cells, Refusal? Flaw = null, string? Field = null);

/// <summary>
/// Reads the rows of a CSV (RFC 4180) one by one. What is wrong with a row ends with its first line: a quotation mark that was never closed does not swallow the rows below it.
/// </summary>
internal sealed class CsvRows(TextReader text)
{
    private const int MostLinesOfRow = 50;

    private readonly Lines lines = new(text);
    private readonly List<string> cells = [];
    private readonly StringBuilder cell = new();
    private readonly List<string> further = [];
    private string[] header = [];
    private bool guarded;
    private int number;

    private enum Shape
    {
        Whole,
        Open,
        Broken,
    }

    /// <summary>Reads the header; a refusal when the file is none of the template.</summary>
    public async ValueTask<Refusal?> ReadHeader(IReadOnlyList<string> columns, CancellationToken cancel)
    {
        var first = await lines.Next(cancel);
        if (first is null || Split(first) != Shape.Whole) return first is null ? SheetFileRules.Empty : SheetFileRules.QuoteNotClosed;
        if (SheetFile.Check(columns, cells) is { } refusal) return refusal;
        guarded = SheetFile.IsErrorFile(columns, cells);
        header = [.. cells.Select(name => name.Trim())];
        return null;
    }

    /// <summary>The next row; null after the last. Blank lines are counted and give none.</summary>
    public async ValueTask<CsvRow?> Read(CancellationToken cancel)
    {
        string? line;
        do
        {
            line = await lines.Next(cancel);
            number++;
        }
        while (line is not null && string.IsNullOrWhiteSpace(line));
        if (line is null) return null;

        var shape = Split(line);
        if (shape == Shape.Open && line.Length < Lines.Longest) shape = await ReadOn(line, cancel);
        if (shape != Shape.Whole)
        {
            Cut(line);
            return Row(SheetFileRules.QuoteNotClosed);
        }

        if (cells.Exists(text => text.Length > SheetFile.LongestCell))
        {
            var place = cells.FindIndex(text => text.Length > SheetFile.LongestCell);
            return Row(SheetFileRules.CellTooLong.With("most", SheetFile.LongestCell), place);
        }

        if (cells.Count != header.Length) return Row(SheetFileRules.CellCount.With("count", cells.Count).With("expected", header.Length));
        for (var i = 0; i < header.Length; i++)
            if (cells[i].AsSpan().ContainsAny('\0', '\uFFFD')) return Row(TextRules.BrokenCharacter.With("field", header[i]), i);
        return Row(null);
    }

    /// <summary>Joins the lines that a quoted cell runs over. When that gives no row of the template, only the first line is lost.</summary>
    private async ValueTask<Shape> ReadOn(string line, CancellationToken cancel)
    {
        further.Clear();
        var (shape, joined) = (Shape.Open, new StringBuilder(line));
        while (shape == Shape.Open && further.Count < MostLinesOfRow && joined.Length < line.Length + SheetFile.LongestCell && await lines.Next(cancel) is { } next)
        {
            further.Add(next);
            joined.Append('\n').Append(next);
            if (next.Contains('"', StringComparison.Ordinal)) shape = Split(joined.ToString());
        }

        if (shape == Shape.Whole && cells.Count == header.Length && cells.TrueForAll(text => text.Length <= SheetFile.LongestCell)) return shape;
        lines.PutBack(further);
        return Shape.Broken;
    }

    private CsvRow Row(Refusal? flaw, int place = -1)
    {
        // A comma too many mostly stands in a remark: what is over belongs to the last cell.
        if (cells.Count > header.Length)
        {
            cells[header.Length - 1] = string.Join(',', cells.Skip(header.Length - 1));
            cells.RemoveRange(header.Length, cells.Count - header.Length);
        }

        while (cells.Count < header.Length) cells.Add("");
        var kept = new string[header.Length - (guarded ? SheetFile.ErrorColumns.Length : 0)];
        for (var i = 0; i < kept.Length; i++)
        {
            var typed = guarded ? CellGuard.Open(cells[i]) : cells[i];
            kept[i] = typed.Length > SheetFile.LongestCell ? typed[..SheetFile.LongestCell] : typed;
        }

        return new(number, kept, flaw, place >= 0 && place < kept.Length ? header[place] : null);
    }

    /// <summary>Cuts a line at every comma, whatever stands between quotation marks.</summary>
    private void Cut(string line)
    {
        cells.Clear();
        cells.AddRange(line.Split(','));
    }

    private Shape Split(string record)
    {
        cells.Clear();
        for (var i = 0; ;)
        {
            if (i < record.Length && record[i] == '"')
            {
                cell.Clear();
                for (i++; ;)
                {
                    var quote = record.IndexOf('"', i);
                    if (quote < 0) return Shape.Open;
                    cell.Append(record, i, quote - i);
                    i = quote + 1;
                    if (i >= record.Length || record[i] != '"') break;
                    cell.Append('"');
                    i++;
                }

                cells.Add(cell.ToString());
                if (i == record.Length) return Shape.Whole;
                if (record[i] != ',') return Shape.Broken;
            }
            else
            {
                var comma = record.IndexOf(',', i);
                cells.Add(comma < 0 ? record[i..] : record[i..comma]);
                if (comma < 0) return Shape.Whole;
                i = comma;
            }

            i++;
        }
    }
}

/// <summary>Keeps a spreadsheet from calculating a cell that begins like a formula; opened again it is what it was.</summary>
internal static class CellGuard
{
    private const char Mark = '\'';

    /// <summary>With an apostrophe in front, where the cell would be calculated.</summary>
    public static string Close(string cell) => IsFormula(cell) ? Mark + cell : cell;

    /// <summary>Without the apostrophe that <see cref="Close"/> put in front.</summary>
    public static string Open(string cell) => cell is [Mark, ..] && IsFormula(cell) ? cell[1..] : cell;

    // Apostrophes that stood there before are counted in, so that opening takes off exactly one.
    private static bool IsFormula(string cell) => cell.AsSpan().TrimStart(Mark) is ['=' or '+' or '-' or '@' or '\t' or '\r', ..];
}
