using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using UnionClient;
using UnionClient.CardBatches;
using UnionClient.Employers;
using UnionClient.Members;
using UnionClient.Unions;
using UnionDomain;
using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionGrains.Feed;

namespace UnionGrains.Kernel;

/// <summary>Adds the grains to a silo.</summary>
public static class UnionGrainsExtensions
{
    /// <summary>
    /// Adds the aggregate grains and the journal that commits for them. The host registers <see cref="IJournalStore"/>, <see cref="IReadSide"/>, <see cref="IFeedSource"/>,
    /// <see cref="CommandHash"/>, <see cref="Vault"/> and, if wanted, a storage provider named <see cref="Snapshots.Provider"/>.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="deadAfter">How long a silo of the cluster may be silent before the others declare it dead; null (default): it is the only one on its database.</param>
    public static ISiloBuilder AddUnionGrains(this ISiloBuilder silo, TimeSpan? deadAfter = null)
    {
        var services = silo.Services;
        services.AddUnionFacade();
        services.AddOptions<JournalOptions>();
        services.TryAddKeyedSingleton(AggregateKernel.ClockKey, TimeProvider.System);
        services.TryAddSingleton<ActiveStreams>();
        services.TryAddSingleton<AggregateNumbers>();
        services.AddSingleton(provider => RoomDirectory.Of<IUnionGrain, UnionCommand, UnionView>(Rooms.ByKind[Union.Kind], provider.GetRequiredService<IGrainFactory>()));
        services.AddSingleton(provider => RoomDirectory.Of<IEmployerGrain, EmployerCommand, EmployerView>(Rooms.ByKind[Employer.Kind], provider.GetRequiredService<IGrainFactory>()));
        services.AddSingleton(provider => RoomDirectory.Of<IMemberGrain, MemberCommand, MemberView>(Rooms.ByKind[Member.Kind], provider.GetRequiredService<IGrainFactory>()));
        services.AddSingleton(provider => RoomDirectory.Of<ICardBatchGrain, CardBatchCommand, CardBatchView>(Rooms.ByKind[CardBatch.Kind], provider.GetRequiredService<IGrainFactory>()));
        services.TryAddSingleton<RoomDirectory>();
        services.TryAddSingleton<StreamPlaces>();
        services.AddGrainService<SiloStreams>();
        services.TryAddSingleton<SiloStreamsAddress>();
        services.TryAddSingleton(provider => new Membership(
            provider.GetRequiredService<ActiveStreams>(),
            deadAfter is not { } limit ? null : new(
                // Less than the silence that others take for death: who is cut off stops serving before anybody takes over.
                provider.GetRequiredService<ILocalSiloDetails>().SiloAddress, limit * 2 / 3, provider.GetRequiredService<IMembershipTable>(),
                silo => provider.GetRequiredService<SiloStreamsAddress>().Of(silo)),
            TimeProvider.System,
            provider.GetRequiredService<ILogger<Membership>>()));
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<Membership>());
        services.TryAddSingleton(provider => new Journal(
            provider.GetRequiredService<IJournalStore>(),
            provider.GetRequiredService<IOptions<JournalOptions>>().Value,
            TimeProvider.System,
            provider.GetRequiredService<ILogger<Journal>>(),
            provider.GetRequiredService<IMeterFactory>()));
        services.TryAddSingleton(provider => new AggregateKernel(
            provider.GetRequiredService<Journal>(),
            provider.GetRequiredService<ActiveStreams>(),
            provider.GetRequiredService<Membership>(),
            provider.GetKeyedService<IGrainStorage>(Snapshots.Provider) is { } storage ? new Snapshots(storage, provider.GetRequiredService<ILogger<Snapshots>>()) : null,
            provider.GetRequiredService<RoomDirectory>(),
            provider.GetRequiredService<CommandHash>(),
            provider.GetRequiredService<Vault>(),
            provider.GetRequiredKeyedService<TimeProvider>(AggregateKernel.ClockKey),
            provider.GetRequiredService<AggregateNumbers>()));
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, JournalStage>();
        return silo;
    }

    /// <summary>The journal lives longer than the grains: it starts before them and stops after they have waited for their commits.</summary>
    private sealed class JournalStage(Journal journal) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle observer) =>
            observer.Subscribe(nameof(Journal), ServiceLifecycleStage.RuntimeStorageServices, journal.Start, journal.Stop);
    }
}
