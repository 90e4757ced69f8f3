using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using UnionDomain.Kernel;
using UnionFaults;
using UnionGrains.Kernel;
using UnionSilo.Persistence;

namespace UnionSilo.Tests.Journals;

/// <summary>
/// What the journal promises, on every database: an acknowledged command is there, once, whatever fails on the way. Each test counts what it
/// injected; a test that injected nothing has proven nothing and fails.
/// </summary>
public abstract class JournalContract(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<Journal> journals = [];

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected ITestOutputHelper Output => output;

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var journal in journals) await journal.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task A_failure_before_or_after_every_third_commit_loses_nothing_and_doubles_nothing(string when)
    {
        var store = new TroubledStore(Store("one"));
        var injected = 0;
        store.OnCommit = async attempt =>
        {
            if (attempt.Number % 3 != 0) return await attempt.Apply();
            Interlocked.Increment(ref injected);
            if (when == "after") await attempt.Apply();
            throw new IOException("injected");
        };

        var work = Work([await Start(store, options => options.GroupSize = 20)], streams: 16, commands: 40);

        await Holds(work, expected: 16 * 40);
        Injected(when, injected);
    }

    [Theory]
    [InlineData("version")]
    [InlineData("claim")]
    public async Task Behind_a_lost_append_nothing_commits_in_its_group_queued_or_arriving(string why)
    {
        var store = new TroubledStore(Store("one", writers: 1));
        var journal = await Start(store, options => options.GroupSize = 10);
        if (why == "version") await Commit(journal, "ledger/a", 0, new(), 1);
        else await Commit(journal, "ledger/holder", 0, new(), 1, take: "k");
        var (first, second) = (new Gate(), new Gate());
        store.OnCommit = async attempt =>
        {
            if (attempt.Number == 2) await first.Wait();
            if (attempt.Number == 3) await second.Wait();
            return await attempt.Apply();
        };
        var busy = Commit(journal, "ledger/b", 0, new(), 1);
        await first.Reached;

        // After the lost one every other would fit a stream that holds one command.
        var token = new ActivationToken();
        var same = Enumerable.Range(0, 10).Select(n => Hand(journal, "ledger/a", n, token, take: n == 0 && why == "claim" ? "k" : null)).ToList();
        var queued = Enumerable.Range(10, 15).Select(n => Hand(journal, "ledger/a", n, token)).ToList();
        first.Open();
        await second.Reached;
        var arriving = Enumerable.Range(25, 5).Select(n => Hand(journal, "ledger/a", n, token)).ToList();
        second.Open();
        var lost = await same[0];
        var late = await Hand(journal, "ledger/a", why == "version" ? 1 : 0, token);
        await busy;

        Assert.Equal(why == "claim" ? "ledger/holder" : null, lost.Holder);
        Assert.All([.. await Task.WhenAll([.. same.Skip(1), .. queued, .. arriving]), late], outcome => Assert.True(outcome.Fault is { Code: "fenced", Retryable: true }));
        var (commands, _) = await Audit([]);
        Assert.Equal(2, commands);
        Injected("behind a lost append: in its group", same.Count - 1);
        Injected("queued", queued.Count);
        Injected("arriving", arriving.Count + 1);
    }

    [Fact]
    public async Task Of_two_activations_one_wins_the_others_tail_fails_and_the_group_of_a_thousand_commits_without_it()
    {
        var store = new TroubledStore(Store("one", writers: 1));
        var (here, there) = (await Start(store), await Start(Store("two", writers: 1)));
        var gate = new Gate();
        store.OnCommit = async attempt =>
        {
            if (attempt.Number == 1) await gate.Wait();
            return await attempt.Apply();
        };
        var busy = Commit(here, "ledger/busy", 0, new(), 1);
        await gate.Reached;

        // Decided before the other one committed.
        var token = new ActivationToken();
        var loser = Hand(here, "ledger/a", 0, token);
        var neighbours = Enumerable.Range(0, 999).Select(i => Hand(here, $"ledger/n{i}", 0, new())).ToList();
        var tail = Enumerable.Range(1, 5).Select(n => Hand(here, "ledger/a", n, token)).ToList();
        var wins = await Hand(there, "ledger/a", 0, new());
        gate.Open();

        await busy;
        Assert.True(wins.Committed);
        Assert.All([await loser, .. await Task.WhenAll(tail)], outcome => Assert.Equal("fenced", outcome.Fault!.Code));
        Assert.All(await Task.WhenAll(neighbours), outcome => Assert.True(outcome.Committed));
        Assert.Equal([1, 1000, 999], store.Sizes);
        Assert.Equal(1 + 999 + 1, (await Audit([])).Commands);
        Injected("appends of the activation that lost", 1 + tail.Count);
    }

    [Fact]
    public async Task A_taken_claim_names_its_holder_and_the_pipeline_behind_it_faults_retryably()
    {
        var store = new TroubledStore(Store("one", writers: 1));
        var journal = await Start(store);
        await Commit(journal, "ledger/holder", 0, new(), 1, take: "k");
        var gate = new Gate();
        store.OnCommit = async attempt =>
        {
            if (attempt.Number == 2) await gate.Wait();
            return await attempt.Apply();
        };
        var busy = Commit(journal, "ledger/busy", 0, new(), 1);
        await gate.Reached;

        var token = new ActivationToken();
        var before = Hand(journal, "ledger/a", 0, token);
        var taken = Hand(journal, "ledger/a", 1, token, take: "k");
        var behind = Enumerable.Range(2, 8).Select(n => Hand(journal, "ledger/a", n, token)).ToList();
        var neighbour = Hand(journal, "ledger/b", 0, new());
        gate.Open();

        await busy;
        Assert.Equal(new(new ClaimKey("test", "k"), "ledger/holder"), await taken);
        Assert.All(await Task.WhenAll(behind), outcome => Assert.True(outcome.Fault is { Code: "fenced", Retryable: true }));
        Assert.True((await before).Committed);
        Assert.True((await neighbour).Committed);
        Assert.Equal(4, (await Audit([])).Commands);
        Injected("behind a taken claim", behind.Count);
    }

    [Fact]
    public async Task A_full_queue_is_overloaded_harms_nothing_and_serves_again()
    {
        var store = new TroubledStore(Store("one", writers: 1));
        var journal = await Start(store, options => options.Slots = 50);
        var gate = new Gate();
        store.OnCommit = async attempt =>
        {
            if (attempt.Number == 1) await gate.Wait();
            return await attempt.Apply();
        };
        var working = Work([journal], streams: 16, commands: 20, depth: 8);
        await gate.Reached;
        await Until(() => Overloaded() > 0);
        Assert.False(journal.TryReserve());
        gate.Open();

        await Holds(working, expected: 16 * 20);
        for (var slots = 0; slots < 50; slots++) await Until(journal.TryReserve);
        Assert.False(journal.TryReserve());
        for (var slots = 0; slots < 50; slots++) journal.Release();
        Injected("overloaded", Overloaded());

        int Overloaded() => working.Met("overloaded");
    }

    [Fact]
    public async Task Four_journals_on_the_same_rows_in_opposite_orders_meet_no_deadlock_and_count_exactly()
    {
        string[] unions = [.. Enumerable.Range(1, 8).Select(i => $"U-{i}")];
        var stores = Enumerable.Range(0, 4).Select(i => new TroubledStore(Store($"silo-{i}"))).ToList();
        var started = new List<Journal>();
        foreach (var store in stores) started.Add(await Start(store, options => options.GroupSize = 10));

        var acknowledged = new ConcurrentBag<(string, Guid)>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            var ledger = new Ledger(started[i % 4], $"ledger/{i}", [.. i % 2 == 0 ? unions : unions.Reverse()]);
            for (var n = 0; n < 60; n += 5)
            {
                await Task.WhenAll(Enumerable.Range(n, 5).Select(async _ =>
                {
                    var command = new LedgerCommand(Guid.CreateVersion7(), i + 1);
                    Assert.Null(await ledger.Send(command));
                    acknowledged.Add((ledger.Stream, command.Id));
                }));
            }

            Assert.Empty(ledger.Faults);
        })));

        var (commands, sums) = await Audit(acknowledged);
        Assert.Equal(16 * 60, commands);
        Assert.All(Enumerable.Range(0, 16), i => Assert.Equal(60 * (i + 1), sums[$"ledger/{i}"]));
        Assert.All(stores, store => Assert.DoesNotContain(NotCommitted.Deadlock, store.Failed));
        Injected("commits on the same rows", stores.Min(store => store.Sizes.Count));
    }

    [Fact]
    public async Task Random_histories_agree_with_a_model_whatever_fails()
    {
        var (histories, injected, refused, fenced) = (0, 0, 0, 0);
        var period = 3;
        var stores = new[] { "one", "two" }.Select(silo => new TroubledStore(Store(silo))).ToList();
        var silos = new List<Journal>();
        foreach (var store in stores)
        {
            store.OnCommit = async attempt =>
            {
                var trouble = attempt.Number % Volatile.Read(ref period);
                if (trouble > 1) return await attempt.Apply();
                Interlocked.Increment(ref injected);
                if (trouble == 0) await attempt.Apply();
                throw new IOException("injected");
            };
            silos.Add(await Start(store, options => options.GroupSize = 7));
        }

        var step = Gen.Select(Gen.Int[0, 1], Gen.Int[0, 4], Gen.Long[-3, 9], Gen.Int[0, 3], Gen.Bool, (silo, stream, amount, key, free) => new Step(silo, stream, amount, key, free));
        await Gen.Select(step.List[10, 60], Gen.Int[4, 7]).SampleAsync(async (steps, every) =>
        {
            var history = Interlocked.Increment(ref histories);
            Volatile.Write(ref period, every);
            var ledgers = Enumerable.Range(0, 10).Select(i => new Ledger(silos[i % 2], $"ledger/{history}-{i / 2}", "U-1", $"U-{history}")).ToList();
            var expected = new ConcurrentDictionary<string, long>();
            var acknowledged = new ConcurrentBag<(string, Guid)>();

            // Each silo sends its own steps to a stream in order; the two silos fight for it.
            await Task.WhenAll(steps.GroupBy(step => (step.Silo, step.Stream)).Select(chain => Task.Run(async () =>
            {
                var ledger = ledgers[(chain.Key.Stream * 2) + chain.Key.Silo];
                foreach (var one in chain)
                {
                    var key = one.Key == 0 ? null : $"{history}-{one.Key}";
                    var command = new LedgerCommand(Guid.CreateVersion7(), one.Amount, one.Free ? null : key, one.Free ? key : null);
                    if (await ledger.Send(command) is { } holder)
                    {
                        Assert.NotEqual(ledger.Stream, holder);
                        Interlocked.Increment(ref refused);
                        continue;
                    }

                    acknowledged.Add((ledger.Stream, command.Id));
                    expected.AddOrUpdate(ledger.Stream, one.Amount, (_, sum) => sum + one.Amount);
                }
            })));

            var (_, sums) = await Audit(acknowledged);
            foreach (var (stream, sum) in expected) Assert.Equal(sum, sums[stream]);
            Interlocked.Add(ref fenced, ledgers.Sum(ledger => ledger.Faults.GetValueOrDefault("fenced")));
        }, iter: 25, threads: 1);

        Injected($"{histories} histories: failures", injected);
        Injected("refused claims", refused);
        Injected("fenced", fenced);
    }

    [Fact]
    public async Task A_persons_key_is_kept_with_the_first_version_and_goes_with_the_erasing_one()
    {
        var store = Store("one");
        var journal = await Start(store);
        var (one, two) = (Key("m1", 1), Key("m1", 2));

        await Task.WhenAll(Keep(journal, "ledger/a", one), Keep(journal, "ledger/b", two), Commit(journal, "ledger/c", 0, new(), 1));
        Assert.Equal([Told(two), null, Told(one), null], await Keys(store, "ledger/b", "ledger/none", "ledger/a", "ledger/c"));
        Assert.Empty(await store.ReadKeys([], Cancel));

        await Erase(journal, "ledger/a", 1);
        Assert.Equal([null, Told(two)], await Keys(store, "ledger/a", "ledger/b"));
        await Commit(journal, "ledger/a", 2, new(), 1); // The stream lives on without it.
        Assert.Equal(5, (await Audit([])).Commands);
    }

    [Fact]
    public async Task A_key_kept_and_erased_in_one_group_is_gone()
    {
        var store = Store("one", writers: 1);
        await using var writer = await store.OpenWriter(0, Cancel);
        var token = new ActivationToken();

        var outcome = await writer.Commit(
            [Kept("ledger/a", 0, token, Key("m1", 1)), Kept("ledger/b", 0, new(), Key("m1", 2)), Ledger.Append("ledger/a", 1, token, new(Guid.CreateVersion7(), Erases: true), 2, "U-1")], repeats: false, Cancel);

        Assert.True(outcome.Committed);
        Assert.Equal([null, Told(Key("m1", 2))], await Keys(store, "ledger/a", "ledger/b"));
    }

    [Theory]
    [InlineData("version")]
    [InlineData("claim")]
    public async Task A_lost_append_leaves_no_key_and_erases_none(string why)
    {
        var store = Store("one", writers: 1);
        var key = Key("m1", 1);
        await using var writer = await store.OpenWriter(0, Cancel);
        var holds = Ledger.Append("ledger/a", 0, new(), new(Guid.CreateVersion7(), Take: "k", Person: key), 1, "U-1");
        Assert.True((await writer.Commit([holds], repeats: false, Cancel)).Committed);

        var lost = why == "version" ? Kept("ledger/a", 0, new(), Key("m1", 9)) : Ledger.Append("ledger/b", 0, new(), new(Guid.CreateVersion7(), Take: "k", Person: Key("m1", 9)), 1, "U-1");
        var outcome = await writer.Commit([Kept("ledger/c", 0, new(), Key("m1", 8)), lost, Ledger.Append("ledger/a", 1, new(), new(Guid.CreateVersion7(), Erases: true), 2, "U-1")], repeats: false, Cancel);

        Assert.Contains(outcome.Rejections, rejection => rejection.Index == 1);
        Assert.Equal([Told(key), null, null], await Keys(store, "ledger/a", "ledger/b", "ledger/c"));
    }

    [Fact]
    public async Task Keys_of_groups_whose_outcome_was_unknown_are_kept_once_and_stay_erased()
    {
        var store = new TroubledStore(Store("one"));
        var injected = 0;
        store.OnCommit = async attempt =>
        {
            if (attempt.Number % 3 == 0) return await attempt.Apply();
            Interlocked.Increment(ref injected);
            if (attempt.Number % 3 == 1) await attempt.Apply();
            throw new IOException("injected");
        };
        var journal = await Start(store, options => options.GroupSize = 5);
        string[] streams = [.. Enumerable.Range(0, 60).Select(i => $"ledger/{i}")];

        await Task.WhenAll(streams.Select((stream, i) => Keep(journal, stream, Key("m1", i))));
        await Task.WhenAll(streams.Where((_, i) => i % 2 == 0).Select(stream => Erase(journal, stream, 1)));

        Assert.Equal(streams.Select((_, i) => i % 2 == 0 ? null : Told(Key("m1", i))), await Keys(store, streams));
        Assert.Equal(90, (await Audit([])).Commands);
        Injected("unknown outcomes", injected);
    }

    [Fact]
    public async Task Keys_are_closed_anew_while_silos_write_and_one_erased_meanwhile_stays_erased()
    {
        var store = Store("one");
        var journal = await Start(store);
        string[] streams = [.. Enumerable.Range(0, 1_500).Select(i => $"ledger/{i:D4}")];
        await Task.WhenAll(streams.Select((stream, i) => Keep(journal, stream, Key("m1", i))));
        await using var database = Open();
        var keys = new PersonKeys(database);
        Assert.Equal([KeyValuePair.Create("m1", 1_500L)], await keys.Count(Cancel));

        var (writing, heard) = (new List<Task>(), new List<Progress>());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var progress = new Heard(step =>
        {
            heard.Add(step);
            ended.Cancel(); // Cut off after the first page.
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keys.Rewrap(Renew, "m2", progress, ended.Token));
        Assert.Equal([KeyValuePair.Create("m1", 500L), KeyValuePair.Create("m2", 1_000L)], await keys.Count(Cancel));

        var rewrapped = await keys.Rewrap(former =>
        {
            // SQLite's writer waits for the page under way: what is handed in here is awaited behind it.
            if (writing.Count == 0) writing.AddRange([Erase(journal, streams[^1], 1), Erase(journal, streams[^2], 1), Keep(journal, "ledger/late", Key("m1", 7))]);
            return Renew(former);
        }, "m2", new Heard(heard.Add), Cancel);
        await Task.WhenAll(writing);

        Assert.Equal(heard[^1].Total, heard[^1].Done);
        Assert.InRange(rewrapped.Done, 498, 501);
        Assert.Equal(0, (await keys.Rewrap(Renew, "m2", null, Cancel)).Remaining); // The late key may have come behind the first.
        Assert.Equal(new(0, 0), await keys.Rewrap(Renew, "m2", null, Cancel));
        Assert.Equal([.. Enumerable.Range(0, 1_498).Select(i => Told(Key("m2", i))), null, null, Told(Key("m2", 7))], await Keys(store, [.. streams, "ledger/late"]));
        Injected("keys closed anew, then some erased meanwhile", (int)rewrapped.Done);

        static WrappedKey Renew(WrappedKey former) => new("m2", former.Wrapped);
    }

    /// <summary>The database as a silo of that name sees it. A SQLite file has one process and one store.</summary>
    private protected abstract IJournalStore Store(string silo, int writers = 2);

    /// <summary>The database as those see it that read or repair it.</summary>
    private protected abstract Database Open();

    /// <summary>A connection past the journal.</summary>
    protected abstract Task<DbConnection> Connect();

    private protected async Task<Journal> Start(IJournalStore store, Action<JournalOptions>? change = null)
    {
        var options = new JournalOptions { LongestPause = TimeSpan.FromMilliseconds(50) };
        change?.Invoke(options);
        var journal = new Journal(store, options, TimeProvider.System, NullLogger<Journal>.Instance);
        journals.Add(journal);
        await journal.Start(Cancel);
        return journal;
    }

    /// <summary>Sends commands to many ledgers at once, several under way in each, until all are acknowledged or it is told to end.</summary>
    private protected static Working Work(IReadOnlyList<Journal> silos, int streams, int commands, int depth = 4, Func<bool>? ends = null, string name = "w")
    {
        var acknowledged = new ConcurrentBag<(string, Guid)>();
        var ledgers = Enumerable.Range(0, streams).Select(i => new Ledger(silos[i % silos.Count], $"ledger/{name}{i}", "U-1", $"U-{name}{i}")).ToList();
        return new(acknowledged, ledgers, Task.WhenAll(ledgers.Select(ledger => Task.Run(async () =>
        {
            for (var n = 0; n < commands && ends?.Invoke() != true; n += depth)
            {
                await Task.WhenAll(Enumerable.Range(0, Math.Min(depth, commands - n)).Select(async _ =>
                {
                    var command = new LedgerCommand(Guid.CreateVersion7());
                    Assert.Null(await ledger.Send(command));
                    acknowledged.Add((ledger.Stream, command.Id));
                }));
            }
        }))));
    }

    /// <summary>Sends every tenth acknowledged command again, to activations that must read it, and audits the database.</summary>
    private protected async Task Holds(Working work, int? expected = null)
    {
        await work.Done.WaitAsync(Patience, Cancel);
        var again = await Start(Store("again"));
        foreach (var stream in work.Acknowledged.Where((_, i) => i % 10 == 0).GroupBy(command => command.Stream))
        {
            var ledger = new Ledger(again, stream.Key, "U-1");
            foreach (var (_, id) in stream) Assert.Null(await ledger.Send(new(id)));
        }

        var (commands, _) = await Audit(work.Acknowledged);
        Assert.Equal(work.Acknowledged.Count, commands); // Every sender repeated until it knew, so nothing is there that nobody heard of.
        if (expected is { } all) Assert.Equal(all, commands);
        output.WriteLine($"{commands} commands; {work.Told}");
    }

    /// <summary>Fills the database under 16 writers and makes room again.</summary>
    private protected async Task SurvivesFull(Action fill, Action free)
    {
        var done = false;
        var working = Work([await Start(Store("one"))], streams: 16, commands: int.MaxValue, ends: () => Volatile.Read(ref done));
        await Until(() => working.Acknowledged.Count > 50);
        fill();
        await Until(() => working.Met("store-full") > 50);
        free();
        var heard = working.Acknowledged.Count;
        await Until(() => working.Acknowledged.Count > heard + 200, () => working.Told);
        Volatile.Write(ref done, true);

        await Holds(working);
        Injected("store-full", working.Met("store-full"));
    }

    private protected async Task<(int Commands, Dictionary<string, long> Sums)> Audit(IEnumerable<(string, Guid)> acknowledged)
    {
        await using var connection = await Connect();
        return await LedgerAudit.Agree(Store("audit"), connection, acknowledged);
    }

    private protected static Task<AppendOutcome> Hand(Journal journal, string stream, long expected, ActivationToken token, string? take = null)
    {
        Assert.True(journal.TryReserve());
        return journal.Append(Ledger.Append(stream, expected, token, new(Guid.CreateVersion7(), Take: take), expected + 1, "U-1"));
    }

    private protected static async Task Commit(Journal journal, string stream, long expected, ActivationToken token, int commands, string? take = null)
    {
        for (var n = 0; n < commands; n++) Assert.True((await Hand(journal, stream, expected + n, token, take)).Committed);
    }

    private protected static WrappedKey Key(string master, int n) => new(master, (byte[])[.. BitConverter.GetBytes(n), .. new byte[56]]);

    private static async Task<IEnumerable<string?>> Keys(IJournalStore store, params string[] streams) => (await store.ReadKeys(streams, Cancel)).Select(key => key is null ? null : Told(key));

    private static string Told(WrappedKey key) => $"{key.Master} {Convert.ToHexString(key.Wrapped.Span)}";

    private protected static Append Kept(string stream, long expected, ActivationToken token, WrappedKey key) => Ledger.Append(stream, expected, token, new(Guid.CreateVersion7(), Person: key), expected + 1, "U-1");

    private protected static Task Keep(Journal journal, string stream, WrappedKey key) => Commits(journal, Kept(stream, 0, new(), key));

    private protected static Task Erase(Journal journal, string stream, long expected) =>
        Commits(journal, Ledger.Append(stream, expected, new(), new(Guid.CreateVersion7(), Erases: true), expected + 1, "U-1"));

    private static async Task Commits(Journal journal, Append append)
    {
        Assert.True(journal.TryReserve());
        Assert.True((await journal.Append(append)).Committed);
    }

    private protected static async Task Until(Func<bool> condition, Func<string>? told = null)
    {
        for (var waited = Stopwatch.StartNew(); !condition(); await Task.Delay(2, Cancel))
            Assert.True(waited.Elapsed < Patience, $"What was waited for did not come. {told?.Invoke()}");
    }

    /// <summary>Tells how often something was injected; never is a failure.</summary>
    private protected void Injected(string what, int count)
    {
        output.WriteLine($"{what}: {count}");
        Assert.True(count > 0, $"Nothing was injected: {what}.");
    }

    private sealed class Heard(Action<Progress> hear) : IProgress<Progress>
    {
        public void Report(Progress value) => hear(value);
    }

    private sealed record Step(int Silo, int Stream, long Amount, int Key, bool Free);

    /// <summary>Ledgers at work.</summary>
    private protected sealed record Working(ConcurrentBag<(string Stream, Guid Id)> Acknowledged, IReadOnlyList<Ledger> Ledgers, Task Done)
    {
        public string Told => $"Faults met: {string.Join(", ", Ledgers.SelectMany(ledger => ledger.Faults).GroupBy(fault => fault.Key).Select(fault => $"{fault.Key} {fault.Sum(one => one.Value)}"))}.";

        public int Met(string fault) => Ledgers.Sum(ledger => ledger.Faults.GetValueOrDefault(fault));
    }
}
