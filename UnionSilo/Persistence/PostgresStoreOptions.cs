using System.ComponentModel.DataAnnotations;

namespace UnionSilo.Persistence;

/// <summary>How a silo uses its PostgreSQL database.</summary>
public sealed class PostgresStoreOptions
{
    /// <summary>An Npgsql connection string. Pooling, application name, timeouts and session settings of the journal's own connections win over it.</summary>
    [Required]
    public required string ConnectionString { get; set; }

    /// <summary>Name of the silo, unique in its cluster: 1–40 printable ASCII characters. Its connections are called <c>union-silo/NAME</c>, so that others can end them.</summary>
    [RegularExpression("^[!-~]{1,40}$")]
    public required string SiloName { get; set; }

    /// <summary>How many sessions write, 1–16; 2 unless set, which measured best on two cores.</summary>
    [Range(1, 16)]
    public int Writers { get; set; } = 2;

    /// <summary>How many sessions read streams at most, 1–64; 4 unless set.</summary>
    [Range(1, 64)]
    public int Readers { get; set; } = 4;

    /// <summary>How long a statement waits for a row that another transaction holds; 500 ms unless set. The group is repeated then.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the database waits inside a transaction for a silo that sends nothing before it ends the session; 30 s unless set.</summary>
    public TimeSpan IdleInTransactionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one statement may run; 30 s unless set. The driver gives up five seconds later.</summary>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long opening a connection may take; 5 s unless set.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Lets the silo start although the database acknowledges commits that are not on disk; false unless set. For tests only: a power cut loses acknowledged commands.</summary>
    public bool AllowUnsafeDurability { get; set; }
}

/// <summary>The database would acknowledge commits that a power cut can undo.</summary>
public sealed class UnsafeDurabilityException(string setting) : Exception(
    $"PostgreSQL runs with {setting} = off: an acknowledged command could be lost. Turn it on, or allow it with {nameof(PostgresStoreOptions.AllowUnsafeDurability)} where data may be lost.")
{
    /// <summary>The server setting that is off: <c>fsync</c> or <c>synchronous_commit</c>.</summary>
    public string Setting { get; } = setting;
}
