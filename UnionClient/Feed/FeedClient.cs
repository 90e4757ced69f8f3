using System.Runtime.CompilerServices;
using UnionDomain.Kernel;

namespace UnionClient.Feed;

/// <summary>
/// Everything that was committed, in the order in which it was: each event once, none left out, however many writers there are. Who keeps the token of the last event
/// that was worked off goes on behind it after any break.
/// </summary>
public sealed class FeedClient
{
    private const int PageSize = 500;

    private static readonly FeedQuery Everything = new();
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Calls calls;
    private readonly UnionClientOptions options;
    private readonly Func<IFeedGrain> feed;
    private readonly TimeProvider clock;

    internal FeedClient(Calls calls, UnionClientOptions options, Func<IFeedGrain> feed, TimeProvider clock) => (this.calls, this.options, this.feed, this.clock) = (calls, options, feed, clock);

    /// <summary>
    /// The events behind a place. Those of one aggregate come in the order of their versions; those of different aggregates in the order in which their transactions began. An event is told once
    /// nothing can come before it any more: a writing transaction that stays open, anywhere on the database's server, holds back what began after it.
    /// </summary>
    /// <param name="query">Which events; everything in the subtree of whoever reads unless given.</param>
    /// <param name="from">The place; the first event unless given.</param>
    /// <param name="follow">Whether to wait for what happens from now on, asking again after 50 ms to 1 s; otherwise it ends with the newest event.</param>
    /// <param name="by">Who reads: only events of the own subtree are told. The operator of <see cref="UnionClientOptions"/> unless given.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="UnionFault">Something broke for longer than the total time; go on with the last token.</exception>
    /// <exception cref="RefusedException">
    /// Nothing may be read so. After <see cref="FeedRules.EpochEnded"/> the database was restored: <see cref="FeedToken.ResumeOf"/> goes on, and nothing that is still there is missed or told
    /// twice. Events told before that are lost now are not called back: whoever must know them reads again from a token older than the backup and compares by aggregate and version.
    /// </exception>
    public async IAsyncEnumerable<FeedEvent> Read(
        FeedQuery? query = null, FeedToken? from = null, bool follow = false, Operator? by = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var (next, pause) = (from, FirstPause);
        while (true)
        {
            var page = await Page(query, next, PageSize, by, cancel);
            if (page.Refusal is { } refusal) throw new RefusedException(refusal);
            foreach (var happened in page.Events) yield return happened;
            next = page.Next;
            if (page.More) continue;
            if (!follow) yield break;
            pause = page.Events.Count > 0 ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            await Task.Delay(pause, clock, cancel);
        }
    }

    /// <summary>One page of the events behind a place, and a token behind everything that was looked at for it.</summary>
    /// <param name="query">Which events; everything in the subtree of whoever reads unless given.</param>
    /// <param name="from">The place; the first event unless given.</param>
    /// <param name="most">At most so many events (1–1,000); default 500.</param>
    /// <param name="by">Who reads; the operator of <see cref="UnionClientOptions"/> unless given.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    public Task<FeedPage> Page(FeedQuery? query = null, FeedToken? from = null, int most = PageSize, Operator? by = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(most is >= 1 and <= 1_000, true, nameof(most));
        return calls.Do(() => feed().Read(query ?? Everything, by ?? options.Operator, from, most), cancel);
    }
}
