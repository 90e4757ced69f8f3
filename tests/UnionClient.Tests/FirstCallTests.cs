using System.Threading.Channels;
using UnionTesting;

namespace UnionClient.Tests;

/// <summary>Which calls are the first ones, and how they gather; without a silo.</summary>
public sealed class FirstCallTests
{
    private readonly MovedClock clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Trait("F", "24")]
    public void The_third_call_to_a_key_is_not_new_until_the_key_has_rested_for_minutes()
    {
        var recent = new RecentKeys(clock);
        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(_ => recent.IsNew("a")));
        Assert.True(recent.IsNew("b"));
        clock.Advance(TimeSpan.FromMinutes(6)); // What was called before counts for one more age.
        Assert.Equal([false, true, false], new[] { "a", "b", "b" }.Select(recent.IsNew));
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(recent.IsNew("a"));
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => recent.IsNew("a")));
    }

    [Fact, Trait("F", "24")]
    public void A_key_that_is_kept_is_not_new()
    {
        var recent = new RecentKeys(clock);
        recent.Keep("a");
        recent.Keep("a");
        Assert.False(recent.IsNew("a"));
        Assert.True(recent.IsNew("b"));
    }

    [Fact, Trait("F", "24")]
    public void A_key_is_forgotten_while_very_many_others_are_called()
    {
        var recent = new RecentKeys(clock);
        for (var call = 0; call < 3; call++) recent.IsNew("a");
        // Few of so many share a count with another: most are told as new.
        Assert.InRange(Enumerable.Range(0, 200_000).Count(n => recent.IsNew($"key {n}")), 170_000, 200_000);
        Assert.True(recent.IsNew("a"));
    }

    [Fact, Trait("F", "24")]
    public async Task Calls_from_everywhere_are_counted_without_waiting_for_each_other()
    {
        var recent = new RecentKeys(TimeProvider.System);
        var news = 0;
        await Parallel.ForAsync(0, 100_000, Cancel, (n, _) =>
        {
            if (recent.IsNew($"key {n % 100}")) Interlocked.Increment(ref news);
            return ValueTask.CompletedTask;
        });
        // Counts may be lost when two call at once, not more than that.
        Assert.InRange(news, 200, 2_000);
        Assert.DoesNotContain(Enumerable.Range(0, 100), n => recent.IsNew($"key {n}"));
    }

    [Fact, Trait("F", "24")]
    public async Task What_is_asked_while_a_window_is_under_way_sets_out_in_the_next_and_a_full_window_waits_for_nobody()
    {
        var windows = Channel.CreateUnbounded<(IReadOnlyList<int> Asked, TaskCompletionSource Answer)>();
        var sent = 0;
        var calls = new GatheredCalls<int, string>(async asked =>
        {
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Increment(ref sent);
            windows.Writer.TryWrite((asked, answer));
            await answer.Task;
            return [.. asked.Select(n => $"{n}")];
        }, clock);

        var first = calls.Ask(0);
        var alone = await windows.Reader.ReadAsync(Cancel);
        Assert.Equal([0], alone.Asked);
        var gathered = Enumerable.Range(1, 999).Select(calls.Ask).ToList();
        Assert.Equal(1, sent);
        gathered.Add(calls.Ask(1_000));
        var full = await windows.Reader.ReadAsync(Cancel);
        Assert.Equal((2, 1_000), (sent, full.Asked.Count));
        var last = calls.Ask(1_001);
        Assert.Equal(2, sent);
        alone.Answer.SetResult();
        Assert.Equal("0", await first);
        Assert.False(last.IsCompleted); // it waits for the window under way, which takes it along
        full.Answer.SetResult();
        Assert.Equal(Enumerable.Range(1, 1_000).Select(n => $"{n}"), await Task.WhenAll(gathered));
        var next = await windows.Reader.ReadAsync(Cancel);
        Assert.Equal([1_001], next.Asked);
        next.Answer.SetResult();
        Assert.Equal("1001", await last);

        var again = calls.Ask(1_002);
        (await windows.Reader.ReadAsync(Cancel)).Answer.SetResult();
        Assert.Equal(("1002", 4), (await again, sent));
    }

    [Fact, Trait("F", "24")]
    public async Task At_most_four_windows_are_under_way_and_everybody_is_answered()
    {
        var (under, most) = (0, 0);
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = new GatheredCalls<int, string>(async asked =>
        {
            var now = Interlocked.Increment(ref under);
            for (var known = most; known < now; known = most) Interlocked.CompareExchange(ref most, now, known);
            await open.Task;
            Interlocked.Decrement(ref under);
            return [.. asked.Select(n => $"{n}")];
        }, clock);
        var asked = Enumerable.Range(0, 20_000).Select(calls.Ask).ToList();
        Assert.Equal(4, under);
        open.SetResult();
        Assert.Equal(Enumerable.Range(0, 20_000).Select(n => $"{n}"), await Task.WhenAll(asked));
        Assert.Equal(4, most);
    }

    [Fact, Trait("F", "24")]
    public async Task A_window_that_breaks_answers_nothing_and_the_next_goes_on()
    {
        var sent = 0;
        var calls = new GatheredCalls<int, string>(async asked =>
        {
            await Task.Yield();
            if (Interlocked.Increment(ref sent) == 1) throw new TimeoutException();
            return [.. asked.Select(n => $"{n}")];
        }, TimeProvider.System);
        Assert.Null(await calls.Ask(1));
        Assert.Equal("2", await calls.Ask(2));
    }

    [Fact, Trait("F", "24")]
    public async Task A_window_without_an_answer_holds_up_nobody_but_those_who_are_in_it()
    {
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var lost = new SemaphoreSlim(0);
        var calls = new GatheredCalls<int, string>(async asked =>
        {
            if (asked.Any(n => n < 0))
            {
                lost.Release();
                await silent.Task;
            }

            return [.. asked.Select(n => $"{n}")];
        }, TimeProvider.System);
        for (var n = 1; n <= 6; n++) // more than may be under way at once
        {
            var never = calls.Ask(-n);
            await lost.WaitAsync(Cancel); // so that what follows is not in the same window
            Assert.Equal($"{n}", await calls.Ask(n).WaitAsync(TimeSpan.FromSeconds(60), Cancel));
            Assert.False(never.IsCompleted);
        }

        silent.SetResult();
        Assert.Equal("7", await calls.Ask(7));
    }
}
