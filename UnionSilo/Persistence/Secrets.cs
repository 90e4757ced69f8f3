using System.Data.Common;
using System.Security.Cryptography;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>
/// The secrets of an installation that outlive every master key: the keys of the hashes that are stored for ever. They are made when a silo first
/// starts on a database and are kept there, wrapped by a master key.
/// </summary>
public sealed class Secrets(Database database)
{
    private const string CommandHashes = "command-hash";
    private const string SearchHashes = "search-hash";

    // A later secret for the same purpose has another id, by which what was hashed tells it apart.
    private const string First = "1";

    /// <summary>Reads the secrets, or makes those that are missing; silos that start at once agree on them.</summary>
    /// <exception cref="MasterKeyMissingException">Something in the database is wrapped by a master key that is not among them.</exception>
    /// <exception cref="InvalidDataException">A secret is damaged.</exception>
    public (CommandHash Commands, Vault Vault) Open(MasterKeys masters)
    {
        Check(masters);
        return (new(Open(masters, CommandHashes)), new(masters, new(First, Open(masters, SearchHashes))));
    }

    /// <summary>Sees to it that every key in the database can be unwrapped.</summary>
    /// <exception cref="MasterKeyMissingException">Something in the database is wrapped by a master key that is not among them.</exception>
    public void Check(MasterKeys masters)
    {
        if (MastersInUse().FirstOrDefault(id => !masters.Holds(id)) is { } missing) throw new MasterKeyMissingException(missing);
    }

    /// <summary>The numbers of the master keys that wrap something, secrets or keys of persons, in order.</summary>
    public SortedSet<string> MastersInUse()
    {
        using var connection = database.Source.OpenConnection();
        // One step in the index for each master key, however many keys it wraps.
        using var command = connection.Command(
            """
            WITH RECURSIVE used (master) AS (
                SELECT min(master) FROM person_key
                UNION ALL
                SELECT (SELECT min(k.master) FROM person_key AS k WHERE k.master > used.master) FROM used WHERE used.master IS NOT NULL)
            SELECT master FROM used WHERE master IS NOT NULL
            UNION
            SELECT master FROM secret
            """);
        using var reader = command.ExecuteReader();
        var masters = new SortedSet<string>(StringComparer.Ordinal);
        while (reader.Read()) masters.Add(reader.GetString(0));
        return masters;
    }

    /// <summary>How many secrets each master key wraps, by its number.</summary>
    public SortedDictionary<string, long> Count()
    {
        using var connection = database.Source.OpenConnection();
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (_, _, wrapped) in All(connection)) counts[wrapped.Master] = counts.GetValueOrDefault(wrapped.Master) + 1;
        return counts;
    }

    /// <summary>Wraps every secret with the newest master key. The secrets themselves stay.</summary>
    /// <exception cref="MasterKeyMissingException">A secret is wrapped by a master key that is not among them.</exception>
    /// <exception cref="InvalidDataException">A secret is damaged.</exception>
    public async Task Rewrap(MasterKeys masters, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await database.OverwriteDeleted(connection, cancel);
        foreach (var (purpose, id, former) in All(connection))
        {
            if (former.Master == masters.Newest.Id) continue;
            var renewed = masters.Wrap(Unwrap(masters, purpose, former));
            await using var command = connection.Command(
                "UPDATE secret SET master = @master, wrapped = @wrapped WHERE purpose = @purpose AND id = @id",
                ("@master", renewed.Master), ("@wrapped", renewed.Wrapped.ToArray()), ("@purpose", purpose), ("@id", id));
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    private byte[] Open(MasterKeys masters, string purpose)
    {
        using var connection = database.Source.OpenConnection();
        if (Find() is not { } found)
        {
            var wrapped = masters.Wrap(RandomNumberGenerator.GetBytes(StreamSeal.KeyBytes));
            using var make = connection.Command(
                "INSERT INTO secret (purpose, id, master, wrapped) VALUES (@purpose, @id, @master, @wrapped) ON CONFLICT DO NOTHING",
                ("@purpose", purpose), ("@id", First), ("@master", wrapped.Master), ("@wrapped", wrapped.Wrapped.ToArray()));
            make.ExecuteNonQuery();
            found = Find()!; // Ours, or that of a silo that was quicker.
        }

        return Unwrap(masters, purpose, found);

        WrappedKey? Find() => All(connection).FirstOrDefault(secret => (secret.Purpose, secret.Id) == (purpose, First)).Wrapped;
    }

    private static byte[] Unwrap(MasterKeys masters, string purpose, WrappedKey wrapped)
    {
        try
        {
            return masters.Unwrap(wrapped);
        }
        catch (CryptographicException damage)
        {
            throw new InvalidDataException($"The secret '{purpose}' of this database is damaged: restore the table 'secret'.", damage);
        }
    }

    private static List<(string Purpose, string Id, WrappedKey Wrapped)> All(DbConnection connection)
    {
        using var command = connection.Command("SELECT purpose, id, master, wrapped FROM secret ORDER BY purpose, id");
        using var reader = command.ExecuteReader();
        var secrets = new List<(string, string, WrappedKey)>();
        while (reader.Read()) secrets.Add((reader.GetString(0), reader.GetString(1), new(reader.GetString(2), reader.GetFieldValue<byte[]>(3))));
        return secrets;
    }
}
