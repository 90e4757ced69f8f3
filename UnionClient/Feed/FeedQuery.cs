using System.Collections.Immutable;
using System.Text.Json;
using UnionDomain.Kernel;

namespace UnionClient.Feed;

/// <summary>A place in the feed. To keep it, keep its text; what stands in it is the silo's business.</summary>
/// <param name="Value">The text.</param>
[GenerateSerializer, Immutable, Alias("union.feed-token")]
public readonly record struct FeedToken([property: Id(0)] string Value)
{
    /// <summary>The token with which to go on after <see cref="FeedRules.EpochEnded"/>; null of any other refusal.</summary>
    public static FeedToken? ResumeOf(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Code == FeedRules.EpochEnded.Code ? new(refusal.Arguments.Single(argument => argument.Name == "resume").Value) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Which events are told.</summary>
public sealed record FeedQuery
{
    /// <summary>
    /// The union at and under which events happened; the union of whoever reads unless given. An event happens at the union that its aggregate stands at before or after it, in the tree
    /// as it stood on the event's business date. An event of a union itself counts by the tree of the day before too, so that those it leaves hear of it.
    /// </summary>
    public UnionId? Within { get; init; }

    /// <summary>The rooms by their kind, for example <c>member</c>; all unless given.</summary>
    public ImmutableArray<string> Kinds { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>One committed event.</summary>
public sealed record FeedEvent
{
    /// <summary>The place after the event: who goes on here is told what follows.</summary>
    public required FeedToken Token { get; init; }

    /// <summary>The aggregate; its kind is the room.</summary>
    public required StreamId Stream { get; init; }

    /// <summary>The number of the event in its aggregate, from 1. Aggregate and number tell an event from every other.</summary>
    public required long Version { get; init; }

    /// <summary>The pinned name of the event inside its room.</summary>
    public required string Type { get; init; }

    /// <summary>The schema number of <see cref="Data"/>: the newest that the silo knows, whatever was stored.</summary>
    public required int Schema { get; init; }

    /// <summary>What happened, as JSON without anything personal.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>The union at which the aggregate stands after the event; null when none is known.</summary>
    public UnionId? Union { get; init; }

    /// <summary>The union at which it stood before; null when that is the same one, or there was none.</summary>
    public UnionId? FormerUnion { get; init; }

    /// <summary>The business date in Asia/Shanghai.</summary>
    public required DateOnly BusinessOn { get; init; }

    /// <summary>The instant at which it was decided. The feed's order is that of commits, so instants may run backwards.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The id of the command; several events of one command follow on each other in their aggregate.</summary>
    public required Guid CommandId { get; init; }

    /// <summary>Who gave the command: staff number or account.</summary>
    public required string By { get; init; }

    /// <summary>The capacity in which the operator acted.</summary>
    public required Role Role { get; init; }

    /// <summary>The union on whose behalf the operator acted.</summary>
    public required UnionId For { get; init; }

    /// <summary>The reason given, if any.</summary>
    public string? Reason { get; init; }

    /// <summary>The document it rests on, if any.</summary>
    public string? DocumentRef { get; init; }
}

/// <summary>A page of the feed.</summary>
/// <param name="Events">The events, in the order of the feed.</param>
/// <param name="Next">Where to go on, behind everything that was looked at, told or not; after <see cref="FeedRules.EpochEnded"/> where to go on in the new epoch; null after any other refusal.</param>
/// <param name="More">Whether there is more behind it now.</param>
/// <param name="Refusal">Why nothing is told, or null.</param>
[GenerateSerializer, Immutable, Alias("union.feed-page")]
public sealed record FeedPage(
    [property: Id(0)] IReadOnlyList<FeedEvent> Events, [property: Id(1)] FeedToken? Next, [property: Id(2)] bool More, [property: Id(3)] Refusal? Refusal = null);

/// <summary>Tells committed events.</summary>
[Alias("union.feed")]
public interface IFeedGrain : IGrainWithIntegerKey
{
    /// <summary>At most <paramref name="most"/> (1–1,000) events behind a place, from the first one when it is null. A page may hold none and yet not be the last.</summary>
    [Alias("read")]
    Task<FeedPage> Read(FeedQuery query, Operator? by, FeedToken? from, int most);
}
