using Npgsql;
using NpgsqlTypes;

namespace UnionLoad;

/// <summary>
/// The rows of members in transactions of 1,000 commands, without any actor: two sessions with members of their own, COPY for what is only inserted,
/// arrays for what is changed.
/// </summary>
internal sealed class RollPostgresLimit(Request request, Case measured) : IContender
{
    private const int Group = 1_000;

    private Session[] sessions = [];

    // A stream has one writer, so one hot stream keeps one session busy.
    public int Lanes => measured == Case.Hot ? 1 : 2;

    public async Task Start(CancellationToken cancel)
    {
        var mould = await Mould.Of(request, measured);
        sessions = [.. Enumerable.Range(0, Lanes).Select(number => new Session(request, measured, mould, number, Lanes))];
    }

    public ValueTask<int> Step(int lane) => ValueTask.FromResult(sessions[lane].Commit());

    public async Task<string> Check(long acknowledged)
    {
        var books = await Books.Read(request);
        books.MustHold(Roll.Founded + request.Seeded + acknowledged);
        return FormattableString.Invariant($"{acknowledged:N0} commands committed, as many in the journal; {books.Agreed}");
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

        private const string CopyKeys = "COPY person_key (stream, master, wrapped) FROM STDIN (FORMAT BINARY)";

        private const string CopyLines = "COPY fact_line (union_id, measure, business_on, closing, stream, version, n, subject, value) FROM STDIN (FORMAT BINARY)";

        // What another phone on the sheet changes in the row.
        private const string ChangeRows = """
            UPDATE member_row SET mobile_mask = c.mobile_mask, mobile_hash = c.mobile_hash, sealed = c.sealed, version = c.version
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) AS c(member_id, mobile_mask, mobile_hash, sealed, version) WHERE member_row.member_id = c.member_id
            """;

        // What the word given for a card changes in the row.
        private const string ChangeConsents = """
            UPDATE member_row SET card_consent = c.card_consent, version = c.version
            FROM unnest($1::text[], $2::boolean[], $3::bigint[]) AS c(member_id, card_consent, version) WHERE member_row.member_id = c.member_id
            """;

        private const string AddFacts = """
            INSERT INTO fact (measure, union_id, subject, business_on, closing, writer, value)
            SELECT m, u, s, $5, 0, $6, v FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS f(m, u, s, v)
            ON CONFLICT (measure, union_id, subject, business_on, closing, writer) DO UPDATE SET value = fact.value + excluded.value
            """;

        private readonly Mould mould;
        private readonly int number;
        private readonly Case measured;
        private readonly Visits visits;
        private readonly NpgsqlConnection connection;
        private readonly NpgsqlBatch read;
        private readonly NpgsqlBatch changes;
        private readonly string copyRows;
        private readonly List<Visit> group = new(Group);
        private readonly List<string[]> fillings = new(Group);

        public Session(Request request, Case measured, Mould mould, int number, int sessions)
        {
            (this.mould, this.number, this.measured, visits) = (mould, number, measured, new(request, measured, number, sessions));
            copyRows = $"COPY member_row ({string.Join(", ", mould.Columns.Select(column => column.Name))}, version) FROM STDIN (FORMAT BINARY)";
            connection = new(new NpgsqlConnectionStringBuilder(request.Connection)
            {
                Pooling = false,
                WriteBufferSize = 64 * 1024,
                MaxAutoPrepare = 10,
                AutoPrepareMinUsages = 2,
                Options = "-c plan_cache_mode=force_generic_plan -c jit=off",
            }.ConnectionString);
            connection.Open();
            changes = new(connection);
            read = new(connection)
            {
                BatchCommands =
                {
                    new("SELECT stream, version, type, data FROM journal WHERE stream = ANY($1) ORDER BY stream, version") { Parameters = { Array(NpgsqlDbType.Text) } },
                    new("SELECT master, wrapped FROM person_key WHERE stream = ANY($1)") { Parameters = { Array(NpgsqlDbType.Text) } },
                },
            };
        }

        public int Commit()
        {
            visits.Fill(group, Group);
            if (group.Count == 0) return 0;
            fillings.Clear();
            foreach (var visit in group) fillings.Add(mould.Fill(visit.Member, visit.Version));
            if (measured == Case.Cold) Look();
            using var transaction = connection.BeginTransaction();
            CopyEvents();
            changes.Transaction = transaction;
            changes.BatchCommands.Clear();
            if (!mould.Claims.IsEmpty) Enter();
            else if (measured == Case.Light) Consent();
            else Change();
            if (!mould.Facts.IsEmpty) AddToFacts();
            if (changes.BatchCommands.Count > 0) changes.ExecuteNonQuery();
            transaction.Commit();
            return group.Count;
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        /// <summary>Reads streams and keys of the group, as a cold command must.</summary>
        private void Look()
        {
            var streams = group.ConvertAll(visit => visit.Stream);
            foreach (var command in read.BatchCommands) command.Parameters[0].Value = streams;
            using var reader = read.ExecuteReader();
            var (found, keys) = (0, 0);
            while (reader.Read()) found += reader.GetInt64(1) == 1 && reader.GetString(3).Length > 0 ? 1 : 0;
            reader.NextResult();
            while (reader.Read()) keys += reader.GetString(0).Length > 0 && reader.GetFieldValue<byte[]>(1).Length > 0 ? 1 : 0;
            if (found != group.Count || keys != group.Count) throw new InvalidDataException("A stream is not as it was stored.");
        }

        private void CopyEvents()
        {
            var (today, now) = (District.Today, DateTime.UtcNow);
            using var journal = connection.BeginBinaryImport(CopyJournal);
            for (var i = 0; i < group.Count; i++)
            {
                journal.StartRow();
                journal.Write(group[i].Stream, NpgsqlDbType.Text);
                journal.Write(group[i].Version, NpgsqlDbType.Bigint);
                journal.Write(mould.Type, NpgsqlDbType.Text);
                journal.Write(mould.Schema, NpgsqlDbType.Integer);
                journal.Write(Guid.CreateVersion7(), NpgsqlDbType.Uuid);
                journal.Write(group[i].Member * 31 + group[i].Version, NpgsqlDbType.Bigint);
                journal.Write(District.OperatorText, NpgsqlDbType.Text);
                journal.WriteNull();
                journal.WriteNull();
                journal.Write(today, NpgsqlDbType.Date);
                journal.Write(now, NpgsqlDbType.TimestampTz);
                journal.Write(mould.Event.Fill(fillings[i]), NpgsqlDbType.Text);
            }

            journal.Complete();
        }

        private void Enter()
        {
            using (var claims = connection.BeginBinaryImport(CopyClaims))
            {
                for (var i = 0; i < group.Count; i++)
                {
                    foreach (var (kind, key) in mould.Claims)
                    {
                        claims.StartRow();
                        claims.Write(kind, NpgsqlDbType.Text);
                        claims.Write(key.Fill(fillings[i]), NpgsqlDbType.Text);
                        claims.Write(group[i].Stream, NpgsqlDbType.Text);
                    }
                }

                claims.Complete();
            }

            using (var keys = connection.BeginBinaryImport(CopyKeys))
            {
                foreach (var visit in group)
                {
                    keys.StartRow();
                    keys.Write(visit.Stream, NpgsqlDbType.Text);
                    keys.Write(mould.Master, NpgsqlDbType.Text);
                    keys.Write(mould.Wrapped(visit.Member), NpgsqlDbType.Bytea);
                }

                keys.Complete();
            }

            CopyRows();
            CopyFactLines();
        }

        private void CopyRows()
        {
            using var rows = connection.BeginBinaryImport(copyRows);
            for (var i = 0; i < group.Count; i++)
            {
                rows.StartRow();
                foreach (var value in mould.Row)
                {
                    switch (value)
                    {
                        case Template text:
                            rows.Write(text.Fill(fillings[i]), NpgsqlDbType.Text);
                            break;
                        case long number:
                            rows.Write(number, NpgsqlDbType.Bigint);
                            break;
                        case DateOnly date:
                            rows.Write(date, NpgsqlDbType.Date);
                            break;
                        case bool flag:
                            rows.Write(flag, NpgsqlDbType.Boolean);
                            break;
                        default:
                            rows.WriteNull();
                            break;
                    }
                }

                rows.Write(group[i].Version, NpgsqlDbType.Bigint);
            }

            rows.Complete();
        }

        private void CopyFactLines()
        {
            var today = District.Today;
            using var lines = connection.BeginBinaryImport(CopyLines);
            for (var i = 0; i < group.Count; i++)
            {
                for (var n = 0; n < mould.Facts.Length; n++)
                {
                    var (measure, union, subject, value) = mould.Facts[n];
                    lines.StartRow();
                    lines.Write(union.Fill(fillings[i]), NpgsqlDbType.Text);
                    lines.Write(measure, NpgsqlDbType.Text);
                    lines.Write(today, NpgsqlDbType.Date);
                    lines.Write(0, NpgsqlDbType.Integer);
                    lines.Write(group[i].Stream, NpgsqlDbType.Text);
                    lines.Write(group[i].Version, NpgsqlDbType.Bigint);
                    lines.Write(n, NpgsqlDbType.Integer);
                    lines.Write(subject.Fill(fillings[i]), NpgsqlDbType.Text);
                    lines.Write(value, NpgsqlDbType.Bigint);
                }
            }

            lines.Complete();
        }

        private void Change()
        {
            var (mobileMask, mobileHash, closed) = (Column("mobile_mask"), Column(UnionDomain.Members.Member.MobileHash), Column("sealed"));
            var newest = Enumerable.Range(0, group.Count).Where(i => Visits.IsNewest(group, i)).ToList();
            changes.BatchCommands.Add(new(ChangeRows)
            {
                Parameters =
                {
                    Array(NpgsqlDbType.Text, newest.ConvertAll(i => District.Key(group[i].Member))),
                    Array(NpgsqlDbType.Text, newest.ConvertAll(i => mobileMask.Fill(fillings[i]))),
                    Array(NpgsqlDbType.Text, newest.ConvertAll(i => mobileHash.Fill(fillings[i]))),
                    Array(NpgsqlDbType.Text, newest.ConvertAll(i => closed.Fill(fillings[i]))),
                    Array(NpgsqlDbType.Bigint, newest.ConvertAll(i => group[i].Version)),
                },
            });

            Template Column(string name) => (Template)mould.Row[mould.Columns.IndexOf(mould.Columns.First(column => column.Name == name))]!;
        }

        private void Consent()
        {
            var newest = Enumerable.Range(0, group.Count).Where(i => Visits.IsNewest(group, i)).ToList();
            changes.BatchCommands.Add(new(ChangeConsents)
            {
                Parameters =
                {
                    Array(NpgsqlDbType.Text, newest.ConvertAll(i => District.Key(group[i].Member))),
                    Array(NpgsqlDbType.Boolean, newest.ConvertAll(i => group[i].Version % 2 == 1)),
                    Array(NpgsqlDbType.Bigint, newest.ConvertAll(i => group[i].Version)),
                },
            });
        }

        private void AddToFacts()
        {
            var sums = new SortedDictionary<(string Measure, string Union, string Subject), long>(Comparer<(string Measure, string Union, string Subject)>.Create(static (a, b) =>
                string.CompareOrdinal(a.Measure, b.Measure) is not 0 and var byMeasure ? byMeasure
                : string.CompareOrdinal(a.Union, b.Union) is not 0 and var byUnion ? byUnion : string.CompareOrdinal(a.Subject, b.Subject)));
            foreach (var filling in fillings)
            {
                foreach (var (measure, union, subject, value) in mould.Facts)
                {
                    var key = (measure, union.Fill(filling), subject.Fill(filling));
                    sums[key] = sums.GetValueOrDefault(key) + value;
                }
            }

            changes.BatchCommands.Add(new(AddFacts)
            {
                Parameters =
                {
                    Array(NpgsqlDbType.Text, sums.Keys.Select(key => key.Measure).ToList()),
                    Array(NpgsqlDbType.Text, sums.Keys.Select(key => key.Union).ToList()),
                    Array(NpgsqlDbType.Text, sums.Keys.Select(key => key.Subject).ToList()),
                    Array(NpgsqlDbType.Bigint, sums.Values.ToList()),
                    new() { Value = District.Today, NpgsqlDbType = NpgsqlDbType.Date },
                    new() { Value = 100 + number, NpgsqlDbType = NpgsqlDbType.Integer },
                },
            });
        }

        private static NpgsqlParameter Array(NpgsqlDbType of, object? value = null) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | of };
    }
}
