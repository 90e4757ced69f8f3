using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>
/// Makes references to the grains of one interface. Orleans looks its names up by reflection for every reference; they are looked up once here.
/// </summary>
public sealed class GrainAddress<TGrain>(IGrainFactory grains)
    where TGrain : IGrainWithStringKey
{
    // A failure is not kept: before the first connection nobody knows the grains yet.
    private readonly Lazy<GrainReference> sample = new(() => (GrainReference)(object)grains.GetGrain<TGrain>("-"), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The grain of a stream.</summary>
    public TGrain Of(StreamId stream) => (TGrain)grains.GetGrain(GrainId.Create(sample.Value.GrainId.Type, IdSpan.Create(stream.ToString())), sample.Value.InterfaceType);
}
