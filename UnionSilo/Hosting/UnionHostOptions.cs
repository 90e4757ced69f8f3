namespace UnionSilo.Hosting;

/// <summary>How a union is hosted in one process on a SQLite file. Bound from the section <c>Union:Embedded</c>.</summary>
public sealed class EmbeddedUnionOptions
{
    /// <summary>The file; default <c>union.db</c> in the working directory. Snapshots and the master key lie beside it (<c>.snapshots</c>, <c>.key</c>).</summary>
    public string File { get; set; } = "union.db";

    /// <summary>Names the cluster for clients outside; default <c>union</c>.</summary>
    public string ClusterId { get; set; } = "union";

    /// <summary>Port between silos, unused by an only one; default 0: a free one.</summary>
    public int SiloPort { get; set; }

    /// <summary>Port for clients outside this process; default 0: a free one.</summary>
    public int GatewayPort { get; set; }
}

/// <summary>How a silo of a cluster on PostgreSQL is hosted. Bound from the section <c>Union:Silo</c>.</summary>
public sealed class PostgresUnionOptions
{
    /// <summary>An Npgsql connection string; required. Never logged.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The master keys: one or several, each Base64 of 32 bytes, between commas or line breaks; the first wraps from now on, the others only unwrap.
    /// Required unless <see cref="MasterKeyFile"/> is given; the same on every silo. Usually given by the environment variable <c>UNION_KEY</c>. Never logged.
    /// </summary>
    public string MasterKey { get; set; } = "";

    /// <summary>A file that holds the master keys in the same form, such as a credential of systemd or a secret of Kubernetes; only owner and group may read it. Default: none.</summary>
    public string MasterKeyFile { get; set; } = "";

    /// <summary>Names the cluster of silos that work together; default <c>union</c>.</summary>
    public string ClusterId { get; set; } = "union";

    /// <summary>Names the installation; part of stored keys: never change it. Default <c>union</c>.</summary>
    public string ServiceId { get; set; } = "union";

    /// <summary>First part of the silo's name; default <c>silo</c>. A random part makes it unique for each start.</summary>
    public string Name { get; set; } = "silo";

    /// <summary>The address on which silo and gateway listen; default 127.0.0.1.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port between silos; default 11111; 0 picks a free one.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for clients; default 30000; 0 picks a free one.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>How long a silo may be silent before the others declare it dead; default 15 s.</summary>
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether the schema is upgraded at the start; default true. False: a start on an older schema is refused.</summary>
    public bool UpgradeSchema { get; set; } = true;

    /// <summary>Lets the silo start on a database whose commits a power cut can undo; default false. For tests only.</summary>
    public bool AllowUnsafeDurability { get; set; }
}
