using UnionDomain.Kernel;
using UnionDomain.Reports;

namespace ConsoleHost;

/// <summary>The figures of the half-year report that this sample replays, with the qualifiers they are told with (余, 近).</summary>
internal static class SourceFigures
{
    private static readonly Dictionary<string, (string Qualifier, string Value)> Figures = Read();

    /// <summary>Whether what the report says is true of a counted figure.</summary>
    public static bool Holds(Figure counted)
    {
        var (qualifier, value) = Figures[counted.Measure];
        if (counted.Rate is { } rate) return rate.ToString() == $"{value}%";
        return ApproximateQuantity.TryParse(qualifier, value, out var told, out var refusal) ? told.Holds(counted.Value) : throw new InvalidDataException(refusal.ToString());
    }

    // id,area,figure,qualifier,value,unit,phrase: no cell before the phrase holds a comma.
    private static Dictionary<string, (string, string)> Read()
    {
        using var text = new StreamReader(typeof(SourceFigures).Assembly.GetManifestResourceStream("report-figures.csv")!);
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).ToDictionary(row => row[0], row => (row[3], row[4]));
    }
}
