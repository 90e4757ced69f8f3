using System.CommandLine;
using ConsoleHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionSilo.Hosting;

var directory = new Option<DirectoryInfo>("--dir") { Description = "Where the union's database file is kept.", DefaultValueFactory = _ => new("half-year") };
var fresh = new Option<bool>("--fresh") { Description = "Begin anew: delete what a former run left there." };
var root = new RootCommand("Founds a small made-up district in one process on a SQLite file and prints its tree and figures.") { directory, fresh };
root.SetAction((parsed, cancel) => Run(parsed.GetValue(directory)!, parsed.GetValue(fresh), cancel));
return await root.Parse(args).InvokeAsync();

static async Task<int> Run(DirectoryInfo directory, bool fresh, CancellationToken cancel)
{
    if (fresh)
        foreach (var former in directory.Exists ? directory.EnumerateFiles("union.db*") : []) former.Delete();
    directory.Create();

    var builder = Host.CreateApplicationBuilder();
    builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans", LogLevel.Error);
    builder.AddEmbeddedUnion(union => union.File = Path.Combine(directory.FullName, "union.db"));
    using var host = builder.Build();
    await AnsiConsole.Status().StartAsync("Starting silo and client …", _ => host.StartAsync(cancel));
    var union = host.Services.GetRequiredService<IUnionClient>();

    var steps = 0;
    var district = new SmallDistrict(union, _ => steps++);
    await AnsiConsole.Status().StartAsync("Founding the district …", _ => district.Found(cancel));
    AnsiConsole.MarkupLineInterpolated($"[green]✓[/] {steps} commands, every one durable; a second run repeats them without effect.");

    AnsiConsole.Write(await TreeOf(union, cancel));
    AnsiConsole.Write(await FiguresOf(union, cancel));
    await PrintLists(union, cancel);

    var refused = await district.TryAlone(cancel);
    AnsiConsole.MarkupLineInterpolated($"[yellow]Refused as it should be[/]: {refused.Refusal!.Code} – {refused.Refusal.ChineseText()}");
    AnsiConsole.MarkupLineInterpolated($"Database: {Path.Combine(directory.FullName, "union.db")}");
    await host.StopAsync(cancel);
    return 0;
}

static async Task<Tree> TreeOf(IUnionClient union, CancellationToken cancel)
{
    var lines = new List<UnionLine>();
    await foreach (var line in union.Unions.List(new() { Within = SmallDistrict.District }, cancel)) lines.Add(line);
    var root = lines.Single(line => line.Id == SmallDistrict.District);
    var tree = new Tree(Markup.Escape($"{root.Name} {root.Id}"));
    Grow(tree, root.Id);
    return tree;

    void Grow(IHasTreeNodes under, UnionId parent)
    {
        foreach (var line in lines.Where(line => line.Parent == parent))
            Grow(under.AddNode(Markup.Escape($"{line.Name} {line.Id}{(line.Members > 0 ? $" · {line.Members}人" : "")}")), line.Id);
    }
}

static async Task<Table> FiguresOf(IUnionClient union, CancellationToken cancel)
{
    var half = Period.Half(2014, 1);
    var table = new Table().Title("2014年上半年").AddColumns("指标", "全区", "其中").Border(TableBorder.Rounded);
    foreach (var measure in (Measure[])[UnionMeasures.New, UnionMeasures.Active, EmployerMeasures.Units, EmployerMeasures.Covered, EmployerMeasures.Headcount])
    {
        var whole = await union.Reports.Count(measure, SmallDistrict.District, half, cancel);
        var parts = await union.Reports.Split(measure, SmallDistrict.District, half, cancel);
        var opened = 0L;
        await foreach (var line in union.Reports.Open(measure, SmallDistrict.District, half, cancel)) opened += line.Value;
        if (opened != whole.Value || parts.Sum(part => part.Value) != whole.Value) throw new InvalidOperationException($"{measure.Id}: the records do not add up to the figure.");
        table.AddRow($"{measure.Chinese} ({measure.Id})", $"{ApproximateQuantity.Exact(whole.Value).ToChinese(measure.Unit)}", string.Join("，", parts.Where(part => part.Value != 0).Select(part => $"{part.Scope} {part.Value}")));
    }

    return table;
}

static async Task PrintLists(IUnionClient union, CancellationToken cancel)
{
    await foreach (var unit in union.Employers.List(EmployerQuery.Targets(SmallDistrict.District, RulePack.Current), cancel))
        AnsiConsole.MarkupLineInterpolated($"应建会: {unit.Name}，职工{unit.Headcount}人，尚无工会");
    await foreach (var unit in union.Employers.List(EmployerQuery.ShouldBecomeIndependent(SmallDistrict.District, RulePack.Current), cancel))
        AnsiConsole.MarkupLineInterpolated($"应独立建会: {unit.Name}，职工{unit.Headcount}人，现由联合工会覆盖");
}
