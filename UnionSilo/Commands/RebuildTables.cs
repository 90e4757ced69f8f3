using System.CommandLine;
using UnionDomain;
using UnionSilo.Persistence;

namespace UnionSilo.Commands;

/// <summary><c>union-silo rebuild</c>: makes everything anew that follows from the journal.</summary>
internal static class RebuildTables
{
    public static Command Command()
    {
        var command = new Command("rebuild", "Makes read models, claims and facts anew from the journal, in one transaction. Exit code 1 when the journal itself is damaged; nothing is changed then.");
        var store = new StoreOptions();
        store.AddTo(command);
        var online = new Option<bool>("--online") { Description = "Begin although silos are connected (postgres): they cannot commit until it is done." };
        command.Add(online);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var database = store.Open(parsed);
            var rebuilt = await ProgressBar.Show(progress => new Rebuild(database, Rooms.All).Run(parsed.GetValue(online), progress, cancel));
            var output = parsed.InvocationConfiguration.Output;
            foreach (var finding in rebuilt.Blocking) output.WriteLine(finding);
            if (!rebuilt.Blocking.IsEmpty)
            {
                output.WriteLine("Nothing was changed: the journal must be whole and known to this version.");
                return ExitCode.Findings;
            }

            foreach (var finding in rebuilt.Mended) output.WriteLine($"mended {finding}");
            output.WriteLine(FormattableString.Invariant($"Rebuilt; {rebuilt.Rows} rows differed."));
            return ExitCode.Ok;
        });
        return command;
    }
}
