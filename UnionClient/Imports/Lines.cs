using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace UnionClient.Imports;

/// <summary>A line without its end.</summary>
/// <param name="Text">Its text; what cannot be decoded is U+FFFD.</param>
/// <param name="IsCut">Whether it was too long, and only its beginning was kept.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Line(string Text, bool IsCut);

/// <summary>
/// The lines of a file. They are parted before they are decoded, one by one: in UTF-8 and in GB18030 no character has a line's end inside it, so a broken character never reaches the next line.
/// Of a line that is too long only its beginning is kept, so that memory does not depend on what a file holds.
/// </summary>
/// <param name="bytes">The file.</param>
/// <param name="begun">What was read of it already.</param>
/// <param name="encoding">UTF-8 or GB18030.</param>
/// <param name="most">The most bytes kept of one line.</param>
/// <param name="returnEnds">Whether a carriage return alone ends a line too.</param>
internal sealed class Lines(Stream bytes, ReadOnlyMemory<byte> begun, Encoding encoding, int most, bool returnEnds)
{
    private readonly byte[] buffer = new byte[1 << 16];
    private readonly ArrayBufferWriter<byte> kept = new();
    private readonly Stack<Line> again = new();
    private ReadOnlyMemory<byte> rest = begun;
    private bool any;
    private bool cut;
    private bool ended;
    private bool afterReturn;

    /// <summary>Lets lines be read once more, the first of them next.</summary>
    public void PutBack(IReadOnlyList<Line> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--) again.Push(lines[i]);
    }

    /// <summary>The next line; null after the last. A file that ends with a line's end has no empty line behind it.</summary>
    public async ValueTask<Line?> Next(CancellationToken cancel)
    {
        if (again.TryPop(out var former)) return former;
        Line? found;
        while (!Take(out found)) Fill(await bytes.ReadAsync(buffer, cancel));
        return found;
    }

    /// <summary>All lines, read as they are asked for.</summary>
    public IEnumerable<Line> All()
    {
        while (true)
        {
            Line? found;
            while (!Take(out found)) Fill(bytes.Read(buffer));
            if (found is not { } line) yield break;
            yield return line;
        }
    }

    private void Fill(int read) => (rest, ended) = (buffer.AsMemory(0, read), read == 0);

    /// <summary>Whether it is told what comes next: a line, or null at the end; false when more must be read for that.</summary>
    private bool Take(out Line? found)
    {
        found = null;
        // The second half of \r\n may stand in the next buffer.
        if (afterReturn && !rest.IsEmpty)
        {
            if (rest.Span[0] == '\n') rest = rest[1..];
            afterReturn = false;
        }

        var length = returnEnds ? rest.Span.IndexOfAny((byte)'\r', (byte)'\n') : rest.Span.IndexOf((byte)'\n');
        Keep(length < 0 ? rest.Span : rest.Span[..length]);
        if (length < 0)
        {
            rest = default;
            if (ended && any) found = Ended(kept.WrittenSpan);
            return ended;
        }

        afterReturn = rest.Span[length] == '\r';
        rest = rest[(length + 1)..];
        found = Ended(!returnEnds && !cut && kept.WrittenSpan is [.. var whole, (byte)'\r'] ? whole : kept.WrittenSpan);
        return true;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        any |= !part.IsEmpty;
        var room = most - kept.WrittenCount;
        cut |= part.Length > room;
        kept.Write(part.Length > room ? part[..room] : part);
    }

    private Line Ended(ReadOnlySpan<byte> line)
    {
        var found = new Line(encoding.GetString(line), cut);
        kept.ResetWrittenCount();
        (any, cut) = (false, false);
        return found;
    }
}
