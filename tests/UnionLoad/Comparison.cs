using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using Spectre.Console;

namespace UnionLoad;

/// <summary>The median of a system's runs in one case.</summary>
internal sealed record ResultRow
{
    public required Room Room { get; init; }

    public required Case Case { get; init; }

    public required Contender System { get; init; }

    public required Store Store { get; init; }

    public required double Rate { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required ProcessorMicroseconds CpuUs { get; init; }

    public required ImmutableArray<Run> Runs { get; init; }

    public static ResultRow Of(Room room, Case measured, Contender system, Store store, IReadOnlyList<Run> runs) => new()
    {
        Room = room,
        Case = measured,
        System = system,
        Store = store,
        Rate = Median(runs, run => run.Rate),
        P50Ms = Median(runs, run => run.P50Ms),
        P99Ms = Median(runs, run => run.P99Ms),
        CpuUs = new(Median(runs, run => run.CpuUs.Client), Median(runs, run => run.CpuUs.Silo), Median(runs, run => run.CpuUs.Db)),
        Runs = [.. runs],
    };

    private static double Median(IReadOnlyList<Run> runs, Func<Run, double> value)
    {
        var sorted = runs.Select(value).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>Runs the contenders in turn, A B C A B C, so that whatever else the machine does meets all of them.</summary>
internal sealed class Comparison(Options options)
{
    // A cold actor is met once: enough of them for the fastest. Fewer for the stock grain, whose seeding writes one row after the other, and of members, who write more.
    private const int ColdEmployersPerSecond = 15_000;
    private const int ColdMembersPerSecond = 14_000;
    private const int ColdStockPerSecond = 4_000;

    // The bare rows have little code to compile; grains and their runtime need longer before what runs is what would run all year.
    private const int LimitWarmUpSeconds = 4;

    public async Task<int> Run(CancellationToken cancel)
    {
        try
        {
            using IPlace place = options.Store == Store.Postgres ? new PostgresPlace(options.Connection) : new SqlitePlace(options.Connection);
            if (!AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Profile.Width = 160; // A file has no width of its own.
            AnsiConsole.WriteLine($"Database: {place.Description}.");
            var rows = await Compare(place, cancel);
            if (options.Json is { } file) await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(new { rows }, new JsonSerializerOptions(Child.Json) { WriteIndented = true }) + "\n", cancel);
            Report.Show(rows);
            return 0;
        }
        catch (Exception failure) when (cancel.IsCancellationRequested && failure is (OperationCanceledException or NpgsqlException or IOException or InvalidOperationException))
        {
            // Ctrl+C reaches the server too: what fails after it says nothing.
            await Console.Error.WriteLineAsync("Stopped.");
            return 130;
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or UnauthorizedAccessException or InvalidOperationException or InvalidDataException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    private async Task<IReadOnlyList<ResultRow>> Compare(IPlace place, CancellationToken cancel)
    {
        // House and limit write the same rows, so they begin on the same ones.
        foreach (var contender in options.Contenders.Select(Template).Distinct())
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Storing {Seeded(contender):N0} {options.Room.Name()} for {contender.Name()} …"));
            await Execute(Ask(contender, null, place.CreateTemplate(contender.Name())), cancel);
        }

        var rows = new List<ResultRow>();
        foreach (var measured in options.Cases)
        {
            var runs = options.Contenders.ToDictionary(contender => contender, _ => new List<Run>());
            for (var round = 1; round <= options.Runs; round++)
            {
                foreach (var contender in options.Contenders)
                {
                    var database = place.Copy(Template(contender).Name());
                    try
                    {
                        var run = JsonSerializer.Deserialize<Run>(await Execute(Ask(contender, measured, database), cancel), Child.Json)!;
                        runs[contender].Add(run);
                        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
                            $"{options.Room.Name()} {measured.Name()} {round}/{options.Runs} {contender.Name()}: {run.Rate:N0}/s, p50 {run.P50Ms:N1} ms, p99 {run.P99Ms:N1} ms, CPU {run.CpuUs.Silo:N1} + {run.CpuUs.Db:N1} µs, {run.AllocatedBytes:N0} bytes. {run.Checked}."));
                    }
                    finally
                    {
                        place.Drop(database);
                    }
                }
            }

            rows.AddRange(options.Contenders.Select(contender => ResultRow.Of(options.Room, measured, contender, options.Store, runs[contender])));
        }

        return rows;
    }

    private static Contender Template(Contender contender) => contender == Contender.Stock ? Contender.Stock : Contender.Union;

    private int Seeded(Contender contender) => !options.Cases.Contains(Case.Cold) ? options.Actors
        : Math.Max(options.Actors, (options.Seconds + options.WarmUpSeconds) * (contender == Contender.Stock ? ColdStockPerSecond : options.Room == Room.Members ? ColdMembersPerSecond : ColdEmployersPerSecond));

    private Request Ask(Contender contender, Case? measured, string connection) => new(options.Store, options.Room, connection, contender, measured, contender == Contender.Limit ? Math.Min(LimitWarmUpSeconds, options.WarmUpSeconds) : options.WarmUpSeconds, options.Seconds,
        contender == Contender.Stock ? options.StockInFlight : options.InFlight, options.Actors, Seeded(contender));

    private static async Task<string> Execute(Request request, CancellationToken cancel)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "UnionLoad" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        using var child = Process.Start(new ProcessStartInfo(program, [Child.Verb, JsonSerializer.Serialize(request, Child.Json)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var (said, complained) = (child.StandardOutput.ReadToEndAsync(cancel), child.StandardError.ReadToEndAsync(cancel));
            await child.WaitForExitAsync(cancel);
            var complaints = (await complained).Trim();
            if (child.ExitCode != 0) throw new InvalidOperationException($"The run failed ({request.Case?.Name() ?? "seed"}, {request.Contender.Name()}):\n{complaints}");
            if (complaints.Length > 0) await Console.Error.WriteLineAsync(complaints);
            return await said;
        }
        finally
        {
            child.StandardInput.Close();
            if (!child.HasExited) child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }
}
