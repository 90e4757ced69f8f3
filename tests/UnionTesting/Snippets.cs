using System.Text.RegularExpressions;

namespace UnionTesting;

/// <summary>
/// Examples of documents that are compiled and run. In the source an example stands between <c>// &lt;name&gt;</c> and <c>// &lt;/name&gt;</c>; in the document a comment <c>&lt;!-- snippet: name --&gt;</c>
/// stands above its fenced block. A document holds no C# that is no example.
/// </summary>
public static partial class Snippets
{
    /// <summary>The C# of the document is what the sources say, and all that they say; with UNION_UPDATE_DOCS=1 it is made so.</summary>
    /// <param name="document">Path of the document from the root of the repository.</param>
    /// <param name="sources">Paths of the sources whose examples it shows.</param>
    /// <exception cref="InvalidDataException">It is not, or an example is missing here or there.</exception>
    public static void Same(string document, params string[] sources)
    {
        var examples = sources.SelectMany(source => Example().Matches(File.ReadAllText(Path.Combine(Document.Root, source)))).ToDictionary(found => found.Groups["name"].Value, found => Left(found.Groups["code"].Value), StringComparer.Ordinal);
        var text = File.ReadAllText(Path.Combine(Document.Root, document));
        var blocks = Block().Matches(text);
        if (Fence().Count(text) != blocks.Count) throw new InvalidDataException($"{document} holds C# that is not compiled: put <!-- snippet: name --> above it.");
        var shown = blocks.Select(block => block.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        if (!shown.SetEquals(examples.Keys))
            throw new InvalidDataException($"{document} and its sources differ in examples: {string.Join(' ', shown.Except(examples.Keys).Concat(examples.Keys.Except(shown)))}.");
        Document.Same(document, Block().Replace(text, block => $"<!-- snippet: {block.Groups["name"].Value} -->\n```csharp\n{examples[block.Groups["name"].Value]}```"));
    }

    /// <summary>The lines of an example, as far left as they go.</summary>
    private static string Left(string code)
    {
        var lines = code.TrimEnd().Split('\n');
        var margin = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Concat(lines.Select(line => line.Length <= margin ? "\n" : line[margin..].TrimEnd() + "\n"));
    }

    [GeneratedRegex(@"^[ ]*// <(?<name>[a-z-]+)>\n(?<code>.*?)^[ ]*// </\k<name>>$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Example();

    [GeneratedRegex(@"<!-- snippet: (?<name>[a-z-]+) -->\n```csharp\n.*?```", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Block();

    [GeneratedRegex("^```(csharp|cs|c#)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Fence();
}
