using System.Diagnostics.Metrics;

namespace UnionGrains.Kernel;

/// <summary>What every aggregate grain of a silo shares.</summary>
/// <param name="Journal">Commits and reads streams.</param>
/// <param name="Active">The streams active on this silo.</param>
/// <param name="Membership">Whether this silo may serve, and how the others are told.</param>
/// <param name="Snapshots">Shortens the replay of long streams; null: every activation replays its whole stream.</param>
/// <param name="Rooms">Finds other aggregates.</param>
/// <param name="Hash">Hashes the content of commands.</param>
/// <param name="Vault">Seals personal fields.</param>
/// <param name="Clock">The clock of business: replaced in tests without touching the silo's own.</param>
/// <param name="Numbers">What is counted for operators.</param>
public sealed record AggregateKernel(
    Journal Journal, ActiveStreams Active, Membership Membership, Snapshots? Snapshots, RoomDirectory Rooms, CommandHash Hash, Vault Vault, TimeProvider Clock, AggregateNumbers Numbers)
{
    /// <summary>The key under which the clock of business is registered.</summary>
    public const string ClockKey = "union";

    internal ShownStreams Shown { get; } = new(Clock);
}

/// <summary>Meters of the aggregate grains.</summary>
public sealed class AggregateNumbers
{
    private readonly Counter<long> commands;

    /// <summary>Creates the meter <c>UnionActors.Grains</c>.</summary>
    public AggregateNumbers(IMeterFactory meters)
    {
        var meter = meters.Create("UnionActors.Grains");
        commands = meter.CreateCounter<long>("union.commands", "{command}", "Commands answered, by room and outcome.");
    }

    /// <summary>Counts one answered command.</summary>
    /// <param name="kind">Kind of the aggregate.</param>
    /// <param name="outcome">accepted, nothing, refused or repeated.</param>
    public void Count(string kind, string outcome) =>
        commands.Add(1, new KeyValuePair<string, object?>("room", kind), new KeyValuePair<string, object?>("outcome", outcome));
}
