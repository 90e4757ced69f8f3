using System.Globalization;
using Microsoft.Data.Sqlite;
using UnionDomain.Members;

namespace UnionLoad;

/// <summary>The rows of members in transactions of 500 commands (a bulk: 1,000) on one connection, without any actor: prepared statements, the settings of the house.</summary>
internal sealed class RollSqliteLimit(Request request, Case measured) : IContender
{
    private readonly int size = measured == Case.Bulk ? 1_000 : 500;
    private readonly Visits visits = new(request, measured, 0, 1);
    private readonly List<Visit> group = new(1_000);
    private readonly List<string[]> fillings = new(1_000);
    private Mould? mould;
    private SqliteConnection? connection;
    private Statement? begin, commit, journal, claim, key, insert, update, fact, line, read, readKey;

    public int Lanes => 1;

    public async Task Start(CancellationToken cancel)
    {
        mould = await Mould.Of(request, measured);
        connection = Statement.Open(request.Connection);
        begin = new(connection, "BEGIN IMMEDIATE", 0);
        commit = new(connection, "COMMIT", 0);
        journal = new(connection, """
            INSERT INTO journal (stream, version, type, schema, command_id, command_hash, operator, business_on, recorded_at, data)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """, 10);
        claim = new(connection, "INSERT INTO claim (kind, key, stream) VALUES ($1, $2, $3)", 3);
        key = new(connection, "INSERT INTO person_key (stream, master, wrapped) VALUES ($1, $2, $3)", 3);
        insert = new(connection, FormattableString.Invariant($"""
            INSERT INTO member_row ({string.Join(", ", mould.Columns.Select(column => column.Name))}, version)
            VALUES ({string.Join(", ", Enumerable.Range(1, mould.Columns.Length + 1).Select(n => FormattableString.Invariant($"${n}")))})
            """), mould.Columns.Length + 1);
        update = measured == Case.Light
            ? new(connection, "UPDATE member_row SET card_consent = $1, version = $2 WHERE member_id = $3", 3)
            : new(connection, "UPDATE member_row SET mobile_mask = $1, mobile_hash = $2, sealed = $3, version = $4 WHERE member_id = $5", 5); // what another phone changes
        fact = new(connection, """
            INSERT INTO fact (measure, union_id, subject, business_on, closing, writer, value) VALUES ($1, $2, $3, $4, 0, 0, $5)
            ON CONFLICT DO UPDATE SET value = value + excluded.value
            """, 5);
        line = new(connection, "INSERT INTO fact_line (measure, union_id, business_on, stream, version, n, subject, closing, value) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)", 8);
        read = new(connection, "SELECT version, data FROM journal WHERE stream = $1 ORDER BY version", 1);
        readKey = new(connection, "SELECT master, wrapped FROM person_key WHERE stream = $1", 1);
    }

    public ValueTask<int> Step(int lane)
    {
        visits.Fill(group, size);
        if (group.Count == 0) return ValueTask.FromResult(0);
        fillings.Clear();
        foreach (var visit in group) fillings.Add(mould!.Fill(visit.Member, visit.Version));
        if (measured == Case.Cold) foreach (var visit in group) Look(visit.Stream);
        var today = Text(District.Today);
        begin!.Run();
        Events(today);
        if (!mould!.Claims.IsEmpty) Enter();
        else if (measured == Case.Light) Consent();
        else Change();
        Facts(today);
        commit!.Run();
        return ValueTask.FromResult(group.Count);
    }

    public async Task<string> Check(long acknowledged)
    {
        var books = await Books.Read(request);
        books.MustHold(Roll.Founded + request.Seeded + acknowledged);
        return string.Create(CultureInfo.InvariantCulture, $"{acknowledged:N0} commands committed, as many in the journal; {books.Agreed}");
    }

    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private void Events(string today)
    {
        var now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        for (var i = 0; i < group.Count; i++)
        {
            journal!.Run(group[i].Stream, group[i].Version, mould!.Type, mould.Schema, Guid.CreateVersion7().ToByteArray(bigEndian: true), group[i].Member * 31 + group[i].Version,
                District.OperatorText, today, now, mould.Event.Fill(fillings[i]));
        }
    }

    private void Enter()
    {
        for (var i = 0; i < group.Count; i++)
            foreach (var (kind, taken) in mould!.Claims) claim!.Run(kind, taken.Fill(fillings[i]), group[i].Stream);
        foreach (var visit in group) key!.Run(visit.Stream, mould!.Master, mould.Wrapped(visit.Member));
        var values = new object[mould!.Row.Length + 1];
        for (var i = 0; i < group.Count; i++)
        {
            for (var column = 0; column < mould.Row.Length; column++)
            {
                values[column] = mould.Row[column] switch
                {
                    Template text => text.Fill(fillings[i]),
                    DateOnly date => Text(date),
                    bool flag => flag ? 1L : 0L,
                    null => DBNull.Value,
                    var number => number,
                };
            }

            values[^1] = group[i].Version;
            insert!.Run(values);
        }
    }

    private void Change()
    {
        var (mobileMask, mobileHash, closed) = (Column("mobile_mask"), Column(Member.MobileHash), Column("sealed"));
        for (var i = 0; i < group.Count; i++)
        {
            if (Visits.IsNewest(group, i))
                update!.Run(mobileMask.Fill(fillings[i]), mobileHash.Fill(fillings[i]), closed.Fill(fillings[i]), group[i].Version, District.Key(group[i].Member));
        }

        Template Column(string name) => (Template)mould!.Row[mould.Columns.IndexOf(mould.Columns.First(column => column.Name == name))]!;
    }

    private void Consent()
    {
        for (var i = 0; i < group.Count; i++)
            if (Visits.IsNewest(group, i)) update!.Run(group[i].Version % 2, group[i].Version, District.Key(group[i].Member));
    }

    private void Facts(string today)
    {
        var sums = new Dictionary<(string Measure, string Union, string Subject), long>();
        for (var i = 0; i < group.Count; i++)
        {
            for (var n = 0; n < mould!.Facts.Length; n++)
            {
                var (measure, union, subject, value) = mould.Facts[n];
                var at = (measure, union.Fill(fillings[i]), subject.Fill(fillings[i]));
                line!.Run(at.measure, at.Item2, today, group[i].Stream, group[i].Version, n, at.Item3, value);
                sums[at] = sums.GetValueOrDefault(at) + value;
            }
        }

        foreach (var ((measure, union, subject), value) in sums) fact!.Run(measure, union, subject, today, value);
    }

    private void Look(string stream)
    {
        using (var rows = read!.Read(stream))
            if (!rows.Read() || rows.GetInt64(0) != 1 || rows.GetString(1).Length == 0) throw new InvalidDataException("A stream is not as it was stored.");
        using var keys = readKey!.Read(stream);
        if (!keys.Read() || keys.GetString(0).Length == 0 || keys.GetFieldValue<byte[]>(1).Length == 0) throw new InvalidDataException("A key is not as it was stored.");
    }
}
