using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionSilo.Hosting;

namespace UnionClient.Tests.Guides;

/// <summary>The example of README.md and README.zh-CN.md, as it is shown there.</summary>
internal static class ReadmeGuide
{
    public static async Task<string?> Start(string[] args)
    {
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
        return reply.View.Name;
    }
}
