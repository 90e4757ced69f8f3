using System.Collections.Immutable;

namespace UnionLoad;

/// <summary>The database under all that is compared.</summary>
internal enum Store
{
    Postgres,
    Sqlite,
}

/// <summary>Who is measured.</summary>
internal enum Room
{
    /// <summary>Members whose personal fields are sealed.</summary>
    Members,

    /// <summary>Employing units, which have no personal fields.</summary>
    Employers,
}

/// <summary>What one command meets.</summary>
internal enum Case
{
    /// <summary>One that is active. An employer: another headcount (one event, one row, one fact, one fact line). A member: another phone on the sheet (one event, one row).</summary>
    Warm,

    /// <summary>One that is active, and a command with nothing personal in it. A member: the word given or taken back that a card may be made (one event, one row). An employer: as warm.</summary>
    Light,

    /// <summary>One that never was, with claim, row and facts; a member also with a key.</summary>
    First,

    /// <summary>One that is stored but not active: it is looked at, then changed.</summary>
    Cold,

    /// <summary>The same one for all commands.</summary>
    Hot,

    /// <summary>Those that never were, in the order of a roll and 1,000 in one call; the stock grain writes them one by one.</summary>
    Bulk,
}

/// <summary>What is compared.</summary>
internal enum Contender
{
    /// <summary>The house, silo and client in one process.</summary>
    Union,

    /// <summary>An Orleans grain as its documentation teaches it: one persistent state, written with each command.</summary>
    Stock,

    /// <summary>Transactions of many rows without any actor: the same rows as the house writes.</summary>
    Limit,
}

/// <summary>What the caller asked for.</summary>
internal sealed record Options
{
    public required Store Store { get; init; }

    public required Room Room { get; init; }

    public string? Connection { get; init; }

    public FileInfo? Json { get; init; }

    public required ImmutableArray<Case> Cases { get; init; }

    public required ImmutableArray<Contender> Contenders { get; init; }

    public required int Seconds { get; init; }

    public required int WarmUpSeconds { get; init; }

    public required int Runs { get; init; }

    public required int InFlight { get; init; }

    public required int StockInFlight { get; init; }

    public required int Actors { get; init; }
}

/// <summary>One run that a child process shall do; without a case it fills the database with actors.</summary>
internal sealed record Request(Store Store, Room Room, string Connection, Contender Contender, Case? Case, int WarmUpSeconds, int Seconds, int InFlight, int Actors, int Seeded);

/// <summary>Microseconds of processor time per command. In one process the silo's share holds client and load generator too.</summary>
internal sealed record ProcessorMicroseconds(double Client, double Silo, double Db);

/// <summary>What one run measured.</summary>
internal sealed record Run
{
    public required double Rate { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required ProcessorMicroseconds CpuUs { get; init; }

    public required long Commands { get; init; }

    public required double PeakMb { get; init; }

    /// <summary>What one command leaves to the collector, in bytes: unlike processor time it is the same on a busy machine.</summary>
    public required double AllocatedBytes { get; init; }

    /// <summary>What was compared afterwards and found right.</summary>
    public required string Checked { get; init; }
}

/// <summary>Reads and writes the names of the cases and systems.</summary>
internal static class Names
{
    public static ImmutableArray<T> Read<T>(string text)
        where T : struct, Enum => [.. text.Split(',').Select(name => Enum.Parse<T>(name, ignoreCase: true)).Distinct()];

    public static string Name<T>(this T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
