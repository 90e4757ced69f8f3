using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionSilo.Hosting;
using UnionTesting;

namespace UnionClient.Tests.Guides;

/// <summary>The example of README.md and README.zh-CN.md, compiled and run.</summary>
public sealed class ReadmeTests
{
    private const string Source = "tests/UnionClient.Tests/Guides/ReadmeTests.cs";

    [Theory, InlineData("README.md"), InlineData("README.zh-CN.md")]
    public void The_first_page_shows_this_example(string document) => Snippets.Same(document, Source);

    [Fact]
    public async Task Ten_lines_found_a_federation()
    {
        using var folder = new TemporaryFolder();
        string[] args = [$"--Union:Embedded:File={folder.File("union.db")}"];
        // <quickstart>
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddEmbeddedUnion(); // union.db, and its key beside it
        using var host = builder.Build();
        await host.StartAsync();
        var union = host.Services.GetRequiredService<IUnionClient>();
        var desk = new CommandOptions { Operator = new("desk-1", new("U-1"), Role.District) };
        var reply = await union.Unions.Send(new("U-1"), new UnionCommand.SetUpFederation("示例区总工会", UnionLevel.District, UnionKind.Federation), desk);
        Console.WriteLine(reply.Refusal?.ChineseText() ?? $"{reply.View.Name}: {reply.Version}");
        await foreach (var line in union.Unions.List(new())) Console.WriteLine($"{line.Id} {line.Name}");
        await host.StopAsync();
        // </quickstart>
        Assert.Equal("示例区总工会", reply.View.Name);
    }
}
