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

    /// <summary>Another encoding than the one that was detected or stated.</summary>
    public static readonly Refusal NotUtf8 = new("sheet-file.not-utf8", "The file is neither UTF-8 nor GB18030, or not what was stated: save it as CSV UTF-8.", "文件不是UTF-8或GB18030编码，或与指定编码不符，请另存为CSV UTF-8格式。");

    /// <summary>Text in UTF-16.</summary>
    public static readonly Refusal Utf16 = new("sheet-file.utf16", "The file is text in UTF-16: save it as CSV UTF-8 or as an XLSX workbook.", "文件为UTF-16文本，请另存为CSV UTF-8或XLSX格式。");

    /// <summary>Neither text nor a workbook.</summary>
    public static readonly Refusal NotText = new("sheet-file.not-text", "The file is neither text nor an XLSX workbook.", "文件既不是文本，也不是XLSX工作簿。");

    /// <summary>A workbook of another format, or a locked one.</summary>
    public static readonly Refusal OldWorkbook = new("sheet-file.old-workbook",
        "The file is an Excel 97–2003 workbook, or locked with a password: save it as XLSX without a password.", "文件为Excel 97–2003工作簿或已加密，请另存为不加密的XLSX格式。");

    /// <summary>A workbook that is cut off, altered, or written by no spreadsheet program.</summary>
    public static readonly Refusal WorkbookBroken = new("sheet-file.workbook-broken", "The workbook is damaged and cannot be read.", "工作簿已损坏，无法读取。");

    /// <summary>A sheet whose markup ends early or makes no sense from a row on. What stands above is read.</summary>
    public static readonly Refusal WorkbookCut = new("sheet-file.workbook-cut", "The sheet is damaged from this row on; nothing below can be read.", "工作表自本行起已损坏，以下各行均未读取。");

    /// <summary>A workbook larger than any that people fill in.</summary>
    public static readonly Refusal WorkbookTooLarge = new("sheet-file.workbook-too-large",
        "The workbook, or what a part of it unpacks to, is larger than {most} MB.", "工作簿或其解压后的某一部分超过{most}MB。");

    /// <summary>A part that is mostly repetition, as no sheet is: a zip bomb.</summary>
    public static readonly Refusal WorkbookInflated = new("sheet-file.workbook-inflated", "A part of the workbook unpacks to more than {most} times its size.", "工作簿的某一部分解压后超过其压缩大小的{most}倍。");

    /// <summary>A document type or entities, a comment or CDATA.</summary>
    public static readonly Refusal WorkbookDeclaration = new("sheet-file.workbook-declaration",
        "The workbook holds declarations (a document type, entities, a comment or CDATA) that no spreadsheet program writes.", "工作簿含有电子表格软件不会写入的声明（文档类型、实体、注释或CDATA）。");

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

    /// <summary>More bytes than any row may have.</summary>
    public static readonly Refusal RowTooLong = new("sheet-file.row-too-long", "The row has more than {most} bytes.", "本行超过{most}字节。");

    /// <summary>A cell of a workbook that is calculated; only what is typed is taken.</summary>
    public static readonly Refusal CellFormula = new("sheet-file.cell-formula", "A cell holds a formula: put the value in its place.", "单元格含公式，请改为填写数值或文字。");

    /// <summary>A cell of a workbook that shows an error.</summary>
    public static readonly Refusal CellError = new("sheet-file.cell-error", "A cell holds an error value of the spreadsheet.", "单元格为电子表格错误值。");

    /// <summary>A number that the spreadsheet has rounded: it keeps fifteen digits.</summary>
    public static readonly Refusal NumberRounded = new("sheet-file.number-rounded",
        "A cell holds a number of more than 15 digits, which the spreadsheet has rounded: format the column as text and type it again.", "单元格中的数字超过15位，已被电子表格舍入，请将该列设为文本格式后重新填写。");

    /// <summary>A cell of a workbook whose place, kind or value makes no sense.</summary>
    public static readonly Refusal CellUnreadable = new("sheet-file.cell-unreadable", "A cell cannot be read: its place, kind or value makes no sense.", "单元格无法读取：其位置、类型或内容有误。");
}
