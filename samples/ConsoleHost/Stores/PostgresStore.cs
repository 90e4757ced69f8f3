using System.Security.Cryptography;
using System.Text;
using ConsoleHost.Roll;
using Microsoft.Extensions.Hosting;
using UnionSilo.Hosting;
using UnionSilo.Persistence;
using UnionTesting;

namespace ConsoleHost.Stores;

/// <summary>
/// A PostgreSQL database that somebody names, or a server of its own whose data lie in the directory: it is started for the run and stopped with it. The master key is a file in the directory.
/// </summary>
internal sealed class PostgresStore : Store
{
    private readonly DirectoryInfo directory;
    private readonly string connectionString;
    private readonly PostgresServer? server;

    /// <param name="directory">Where key and data lie.</param>
    /// <param name="connection">A database; null: a server of its own.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public PostgresStore(DirectoryInfo directory, string? connection)
    {
        this.directory = directory;
        // What a power cut cannot undo stays so: these only keep checkpoints from following one another.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["shared_buffers"] = "256MB", ["max_wal_size"] = "4GB", ["checkpoint_timeout"] = "15min" };
        try
        {
            server = connection is null ? PostgresServer.At(Path.Combine(directory.FullName, "postgres"), settings) : null;
        }
        catch (InvalidOperationException wrong) when (Environment.UserName == "root")
        {
            throw new InvalidOperationException($"{wrong.Message}\nPostgreSQL never runs as root: here it runs as another user, who must be able to reach {directory.FullName}. Name another --dir, or a database by --connection.", wrong);
        }

        connectionString = connection ?? server!.Database("half_year");
    }

    public override string Name => "postgres";

    public override string Place => $"{(server is null ? "Database: as given." : $"Database: {Path.Combine(directory.FullName, "postgres")}.")} The file {KeyFile} opens the personal fields: back it up apart from the database.";

    protected override string SizeQuery => "SELECT pg_database_size(current_database())";

    private string KeyFile => Path.Combine(directory.FullName, "union.key");

    public override void AddTo(IHostApplicationBuilder builder)
    {
        if (!File.Exists(KeyFile))
        {
            using var key = new WholeFile(KeyFile);
            key.Stream.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n"));
            key.Complete();
        }

        builder.AddPostgresUnion(union =>
        {
            (union.ConnectionString, union.MasterKey, union.MasterKeyFile) = (connectionString, "", KeyFile);
            // The only silo: whatever was there before it is dead.
            (union.SiloPort, union.GatewayPort, union.DeadAfter) = (0, 0, TimeSpan.FromSeconds(2));
        });
    }

    public override void Dispose() => server?.Dispose();

    protected override Database Open() => Database.Postgres(connectionString);
}
