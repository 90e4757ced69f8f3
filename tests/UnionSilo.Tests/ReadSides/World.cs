using System.Collections.Immutable;
using System.Data.Common;
using UnionDomain;
using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionDomain.Unions;
using UnionGrains.Kernel;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.ReadSides;

/// <summary>The same union twice: in memory, and in the tables of a database as the journal's writers leave them.</summary>
internal sealed class World : IAsyncDisposable
{
    public static readonly DateOnly Day0 = new(2011, 1, 1);

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<StreamId, (object State, long Version)> streams = [];
    private int commands;

    public World(string store, SharedPostgres postgres)
    {
        Store = store;
        if (store == "postgres") ConnectionString = postgres.Database();
        else Schema.Sqlite(File).Upgrade();
        Database = store == "postgres" ? Database.Postgres(ConnectionString!) : Database.Sqlite(File);
    }

    public string Store { get; }

    public string File => folder.File("union.db");

    public string? ConnectionString { get; }

    public Database Database { get; }

    public ReadSide ReadSide => new(Database);

    public InMemoryUnion Memory { get; } = new(TimeProvider.System);

    /// <summary>Everything written, as a grain hands it to the journal.</summary>
    public List<Append> Appended { get; } = [];

    public static ImmutableArray<Room> AllRooms => [.. Rooms.All, Tally.Room];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task Union(UnionId id, DateOnly on, params UnionEvent[] events) => Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(id.Stream, on, events);

    public Task SetUp(UnionId id, UnionId? upper, DateOnly on, string? name = null) =>
        Union(id, on, new UnionEvent.FederationSetUp(id, name ?? $"Federation {id}", UnionLevel.District, UnionKind.Federation, upper, 5, on));

    public Task Count(string tally, UnionId union, DateOnly on, params long[] values) =>
        Given<Tally, int, TallyEvent, TallyEvent, TallyView>(new("tally", tally), on, [.. values.Select(value => new TallyEvent.Counted(union, value))]);

    public Task Hold(string tally, DateOnly on, params TallyEvent[] held) => Given<Tally, int, TallyEvent, TallyEvent, TallyView>(new("tally", tally), on, held);

    public Task Keys(string tally, params TallyEvent[] events) => Given<Tally, int, TallyEvent, TallyEvent, TallyView>(new("tally", tally), Day0, events);

    /// <summary>Runs a statement as an accident would.</summary>
    public async Task<int> Execute(string sql)
    {
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync(Cancel);
    }

    public Task<ImmutableArray<Finding>> Verify() => new Verification(Database, AllRooms).Run(null, Cancel);

    public Task<Rebuilt> Rebuild() => new Rebuild(Database, AllRooms).Run(online: false, null, Cancel);

    /// <summary>All records behind a figure, page by page.</summary>
    public async Task<List<FactLine>> Open(Measure measure, UnionId scope, DateOnly from, DateOnly to, int page)
    {
        var all = new List<FactLine>();
        string? next = null;
        do
        {
            (var lines, next) = await ReadSide.Open(measure, scope, from, to, next, page, Cancel);
            all.AddRange(lines);
        }
        while (next is not null);
        return all;
    }

    /// <summary>What every subject has, page by page.</summary>
    public async Task<List<SubjectValue>> Subjects(Measure measure, UnionId scope, DateOnly on, int page)
    {
        var all = new List<SubjectValue>();
        string? next = null;
        do
        {
            (var subjects, next) = await ReadSide.Subjects(measure, scope, on, next, page, Cancel);
            all.AddRange(subjects);
        }
        while (next is not null);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (Store == "sqlite") Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private async Task Given<TDecider, TState, TCommand, TEvent, TView>(StreamId stream, DateOnly on, TEvent[] events)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TCommand : class
        where TEvent : class
        where TView : class
    {
        Memory.Given<TDecider, TState, TCommand, TEvent, TView>(stream, on, events);
        var (state, version) = streams.TryGetValue(stream, out var known) ? ((TState)known.State, known.Version) : (TDecider.Initial, 0);
        var (after, consequences) = Room<TDecider, TState, TCommand, TEvent, TView>.Instance.Apply(state, [.. events]);
        streams[stream] = (after!, version + events.Length);
        Appended.Add(new()
        {
            Stream = stream.ToString(),
            ExpectedVersion = version,
            Token = new(),
            CommandId = new(Appended.Count + 1, 0, 0, new byte[8]),
            CommandHash = 0,
            Operator = "District:1@U0",
            BusinessOn = on,
            RecordedAt = DateTimeOffset.UnixEpoch,
            Consequences = consequences,
        });
        await Write(stream.ToString(), version, on, consequences);
    }

    private async Task Write(string stream, long version, DateOnly on, Consequences consequences)
    {
        var id = new Guid(++commands, 0, 0, new byte[8]);
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        for (var i = 0; i < consequences.Events.Length; i++)
        {
            var stored = consequences.Events[i];
            await Insert("journal", "stream, version, type, schema, command_id, command_hash, operator, business_on, recorded_at, data",
                stream, version + 1 + i, stored.Type, stored.Schema, Store == "postgres" ? id : id.ToByteArray(bigEndian: true), 0L, "District:1@U0", on,
                Store == "postgres" ? DateTime.UnixEpoch : 0L, System.Text.Encoding.UTF8.GetString(stored.Json.Span));
        }

        foreach (var change in consequences.Claims)
        {
            if (change.IfHeld is null) await Run("DELETE FROM claim WHERE kind = @p0 AND key = @p1 AND stream = @p2", change.Key.Kind, change.Key.Key, stream);
            else await Insert("claim", "kind, key, stream", change.Key.Kind, change.Key.Key, stream);
        }

        foreach (var row in consequences.Rows)
        {
            var names = row.Model.Columns.Select(column => column.Name).Append("version").ToList();
            await InsertOr(row.Model.Table, string.Join(", ", names),
                $"ON CONFLICT ({string.Join(", ", names.Take(row.Model.KeyColumns))}) DO UPDATE SET {string.Join(", ", names.Skip(row.Model.KeyColumns).Select(name => $"{name} = excluded.{name}"))}",
                [.. row.Values, version + consequences.Events.Length]);
        }

        var n = 0;
        foreach (var (at, fact) in consequences.Facts)
        {
            await InsertOr("fact", "measure, union_id, subject, business_on, closing, writer, value", "ON CONFLICT (measure, union_id, subject, business_on, closing, writer) DO UPDATE SET value = fact.value + excluded.value",
                [fact.Measure.Id, fact.Union.Value, fact.Subject, fact.On ?? on, 0, commands % 3, fact.Value]);
            await Insert("fact_line", "union_id, measure, subject, business_on, closing, stream, version, n, value", fact.Union.Value, fact.Measure.Id, fact.Subject, fact.On ?? on, 0, stream, version + 1 + at, n++, fact.Value);
        }

        await transaction.CommitAsync(Cancel);

        Task Insert(string table, string columns, params object?[] values) => InsertOr(table, columns, "", values);
        Task InsertOr(string table, string columns, string otherwise, object?[] values) =>
            Run($"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", values.Select((_, i) => $"@p{i}"))}) {otherwise}", values);

        async Task Run(string sql, params object?[] values)
        {
            await using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, sql);
            for (var i = 0; i < values.Length; i++) Bind(command, $"@p{i}", values[i]);
            await command.ExecuteNonQueryAsync(Cancel);
        }
    }

    private static void Bind(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
        command.Parameters.Add(parameter);
    }
}
