using System.Globalization;
using System.Text;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>
/// The rows to be put right: what was typed, and behind it row, result and reasons. It holds personal values, so only its owner may read it; nothing is made before the first row.
/// </summary>
internal sealed class ErrorFile(string? wanted, bool mayNumber, IReadOnlyList<string> columns) : IAsyncDisposable
{
    private const int MostNumbered = 10_000;

    private StreamWriter? text;

    /// <summary>The file; null while there is nothing to say.</summary>
    public string? Path { get; private set; }

    /// <summary>The file of errors of an import: the one wanted, or one beside the source that does not exist yet.</summary>
    /// <exception cref="IOException">The one wanted exists already.</exception>
    public static ErrorFile For(ImportOptions options, ImportSource source, IReadOnlyList<string> columns)
    {
        if (options.ErrorFile is not { } given)
            return new(source.Path is { } path ? System.IO.Path.ChangeExtension(path, ".errors.csv") : null, mayNumber: true, columns);
        var own = System.IO.Path.GetFullPath(given);
        return File.Exists(own) ? throw new IOException($"The file {own} exists already.") : new(own, mayNumber: false, columns);
    }

    /// <summary>Notes a row that was refused or has findings; others are passed over.</summary>
    /// <param name="row">The row.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="result">What became of it in a word, where it is not that of the outcome.</param>
    public async ValueTask Note(CsvRow row, RowOutcome outcome, string? result = null)
    {
        if (wanted is null || (outcome.Kind != RowKind.Refused && outcome.Findings.Count == 0)) return;
        text ??= await Create(wanted);
        foreach (var cell in row.Cells) Write(CellGuard.Close(cell), ',');
        Write(outcome.Row.ToString(CultureInfo.InvariantCulture), ',');
        Write(result ?? Word(outcome.Kind), ',');
        Write(string.Join("；", outcome.Refused.Concat(outcome.Findings).Select(Sentence)), null);
        await text.WriteAsync("\r\n");
    }

    public async ValueTask DisposeAsync()
    {
        if (text is not null) await text.DisposeAsync();
    }

    private static string Word(RowKind kind) => kind switch
    {
        RowKind.New => "新增，待完善",
        RowKind.Changed => "更新，待完善",
        RowKind.Same => "未变，待完善",
        _ => "未导入",
    };

    // The sentences name fields in English; the reader knows the columns of the template.
    private static string Sentence(RowFinding finding)
    {
        var sentence = finding.Rule.ChineseText().TrimEnd('。');
        if (finding.Column.Length == 0) return sentence;
        var named = sentence.Replace($"字段{finding.Field}", $"“{finding.Column}”", StringComparison.Ordinal);
        return ReferenceEquals(named, sentence) || named == sentence ? $"{finding.Column}：{sentence}" : named;
    }

    private void Write(string cell, char? behind)
    {
        text!.Write(CellGuard.Quote(cell));
        if (behind is { } separator) text!.Write(separator);
    }

    private async ValueTask<StreamWriter> Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var n = 1; ; n++)
        {
            Path = n == 1 ? path : string.Create(CultureInfo.InvariantCulture, $"{path[..^".csv".Length]}-{n}.csv");
            try
            {
                // Excel knows UTF-8 by its mark.
                var created = new StreamWriter(new FileStream(Path, options), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 1 << 16);
                text = created;
                await created.WriteAsync($"{string.Join(',', columns.Concat(SheetFile.ErrorColumns))}\r\n");
                return created;
            }
            catch (IOException) when (mayNumber && n < MostNumbered && File.Exists(Path))
            {
            }
        }
    }
}
