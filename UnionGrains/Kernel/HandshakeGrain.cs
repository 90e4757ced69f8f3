using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Configuration;
using UnionClient;

namespace UnionGrains.Kernel;

/// <summary>Tells clients whom they speak with.</summary>
[StatelessWorker, GrainType("union.handshake")]
public sealed class HandshakeGrain(IOptions<ClusterOptions> cluster) : Grain, IHandshakeGrain
{
    /// <inheritdoc/>
    public Task<Greeting> Greet() => Task.FromResult(new Greeting(cluster.Value.ClusterId, cluster.Value.ServiceId));
}
