using System.Buffers;
using System.Globalization;
using System.Text;

namespace UnionTesting;

/// <summary>
/// Looks for values that must not be readable anywhere, in every form in which software writes text: UTF-8, UTF-16 in both orders, JSON escapes, and Base64 at each of the
/// three places a value may begin inside a group.
/// </summary>
public sealed class LeakSearch
{
    private const int ChunkBytes = 16 * 1024 * 1024;

    private readonly Dictionary<string, (string Value, string Form)> patterns = new(StringComparer.Ordinal);
    private readonly int[] lengths;
    private readonly SearchValues<string> search;

    /// <summary>Looks for these values.</summary>
    public LeakSearch(IEnumerable<string> values)
    {
        foreach (var value in values)
            foreach (var (form, bytes) in Forms(value)) patterns.TryAdd(Encoding.Latin1.GetString(bytes), (value, form));
        lengths = [.. patterns.Keys.Select(pattern => pattern.Length).Distinct().OrderDescending()];
        search = SearchValues.Create([.. patterns.Keys], StringComparison.Ordinal);
    }

    /// <summary>How many values in how many forms are looked for.</summary>
    public int Patterns => patterns.Count;

    /// <summary>The bytes of a value in each form, by the form's name; forms that are the same bytes come once.</summary>
    public static IEnumerable<(string Form, byte[] Bytes)> Forms(string value)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        yield return ("utf-8", utf8);
        yield return ("utf-16", Encoding.Unicode.GetBytes(value));
        yield return ("utf-16-be", Encoding.BigEndianUnicode.GetBytes(value));
        if (!Ascii.IsValid(value))
        {
            yield return ("escapes", Encoding.ASCII.GetBytes(Escaped(value, "x4")));
            yield return ("escapes-upper", Encoding.ASCII.GetBytes(Escaped(value, "X4")));
        }

        for (var offset = 0; offset < 3; offset++) yield return ($"base64-{offset}", Encoding.ASCII.GetBytes(Base64(utf8, offset)));
    }

    /// <summary>What of it a file or stream holds: "form in place", without the value, each once. Something in the way of others may be read while it grows.</summary>
    public IReadOnlyList<string> Find(Stream stream, string place)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var buffer = new byte[ChunkBytes];
        var kept = 0;
        while (stream.ReadAtLeast(buffer.AsSpan(kept), 1, throwOnEndOfStream: false) is > 0 and var read)
        {
            var text = Encoding.Latin1.GetString(buffer, 0, kept + read);
            for (int from = 0, at; (at = text.AsSpan(from).IndexOfAny(search)) >= 0; from += at + 1)
            {
                var here = from + at;
                var length = lengths.First(length => here + length <= text.Length && patterns.ContainsKey(text.Substring(here, length)));
                found.Add($"{patterns[text.Substring(here, length)].Form} in {place}");
            }

            // A value may lie across two readings.
            kept = Math.Min(lengths[0] - 1, kept + read);
            Encoding.Latin1.GetBytes(text.AsSpan(text.Length - kept), buffer);
        }

        return [.. found];
    }

    /// <summary>What all files of a folder hold.</summary>
    public IReadOnlyList<string> Find(DirectoryInfo folder) =>
        [.. folder.EnumerateFiles("*", SearchOption.AllDirectories).SelectMany(file =>
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Find(stream, Path.GetRelativePath(folder.FullName, file.FullName));
        })];

    private static string Escaped(string value, string digits) =>
        string.Concat(value.Select(c => c < 128 ? c.ToString() : "\\u" + ((int)c).ToString(digits, CultureInfo.InvariantCulture)));

    // Only the characters that do not depend on what stands before and behind.
    private static string Base64(byte[] utf8, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. utf8]).TrimEnd('=');
        var first = (offset * 8 + 5) / 6;
        var last = (offset + utf8.Length) * 8 / 6;
        return text[first..last];
    }
}
