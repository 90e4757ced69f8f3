using System.Reflection;
using System.Text.RegularExpressions;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

public sealed partial class RuleCatalogueTests
{
    private static readonly Refusal[] Refusals =
    [
        .. typeof(Refusal).Assembly.GetExportedTypes().Where(type => type.Name.EndsWith("Rules", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static)).Where(field => field.FieldType == typeof(Refusal))
            .Select(field => (Refusal)field.GetValue(null)!),
    ];

    [Fact]
    public void Every_refusal_has_a_stable_code_of_its_own_and_a_sentence_in_both_languages()
    {
        Assert.True(Refusals.Length >= 33);
        Assert.Equal(Refusals.Length, Refusals.Select(refusal => refusal.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Refusals, refusal =>
        {
            Assert.Matches(Code(), refusal.Code);
            Assert.EndsWith(".", refusal.English, StringComparison.Ordinal);
            Assert.EndsWith("。", refusal.Chinese, StringComparison.Ordinal);
            Assert.Equal(Placeholders(refusal.English), Placeholders(refusal.Chinese));
        });
    }

    private static string[] Placeholders(string sentence) => [.. Placeholder().Matches(sentence).Select(match => match.Value).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
