using System.Text;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>
/// Reads the rows of a CSV (RFC 4180) one by one. What is wrong with a row ends with its first line: a quotation mark that was never closed does not swallow the rows below it.
/// </summary>
/// <param name="lines">The lines of the file, each cut at <see cref="LongestLine"/>.</param>
internal sealed class CsvRows(Lines lines) : SheetRows
{
    /// <summary>The most bytes kept of one line: many more than any row of a template takes.</summary>
    public const int LongestLine = 1 << 18;

    private const int MostLinesOfRow = 50;

    private readonly List<string> cells = [];
    private readonly StringBuilder cell = new();
    private readonly List<Line> further = [];
    private int number;

    private enum Shape
    {
        Whole,
        Open,
        Broken,
    }

    /// <inheritdoc/>
    public override async ValueTask<Refusal?> ReadHeader(IReadOnlyList<string> columns, CancellationToken cancel)
    {
        if (await lines.Next(cancel) is not { } first) return SheetFileRules.Empty;
        return Split(first.Text) == Shape.Whole ? Judge(columns, cells) : SheetFileRules.QuoteNotClosed;
    }

    /// <inheritdoc/>
    public override async ValueTask<CsvRow?> Read(CancellationToken cancel)
    {
        Line? next;
        do
        {
            next = await lines.Next(cancel);
            number++;
        }
        while (next is { IsCut: false } blank && string.IsNullOrWhiteSpace(blank.Text));
        if (next is not { } line) return null;

        var shape = Split(line.Text);
        if (shape == Shape.Open && !line.IsCut) shape = await ReadOn(line.Text, cancel);
        if (shape != Shape.Whole)
        {
            Cut(line.Text);
            return Row(SheetFileRules.QuoteNotClosed);
        }

        if (cells.Exists(text => text.Length > SheetFile.LongestCell))
        {
            var place = cells.FindIndex(text => text.Length > SheetFile.LongestCell);
            return Row(SheetFileRules.CellTooLong.With("most", SheetFile.LongestCell), place);
        }

        if (line.IsCut) return Row(SheetFileRules.RowTooLong.With("most", LongestLine));
        if (cells.Count != Header.Length) return Row(SheetFileRules.CellCount.With("count", cells.Count).With("expected", Header.Length));
        for (var i = 0; i < Header.Length; i++)
            if (cells[i].AsSpan().ContainsAny('\0', '\uFFFD')) return Row(TextRules.BrokenCharacter.With("field", Header[i]), i);
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
            joined.Append('\n').Append(next.Text);
            if (next.IsCut) break;
            if (next.Text.Contains('"', StringComparison.Ordinal)) shape = Split(joined.ToString());
        }

        if (shape == Shape.Whole && cells.Count == Header.Length && cells.TrueForAll(text => text.Length <= SheetFile.LongestCell)) return shape;
        lines.PutBack(further);
        return Shape.Broken;
    }

    private CsvRow Row(Refusal? flaw, int place = -1)
    {
        // A comma too many mostly stands in a remark: what is over belongs to the last cell.
        if (cells.Count > Header.Length)
        {
            cells[Header.Length - 1] = string.Join(',', cells.Skip(Header.Length - 1));
            cells.RemoveRange(Header.Length, cells.Count - Header.Length);
        }

        while (cells.Count < Header.Length) cells.Add("");
        return Row(number, cells, flaw, place);
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
