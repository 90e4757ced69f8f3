using System.CommandLine;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using UnionGrains.Kernel;
using UnionSilo.Hosting;
using UnionSilo.Persistence;

namespace UnionSilo.Commands;

/// <summary><c>union-silo keys list|rotate</c>: the master keys, which wrap the key of each person's data. No secret is ever printed.</summary>
internal static class Keys
{
    private const string Given =
        $"The master keys are read from the key file beside the database (sqlite), or from {Run.KeyVariable} or the file named by {Run.KeyFileVariable} (postgres): one or several, each Base64 of 32 bytes, between commas or line breaks, the newest first.";

    public static Command Command() => new("keys", "The master keys, which wrap the key of each person's data. See docs/keys.md.") { List(), Rotate() };

    private static Command List()
    {
        var command = new Command("list", $"Prints the numbers of the master keys and how much each of them wraps; no secret. Changes nothing; silos may run. Exit code 1 when a key is needed that was not given. {Given}");
        var store = new StoreOptions();
        store.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var database = OpenCurrent(store, parsed);
            var masters = store.IsPostgres(parsed) ? OfSilo() : UnionKey.OfFile(KeyFile(store, parsed));
            var persons = await new PersonKeys(database).Count(cancel);
            var secrets = new Secrets(database).Count();
            var missing = persons.Keys.Union(secrets.Keys, StringComparer.Ordinal).Where(id => !masters.Holds(id)).Order(StringComparer.Ordinal).ToList();
            foreach (var id in masters.Keys.Select(key => key.Id).Concat(missing))
            {
                var note = id == masters.Newest.Id ? "wraps from now on" : masters.Holds(id) ? "only unwraps" : "was not given";
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    FormattableString.Invariant($"{id}  {persons.GetValueOrDefault(id)} keys of persons, {secrets.GetValueOrDefault(id)} secrets, {note}"));
            }

            return missing.Count == 0 ? ExitCode.Ok : ExitCode.Findings;
        });
        return command;
    }

    private static Command Rotate()
    {
        var command = new Command("rotate",
            "Brings all that older master keys wrap under the newest one; the journal is not touched. It may be killed and run again. "
            + "sqlite: makes a new key, and drops the older ones from the key file in the end; no silo may hold the file. "
            + $"postgres: silos that know both keys may run; exit code 1 when one of them still wraps with an older key. {Given}");
        var store = new StoreOptions();
        store.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                await using var database = OpenCurrent(store, parsed);
                return await (store.IsPostgres(parsed) ? RotateCluster(database, parsed, cancel) : RotateFile(store.File(parsed), database, parsed, cancel));
            }
            catch (OperationCanceledException)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("Given up; what is done stays done. Run it again to go on.");
                return ExitCode.Failed;
            }
        });
        return command;
    }

    private static async Task<int> RotateFile(string file, Database database, ParseResult parsed, CancellationToken cancel)
    {
        var output = parsed.InvocationConfiguration.Output;
        await using var held = new SqliteJournalStore(new() { File = file });
        held.TakeFile();
        var path = UnionKey.FileOf(Path.GetFullPath(file));
        var masters = UnionKey.OfFile(path);
        new Secrets(database).Check(masters);
        if (masters.Keys is [var only])
        {
            masters = new([MasterKey.New(), only]);
            UnionKey.Write(path, masters); // Before anything is wrapped with the new key.
            await output.WriteLineAsync($"A new master key was made: {masters.Newest}.");
        }
        else
        {
            await output.WriteLineAsync($"The rotation to the master key {masters.Newest} goes on.");
        }

        var (done, _) = await ProgressBar.Show(progress => new Rotation(database).Run(masters, progress, cancel));
        var newest = new MasterKeys([masters.Newest]);
        new Secrets(database).Check(newest); // What the older keys wrapped would be lost with them.
        EmptyLog(file);
        UnionKey.Write(path, newest);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Keys of persons wrapped anew: {done}. All is under {masters.Newest}; the key file '{path}' holds only this one. Back it up again, apart from the database."));
        return ExitCode.Ok;
    }

    private static async Task<int> RotateCluster(Database database, ParseResult parsed, CancellationToken cancel)
    {
        var output = parsed.InvocationConfiguration.Output;
        var masters = OfSilo();
        var older = string.Join(", ", masters.Keys.Skip(1));
        var (done, remaining) = await ProgressBar.Show(progress => new Rotation(database).Run(masters, progress, cancel));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Keys of persons wrapped anew: {done}."));
        if (remaining > 0)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"Keys of persons that silos wrapped with an older key meanwhile: {remaining}. Put {masters.Newest} first on every silo, restart them one after the other, and run this again."));
            return ExitCode.Findings;
        }

        await output.WriteLineAsync(older.Length == 0
            ? $"All is under {masters.Newest}, the only master key given. To rotate, make a new one (openssl rand -base64 32) and see docs/keys.md."
            : $"All is under {masters.Newest}. Once every silo wraps with it, remove {older} from the silos and restart them one after the other.");
        return ExitCode.Ok;
    }

    private static Database OpenCurrent(StoreOptions store, ParseResult parsed)
    {
        var database = store.Open(parsed);
        return store.Schemas(parsed)[0].Status().IsCurrent ? database : throw new InvalidDataException("The schema is older than this program: run `union-silo db upgrade`.");
    }

    private static string KeyFile(StoreOptions store, ParseResult parsed) => UnionKey.FileOf(Path.GetFullPath(store.File(parsed)));

    // From where a silo takes them, so that both mean the same.
    private static MasterKeys OfSilo()
    {
        var configuration = WebApplication.CreateSlimBuilder().Configuration;
        var options = Run.Configured(configuration);
        return UnionKey.Of(options.MasterKey, options.MasterKeyFile);
    }

    /// <summary>Cuts the write-ahead log off: it still holds pages with keys that the former master key wraps.</summary>
    private static void EmptyLog(string file)
    {
        using var session = SqliteSession.Open(new() { File = file }, SqliteOpenMode.ReadWrite, 1);
        session.EmptyLog();
    }
}
