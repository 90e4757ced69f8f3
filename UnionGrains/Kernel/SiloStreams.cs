using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace UnionGrains.Kernel;

/// <summary>A stream holds at least this version.</summary>
[GenerateSerializer, Immutable, Alias("union.stream-version")]
public readonly record struct StreamVersion([property: Id(0)] string Stream, [property: Id(1)] long Version);

/// <summary>The active streams of one silo, as the others reach them.</summary>
[Alias("union.silo-streams")]
internal interface ISiloStreams : IGrainService
{
    /// <summary>Raises what the silo's activations must at least have seen; the answer says that it is done.</summary>
    [Alias("raise")]
    Task Raise(IReadOnlyList<StreamVersion> held);
}

/// <summary>One on every silo.</summary>
[Reentrant]
internal sealed class SiloStreams(GrainId id, Silo silo, ILoggerFactory logs, ActiveStreams active) : GrainService(id, silo, logs), ISiloStreams
{
    public Task Raise(IReadOnlyList<StreamVersion> held)
    {
        foreach (var (stream, version) in held) active.Raise(stream, version);
        return Task.CompletedTask;
    }
}

/// <summary>Finds the one of a silo.</summary>
internal sealed class SiloStreamsAddress(IServiceProvider services) : GrainServiceClient<ISiloStreams>(services)
{
    public ISiloStreams Of(SiloAddress silo) => GetGrainService(silo);
}
