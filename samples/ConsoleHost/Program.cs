using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ConsoleHost;
using ConsoleHost.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using UnionClient;
using UnionGrains.Kernel;
using UnionSilo.Persistence;

var scale = new Option<decimal>("--scale") { Description = "Size of the district, 0.01 to 1; mass figures follow it, half up.", DefaultValueFactory = _ => 1m };
var store = new Option<string>("--store") { Description = "sqlite: a file in the directory. postgres: a PostgreSQL server of its own, started for the run, when PostgreSQL is installed.", DefaultValueFactory = _ => "sqlite" };
var connection = new Option<string?>("--connection") { Description = "With --store postgres: an Npgsql connection string of an empty database, or of one that a former run filled." };
var directory = new Option<DirectoryInfo>("--dir") { Description = "Where everything is kept: roll/ (what is imported), bank/ (files to and from the bank), the database, its key, the report.", DefaultValueFactory = _ => new("half-year") };
var json = new Option<FileInfo?>("--json") { Description = "Also write the figures, the time and the memory to this file." };
var fresh = new Option<bool>("--fresh") { Description = "Begin anew: delete what a former run left in the directory." };
store.AcceptOnlyFromAmong("sqlite", "postgres");
scale.Validators.Add(result =>
{
    if (result.Tokens.Count == 1 && (!decimal.TryParse(result.Tokens[0].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) || value is < 0.01m or > 1m))
        result.AddError("--scale is a number from 0.01 to 1.");
});
var root = new RootCommand(
    "Replays half a year of a made-up district in one process: writes its roll, imports it, establishes 508 unions, has 150,000 cards made by a simulated bank, and prints the half-year's figures "
    + "beside what was planted. A run that was cut off goes on; one that is complete prints its report again. Exit code 1 when a figure is off.")
{
    scale, store, connection, directory, json, fresh,
};
root.Validators.Add(result =>
{
    if (result.GetValue(json) is { Directory.Exists: false }) result.AddError("--json names a file in a directory that does not exist.");
    if (result.GetValue(connection) is null) return;
    if (result.GetValue(store) != "postgres") result.AddError("--connection goes with --store postgres.");
    if (result.GetValue(fresh)) result.AddError("--fresh deletes nothing behind --connection: name an empty database instead, and another --dir.");
});
root.SetAction(async (parsed, cancel) =>
{
    try
    {
        return await Run(parsed.GetValue(directory)!, parsed.GetValue(scale), parsed.GetValue(store)!, parsed.GetValue(connection), parsed.GetValue(json), parsed.GetValue(fresh), cancel);
    }
    catch (OperationCanceledException)
    {
        AnsiConsole.MarkupLine("Stopped. Run it again to go on.");
        return 1;
    }
    catch (Exception wrong) when (wrong is InvalidDataException or InvalidOperationException or IOException or UnauthorizedAccessException or UnionFault
        or MasterKeyMissingException or InUseException or UnsafeDurabilityException or System.Data.Common.DbException)
    {
        AnsiConsole.MarkupLineInterpolated($"[red]{wrong.Message}[/]");
        return 1;
    }
});
return await root.Parse(args).InvokeAsync();

static async Task<int> Run(DirectoryInfo directory, decimal scale, string kind, string? connection, FileInfo? json, bool fresh, CancellationToken cancel)
{
    if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 140;
    directory.Create();
    if (fresh)
    {
        foreach (var former in directory.EnumerateFiles("union.*")) former.Delete();
        foreach (var folder in (string[])["roll", "bank", "postgres"])
            if (directory.EnumerateDirectories(folder).FirstOrDefault() is { } former) former.Delete(recursive: true);
    }

    // The bank's files speak of the members of one database.
    var other = kind == "sqlite" ? "union.key" : "union.db";
    if (File.Exists(Path.Combine(directory.FullName, other))) throw new InvalidDataException($"{directory.FullName} holds a run on another store: give that one, another --dir, or --fresh.");

    using var store = kind == "sqlite" ? (Store)new SqliteStore(directory) : new PostgresStore(directory, connection);
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.SetMinimumLevel(LogLevel.Error);
    store.AddTo(builder);
    using var host = builder.Build();
    await AnsiConsole.Status().StartAsync("Starting silo and client …", _ => host.StartAsync(cancel));
    try
    {
        var union = host.Services.GetRequiredService<IUnionClient>();
        var planted = await Steps.Show(steps => new HalfYear(union, directory, scale).Replay(steps.Begin, cancel));
        var figures = await HalfYearFigures.Read(union, planted, cancel);
        var (commands, bytes) = await store.Measure(cancel);
        using var process = Process.GetCurrentProcess();
        var report = new HalfYearReport(store.Name, planted, TimeProvider.System.GetLocalNow().LocalDateTime - process.StartTime, process.PeakWorkingSet64, commands, bytes, figures);
        report.Print(AnsiConsole.Console);
        report.WritePage(Path.Combine(directory.FullName, "report.md"));
        if (json is not null) report.WriteJson(json.FullName);
        AnsiConsole.WriteLine($"Roll: {Path.Combine(directory.FullName, "roll")}. {store.Place}");
        return report.Ok ? 0 : 1;
    }
    finally
    {
        await host.StopAsync(CancellationToken.None);
    }
}
