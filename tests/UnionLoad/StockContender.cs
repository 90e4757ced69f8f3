using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Storage;

namespace UnionLoad;

/// <summary>An employer as one stored state of about 300 bytes.</summary>
internal sealed class StockEmployer
{
    public string Id { get; set; } = "";

    public string Code { get; set; } = "";

    public string Name { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Industry { get; set; } = "";

    public string Area { get; set; } = "";

    public string Federation { get; set; } = "";

    public int Headcount { get; set; }

    public string Status { get; set; } = "";

    public DateOnly RegisteredOn { get; set; }

    public DateOnly NewestOn { get; set; }

    public string Operator { get; set; } = "";

    public int Version { get; set; }
}

/// <summary>An employer as the documentation of Orleans would write it.</summary>
[Alias("union.load.stock")]
internal interface IStockEmployerGrain : IGrainWithStringKey
{
    [Alias("register")]
    Task<int> Register(string code, string name, string federation, int headcount);

    [Alias("report")]
    Task<int> ReportHeadcount(int headcount);

    [Alias("get")]
    Task<int> Get();
}

/// <summary>One write of the state per command, the next command after it.</summary>
internal sealed class StockEmployerGrain([PersistentState("employer", "stock")] IPersistentState<StockEmployer> stored) : Grain, IStockEmployerGrain
{
    public async Task<int> Register(string code, string name, string federation, int headcount)
    {
        var today = District.Today;
        stored.State = new()
        {
            Id = this.GetPrimaryKeyString(),
            Code = code,
            Name = name,
            Kind = "private",
            Industry = "C",
            Area = District.Area,
            Federation = federation,
            Headcount = headcount,
            Status = "registered",
            RegisteredOn = today,
            NewestOn = today,
            Operator = District.OperatorText,
            Version = 1,
        };
        await stored.WriteStateAsync();
        return stored.State.Version;
    }

    public async Task<int> ReportHeadcount(int headcount)
    {
        stored.State.Headcount = headcount;
        stored.State.NewestOn = District.Today;
        stored.State.Version++;
        await stored.WriteStateAsync();
        return stored.State.Version;
    }

    public Task<int> Get() => Task.FromResult(stored.State.Version);
}

/// <summary>The stock grain on the stock provider, with the corrected scripts, prepared statements and the leanest of serializers.</summary>
internal sealed class StockContender(Request request, Case measured) : IContender
{
    private readonly int actors = measured == Case.Hot ? 1 : request.Actors;
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
        await Parallel.ForAsync(0, actors, new ParallelOptions { MaxDegreeOfParallelism = 100, CancellationToken = cancel }, async (employer, _) => await Grain(employer).Get());
    }

    /// <summary>Stores the first employers.</summary>
    public Task Register(int employers, CancellationToken cancel) =>
        Parallel.ForAsync(0, employers, new ParallelOptions { MaxDegreeOfParallelism = request.InFlight, CancellationToken = cancel }, async (employer, _) => await Register((long)employer));

    public async ValueTask<int> Step(int lane)
    {
        var n = Interlocked.Increment(ref next);
        switch (measured)
        {
            case Case.First:
                await Register(request.Seeded + n);
                return 1;
            case Case.Cold:
                if (n >= request.Seeded) return 0;
                var cold = District.Scattered(n, request.Seeded);
                await Grain(cold).Get();
                await Report(cold, District.Registered + 1);
                return 1;
            case Case.Warm:
                await Report(District.Scattered(n, request.Actors), (int)(n / request.Actors % 1_000) + District.Registered + 1);
                return 1;
            default:
                await Report(0, (int)(n % 100_000) + District.Registered + 1);
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

    private IStockEmployerGrain Grain(long employer) => grains!.GetGrain<IStockEmployerGrain>($"employer/{District.Key(employer)}");

    private Task Register(long employer) => Grain(employer).Register(District.Code(employer), District.Name(employer), District.Federation(employer), District.Registered);

    private async Task Report(long employer, int headcount)
    {
        await Grain(employer).ReportHeadcount(headcount);
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
