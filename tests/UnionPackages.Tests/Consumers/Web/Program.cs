using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Unions;

var builder = WebApplication.CreateBuilder(args);
builder.AddUnionClient();
builder.Services.AddHealthChecks().AddUnion();
var app = builder.Build();

app.MapHealthChecks("/health");
app.MapPost("/unions/{id}", async (string id, NewUnion union, IUnionClient client, CancellationToken cancel) =>
{
    var reply = await client.Unions.Send(new(id), new UnionCommand.SetUpFederation(union.Name, UnionLevel.Subdistrict, UnionKind.Federation, new UnionId(union.Upper)), cancel: cancel);
    return reply.Refusal is { } refusal ? Results.UnprocessableEntity(new { refusal.Code, Chinese = refusal.ChineseText() }) : Results.Ok(new { reply.View.Name, reply.Version });
});
app.MapGet("/unions", (IUnionClient client, CancellationToken cancel) => client.Unions.List(new(), cancel));
app.Run();

internal sealed record NewUnion(string Name, string Upper);
