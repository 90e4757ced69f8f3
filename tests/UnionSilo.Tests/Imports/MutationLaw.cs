using System.Globalization;
using System.Text;
using CsCheck;
using UnionClient;
using UnionClient.Imports;
using static UnionSilo.Tests.Imports.MadeUpWorkbook;

namespace UnionSilo.Tests.Imports;

/// <summary>
/// Whatever happens to a file that was right: reading it never crashes, and every row that was left alone is read as it stands, with its own number, or the file is refused by name: as a whole, or from
/// a row on.
/// </summary>
[Trait("F", "23")]
public sealed class MutationLaw(ITestOutputHelper output)
{
    private const int Files = 20_000;
    private const int Rows = 24;

    private static readonly Original[] Originals =
    [
        Csv("UTF-8", SheetDesk.Utf8, "\n", mark: false, quoted: false),
        Csv("UTF-8 with mark, quoted", SheetDesk.Utf8, "\r\n", mark: true, quoted: true),
        Csv("GB18030, quoted", SheetDesk.Gb18030, "\r\n", mark: false, quoted: true),
        Csv("GB18030", SheetDesk.Gb18030, "\n", mark: false, quoted: false),
        Sheet("sheet with places", n => [Inline(FormattableString.Invariant($"A{n + 1}"), Cells(n)[0]), Inline(FormattableString.Invariant($"B{n + 1}"), Cells(n)[1]), Inline(FormattableString.Invariant($"C{n + 1}"), Cells(n)[2])], numbered: true),
        Sheet("sheet without places", n => Cells(n).Select(text => $"<c t=\"str\"><v>{System.Security.SecurityElement.Escape(text)}</v></c>"), numbered: false),
        new("workbook", Shared([SheetDesk.Header.Split(','), .. Enumerable.Range(1, Rows).Select(Cells)]).Bytes(), [], bytes => bytes),
        new("workbook, stored", (Shared([SheetDesk.Header.Split(','), .. Enumerable.Range(1, Rows).Select(Cells)]) with { Level = System.IO.Compression.CompressionLevel.NoCompression }).Bytes(), [], bytes => bytes),
    ];

    private static readonly byte[][] Pieces =
    [
        .. ((string[])["\"", "\"\"", ",", "\n", "\r", "\r\n", "\0", "\0\0\0\0", "\uFEFF", "\uFFFD", "=1+1", "１２", "<", ">", "&", "&#0;", "<!--", "<![CDATA[", "]]>", "<row r=\"1\">", "</row>", "<c r=\"A1\"><v>1</v></c>", "<f>1</f>", "'", "t=\"e\""]).Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xFE, 0xFF], [0xFF, 0xFE], [0x81], [0x81, 0x30], [0x84, 0x31, 0x95, 0x33], [0xC3], [0xE4, 0xBA], [0xF0, 0x9F], SheetDesk.Gb18030("云杉"), SheetDesk.Utf8("云杉"), Encoding.Unicode.GetBytes("云杉,\n"),
        "PK\u0003\u0004"u8.ToArray(), "PK\u0005\u0006"u8.ToArray(),
    ];

    private enum Change
    {
        Flip,
        Overwrite,
        Cut,
        End,
        Repeat,
        Insert,
        SwapCells,
        OtherEncoding,
        WholeOtherEncoding,
    }

    [Fact]
    public async Task A_row_that_was_left_alone_is_read_as_it_stands_or_the_file_is_refused_by_name()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        await Gen.Select(Gen.Int[0, Originals.Length - 1], Gen.Enum<Change>(), Gen.Int[0, 1 << 20], Gen.Int[0, 1 << 20], Gen.Int[0, 1 << 20]).SampleAsync(
            async (original, change, place, length, with) => seen.AddOrUpdate(await Try(Originals[original], change, place, length, with), 1, (_, count) => count + 1),
            output.WriteLine, iter: Files, threads: 2, print: made => $"{Originals[made.Item1].Name}, {made.Item2}, {made.Item3}, {made.Item4}, {made.Item5}");
        foreach (var (what, count) in seen.OrderBy(pair => pair.Key, StringComparer.Ordinal)) output.WriteLine($"{what}: {count}");
        // The law is of no use where files are mostly refused, or mostly untouched.
        Assert.InRange(seen.Where(pair => pair.Key.EndsWith("read", StringComparison.Ordinal)).Sum(pair => pair.Value), Files / 3, Files);
        Assert.InRange(seen.Where(pair => pair.Key.EndsWith("refused", StringComparison.Ordinal)).Sum(pair => pair.Value), Files / 20, Files);
    }

    [Fact]
    public async Task What_was_not_changed_at_all_is_read()
    {
        foreach (var original in Originals) Assert.EndsWith("all read", await Check(original, original.Wrap(original.Bytes), Rows, Rows), StringComparison.Ordinal);
    }

    private static Task<string> Try(Original original, Change change, int place, int length, int with)
    {
        var (bytes, ends) = (original.Bytes, original.Ends);
        var from = place % bytes.Length;
        var to = from + (length % (with % 8 == 0 ? bytes.Length - from : Math.Min(40, bytes.Length - from)));
        var row = ends.Length > 0 ? 1 + (place % Rows) : 0;
        byte[] put = [];
        switch (change)
        {
            case Change.Flip:
                (to, put) = (from + 1, [(byte)(bytes[from] ^ (1 << (with % 8)))]);
                break;
            case Change.Overwrite:
                put = [.. Enumerable.Repeat(Pieces[with % Pieces.Length], to - from).SelectMany(piece => piece).Take(to - from)];
                break;
            case Change.Cut:
                break;
            case Change.End:
                to = bytes.Length;
                break;
            case Change.Repeat:
                put = bytes[from..to];
                to = from = with % bytes.Length;
                break;
            case Change.Insert:
                (to, put) = (from, Pieces[with % Pieces.Length]);
                break;
            case Change.SwapCells when row > 0 && original.IsCsv:
                (from, to) = (ends[row - 1], ends[row]);
                put = original.Encode(string.Join(',', Cells(row).Reverse().Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n");
                break;
            case Change.OtherEncoding when row > 0 && original.IsCsv:
                (from, to) = (ends[row - 1], ends[row]);
                put = original.EncodeOtherwise($"{string.Join(',', Cells(row)[..2])},\n");
                break;
            case Change.WholeOtherEncoding when original.IsCsv:
                return Check(original, original.EncodeOtherwise(original.Text), Rows, Rows);
            default:
                (to, put) = (from, Pieces[with % Pieces.Length]);
                break;
        }

        byte[] changed = [.. bytes.AsSpan(0, from), .. put, .. bytes.AsSpan(to)];
        if (ends.Length == 0) return Check(original, changed, 0, 0);
        // Rows above that end before the change, and below it those that begin behind an end of a row that is left.
        var above = ends.Count(end => end <= from) - 1;
        var below = Enumerable.Range(1, Rows).Count(n => ends[n - 1] > to || (ends[n - 1] == to && original.IsCsv && put is [.., (byte)'\n']));
        return Check(original, original.Wrap(changed), Math.Max(above, 0), Math.Min(below, Rows - Math.Max(above, 0)));
    }

    /// <summary>What became of it, after the law was found to hold: so many rows above the change and below it were left alone.</summary>
    private static async Task<string> Check(Original original, byte[] file, int above, int below)
    {
        var (desk, outcomes) = (new SheetDesk(), new List<RowOutcome>());
        try
        {
            await foreach (var outcome in desk.Of(file)) outcomes.Add(outcome);
        }
        catch (RefusedException refused)
        {
            Assert.StartsWith("sheet-file.", refused.Refusal.Code, StringComparison.Ordinal);
            Assert.Empty(desk.Sent);
            return $"{original.Name}: refused";
        }

        Assert.Equal(outcomes.Select(outcome => outcome.Row).Order().Distinct(), outcomes.Select(outcome => outcome.Row));
        Assert.All(outcomes, outcome => Assert.True(outcome.Kind == RowKind.New || outcome.Refused.Single().Rule.Code.Length > 0));
        var whole = original.Ends.Length == 0;
        for (var n = 1; n <= (whole ? Rows : above); n++) Assert.Equal(Joined(n), desk.Sent.GetValueOrDefault(n));
        if (outcomes is [.., { Kind: RowKind.Refused } last] && last.Refused[0].Rule.Code == "sheet-file.workbook-cut")
        {
            // What was read below the change is what it was.
            Assert.All(desk.Sent.Values.Where(cells => Enumerable.Range(Rows - below + 1, below).Any(n => cells.StartsWith($"{Cells(n)[0]}|", StringComparison.Ordinal))), cells => Assert.Contains(cells, Enumerable.Range(1, Rows).Select(Joined)));
            return $"{original.Name}: read down to a row";
        }

        if (below > 0)
        {
            var tail = outcomes.TakeLast(below).ToList();
            Assert.Equal(Enumerable.Range(Rows - below + 1, below).Select(Joined), tail.Select(outcome => desk.Sent.GetValueOrDefault(outcome.Row)));
            Assert.Equal(Enumerable.Range(tail[0].Row, below), tail.Select(outcome => outcome.Row));
        }

        return $"{original.Name}: {(outcomes.Count == Rows && desk.Sent.Count == Rows ? "all" : "others")} read";
    }

    private static string[] Cells(int n) => (n % 3) switch
    {
        0 => [string.Create(CultureInfo.InvariantCulture, $"R{n}"), "云杉, 书店", "a \"quoted\" 词"],
        1 => [string.Create(CultureInfo.InvariantCulture, $"R{n}"), "某某·𠀀", "=1+1"],
        _ => [string.Create(CultureInfo.InvariantCulture, $"R{n}"), "110108190101010008", "备注"],
    };

    private static string Joined(int n) => string.Join('|', Cells(n));

    private static Original Csv(string name, Func<string, byte[]> encode, string end, bool mark, bool quoted)
    {
        var text = (mark ? "\uFEFF" : "") + SheetDesk.Header + end;
        List<int> ends = [encode(text).Length];
        for (var n = 1; n <= Rows; n++)
        {
            text += string.Join(',', Cells(n).Select(cell => quoted || cell.Contains(',', StringComparison.Ordinal) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell)) + end;
            ends.Add(encode(text).Length);
        }

        return new(name, encode(text), [.. ends], bytes => bytes) { Text = text };
    }

    private static Original Sheet(string name, Func<int, IEnumerable<string>> cells, bool numbered)
    {
        var text = "<worksheet><sheetData>" + string.Concat(Of().Rows);
        List<int> ends = [Encoding.UTF8.GetByteCount(text)];
        for (var n = 1; n <= Rows; n++)
        {
            text += numbered ? Row(n + 1, cells(n)) : $"<row>{string.Concat(cells(n))}</row>";
            ends.Add(Encoding.UTF8.GetByteCount(text));
        }

        return new(name, Encoding.UTF8.GetBytes(text + "</sheetData></worksheet>"), [.. ends], sheet => new MadeUpWorkbook { Parts = new() { ["xl/worksheets/sheet1.xml"] = part => part.Write(sheet) } }.Bytes());
    }

    /// <summary>A file before anything happened to it.</summary>
    /// <param name="Name">What it is.</param>
    /// <param name="Bytes">What is changed.</param>
    /// <param name="Ends">Where the header and each row end; none where any change touches all rows.</param>
    /// <param name="Wrap">Makes the file of what was changed.</param>
    private sealed record Original(string Name, byte[] Bytes, int[] Ends, Func<byte[], byte[]> Wrap)
    {
        public string Text { get; init; } = "";

        public bool IsCsv => Text.Length > 0;

        private bool IsUtf8 => Bytes.AsSpan().SequenceEqual(SheetDesk.Utf8(Text));

        public byte[] Encode(string text) => IsUtf8 ? SheetDesk.Utf8(text) : SheetDesk.Gb18030(text);

        public byte[] EncodeOtherwise(string text) => IsUtf8 ? SheetDesk.Gb18030(text) : SheetDesk.Utf8(text);
    }
}
