using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionSilo.Hosting;

namespace UnionLoad;

/// <summary>The house: silo and client in one process, commands through the client as an application sends them.</summary>
internal sealed class UnionContender(Request request, Case measured) : IContender
{
    private const int BulkLanes = 4;
    private const int BulkRows = 1_000;

    private readonly int[] acknowledged = new int[measured switch { Case.Hot => 1, Case.Warm => request.Actors, _ => request.Seeded }];
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
                (union.ConnectionString, union.MasterKey, union.SiloPort, union.GatewayPort) = (request.Connection, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), 0, 0));
        }

        builder.Services.Configure<UnionClientOptions>(options => options.Operator = District.Operator);
        host = builder.Build();
        await host.StartAsync(cancel);
        client = host.Services.GetRequiredService<IUnionClient>();
        if (measured is Case.Cold or Case.First or Case.Bulk) return;
        await Parallel.ForAsync(0, acknowledged.Length, new ParallelOptions { MaxDegreeOfParallelism = 500, CancellationToken = cancel },
            async (employer, _) => await client.Employers.Get(Id(employer), cancel: cancel));
    }

    public async ValueTask<int> Step(int lane)
    {
        if (measured == Case.Bulk)
        {
            var last = Interlocked.Add(ref next, BulkRows);
            await foreach (var outcome in client!.Employers.Bulk.Send(Rows(last - BulkRows + 1), new() { WindowRows = BulkRows }))
                if (!outcome.Accepted) throw new InvalidDataException($"Not accepted: {outcome.Refusal?.Code ?? outcome.Fault?.Code}.");
            return BulkRows;
        }

        var n = Interlocked.Increment(ref next);
        switch (measured)
        {
            case Case.First:
                await Send(Id(request.Seeded + n), District.Register(request.Seeded + n));
                return 1;
            case Case.Cold:
                if (n >= request.Seeded) return 0;
                var cold = District.Scattered(n, request.Seeded);
                await client!.Employers.Get(Id(cold));
                await Report(cold, District.Registered + 1);
                return 1;
            case Case.Warm:
                // Each round reports another number than the one before.
                await Report(District.Scattered(n, request.Actors), (int)(n / request.Actors % 1_000) + District.Registered + 1);
                return 1;
            default:
                await Report(0, (int)(n % 100_000) + District.Registered + 1);
                return 1;
        }
    }

    public async Task<string> Check(long sent)
    {
        var books = await Books.Read(request);
        books.MustHold(1 + District.Subdistricts + request.Seeded + sent);
        var sample = Math.Max(1, acknowledged.Length / 500);
        var compared = 0;
        for (var employer = 0; employer < acknowledged.Length; employer += sample)
        {
            var (version, expected) = ((await client!.Employers.Get(Id(employer))).Version, 1 + acknowledged[employer]);
            if (version != expected) throw new InvalidDataException($"Employer {employer} is at version {version}, {expected} were acknowledged.");
            compared++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{sent:N0} commands acknowledged, as many in the journal; versions of {compared:N0} employers right; {books.Agreed}");
    }

    public async ValueTask DisposeAsync()
    {
        if (host is null) return;
        await host.StopAsync();
        host.Dispose();
    }

    private static EmployerId Id(long employer) => new(District.Key(employer));

    private async IAsyncEnumerable<BulkRow<EmployerId, EmployerCommand>> Rows(long first)
    {
        for (var n = first; n < first + BulkRows; n++) yield return new(Id(request.Seeded + n), District.Register(request.Seeded + n));
        await ValueTask.CompletedTask;
    }

    private async Task Report(long employer, int headcount)
    {
        await Send(Id(employer), new EmployerCommand.ReportHeadcount(headcount));
        Interlocked.Increment(ref acknowledged[employer]);
    }

    private async Task Send(EmployerId employer, EmployerCommand command)
    {
        var reply = await client!.Employers.Send(employer, command);
        if (reply.Refusal is { } refusal) throw new InvalidDataException($"Refused: {refusal.Code}.");
    }
}
