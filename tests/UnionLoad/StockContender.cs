using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Storage;

namespace UnionLoad;

/// <summary>The stock grain on the stock provider, with the corrected scripts, prepared statements and the leanest of serializers.</summary>
internal sealed class StockContender(Request request, Case measured) : IContender
{
    private readonly int actors = measured == Case.Hot ? 1 : request.Actors;
    private readonly IStockSubject subject = request.Room == Room.Members ? new StockMembers() : new StockEmployers();
    private IHost? host;
    private IGrainFactory? grains;
    private long next = -1;

    public int Lanes => request.InFlight;

    public async Task Start(CancellationToken cancel)
    {
        var builder = Host.CreateApplicationBuilder();
        Child.Log(builder.Logging);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), FreePort());
            silo.AddAdoNetGrainStorage("stock", storage =>
            {
                storage.Invariant = "Npgsql";
                storage.ConnectionString = new NpgsqlConnectionStringBuilder(request.Connection) { MaxAutoPrepare = 20, NoResetOnClose = true }.ConnectionString;
                storage.GrainStorageSerializer = new PlainJson();
            });
        });
        host = builder.Build();
        await host.StartAsync(cancel);
        grains = host.Services.GetRequiredService<IGrainFactory>();
        if (measured is Case.Cold or Case.First) return;
        await Parallel.ForAsync(0, actors, new ParallelOptions { MaxDegreeOfParallelism = 100, CancellationToken = cancel }, async (actor, _) => await subject.Look(grains, actor));
    }

    /// <summary>Stores the first actors.</summary>
    public Task Found(CancellationToken cancel) =>
        Parallel.ForAsync(0, request.Seeded, new ParallelOptions { MaxDegreeOfParallelism = request.InFlight, CancellationToken = cancel }, async (actor, _) => await subject.Add(grains!, actor));

    public async ValueTask<int> Step(int lane)
    {
        var n = Interlocked.Increment(ref next);
        switch (measured)
        {
            case Case.First:
                await subject.Add(grains!, request.Seeded + n);
                return 1;
            case Case.Cold:
                if (n >= request.Seeded) return 0;
                var cold = District.Scattered(n, request.Seeded);
                await subject.Look(grains!, cold);
                await subject.Change(grains!, cold, 0);
                return 1;
            case Case.Warm:
                await subject.Change(grains!, District.Scattered(n, request.Actors), n / request.Actors);
                return 1;
            case Case.Light:
                await subject.ChangeLightly(grains!, District.Scattered(n, request.Actors), n / request.Actors);
                return 1;
            default:
                await subject.Change(grains!, 0, n);
                return 1;
        }
    }

    public async Task<string> Check(long sent)
    {
        await using var source = NpgsqlDataSource.Create(request.Connection);
        await using var command = source.CreateCommand("SELECT count(*), sum(version) FROM OrleansStorage");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (rows, versions) = (reader.GetInt64(0), reader.GetInt64(1));
        if (versions != request.Seeded + sent) throw new InvalidDataException($"The states were written {versions - request.Seeded} times, {sent} were acknowledged.");
        return string.Create(CultureInfo.InvariantCulture, $"{sent:N0} commands acknowledged, as many writes of {rows:N0} states");
    }

    public async ValueTask DisposeAsync()
    {
        if (host is null) return;
        await host.StopAsync();
        host.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private sealed class PlainJson : IGrainStorageSerializer
    {
        private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Web));

        public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, Web)!;
    }
}
