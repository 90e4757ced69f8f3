using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace UnionDomain.Kernel;

/// <summary>What people type, brought to the one alphabet the standards are written in.</summary>
internal static class Typed
{
    // Longer than any identifier: what is cut off here is refused for its length anyway, and nobody makes us copy a megabyte.
    private const int Limit = 64;

    private static readonly SearchValues<char> Plain = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

    /// <summary>Trims, turns full-width characters (U+FF01–FF5E) into ASCII and lower case into upper case.</summary>
    public static string Normalise(ReadOnlySpan<char> text, out bool changed)
    {
        var trimmed = text.Trim();
        if (trimmed.Length > Limit) trimmed = trimmed[..Limit];
        var normal = string.Create(trimmed.Length, trimmed, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
                target[i] = char.ToUpperInvariant(Narrow(source[i]));
        });
        changed = !text.SequenceEqual(normal);
        return normal;
    }

    /// <inheritdoc cref="Normalise(ReadOnlySpan{char}, out bool)"/>
    public static string Normalise(string text, out bool changed)
    {
        // Most of what people type stands in that alphabet already, and is not written once more.
        if (text.Length <= Limit && text.AsSpan().IndexOfAnyExcept(Plain) < 0)
        {
            changed = false;
            return text;
        }

        return Normalise(text.AsSpan(), out changed);
    }

    /// <summary>Trims and turns full-width characters into ASCII; letters keep their case.</summary>
    public static string Narrow(ReadOnlySpan<char> text)
    {
        var trimmed = text.Trim();
        return string.Create(Math.Min(trimmed.Length, Limit), trimmed, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = Narrow(source[i]);
        });
    }

    /// <summary>Whether any character is a full-width one that has a narrow form.</summary>
    public static bool HasWide(ReadOnlySpan<char> text) => text.ContainsAnyInRange('\uFF01', '\uFF5E');

    private static char Narrow(char c) => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;

    public static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>The number with everything between its first and last characters starred out.</summary>
    public static string Mask(string? number, int first, int last) => number is null ? "" : string.Create(number.Length, (number, first, last), static (masked, of) =>
    {
        of.number.CopyTo(masked);
        masked[of.first..^of.last].Fill('*');
    });

    public static bool Refuse<T>(Refusal why, out T value, [NotNullWhen(false)] out Refusal? refusal) where T : struct
    {
        (value, refusal) = (default, why);
        return false;
    }

    public static bool Accept<T>(T read, out T value, [NotNullWhen(false)] out Refusal? refusal) where T : struct
    {
        (value, refusal) = (read, null);
        return true;
    }
}
