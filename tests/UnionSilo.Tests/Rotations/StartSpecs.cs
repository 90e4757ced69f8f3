using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using UnionGrains.Kernel;
using UnionSilo.Hosting;
using UnionTesting;

namespace UnionSilo.Tests.Rotations;

/// <summary>What a start does with master keys and secrets, and when it is refused.</summary>
[Trait("F", "20")]
public sealed class StartSpecs(SharedPostgres postgres)
{
    private static readonly MasterKeys Old = new([MasterKey.New()]);
    private static readonly MasterKeys Other = new([MasterKey.New()]);
    private static readonly MasterKeys Both = new([.. Other.Keys, .. Old.Keys]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_embedded_union_makes_its_key_and_says_once_that_it_must_be_backed_up()
    {
        using var folder = new TemporaryFolder();
        var (file, heard) = (folder.File("union.db"), new Heard());
        await using (await RunningUnion.Embedded(file, configure: builder => builder.Services.AddSingleton<ILoggerProvider>(heard))) Assert.Equal(1, heard.Count("A master key was made"));
        var key = File.ReadAllText(file + ".key");
        await using (await RunningUnion.Embedded(file, configure: builder => builder.Services.AddSingleton<ILoggerProvider>(heard))) Assert.Equal(1, heard.Count("A master key was made"));
        Assert.Equal(1, heard.Count($"A master key was made: {UnionKey.OfFile(file + ".key").Newest} in the file '{file}.key'. Back this file up, apart from the database"));
        Assert.Equal(0, heard.Count(key.Trim()));
        Assert.Equal(key, File.ReadAllText(file + ".key"));
    }

    [Fact]
    [Trait("Case", "refused")]
    public async Task An_embedded_union_does_not_start_without_the_key_it_began_with_and_makes_no_new_one()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("union.db");
        await using (await RunningUnion.Embedded(file)) await Task.Yield();
        var key = UnionKey.OfFile(file + ".key");
        var message = $"The master key '{key.Newest}' wraps keys of this database and was not given to this program.";

        File.Move(file + ".key", folder.File("elsewhere"));
        Assert.Equal(message, Assert.Throws<MasterKeyMissingException>(() => Embedded(file)).Message);
        Assert.False(File.Exists(file + ".key"));

        UnionKey.Write(file + ".key", Other);
        Assert.Equal(message, Assert.Throws<MasterKeyMissingException>(() => Embedded(file)).Message);

        File.Move(folder.File("elsewhere"), file + ".key", overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file + ".key", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            Assert.Contains("chmod 0600", Assert.Throws<InvalidDataException>(() => Embedded(file)).Message, StringComparison.Ordinal);
            File.SetUnixFileMode(file + ".key", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await using (await RunningUnion.Embedded(file)) await Task.Yield(); // Put right, it starts.
    }

    [Fact]
    [Trait("Case", "refused")]
    public async Task A_silo_of_a_cluster_does_not_start_with_another_key_than_the_one_in_use()
    {
        await using var people = new People(postgres, "postgres");
        people.Secrets.Open(Old);
        var message = $"The master key '{Old.Newest}' wraps keys of this database and was not given to this program.";
        Assert.Equal(message, Assert.Throws<MasterKeyMissingException>(() => Postgres(people.ConnectionString, Other)).Message);
        Postgres(people.ConnectionString, Both);

        // Under the newest one are the secrets now, under the older one a person only.
        await people.Join(Old, 1, 1);
        await people.Secrets.Rewrap(Both, Cancel);
        Assert.Equal(message, Assert.Throws<MasterKeyMissingException>(() => Postgres(people.ConnectionString, Other)).Message);
        Assert.Equal([.. Both.Keys.Select(key => key.Id).Order(StringComparer.Ordinal)], people.Secrets.MastersInUse());
        Postgres(people.ConnectionString, Both);

        var (code, said) = await people.Run(People.Text(Other.Newest), "run", "--silo-port", "0", "--gateway-port", "0", "--health-port", "0");
        Assert.Equal((3, message), (code, said.Trim()));
    }

    [Fact]
    public async Task A_silo_of_a_cluster_reads_its_key_from_a_file()
    {
        await using var people = new People(postgres, "postgres");
        UnionKey.Write(people.KeyFile, Old);
        Host.CreateEmptyApplicationBuilder(null).AddPostgresUnion(union => (union.ConnectionString, union.MasterKeyFile) = (people.ConnectionString, people.KeyFile));
        Assert.Equal([Old.Newest.Id], people.Secrets.MastersInUse());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Silos_that_start_at_once_agree_on_the_secrets(string store)
    {
        await using var people = new People(postgres, store);
        using var start = new Barrier(8);
        var hashes = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Cancel);
                // In the midst of a rotation some silos already wrap with the newer key.
                return people.Hashes(n % 2 == 0 ? Both : new([.. Old.Keys, .. Other.Keys]));
            },
            Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Single(hashes.Distinct(StringComparer.Ordinal));
        Assert.Equal(hashes[0], people.Hashes(Both));
        Assert.Equal(2, people.Secrets.Count().Values.Sum());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Secrets_of_two_installations_differ(string store)
    {
        await using var here = new People(postgres, store);
        await using var there = new People(postgres, store);
        var (one, two) = (here.Hashes(Old).Split(' '), there.Hashes(Old).Split(' '));
        Assert.NotEqual(one[0], two[0]);
        Assert.NotEqual(one[1], two[1]);
        Assert.All([one[1], two[1]], hash => Assert.StartsWith("1.", hash, StringComparison.Ordinal));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_damaged_secret_stops_the_start_by_its_name(string store)
    {
        await using var people = new People(postgres, store);
        people.Secrets.Open(Old);
        await people.Execute($"UPDATE secret SET wrapped = {(store == "postgres" ? "'\\x0102'" : "x'0102'")} WHERE purpose = 'command-hash'");
        Assert.Equal("The secret 'command-hash' of this database is damaged: restore the table 'secret'.", Assert.Throws<InvalidDataException>(() => people.Secrets.Open(Old)).Message);
    }

    private static void Embedded(string file) => Host.CreateEmptyApplicationBuilder(null).AddEmbeddedUnion(union => union.File = file);

    private static void Postgres(string connectionString, MasterKeys masters) =>
        Host.CreateEmptyApplicationBuilder(null).AddPostgresUnion(union => (union.ConnectionString, union.MasterKey) = (connectionString, People.Text([.. masters.Keys])));

    private sealed class Heard : ILoggerProvider, ILogger
    {
        private readonly List<string> lines = [];

        public int Count(string text)
        {
            lock (lines) return lines.Count(line => line.Contains(text, StringComparison.Ordinal));
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
