using System.Buffers.Binary;
using System.IO.Compression;

using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>
/// The parts of an XLSX workbook. Before anything of a part is read, all of it is unpacked once: it must not be larger than it may, have the right checksum (a flipped bit may else change any row
/// below it without a trace), and hold only markup that a reader of XML keeps in bounded memory.
/// </summary>
internal sealed class WorkbookFile : IDisposable
{
    private const int MostDirectory = 1 << 20;
    private const int DirectoryEnd = 22;
    private const long MostUnpacked = 2L << 30;
    private const int MostInflation = 100;
    private const int SmallPart = 1 << 20;

    private static readonly uint[] Remainders = [.. Enumerable.Range(0, 256).Select(Remainder)];

    private readonly ZipArchive zip;

    /// <exception cref="InvalidDataException">It is no ZIP, or has a directory as no workbook has.</exception>
    public WorkbookFile(Stream stream, bool leaveOpen)
    {
        MustHaveSmallDirectory(stream);
        zip = new(stream, ZipArchiveMode.Read, leaveOpen);
    }

    /// <summary>The relations of a part, of the whole workbook where the part is empty: id, kind and the part they lead to.</summary>
    public List<(string Id, string Kind, string Part)> Relations(string part, CancellationToken cancel)
    {
        var (folder, name) = part.LastIndexOf('/') is >= 0 and var slash ? (part[..slash], part[(slash + 1)..]) : ("", part);
        var found = new List<(string, string, string)>();
        using var xml = Open(Resolve(folder, $"_rels/{name}.rels"), cancel);
        while (xml.Step(cancel))
            if (xml.Begins("Relationship") && xml["Id"] is { } id && xml["Type"] is { } kind && xml["Target"] is { } target && xml["TargetMode"] != "External")
                found.Add((id, kind[(kind.LastIndexOf('/') + 1)..], Resolve(folder, target)));
        return found;
    }

    /// <summary>A part that was found to be whole.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or it is damaged.</exception>
    /// <exception cref="RefusedException">It is too large, or holds what may not stand in it.</exception>
    public SheetXml Open(string part, CancellationToken cancel)
    {
        var entry = zip.GetEntry(part) ?? throw new InvalidDataException();
        if (entry.Length > MostUnpacked) throw new RefusedException(SheetFileRules.WorkbookTooLarge.With("most", MostUnpacked >> 20));
        if (entry.Length > SmallPart && entry.Length / MostInflation > entry.CompressedLength) throw new RefusedException(SheetFileRules.WorkbookInflated.With("most", MostInflation));
        MustBeWhole(entry, cancel);
        return new(entry.Open());
    }

    public void Dispose() => zip.Dispose();

    // An archive is read with its whole directory; that of a workbook has a dozen entries, not millions.
    private static void MustHaveSmallDirectory(Stream stream)
    {
        var tail = new byte[Math.Min(stream.Length, DirectoryEnd + ushort.MaxValue)];
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        var at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0 || tail.Length - at < DirectoryEnd) throw new InvalidDataException();
        var end = tail.AsSpan(at, DirectoryEnd);
        var length = stream.Length - tail.Length + at - BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        // All ones lead to another directory, of files that no spreadsheet reads.
        if (length is < 0 or > MostDirectory || BinaryPrimitives.ReadUInt16LittleEndian(end[4..]) == ushort.MaxValue || BinaryPrimitives.ReadUInt16LittleEndian(end[10..]) == ushort.MaxValue)
            throw new InvalidDataException();
    }

    private static void MustBeWhole(ZipArchiveEntry entry, CancellationToken cancel)
    {
        using var bytes = entry.Open();
        var buffer = new byte[1 << 16];
        var markup = new Markup();
        var (checksum, length) = (uint.MaxValue, 0L);
        while (bytes.Read(buffer) is > 0 and var read)
        {
            cancel.ThrowIfCancellationRequested();
            length += read;
            if (length > entry.Length) throw new InvalidDataException();
            foreach (var one in buffer.AsSpan(0, read)) checksum = Remainders[(checksum ^ one) & 0xFF] ^ (checksum >> 8);
            markup.Watch(buffer.AsSpan(0, read));
        }

        if (length != entry.Length || ~checksum != entry.Crc32) throw new InvalidDataException();
    }

    private static uint Remainder(int of)
    {
        var remainder = (uint)of;
        for (var bit = 0; bit < 8; bit++) remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ 0xEDB88320;
        return remainder;
    }

    private static string Resolve(string folder, string target)
    {
        var path = new List<string>();
        foreach (var step in (target.StartsWith('/') ? target : $"{folder}/{target}").Split('/'))
        {
            if (step == ".." && path.Count > 0) path.RemoveAt(path.Count - 1);
            else if (step is not ("" or "." or "..")) path.Add(step);
        }

        return string.Join('/', path);
    }

    /// <summary>
    /// Watches over the markup of UTF-8: a tag is short, because a reader holds all of it, and there are no declarations of types and entities, no comments and no CDATA: no spreadsheet program
    /// writes them.
    /// </summary>
    private struct Markup()
    {
        private const int LongestTag = 1 << 16;

        // What ends the present state: text, a tag, or a quotation inside a tag.
        private byte until = (byte)'<';
        private int tag;

        public void Watch(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                var place = until == '>' ? bytes.IndexOfAny("!>\"'"u8) : bytes.IndexOf(until);
                if (until != '<' && (tag += place < 0 ? bytes.Length : place + 1) > LongestTag) throw new InvalidDataException();
                if (place < 0) return;
                var found = bytes[place];
                bytes = bytes[(place + 1)..];
                if (found == '!') throw new RefusedException(SheetFileRules.WorkbookDeclaration);
                if (found == '<') tag = 0;
                until = found switch { (byte)'<' => (byte)'>', (byte)'>' => (byte)'<', _ => until == found ? (byte)'>' : found };
            }
        }
    }
}
