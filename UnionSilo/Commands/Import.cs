using System.CommandLine;
using System.Globalization;
using UnionClient;
using UnionClient.CardBatches;
using UnionClient.Imports;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;

namespace UnionSilo.Commands;

/// <summary><c>union-silo import [plan] employers|unions|members FILE</c>: a file of an official template; <c>bank-reply|bank-notices FILE</c>: a file of the bank.</summary>
internal static class Import
{
    public static Command Command()
    {
        var command = new Command("import", "Imports a file of an official template (CSV or XLSX) or of the bank. It may be cut off and begun again at any time; what is recorded already stays as it is.");
        AddTemplates(command, plans: false);
        var plan = new Command("plan", "Tells what an import would do, and writes nothing but a plan beside the file. The plan is committed with `import commit` and undone with `import undo`.");
        AddTemplates(plan, plans: true);
        command.Add(plan);
        command.Add(ImportPlans.Commit());
        command.Add(ImportPlans.Undo());
        command.Add(Bank("bank-reply", "The bank's reply to the file of a batch: taken as a whole or not at all. Then every member on it is told.", TakeReply));
        command.Add(Bank("bank-notices", "The bank's later notices: activated, lost, cancelled.", TakeNotices));
        return command;
    }

    private static void AddTemplates(Command command, bool plans)
    {
        command.Add(Template("employers", "Units, from the template 单位信息表; their unions are recorded before.", plans, (imports, file, options) => imports.Employers(file, options)));
        command.Add(Template("unions", "Unions, from the template 工会组织表; upper unions stand above their lower ones.", plans, (imports, file, options) => imports.Unions(file, options)));
        command.Add(Template("members", "Members, from the template 会员信息采集表; unions and units are recorded before.", plans, (imports, file, options) => imports.Members(file, options)));
    }

    private static Command Template(string name, string description, bool plans, Func<ImportClient, ImportSource, ImportOptions, UnionClient.Imports.Import> begin)
    {
        var command = new Command(
            name, description + (plans ? " Exit code 0: every row would be taken; 1: some would be refused." : " Exit code 0: every row was taken; 1: some were refused, and stand in the file of errors."));
        var errors = new Option<string?>("--errors") { Description = "The file for rows that were refused or have findings. Default: beside the file, name.errors.csv." };
        command.Add(errors);
        // A plan is committed from the file as it is: what was stated here would not be known then.
        var encoding = new Option<CsvEncoding>("--encoding") { Description = "How a CSV is encoded: Utf8, Gb18030. Default: detected.", DefaultValueFactory = _ => CsvEncoding.Detected };
        if (!plans) command.Add(encoding);
        return Make(command, Role.District, "Number of the federation that it is done for; units count at it whose row names no union.", async (parsed, client, file, with, cancel) =>
        {
            var options = new ImportOptions { On = with.BusinessOn, Operator = with.Operator, Federation = with.Operator!.Union, ErrorFile = parsed.GetValue(errors) };
            var import = begin(client.Imports, ImportSource.File(file).In(plans ? CsvEncoding.Detected : parsed.GetValue(encoding)), options);
            return plans
                ? await ImportPlans.Plan(import, parsed.InvocationConfiguration, cancel)
                : await Tell(await ProgressBar.Show(import.Run, cancel), parsed.InvocationConfiguration);
        });
    }

    private static Command Bank(string name, string description, Func<ParseResult, IUnionClient, string, CommandOptions, CancellationToken, Task<int>> take) => Make(
        new(name, description + " Exit code 0: all of it was taken; 1: the file or some lines were refused, and are named."),
        Role.Bank,
        "Number of the federation that it is done for; holders of cards are found in its subtree.",
        take);

    private static Command Make(Command command, Role usual, string federationIs, Func<ParseResult, IUnionClient, string, CommandOptions, CancellationToken, Task<int>> work)
    {
        var file = new Argument<string>("file") { Description = "The file." };
        command.Add(file);
        var client = new ClientOptions(usual, federationIs);
        client.AddTo(command);
        var on = ClientOptions.Date(command, "--on", "The business date; today unless given");
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file)!;
            if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.");
            try
            {
                var with = new CommandOptions { Operator = client.Operator(parsed), BusinessOn = ClientOptions.DateOf(parsed.GetValue(on)) };
                return await client.Use(parsed, union => work(parsed, union, path, with, cancel), cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("Given up. What was sent is recorded; import the file again to go on.");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    internal static async Task<int> Tell(ImportSummary summary, InvocationConfiguration console)
    {
        if (summary.Refusal is { } refusal) return Tell(refusal, console);
        await console.Output.WriteLineAsync(FormattableString.Invariant(
            $"{summary.Rows} rows: {summary.New} new, {summary.Changed} changed, {summary.Same} same, {summary.Refused} refused; {summary.WithFindings} taken with findings."));
        if (summary.ErrorFile is { } file) await console.Output.WriteLineAsync($"To be put right: {file}");
        return summary.Refused == 0 ? ExitCode.Ok : ExitCode.Findings;
    }

    private static async Task<int> TakeReply(ParseResult parsed, IUnionClient client, string file, CommandOptions asBank, CancellationToken cancel)
    {
        var console = parsed.InvocationConfiguration;
        var summary = await ProgressBar.Show((IProgress<CardWorkProgress>? progress) => client.CardWork.TakeReply(file, asBank, progress, cancel));
        if (!Tell(summary.Findings, console)) return ExitCode.Findings;
        if ((summary.Refusal ?? summary.Work?.Refusal) is { } refusal) return Tell(refusal, console);
        await console.Output.WriteLineAsync(FormattableString.Invariant($"{summary.Produced} produced, {summary.Rejected} rejected; {summary.Work!.Told} told, {summary.Work.Waiting} waiting."));
        foreach (var finding in summary.Work.Findings) await console.Error.WriteLineAsync(FormattableString.Invariant($"{finding.Line}: {finding.Rule.EnglishText()} {finding.Rule.ChineseText()}"));
        return summary.Work.IsDone ? ExitCode.Ok : ExitCode.Findings;
    }

    private static async Task<int> TakeNotices(ParseResult parsed, IUnionClient client, string file, CommandOptions asBank, CancellationToken cancel)
    {
        var console = parsed.InvocationConfiguration;
        var summary = await ProgressBar.Show((IProgress<CardWorkProgress>? progress) => client.CardWork.TakeNotices(file, asBank, progress, cancel));
        if (!Tell(summary.Findings, console)) return ExitCode.Findings;
        if (summary.Refusal is { } refusal) return Tell(refusal, console);
        await console.Output.WriteLineAsync(FormattableString.Invariant($"{summary.Recorded} recorded, {summary.Unchanged} unchanged, {summary.Unknown} unknown, {summary.Refused.Length} refused."));
        return Tell(summary.Refused, console) ? ExitCode.Ok : ExitCode.Findings;
    }

    internal static int Tell(Refusal refusal, InvocationConfiguration console)
    {
        console.Error.WriteLine($"{refusal.EnglishText()} {refusal.ChineseText()}");
        return ExitCode.Findings;
    }

    /// <summary>Names the lines of a file that are wrong; whether there are none.</summary>
    private static bool Tell(IReadOnlyList<BankFileFinding> findings, InvocationConfiguration console)
    {
        foreach (var finding in findings) console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{finding.Line}: {finding.Rule.EnglishText()} {finding.Rule.ChineseText()}"));
        return findings.Count == 0;
    }
}
