using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using UnionDomain.Employers;
using UnionSilo.Hosting;
using UnionTesting;

namespace UnionClient.Tests;

/// <summary>What the client does when something breaks on the way, seen from inside the silo.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private static readonly Guid Id = new("01460000-0000-7000-8000-000000000001");

    private readonly TemporaryFolder folder = new();
    private readonly Interference interference = new();
    private readonly UnionClientOptions options = new() { TotalTime = TimeSpan.FromSeconds(20), FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(5), Operator = District.Officer };
    private RunningUnion union = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        union = await RunningUnion.Embedded(folder.File("union.db"), configure: builder =>
        {
            builder.Services.AddSingleton<IIncomingGrainCallFilter>(interference);
            builder.Services.AddSingleton(Options.Create(options));
        });
        await union.Client.Found();
    }

    [Fact]
    public async Task A_transient_fault_is_repeated_with_the_same_id_until_it_succeeds()
    {
        UnionFault[] transient = [.. Faults.All.Where(kind => kind.Retryable).Select(kind => new UnionFault(kind.Code, retryable: true, kind.Meaning))];
        interference.On = (n, call) => n <= transient.Length ? throw transient[n - 1] : call.Invoke();
        var reply = await union.Client.Employers.Send(District.Unit(1), District.Registration(1), new() { CommandId = Id }, Cancel);
        Assert.True(reply.Accepted);
        Assert.Equal(1, reply.Version);
        Assert.Equal(Enumerable.Repeat(Id, transient.Length + 1), interference.Arrived);
    }

    [Fact]
    public async Task A_command_whose_answer_was_lost_is_applied_once()
    {
        interference.On = async (n, call) =>
        {
            await call.Invoke();
            if (n <= 2) throw new TimeoutException("The answer was lost.");
        };
        var reply = await union.Client.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel);
        Assert.True(reply.Accepted);
        Assert.Equal(1, reply.Version);
        Assert.Equal(3, interference.Arrived.Count);
        Assert.Single(interference.Arrived.Distinct());
        Assert.Single(await union.Stored("employer/E-0001", Cancel));
    }

    [Fact]
    public async Task A_lasting_fault_is_not_repeated()
    {
        interference.On = (_, _) => throw Faults.UnknownCase("from-the-future");
        var fault = await Assert.ThrowsAsync<UnionFault>(() => union.Client.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel));
        Assert.Equal(("unknown-case", false), (fault.Code, fault.Retryable));
        Assert.Contains("from-the-future", fault.Message, StringComparison.Ordinal);
        Assert.Single(interference.Arrived);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_is_not_repeated()
    {
        var reply = await union.Client.Employers.Send(District.Unit(1), new EmployerCommand.Suspend(), cancel: Cancel);
        Assert.Equal(EmployerRules.Unknown, reply.Refusal);
        Assert.Single(interference.Arrived);
    }

    [Fact]
    public async Task The_last_fault_is_told_when_the_total_time_is_over()
    {
        options.TotalTime = TimeSpan.FromSeconds(1);
        interference.On = (_, _) => throw Faults.Overloaded();
        var begun = TimeProvider.System.GetTimestamp();
        var fault = await Assert.ThrowsAsync<UnionFault>(() => union.Client.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel));
        Assert.Equal("overloaded", fault.Code);
        Assert.True(interference.Arrived.Count > 10, $"{interference.Arrived.Count} attempts");
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 0.9, 10);
    }

    [Fact]
    public async Task A_repeat_without_an_answer_takes_no_more_than_what_is_left_of_the_total_time()
    {
        options.TotalTime = TimeSpan.FromSeconds(1);
        var never = new TaskCompletionSource();
        interference.On = (n, _) => n == 1 ? throw Faults.Overloaded() : never.Task;
        var begun = TimeProvider.System.GetTimestamp();
        var fault = await Assert.ThrowsAsync<UnionFault>(() => union.Client.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel));
        Assert.Equal("no-answer", fault.Code);
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 0.9, 10);
        Assert.Equal(2, interference.Arrived.Count);
        never.SetResult();
    }

    [Fact]
    public async Task Pauses_double_up_to_the_longest_and_no_two_callers_keep_the_same_time()
    {
        var (clock, fault) = (new ImpatientClock(), Faults.Overloaded());
        UnionClientOptions usual = new() { TotalTime = TimeSpan.FromHours(1), FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromMilliseconds(800) };
        var calls = new Calls(usual, clock);
        foreach (var caller in Enumerable.Range(0, 20))
        {
            clock.Waited.Clear();
            var attempts = 0;
            Assert.Equal(7, await calls.Do(() => ++attempts < 7 ? throw fault : Task.FromResult(attempts), Cancel));
            double[] longest = [100, 200, 400, 800, 800, 800];
            Assert.Equal(longest.Length, clock.Waited.Count);
            Assert.All(clock.Waited.Zip(longest), pause => Assert.InRange(pause.First.TotalMilliseconds, (pause.Second / 2) - 1, pause.Second));
            clock.First.Add(clock.Waited[0]);
        }

        Assert.True(clock.First.Distinct().Count() > 10);
    }

    [Fact]
    public async Task Without_any_answer_the_fault_says_that_the_outcome_is_unknown()
    {
        options.TotalTime = TimeSpan.FromSeconds(1);
        interference.On = (_, _) => throw new TimeoutException();
        var fault = await Assert.ThrowsAsync<UnionFault>(() => union.Client.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel));
        Assert.Equal(("no-answer", true), (fault.Code, fault.Retryable));
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_let_go_and_the_command_may_still_be_applied()
    {
        var (arrived, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        interference.On = async (_, call) =>
        {
            arrived.SetResult();
            await goOn.Task;
            await call.Invoke();
        };
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var sent = union.Client.Employers.Send(District.Unit(1), District.Registration(1), new() { CommandId = Id }, giveUp.Token);
        await arrived.Task;
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        interference.On = (_, call) => call.Invoke();
        goOn.SetResult();
        Assert.Equal(1, (await union.Client.Employers.Send(District.Unit(1), District.Registration(1), new() { CommandId = Id }, Cancel)).Version);
    }

    [Fact]
    public async Task A_command_without_an_operator_is_a_mistake_that_says_what_is_missing()
    {
        options.Operator = null;
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() => union.Client.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel));
        Assert.Contains("operator", mistake.Message, StringComparison.Ordinal);
        Assert.Empty(interference.Arrived);
    }

    [Theory, InlineData("TotalTime", "00:00:00.5"), InlineData("TotalTime", "01:00:01"), InlineData("AttemptTime", "00:00:00"), InlineData("FirstPause", "00:00:00"), InlineData("LongestPause", "00:11:00")]
    public async Task Options_outside_their_ranges_stop_the_start(string option, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.Sources.Add(new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = [new($"Union:Client:{option}", value)] });
        builder.AddEmbeddedUnion(embedded => embedded.File = folder.File("second.db"));
        using var second = builder.Build();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => second.StartAsync(Cancel));
        Assert.Contains(option, refused.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await union.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    /// <summary>A clock whose timers of a pause ring at once, and which remembers how long they should have taken. Time itself stands still.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public List<TimeSpan> Waited { get; } = [];

        public List<TimeSpan> First { get; } = [];

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.FromMinutes(1)) return base.CreateTimer(callback, state, dueTime, period);
            Waited.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
