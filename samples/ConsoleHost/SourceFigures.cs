using System.Globalization;
using UnionDomain.Reports;

namespace ConsoleHost;

/// <summary>The figures of the half-year report that this sample replays, with the qualifiers they are told with (余, 近). Those that are masses follow the scale, half up; the rate is the same at every scale.</summary>
internal static class SourceFigures
{
    private const string Rate = "member.collection-rate";

    private static readonly Dictionary<string, (string Qualifier, decimal Value)> Figures = Read();

    /// <summary>What the report says, at a scale; null when it says nothing.</summary>
    public static decimal? Expected(string id, decimal scale) => !Figures.TryGetValue(id, out var figure) ? null : id == Rate ? figure.Value : Scaled(figure.Value, scale);

    /// <summary>Whether what the report says, if anything, is true of a counted figure.</summary>
    public static bool Holds(Figure counted, decimal scale)
    {
        if (!Figures.TryGetValue(counted.Measure, out var figure)) return true;
        var (qualifier, value) = figure;
        // As near as whole persons can come to the rate.
        if (counted.Whole is { } whole) return counted.Value == Scaled(value / 100, whole);
        return qualifier switch
        {
            "exact" => counted.Value == Scaled(value, scale),
            "over" => counted.Value >= Scaled(value, scale) && counted.Value <= Scaled(value + LastPlace(value) - 1, scale),
            "nearly" => counted.Value >= Scaled(value * 0.9m, scale) && counted.Value <= Scaled(value - 1, scale),
            _ => throw new InvalidDataException($"{counted.Measure}: {qualifier}"),
        };
    }

    private static decimal Scaled(decimal value, decimal scale) => Math.Round(value * scale, MidpointRounding.AwayFromZero);

    // 230,000: ten thousand.
    private static decimal LastPlace(decimal value)
    {
        var place = 1m;
        while (value % (place * 10) == 0) place *= 10;
        return place;
    }

    // id,area,figure,qualifier,value,unit,phrase: no cell before the phrase holds a comma.
    private static Dictionary<string, (string, decimal)> Read()
    {
        using var text = new StreamReader(typeof(SourceFigures).Assembly.GetManifestResourceStream("report-figures.csv")!);
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))
            .ToDictionary(row => row[0], row => (row[3], decimal.Parse(row[4], CultureInfo.InvariantCulture)), StringComparer.Ordinal);
    }
}
