using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>The journal in PostgreSQL. Its schema is the scripts of <c>Scripts/Postgres</c>.</summary>
public sealed class PostgresJournalStore : IJournalStore, IAsyncDisposable
{
    /// <summary>Every group holds this advisory lock shared until it ends; freezing a period takes it alone.</summary>
    public const long ClosingLock = 0x556E_696F_6E01;

    /// <summary>Class of the advisory locks that lease the numbers of <c>fact.writer</c>, one session each.</summary>
    internal const int WriterLocks = 0x556E_6902;

    private const string ApplicationPrefix = "union-silo/";

    // The limit inside keeps the planner from turning the look-ups into a join over the whole journal.
    private const string ReadSql = """
        SELECT r.i, j.version, j.type, j.schema, j.command_id, j.command_hash, j.data
        FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS r(stream, after, most, i)
        CROSS JOIN LATERAL (
            SELECT version, type, schema, command_id, command_hash, data FROM journal
            WHERE stream = r.stream AND version > r.after ORDER BY version LIMIT r.most) AS j
        ORDER BY r.i, j.version
        """;

    private const string ReadKeysSql = """
        SELECT k.master, k.wrapped FROM unnest($1::text[]) WITH ORDINALITY AS r(stream, i)
        LEFT JOIN LATERAL (SELECT master, wrapped FROM person_key WHERE stream = r.stream LIMIT 1) AS k ON true
        ORDER BY r.i
        """;

    private const string FindCommandSql = "SELECT version, command_hash FROM journal WHERE stream = $1 AND command_id = $2 ORDER BY version DESC LIMIT 1";

    private const string ReadClosingSql = "SELECT number, closed_through FROM closing ORDER BY number DESC LIMIT 1";

    private readonly PostgresStoreOptions options;
    private readonly NpgsqlDataSource writing;
    private readonly NpgsqlDataSource reading;

    // The newest session of each writer. It may live on in the database after this side lost it, and could still commit.
    private readonly ConcurrentDictionary<int, (int Pid, DateTime Began)> sessions = new();

    /// <summary>Prepares connections; none is opened yet.</summary>
    /// <exception cref="ValidationException">An option is out of its range.</exception>
    public PostgresJournalStore(PostgresStoreOptions options)
    {
        Validator.ValidateObject(options, new(options), validateAllProperties: true);
        this.options = options;
        writing = NpgsqlDataSource.Create(Session(pooling: false).ConnectionString);
        reading = NpgsqlDataSource.Create(Session(pooling: true).ConnectionString);
    }

    /// <inheritdoc/>
    public int Writers => options.Writers;

    /// <summary>Refuses a database that acknowledges commits before they are on disk.</summary>
    /// <exception cref="UnsafeDurabilityException"><c>fsync</c> or <c>synchronous_commit</c> is off, and the options do not allow it.</exception>
    public async Task CheckDurability(CancellationToken cancel)
    {
        await using var connection = await reading.OpenConnectionAsync(cancel);
        await CheckDurability(connection, cancel);
    }

    /// <inheritdoc/>
    /// <exception cref="UnsafeDurabilityException">The database does not keep what it acknowledges.</exception>
    public async Task<IJournalWriter> OpenWriter(int number, CancellationToken cancel)
    {
        var writer = new PostgresJournalWriter(this, number);
        await writer.Open(cancel);
        return writer;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StreamSlice>> Read(IReadOnlyList<StreamRequest> requests, CancellationToken cancel)
    {
        if (requests.Count == 0) return [];

        var (streams, after, most) = (new string[requests.Count], new long[requests.Count], new long[requests.Count]);
        for (var i = 0; i < requests.Count; i++) (streams[i], after[i], most[i]) = (requests[i].Stream, requests[i].After, requests[i].Most + 1L); // One more tells whether there is more.

        var slices = new StreamSlice[requests.Count];
        Array.Fill(slices, new([], More: false));
        await using var connection = await reading.OpenConnectionAsync(cancel);
        await using var command = Command(connection, ReadSql, Parameter(streams, NpgsqlDbType.Array | NpgsqlDbType.Text), Parameter(after, NpgsqlDbType.Array | NpgsqlDbType.Bigint), Parameter(most, NpgsqlDbType.Array | NpgsqlDbType.Bigint));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var entries = ImmutableArray.CreateBuilder<JournalEntry>();
        var request = -1;
        while (await reader.ReadAsync(cancel))
        {
            var of = (int)reader.GetInt64(0) - 1;
            if (of != request) Keep();
            request = of;
            entries.Add(new(reader.GetInt64(1), new(reader.GetString(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(6)), reader.GetGuid(4), reader.GetInt64(5)));
        }

        Keep();
        return slices;

        void Keep()
        {
            if (request < 0) return;
            var more = entries.Count > requests[request].Most;
            if (more) entries.RemoveAt(entries.Count - 1);
            slices[request] = new(entries.DrainToImmutable(), more);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WrappedKey?>> ReadKeys(IReadOnlyList<string> streams, CancellationToken cancel)
    {
        if (streams.Count == 0) return [];

        var keys = new List<WrappedKey?>(streams.Count);
        await using var connection = await reading.OpenConnectionAsync(cancel);
        await using var command = Command(connection, ReadKeysSql, Parameter(streams.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) keys.Add(await reader.IsDBNullAsync(0, cancel) ? null : new(reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        return keys;
    }

    /// <inheritdoc/>
    public async Task<(long Version, long Hash)?> FindCommand(string stream, Guid commandId, CancellationToken cancel)
    {
        await using var connection = await reading.OpenConnectionAsync(cancel);
        await using var command = Command(connection, FindCommandSql, Parameter(stream, NpgsqlDbType.Text), Parameter(commandId, NpgsqlDbType.Uuid));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    /// <inheritdoc/>
    public async Task<(int Number, DateOnly? Through)> ReadClosing(CancellationToken cancel)
    {
        await using var connection = await reading.OpenConnectionAsync(cancel);
        await using var command = Command(connection, ReadClosingSql);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel)) return (0, null);
        return (reader.GetInt32(0), await reader.IsDBNullAsync(1, cancel) ? null : reader.GetFieldValue<DateOnly>(1));
    }

    /// <summary>
    /// Ends all journal connections of another silo in this database and waits until they are gone: what it had under way and not committed is undone, its rows are free.
    /// </summary>
    /// <param name="siloName">The silo that was declared dead.</param>
    /// <exception cref="TimeoutException">A connection did not end within five seconds.</exception>
    public async Task TerminateBackends(string siloName)
    {
        await using var connection = await reading.OpenConnectionAsync();
        await End(connection, "application_name = $1 AND datname = current_database() AND pid <> pg_backend_pid()", CancellationToken.None, () => [Parameter(ApplicationPrefix + siloName, NpgsqlDbType.Text)]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await writing.DisposeAsync();
        await reading.DisposeAsync();
    }

    /// <summary>Opens a session for a writer. A former session of the same writer that still lives in the database is ended first, so that its outcome is settled.</summary>
    internal async Task<(NpgsqlConnection Connection, int Lease)> OpenSession(int number, CancellationToken cancel)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await writing.OpenConnectionAsync(cancel);
            await CheckDurability(connection, cancel);
            await Epochs.Settle(connection, cancel); // A standby that took over is another life, and it may have lost what readers were told.
            if (sessions.TryGetValue(number, out var former))
                await End(connection, "pid = $1 AND backend_start = $2", cancel, () => [Parameter(former.Pid, NpgsqlDbType.Integer), Parameter(former.Began, NpgsqlDbType.TimestampTz)]);
            await using var command = new NpgsqlCommand(
                """
                SELECT pid, backend_start, (SELECT n FROM generate_series(0, 9999) AS n WHERE pg_try_advisory_lock($1, n) LIMIT 1)
                FROM pg_stat_activity WHERE pid = pg_backend_pid()
                """, connection);
            command.Parameters.Add(Parameter(WriterLocks, NpgsqlDbType.Integer));
            await using var reader = await command.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            sessions[number] = (reader.GetInt32(0), reader.GetDateTime(1));
            return (connection, reader.GetInt32(2));
        }
        catch (Exception failure)
        {
            if (connection is not null) await connection.DisposeAsync();
            if (failure is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException) throw new GroupNotCommittedException(NotCommitted.Unavailable, failure);
            throw;
        }
    }

    internal static NpgsqlParameter<T> Parameter<T>(T value, NpgsqlDbType type) => new() { TypedValue = value, NpgsqlDbType = type };

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>Ends sessions and returns when they are gone.</summary>
    private static async Task End(NpgsqlConnection connection, string which, CancellationToken cancel, Func<NpgsqlParameter[]> parameters)
    {
        // First all are told, then each is waited for, then it is asked who is left: one that ended by itself meanwhile answers no to the second.
        // Each is a transaction of its own, because the list of sessions stands still inside one.
        object? left = null;
        foreach (var asked in (string[])["count(pg_terminate_backend(pid))", "count(pg_terminate_backend(pid, 5000))", "count(*)"])
        {
            await using var command = Command(connection, $"SELECT {asked} FROM pg_stat_activity WHERE {which}", parameters());
            left = await command.ExecuteScalarAsync(cancel);
        }

        if (left is not 0L) throw new TimeoutException("A session that was to be ended did not end.");
    }

    private async Task CheckDurability(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (options.AllowUnsafeDurability) return;
        await using var command = Command(connection, "SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') AND setting = 'off' ORDER BY name");
        if (await command.ExecuteScalarAsync(cancel) is string off) throw new UnsafeDurabilityException(off);
    }

    private NpgsqlConnectionStringBuilder Session(bool pooling)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = ApplicationPrefix + options.SiloName,
            Pooling = pooling,
            MinPoolSize = 0,
            MaxPoolSize = options.Readers,
            Multiplexing = false,
            Enlist = false,
            NoResetOnClose = true,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            IncludeFailedBatchedCommand = true,
            WriteBufferSize = 64 * 1024,
            Timeout = Math.Max(1, (int)options.ConnectTimeout.TotalSeconds),
            CommandTimeout = (int)options.StatementTimeout.TotalSeconds + 5,
        };
        var settings = new (string Name, string Value)[]
        {
            // A generic plan is kept for the life of the session: planning each group anew costs more than it gains.
            ("plan_cache_mode", "force_generic_plan"),
            ("jit", "off"),
            // Everything sent here looks rows up by key; a plan kept since the tables were empty must not read them whole.
            ("enable_seqscan", "off"),
            ("max_parallel_workers_per_gather", "0"),
            ("lock_timeout", Milliseconds(options.LockTimeout)),
            ("idle_in_transaction_session_timeout", Milliseconds(options.IdleInTransactionTimeout)),
            ("statement_timeout", Milliseconds(options.StatementTimeout)),
        };
        connection.Options = string.Join(' ', settings.Select(setting => $"-c {setting.Name}={setting.Value}").Prepend(connection.Options).Where(part => !string.IsNullOrEmpty(part)));
        return connection;

        static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
    }
}
