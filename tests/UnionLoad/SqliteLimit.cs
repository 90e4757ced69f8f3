using System.Globalization;
using Microsoft.Data.Sqlite;

namespace UnionLoad;

/// <summary>The rows of the house in transactions of 500 commands on one connection, without any actor: prepared statements, the settings of the house.</summary>
internal sealed class SqliteLimit(Request request, Case measured) : IContender
{
    private const int Group = 500;

    private readonly Dictionary<long, (long Version, int Headcount)> known = [];
    private readonly List<Change> group = new(Group);
    private SqliteConnection? connection;
    private Statement? begin, commit, journal, claim, insert, update, fact, line, read;
    private long next;

    public int Lanes => 1;

    public Task Start(CancellationToken cancel)
    {
        connection = Statement.Open(request.Connection);
        begin = new(connection, "BEGIN IMMEDIATE", 0);
        commit = new(connection, "COMMIT", 0);
        journal = new(connection, """
            INSERT INTO journal (stream, version, type, schema, command_id, command_hash, operator, business_on, recorded_at, data)
            VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9)
            """, 9);
        claim = new(connection, "INSERT INTO claim (kind, key, stream) VALUES ($1, $2, $3)", 3);
        insert = new(connection, """
            INSERT INTO employer_row (employer_id, code, name, kind, industry, area, federation, headcount, status, registered_on, version)
            VALUES ($1, $2, $3, 5, 'C', $4, $5, $6, 1, $7, 1)
            """, 7);
        update = new(connection, "UPDATE employer_row SET headcount = $1, version = $2 WHERE employer_id = $3", 3);
        fact = new(connection, """
            INSERT INTO fact (measure, union_id, subject, business_on, closing, writer, value) VALUES ($1, $2, '', $3, 0, 0, $4)
            ON CONFLICT DO UPDATE SET value = value + excluded.value
            """, 4);
        line = new(connection, "INSERT INTO fact_line (measure, union_id, business_on, stream, version, n, subject, closing, value) VALUES ($1, $2, $3, $4, $5, $6, '', 0, $7)", 7);
        read = new(connection, "SELECT version, data FROM journal WHERE stream = $1 ORDER BY version", 1);
        return Task.CompletedTask;
    }

    public ValueTask<int> Step(int lane)
    {
        Choose();
        if (group.Count == 0) return ValueTask.FromResult(0);
        var today = District.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        if (measured == Case.Cold) foreach (var change in group) Look(change);
        begin!.Run();
        foreach (var change in group)
        {
            journal!.Run(change.Stream, change.Version, measured == Case.First ? "registered" : "headcount-reported", Guid.CreateVersion7().ToByteArray(bigEndian: true),
                change.Version * 31 + change.Headcount, District.OperatorText, today, now, Rows.Event(change, measured, District.Today));
        }

        if (measured == Case.First)
        {
            foreach (var change in group) claim!.Run("employer-code", District.Code(change.Employer), change.Stream);
            foreach (var change in group)
            {
                insert!.Run(District.Key(change.Employer), District.Code(change.Employer), District.Name(change.Employer), District.Area, District.Federation(change.Employer),
                    change.Headcount, today);
            }
        }
        else
        {
            // Only the newest row of an employer is seen.
            foreach (var change in group.GroupBy(change => change.Employer).Select(all => all.Last())) update!.Run(change.Headcount, change.Version, District.Key(change.Employer));
        }

        foreach (var change in group)
        {
            if (measured == Case.First) line!.Run("employer.units", District.Federation(change.Employer), today, change.Stream, change.Version, 0, 1);
            line!.Run("employer.headcount", District.Federation(change.Employer), today, change.Stream, change.Version, measured == Case.First ? 1 : 0, change.Added);
        }

        foreach (var federation in group.GroupBy(change => District.Federation(change.Employer), StringComparer.Ordinal))
        {
            if (measured == Case.First) fact!.Run("employer.units", federation.Key, today, federation.Count());
            fact!.Run("employer.headcount", federation.Key, today, federation.Sum(change => change.Added));
        }

        commit!.Run();
        return ValueTask.FromResult(group.Count);
    }

    public async Task<string> Check(long acknowledged)
    {
        var books = await Books.Read(request);
        books.MustHold(1 + District.Subdistricts + request.Seeded + acknowledged);
        return string.Create(CultureInfo.InvariantCulture, $"{acknowledged:N0} commands committed, as many in the journal; {books.Agreed}");
    }

    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void Choose()
    {
        group.Clear();
        for (; group.Count < Group; next++)
        {
            switch (measured)
            {
                case Case.First:
                    group.Add(new(request.Seeded + next, 1, District.Registered, District.Registered));
                    break;
                case Case.Cold when next >= request.Seeded:
                    return;
                case Case.Cold:
                    group.Add(new(District.Scattered(next, request.Seeded), 2, District.Registered + 1, 1));
                    break;
                case Case.Warm:
                    Report(District.Scattered(next, request.Actors), (int)(next / request.Actors % 1_000) + District.Registered + 1);
                    break;
                default:
                    Report(0, (int)(next % 100_000) + District.Registered + 1);
                    break;
            }
        }

        void Report(long employer, int headcount)
        {
            var (version, former) = known.GetValueOrDefault(employer, (1, District.Registered));
            known[employer] = (version + 1, headcount);
            group.Add(new(employer, version + 1, headcount, headcount - former));
        }
    }

    private void Look(Change change)
    {
        using var rows = read!.Read(change.Stream);
        if (!rows.Read() || rows.GetInt64(0) != 1 || rows.GetString(1).Length == 0) throw new InvalidDataException("A stream is not as it was stored.");
    }
}
