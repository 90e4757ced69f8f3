using System.CommandLine;
using UnionSilo.Persistence;

namespace UnionSilo.Commands;

/// <summary><c>union-silo db status|script|upgrade|new-epoch</c>: the schema of the database, and what a restore asks for.</summary>
internal static class Db
{
    public static Command Command()
    {
        var command = new Command("db", "The schema of the database.");
        command.Add(Make("status", "Tells which scripts are applied; exit code 1 when some are not.", Status));
        var all = new Option<bool>("--all") { Description = "Print every script, whatever is applied; the database is not asked." };
        command.Add(Make("script", "Prints the scripts that are not applied, for a database administrator.", (schemas, parsed) => Script(schemas, parsed, parsed.GetValue(all)), all));
        command.Add(Make("upgrade", "Applies the scripts that are not applied.", Upgrade));
        command.Add(NewEpoch());
        return command;
    }

    private static Command NewEpoch()
    {
        var command = new Command("new-epoch",
            "Begins a new epoch of the feed, so that readers do not go on where other events stood. A silo does so by itself when its database is found in another place or older than its mark; "
            + "say it after putting back the folder of a stopped PostgreSQL server, or a SQLite file together with its mark. No silo may run.");
        var store = new StoreOptions();
        store.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var database = store.Open(parsed);
            await using var held = store.IsPostgres(parsed) ? null : new SqliteJournalStore(new() { File = store.File(parsed) });
            held?.TakeFile();
            var number = await Epochs.Begin(database, store.IsPostgres(parsed) ? null : store.File(parsed), cancel);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(FormattableString.Invariant($"Epoch {number} of the feed has begun."));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Make(string name, string description, Func<IReadOnlyList<Schema>, ParseResult, int> action, params ReadOnlySpan<Option> options)
    {
        var command = new Command(name, description);
        var store = new StoreOptions();
        store.AddTo(command);
        foreach (var option in options) command.Add(option);
        command.SetAction(parsed => action(store.Schemas(parsed), parsed));
        return command;
    }

    private static int Status(IReadOnlyList<Schema> schemas, ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        var current = true;
        foreach (var schema in schemas)
        {
            var status = schema.Status();
            current &= status.IsCurrent;
            output.WriteLine(FormattableString.Invariant($"{schema.Store}: version {status.Version}, {status.Pending.Length} pending"));
            foreach (var name in status.Pending) output.WriteLine($"  pending {name}");
            foreach (var name in status.Unknown) output.WriteLine($"  unknown {name}");
        }

        return current ? ExitCode.Ok : ExitCode.Findings;
    }

    private static int Script(IReadOnlyList<Schema> schemas, ParseResult parsed, bool all)
    {
        foreach (var schema in schemas) parsed.InvocationConfiguration.Output.WriteLine(schema.Script(all));
        return ExitCode.Ok;
    }

    private static int Upgrade(IReadOnlyList<Schema> schemas, ParseResult parsed)
    {
        foreach (var schema in schemas)
        {
            var applied = schema.Upgrade();
            parsed.InvocationConfiguration.Output.WriteLine(applied.IsEmpty ? $"{schema.Store}: nothing to do" : $"{schema.Store}: applied {string.Join(", ", applied)}");
        }

        return ExitCode.Ok;
    }
}
