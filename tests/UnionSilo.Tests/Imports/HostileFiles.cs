using System.Diagnostics;
using System.Globalization;
using System.Text;
using UnionClient;
using UnionClient.Imports;
using UnionTesting;

namespace UnionSilo.Tests.Imports;

/// <summary>Files that are made to exhaust whoever reads them, and the reading of one in a process of its own.</summary>
internal static class HostileFiles
{
    public const string Good = "2 rows 1|甲|a 3|丙|c";

    private const long Gigabyte = 1L << 30;
    private const int Megabyte = 1 << 20;

    private static readonly byte[] Beginning = Encoding.UTF8.GetBytes($"{SheetDesk.Header}\n1,甲,a\n2,乙,");

    /// <summary>Makes the file where it is one, reads it, and tells what of it, behind it the most memory that was ever taken in MB, and the milliseconds.</summary>
    public static async Task<string> Read(string kind, string path)
    {
        var source = Make(kind, path);
        var (read, refused, first) = (0, new SortedDictionary<string, int>(StringComparer.Ordinal), new List<string>());
        var import = new Import(source, new(), SheetDesk.Header.Split(','), 4, cells => cells[0], (rows, _) =>
        {
            if (first.Count < 5) first.AddRange(rows.Select(row => $"{row.Number}|{string.Join('|', row.Cells.Skip(1))}").Take(5));
            return Task.FromResult<IReadOnlyList<RowOutcome>>([.. rows.Select(row => new RowOutcome { Row = row.Number, Kind = RowKind.New })]);
        });
        var begun = Stopwatch.GetTimestamp();
        try
        {
            await foreach (var outcome in import)
            {
                if (outcome.Kind == RowKind.New) read++;
                else refused[outcome.Refused[0].Rule.Code] = refused.GetValueOrDefault(outcome.Refused[0].Rule.Code) + 1;
            }
        }
        catch (RefusedException whole)
        {
            refused[whole.Refusal.Code] = 1;
        }

        using var process = Process.GetCurrentProcess();
        var what = string.Create(CultureInfo.InvariantCulture, $"{read} rows {string.Join(' ', first)} {string.Join(' ', refused.Select(code => $"{code.Value} {code.Key}"))}");
        return string.Create(CultureInfo.InvariantCulture, $"{what};{process.PeakWorkingSet64 / Megabyte};{Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0}");
    }

    private static ImportSource Make(string kind, string path)
    {
        switch (kind)
        {
            case "rows": // As many as would fill the memory, were they kept.
                return ImportSource.Of(new EndlessRows(2_000_000));
            case "line": // One line that does not end for two gigabytes, and a good row behind it.
                return ImportSource.Of(new Repeated(Beginning, 2 * Gigabyte, Text(Megabyte), "\n3,丙,c\n"u8.ToArray()));
            case "quotation":
                return ImportSource.Of(new Repeated([.. Beginning, (byte)'"'], 2 * Gigabyte, Text(Megabyte), "\n3,丙,c\n"u8.ToArray()));
            case "hole": // A file with a hole in it, which takes no room on the disk.
                using (var file = File.Create(path))
                {
                    file.Write(Beginning);
                    file.Position += 2 * Gigabyte;
                    file.Write("\n3,丙,c\n"u8);
                }

                return path;
            case "quotations": // Every line opens a quotation that no line closes.
                return ImportSource.Of(new Repeated(Encoding.UTF8.GetBytes($"{SheetDesk.Header}\n"), 1_000_000, "7,\"x\n"u8.ToArray(), []));
            case "bomb":
                return Workbook(path, sheet => Fill(sheet, 300, _ => new(' ', Megabyte)), null);
            case "texts": // More shared texts than any workbook of people has.
                var text = Encoding.ASCII.GetString(Text(Megabyte));
                return Workbook(path, sheet => Fill(sheet, 0, _ => ""), strings => Fill(strings, 15_000, n => $"<si><t>{text.Substring(n % 1_000 * 977, 9_700)}</t></si>"));
            case "roll": // What a federation of a district may well send: every text is another.
                const int people = 300_000;
                return Workbook(
                    path,
                    sheet => Fill(sheet, people + 1, n => n == 0 ? HeaderRow : FormattableString.Invariant($"<row><c t=\"s\"><v>{n - 1}</v></c><c t=\"s\"><v>{n - 1 + people}</v></c><c t=\"s\"><v>{n - 1 + people + people}</v></c></row>")),
                    strings => Fill(strings, 3 * people, n => FormattableString.Invariant($"<si><t>某人{n * 7_919L:x8}云杉街道{n}</t></si>")));
            default:
                throw new ArgumentException("There is no such file.", nameof(kind));
        }
    }

    private static string HeaderRow => string.Concat(SheetDesk.Header.Split(',').Select(name => $"<c t=\"str\"><v>{name}</v></c>").Prepend("<row>").Append("</row>"));

    private static ImportSource Workbook(string path, Action<Stream> sheet, Action<Stream>? strings)
    {
        var workbook = new MadeUpWorkbook { Strings = strings is null ? null : "", Parts = new() { ["xl/worksheets/sheet1.xml"] = sheet } };
        if (strings is not null) workbook.Parts["xl/sharedStrings.xml"] = strings;
        using (var file = File.Create(path)) workbook.WriteTo(file);
        return path;
    }

    private static void Fill(Stream part, int times, Func<int, string> piece)
    {
        part.Write("<part>"u8);
        for (var n = 0; n < times; n++) part.Write(Encoding.UTF8.GetBytes(piece(n)));
        part.Write("</part>"u8);
    }

    private static byte[] Text(int length)
    {
        var dice = new Random(5); // So that it does not pack as a bomb does.
        return [.. Enumerable.Range(0, length).Select(_ => (byte)('a' + dice.Next(26)))];
    }

    /// <summary>A file of many rows that is nowhere.</summary>
    private sealed class EndlessRows(int rows) : OneWay(Null)
    {
        private byte[] line = Encoding.UTF8.GetBytes($"{SheetDesk.Header}\n");
        private int at;
        private int row;

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (at == line.Length)
            {
                if (row == rows) return 0;
                (line, at) = (Encoding.UTF8.GetBytes(FormattableString.Invariant($"{++row},某某某某某某某某某某,\"第{row}行,备注\"\n")), 0);
            }

            var length = Math.Min(count, line.Length - at);
            line.AsSpan(at, length).CopyTo(buffer.AsSpan(offset));
            at += length;
            return length;
        }
    }
}
