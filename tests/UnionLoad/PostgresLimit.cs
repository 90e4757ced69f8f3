using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace UnionLoad;

/// <summary>
/// The rows of the house in transactions of 1,000 commands, without any actor: two sessions with employers of their own, COPY for what is only inserted,
/// arrays for what is changed.
/// </summary>
internal sealed class PostgresLimit(Request request, Case measured) : IContender
{
    private const int Group = 1_000;

    private Session[] sessions = [];

    // A stream has one writer, so one hot stream keeps one session busy.
    public int Lanes => measured == Case.Hot ? 1 : 2;

    public Task Start(CancellationToken cancel)
    {
        sessions = [.. Enumerable.Range(0, Lanes).Select(number => new Session(request, measured, number, Lanes))];
        return Task.CompletedTask;
    }

    public ValueTask<int> Step(int lane) => ValueTask.FromResult(sessions[lane].Commit());

    public async Task<string> Check(long acknowledged)
    {
        var books = await Books.Read(request);
        books.MustHold(1 + District.Subdistricts + request.Seeded + acknowledged);
        return string.Create(CultureInfo.InvariantCulture, $"{acknowledged:N0} commands committed, as many in the journal; {books.Agreed}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in sessions) await session.DisposeAsync();
    }

    private sealed class Session : IAsyncDisposable
    {
        private const string CopyJournal =
            "COPY journal (stream, version, type, schema, command_id, command_hash, operator, reason, document_ref, business_on, recorded_at, data) FROM STDIN (FORMAT BINARY)";

        private const string CopyClaims = "COPY claim (kind, key, stream) FROM STDIN (FORMAT BINARY)";

        private const string CopyRows =
            "COPY employer_row (employer_id, code, name, kind, industry, area, federation, headcount, status, registered_on, version) FROM STDIN (FORMAT BINARY)";

        private const string CopyLines = "COPY fact_line (union_id, measure, business_on, closing, stream, version, n, subject, value) FROM STDIN (FORMAT BINARY)";

        private const string ChangeRows = """
            UPDATE employer_row SET headcount = c.headcount, version = c.version
            FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS c(employer_id, headcount, version) WHERE employer_row.employer_id = c.employer_id
            """;

        private const string AddFacts = """
            INSERT INTO fact (union_id, measure, subject, business_on, closing, writer, value)
            SELECT u, m, '', $3, 0, $4, v FROM unnest($1::text[], $2::text[], $5::bigint[]) AS f(u, m, v)
            ON CONFLICT (measure, union_id, subject, business_on, closing, writer) DO UPDATE SET value = fact.value + excluded.value
            """;

        private readonly Request request;
        private readonly Case measured;
        private readonly int number;
        private readonly int sessions;
        private readonly NpgsqlConnection connection;
        private readonly NpgsqlCommand read;
        private readonly NpgsqlBatch changes;
        private readonly Dictionary<long, (long Version, int Headcount)> known = [];
        private readonly List<Change> group = new(Group);
        private readonly string[] ids = new string[Group];
        private readonly long[] heads = new long[Group];
        private readonly long[] versions = new long[Group];
        private long next;

        public Session(Request request, Case measured, int number, int sessions)
        {
            (this.request, this.measured, this.number, this.sessions) = (request, measured, number, sessions);
            connection = new(new NpgsqlConnectionStringBuilder(request.Connection)
            {
                Pooling = false,
                WriteBufferSize = 64 * 1024,
                MaxAutoPrepare = 10,
                AutoPrepareMinUsages = 2,
                Options = "-c plan_cache_mode=force_generic_plan -c jit=off",
            }.ConnectionString);
            connection.Open();
            read = new("SELECT stream, version, type, data FROM journal WHERE stream = ANY($1) ORDER BY stream, version", connection) { Parameters = { new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } } };
            changes = new(connection);
        }

        public int Commit()
        {
            if (!Choose()) return 0;
            var (today, now) = (District.Today, DateTime.UtcNow);
            using var transaction = connection.BeginTransaction();
            using (var journal = connection.BeginBinaryImport(CopyJournal))
            {
                foreach (var change in group)
                {
                    journal.StartRow();
                    journal.Write(change.Stream, NpgsqlDbType.Text);
                    journal.Write(change.Version, NpgsqlDbType.Bigint);
                    journal.Write(measured == Case.First ? "registered" : "headcount-reported", NpgsqlDbType.Text);
                    journal.Write(1, NpgsqlDbType.Integer);
                    journal.Write(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
                    journal.Write(change.Version * 31 + change.Headcount, NpgsqlDbType.Bigint);
                    journal.Write(District.OperatorText, NpgsqlDbType.Text);
                    journal.WriteNull();
                    journal.WriteNull();
                    journal.Write(today, NpgsqlDbType.Date);
                    journal.Write(now, NpgsqlDbType.TimestampTz);
                    journal.Write(Rows.Event(change, measured, today), NpgsqlDbType.Text);
                }

                journal.Complete();
            }

            if (measured == Case.First) Register(today);
            using (var lines = connection.BeginBinaryImport(CopyLines))
            {
                foreach (var change in group)
                {
                    if (measured == Case.First) Line(lines, change, "employer.units", 0, 1);
                    Line(lines, change, "employer.headcount", measured == Case.First ? 1 : 0, change.Added);
                }

                lines.Complete();
            }

            changes.Transaction = transaction;
            changes.BatchCommands.Clear();
            if (measured != Case.First) ChangeReadModel();
            AddToFacts(today);
            changes.ExecuteNonQuery();
            transaction.Commit();
            return group.Count;

            void Line(NpgsqlBinaryImporter lines, Change change, string measure, int n, long value)
            {
                lines.StartRow();
                lines.Write(District.Federation(change.Employer), NpgsqlDbType.Text);
                lines.Write(measure, NpgsqlDbType.Text);
                lines.Write(today, NpgsqlDbType.Date);
                lines.Write(0, NpgsqlDbType.Integer);
                lines.Write(change.Stream, NpgsqlDbType.Text);
                lines.Write(change.Version, NpgsqlDbType.Bigint);
                lines.Write(n, NpgsqlDbType.Integer);
                lines.Write("", NpgsqlDbType.Text);
                lines.Write(value, NpgsqlDbType.Bigint);
            }
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private bool Choose()
        {
            group.Clear();
            for (; group.Count < Group; next++)
            {
                var n = (next * sessions) + number;
                switch (measured)
                {
                    case Case.First:
                        group.Add(new(request.Seeded + n, 1, District.Registered, District.Registered));
                        break;
                    case Case.Cold when n >= request.Seeded:
                        return group.Count > 0 && Look();
                    case Case.Cold:
                        group.Add(new(District.Scattered(n, request.Seeded), 2, District.Registered + 1, 1));
                        break;
                    case Case.Warm:
                        Report(District.Scattered(n, request.Actors), (int)(n / request.Actors % 1_000) + District.Registered + 1);
                        break;
                    default:
                        Report(0, (int)(n % 100_000) + District.Registered + 1);
                        break;
                }
            }

            // In the order of the keys, as every index likes it.
            group.Sort(static (a, b) => string.CompareOrdinal(a.Stream, b.Stream) is not 0 and var order ? order : a.Version.CompareTo(b.Version));
            return measured != Case.Cold || Look();

            void Report(long employer, int headcount)
            {
                var (version, former) = known.GetValueOrDefault(employer, (1, District.Registered));
                known[employer] = (version + 1, headcount);
                group.Add(new(employer, version + 1, headcount, headcount - former));
            }
        }

        /// <summary>Reads the streams of the group, as a cold command must.</summary>
        private bool Look()
        {
            read.Parameters[0].Value = group.ConvertAll(change => change.Stream);
            using var reader = read.ExecuteReader();
            var found = 0;
            while (reader.Read()) found += reader.GetInt64(1) == 1 && reader.GetString(3).Length > 0 ? 1 : 0;
            return found == group.Count ? true : throw new InvalidDataException("A stream is not as it was stored.");
        }

        private void Register(DateOnly today)
        {
            using (var claims = connection.BeginBinaryImport(CopyClaims))
            {
                foreach (var change in group)
                {
                    claims.StartRow();
                    claims.Write("employer-code", NpgsqlDbType.Text);
                    claims.Write(District.Code(change.Employer), NpgsqlDbType.Text);
                    claims.Write(change.Stream, NpgsqlDbType.Text);
                }

                claims.Complete();
            }

            using var rows = connection.BeginBinaryImport(CopyRows);
            foreach (var change in group)
            {
                rows.StartRow();
                rows.Write(District.Key(change.Employer), NpgsqlDbType.Text);
                rows.Write(District.Code(change.Employer), NpgsqlDbType.Text);
                rows.Write(District.Name(change.Employer), NpgsqlDbType.Text);
                rows.Write(5L, NpgsqlDbType.Bigint);
                rows.Write("C", NpgsqlDbType.Text);
                rows.Write(District.Area, NpgsqlDbType.Text);
                rows.Write(District.Federation(change.Employer), NpgsqlDbType.Text);
                rows.Write((long)change.Headcount, NpgsqlDbType.Bigint);
                rows.Write(1L, NpgsqlDbType.Bigint);
                rows.Write(today, NpgsqlDbType.Date);
                rows.Write(1L, NpgsqlDbType.Bigint);
            }

            rows.Complete();
        }

        private void ChangeReadModel()
        {
            var rows = 0;
            for (var i = 0; i < group.Count; i++)
            {
                if (i + 1 < group.Count && group[i + 1].Employer == group[i].Employer) continue; // Only the newest row of an employer is seen.
                (ids[rows], heads[rows], versions[rows]) = (District.Key(group[i].Employer), group[i].Headcount, group[i].Version);
                rows++;
            }

            changes.BatchCommands.Add(new(ChangeRows)
            {
                Parameters =
                {
                    new() { Value = ids[..rows], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                    new() { Value = heads[..rows], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                    new() { Value = versions[..rows], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                },
            });
        }

        private void AddToFacts(DateOnly today)
        {
            var sums = new SortedDictionary<(string Federation, string Measure), long>(Comparer<(string Federation, string Measure)>.Create(static (a, b) =>
                string.CompareOrdinal(a.Federation, b.Federation) is not 0 and var order ? order : string.CompareOrdinal(a.Measure, b.Measure)));
            foreach (var one in group)
            {
                Add("employer.headcount", one.Added);
                if (measured == Case.First) Add("employer.units", 1);

                void Add(string measure, long value)
                {
                    var key = (District.Federation(one.Employer), measure);
                    sums[key] = sums.GetValueOrDefault(key) + value;
                }
            }

            changes.BatchCommands.Add(new(AddFacts)
            {
                Parameters =
                {
                    new() { Value = sums.Keys.Select(key => key.Federation).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                    new() { Value = sums.Keys.Select(key => key.Measure).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                    new() { Value = today, NpgsqlDbType = NpgsqlDbType.Date },
                    new() { Value = 100 + number, NpgsqlDbType = NpgsqlDbType.Integer },
                    new() { Value = sums.Values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                },
            });
        }
    }
}

/// <summary>One change of one employer.</summary>
internal sealed record Change(long Employer, long Version, int Headcount, long Added)
{
    public string Stream { get; } = "employer/" + District.Key(Employer);
}

/// <summary>Stored events in the words of the house.</summary>
internal static class Rows
{
    public static string Event(Change change, Case measured, DateOnly today) => measured == Case.First
        ? string.Create(CultureInfo.InvariantCulture,
            $$"""{"employer":"{{change.Stream.AsSpan(9)}}","code":"{{District.Code(change.Employer)}}","name":"{{District.Name(change.Employer)}}","kind":"private","industry":"C","area":"{{District.Area}}","federation":"{{District.Federation(change.Employer)}}","headcount":{{change.Headcount}},"on":"{{today:yyyy-MM-dd}}"}""")
        : string.Create(CultureInfo.InvariantCulture, $$"""{"headcount":{{change.Headcount}},"on":"{{today:yyyy-MM-dd}}"}""");
}
