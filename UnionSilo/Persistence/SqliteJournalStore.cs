using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>
/// The journal in one SQLite file, written by one process. Other processes may read the file; a second one that would write is refused.
/// </summary>
public sealed class SqliteJournalStore(SqliteStoreOptions options) : IJournalStore, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim slots = new(options.Readers);
    private readonly ConcurrentStack<SqliteSession> idle = new();
    private FileStream? ownership;

    /// <summary>Called on the writer's thread with every connection it opens.</summary>
    internal Action<SqliteConnection>? Opened { get; set; }

    /// <inheritdoc/>
    public int Writers => 1;

    /// <summary>
    /// Takes the file for this process and creates it, empty, when it is missing. Call it before the schema is upgraded: the size of its pages can be
    /// chosen only now. Doing it again does nothing.
    /// </summary>
    /// <exception cref="IOException">Another process writes this file, or it cannot be created.</exception>
    public void TakeFile()
    {
        lock (gate)
        {
            if (ownership is not null) return;
            var path = Path.GetFullPath(options.File);
            var taken = Own(path);
            try
            {
                // An existing file is never opened here: closing it would release the locks that SQLite holds on it in this process.
                if (!File.Exists(path)) CreateEmpty(path);
                ownership = taken;
            }
            catch
            {
                taken.Dispose();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IJournalWriter> OpenWriter(int number, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(number, 0);
        var writer = new SqliteJournalWriter(OpenForWriting);
        try
        {
            await writer.Open(cancel);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StreamSlice>> Read(IReadOnlyList<StreamRequest> requests, CancellationToken cancel) => Ask(session =>
    {
        // One transaction: every request sees the same moment, and the locks are taken once.
        session["BEGIN"].Execute();
        var slices = new StreamSlice[requests.Count];
        for (var i = 0; i < slices.Length; i++) slices[i] = Slice(session, requests[i]);
        session["COMMIT"].Execute();
        return (IReadOnlyList<StreamSlice>)slices;
    }, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WrappedKey?>> ReadKeys(IReadOnlyList<string> streams, CancellationToken cancel) => Ask(session =>
    {
        session["BEGIN"].Execute();
        var keys = new WrappedKey?[streams.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            var found = session["SELECT master, wrapped FROM person_key WHERE stream = ?1"].Bind(streams[i]);
            if (!found.Step()) continue;
            keys[i] = new(found.Text(0), found.Bytes(1).ToArray());
            found.Reset();
        }

        session["COMMIT"].Execute();
        return (IReadOnlyList<WrappedKey?>)keys;
    }, cancel);

    /// <inheritdoc/>
    public Task<(long Version, long Hash)?> FindCommand(string stream, Guid commandId, CancellationToken cancel) => Ask<(long, long)?>(session =>
    {
        var found = session["SELECT version, command_hash FROM journal WHERE stream = ?1 AND command_id = ?2 ORDER BY version DESC LIMIT 1"].Bind(stream).Bind(commandId);
        if (!found.Step()) return null;
        var command = (found.Number(0), found.Number(1));
        found.Reset();
        return command;
    }, cancel);

    /// <inheritdoc/>
    public Task<(int Number, DateOnly? Through)> ReadClosing(CancellationToken cancel) => Ask<(int, DateOnly?)>(session =>
    {
        var newest = session["SELECT number, closed_through FROM closing ORDER BY number DESC LIMIT 1"];
        if (!newest.Step()) return (0, null);
        var closing = (checked((int)newest.Number(0)), newest.IsNull(1) ? (DateOnly?)null : newest.Date(1));
        newest.Reset();
        return closing;
    }, cancel);

    /// <summary>Closes the readers and gives the file back. Writers are disposed before.</summary>
    public ValueTask DisposeAsync()
    {
        while (idle.TryPop(out var session)) session.Dispose();
        slots.Dispose();
        lock (gate)
        {
            ownership?.Dispose();
            ownership = null;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a question on a reader's connection, on the thread pool: SQLite blocks its thread, which must not be a grain's.</summary>
    internal async Task<T> Ask<T>(Func<SqliteSession, T> question, CancellationToken cancel)
    {
        await slots.WaitAsync(cancel);
        try
        {
            return await Task.Run(() =>
            {
                if (!idle.TryPop(out var session)) session = SqliteSession.Open(options, SqliteOpenMode.ReadOnly, options.ReaderCacheMiB);
                try
                {
                    var answer = question(session);
                    idle.Push(session);
                    return answer;
                }
                catch
                {
                    session.Dispose();
                    throw;
                }
            }, cancel);
        }
        finally
        {
            slots.Release();
        }
    }

    private static StreamSlice Slice(SqliteSession session, StreamRequest request)
    {
        var rows = session["SELECT version, type, schema, command_id, command_hash, data FROM journal WHERE stream = ?1 AND version > ?2 ORDER BY version LIMIT ?3"]
            .Bind(request.Stream).Bind(request.After).Bind(request.Most + 1L);
        var entries = ImmutableArray.CreateBuilder<JournalEntry>();
        while (rows.Step())
        {
            if (entries.Count == request.Most)
            {
                rows.Reset();
                return new(entries.DrainToImmutable(), More: true);
            }

            entries.Add(new(rows.Number(0), new StoredEvent(rows.Text(1), checked((int)rows.Number(2)), rows.Bytes(5).ToArray()), rows.Id(3), rows.Number(4)));
        }

        return new(entries.DrainToImmutable(), More: false);
    }

    private SqliteSession OpenForWriting()
    {
        try
        {
            TakeFile();
            var session = SqliteSession.Open(options, SqliteOpenMode.ReadWrite, options.WriterCacheMiB);
            try
            {
                Tune(session);
                Opened?.Invoke(session.Connection);
                return session;
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
        catch (Exception fault) when (fault is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new GroupNotCommittedException(NotCommitted.Unavailable, fault);
        }
    }

    private void Tune(SqliteSession session)
    {
        if (session.Pragma("journal_mode", "WAL") != "wal") throw new IOException($"The file '{options.File}' cannot have a write-ahead log.");
        session.Pragma("synchronous", "FULL");
        session.Pragma("temp_store", "MEMORY");
        session.Pragma("secure_delete", "ON"); // A deleted key is overwritten, not only forgotten.
        using var page = new SqliteStatement(session.Connection.Handle!, "PRAGMA page_size");
        page.Step();
        session.Pragma("wal_autocheckpoint", options.CheckpointMiB * (1L << 20) / page.Number(0));
        session.Pragma("journal_size_limit", options.CheckpointMiB * (2L << 20));
    }

    private static FileStream Own(string path)
    {
        Create(Path.GetDirectoryName(path)!);
        var file = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new(path + ".lock", file);
        }
        catch (IOException fault) when (fault is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException($"The journal '{path}' is in use: another process writes it (it holds '{path}.lock'). One file has one writing process; a cluster needs PostgreSQL.", fault);
        }
    }

    private static void Create(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void CreateEmpty(string path)
    {
        var file = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, file).Dispose();
        using var session = SqliteSession.Open(options, SqliteOpenMode.ReadWrite, 1);
        session.Pragma("page_size", options.PageBytes);
        session.Pragma("journal_mode", "WAL");
    }
}
