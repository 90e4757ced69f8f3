using System.Globalization;
using System.Text;

namespace UnionArchitecture.Tests;

/// <summary>docs/features.md tells which feature is proven by which test. It is written by this class: <c>./run-tests --update-docs</c>.</summary>
public sealed class FeaturePageTests
{
    private const string Page = "docs/features.md";

    [Fact]
    public void The_page_is_what_the_tests_say()
    {
        var path = Repository.PathOf(Page);
        var text = Write();
        if (Environment.GetEnvironmentVariable("UNION_UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path) && File.ReadAllText(path) == text, $"{Page} is out of date: ./run-tests --update-docs rewrites it.");
    }

    private static string Write()
    {
        var page = new StringBuilder("""
            # Features and their proofs

            Written by a test from `tests/UnionArchitecture.Tests/features.csv` and the tests that carry a feature's number; `./run-tests --update-docs` rewrites it, `./run-tests --feature 3` runs the proofs of one feature. *Accepted* and *refused* count tests: what has to work, and what has to be refused or fail.


            """);
        foreach (var part in Feature.All.GroupBy(feature => feature.Part, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"## {part.Key}\n\n| F | Feature | Need | Accepted | Refused |\n|---|---|---|---|---|\n");
            foreach (var feature in part)
            {
                var (accepted, refused) = (feature.Proofs.Count(test => !test.Refused), feature.Proofs.Count(test => test.Refused));
                var number = accepted + refused > 0 ? FormattableString.Invariant($"[F{feature.Id}](#f{feature.Id})") : FormattableString.Invariant($"F{feature.Id}");
                page.Append(CultureInfo.InvariantCulture, $"| {number} | {feature.Title} | {feature.Need} | {(accepted + refused == 0 ? "not yet | " : $"{accepted} | {refused}")} |\n");
            }

            page.Append('\n');
        }

        page.Append("# Proofs\n");
        foreach (var feature in Feature.All.Where(feature => feature.Proofs.Any()))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## F{feature.Id}\n\n{feature.Title}\n");
            foreach (var tests in feature.Proofs.GroupBy(test => test.Class, StringComparer.Ordinal).OrderBy(tests => tests.Key, StringComparer.Ordinal))
            {
                page.Append(CultureInfo.InvariantCulture, $"\n`{tests.Key}`\n\n");
                foreach (var test in tests.OrderBy(test => test.Name, StringComparer.Ordinal))
                    page.Append(CultureInfo.InvariantCulture, $"- {test.Name.Replace('_', ' ')}{(test.Refused ? " – *refused*" : "")}\n");
            }
        }

        return page.Replace("\r", "").ToString();
    }
}
