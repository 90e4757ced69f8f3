using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using UnionClient;
using UnionGrains.Feed;
using UnionGrains.Kernel;
using UnionSilo.Persistence;

namespace UnionSilo.Hosting;

/// <summary>Hosts a union: silo, database and client in one call.</summary>
public static class UnionHosting
{
    private const string Loopback = "127.0.0.1";
    private const int MissedProbes = 3;

    /// <summary>
    /// Silo and client in this process on a SQLite file; nothing to install. Adds <see cref="IUnionClient"/>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Changes to the options bound from <c>Union:Embedded</c>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or outside its range; the message names its key.</exception>
    /// <exception cref="MasterKeyMissingException">The file holds keys that no master key of the key file opens, or the key file is gone.</exception>
    /// <exception cref="InvalidDataException">The key file holds no keys, or others may read it.</exception>
    public static IHostApplicationBuilder AddEmbeddedUnion(this IHostApplicationBuilder builder, Action<EmbeddedUnionOptions>? configure = null)
    {
        var options = new EmbeddedUnionOptions();
        builder.Configuration.GetSection("Union:Embedded").Bind(options);
        configure?.Invoke(options);
        Check<EmbeddedUnionOptions>(
            "Union:Embedded",
            (options.File.Length == 0, "File is empty: the path of the database."),
            (string.IsNullOrWhiteSpace(options.ClusterId), "ClusterId is empty: the name by which clients outside find this union."),
            (!IsPort(options.SiloPort), "SiloPort is no port: 0 to 65535."),
            (!IsPort(options.GatewayPort), "GatewayPort is no port: 0 to 65535."));
        var file = Path.GetFullPath(options.File);
        var snapshots = file + ".snapshots";

        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(PortOf(options.SiloPort), PortOf(options.GatewayPort), serviceId: "union", clusterId: options.ClusterId);
            Limits(silo);
            var store = new SqliteJournalStore(new() { File = file });
            // The page size can be chosen only while the file is empty, so it is taken before the schema is written.
            store.TakeFile();
            var database = Database.Sqlite(file);
            try
            {
                Schema.Sqlite(file).Upgrade();
                var secrets = new Secrets(database);
                Keep(silo, secrets.Open(OwnKeys(silo, file, secrets)));
                Epochs.Settle(database, file, CancellationToken.None).GetAwaiter().GetResult();
            }
            catch
            {
                store.DisposeAsync().AsTask().GetAwaiter().GetResult(); // Whoever puts it right may try again.
                throw;
            }

            if (!File.Exists(snapshots)) OwnFile.Create(snapshots).Dispose();
            Schema.SqliteSnapshots(snapshots).Upgrade();
            silo.Services.AddSingleton<IJournalStore>(_ => store);
            Read(silo, database, new FeedMark(file).Tell);
            // This spelling of the invariant loads Microsoft.Data.Sqlite.
            silo.AddAdoNetGrainStorage(Snapshots.Provider, storage => Store(storage, "System.Data.SQLite", $"Data Source={snapshots}"));
            silo.AddUnionGrains();
        });
        return builder;
    }

    /// <summary>
    /// One silo of a cluster on PostgreSQL. Adds <see cref="IUnionClient"/>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="configure">Changes to the options bound from <c>Union:Silo</c>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or outside its range; the message names its key.</exception>
    /// <exception cref="InvalidDataException">The connection string or the master key is missing, or is none.</exception>
    /// <exception cref="MasterKeyMissingException">The database holds keys that none of the master keys opens.</exception>
    /// <exception cref="UnsafeDurabilityException">The database acknowledges commits that are not on disk.</exception>
    public static IHostApplicationBuilder AddPostgresUnion(this IHostApplicationBuilder builder, Action<PostgresUnionOptions>? configure = null)
    {
        var options = new PostgresUnionOptions();
        builder.Configuration.GetSection("Union:Silo").Bind(options);
        configure?.Invoke(options);
        if (options.ConnectionString.Length == 0) throw new InvalidDataException("Name the database: Union:Silo:ConnectionString or UNION_CONNECTION.");
        Check<PostgresUnionOptions>(
            "Union:Silo",
            (string.IsNullOrWhiteSpace(options.ClusterId), "ClusterId is empty: the name of the silos that work together."),
            (string.IsNullOrWhiteSpace(options.ServiceId), "ServiceId is empty: the name of the installation."),
            (string.IsNullOrWhiteSpace(options.Name), "Name is empty: the first part of the silo's name."),
            (!IPAddress.TryParse(options.Address, out _), "Address is no IP address: the one on which silo and gateway listen."),
            (!IsPort(options.SiloPort), "SiloPort is no port: 0 to 65535."),
            (!IsPort(options.GatewayPort), "GatewayPort is no port: 0 to 65535."),
            (options.DeadAfter < TimeSpan.FromSeconds(1) || options.DeadAfter > TimeSpan.FromHours(1), "DeadAfter is outside 00:00:01 to 01:00:00."));
        var masters = UnionKey.Of(options.MasterKey, options.MasterKeyFile);
        // Unique for each start: the backends of a dead silo are ended by this name, and must not be those of its successor.
        var name = $"{options.Name}-{Guid.NewGuid().ToString("N")[..8]}";
        var schema = Schema.Postgres(options.ConnectionString);
        if (options.UpgradeSchema) schema.Upgrade();
        else if (!schema.Status().IsCurrent) throw new InvalidDataException("The schema is older than this program: run `union-silo db upgrade`.");
        var database = Database.Postgres(options.ConnectionString);
        var secrets = new Secrets(database).Open(masters);
        using (var connection = database.Source.OpenConnection()) Epochs.Settle(connection, CancellationToken.None).GetAwaiter().GetResult();

        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
            silo.Configure<SiloOptions>(identity => identity.SiloName = name);
            silo.ConfigureEndpoints(
                IPAddress.Parse(options.Address), PortOf(options.SiloPort), PortOf(options.GatewayPort), listenOnAnyHostAddress: false);
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                (membership.ProbeTimeout, membership.NumMissedProbesLimit) = (options.DeadAfter / MissedProbes, MissedProbes);
                // After all silos died at once nobody is left to declare them dead: the first one back waits for their signs of life to grow old.
                (membership.IAmAliveTablePublishTimeout, membership.NumMissedTableIAmAliveLimit) = (options.DeadAfter / MissedProbes, MissedProbes);
            });
            Limits(silo);
            silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = ("Npgsql", options.ConnectionString));
            silo.UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.ConnectionString) = ("Npgsql", options.ConnectionString));
            silo.AddAdoNetGrainStorage(Snapshots.Provider, storage => Store(storage, "Npgsql", options.ConnectionString));
            silo.Services.AddSingleton(_ => new PostgresJournalStore(new()
            {
                ConnectionString = options.ConnectionString,
                SiloName = name,
                AllowUnsafeDurability = options.AllowUnsafeDurability,
            }));
            silo.Services.AddSingleton<IJournalStore>(provider => provider.GetRequiredService<PostgresJournalStore>());
            Read(silo, database);
            Keep(silo, secrets);
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, PostgresStage>();
            silo.AddUnionGrains(options.DeadAfter);
        });
        return builder;
    }

    // Checked at once and not when the host starts: the database is opened at once.
    private static void Check<TOptions>(string section, params ReadOnlySpan<(bool Wrong, string Message)> rules)
    {
        var wrong = new List<string>();
        foreach (var rule in rules)
            if (rule.Wrong) wrong.Add($"{section}:{rule.Message}");
        if (wrong.Count > 0) throw new OptionsValidationException(section, typeof(TOptions), wrong);
    }

    private static bool IsPort(int port) => port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort;

    // Made by a factory, so that the host gives its connections back when it ends.
    private static void Read(ISiloBuilder silo, Database database, Action<long>? told = null) => silo.Services.AddSingleton(_ => database)
        .AddSingleton<IReadSide>(provider => new ReadSide(provider.GetRequiredService<Database>()))
        .AddSingleton<IFeedSource>(provider => new FeedSource(provider.GetRequiredService<Database>(), told));

    private static void Keep(ISiloBuilder silo, (CommandHash Commands, Vault Vault) secrets) => silo.Services.AddSingleton(secrets.Commands).AddSingleton(secrets.Vault);

    /// <summary>The keys of the file beside the database; made with a new database only, because a new key opens nothing of an old one.</summary>
    private static MasterKeys OwnKeys(ISiloBuilder silo, string database, Secrets secrets)
    {
        var path = UnionKey.FileOf(database);
        if (File.Exists(path)) return UnionKey.OfFile(path);
        if (secrets.MastersInUse().Min is { } lost) throw new MasterKeyMissingException(lost);
        var made = new MasterKeys([MasterKey.New()]);
        UnionKey.Write(path, made);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => new NewKey(path, made.Newest.Id, provider.GetRequiredService<ILogger<NewKey>>()));
        return made;
    }

    private static void Store(AdoNetGrainStorageOptions storage, string invariant, string connectionString) =>
        (storage.Invariant, storage.ConnectionString, storage.GrainStorageSerializer) = (invariant, connectionString, new SnapshotSerializer());

    private static void Limits(ISiloBuilder silo)
    {
        // One window of commands is a few megabytes at most; what is larger is a mistake or an attack.
        silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxMessageBodySize = 16 * 1024 * 1024);
        // The journal's slots already answer `overloaded` when commits fall behind; here only memory is guarded.
        silo.Configure<LoadSheddingOptions>(shedding => (shedding.LoadSheddingEnabled, shedding.CpuThreshold, shedding.MemoryThreshold) = (true, 100, 90));
    }

    // Below the ports that systems give to outgoing connections: one of those could take a probed port before the silo listens on it.
    private static int PortOf(int port)
    {
        while (port == 0)
        {
            var candidate = Random.Shared.Next(10_000, 32_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Parse(Loopback), candidate);
                probe.Start();
                port = candidate;
            }
            catch (SocketException)
            {
                // Taken; another one is free.
            }
        }

        return port;
    }
}
