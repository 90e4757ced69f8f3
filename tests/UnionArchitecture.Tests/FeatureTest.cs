using System.Text.RegularExpressions;

namespace UnionArchitecture.Tests;

/// <summary>A test method that proves features, as its source tells.</summary>
/// <param name="Class">Name of its class.</param>
/// <param name="Name">Name of the method: a sentence.</param>
/// <param name="Features">The numbers in ascending order, with a space between.</param>
/// <param name="Refused">Whether it shows what must not happen; see docs/testing.md for what makes it so.</param>
internal sealed record FeatureTest(string Class, string Name, string Features, bool Refused)
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Regex Trait = new("""\bTrait\("F", "(?<id>\d+)"\)""", Options, Patience);
    private static readonly Regex Test = new(@"^\s*\[(.*\W)?(Fact|Theory)\b", Options, Patience);
    private static readonly Regex Type = new(@"^\s*((public|internal|private|sealed|abstract|static|partial|file) )*(class|record|struct|interface) (?<name>\w+)", Options, Patience);
    private static readonly Regex Member = new(@"^\s*(public|internal|private|protected)\b.*?\b(?<name>\w+)(<[^>]*>)?\(", Options, Patience);
    private static readonly Regex Refusal = new(
        """\w*Refused\w*\(|Assert\.False\(\w+\.TryParse\(|Assert\.(Equal|Same|NotNull)\([^;]*[rR]efusal\b|Trait\("Case", "refused"\)""", Options, Patience);

    /// <summary>The tests of one source file that carry a feature's number, by themselves or by their class.</summary>
    public static IReadOnlyList<FeatureTest> In(string source)
    {
        var tests = new List<FeatureTest>();
        var raw = false;
        List<string> attributes = [], body = [], ofClass = [];
        var (name, title) = ("", "");
        foreach (var line in source.Split('\n'))
        {
            // What stands in a raw string is an example, not a test.
            var inside = raw;
            if (line.Split("\"\"\"").Length % 2 == 0) raw = !raw;
            if (inside) continue;

            if (line.TrimStart().StartsWith('[') && !line.TrimStart().StartsWith("[..", StringComparison.Ordinal))
            {
                attributes.Add(line);
            }
            else if (Type.Match(line) is { Success: true } type)
            {
                Close();
                (name, ofClass, attributes) = (type.Groups["name"].Value, [.. attributes], []);
            }
            else if (Member.Match(line) is { Success: true } member)
            {
                Close();
                if (attributes.Exists(Test.IsMatch)) (title, body) = (member.Groups["name"].Value, [.. attributes]);
                attributes = [];
                body.Add(line);
            }
            else
            {
                body.Add(line);
            }
        }

        Close();
        return tests;

        void Close()
        {
            var text = string.Join('\n', body);
            var features = Trait.Matches(string.Join('\n', [.. ofClass, text])).Select(match => int.Parse(match.Groups["id"].Value, System.Globalization.CultureInfo.InvariantCulture)).Distinct().Order().ToList();
            if (title.Length > 0 && features.Count > 0) tests.Add(new(name, title, string.Join(' ', features), Refusal.IsMatch(text)));
            (title, body) = ("", []);
        }
    }
}
