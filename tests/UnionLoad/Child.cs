using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using UnionGrains.Kernel;
using UnionSilo.Persistence;

namespace UnionLoad;

/// <summary>One run in a process of its own. The result is one line of JSON on standard output.</summary>
internal static class Child
{
    public const string Verb = "run-one";

    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task<int> Run(string text, CancellationToken cancel)
    {
        var request = JsonSerializer.Deserialize<Request>(text, Json)!;
        using var orphaned = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // The parent holds the other end of standard input: it closes when the parent is gone, however it went.
        // A thread of its own: the console is read by blocking, and a blocked thread of the pool would be missing in the measurement.
        new Thread(() =>
        {
            while (Console.In.ReadLine() is not null) { }
            orphaned.Cancel();
        })
        { IsBackground = true }.Start();
        try
        {
            if (request.Case is not { } measured)
            {
                await Seed(request, orphaned.Token);
                return 0;
            }

            var processor = request.Store == Store.Postgres ? await ProcessorTime.Of(request.Connection, orphaned.Token) : new(0);
            await using var contender = Make(request, measured);
            await contender.Start(orphaned.Token);
            var run = await Load.Measure(contender, TimeSpan.FromSeconds(request.WarmUpSeconds), TimeSpan.FromSeconds(request.Seconds), processor, orphaned.Token);
            Console.WriteLine(JsonSerializer.Serialize(run, Json));
            return 0;
        }
        catch (OperationCanceledException) when (orphaned.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync(failure.ToString());
            return 1;
        }
    }

    /// <summary>Warnings go to standard error. The silo's watchdog counts from the start of the machine and warns at every start.</summary>
    public static void Log(ILoggingBuilder logging) => logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

    // A bulk is the house's own; to the stock grain it is first commands one by one, and so it is to the limit of employers, whose groups are in the order of the register anyway.
    private static Case Single(Case measured) => measured == Case.Bulk ? Case.First : measured;

    // Nothing of an employer is personal, so every command is a light one.
    private static Case Plain(Case measured) => measured == Case.Light ? Case.Warm : Single(measured);

    private static IContender Make(Request request, Case measured) => (request.Contender, request.Store, request.Room) switch
    {
        (Contender.Union, _, _) => new UnionContender(request, measured),
        (Contender.Stock, _, _) => new StockContender(request, Single(measured)),
        (Contender.Limit, Store.Postgres, Room.Members) => new RollPostgresLimit(request, measured),
        (Contender.Limit, _, Room.Members) => new RollSqliteLimit(request, measured),
        (Contender.Limit, Store.Postgres, _) => new PostgresLimit(request, Plain(measured)),
        _ => new SqliteLimit(request, Plain(measured)),
    };

    private static async Task Seed(Request request, CancellationToken cancel)
    {
        if (request.Store == Store.Postgres) Schema.Postgres(request.Connection).Upgrade();
        if (request.Contender == Contender.Stock)
        {
            await using var stock = new StockContender(request, Case.First);
            await stock.Start(cancel);
            await stock.Found(cancel);
            return;
        }

        var sqlite = request.Store == Store.Sqlite ? new SqliteJournalStore(new() { File = request.Connection }) : null;
        sqlite?.TakeFile();
        if (sqlite is not null)
        {
            Schema.Sqlite(request.Connection).Upgrade();
            var key = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) key.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using var file = new FileStream(request.Connection + SqlitePlace.KeyFile, key);
            file.Write(Encoding.ASCII.GetBytes(Roll.MasterKey));
        }

        IJournalStore store = sqlite is not null ? sqlite : new PostgresJournalStore(new() { ConnectionString = request.Connection, SiloName = "seed" });
        await using (var writer = await store.OpenWriter(0, cancel))
        {
            await foreach (var group in ISubject.Of(request).Found(request).Chunk(1_000).WithCancellation(cancel))
                if (!(await writer.Commit(group, repeats: false, cancel)).Committed) throw new InvalidDataException("The sample could not be stored.");
        }

        await ((IAsyncDisposable)store).DisposeAsync();
    }
}
