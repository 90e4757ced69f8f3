using System.Collections.Immutable;

namespace UnionDomain.Kernel;

/// <summary>A file of a template: what its header must be, and what holds for all of its rows.</summary>
public static class SheetFile
{
    /// <summary>The most characters of one cell; no column of any template keeps nearly as many.</summary>
    public const int LongestCell = 10_000;

    /// <summary>What a file of errors has behind the template's columns; such a file may be corrected and sent again as it is.</summary>
    public static ImmutableArray<string> ErrorColumns { get; } = ["行号", "结果", "原因"];

    /// <summary>
    /// Judges a header: the template's columns in their order, behind them nothing or <see cref="ErrorColumns"/>; null when it stands. It never repeats what stands in the
    /// file, which may be a person's row where the header was forgotten.
    /// </summary>
    /// <param name="columns">The headers of the template.</param>
    /// <param name="header">The cells of the first row.</param>
    public static Refusal? Check(IReadOnlyList<string> columns, IReadOnlyList<string> header)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(header);
        string[] typed = [.. header.Select(cell => cell.Trim())];
        if (typed.All(cell => cell.Length == 0)) return SheetFileRules.Empty;
        if (typed.SequenceEqual(columns, StringComparer.Ordinal) || IsErrorFile(columns, typed)) return null;
        if (typed.Any(cell => cell.Contains('\uFFFD', StringComparison.Ordinal))) return SheetFileRules.NotUtf8;
        for (var i = 0; i < columns.Count; i++)
        {
            if (i < typed.Length && typed[i] == columns[i]) continue;
            if (typed.Contains(columns[i], StringComparer.Ordinal))
            {
                return i < typed.Length && columns.Contains(typed[i], StringComparer.Ordinal)
                    ? SheetFileRules.ColumnMisplaced.With("column", typed[i]).With("place", i + 1).With("expected", columns[i])
                    : SheetFileRules.ColumnUnknown.With("place", i + 1).With("expected", columns[i]);
            }

            // Renamed, where only its own name is strange; missing, where the next one stands in its place or nothing does.
            return i < typed.Length && !columns.Contains(typed[i], StringComparer.Ordinal)
                ? SheetFileRules.ColumnUnknown.With("place", i + 1).With("expected", columns[i])
                : SheetFileRules.ColumnMissing.With("column", columns[i]).With("place", i + 1);
        }

        return SheetFileRules.ColumnTooMany.With("place", columns.Count + 1).With("expected", columns.Count);
    }

    /// <summary>Whether the header is that of a file of errors.</summary>
    /// <param name="columns">The headers of the template.</param>
    /// <param name="header">The cells of the first row.</param>
    public static bool IsErrorFile(IReadOnlyList<string> columns, IReadOnlyList<string> header)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(header);
        return header.Count == columns.Count + ErrorColumns.Length && header.Select(cell => cell.Trim()).SequenceEqual(columns.Concat(ErrorColumns), StringComparer.Ordinal);
    }
}

/// <summary>Why a whole file of a template is refused, and why a row of it cannot be read.</summary>
public static class SheetFileRules
{
    /// <summary>No header.</summary>
    public static readonly Refusal Empty = new("sheet-file.empty", "The file is empty.", "文件为空。");

    /// <summary>Another encoding.</summary>
    public static readonly Refusal NotUtf8 = new("sheet-file.not-utf8", "The file is not UTF-8: save it as CSV UTF-8.", "文件不是UTF-8编码，请另存为CSV UTF-8格式。");

    /// <summary>A column of the template is not there.</summary>
    public static readonly Refusal ColumnMissing = new("sheet-file.column-missing", "The column {column} is missing; it is the column {place} of the template.", "缺少“{column}”列，应为模板第{place}列。");

    /// <summary>A column that the template does not have, or under another name.</summary>
    public static readonly Refusal ColumnUnknown = new("sheet-file.column-unknown", "The column {place} is none of the template: {expected} is expected there.", "第{place}列不是模板中的列，此处应为“{expected}”。");

    /// <summary>The columns are in another order.</summary>
    public static readonly Refusal ColumnMisplaced = new("sheet-file.column-misplaced", "The column {column} stands at place {place}, where {expected} is expected.", "“{column}”位于第{place}列，此处应为“{expected}”。");

    /// <summary>More columns than the template has.</summary>
    public static readonly Refusal ColumnTooMany = new("sheet-file.column-too-many", "The column {place} is one too many: the template has {expected}.", "第{place}列多余，模板共{expected}列。");

    /// <summary>More or fewer cells than the header.</summary>
    public static readonly Refusal CellCount = new("sheet-file.cell-count", "The row has {count} cells; the header has {expected}.", "本行有{count}列，表头为{expected}列。");

    /// <summary>A quotation mark is opened and not closed, or something follows the closing one. The rows below are read.</summary>
    public static readonly Refusal QuoteNotClosed = new("sheet-file.quote-not-closed", "A quotation mark of the row is not closed before its cell ends.", "本行的引号未正确闭合。");

    /// <summary>More characters than any cell may have.</summary>
    public static readonly Refusal CellTooLong = new("sheet-file.cell-too-long", "A cell has more than {most} characters.", "单元格超过{most}个字符。");
}
