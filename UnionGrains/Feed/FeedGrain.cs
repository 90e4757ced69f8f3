using System.Globalization;
using System.Text.Json;
using Orleans.Concurrency;
using UnionClient;
using UnionClient.Feed;
using UnionDomain;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionGrains.Kernel;

namespace UnionGrains.Feed;

/// <summary>Tells committed events; as many activations as there are callers.</summary>
[StatelessWorker, GrainType("union.feed")]
public sealed class FeedGrain(IFeedSource source, IReadSide reads, StreamPlaces places) : Grain, IFeedGrain
{
    private const int LargestPage = 1_000;

    // Where few rows are told, a call looks at so many before it answers.
    private const int LookedAt = 10_000;

    /// <inheritdoc/>
    public async Task<FeedPage> Read(FeedQuery query, Operator? by, FeedToken? from, int most)
    {
        if (by is null) return Refused(FeedRules.OperatorMissing);
        if (query.Kinds.FirstOrDefault(kind => !Rooms.ByKind.ContainsKey(kind)) is { } unknown) throw Faults.UnknownCase(unknown);
        var scope = query.Within ?? by.Union;
        if (await NotOwn(scope, by) is { } outside) return Refused(outside);
        var everything = await IsOnlyRoot(scope);

        var epochs = await source.Epochs(CancellationToken.None);
        var (place, stamp) = (FeedPlace.Start, epochs[^1].Stamp);
        if (from is { } token)
        {
            if (!TryParse(token, out var given, out place)) return Refused(FeedRules.TokenUnreadable);
            if (epochs.FirstOrDefault(epoch => epoch.Stamp == given) is not { } known) return Refused(FeedRules.TokenForeign);
            if (place.Epoch > known.Number) return Refused(FeedRules.TokenUnreadable);
            // What the token's holder was told of events that are still here, was told up to this place: it holds in the new epoch too.
            if (known != epochs[^1]) return Refused(Ended(known, epochs[^1], TokenOf(stamp, place)), TokenOf(stamp, place));
        }

        var (page, events, looked) = (Math.Clamp(most, 1, LargestPage), new List<FeedEvent>(), 0);
        while (true)
        {
            if (await source.Read(epochs, place, query.Kinds, page, CancellationToken.None) is not { } slice) return Refused(FeedRules.TokenAhead);
            var stood = await places.Of(slice.Rows);
            var seen = everything ? null : await Seen(scope, slice.Rows, stood);
            for (var i = 0; i < slice.Rows.Length; i++)
            {
                if (seen?.Contains(i) == false) continue;
                events.Add(Tell(slice.Rows[i], stood[i], stamp));
                if (events.Count == page && i < slice.Rows.Length - 1) return new(events, events[^1].Token, More: true);
            }

            (place, looked) = (slice.Next, looked + slice.Rows.Length);
            if (!slice.More || events.Count == page || looked >= LookedAt) return new(events, TokenOf(stamp, place), slice.More);
        }
    }

    private static FeedPage Refused(Refusal why, FeedToken? resume = null) => new([], resume, More: false, why);

    private static Refusal Ended(Epoch ended, Epoch epoch, FeedToken resume) =>
        FeedRules.EpochEnded.With("ended", ended.Number).With("epoch", epoch.Number).With("began", epoch.BeganAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)).With("resume", resume.Value);

    // The epoch in which it was given, and the place: whoever reads the past of a restored database holds a token of the present epoch.
    private static FeedToken TokenOf(string stamp, FeedPlace place) => new(FormattableString.Invariant($"{stamp}.{place.Epoch}.{place.Transaction}.{place.Position}"));

    private static bool TryParse(FeedToken token, out string stamp, out FeedPlace place)
    {
        var parts = token.Value?.Split('.') ?? [];
        (stamp, place) = (parts[0..Math.Min(1, parts.Length)].FirstOrDefault() ?? "", FeedPlace.Start);
        if (parts.Length != 4 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) || epoch == 0
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var transaction)
            || !long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return false;
        place = new(epoch, transaction, position);
        return true;
    }

    private static FeedEvent Tell(FeedRow row, StreamPlaces.Stood stood, string stamp)
    {
        var (colon, at) = (row.Operator.IndexOf(':', StringComparison.Ordinal), row.Operator.LastIndexOf('@'));
        return new()
        {
            Token = TokenOf(stamp, row.Place),
            Stream = row.Stream,
            Version = row.Version,
            Type = stood.Told.Type,
            Schema = stood.Told.Schema,
            Data = JsonElement.Parse(stood.Told.Json.Span),
            Union = stood.After,
            FormerUnion = stood.Before == stood.After ? null : stood.Before,
            BusinessOn = row.BusinessOn,
            RecordedAt = row.RecordedAt,
            CommandId = row.CommandId,
            By = row.Operator[(colon + 1)..at],
            Role = Enum.Parse<Role>(row.Operator.AsSpan(0, colon)),
            For = new(row.Operator[(at + 1)..]),
            Reason = row.Reason,
            DocumentRef = row.DocumentRef,
        };
    }

    private async Task<IReadOnlySet<int>> Seen(UnionId scope, IReadOnlyList<FeedRow> rows, IReadOnlyList<StreamPlaces.Stood> stood)
    {
        var asked = new Dictionary<(UnionId, DateOnly), int>();
        var byRow = new List<(int Row, int Asked)>();
        for (var i = 0; i < rows.Count; i++)
        {
            Ask(i, stood[i].After, rows[i].BusinessOn);
            Ask(i, stood[i].Before, rows[i].BusinessOn);
            // A union that moves is seen to leave by those under whom it stood.
            if (rows[i].Stream.Kind == Union.Kind && rows[i].BusinessOn > DateOnly.MinValue) Ask(i, new(rows[i].Stream.Key), rows[i].BusinessOn.AddDays(-1));
        }

        if (asked.Count == 0) return new HashSet<int>();
        var within = await source.Within(scope, [.. asked.OrderBy(pair => pair.Value).Select(pair => pair.Key)], CancellationToken.None);
        return byRow.Where(pair => within.Contains(pair.Asked)).Select(pair => pair.Row).ToHashSet();

        void Ask(int row, UnionId? union, DateOnly on)
        {
            if (union is not { } at) return;
            if (!asked.TryGetValue((at, on), out var place)) asked[(at, on)] = place = asked.Count;
            byRow.Add((row, place));
        }
    }

    private async Task<Refusal?> NotOwn(UnionId scope, Operator by)
    {
        var own = await reads.List(UnionLine.Model, [new(UnionKey, Comparison.Equal, scope.Value), new(UnionKey, Comparison.Within, by.Union.Value)], null, 1, CancellationToken.None);
        return own.Count > 0 ? null : SearchRules.OutsideOwnSubtree.With("union", scope).With("own", by.Union);
    }

    // Then all there is happens under it, whatever the tree says of a day.
    private async Task<bool> IsOnlyRoot(UnionId scope) =>
        await reads.List(UnionLine.Model, [new("parent", Comparison.Equal, null)], null, 2, CancellationToken.None) is [var root] && (string)root[0]! == scope.Value;

    private static string UnionKey => UnionLine.Model.Columns[0].Name;
}
