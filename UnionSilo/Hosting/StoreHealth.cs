using Microsoft.Extensions.Diagnostics.HealthChecks;
using UnionGrains.Kernel;

namespace UnionSilo.Hosting;

/// <summary>Whether the journal's database answers.</summary>
internal sealed class StoreHealth(IJournalStore store) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.ReadClosing(cancellationToken).WaitAsync(Patience, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Only the kind of the failure: a driver's message may hold a connection string.
            return HealthCheckResult.Unhealthy(failure.GetType().Name);
        }
    }
}
