using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionSilo.Persistence;

/// <summary>Writes groups on a thread of its own: SQLite's calls block, a commit for as long as the disk takes.</summary>
internal sealed class SqliteJournalWriter : IJournalWriter
{
    private const string Head = "SELECT max(version) FROM journal WHERE stream = ?1";
    private const string First = "SELECT command_id, recorded_at FROM journal WHERE stream = ?1 AND version = ?2";
    private const string Holder = "SELECT stream FROM claim WHERE kind = ?1 AND key = ?2";
    private const string Take = "INSERT INTO claim (kind, key, stream) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    private const string Release = "DELETE FROM claim WHERE kind = ?1 AND key = ?2 AND stream = ?3";
    private const string KeepKey = "INSERT INTO person_key (stream, master, wrapped) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET master = excluded.master, wrapped = excluded.wrapped";
    private const string EraseKey = "DELETE FROM person_key WHERE stream = ?1";
    private const string Closing = "SELECT max(number) FROM closing";

    private const string Journal = """
        INSERT INTO journal (stream, version, type, schema, command_id, command_hash, operator, reason, document_ref, business_on, recorded_at, data)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """;

    private const string Outbox = """
        INSERT INTO outbox (source, target, version, n, type, schema, command, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """;

    // The file has one writer, number 0.
    private const string FactSum = """
        INSERT INTO fact (measure, union_id, subject, business_on, closing, writer, value) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)
        ON CONFLICT DO UPDATE SET value = value + excluded.value
        """;

    private const string FactLine = """
        INSERT INTO fact_line (measure, union_id, business_on, stream, version, n, subject, closing, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """;

    private readonly Func<SqliteSession> open;
    private readonly Dictionary<ReadModel, string> upserts = [];
    private readonly BlockingCollection<Action> work = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession? session;
    private bool logHoldsErased = true; // An earlier process may have ended before it emptied the log.

    public SqliteJournalWriter(Func<SqliteSession> open)
    {
        this.open = open;
        new Thread(Work) { IsBackground = true, Name = "union journal (SQLite)" }.Start();
    }

    public Task Open(CancellationToken cancel) => Run(() => session ??= open(), cancel);

    /// <inheritdoc/>
    public Task<GroupOutcome> Commit(IReadOnlyList<Append> group, bool repeats, CancellationToken cancel) => Run(() => Write(group, repeats), cancel);

    /// <summary>Waits for a group under way, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!work.IsAddingCompleted) work.CompleteAdding();
        await ended.Task;
    }

    private Task<T> Run<T>(Func<T> job, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                done.SetResult(job());
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        }, cancel);
        return done.Task.WaitAsync(cancel);
    }

    private void Work()
    {
        try
        {
            foreach (var job in work.GetConsumingEnumerable()) job();
            session?.Dispose();
            work.Dispose();
            ended.SetResult();
        }
        catch (Exception fault)
        {
            ended.SetException(fault);
        }
    }

    private GroupOutcome Write(IReadOnlyList<Append> group, bool repeats)
    {
        GroupOutcome outcome;
        try
        {
            session ??= open();
            session["BEGIN IMMEDIATE"].Execute();
            outcome = Fill(session, group, repeats, out var written);
            if (!written)
            {
                session["ROLLBACK"].Execute();
                return outcome;
            }
        }
        catch (Exception fault) when (fault is not GroupNotCommittedException)
        {
            // COMMIT was not asked for and closing rolls back, so the group is certainly not there.
            Discard();
            throw new GroupNotCommittedException(Why(fault), fault);
        }

        try
        {
            session["COMMIT"].Execute();
        }
        catch (SqliteException fault)
        {
            Discard();

            // After these the last frame of the log, which makes a transaction valid, was not written. After a failed sync or a broken device it may have
            // been: a crash before the next commit would bring the group back. Only a repetition, which looks, knows.
            if (fault.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_CONSTRAINT) throw new GroupNotCommittedException(Why(fault), fault);
            throw;
        }

        logHoldsErased |= group.Any(append => append.Consequences.Erases);
        if (logHoldsErased) EmptyLog();
        return outcome;
    }

    /// <summary>
    /// Moves the log into the file and cuts it off, so that an erased key stands nowhere. It waits for nobody: while a reader needs the log,
    /// the next group tries again.
    /// </summary>
    private void EmptyLog()
    {
        try
        {
            logHoldsErased = session!.EmptyLog() is false;
        }
        catch (SqliteException)
        {
            Discard(); // The group is committed whatever the checkpoint met; what is wrong with the disk meets the next group.
        }
    }

    // After any fault the next group begins on a new connection: nothing of a half-bound statement or an open transaction is left to reason about.
    private void Discard()
    {
        session?.Dispose();
        session = null;
    }

    private static NotCommitted Why(Exception fault) => fault is not SqliteException sqlite ? NotCommitted.Refused : sqlite switch
    {
        { SqliteErrorCode: raw.SQLITE_FULL } or { SqliteExtendedErrorCode: raw.SQLITE_IOERR_SHMSIZE } => NotCommitted.Full,
        { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => NotCommitted.Blocked,
        _ => NotCommitted.Refused,
    };

    /// <summary>Writes the group into the open transaction, unless it is there already or something in it can never be.</summary>
    private GroupOutcome Fill(SqliteSession at, IReadOnlyList<Append> group, bool repeats, out bool written)
    {
        written = false;
        var closing = ReadClosing(at);
        if (repeats && group.All(append => IsStored(at, append))) return new([], closing);

        // Looking costs less than undoing, finds every loser at once and also a gap, which no unique key would see. The lock is ours: nothing changes meanwhile.
        var rejections = Losers(at, group);
        if (!rejections.IsEmpty) return new(rejections, closing);

        foreach (var append in group) WriteEvents(at, append);
        foreach (var append in group) WriteClaims(at, append);
        foreach (var append in group) WriteKey(at, append);
        foreach (var append in group) WriteOutbox(at, append);
        WriteRows(at, group);
        WriteFacts(at, group, closing);
        written = true;
        return new([], closing);
    }

    private static int ReadClosing(SqliteSession at)
    {
        var newest = at[Closing];
        newest.Step();
        var number = checked((int)newest.Number(0));
        newest.Reset();
        return number;
    }

    private static bool IsStored(SqliteSession at, Append append)
    {
        var first = at[First].Bind(append.Stream).Bind(append.ExpectedVersion + 1);
        if (!first.Step()) return false;
        var ours = first.Id(0) == append.CommandId && first.Number(1) == SqliteStatement.Microseconds(append.RecordedAt);
        first.Reset();
        return ours;
    }

    private static ImmutableArray<Rejection> Losers(SqliteSession at, IReadOnlyList<Append> group)
    {
        var rejections = ImmutableArray.CreateBuilder<Rejection>();
        var streams = new Dictionary<string, bool>(group.Count, StringComparer.Ordinal);
        for (var i = 0; i < group.Count; i++)
        {
            var append = group[i];
            ref var lost = ref CollectionsMarshal.GetValueRefOrAddDefault(streams, append.Stream, out var known);
            if (lost) continue;
            if (!known && ReadHead(at, append.Stream) != append.ExpectedVersion)
            {
                lost = true;
                rejections.Add(new(i));
                continue;
            }

            foreach (var (key, ifHeld) in append.Consequences.Claims)
            {
                if (ifHeld is null || ReadHolder(at, key) is not { } holder || holder == append.Stream) continue;
                lost = true;
                rejections.Add(new(i, key, holder));
                break;
            }
        }

        return rejections.DrainToImmutable();
    }

    private static long ReadHead(SqliteSession at, string stream)
    {
        var newest = at[Head].Bind(stream);
        newest.Step();
        var version = newest.Number(0);
        newest.Reset();
        return version;
    }

    private static string? ReadHolder(SqliteSession at, ClaimKey key)
    {
        var claim = at[Holder].Bind(key.Kind).Bind(key.Key);
        if (!claim.Step()) return null;
        var holder = claim.Text(0);
        claim.Reset();
        return holder;
    }

    private static void WriteEvents(SqliteSession at, Append append)
    {
        var version = append.ExpectedVersion;
        foreach (var stored in append.Consequences.Events)
        {
            at[Journal].Bind(append.Stream).Bind(++version).Bind(stored.Type).Bind(stored.Schema).Bind(append.CommandId).Bind(append.CommandHash)
                .Bind(append.Operator).Bind(append.Reason).Bind(append.DocumentRef).Bind(append.BusinessOn).Bind(append.RecordedAt).BindUtf8(stored.Json.Span)
                .Execute();
        }
    }

    private static void WriteClaims(SqliteSession at, Append append)
    {
        foreach (var (key, ifHeld) in append.Consequences.Claims)
            at[ifHeld is null ? Release : Take].Bind(key.Kind).Bind(key.Key).Bind(append.Stream).Execute();
    }

    private static void WriteKey(SqliteSession at, Append append)
    {
        if (append.Key is { } key) at[KeepKey].Bind(append.Stream).Bind(key.Master).BindBytes(key.Wrapped.Span).Execute();
        if (append.Consequences.Erases) at[EraseKey].Bind(append.Stream).Execute();
    }

    private static void WriteOutbox(SqliteSession at, Append append)
    {
        foreach (var (n, number, target, command) in append.Outbox)
        {
            at[Outbox].Bind(append.Stream).Bind(target).Bind(append.ExpectedVersion + number + 1).Bind(n).Bind(command.Type).Bind(command.Schema)
                .BindUtf8(command.Json.Span).Bind(append.RecordedAt).Execute();
        }
    }

    private void WriteRows(SqliteSession at, IReadOnlyList<Append> group)
    {
        var newest = new Dictionary<(ReadModel, string), (Row Row, long Version)>(group.Count);
        foreach (var append in group)
            foreach (var row in append.Consequences.Rows)
                newest[(row.Model, row.Key)] = (row, append.NextVersion);

        foreach (var (row, version) in newest.Values)
        {
            var upsert = at[Upsert(row.Model)];
            foreach (var value in row.Values) upsert.BindValue(value);
            upsert.Bind(version).Execute();
        }
    }

    private static void WriteFacts(SqliteSession at, IReadOnlyList<Append> group, int closing)
    {
        var sums = new Dictionary<(string Measure, string Union, string Subject, DateOnly On), long>();
        foreach (var append in group)
        {
            var facts = append.Consequences.Facts;
            for (var n = 0; n < facts.Length; n++)
            {
                var (number, fact) = facts[n];
                var on = fact.On ?? append.BusinessOn;
                CollectionsMarshal.GetValueRefOrAddDefault(sums, (fact.Measure.Id, fact.Union.Value, fact.Subject, on), out _) += fact.Value;
                at[FactLine].Bind(fact.Measure.Id).Bind(fact.Union.Value).Bind(on).Bind(append.Stream).Bind(append.ExpectedVersion + number + 1)
                    .Bind(n).Bind(fact.Subject).Bind(closing).Bind(fact.Value).Execute();
            }
        }

        foreach (var ((measure, union, subject, on), sum) in sums)
            if (sum != 0) at[FactSum].Bind(measure).Bind(union).Bind(subject).Bind(on).Bind(closing).Bind(sum).Execute();
    }

    /// <summary>Writes a row unless a newer one is there: a rebuild and a late repetition never turn a row back.</summary>
    private string Upsert(ReadModel model)
    {
        if (upserts.TryGetValue(model, out var known)) return known;
        string[] names = [.. model.Columns.Select(column => $"\"{column.Name}\""), "version"];
        var keys = string.Join(", ", names.Take(model.KeyColumns));
        var changes = string.Join(", ", names.Skip(model.KeyColumns).Select(name => $"{name} = excluded.{name}"));
        var sql = $"""
            INSERT INTO "{model.Table}" ({string.Join(", ", names)}) VALUES ({string.Join(", ", names.Select(_ => "?"))})
            ON CONFLICT ({keys}) DO UPDATE SET {changes} WHERE excluded.version > "{model.Table}".version
            """;
        upserts.Add(model, sql);
        return sql;
    }
}
