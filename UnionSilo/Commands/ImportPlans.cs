using System.CommandLine;
using UnionClient;
using UnionClient.Imports;

namespace UnionSilo.Commands;

/// <summary><c>union-silo import plan|commit|undo</c>: what an import would do, doing that, and taking it back.</summary>
internal static class ImportPlans
{
    public static Command Commit() => OfPlan(
        "commit", "Does what a plan says. A row whose record was changed since is refused, and stands in the file of errors. Exit code 0: every row was taken; 1: some were refused.",
        async (plan, console, cancel) => await Import.Tell(await ProgressBar.Show(plan.Commit, cancel), console));

    public static Command Undo() => OfPlan(
        "undo", "Takes back what the commit of a plan did. What was changed since, or is rested on, is kept. Exit code 0: nothing was kept; 1: some rows were, and stand in the file name.kept.csv.",
        async (plan, console, cancel) =>
        {
            var summary = await ProgressBar.Show(plan.Undo, cancel);
            if (summary.Refusal is { } refusal) return Import.Tell(refusal, console);
            await console.Output.WriteLineAsync(FormattableString.Invariant($"{summary.Rows} rows: {summary.Undone} undone, {summary.Kept} kept, {summary.Nothing} had recorded nothing."));
            if (summary.KeptFile is { } file) await console.Output.WriteLineAsync($"Kept, with the reasons: {file}");
            return summary.Kept == 0 ? ExitCode.Ok : ExitCode.Findings;
        });

    /// <summary>Plans a file and tells where the plan stands.</summary>
    public static async Task<int> Plan(UnionClient.Imports.Import import, InvocationConfiguration console, CancellationToken cancel)
    {
        var planned = "";
        try
        {
            var summary = await ProgressBar.Show(
                async (progress, token) =>
                {
                    var plan = await import.Plan(progress, token);
                    planned = plan.Path;
                    return plan.Summary;
                },
                cancel);
            await console.Output.WriteLineAsync(FormattableString.Invariant(
                $"{summary.Rows} rows would be: {summary.New} new, {summary.Changed} changed, {summary.Same} same, {summary.Refused} refused; {summary.WithFindings} taken with findings."));
            await console.Output.WriteLineAsync($"The plan: {planned}");
            return summary.Refused == 0 ? ExitCode.Ok : ExitCode.Findings;
        }
        catch (RefusedException refused)
        {
            return Import.Tell(refused.Refusal, console);
        }
    }

    private static Command OfPlan(string name, string description, Func<ImportPlan, InvocationConfiguration, CancellationToken, Task<int>> work)
    {
        var command = new Command(name, description);
        var file = new Argument<string>("plan") { Description = "The plan; the planned file stands beside it." };
        var connection = new ConnectionOptions();
        command.Add(file);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file)!;
            if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.");
            try
            {
                return await connection.Use(parsed, client => work(client.Imports.Open(path), parsed.InvocationConfiguration, cancel), cancel);
            }
            catch (RefusedException refused)
            {
                return Import.Tell(refused.Refusal, parsed.InvocationConfiguration);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("Given up. What was sent is recorded; begin again to go on.");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
