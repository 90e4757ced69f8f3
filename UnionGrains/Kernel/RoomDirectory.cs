using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>Finds the grain of any stream by its kind, to gather what a decision wants to know of other aggregates.</summary>
public sealed class RoomDirectory(IEnumerable<RoomDirectory.Entry> entries, ActiveStreams active)
{
    private readonly Dictionary<string, Entry> byKind = entries.ToDictionary(entry => entry.Room.Kind, StringComparer.Ordinal);

    /// <summary>One kind of aggregate.</summary>
    /// <param name="Room">The room.</param>
    /// <param name="Look">Asks the grain of a stream for its committed view; null when nothing ever happened there.</param>
    /// <param name="Grain">Names the grain of a stream.</param>
    public sealed record Entry(Room Room, Func<StreamId, Task<object?>> Look, Func<StreamId, GrainId> Grain);

    /// <summary>The entry of one room.</summary>
    public static Entry Of<TGrain, TCommand, TView>(Room room, IGrainFactory grains)
        where TGrain : IAggregateGrain<TCommand, TView>
        where TView : class
    {
        var address = new GrainAddress<TGrain>(grains);
        return new(room, async stream => await address.Of(stream).Get() is { Version: > 0 } reply ? reply.View : null, stream => address.Of(stream).GetGrainId());
    }

    /// <summary>The grain of a stream.</summary>
    public GrainId Grain(StreamId stream) => byKind[stream.Kind].Grain(stream);

    /// <summary>Looks at one committed view, active on this silo or not; null when nothing ever happened there, as of whatever has no valid key.</summary>
    public Task<object?> Look(StreamId stream) =>
        !stream.HasValidKey() ? Task.FromResult<object?>(null)
        : active.Look(stream.ToString()) is { } seen ? Task.FromResult<object?>(seen) : byKind[stream.Kind].Look(stream);

    /// <summary>An effect as it is stored in the outbox.</summary>
    public OutboxEntry Outgoing(int n, int happened, Effect effect) => new(n, happened, effect.Target.ToString(), byKind[effect.Target.Kind].Room.Write(effect.Command));

    /// <summary>
    /// Looks at what is active on this silo, and asks all others at once. Knowledge may be stale, so a look is as good as an answer and costs no message.
    /// What has no valid key does not exist.
    /// </summary>
    public async ValueTask<Knowledge> Gather(IReadOnlyList<StreamId> needed)
    {
        var views = new Dictionary<StreamId, object>(needed.Count);
        Dictionary<StreamId, Task<object?>>? asked = null;
        foreach (var stream in needed)
            if (!stream.HasValidKey()) continue;
            else if (active.Look(stream.ToString()) is { } seen) views[stream] = seen;
            else (asked ??= []).TryAdd(stream, byKind[stream.Kind].Look(stream));
        if (asked is null) return new(views);
        foreach (var (stream, look) in asked)
            if (await look is { } view) views[stream] = view;
        return new(views);
    }
}
