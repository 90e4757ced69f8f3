using System.Collections.Immutable;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>Finds the grain of any stream by its kind, to gather what a decision wants to know of other aggregates.</summary>
public sealed class RoomDirectory(IEnumerable<RoomDirectory.Entry> entries)
{
    private readonly Dictionary<string, Entry> byKind = entries.ToDictionary(entry => entry.Room.Kind, StringComparer.Ordinal);

    /// <summary>One kind of aggregate.</summary>
    /// <param name="Room">The room.</param>
    /// <param name="Look">Asks the grain of a stream for its committed view; null when nothing ever happened there.</param>
    public sealed record Entry(Room Room, Func<IGrainFactory, string, Task<object?>> Look);

    /// <summary>The entry of one room.</summary>
    public static Entry Of<TGrain, TCommand, TView>(Room room)
        where TGrain : IAggregateGrain<TCommand, TView>
        where TView : class =>
        new(room, async (grains, stream) => await grains.GetGrain<TGrain>(stream).Get() is { Version: > 0 } reply ? reply.View : null);

    /// <summary>An effect as it is stored in the outbox.</summary>
    public OutboxEntry Outgoing(int n, int happened, Effect effect) => new(n, happened, effect.Target.ToString(), byKind[effect.Target.Kind].Room.Write(effect.Command));

    /// <summary>Asks all of them at once.</summary>
    public async Task<Knowledge> Gather(IGrainFactory grains, IReadOnlyList<StreamId> needed)
    {
        var views = await Task.WhenAll(needed.Select(stream => stream.HasValidKey() ? byKind[stream.Kind].Look(grains, stream.ToString()) : Task.FromResult<object?>(null)));
        return new(needed.Zip(views).Where(pair => pair.Second is not null).DistinctBy(pair => pair.First).ToImmutableDictionary(pair => pair.First, pair => pair.Second!));
    }
}
