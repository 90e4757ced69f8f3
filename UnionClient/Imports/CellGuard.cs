using System.Buffers;

namespace UnionClient.Imports;

/// <summary>
/// Keeps a spreadsheet that opens a CSV from calculating a cell that begins like a formula, and from reading digits as a number: of more than eleven it shows and saves a rounded one, zeros in front
/// are lost, and what looks like a date is written otherwise. Opened again the cell is what it was.
/// </summary>
internal static class CellGuard
{
    private const char Mark = '\'';
    private const int MostDigitsShown = 11;

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789-/.:+Ee");

    /// <summary>With an apostrophe in front, where the cell would be changed.</summary>
    public static string Close(string cell) => IsChanged(cell) ? Mark + cell : cell;

    /// <summary>Without the apostrophe that <see cref="Close"/> put in front.</summary>
    public static string Open(string cell) => cell is [Mark, ..] && IsChanged(cell) ? cell[1..] : cell;

    /// <summary>As it stands in a CSV: between quotation marks where it must.</summary>
    public static string Quote(string cell) => cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    // Apostrophes that stood there before are counted in, so that opening takes off exactly one.
    private static bool IsChanged(string cell)
    {
        var typed = cell.AsSpan().TrimStart(Mark);
        if (typed is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]) return true;
        if (typed is not [>= '0' and <= '9', ..] || typed.ContainsAnyExcept(OfNumbers)) return false;
        return typed.ContainsAnyExceptInRange('0', '9') || typed.Length > MostDigitsShown || (typed.Length > 1 && typed[0] == '0');
    }
}
