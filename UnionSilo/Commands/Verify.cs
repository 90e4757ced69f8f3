using System.CommandLine;
using UnionDomain;
using UnionSilo.Persistence;

namespace UnionSilo.Commands;

/// <summary><c>union-silo verify</c>: checks that everything in the database follows from the journal.</summary>
internal static class Verify
{
    public static Command Command()
    {
        var command = new Command("verify", "Checks that everything in the database follows from the journal. Changes nothing; silos may run. Exit code 1 when something does not.");
        var store = new StoreOptions();
        store.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var database = store.Open(parsed);
            var findings = await ProgressBar.Show(progress => new Verification(database, Rooms.All).Run(progress, cancel));
            foreach (var finding in findings) parsed.InvocationConfiguration.Output.WriteLine(finding);
            if (findings.IsEmpty) parsed.InvocationConfiguration.Output.WriteLine("Everything follows from the journal.");
            return findings.IsEmpty ? ExitCode.Ok : ExitCode.Findings;
        });
        return command;
    }
}
