using System.Data.Common;
using System.Globalization;

namespace UnionSilo.Persistence;

/// <summary>
/// Sees to it that a restored database begins a new epoch of its feed, so that nobody goes on where other events stood. PostgreSQL: when it is found in another server, timeline, database or table than its newest
/// epoch began in. SQLite: when the mark beside the file tells another epoch, or more events than the file holds, or is gone although there are events. What neither shows (a stopped server's folder that was
/// put back, a file put back together with its mark) its operator says: <c>union-silo db new-epoch</c>.
/// </summary>
public static class Epochs
{
    // The timeline stands in the name of the log's segment at once; the control file learns of a promotion only with the next checkpoint.
    private const string Life = """
        (SELECT concat_ws('/', c.system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8), d.oid, CAST('journal' AS regclass)::oid)
        FROM pg_control_system() c, pg_database d WHERE d.datname = current_database())
        """;

    private const string NewestLife = $"SELECT life, {Life} FROM epoch ORDER BY number DESC LIMIT 1";

    // One statement each: of silos that find out at once one begins the epoch, and the others meet its number.
    private const string Adopt = $"UPDATE epoch SET life = {Life} WHERE number = (SELECT max(number) FROM epoch) AND life IS NULL";

    private const string Next = $"""
        INSERT INTO epoch (number, first_position, life)
        SELECT newest.number + 1, nextval('journal_position'), {Life} FROM (SELECT number, life FROM epoch ORDER BY number DESC LIMIT 1) AS newest
        """;

    private const string NextIfRestored = $"{Next} WHERE newest.life <> {Life} ON CONFLICT DO NOTHING";

    /// <summary>Begins a new epoch if this PostgreSQL database was restored. Silos that look at once agree on it.</summary>
    public static async Task Settle(DbConnection connection, CancellationToken cancel)
    {
        string? life, now;
        await using (var command = connection.Command(NewestLife))
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            await reader.ReadAsync(cancel);
            (life, now) = (await reader.IsDBNullAsync(0, cancel) ? null : reader.GetString(0), reader.GetString(1));
        }

        if (life == now) return;
        await using var change = connection.Command(life is null ? Adopt : NextIfRestored);
        await change.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Begins a new epoch if this SQLite file was restored. Only the process that writes the file may ask.</summary>
    /// <param name="database">The database.</param>
    /// <param name="path">Its file.</param>
    /// <param name="cancel">Gives it up.</param>
    public static Task Settle(Database database, string path, CancellationToken cancel) => database.Run(() => Settle(database, path, restored: false, cancel));

    /// <summary>Begins a new epoch because the operator says so.</summary>
    /// <param name="database">The database; no silo may be connected to it.</param>
    /// <param name="path">The journal's file; null for PostgreSQL.</param>
    /// <param name="cancel">Gives it up.</param>
    /// <exception cref="InUseException">Silos are alive or the database is locked.</exception>
    public static Task<int> Begin(Database database, string? path, CancellationToken cancel) => database.Run(async () =>
    {
        if (path is not null) return (await Settle(database, path, restored: true, cancel))!.Value;
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await database.BeginAlone(connection, online: false, cancel);
        await transaction.Execute(Next, cancel);
        var number = await transaction.Scalar("SELECT max(number) FROM epoch", cancel);
        await transaction.CommitAsync(cancel);
        return checked((int)number);
    });

    private static async Task<int?> Settle(Database database, string path, bool restored, CancellationToken cancel)
    {
        var mark = new FeedMark(path);
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await database.BeginAlone(connection, online: false, cancel);
        var last = await transaction.Scalar("SELECT coalesce(max(position), 0) FROM journal", cancel);
        var (number, stamp) = await Newest();
        var goesOn = mark.Read() is var (told, upTo) ? told == stamp && upTo <= last : last == 0;
        if (goesOn && !restored)
        {
            mark.Write(stamp, last);
            return null;
        }

        // Snapshots beside the file may tell of the future that was lost; without them streams are replayed.
        var snapshots = Commands.StoreOptions.SnapshotFile(Path.GetFullPath(path));
        foreach (var file in new[] { snapshots, snapshots + "-wal", snapshots + "-shm" }) File.Delete(file);
        await transaction.Execute(FormattableString.Invariant($"INSERT INTO epoch (number, first_position) VALUES ({number + 1}, {last + 1})"), cancel);
        (number, stamp) = await Newest();
        await transaction.CommitAsync(cancel);
        mark.Write(stamp, last); // Were it cut off before this, the next start would begin one more: that does no harm.
        return number;

        async Task<(int Number, string Stamp)> Newest() =>
            (await transaction.Query("SELECT number, stamp FROM epoch ORDER BY number DESC LIMIT 1", reader => (reader.GetInt32(0), reader.GetString(1)), cancel))[0];
    }
}

/// <summary>
/// A small file beside a SQLite journal, <c>….feed</c>: the stamp of its newest epoch, and the newest position that readers of the feed may have been told. An older journal that is put back beside it shows by it.
/// It is written before anything is told, and synchronised, because a reader elsewhere remembers.
/// </summary>
/// <param name="journal">The journal's file.</param>
internal sealed class FeedMark(string journal)
{
    private readonly Lock guard = new();
    private readonly string path = Path.GetFullPath(journal) + ".feed";
    private (string Stamp, long Told)? written;

    /// <summary>What it says; null when it is missing or cannot be read.</summary>
    public (string Stamp, long Told)? Read() =>
        File.Exists(path) && File.ReadAllText(path).Split(' ') is [var stamp, var told] && long.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? (stamp, position) : null;

    /// <summary>Writes it anew, whole or not at all.</summary>
    public void Write(string stamp, long told)
    {
        lock (guard)
        {
            var unfinished = path + ".part";
            File.Delete(unfinished);
            using (var file = Hosting.OwnFile.Create(unfinished))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"{stamp} {told}")));
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
            written = (stamp, told);
        }
    }

    /// <summary>Everything up to this position may be told now.</summary>
    public void Tell(long position)
    {
        lock (guard)
        {
            written ??= Read() ?? throw new IOException($"The file '{path}' is missing; the silo's next start makes it again.");
            if (position > written.Value.Told) Write(written.Value.Stamp, position);
        }
    }
}
