extern alias Sample;

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sample::ConsoleHost;
using Sample::ConsoleHost.Roll;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Samples;

/// <summary>The whole sample leaves nothing personal behind that anybody could read.</summary>
[Trait("F", "29")]
public sealed class LeakSpecs : IDisposable
{
    // Nobody of the roll: stands in every place on purpose, so that a search that finds nothing else is known to see.
    private const string Control = "对照人甲·10099998888";

    private static readonly Operator Desk = new("desk-district", new(RollPlan.District), Role.District, Rights.Backdate);

    private readonly TemporaryFolder rolls = new();
    private readonly TemporaryFolder kept = new();
    private readonly ConcurrentQueue<string> logged = new();
    private readonly ConcurrentQueue<string> traced = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_personal_can_be_read_in_a_file_its_logs_or_its_traces()
    {
        var file = kept.File("union.db");
        using var listener = Listen();
        await using (var union = await RunningUnion.Embedded(file, configure: Log)) await Use(union);
        // Read what lies in the write-ahead logs as it lies there: closing the last connection of a file would empty its log, and the silo's pool closes them whenever it likes.
        await using var database = await Hold(file);
        await using var snapshots = await Hold(file + ".snapshots");
        await Plant(database, "BLOB");
        Search(new(kept.Path));

        static async Task<SqliteConnection> Hold(string file)
        {
            var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadWrite");
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_schema";
            Assert.NotEqual(0L, await command.ExecuteScalarAsync(Cancel));
            return connection;
        }
    }

    [Fact]
    public async Task Nothing_personal_can_be_read_in_a_server_its_logs_or_its_traces()
    {
        // The server writes down every statement with its parameters.
        var said = new ConcurrentQueue<string>();
        var everything = new Dictionary<string, string>(StringComparer.Ordinal) { ["log_statement"] = "all", ["log_min_duration_statement"] = "0", ["log_error_verbosity"] = "verbose" };
        using var server = PostgresServer.Create(everything, heard: said.Enqueue);
        var connectionString = server.CreateDatabase();
        Schema.Postgres(connectionString).Upgrade();
        using var listener = Listen();
        await using (var union = await RunningUnion.Postgres(connectionString, configure: Log)) await Use(union);
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync(Cancel);
            await Plant(connection, "bytea");
            await using var command = connection.Command("SELECT @control", ("@control", Control));
            await command.ExecuteNonQueryAsync(Cancel);
        }

        server.StopFast();
        Assert.True(said.Count > 1_000, "The server has written down next to nothing.");
        Search(new(server.DataFolder), ("server log", said));
    }

    public void Dispose()
    {
        rolls.Dispose();
        kept.Dispose();
    }

    /// <summary>The whole sample, then everything by which people are looked at and looked for, refusals and faults included.</summary>
    private async Task Use(RunningUnion union)
    {
        var planted = await new HalfYear(union.Client, new(rolls.Path), 0.01m).Replay((_, _) => _ => { }, Cancel);
        var half = Period.Half(2014, 1);
        Assert.Equal(planted.Entered, (await union.Client.Reports.Count(MemberMeasures.Entered, new(RollPlan.District), half, Cancel)).Value);

        var person = People().First(person => person.Number.Length == 18);
        var query = new MemberQuery { On = half.To, Within = new(RollPlan.District) };
        var found = (await union.Client.Members.Page(query with { Name = person.Name, Mobile = person.Mobile }, by: Desk, cancel: Cancel)).Lines[0];
        Assert.Equal(found.Id, Assert.Single((await union.Client.Members.Page(query with { Document = new(1, person.Number) }, by: Desk, cancel: Cancel)).Lines).Id);
        Assert.NotEmpty((await union.Client.Members.Page(query with { Union = found.Union, NamePrefix = person.Name[..2] }, by: Desk, cancel: Cancel)).Lines);
        Assert.Equal(person.Number, (await union.Client.Members.Get(found.Id, "verification", Desk, Cancel)).View.Personal!.DocumentNumber);
        Assert.NotNull((await union.Client.Members.Page(query with { Within = null, Name = person.Name }, by: Desk, cancel: Cancel)).Refusal);

        var other = new MemberId(Guid.CreateVersion7().ToString("N"));
        var form = new MemberForm { Name = person.Name, DocumentType = "1", DocumentNumber = person.Number, Mobile = person.Mobile };
        var refused = await union.Client.Members.Send(other, new MemberCommand.Enter(found.Union, null, form), new() { Operator = Desk, BusinessOn = half.To }, Cancel);
        Assert.Equal(MemberRules.DocumentHeld.Code, refused.Refusal?.Code);
        logged.Enqueue(refused.ToString());
        logged.Enqueue(new MemberCommand.Enter(found.Union, null, form).ToString());
        union.Get<ILogger<LeakSpecs>>().LogInformation("{Control}", Control);
        using var activity = new ActivitySource("UnionSilo.Tests").StartActivity("control");
        activity?.SetTag("control", Control);
    }

    private static async Task Plant(System.Data.Common.DbConnection connection, string bytes)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE TABLE control (form text, value {bytes})";
        await command.ExecuteNonQueryAsync(Cancel);
        foreach (var (form, value) in LeakSearch.Forms(Control))
        {
            command.CommandText = "INSERT INTO control VALUES (@form, @value)";
            command.Parameters.Clear();
            command.Bind("@form", form);
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@value", value);
            command.Parameters.Add(parameter);
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }

    private void Search(DirectoryInfo folder, params IEnumerable<(string Place, ConcurrentQueue<string> Lines)> more)
    {
        var people = People().ToList();
        Assert.True(people.Count > 2_400, "The roll holds too few people to prove anything.");
        var cards = Cards().ToList();
        Assert.True(cards.Count > 1_500, "The bank made too few cards to prove anything.");
        var personal = new LeakSearch(people.SelectMany(person => (string[])[person.Name, person.Number, person.Mobile]).Concat(cards).Where(value => value.Length > 0).Distinct());
        var control = new LeakSearch([Control]);

        Assert.Empty(personal.Find(folder));
        var seen = control.Find(folder);
        foreach (var (form, _) in LeakSearch.Forms(Control)) Assert.Contains(seen, found => found.StartsWith($"{form} in ", StringComparison.Ordinal));
        foreach (var (place, lines) in more.Concat([("logs", logged), ("traces", traced)]))
        {
            var text = string.Join('\n', lines);
            Assert.Empty(personal.Find(new MemoryStream(Encoding.UTF8.GetBytes(text)), place));
            Assert.Equal([$"utf-8 in {place}"], control.Find(new MemoryStream(Encoding.UTF8.GetBytes(text)), place));
        }
    }

    // Every column of the sheet that names somebody, as typed and as it is normalised.
    private IEnumerable<(string Name, string Number, string Mobile)> People()
    {
        foreach (var file in new DirectoryInfo(Path.Combine(rolls.Path, "roll")).EnumerateFiles("members*.csv").Where(file => !file.Name.Contains("errors", StringComparison.Ordinal)))
            foreach (var line in File.ReadLines(file.FullName).Skip(1))
            {
                var cells = line.Split(',');
                yield return (cells[2], string.Concat(cells[4].Select(c => c > 0xFEE0 ? (char)(c - 0xFEE0) : c)), cells[15]);
            }
    }

    // The numbers the bank gives, first and second, and what it writes beside a rejection.
    private IEnumerable<string> Cards() => File.ReadLines(Path.Combine(rolls.Path, "roll", "cards.csv")).Skip(1).Select(line => line.Split(',')).SelectMany(cells => (string[])[cells[2], cells[4]]).Where(cell => cell.Length > 0);

    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traced.Enqueue($"{activity.OperationName} {activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(happened => happened.Tags))} {string.Join(' ', activity.Baggage)}"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private void Log(Microsoft.Extensions.Hosting.HostApplicationBuilder builder) =>
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Logged(logged));

    private sealed class Logged(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
