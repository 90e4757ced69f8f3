using System.Text;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>How the text of a CSV is encoded.</summary>
public enum CsvEncoding
{
    /// <summary>By its byte order mark, else by its header, whose Chinese names are valid UTF-8 or else read as GB18030.</summary>
    Detected,

    /// <summary>UTF-8, with or without byte order mark.</summary>
    Utf8,

    /// <summary>GB18030, and with it GBK and GB 2312: what Excel writes as CSV on a Chinese Windows.</summary>
    Gb18030,
}

/// <summary>
/// What is imported: a file by its path, or a stream that is read once and left open. A CSV (UTF-8 or GB18030), or an XLSX workbook, of which the first visible sheet is read; which of them it is
/// tell its first bytes. A workbook of up to 64 MB may come from a stream that cannot seek; it is held in memory then.
/// </summary>
public sealed class ImportSource
{
    private readonly Stream? stream;
    private readonly CsvEncoding encoding;

    private ImportSource(string? path, Stream? stream, CsvEncoding encoding) => (Path, this.stream, this.encoding) = (path, stream, encoding);

    /// <summary>The path of the file; null for a stream.</summary>
    public string? Path { get; }

    /// <summary>A file.</summary>
    public static ImportSource File(string path) => new(System.IO.Path.GetFullPath(path), null, CsvEncoding.Detected);

    /// <summary>A stream.</summary>
    public static ImportSource Of(Stream stream) => new(null, stream, CsvEncoding.Detected);

    /// <summary>A file.</summary>
    public static implicit operator ImportSource(string path) => File(path);

    /// <summary>A stream.</summary>
    public static implicit operator ImportSource(Stream stream) => Of(stream);

    /// <summary>The same with its encoding stated; a workbook and a byte order mark are known all the same.</summary>
    public ImportSource In(CsvEncoding stated) => new(Path, stream, stated);

    internal Opened Open() => new(
        stream ?? new FileStream(Path!, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite, Options = FileOptions.Asynchronous | FileOptions.SequentialScan }),
        leaveOpen: stream is not null,
        encoding);

    /// <summary>The file under way, and how much of it is read.</summary>
    internal sealed class Opened(Stream stream, bool leaveOpen, CsvEncoding stated) : IDisposable
    {
        private const int LongestBeginning = 1 << 16;
        private const int MostHeld = 64 << 20;

        private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding(54936, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"))!;

        private SheetRows? rows;

        // The directory of a workbook stands behind its sheet, and other parts may.
        public long BytesRead => !stream.CanSeek ? 0 : rows is WorkbookRows { IsRead: true } ? stream.Length : stream.Position;

        public long? Bytes => stream.CanSeek ? stream.Length : null;

        /// <summary>The rows under the header of the template; called once.</summary>
        /// <exception cref="RefusedException">The file is none of the template (<see cref="SheetFileRules"/>).</exception>
        public async ValueTask<SheetRows> Rows(IReadOnlyList<string> columns, CancellationToken cancel)
        {
            var whole = stream.CanSeek && stream.Position == 0;
            var begun = new byte[LongestBeginning];
            begun = begun[..await stream.ReadAtLeastAsync(begun, begun.Length, throwOnEndOfStream: false, cancel)];
            rows = begun.AsSpan().StartsWith("PK\u0003\u0004"u8) ? await Workbook(begun, whole, cancel) : Csv(begun);
            if (await rows.ReadHeader(columns, cancel) is { } refusal) throw new RefusedException(rows is CsvRows && begun.Contains((byte)0) ? SheetFileRules.NotText : refusal);
            return rows;
        }

        public void Dispose()
        {
            rows?.Dispose();
            if (!leaveOpen) stream.Dispose();
        }

        private CsvRows Csv(byte[] begun)
        {
            var utf8 = Encoding.UTF8.Preamble;
            var (encoding, mark) = (Encoding.UTF8, 0);
            if (begun.AsSpan().StartsWith(utf8)) mark = utf8.Length;
            else if (begun.AsSpan().StartsWith(Gb18030.GetBytes("\uFEFF"))) (encoding, mark) = (Gb18030, Gb18030.GetByteCount("\uFEFF"));
            else if (begun is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]) throw new RefusedException(SheetFileRules.Utf16);
            else if (begun is [0xD0, 0xCF, 0x11, 0xE0, ..]) throw new RefusedException(SheetFileRules.OldWorkbook);
            else if (stated == CsvEncoding.Gb18030 || (stated == CsvEncoding.Detected && !IsUtf8(begun))) encoding = Gb18030;
            return new(new(stream, begun.AsMemory(mark), encoding, CsvRows.LongestLine, returnEnds: true));
        }

        // The header alone decides: it is the same in every file of a template, and one broken character further down is a flaw of its row, not another encoding.
        private static bool IsUtf8(ReadOnlySpan<byte> begun)
        {
            var length = begun.IndexOfAny((byte)'\r', (byte)'\n');
            return System.Text.Unicode.Utf8.IsValid(length < 0 ? begun : begun[..length]);
        }

        private async ValueTask<WorkbookRows> Workbook(byte[] begun, bool whole, CancellationToken cancel)
        {
            if (whole) return await WorkbookRows.Open(stream, leaveOpen: true, cancel);
            var held = new MemoryStream();
            held.Write(begun);
            var buffer = new byte[1 << 16];
            while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                if (held.Length + read > MostHeld) throw new RefusedException(SheetFileRules.WorkbookTooLarge.With("most", MostHeld >> 20));
                held.Write(buffer, 0, read);
            }

            return await WorkbookRows.Open(held, leaveOpen: false, cancel);
        }
    }
}
