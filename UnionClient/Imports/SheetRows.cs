using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>One row as it stands in the file.</summary>
/// <param name="Number">1: the first row under the header.</param>
/// <param name="Cells">As many as the template has columns; of a row that could not be read, as well as it can be told.</param>
/// <param name="Flaw">Why the row cannot be read; null when it can.</param>
/// <param name="Field">Header of the column the flaw is in, where it is in one.</param>
internal sealed record CsvRow(int Number, string[] Cells, Refusal? Flaw = null, string? Field = null);

/// <summary>The rows of a file of a template, one by one, whatever its format.</summary>
internal abstract class SheetRows : IDisposable
{
    private bool guarded;

    /// <summary>The headers of the file; those of a file of errors have three more than the template.</summary>
    protected string[] Header { get; private set; } = [];

    /// <summary>Reads the header, once and before the rows; a refusal when the file is none of the template.</summary>
    public abstract ValueTask<Refusal?> ReadHeader(IReadOnlyList<string> columns, CancellationToken cancel);

    /// <summary>The next row; null after the last. Blank rows are counted and give none.</summary>
    public abstract ValueTask<CsvRow?> Read(CancellationToken cancel);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    protected Refusal? Judge(IReadOnlyList<string> columns, IReadOnlyList<string> cells)
    {
        if (SheetFile.Check(columns, cells) is { } refusal) return refusal;
        guarded = SheetFile.IsErrorFile(columns, cells);
        Header = [.. cells.Select(name => name.Trim())];
        return null;
    }

    /// <summary>The row of these cells, one for each header, as they were typed: without what a file of errors has behind them.</summary>
    protected CsvRow Row(int number, IReadOnlyList<string> cells, Refusal? flaw, int place)
    {
        var kept = new string[Header.Length - (guarded ? SheetFile.ErrorColumns.Length : 0)];
        for (var i = 0; i < kept.Length; i++)
        {
            var typed = guarded ? CellGuard.Open(cells[i]) : cells[i];
            kept[i] = typed.Length > SheetFile.LongestCell ? typed[..SheetFile.LongestCell] : typed;
        }

        return new(number, kept, flaw, place >= 0 && place < kept.Length ? Header[place] : null);
    }
}
