using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using UnionClient;
using UnionDomain;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionGrains.Employers;
using UnionGrains.Kernel;
using UnionTesting;

namespace UnionGrains.Tests.Kernel;

/// <summary>The set-wise path alone: what it does when a claim is taken, a stream goes to somebody else, or the store is away. The store is a scripted one.</summary>
public sealed class SetWiseTests : IAsyncLifetime
{
    private static readonly UnionId Federation = new("U-1");
    private static readonly Operator Officer = new("op-1", new("U-desk"), Role.District);

    private readonly ScriptedStore store = new();
    private readonly JournalOptions options = new() { Slots = 100, Patience = TimeSpan.FromMilliseconds(300), LongestPause = TimeSpan.FromMilliseconds(5) };
    private readonly ActiveStreams active = new();
    private readonly Meters meters = new();
    private Func<StreamId, Task<object?>> look = stream => Task.FromResult<object?>(new UnionView { Id = new(stream.Key), Status = UnionStatus.Active, Level = UnionLevel.District, EstablishedOn = new(2014, 1, 1) });
    private int looks;
    private Journal? journal;
    private AggregateKernel? kernel;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (journal is not null) await journal.DisposeAsync();
        meters.Dispose();
    }

    [Fact]
    public async Task All_streams_are_read_with_one_query_and_each_other_aggregate_is_asked_once()
    {
        var outcomes = await Send([.. Enumerable.Range(1, 50).SelectMany(n => Rows((n, Registration(n)), (n, Headcount(n))))]);
        Assert.All(outcomes, outcome => Assert.True(outcome.Accepted));
        Assert.Equal(Enumerable.Range(0, 100).Select(n => (long)(n % 2) + 1), outcomes.Select(outcome => outcome.Version));
        Assert.Equal([50], store.Reads);
        Assert.Equal(1, looks);
        Assert.Equal(50, Enumerable.Range(1, 50).Count(n => store.Version($"employer/E-{n}") == 2));
    }

    [Fact]
    public async Task A_taken_claim_in_the_middle_refuses_its_row_and_what_follows_is_decided_on_the_truth()
    {
        Assert.True(Assert.Single(await Send(Rows((9, Registration(9))))).Accepted);
        var outcomes = await Send(Rows((1, Registration(1)), (1, Headcount(5)), (1, new EmployerCommand.CorrectCode(Registration(9).Code)), (1, Headcount(6)), (1, new EmployerCommand.CorrectCode(Registration(2).Code)), (2, Registration(3))));
        Assert.Equal([(1, 1), (2, 1), (2, 0), (3, 1), (4, 1), (1, 1)], outcomes.Select(outcome => (outcome.Version, outcome.Events)));
        Assert.Equal([null, null, EmployerRules.CodeHeld.With("code", Registration(9).Code).With("holder", "employer/E-9"), null, null, null], outcomes.Select(outcome => outcome.Refusal));
        Assert.Equal(4, store.Version("employer/E-1"));
    }

    [Fact]
    public async Task Within_one_window_the_first_to_take_a_claim_has_it()
    {
        var outcomes = await Send(Rows((1, Registration(1)), (2, Registration(1)), (2, Registration(2))));
        Assert.Equal([null, "employer.code-held", null], outcomes.Select(outcome => outcome.Refusal?.Code));
        Assert.Equal((1, 1), (store.Version("employer/E-1"), store.Version("employer/E-2")));
    }

    [Fact]
    public async Task A_stream_that_somebody_else_changes_is_read_and_decided_again()
    {
        await Send(Rows((1, Registration(1))));
        var other = Guid.CreateVersion7();
        var once = 0;
        store.OnCommit = attempt =>
        {
            if (attempt.Has("employer/E-1") && Interlocked.Exchange(ref once, 1) == 0) store.Put("employer/E-1", new EmployerEvent.HeadcountReported(5, null, null, new(2014, 6, 1)), other);
            return Task.FromResult(attempt.Apply());
        };
        var outcomes = await Send(Rows((1, Headcount(5)), (1, Headcount(6)), (2, Registration(2))));
        // The other one had reported the same number: nothing is left to do.
        Assert.Equal([(2, 0), (3, 1), (1, 1)], outcomes.Select(outcome => (outcome.Version, outcome.Events)));
        Assert.Equal(other, store.Commands("employer/E-1")[1]);
    }

    [Fact]
    public async Task A_stream_that_is_lost_every_time_ends_with_a_retryable_fault_and_its_later_rows_are_not_tried()
    {
        await Send(Rows((1, Registration(1))));
        store.OnCommit = attempt =>
        {
            if (attempt.Has("employer/E-1")) store.Put("employer/E-1", new EmployerEvent.Renamed($"Name {store.Version("employer/E-1")}"), Guid.CreateVersion7());
            return Task.FromResult(attempt.Apply());
        };
        var outcomes = await Send(Rows((1, Headcount(5)), (2, Registration(2)), (1, Headcount(6))));
        Assert.Equal([("fenced", true), (null, true), ("fenced", false)], outcomes.Select(outcome => (outcome.Fault?.Code, outcome.Tried)));
        Assert.True(outcomes[0].Fault!.Retryable);
        Assert.True(outcomes[1].Accepted);
    }

    [Fact]
    public async Task A_store_that_is_away_is_a_fault_of_each_stream_and_what_was_durable_before_stays_told()
    {
        store.OnCommit = attempt => attempt.Number == 1 ? Task.FromResult(attempt.Apply()) : throw new GroupNotCommittedException(NotCommitted.Unavailable);
        options.GroupSize = 1;
        var outcomes = await Send(Rows((1, Registration(1)), (1, Headcount(5)), (1, Headcount(6)), (2, Registration(2)), (1, Headcount(7))));
        Assert.Equal([null, "store-unavailable", "store-unavailable", "store-unavailable", "store-unavailable"], outcomes.Select(outcome => outcome.Fault?.Code));
        Assert.Equal([true, true, false, true, false], outcomes.Select(outcome => outcome.Tried));
        Assert.Equal((1, 0), (store.Version("employer/E-1"), store.Version("employer/E-2")));

        store.OnCommit = attempt => Task.FromResult(attempt.Apply());
        Assert.All(await Send(Rows((2, Registration(2)))), outcome => Assert.True(outcome.Accepted));
    }

    [Fact]
    public async Task A_window_that_cannot_be_read_is_one_fault()
    {
        store.OnRead = _ => throw new InvalidOperationException();
        Assert.Equal("store-unavailable", (await Assert.ThrowsAsync<UnionFault>(() => Send(Rows((1, Registration(1)))))).Code);
    }

    [Fact]
    public async Task Without_slots_rows_wait_and_when_none_comes_free_the_fault_says_so()
    {
        options.Slots = 2;
        Assert.All(await Send([.. Enumerable.Range(1, 30).SelectMany(n => Rows((n, Registration(n)), (n, Headcount(n))))]), outcome => Assert.True(outcome.Accepted));
        Assert.True(journal!.TryReserve() && journal.TryReserve());
        var outcomes = await Send(Rows((40, Registration(40)), (40, Headcount(1)), (1, Headcount(77))));
        Assert.Equal([("overloaded", true), ("overloaded", false), ("overloaded", true)], outcomes.Select(outcome => (outcome.Fault?.Code, outcome.Tried)));
        journal.Release();
        journal.Release();
        Assert.All(await Send(Rows((40, Registration(40)))), outcome => Assert.True(outcome.Accepted));
    }

    [Fact]
    public async Task Another_aggregate_that_cannot_be_asked_is_a_fault_of_those_who_need_it()
    {
        await Send(Rows((1, Registration(1))));
        look = _ => Task.FromException<object?>(Faults.Behind());
        var outcomes = await Send(Rows((2, Registration(2)), (1, Headcount(5)), (2, Headcount(5))));
        Assert.Equal([("behind", true), (null, true), ("behind", false)], outcomes.Select(outcome => (outcome.Fault?.Code, outcome.Tried)));
        Assert.Equal(2, store.Version("employer/E-1"));
    }

    [Fact]
    public async Task An_event_from_the_future_is_a_lasting_fault_of_its_stream_alone()
    {
        await Send(Rows((1, Registration(1)), (2, Registration(2))));
        store.Put("employer/E-1", new StoredEvent("from-the-future", 1, "{}"u8.ToArray()), Guid.CreateVersion7());
        var outcomes = await Send(Rows((1, Headcount(5)), (2, Headcount(5))));
        Assert.Equal(("unknown-case", false), (outcomes[0].Fault!.Code, outcomes[0].Fault!.Retryable));
        Assert.True(outcomes[1].Accepted);
    }

    [Fact]
    public async Task Activations_are_told_what_was_written_and_what_an_answer_only_rests_on()
    {
        var row = Rows((1, Registration(1)));
        var registered = active.Register("employer/E-1");
        await Send([.. row, .. Rows((1, Headcount(5)))]);
        Assert.Equal(2, registered.AtLeast);
        var later = active.Register("employer/E-2");
        await Send(Rows((2, Registration(2))));
        Assert.Equal(1, later.AtLeast);
        var again = active.Register("employer/E-3");
        await Send(Rows((3, Headcount(2)))); // refused: there is nothing to be behind of
        Assert.Equal(0, again.AtLeast);
        active.Unregister("employer/E-1", registered);
        var third = active.Register("employer/E-1");
        Assert.Equal((1, 1), Assert.Single(await Send(row)) is var repeated ? (repeated.Version, repeated.Events) : default);
        Assert.Equal(2, third.AtLeast);
    }

    [Fact]
    public async Task First_calls_leave_an_active_stream_to_its_grain_and_decide_the_others()
    {
        await Send(Rows((1, Registration(1)), (2, Registration(2))));
        var registered = active.Register("employer/E-1");
        var rows = Rows((1, Headcount(5)), (2, Headcount(6)), (1, Headcount(7)), (3, Headcount(8)));
        var outcomes = await Run(grain => grain.Pass(Window(rows)));
        Assert.Equal([(false, 0, null), (true, 2, 6), (false, 0, null), (true, 0, 0)], outcomes.Select(outcome => (outcome.Tried, outcome.Version, outcome.View?.Headcount)));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Fault));
        Assert.Equal(["employer.unknown"], outcomes.Where(outcome => outcome.Refusal is not null).Select(outcome => outcome.Refusal!.Code));
        Assert.Equal((1, 2, 0), (store.Version("employer/E-1"), store.Version("employer/E-2"), registered.AtLeast));

        var shown = await Run(grain => grain.Show(["E-2", "E-1", "E-3", "E-2"]));
        Assert.Equal([(true, 2, 6), (false, 0, null), (true, 0, 0), (true, 2, 6)], shown.Select(outcome => (outcome.Tried, outcome.Version, outcome.View?.Headcount)));
        Assert.Equal([0, 1, 2, 3], shown.Select(outcome => outcome.Row));

        active.Unregister("employer/E-1", registered);
        Assert.Equal([(2, 5), (3, 7)], (await Run(grain => grain.Pass(Window([rows[0], rows[2]])))).Select(outcome => (outcome.Version, outcome.View!.Headcount)));
    }

    [Fact]
    public async Task The_command_after_a_first_look_rests_on_what_the_look_read_once()
    {
        await Send(Rows((1, Registration(1))));
        store.Reads.Clear();
        await Run(grain => grain.Show(["E-1"]));
        Assert.Equal((2, 5), Assert.Single(await Run(grain => grain.Pass(Window(Rows((1, Headcount(5))))))) is var first ? (first.Version, first.View!.Headcount) : default);
        Assert.Equal([1], store.Reads);
        Assert.Equal(3, Assert.Single(await Run(grain => grain.Pass(Window(Rows((1, Headcount(6))))))).Version);
        Assert.Equal([1, 1], store.Reads);

        // A look itself is never answered from it, nor a bulk.
        await Run(grain => grain.Show(["E-1"]));
        await Run(grain => grain.Show(["E-1"]));
        await Send(Rows((1, Headcount(7))));
        Assert.Equal([1, 1, 1, 1, 1], store.Reads);
    }

    [Fact]
    public async Task What_a_look_read_and_others_changed_since_is_read_again_whatever_was_decided_on_it()
    {
        await Send([.. Enumerable.Range(1, 4).SelectMany(n => Rows((n, Registration(n))))]);
        var repeated = Rows((4, Headcount(5)));
        await Run(grain => grain.Show(["E-1", "E-2", "E-3", "E-4"]));
        foreach (var n in (int[])[1, 2, 3]) store.Put($"employer/E-{n}", new EmployerEvent.HeadcountReported(5, null, null, new(2014, 6, 1)), Guid.CreateVersion7());
        await Send(repeated);
        store.Reads.Clear();

        // One appends, one finds nothing to do any more, one is refused on the old and on the new, one was applied meanwhile; 100 is what the look has read.
        var stale = Rows((1, Headcount(6)), (2, Headcount(100)), (3, new EmployerCommand.EndCoverage(new("U-9"))));
        var outcomes = await Run(grain => grain.Pass(Window([.. stale, .. repeated])));
        Assert.Equal([(3, 1, 6), (3, 1, 100), (2, 0, 5), (2, 1, 5)], outcomes.Select(outcome => (outcome.Version, outcome.Events, outcome.View!.Headcount)));
        Assert.Equal([false, false, false, true], outcomes.Select(outcome => outcome.Repeated));
        Assert.Equal([null, null, "employer.not-covered", null], outcomes.Select(outcome => outcome.Refusal?.Code));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Fault));
        Assert.Equal(4, store.Reads.Sum());
    }

    [Fact]
    public void What_a_look_read_is_forgotten_after_minutes_and_by_thousands_of_others()
    {
        var clock = new MovedClock();
        var shown = new ShownStreams(clock);
        shown.Keep("a", "one");
        Assert.True(shown.TryTake("a", out string? taken));
        Assert.Equal("one", taken);
        Assert.False(shown.TryTake<string>("a", out _));
        shown.Keep("a", "two");
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(shown.TryTake("a", out taken));
        Assert.Equal("two", taken);
        shown.Keep("a", "three");
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(shown.TryTake<string>("a", out _));
        shown.Keep("a", "four");
        for (var n = 0; n < 2 * 4_096; n++) shown.Keep($"{n}", "");
        Assert.False(shown.TryTake<string>("a", out _));
        Assert.True(shown.TryTake<string>("8000", out _));
    }

    [Fact]
    public async Task A_first_look_at_what_cannot_be_read_is_a_fault_of_its_own()
    {
        await Send(Rows((1, Registration(1)), (2, Registration(2))));
        store.Put("employer/E-1", new StoredEvent("from-the-future", 1, "{}"u8.ToArray()), Guid.CreateVersion7());
        var shown = await Run(grain => grain.Show(["E-1", "E-2"]));
        Assert.Equal([("unknown-case", 0), (null, 1)], shown.Select(outcome => (outcome.Fault?.Code, outcome.Version)));
    }

    private static EmployerCommand.Register Registration(int n) => new(FormattableString.Invariant($"工法证字第{n:000000}号"), $"示例单位{n}", EmployerKind.Private, "C", "110108", Federation, 100);

    private static EmployerCommand.ReportHeadcount Headcount(int n) => new(n);

    private static (int Unit, Envelope<EmployerCommand> Envelope)[] Rows(params (int Unit, EmployerCommand Command)[] rows) =>
        [.. rows.Select(row => (row.Unit, new Envelope<EmployerCommand>(Guid.CreateVersion7(), row.Command, Officer)))];

    private static BulkWindow<EmployerCommand> Window(IReadOnlyList<(int Unit, Envelope<EmployerCommand> Envelope)> rows) =>
        new([.. rows.Select(row => $"E-{row.Unit}")], [.. rows.Select(row => row.Envelope)], Views: false);

    private Task<IReadOnlyList<BulkOutcome<EmployerView>>> Send(IReadOnlyList<(int Unit, Envelope<EmployerCommand> Envelope)> rows) => Run(grain => grain.Send(Window(rows)));

    private async Task<IReadOnlyList<BulkOutcome<EmployerView>>> Run(Func<EmployerBulkGrain, Task<IReadOnlyList<BulkOutcome<EmployerView>>>> call)
    {
        if (journal is null)
        {
            journal = new(store, options, TimeProvider.System, NullLogger<Journal>.Instance);
            await journal.Start(Cancel);
            var rooms = new RoomDirectory(
            [
                new(Rooms.ByKind[Union.Kind], stream => { Interlocked.Increment(ref looks); return look(stream); }, _ => default),
                new(Rooms.ByKind[Employer.Kind], _ => Task.FromResult<object?>(null), _ => default),
            ], active);
            kernel = new(
                journal, active, new(active, null, TimeProvider.System, NullLogger<Membership>.Instance), null, rooms, new(new byte[32]), new(new MasterKeys([new(new byte[32])]), new("s1", new byte[32])), TimeProvider.System, new(meters));
        }

        // One scheduler at a time, as Orleans gives a grain.
        return await Task.Factory.StartNew(() => call(new(kernel!)), Cancel, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> made = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            made.Add(meter);
            return meter;
        }

        public void Dispose() => made.ForEach(meter => meter.Dispose());
    }
}
