using System.CommandLine;
using System.Globalization;
using ConsoleHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using UnionClient;
using UnionSilo.Hosting;

var scale = new Option<decimal>("--scale") { Description = "Size of the district, 0.01 to 1; mass figures follow it, half up.", DefaultValueFactory = _ => 1m };
var directory = new Option<DirectoryInfo>("--dir") { Description = "Where the roll and the union's database file are kept.", DefaultValueFactory = _ => new("half-year") };
var fresh = new Option<bool>("--fresh") { Description = "Begin anew: delete what a former run left there." };
scale.Validators.Add(result =>
{
    if (result.Tokens.Count == 1 && (!decimal.TryParse(result.Tokens[0].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) || value is < 0.01m or > 1m))
        result.AddError("--scale is a number from 0.01 to 1.");
});
var root = new RootCommand("Writes the roll of a made-up district, imports it in one process on a SQLite file, and prints the half-year's figures beside what was planted. A run that was cut off goes on.")
{
    scale, directory, fresh,
};
root.SetAction((parsed, cancel) => Run(parsed.GetValue(directory)!, parsed.GetValue(scale), parsed.GetValue(fresh), cancel));
return await root.Parse(args).InvokeAsync();

static async Task<int> Run(DirectoryInfo directory, decimal scale, bool fresh, CancellationToken cancel)
{
    directory.Create();
    if (fresh)
    {
        foreach (var former in directory.EnumerateFiles("union.db*")) former.Delete();
        if (directory.EnumerateDirectories("roll").FirstOrDefault() is { } roll) roll.Delete(recursive: true);
    }

    var builder = Host.CreateApplicationBuilder();
    builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Error);
    builder.AddEmbeddedUnion(union => union.File = Path.Combine(directory.FullName, "union.db"));
    using var host = builder.Build();
    await AnsiConsole.Status().StartAsync("Starting silo and client …", _ => host.StartAsync(cancel));
    try
    {
        var halfYear = new HalfYear(host.Services.GetRequiredService<IUnionClient>(), directory, scale);
        var planted = await Steps.Show(steps => halfYear.Replay(steps.Begin, cancel));
        var right = await HalfYearReport.Print(host.Services.GetRequiredService<IUnionClient>(), planted, cancel);
        AnsiConsole.MarkupLineInterpolated($"Roll: {Path.Combine(directory.FullName, "roll")}, database: {Path.Combine(directory.FullName, "union.db")}. The file [bold]union.db.key[/] opens the personal fields: back it up apart from the database.");
        return right ? 0 : 1;
    }
    catch (InvalidDataException wrong)
    {
        AnsiConsole.MarkupLineInterpolated($"[red]{wrong.Message}[/]");
        return 1;
    }
    finally
    {
        await host.StopAsync(CancellationToken.None);
    }
}
