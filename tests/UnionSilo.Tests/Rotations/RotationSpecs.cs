using System.CommandLine;
using System.Diagnostics;
using UnionDomain.Employers;
using UnionGrains.Kernel;
using UnionSilo.Commands;
using UnionSilo.Hosting;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Rotations;

/// <summary>A new master key takes the place of the old one: everything is wrapped anew, and nothing else changes.</summary>
[Trait("F", "20")]
public sealed class RotationSpecs(SharedPostgres postgres, ITestOutputHelper output)
{
    private const int Many = 3_000;
    private const int Page = 1_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_rotation_wraps_everything_anew_and_leaves_journal_and_secrets_as_they_are(string store)
    {
        await using var people = new People(postgres, store);
        var (old, next) = (MasterKey.New(), MasterKey.New());
        await people.Join(new([old]), 1, Many);
        UnionKey.Write(people.KeyFile, new([old]));
        var (journal, hashes) = (await people.JournalHash(), people.Hashes(new([old])));

        var waited = Stopwatch.StartNew();
        var (code, said) = await people.Run(People.Text(next, old), "keys", "rotate");
        output.WriteLine($"{Many} keys, with the start of the program: {waited.Elapsed}");

        Assert.Equal(0, code);
        Assert.Contains($"Keys of persons wrapped anew: {Many}.", said, StringComparison.Ordinal);
        var newest = store == "postgres" ? new([next]) : UnionKey.OfFile(people.KeyFile);
        Assert.Equal([newest.Newest.Id], people.Secrets.MastersInUse());
        Assert.NotEqual(old.Id, newest.Newest.Id);
        Assert.Single(newest.Keys);
        await people.AreOpenedBy(newest);
        Assert.Equal(journal, await people.JournalHash());
        Assert.Equal(hashes, people.Hashes(newest));
        Assert.Equal(old.Id, store == "postgres" ? said.Split("remove ")[1].Split(' ')[0] : old.Id);
        Assert.DoesNotContain(People.Text(old), said, StringComparison.Ordinal);
        Assert.DoesNotContain(People.Text(newest.Newest), said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite", 1)]
    [InlineData("sqlite", 2_500)]
    [InlineData("postgres", 1)]
    [InlineData("postgres", 2_500)]
    public async Task A_rotation_that_is_killed_midway_leaves_every_key_usable_and_is_ended_by_the_next(string store, int stuck)
    {
        await using var people = new People(postgres, store);
        var (old, next) = (MasterKey.New(), MasterKey.New());
        await people.Join(new([old]), 1, Many);
        UnionKey.Write(people.KeyFile, new([old]));
        var (journal, hashes) = (await people.JournalHash(), people.Hashes(new([old])));
        var done = stuck / Page * Page;

        await using (await people.Hold(stuck))
        {
            using var rotation = people.Program(People.Text(next, old), "keys", "rotate");
            // It waits inside a page; the pages before are committed.
            while (people.Secrets.Count().ContainsKey(old.Id) || await Under(people, old) != Many - done || !await people.SomebodyWaits())
            {
                Assert.False(rotation.HasExited);
                await Task.Delay(5, Cancel);
            }

            rotation.Kill();
            await rotation.WaitForExitAsync(Cancel);
        }

        Assert.Equal(Many - done, await Under(people, old));
        output.WriteLine($"killed with {done} of {Many} keys wrapped anew");
        var both = store == "postgres" ? new([next, old]) : UnionKey.OfFile(people.KeyFile);
        Assert.Equal(old.Id, both.Keys[1].Id);
        Assert.Equal(hashes, people.Hashes(both));
        await people.AreOpenedBy(both);
        Assert.Equal(both.Newest.Id, Assert.Throws<MasterKeyMissingException>(() => people.Secrets.Open(new([old]))).Id);

        var (code, said) = await people.Run(People.Text(next, old), "keys", "rotate");
        Assert.Equal(0, code);
        Assert.Contains(FormattableString.Invariant($"Keys of persons wrapped anew: {Many - done}."), said, StringComparison.Ordinal);
        if (store == "sqlite")
        {
            Assert.Contains($"The rotation to the master key {both.Newest} goes on.", said, StringComparison.Ordinal);
            Assert.Equal([both.Newest.Id], UnionKey.OfFile(people.KeyFile).Keys.Select(key => key.Id));
        }

        await people.AreOpenedBy(new([both.Newest]));
        Assert.Equal(journal, await people.JournalHash());
        Assert.Equal(hashes, people.Hashes(new([both.Newest])));
    }

    [Fact]
    public async Task A_rotation_killed_before_it_could_drop_the_old_key_drops_it_the_next_time()
    {
        await using var people = new People(postgres, "sqlite");
        var (old, next) = (MasterKey.New(), MasterKey.New());
        await people.Join(new([old]), 1, 10);
        UnionKey.Write(people.KeyFile, new([next, old]));
        await new Rotation(people.Database).Run(new([next, old]), null, Cancel);
        var (code, said, _) = await Here(people.Line("keys", "rotate"));
        Assert.Equal(0, code);
        Assert.Contains("Keys of persons wrapped anew: 0.", said, StringComparison.Ordinal);
        Assert.Equal([next.Id], UnionKey.OfFile(people.KeyFile).Keys.Select(key => key.Id));
    }

    [Fact]
    public async Task Silos_that_know_both_keys_give_new_ones_while_a_rotation_runs()
    {
        await using var people = new People(postgres, "postgres");
        var (old, next) = (MasterKey.New(), MasterKey.New());
        var both = new MasterKeys([next, old]);
        await people.Join(new([old]), 1, Many);
        var pages = 0;
        Task? joining = null;
        var rewrapped = await new Rotation(people.Database).Run(both, new Told(_ =>
        {
            // From the first page on, by two silos.
            if (++pages == 1) joining = Task.WhenAll(Task.Run(() => people.Join(both, 90_000, Many)), Task.Run(() => people.Join(both, 80_000, 500)));
        }), Cancel);
        Assert.False(joining is null);
        await joining;
        Assert.Equal((Many, 0), (rewrapped.Done, rewrapped.Remaining));
        Assert.True(pages >= Many / Page);
        Assert.Equal([KeyValuePair.Create(next.Id, Many + Many + 500L)], await people.Keys.Count(Cancel));
        await people.AreOpenedBy(new([next]));
    }

    [Fact]
    [Trait("Case", "refused")]
    public async Task Keys_that_silos_go_on_wrapping_with_the_old_one_are_counted_and_the_old_one_is_not_called_dispensable()
    {
        await using var people = new People(postgres, "postgres");
        var (old, next) = (MasterKey.New(), MasterKey.New());
        await people.Join(new([old]), 1, 20);
        // As if a silo wrapped it again and again.
        await people.Execute($"""
            CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER again BEFORE UPDATE ON person_key FOR EACH ROW WHEN (OLD.stream = '{People.Stream(7)}') EXECUTE FUNCTION again()
            """);
        var (code, said) = await people.Run(People.Text(next, old), "keys", "rotate");
        Assert.Equal(1, code);
        Assert.Contains($"Keys of persons that silos wrapped with an older key meanwhile: 1. Put {next} first on every silo", said, StringComparison.Ordinal);
        Assert.DoesNotContain("remove", said, StringComparison.Ordinal);
        var (listed, list) = await people.Run(People.Text(next, old), "keys", "list");
        Assert.Equal((0, $"{next}  19 keys of persons, 2 secrets, wraps from now on\n{old}  1 keys of persons, 0 secrets, only unwraps\n"), (listed, list));
    }

    [Fact]
    [Trait("Case", "refused")]
    public async Task Without_a_key_that_is_needed_nothing_is_rotated()
    {
        await using var people = new People(postgres, "postgres");
        var (old, next) = (MasterKey.New(), MasterKey.New());
        await people.Join(new([old]), 1, 20);
        var missing = $"The master key '{old}' wraps keys of this database and was not given to this program.";
        Assert.Equal((3, missing), Trimmed(await people.Run(People.Text(next), "keys", "rotate")));
        Assert.Equal([old.Id], people.Secrets.MastersInUse());
        var (code, list) = await people.Run(People.Text(next), "keys", "list");
        Assert.Equal((1, $"{next}  0 keys of persons, 0 secrets, wraps from now on\n{old}  20 keys of persons, 2 secrets, was not given\n"), (code, list));
        (code, list) = await people.Run("", "keys", "list");
        Assert.Equal(3, code);
        Assert.StartsWith("The master key is missing: ", list, StringComparison.Ordinal);
        (code, list) = await people.Run(People.Text(old), "keys", "rotate");
        Assert.Equal(0, code);
        Assert.Contains($"All is under {old}, the only master key given.", list, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "refused")]
    public async Task A_file_is_not_rotated_while_a_silo_holds_it_and_without_its_key()
    {
        await using var people = new People(postgres, "sqlite");
        var id = Guid.CreateVersion7();
        string key;
        await using (var silo = await RunningUnion.Embedded(people.File))
        {
            Assert.Null((await silo.Client.Found()).Refusal);
            Assert.Null((await silo.Client.Send(District.Unit(1), District.Registration(1), id, Cancel)).Refusal);
            key = File.ReadAllText(people.KeyFile);
            var (refused, _, error) = await Here(people.Line("keys", "rotate"));
            Assert.Equal(3, refused);
            Assert.Contains("is in use: another process writes it", error, StringComparison.Ordinal);
            Assert.Equal(key, File.ReadAllText(people.KeyFile));
        }

        File.Move(people.KeyFile, people.KeyFile + ".away");
        var (code, _, absent) = await Here(people.Line("keys", "rotate"));
        Assert.Equal(3, code);
        Assert.Contains(people.KeyFile, absent, StringComparison.Ordinal);
        UnionKey.Write(people.KeyFile, new([MasterKey.New()]));
        (code, _, absent) = await Here(people.Line("keys", "rotate"));
        Assert.Equal((3, $"The master key '{UnionKey.OfText(key, "").Newest}' wraps keys of this database and was not given to this program."), (code, absent.Trim()));

        File.Move(people.KeyFile + ".away", people.KeyFile, overwrite: true);
        (code, _, _) = await Here(people.Line("keys", "rotate"));
        Assert.Equal(0, code);
        Assert.NotEqual(key, File.ReadAllText(people.KeyFile));
        await using var again = await RunningUnion.Embedded(people.File);
        // The same command under the same id is known again; another one is not taken for it.
        Assert.Equal(1, (await again.Client.Send(District.Unit(1), District.Registration(1), id, Cancel)).Version);
        Assert.NotNull((await again.Client.Send(District.Unit(1), new EmployerCommand.ReportHeadcount(5), id, Cancel)).Refusal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_or_not_current_is_a_failure()
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = await Here(["keys", "list", "--file", folder.File("absent.db")]);
        Assert.Equal((3, $"There is no file {folder.File("absent.db")}."), (code, error.Trim()));
        (code, _, error) = await Here(["keys", "rotate", "--store", "postgres", "--connection", postgres.EmptyDatabase()]);
        Assert.Equal((3, "The schema is older than this program: run `union-silo db upgrade`."), (code, error.Trim()));
        Assert.Equal(2, (await Here(["keys"])).Code);
        Assert.Contains("UNION_KEY", (await Here(["keys", "rotate", "--help"])).Said, StringComparison.Ordinal);
    }

    private static async Task<long> Under(People people, MasterKey master) => (await people.Keys.Count(Cancel)).GetValueOrDefault(master.Id);

    private static (int Code, string Said) Trimmed((int Code, string Said) run) => (run.Code, run.Said.Trim());

    private static async Task<(int Code, string Said, string Error)> Here(string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.Run(line, new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private sealed class Told(Action<Persistence.Progress> hear) : IProgress<Persistence.Progress>
    {
        public void Report(Persistence.Progress value) => hear(value);
    }
}
