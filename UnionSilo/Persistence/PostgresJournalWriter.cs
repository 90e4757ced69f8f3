using System.Collections.Immutable;
using System.Data;
using Npgsql;
using NpgsqlTypes;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>One session that commits groups. Everything it sends is gathered in buffers that are used again for the next group.</summary>
internal sealed class PostgresJournalWriter(PostgresJournalStore store, int number) : IJournalWriter
{
    // The head of each append's stream, and who wrote its first row. The limits keep these look-ups from becoming a join over the whole journal.
    private const string HeadsSql = """
        SELECT coalesce((SELECT version FROM journal WHERE stream = a.stream ORDER BY version DESC LIMIT 1), 0), first.command_id, first.recorded_at
        FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS a(stream, first, i)
        LEFT JOIN LATERAL (SELECT command_id, recorded_at FROM journal WHERE stream = a.stream AND version = a.first LIMIT 1) AS first ON true
        ORDER BY a.i
        """;

    private const string HoldersSql = """
        SELECT k.kind, k.key, held.stream FROM unnest($1::text[], $2::text[]) AS k(kind, key)
        CROSS JOIN LATERAL (SELECT stream FROM claim WHERE kind = k.kind AND key = k.key LIMIT 1) AS held
        """;

    private const string ClosingSql = "SELECT coalesce(max(number), 0) FROM closing";

    private readonly CopyRows journal = new("journal", "stream", "version", "type", "schema", "command_id", "command_hash", "operator", "reason", "document_ref", "business_on", "recorded_at", "data");
    private readonly CopyRows outbox = new("outbox", "source", "version", "n", "target", "type", "schema", "command", "recorded_at");
    private readonly CopyRows lines = new("fact_line", "union_id", "measure", "business_on", "closing", "stream", "version", "n", "subject", "value");
    private readonly Dictionary<ReadModel, RowUpsert> models = [];
    private readonly List<RowUpsert> modelsByTable = [];
    private readonly List<Append> sorted = [];

    // Commands remember under which name their session prepared them: each session has its own.
    private ClaimChanges claims = new();
    private KeyChanges keys = new();
    private FactUpsert facts = new();
    private NpgsqlBatchCommand commit = new("COMMIT");

    private NpgsqlConnection? connection;
    private NpgsqlBatch begin = new();
    private NpgsqlBatch changes = new();
    private int lease;

    /// <inheritdoc/>
    public async Task<GroupOutcome> Commit(IReadOnlyList<Append> group, bool repeats, CancellationToken cancel)
    {
        // What a stream that begins here leaves cannot be there before it, so it is copied in. Where something is, nobody knows from when,
        // the group is written once more the long way.
        return await Write(group, repeats, copies: true, cancel) ?? await Write(group, repeats: false, copies: false, cancel) ?? throw new GroupNotCommittedException(NotCommitted.Deadlock);
    }

    /// <summary>Writes the group; null when rows were in the way that belong to no other stream, and certainly nothing is committed.</summary>
    private async Task<GroupOutcome?> Write(IReadOnlyList<Append> group, bool repeats, bool copies, CancellationToken cancel)
    {
        var (journalled, claimed, committing) = (false, false, false);
        try
        {
            if (connection?.FullState is not ConnectionState.Open) await Open(cancel);
            Gather(group, copies);
            var closing = await Begin(cancel);
            await journal.Send(connection!, cancel);
            journalled = true;
            await claims.Send(connection!, cancel);
            claimed = true;
            await keys.Send(connection!, cancel);
            await outbox.Send(connection!, cancel);
            GatherLines(closing);
            await lines.Send(connection!, cancel);
            foreach (var model in modelsByTable) await model.Copy(connection!, cancel);
            Fill(closing);
            committing = true;
            await changes.ExecuteNonQueryAsync(cancel);
            return new([], closing);
        }
        catch (PostgresException taken) when (!claimed && taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await Leave(taken);
            return await Judge(group, repeats && !journalled, cancel); // Where our rows could be inserted, no earlier attempt has committed.
        }
        catch (PostgresException taken) when (copies && !committing && taken is { SqlState: PostgresErrorCodes.UniqueViolation, BatchCommand: null })
        {
            await Leave(taken);
            return null;
        }
        catch (Exception failure)
        {
            var undone = !committing || PrecedesCommit(failure) || !OnTheWay(failure);
            await Leave(failure);

            // Once its journal rows could be inserted, an earlier attempt has not committed; before that nothing is known about it.
            if (failure is GroupNotCommittedException || (undone && failure is not OperationCanceledException && (journalled || !repeats)))
                throw failure as GroupNotCommittedException ?? new GroupNotCommittedException(Why(failure), failure);
            if (failure is GroupNotCommittedException { InnerException: { } cause }) throw cause;
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Close();

    internal async Task Open(CancellationToken cancel)
    {
        await Close();
        (connection, lease) = await store.OpenSession(number, cancel);
        begin = new(connection);
        begin.BatchCommands.Add(new("BEGIN"));
        var share = new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock_shared($1)");
        share.Parameters.Add(PostgresJournalStore.Parameter(PostgresJournalStore.ClosingLock, NpgsqlDbType.Bigint));
        begin.BatchCommands.Add(share);
        begin.BatchCommands.Add(new(ClosingSql)); // A statement of its own: it must see what was committed before the lock was granted.
        changes = new(connection);
        (claims, keys, facts, commit) = (new(), new(), new(), new("COMMIT"));
        models.Clear();
        modelsByTable.Clear();
    }

    private static bool PrecedesCommit(Exception failure) =>
        failure is PostgresException { InvariantSeverity: "ERROR", BatchCommand: { } at } && !string.Equals(at.CommandText, "COMMIT", StringComparison.Ordinal);

    // Whatever else goes wrong goes wrong before a message is whole, for example a value that no column can hold: COMMIT is the last of them.
    private static bool OnTheWay(Exception failure) => failure is NpgsqlException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException;

    private static NotCommitted Why(Exception failure) => failure is not PostgresException { SqlState: var state } ? OnTheWay(failure) ? NotCommitted.Unavailable : NotCommitted.Refused : state switch
    {
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => NotCommitted.Deadlock,
        PostgresErrorCodes.LockNotAvailable => NotCommitted.Blocked,
        PostgresErrorCodes.DiskFull => NotCommitted.Full,
        // Shut down, crashed, ended by another session or by a timeout: a new session may succeed.
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or "25P03" => NotCommitted.Unavailable,
        PostgresErrorCodes.QueryCanceled => NotCommitted.Blocked,
        _ => NotCommitted.Refused,
    };

    private void Gather(IReadOnlyList<Append> group, bool copies)
    {
        journal.Clear();
        outbox.Clear();
        claims.Clear();
        keys.Clear();
        facts.Clear();
        foreach (var model in modelsByTable) model.Clear();
        sorted.Clear();
        sorted.AddRange(group);

        // Two groups that fight for several streams must meet them in the same order. Appends of one stream stay in theirs.
        sorted.Sort(static (a, b) => string.CompareOrdinal(a.Stream, b.Stream) is not 0 and var byStream ? byStream : a.ExpectedVersion.CompareTo(b.ExpectedVersion));
        Append? before = null;
        var begins = false; // Whether the stream begins in this group.
        foreach (var append in sorted)
        {
            begins = append.ExpectedVersion == 0 ? copies : begins && before!.Stream == append.Stream;
            before = append;
            var version = append.ExpectedVersion;
            foreach (var stored in append.Consequences.Events)
            {
                journal.BeginRow();
                journal.Text(append.Stream);
                journal.Number(++version);
                journal.Text(stored.Type);
                journal.Number(stored.Schema);
                journal.Uuid(append.CommandId);
                journal.Number(append.CommandHash);
                journal.Text(append.Operator);
                journal.Text(append.Reason);
                journal.Text(append.DocumentRef);
                journal.Date(append.BusinessOn);
                journal.Instant(append.RecordedAt);
                journal.Bytes(stored.Json.Span);
            }

            if (append.Key is { } key) keys.Keep(append.Stream, key, begins);
            if (append.Consequences.Erases) keys.Erase(append.Stream);
            foreach (var effect in append.Outbox)
            {
                outbox.BeginRow();
                outbox.Text(append.Stream);
                outbox.Number(append.ExpectedVersion + 1 + effect.Event);
                outbox.Number(effect.N);
                outbox.Text(effect.Target);
                outbox.Text(effect.Command.Type);
                outbox.Number(effect.Command.Schema);
                outbox.Bytes(effect.Command.Json.Span);
                outbox.Instant(append.RecordedAt);
            }

            foreach (var claim in append.Consequences.Claims) claims.Add(claim, append.Stream, begins);
            foreach (var row in append.Consequences.Rows) UpsertOf(row.Model).Add(row, append.NextVersion, begins);
            foreach (var (_, fact) in append.Consequences.Facts) facts.Add(fact, append.BusinessOn);
        }
    }

    private void GatherLines(int closing)
    {
        lines.Clear();
        foreach (var append in sorted)
        {
            for (var n = 0; n < append.Consequences.Facts.Length; n++)
            {
                var (at, fact) = append.Consequences.Facts[n];
                lines.BeginRow();
                lines.Text(fact.Union.Value);
                lines.Text(fact.Measure.Id);
                lines.Date(fact.On ?? append.BusinessOn);
                lines.Number(closing);
                lines.Text(append.Stream);
                lines.Number(append.ExpectedVersion + 1 + at);
                lines.Number(n);
                lines.Text(fact.Subject);
                lines.Number(fact.Value);
            }
        }
    }

    private RowUpsert UpsertOf(ReadModel model)
    {
        if (models.TryGetValue(model, out var known)) return known;
        var upsert = models[model] = new(model);
        modelsByTable.Add(upsert);
        modelsByTable.Sort(static (a, b) => string.CompareOrdinal(a.Table, b.Table)); // Every writer changes the tables in this order.
        return upsert;
    }

    private async Task<int> Begin(CancellationToken cancel)
    {
        await using var reader = await begin.ExecuteReaderAsync(cancel); // BEGIN has no result; the first is the lock's.
        await reader.NextResultAsync(cancel);
        await reader.ReadAsync(cancel);
        return reader.GetInt32(0);
    }

    private void Fill(int closing)
    {
        changes.BatchCommands.Clear();
        foreach (var model in modelsByTable)
        {
            if (model.IsEmpty) continue;
            changes.BatchCommands.Add(model.Command);
        }

        if (!facts.IsEmpty)
        {
            facts.Fill(closing, lease);
            changes.BatchCommands.Add(facts.Command);
        }

        changes.BatchCommands.Add(commit);
    }

    /// <summary>Finds out, after a conflict, who is in the way; or that nobody is, because the conflict was with our own earlier attempt.</summary>
    private async Task<GroupOutcome?> Judge(IReadOnlyList<Append> group, bool repeats, CancellationToken cancel)
    {
        try
        {
            if (connection?.FullState is not ConnectionState.Open) await Open(cancel);
            var (heads, holders, closing) = await Find(group, cancel);
            if (repeats && group.Select((append, i) => heads[i].CommandId == append.CommandId && heads[i].RecordedAt == append.RecordedAt.UtcDateTime).All(ours => ours)) return new([], closing);

            var rejections = Reject(group, heads, holders);
            return rejections.IsEmpty ? null : new(rejections, closing); // Nobody is in the way, or no more.
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException || (failure is GroupNotCommittedException && repeats))
        {
            await Close();
            if (!repeats) throw new GroupNotCommittedException(NotCommitted.Unavailable, failure);
            if (failure is GroupNotCommittedException { Why: NotCommitted.Unavailable, InnerException: { } cause }) throw cause;
            throw;
        }
    }

    private static ImmutableArray<Rejection> Reject(IReadOnlyList<Append> group, IReadOnlyList<(long Head, Guid? CommandId, DateTime? RecordedAt)> heads, Dictionary<ClaimKey, string> holders)
    {
        var rejections = ImmutableArray.CreateBuilder<Rejection>();
        var behind = new Dictionary<string, bool>(StringComparer.Ordinal); // Per stream: whether another activation changed it.
        for (var i = 0; i < group.Count; i++)
        {
            var append = group[i];
            if (!behind.TryGetValue(append.Stream, out var changed)) behind[append.Stream] = changed = heads[i].Head != append.ExpectedVersion;
            if (changed)
            {
                rejections.Add(new(i));
                continue;
            }

            foreach (var change in append.Consequences.Claims)
            {
                if (change.IfHeld is null || !holders.TryGetValue(change.Key, out var holder) || string.Equals(holder, append.Stream, StringComparison.Ordinal)) continue;
                rejections.Add(new(i, change.Key, holder));
                break;
            }
        }

        return rejections.ToImmutable();
    }

    private async Task<(IReadOnlyList<(long Head, Guid? CommandId, DateTime? RecordedAt)> Heads, Dictionary<ClaimKey, string> Holders, int Closing)> Find(IReadOnlyList<Append> group, CancellationToken cancel)
    {
        var taken = group.SelectMany(append => append.Consequences.Claims).Where(change => change.IfHeld is not null).Select(change => change.Key).Distinct().ToList();
        await using var batch = new NpgsqlBatch(connection);
        Add(HeadsSql, PostgresJournalStore.Parameter(group.Select(append => append.Stream).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text), PostgresJournalStore.Parameter(group.Select(append => append.ExpectedVersion + 1).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint));
        Add(HoldersSql, PostgresJournalStore.Parameter(taken.Select(key => key.Kind).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text), PostgresJournalStore.Parameter(taken.Select(key => key.Key).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
        Add(ClosingSql);

        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var heads = new List<(long, Guid?, DateTime?)>(group.Count);
        while (await reader.ReadAsync(cancel)) heads.Add((reader.GetInt64(0), reader.GetFieldValue<Guid?>(1), reader.GetFieldValue<DateTime?>(2)));
        await reader.NextResultAsync(cancel);
        var holders = new Dictionary<ClaimKey, string>();
        while (await reader.ReadAsync(cancel)) holders[new(reader.GetString(0), reader.GetString(1))] = reader.GetString(2);
        await reader.NextResultAsync(cancel);
        await reader.ReadAsync(cancel);
        return (heads, holders, reader.GetInt32(0));

        void Add(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in parameters) command.Parameters.Add(parameter);
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>
    /// Ends what failed. A session is kept only when it is certain in which state it is: in a failed batch the server skips what follows the error,
    /// and the driver then believes statements prepared that are not, or that are others.
    /// </summary>
    private Task Leave(Exception failure) => failure is PostgresException { BatchCommand: null } ? RollBack() : Close();

    /// <summary>Ends the transaction that failed; a session that cannot even do that is given up, which ends it too.</summary>
    private async Task RollBack()
    {
        try
        {
            await using var command = new NpgsqlCommand("ROLLBACK", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or InvalidOperationException)
        {
            await Close();
        }
    }

    private async Task Close()
    {
        if (connection is null) return;
        await connection.DisposeAsync();
        connection = null;
    }
}
