using System.Globalization;
using System.Text.RegularExpressions;

namespace UnionArchitecture.Tests;

/// <summary>One line of features.csv.</summary>
internal sealed record Feature(int Id, string Part, string Need, bool Built, string Title)
{
    // Fields are plain or in quotes; none holds a quote itself.
    private static readonly Regex Field = new("""(?<=^|,)(?:"(?<text>[^"]*)"|(?<text>[^",]*))(?=,|$)""", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    public static IReadOnlyList<Feature> All { get; } =
    [
        .. Repository.Read("tests/UnionArchitecture.Tests/features.csv").TrimEnd().Split('\n').Skip(1)
            .Select(line => Field.Matches(line.TrimEnd()).Select(match => match.Groups["text"].Value).ToArray())
            .Select(cells => new Feature(int.Parse(cells[0], CultureInfo.InvariantCulture), cells[1], cells[2], cells[3] == "yes", cells[4])),
    ];

    /// <summary>The tests that prove each feature. A spec that several projects compile is one test.</summary>
    public static ILookup<int, FeatureTest> AllProofs { get; } = Repository.Tracked
        .Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal))
        .SelectMany(file => FeatureTest.In(Repository.Read(file)))
        .Distinct()
        .SelectMany(test => test.Features.Split(' ').Select(id => (Id: int.Parse(id, CultureInfo.InvariantCulture), Test: test)))
        .ToLookup(proof => proof.Id, proof => proof.Test);

    public IEnumerable<FeatureTest> Proofs => AllProofs[Id];
}
