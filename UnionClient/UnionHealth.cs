using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace UnionClient;

/// <summary>Adds the health of the connection to an application's health checks.</summary>
public static class UnionHealthExtensions
{
    /// <summary>Name of the check.</summary>
    public const string Name = "union";

    /// <summary>
    /// Adds the check <c>union</c> with the tag <c>ready</c>: healthy while the cluster answers within two seconds, else unhealthy with the reason. In a process with a silo it asks that one.
    /// </summary>
    public static IHealthChecksBuilder AddUnion(this IHealthChecksBuilder checks) => checks.AddCheck<UnionHealth>(Name, tags: ["ready"]);
}

/// <summary>Whether the cluster answers.</summary>
internal sealed class UnionHealth(IGrainFactory grains, IUnionConnection connection) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (connection.Trouble is { } trouble) return HealthCheckResult.Unhealthy(trouble);
        try
        {
            await grains.GetGrain<IHandshakeGrain>(0).Greet().WaitAsync(Patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The cluster does not answer ({failure.GetType().Name}).");
        }
    }
}
