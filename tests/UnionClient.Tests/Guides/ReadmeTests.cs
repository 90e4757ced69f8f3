using UnionTesting;

namespace UnionClient.Tests.Guides;

/// <summary>The example of README.md and README.zh-CN.md, compiled and run. UNION_UPDATE_DOCS=1 writes it into them (<c>./run-tests --update-docs</c>).</summary>
public sealed class ReadmeTests
{
    private const string Source = "tests/UnionClient.Tests/Guides/ReadmeGuide.cs";

    [Theory, InlineData("README.md"), InlineData("README.zh-CN.md")]
    public void The_first_page_shows_this_example(string document) => Snippets.Same(document, Source);

    [Fact]
    public async Task Ten_lines_found_a_federation()
    {
        using var folder = new TemporaryFolder();
        string[] args = [$"--Union:Embedded:File={folder.File("union.db")}"];
        Assert.Equal("示例区总工会", await ReadmeGuide.Start(args));
    }
}
