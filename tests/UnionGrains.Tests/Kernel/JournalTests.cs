using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using UnionClient;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionGrains.Tests.Kernel;

/// <summary>The journal's own work: order, groups, fences, repetitions, patience. The store is a scripted one.</summary>
public sealed class JournalTests : IAsyncLifetime
{
    private static readonly Refusal Taken = new("test.taken", "Held by {holder}.", "由{holder}持有。");
    private static readonly ActivationToken Somebody = new();

    private readonly ScriptedStore store = new();
    private readonly JournalOptions options = new() { Slots = 100, GroupSize = 10, Patience = TimeSpan.FromMilliseconds(200), LongestPause = TimeSpan.FromMilliseconds(5) };
    private readonly List<Journal> journals = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var journal in journals) await journal.DisposeAsync();
    }

    [Fact]
    public async Task Appends_of_a_stream_commit_in_the_order_they_were_handed_in_many_in_one_group()
    {
        var journal = await Start();
        var gate = await Hold(journal, 1);
        var token = new ActivationToken();
        var appends = Enumerable.Range(0, 25).Select(n => New("a/1", n, token)).ToList();

        var outcomes = appends.Select(append => Hand(journal, append)).ToList();
        gate.Open();

        Assert.All(await Task.WhenAll(outcomes), outcome => Assert.True(outcome.Committed));
        Assert.Equal(appends.Select(append => append.CommandId), store.Commands("a/1"));
        Assert.Equal([1, 10, 10, 5], store.Attempts.Select(attempt => attempt.Group.Count));
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task Streams_are_divided_among_the_writers_and_each_keeps_its_order()
    {
        var several = new ScriptedStore { Writers = 4 };
        var journal = await Start(several);
        var tokens = Enumerable.Range(0, 20).Select(_ => new ActivationToken()).ToList();

        var outcomes = Enumerable.Range(0, 100).Select(i => Hand(journal, New($"a/{i % 20}", i / 20, tokens[i % 20]))).ToList();

        Assert.All(await Task.WhenAll(outcomes), outcome => Assert.True(outcome.Committed));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(5, several.Version($"a/{i}")));
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task Behind_a_failed_append_nothing_of_its_activation_commits_wherever_it_waits()
    {
        var journal = await Start();
        Assert.True((await Hand(journal, New("a/1", 0, new()))).Committed); // Another activation was here: the first append below is lost, the second would fit.
        var (first, second) = (new Gate(), new Gate());
        store.OnCommit = async attempt =>
        {
            if (attempt.Number == 2) await first.Wait();
            if (attempt.Number == 3) await second.Wait();
            return attempt.Apply();
        };
        _ = Hand(journal, New("b/1", 0, new()));
        await first.Reached;

        var token = new ActivationToken();
        var neighbour = Hand(journal, New("c/1", 0, new()));
        var inGroup = Enumerable.Range(0, 9).Select(n => Hand(journal, New("a/1", n, token))).ToList();
        var queued = Enumerable.Range(9, 12).Select(n => Hand(journal, New("a/1", n, token))).ToList();
        first.Open();
        await second.Reached;
        var arriving = Enumerable.Range(21, 3).Select(n => Hand(journal, New("a/1", n, token))).ToList();
        second.Open();
        await inGroup[0];
        var late = await Hand(journal, New("a/1", 1, token)); // Exactly the version the stream has now.

        Assert.All([.. await Task.WhenAll([.. inGroup, .. queued, .. arriving]), late], outcome => Assert.Equal("fenced", outcome.Fault!.Code));
        Assert.True((await neighbour).Committed);
        Assert.Equal(1, store.Version("a/1"));
        Assert.True((await Hand(journal, New("a/1", 1, new()))).Committed);
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task A_taken_claim_names_its_holder_what_came_before_it_commits_and_its_tail_faults()
    {
        var journal = await Start();
        Assert.True((await Hand(journal, New("a/1", 0, new(), Take("k")))).Committed);
        var gate = await Hold(journal, 2);

        var token = new ActivationToken();
        var before = Hand(journal, New("a/2", 0, token));
        var taken = Hand(journal, New("a/2", 1, token, Take("k")));
        var tail = Enumerable.Range(2, 3).Select(n => Hand(journal, New("a/2", n, token))).ToList();
        var neighbour = Hand(journal, New("b/1", 0, new()));
        gate.Open();

        Assert.Equal(new(new ClaimKey("test", "k"), "a/1"), await taken);
        Assert.All(await Task.WhenAll(tail), outcome => Assert.True(outcome.Fault is { Code: "fenced", Retryable: true }));
        Assert.True((await before).Committed);
        Assert.True((await neighbour).Committed);
        Assert.Equal(1, store.Version("a/2"));
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task Two_streams_that_touch_one_claim_never_meet_in_a_group()
    {
        var journal = await Start();
        Assert.True((await Hand(journal, New("a/1", 0, Somebody, Take("k")))).Committed);
        var gate = await Hold(journal, 2);

        var token = new ActivationToken();
        var freed = Hand(journal, New("a/1", 1, Somebody, Free("k")));
        var takes = Hand(journal, New("a/2", 0, token, Take("k")));
        var goesOn = Hand(journal, New("a/2", 1, token));
        var neighbour = Hand(journal, New("b/1", 0, new()));
        gate.Open();

        Assert.All(await Task.WhenAll(freed, takes, goesOn, neighbour), outcome => Assert.True(outcome.Committed));
        Assert.Equal("a/1 | hold/2 | a/1 b/1 | a/2 a/2", store.Told);
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task Two_activations_of_one_stream_never_meet_in_a_group_and_one_of_them_wins()
    {
        var journal = await Start();
        var gate = await Hold(journal, 1);

        var wins = Hand(journal, New("a/1", 0, new()));
        var loses = Hand(journal, New("a/1", 0, new()));
        gate.Open();

        Assert.True((await wins).Committed);
        Assert.Equal("fenced", (await loses).Fault!.Code);
        Assert.Equal("hold/1 | a/1 | a/1", store.Told);
        AllSlotsFree(journal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unknown_outcome_is_repeated_as_the_same_group_until_it_is_certain(bool applied)
    {
        var journal = await Start();
        store.OnCommit = attempt =>
        {
            if (attempt.Number is 1 && applied) attempt.Apply();
            return attempt.Number switch
            {
                1 => throw new IOException(),
                2 => throw new GroupNotCommittedException(NotCommitted.Unavailable),
                3 => throw new GroupNotCommittedException(NotCommitted.Blocked),
                4 => throw new TimeoutException(),
                _ => Task.FromResult(attempt.Apply()),
            };
        };
        options.Patience = TimeSpan.Zero; // Patience is for appends that certainly did not commit.

        var outcome = await Hand(journal, New("a/1", 0, new()));

        Assert.True(outcome.Committed);
        Assert.Equal(1, store.Version("a/1"));
        Assert.Equal([false, true, true, true, true], store.Attempts.Select(attempt => attempt.Repeats));
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task An_unknown_outcome_does_not_make_a_group_immortal_when_the_database_refuses_it()
    {
        var journal = await Start();
        var gate = await Hold(journal, 1);
        store.OnCommit = attempt => attempt.Number == 2 ? throw new IOException()
            : attempt.Has("bad/1") ? throw new GroupNotCommittedException(NotCommitted.Refused)
            : Task.FromResult(attempt.Apply());

        var bad = Hand(journal, New("bad/1", 0, new()));
        var neighbour = Hand(journal, New("b/1", 0, new()));
        gate.Open();

        Assert.Equal("store-unavailable", (await bad.WaitAsync(TimeSpan.FromSeconds(10), Cancel)).Fault!.Code);
        Assert.True((await neighbour).Committed);
        AllSlotsFree(journal);
    }

    [Theory]
    [InlineData(NotCommitted.Refused)]
    [InlineData(NotCommitted.Blocked)]
    [InlineData(NotCommitted.Full)]
    public async Task A_group_that_committed_with_an_unknown_outcome_is_never_reported_failed(NotCommitted then)
    {
        var journal = await Start();
        store.OnCommit = attempt =>
        {
            if (attempt.Number == 1) attempt.Apply();
            return attempt.Number switch
            {
                1 => throw new IOException(),
                <= 4 => throw new GroupNotCommittedException(then),
                _ => Task.FromResult(attempt.Apply()),
            };
        };

        Assert.True((await Hand(journal, New("a/1", 0, new()))).Committed);
        Assert.Equal(1, store.Version("a/1"));
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task A_deadlock_is_repeated_at_once()
    {
        var journal = await Start();
        store.OnCommit = attempt => attempt.Number <= 3 ? throw new GroupNotCommittedException(NotCommitted.Deadlock) : Task.FromResult(attempt.Apply());

        Assert.True((await Hand(journal, New("a/1", 0, new()))).Committed);
        Assert.Equal([false, false, false, false], store.Attempts.Select(attempt => attempt.Repeats));
    }

    [Fact]
    public async Task A_blocked_stream_is_set_aside_and_tried_again_while_the_others_go_on()
    {
        var journal = await Start();
        var locked = true;
        var gate = await Hold(journal, 1);
        store.OnCommit = attempt => Volatile.Read(ref locked) && attempt.Has("locked/1") ? throw new GroupNotCommittedException(NotCommitted.Blocked) : Task.FromResult(attempt.Apply());

        var token = new ActivationToken();
        var blocked = new List<Task<AppendOutcome>> { Hand(journal, New("locked/1", 0, token)) };
        var neighbours = Enumerable.Range(0, 9).Select(i => Hand(journal, New($"a/{i}", 0, new()))).ToList();
        gate.Open();
        Assert.All(await Task.WhenAll(neighbours), outcome => Assert.True(outcome.Committed));
        blocked.Add(Hand(journal, New("locked/1", 1, token)));
        for (var n = 0; n < 50; n++) Assert.True((await Hand(journal, New("b/1", n, Somebody))).Committed);
        blocked.Add(Hand(journal, New("locked/1", 2, token)));

        Assert.All(blocked, outcome => Assert.False(outcome.IsCompleted));
        Volatile.Write(ref locked, false);
        Assert.All(await Task.WhenAll(blocked), outcome => Assert.True(outcome.Committed));
        Assert.Equal(3, store.Version("locked/1"));
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task A_refused_group_is_divided_until_the_bad_stream_fails_alone()
    {
        var journal = await Start();
        var gate = await Hold(journal, 1);
        store.OnCommit = attempt => attempt.Has("bad/1") ? throw new GroupNotCommittedException(NotCommitted.Refused) : Task.FromResult(attempt.Apply());

        var token = new ActivationToken();
        var bad = new[] { Hand(journal, New("bad/1", 0, token)), Hand(journal, New("bad/1", 1, token)) };
        var neighbours = Enumerable.Range(0, 8).Select(i => Hand(journal, New($"a/{i}", 0, new()))).ToList();
        gate.Open();

        Assert.All(await Task.WhenAll(bad), outcome => Assert.Equal("store-unavailable", outcome.Fault!.Code));
        Assert.All(await Task.WhenAll(neighbours), outcome => Assert.True(outcome.Committed));
        Assert.Equal("fenced", (await Hand(journal, New("bad/1", 2, token))).Fault!.Code);
        Assert.Equal(0, store.Version("bad/1"));
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task A_divided_group_is_tried_apart_from_what_waits()
    {
        var journal = await Start();
        var gate = await Hold(journal, 1);
        var first = new Gate();
        store.OnCommit = async attempt =>
        {
            if (attempt.Number == 3) await first.Wait();
            return attempt.Has("bad/1") ? throw new GroupNotCommittedException(NotCommitted.Refused) : attempt.Apply();
        };

        var bad = Hand(journal, New("bad/1", 0, new()));
        var beside = Hand(journal, New("a/1", 0, new(), Take("k")));
        var waits = Hand(journal, New("a/2", 0, new(), Free("k")));
        gate.Open();
        await first.Reached; // The group of the queue; the halves are due behind it.
        var more = Enumerable.Range(0, 3).Select(i => Hand(journal, New($"c/{i}", 0, new(), Free("m")))).ToList();
        first.Open();

        Assert.Equal("store-unavailable", (await bad).Fault!.Code);
        Assert.All(await Task.WhenAll([beside, waits, .. more]), outcome => Assert.True(outcome.Committed));
        Assert.Equal(2, store.Attempts.Count(attempt => attempt.Has("bad/1")));
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task A_full_database_fails_clearly_and_serves_again_when_there_is_room()
    {
        var journal = await Start();
        var full = true;
        store.OnCommit = attempt => Volatile.Read(ref full) ? throw new GroupNotCommittedException(NotCommitted.Full) : Task.FromResult(attempt.Apply());

        Assert.Equal("store-full", (await Hand(journal, New("a/1", 0, new()))).Fault!.Code);
        Volatile.Write(ref full, false);

        Assert.True((await Hand(journal, New("a/1", 0, new()))).Committed);
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task A_database_that_is_away_for_less_than_the_patience_is_not_noticed()
    {
        options.Patience = TimeSpan.FromMinutes(1);
        var journal = await Start();
        var tries = 0;
        store.OnOpen = () =>
        {
            if (++tries <= 5) throw new IOException();
        };

        Assert.True((await Hand(journal, New("a/1", 0, new()))).Committed);
        Assert.Equal(6, tries);
    }

    [Fact]
    public async Task A_database_that_stays_away_fails_what_waits_and_serves_again_when_it_is_back()
    {
        var journal = await Start();
        var away = true;
        store.OnOpen = () =>
        {
            if (Volatile.Read(ref away)) throw new GroupNotCommittedException(NotCommitted.Unavailable);
        };

        var outcomes = Enumerable.Range(0, 30).Select(i => Hand(journal, New($"a/{i}", 0, new()))).ToList();
        Assert.All(await Task.WhenAll(outcomes), outcome => Assert.Equal("store-unavailable", outcome.Fault!.Code));
        Volatile.Write(ref away, false);

        Assert.True((await Hand(journal, New("a/1", 0, new()))).Committed);
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task Patience_ends_also_when_sessions_open_and_break_before_anything_commits()
    {
        var journal = await Start();
        store.OnCommit = attempt => attempt.Has("deadly/1") ? throw new GroupNotCommittedException(NotCommitted.Unavailable) : Task.FromResult(attempt.Apply());

        var outcome = await Hand(journal, New("deadly/1", 0, new())).WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.Equal("store-unavailable", outcome.Fault!.Code);
        Assert.True((await Hand(journal, New("a/1", 0, new()))).Committed);
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task A_short_longest_pause_is_kept_for_blocked_groups_too()
    {
        options.LongestPause = TimeSpan.FromMilliseconds(1);
        var journal = await Start();
        store.OnCommit = attempt => attempt.Number <= 3 ? throw new GroupNotCommittedException(NotCommitted.Blocked) : Task.FromResult(attempt.Apply());

        Assert.True((await Hand(journal, New("a/1", 0, new())).WaitAsync(TimeSpan.FromSeconds(10), Cancel)).Committed);
    }

    [Fact]
    public async Task Without_a_free_slot_nothing_is_reserved_and_service_resumes_with_the_first_answer()
    {
        var journal = await Start();
        var gate = await Hold(journal, 1);
        var outcomes = Enumerable.Range(0, 99).Select(i => Hand(journal, New($"a/{i}", 0, new()))).ToList();

        Assert.False(journal.TryReserve());
        Assert.False(journal.TryReserve());
        gate.Open();

        Assert.All(await Task.WhenAll(outcomes), outcome => Assert.True(outcome.Committed));
        AllSlotsFree(journal);
    }

    [Fact]
    public async Task Appends_handed_over_together_have_one_answer_with_an_outcome_for_each()
    {
        var journal = await Start();
        Assert.True((await Hand(journal, New("a/1", 0, new(), Take("k")))).Committed);
        Assert.Empty(await journal.Append([]));
        var token = new ActivationToken();
        Append[] appends = [New("a/2", 0, token), New("a/3", 0, new(), Take("k")), New("a/2", 1, token), New("a/4", 5, new())];
        Assert.All(appends, _ => Assert.True(journal.TryReserve()));
        var outcomes = await journal.Append(appends);

        Assert.Equal([true, false, true, false], outcomes.Select(outcome => outcome.Committed));
        Assert.Equal((new ClaimKey("test", "k"), "a/1"), (outcomes[1].Claim, outcomes[1].Holder));
        Assert.Equal("fenced", outcomes[3].Fault!.Code);
        Assert.Equal(2, (await journal.Read("a/2", 0, 10, Cancel)).Entries.Length);
        AllSlotsFree(journal);

        await journal.Stop(Cancel);
        var late = new ActivationToken();
        Assert.All(await journal.Append([New("a/5", 0, late), New("a/5", 1, late)]), outcome => Assert.Equal("stopping", outcome.Fault!.Code));
        Assert.True(late.Fenced);
    }

    [Fact]
    public async Task A_stop_commits_what_was_handed_in_and_takes_nothing_more()
    {
        var journal = await Start();
        var gate = await Hold(journal, 1);
        var outcomes = Enumerable.Range(0, 40).Select(i => Hand(journal, New($"a/{i}", 0, new()))).ToList();

        var stopping = journal.Stop(Cancel);
        Assert.False(journal.TryReserve());
        var token = new ActivationToken();
        var late = journal.Append(New("a/late", 0, token));
        gate.Open();
        await stopping;

        Assert.Equal("stopping", (await late).Fault!.Code);
        Assert.True(token.Fenced);
        Assert.All(await Task.WhenAll(outcomes), outcome => Assert.True(outcome.Committed));
        Assert.Equal("stopping", (await Assert.ThrowsAsync<UnionFault>(() => journal.Read("a/1", 0, 10, Cancel))).Code);
    }

    [Fact]
    public async Task A_stop_that_may_not_wait_leaves_every_caller_with_an_answer_that_promises_nothing()
    {
        var journal = await Start();
        var gate = await Hold(journal, 1);
        var token = new ActivationToken();
        var outcomes = Enumerable.Range(0, 40).Select(i => Hand(journal, i < 20 ? New("a/1", i, token) : New($"b/{i}", 0, new()))).ToList();

        await journal.Stop(new CancellationToken(canceled: true));

        Assert.All(await Task.WhenAll(outcomes).WaitAsync(TimeSpan.FromSeconds(10), Cancel), outcome => Assert.Equal("no-answer", outcome.Fault!.Code));
    }

    [Fact]
    public async Task A_read_waits_behind_the_appends_of_its_stream_and_nobody_elses()
    {
        var journal = await Start();
        var gate = await Hold(journal, 1);
        var append = Hand(journal, New("a/1", 0, new()));

        var behind = journal.Read("a/1", 0, 10, Cancel);
        var beside = await journal.Read("a/2", 0, 10, Cancel);
        Assert.Empty(beside.Entries);
        Assert.False(behind.IsCompleted);
        gate.Open();

        Assert.Single((await behind).Entries);
        Assert.True((await append).Committed);
        Assert.NotNull(await journal.FindCommand("a/1", store.Commands("a/1")[0]));
    }

    [Fact]
    public async Task Reads_of_many_streams_share_a_query()
    {
        var journal = await Start();
        var gate = new Gate();
        store.OnRead = _ => gate.Wait();
        var reads = Enumerable.Range(0, 200).Select(i => journal.Read($"a/{i}", 0, 10, Cancel)).ToList();
        await gate.Reached;
        gate.Open();
        await Task.WhenAll(reads);

        Assert.Equal(200, store.Reads.Sum());
        Assert.InRange(store.Reads.Count, 1, 20);
    }

    [Fact]
    public async Task A_failed_read_is_a_retryable_fault_and_the_next_one_works()
    {
        var journal = await Start();
        store.OnRead = _ => throw new IOException();
        var fault = await Assert.ThrowsAsync<UnionFault>(() => journal.Read("a/1", 0, 10, Cancel));
        store.OnRead = _ => Task.CompletedTask;

        Assert.Equal(("store-unavailable", true), (fault.Code, fault.Retryable));
        Assert.Empty((await journal.Read("a/1", 0, 10, Cancel)).Entries);
    }

    private static ClaimChange Take(string key) => ClaimChange.Take(new("test", key), Taken);

    private static ClaimChange Free(string key) => ClaimChange.Release(new("test", key));

    private static Append New(string stream, long expected, ActivationToken token, params ImmutableArray<ClaimChange> claims) => new()
    {
        Stream = stream,
        ExpectedVersion = expected,
        Token = token,
        CommandId = Guid.CreateVersion7(),
        CommandHash = 1,
        Operator = "system:test@",
        BusinessOn = new(2025, 3, 1),
        RecordedAt = new(2025, 3, 1, 0, 0, 0, TimeSpan.Zero),
        Consequences = new([new StoredEvent("happened", 1, "{}"u8.ToArray())], [], [], claims, []),
    };

    private static Task<AppendOutcome> Hand(Journal journal, Append append)
    {
        Assert.True(journal.TryReserve());
        return journal.Append(append);
    }

    private async Task<Journal> Start(ScriptedStore? other = null)
    {
        var journal = new Journal(other ?? store, options, TimeProvider.System, NullLogger<Journal>.Instance);
        journals.Add(journal);
        await journal.Start(Cancel);
        return journal;
    }

    /// <summary>Keeps the writer busy with the attempt of that number, so that what is handed in meanwhile is gathered.</summary>
    private async Task<Gate> Hold(Journal journal, int attempt)
    {
        var gate = new Gate();
        store.OnCommit = async held =>
        {
            if (held.Number == attempt) await gate.Wait();
            return held.Apply();
        };
        _ = Hand(journal, New($"hold/{attempt}", 0, new()));
        await gate.Reached;
        return gate;
    }

    private void AllSlotsFree(Journal journal)
    {
        // The slot of an append is given back right behind its answer.
        Assert.True(SpinWait.SpinUntil(() => Reserved(journal) == options.Slots, TimeSpan.FromSeconds(5)));
    }

    private int Reserved(Journal journal)
    {
        var reserved = 0;
        while (reserved <= options.Slots && journal.TryReserve()) reserved++;
        for (var i = 0; i < reserved; i++) journal.Release();
        return reserved;
    }
}
