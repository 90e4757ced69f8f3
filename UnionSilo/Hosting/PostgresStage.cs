using Microsoft.Extensions.Logging;
using UnionSilo.Persistence;

namespace UnionSilo.Hosting;

/// <summary>
/// Refuses to start on a database that acknowledges commits it may lose; and ends the database sessions of silos that were declared dead: one that was stopped inside a COPY would hold its rows for as long as it sleeps,
/// and what it sends when it wakes must not be committed.
/// </summary>
internal sealed partial class PostgresStage(ISiloStatusOracle oracle, PostgresJournalStore store, ILogger<PostgresStage> log) : ILifecycleParticipant<ISiloLifecycle>, ISiloStatusListener
{
    public void Participate(ISiloLifecycle observer)
    {
        observer.Subscribe(nameof(PostgresStage), ServiceLifecycleStage.RuntimeServices, store.CheckDurability);
        observer.Subscribe(nameof(PostgresStage), ServiceLifecycleStage.Active, _ =>
        {
            oracle.SubscribeToSiloStatusEvents(this);
            return Task.CompletedTask;
        });
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead || updatedSilo.Equals(oracle.SiloAddress) || !oracle.TryGetSiloName(updatedSilo, out var name)) return;
        _ = Task.Run(async () =>
        {
            try
            {
                await store.TerminateBackends(name);
                LogEnded(name);
            }
            catch (Exception failure)
            {
                LogFailed(name, failure.GetType().Name);
            }
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database sessions of the dead silo {Silo} were ended.")]
    private partial void LogEnded(string silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database sessions of the dead silo {Silo} could not be ended ({Failure}).")]
    private partial void LogFailed(string silo, string failure);
}
