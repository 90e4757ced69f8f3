using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Unions;

var builder = Host.CreateApplicationBuilder(args);
builder.AddUnionClient();
using var host = builder.Build();
await host.StartAsync();
var union = host.Services.GetRequiredService<IUnionClient>();

var federation = new UnionId("D-1");
var reply = await union.Unions.Send(federation, new UnionCommand.SetUpFederation("示例区总工会", UnionLevel.District, UnionKind.Federation));
Console.WriteLine($"{reply.OrThrow().Name} stands at version {reply.Version}.");
// The same words again are a refusal, not an exception.
var again = await union.Unions.Send(federation, new UnionCommand.SetUpFederation("另一个区总工会", UnionLevel.District, UnionKind.Federation));
Console.WriteLine($"Refused: {again.Refusal?.Code}");
await foreach (var line in union.Unions.List(new())) Console.WriteLine($"{line.Id} {line.Name}");
await host.StopAsync();
