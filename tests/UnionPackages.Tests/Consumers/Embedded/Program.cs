using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionSilo.Hosting;
using UnionTestKit;

var builder = Host.CreateApplicationBuilder(args);
builder.AddEmbeddedUnion(union => union.File = Path.Combine(args[0], "embedded.db"));
using var host = builder.Build();
await host.StartAsync();
var union = host.Services.GetRequiredService<IUnionClient>();
var desk = new Operator("desk", new("D-1"), Role.District);
var reply = await union.Unions.Send(desk.Union, new UnionCommand.SetUpFederation("示例区总工会", UnionLevel.District, UnionKind.Federation), new() { Operator = desk });
Console.WriteLine($"{reply.View.Name} stands at version {reply.Version}.");
await host.StopAsync();

// As a test of this application would.
await using var test = await TestUnion.Start();
var district = await test.Found();
Console.WriteLine($"A test has {district.Members.Count} members.");
