using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UnionClient;
using UnionDomain.Kernel;
using UnionSilo.Hosting;

namespace UnionLoad;

/// <summary>The house: silo and client in one process, commands through the client as an application sends them.</summary>
internal sealed class UnionContender(Request request, Case measured) : IContender
{
    private const int BulkLanes = 4;
    private const int BulkRows = 1_000;

    private readonly int[] acknowledged = new int[measured switch { Case.Hot => 1, Case.Warm or Case.Light => request.Actors, _ => request.Seeded }];
    private readonly ISubject subject = ISubject.Of(request);
    private IHost? host;
    private IUnionClient? client;
    private long next = -1;

    public int Lanes => measured == Case.Bulk ? BulkLanes : request.InFlight;

    public async Task Start(CancellationToken cancel)
    {
        var builder = Host.CreateApplicationBuilder();
        Child.Log(builder.Logging);
        if (request.Store == Store.Sqlite) builder.AddEmbeddedUnion(union => union.File = request.Connection);
        else
        {
            builder.AddPostgresUnion(union =>
                (union.ConnectionString, union.MasterKey, union.SiloPort, union.GatewayPort) = (request.Connection, Roll.MasterKey, 0, 0));
        }

        builder.Services.Configure<UnionClientOptions>(options => options.Operator = District.Operator);
        host = builder.Build();
        await host.StartAsync(cancel);
        client = host.Services.GetRequiredService<IUnionClient>();
        if (measured is Case.Cold or Case.First or Case.Bulk) return;
        await Parallel.ForAsync(0, acknowledged.Length, new ParallelOptions { MaxDegreeOfParallelism = 500, CancellationToken = cancel },
            async (actor, _) => await subject.Look(client, actor, cancel));
    }

    public async ValueTask<int> Step(int lane)
    {
        if (measured == Case.Bulk)
        {
            Accept(await subject.AddMany(client!, Interlocked.Add(ref next, BulkRows) - BulkRows + 1, BulkRows));
            return BulkRows;
        }

        var n = Interlocked.Increment(ref next);
        switch (measured)
        {
            case Case.First:
                Accept(await subject.Add(client!, n));
                return 1;
            case Case.Cold:
                if (n >= request.Seeded) return 0;
                var cold = District.Scattered(n, request.Seeded);
                await subject.Look(client!, cold);
                await Change(cold, 0);
                return 1;
            case Case.Warm:
                await Change(District.Scattered(n, request.Actors), n / request.Actors);
                return 1;
            case Case.Light:
                await Change(District.Scattered(n, request.Actors), n / request.Actors, light: true);
                return 1;
            default:
                await Change(0, n);
                return 1;
        }
    }

    public async Task<string> Check(long sent)
    {
        var books = await Books.Read(request);
        books.MustHold(subject.Founded + request.Seeded + sent);
        var sample = Math.Max(1, acknowledged.Length / 500);
        var compared = 0;
        for (var actor = 0; actor < acknowledged.Length; actor += sample)
        {
            var (version, expected) = (await subject.Look(client!, actor), 1 + acknowledged[actor]);
            if (version != expected) throw new InvalidDataException($"Actor {actor} is at version {version}, {expected} were acknowledged.");
            compared++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{sent:N0} commands acknowledged, as many in the journal; versions of {compared:N0} {request.Room.Name()} right; {books.Agreed}");
    }

    public async ValueTask DisposeAsync()
    {
        if (host is null) return;
        await host.StopAsync();
        host.Dispose();
    }

    private async Task Change(long actor, long changes, bool light = false)
    {
        Accept(await (light ? subject.ChangeLightly(client!, actor, changes) : subject.Change(client!, actor, changes)));
        Interlocked.Increment(ref acknowledged[actor]);
    }

    private static void Accept(Refusal? refused)
    {
        if (refused is { } refusal) throw new InvalidDataException($"Refused: {refusal.Code}.");
    }
}
