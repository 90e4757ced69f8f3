using System.Text;

namespace UnionClient.Imports;

/// <summary>The lines of a text, however they end. Of a line that is too long only its beginning is kept, so that memory does not depend on what a file holds.</summary>
internal sealed class Lines(TextReader text)
{
    /// <summary>The most characters kept of one line.</summary>
    public const int Longest = 1 << 16;

    private readonly char[] buffer = new char[1 << 14];
    private readonly StringBuilder begun = new();
    private readonly Stack<string> again = new();
    private int start;
    private int end;
    private bool afterReturn;

    /// <summary>Lets lines be read once more, the first of them next.</summary>
    public void PutBack(IReadOnlyList<string> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--) again.Push(lines[i]);
    }

    /// <summary>The next line without its end; null after the last. A text that ends with a line's end has no empty line behind it.</summary>
    public async ValueTask<string?> Next(CancellationToken cancel)
    {
        if (again.TryPop(out var former)) return former;
        begun.Clear();
        while (true)
        {
            if (start == end)
            {
                (start, end) = (0, await text.ReadAsync(buffer, cancel));
                if (end == 0) return begun.Length > 0 ? begun.ToString() : null;
            }

            // The second half of \r\n may stand in the next buffer.
            if (afterReturn && buffer[start] == '\n') start++;
            afterReturn = false;
            var rest = buffer.AsSpan(start, end - start);
            var length = rest.IndexOfAny('\r', '\n');
            var part = length < 0 ? rest : rest[..length];
            if (length >= 0)
            {
                afterReturn = rest[length] == '\r';
                start += length + 1;
                if (begun.Length == 0) return new(part[..Math.Min(part.Length, Longest)]);
            }
            else start = end;

            begun.Append(part[..Math.Min(part.Length, Longest - begun.Length)]);
            if (length >= 0) return begun.ToString();
        }
    }
}
