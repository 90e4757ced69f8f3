using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel;

/// <summary>
/// A set of line numbers from 1 on, written as ascending ranges: <c>1-500,502</c>. What is said of a hundred thousand lines is mostly said of all of them, and then it is a few characters.
/// </summary>
[JsonConverter(typeof(WrittenJsonConverter<LineSet>))]
public readonly struct LineSet : IWritten<LineSet>, IEquatable<LineSet>
{
    private const int MostNamed = 20;

    private readonly ImmutableArray<(int First, int Last)> ranges;

    private LineSet(ImmutableArray<(int First, int Last)> ranges) => this.ranges = ranges;

    /// <summary>No line.</summary>
    public static LineSet Empty => default;

    /// <summary>The ranges, ascending, none touching the next.</summary>
    public ImmutableArray<(int First, int Last)> Ranges => ranges.IsDefault ? [] : ranges;

    /// <summary>How many lines.</summary>
    public int Count => Ranges.Sum(range => range.Last - range.First + 1);

    /// <summary>Whether there is no line.</summary>
    public bool IsEmpty => Ranges.IsEmpty;

    /// <summary>The highest line; 0 when there is none.</summary>
    public int Last => IsEmpty ? 0 : Ranges[^1].Last;

    /// <summary>Every line, ascending.</summary>
    public IEnumerable<int> Lines => Ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1));

    /// <inheritdoc/>
    public string Value => string.Join(',', Ranges.Select(Text));

    /// <summary>The lines from 1 to a number, that included; none for 0.</summary>
    public static LineSet To(int last) => last < 1 ? Empty : new([(1, last)]);

    /// <summary>A set of lines, in any order and however often each is named; a line below 1 is a bug and throws.</summary>
    public static LineSet Of(params IEnumerable<int> lines)
    {
        var sorted = lines.ToArray();
        Array.Sort(sorted);
        if (sorted is [< 1, ..]) throw new ArgumentOutOfRangeException(nameof(lines), "Lines count from 1.");
        return Joined(sorted.Select(line => (line, line)));
    }

    /// <summary>Reads ascending ranges that do not touch. Refused with <c>line-set.not-ranges</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LineSet value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var read = ImmutableArray.CreateBuilder<(int First, int Last)>();
        if (!text.IsEmpty)
        {
            foreach (var part in text.Split(','))
            {
                var range = text[part];
                var dash = range.IndexOf('-');
                if (!Number(dash < 0 ? range : range[..dash], out var first) || !Number(dash < 0 ? range : range[(dash + 1)..], out var last)
                    || (dash < 0 ? first > last : first >= last) || (read.Count > 0 && first <= read[^1].Last + 1))
                    return Typed.Refuse(LineSetRules.NotRanges, out value, out refusal);
                read.Add((first, last));
            }
        }

        return Typed.Accept(new LineSet(read.DrainToImmutable()), out value, out refusal);

        // The limit keeps every sum of lines inside an int.
        static bool Number(ReadOnlySpan<char> digits, out int number) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and <= 1_000_000_000;
    }

    /// <summary>Whether a line is in it.</summary>
    public bool Contains(int line)
    {
        var (low, high) = (0, Ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last) = Ranges[middle];
            if (line < first) high = middle - 1;
            else if (line > last) low = middle + 1;
            else return true;
        }

        return false;
    }

    /// <summary>The lines of both.</summary>
    public LineSet With(LineSet other) => Joined(Ranges.Concat(other.Ranges).Order());

    /// <summary>The lines that are not in the other.</summary>
    public LineSet Without(LineSet other)
    {
        var kept = ImmutableArray.CreateBuilder<(int, int)>();
        var at = 0;
        foreach (var (first, last) in Ranges)
        {
            var from = first;
            while (at < other.Ranges.Length && other.Ranges[at].Last < from) at++;
            for (var i = at; i < other.Ranges.Length && other.Ranges[i].First <= last; i++)
            {
                if (other.Ranges[i].First > from) kept.Add((from, other.Ranges[i].First - 1));
                from = other.Ranges[i].Last + 1;
            }

            if (from <= last) kept.Add((from, last));
        }

        return new(kept.DrainToImmutable());
    }

    /// <summary>The lines that are in both.</summary>
    public LineSet And(LineSet other) => Without(Without(other));

    /// <summary>The ranges as a sentence names them: the first twenty, and an ellipsis for the rest.</summary>
    public string Named() => Ranges.Length <= MostNamed ? Value : $"{string.Join(',', Ranges.Take(MostNamed).Select(Text))},…";

    /// <inheritdoc/>
    public bool Equals(LineSet other) => Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LineSet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Ranges.Length, Last);

    /// <inheritdoc/>
    public override string ToString() => Named();

    /// <summary>Whether they hold the same lines.</summary>
    public static bool operator ==(LineSet left, LineSet right) => left.Equals(right);

    /// <summary>Whether they differ in any line.</summary>
    public static bool operator !=(LineSet left, LineSet right) => !left.Equals(right);

    private static string Text((int First, int Last) range) => range.First == range.Last
        ? range.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}");

    private static LineSet Joined(IEnumerable<(int First, int Last)> ascending)
    {
        var joined = ImmutableArray.CreateBuilder<(int First, int Last)>();
        foreach (var (first, last) in ascending)
            if (joined.Count > 0 && first <= joined[^1].Last + 1) joined[^1] = (joined[^1].First, Math.Max(joined[^1].Last, last));
            else joined.Add((first, last));
        return new(joined.DrainToImmutable());
    }
}

/// <summary>Why a text is not a set of lines.</summary>
public static class LineSetRules
{
    /// <summary>Something else than ascending ranges.</summary>
    public static readonly Refusal NotRanges = new("line-set.not-ranges", "Lines are written as ascending ranges, for example 1-500,502.", "行号须写成递增的区间，例如1-500,502。");
}
