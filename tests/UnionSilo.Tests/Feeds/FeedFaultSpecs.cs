using System.Data.Common;
using UnionClient;
using UnionDomain.Employers;
using UnionSilo.Persistence;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Feeds;

/// <summary>
/// The feed never misses and never repeats an event: four writers, transactions of others that stay open while younger ones commit, and that are undone, readers who lose their place. Each test counts what it
/// injected; one that injected nothing has proven nothing and fails.
/// </summary>
[Collection(nameof(FeedServer))]
public sealed class FeedFaultSpecs(FeedServer postgres, ITestOutputHelper output) : SiloSpecs(postgres)
{
    private const int UnitsEach = 12;
    private const int CommandsEach = 12;

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "108"), Trait("F", "110")]
    public async Task Readers_beside_four_writers_and_open_transactions_are_told_every_event_once(string store)
    {
        var first = await Start(store);
        var second = store == "postgres" ? await Start(store) : first;
        await using var database = store == "postgres" ? Database.Postgres(ConnectionString) : Database.Sqlite(File);
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Write(writer % 2 == 0 ? first.Client : second.Client, writer)));
        var readers = Enumerable.Range(1, 3).Select(seed => new FeedReader(seed)).ToList();
        var (committed, undone, heldBack) = (0, 0, 0);
        var open = 0;
        var holding = Hold();
        await Task.WhenAll(readers.Select((reader, n) => Read(n == 0 ? second.Client : first.Client, reader)));
        await Task.WhenAll(writers, holding);
        foreach (var reader in readers) await (await reader.ReadOn(first.Client, Cancel)).MissedAndRepeatedNothing(database, Cancel);

        var rows = await FeedReader.Journal(database, Cancel);
        Assert.Equal(2 * committed, rows.Count(row => row.StartsWith("union/RAW-", StringComparison.Ordinal)));
        output.WriteLine($"{rows.Count} events, {readers.Sum(reader => reader.Pages)} pages, {readers.Sum(reader => reader.Resumptions)} resumptions, {committed} transactions held and committed, {undone} held and undone, {heldBack} pages held back");
        Assert.True(committed > 0 && undone > 0 && readers.All(reader => reader.Resumptions > 0) && rows.Count > 4 * UnitsEach * CommandsEach);
        // With one writer nothing younger commits beside what is open.
        Assert.True(heldBack > 0 == (store == "postgres"));

        async Task Write(IUnionClient client, int writer)
        {
            for (var n = 0; n < CommandsEach; n++)
            {
                await Task.WhenAll(Enumerable.Range(0, UnitsEach).Select(async i =>
                {
                    var number = 100 + (writer * UnitsEach) + i;
                    Accepted(await client.Send(District.Unit(number), n == 0 ? District.Registration(number) : new EmployerCommand.ReportHeadcount(n), cancel: Cancel));
                }));
            }
        }

        // A transaction that began before others and commits after them, or not at all.
        async Task Hold()
        {
            for (var n = 1; n <= 6 && (n <= 2 || !writers.IsCompleted); n++)
            {
                await using var connection = await database.Source.OpenConnectionAsync(Cancel);
                await using var transaction = await connection.BeginTransactionAsync(Cancel);
                await Insert(transaction, n);
                var (before, pages) = ((await FeedReader.Journal(database, Cancel)).Count, readers.Sum(reader => reader.Pages));
                Volatile.Write(ref open, 1);
                // On SQLite nobody else can write meanwhile; everywhere readers read on.
                while (readers.Sum(reader => reader.Pages) < pages + 9 || (store == "postgres" && !writers.IsCompleted && (await FeedReader.Journal(database, Cancel)).Count < before + 20)) await Task.Yield();
                Volatile.Write(ref open, 0);
                if (n % 2 == 0) await transaction.RollbackAsync(Cancel);
                else await transaction.CommitAsync(Cancel);
                if (n % 2 == 0) undone++;
                else committed++;
            }
        }

        async Task Read(IUnionClient client, FeedReader reader)
        {
            while (true)
            {
                var (done, held, there) = (writers.IsCompleted && holding.IsCompleted, Volatile.Read(ref open), (await FeedReader.Journal(database, Cancel)).Count);
                var more = await reader.Page(client, Cancel);
                if (held == 1 && !more && reader.Told.Count < there) Interlocked.Increment(ref heldBack);
                if (!reader.Stumbles() && done && !more) return;
            }
        }
    }

    private static async Task Insert(DbTransaction transaction, int n)
    {
        var postgres = transaction.Connection is Npgsql.NpgsqlConnection;
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $$"""
            INSERT INTO journal (stream, version, type, schema, command_id, command_hash, operator, business_on, recorded_at, data) VALUES
            ('union/RAW-{{n}}', 1, 'federation-set-up', 1, {{(postgres ? "gen_random_uuid()" : "randomblob(16)")}}, 0, 'District:op-1@U-1', '2014-01-01', {{(postgres ? "now()" : "0")}},
                '{"union":"RAW-{{n}}","name":"示例","level":"district","kind":"federation","termYears":5,"on":"2014-01-01"}'),
            ('union/RAW-{{n}}', 2, 'renamed', 1, {{(postgres ? "gen_random_uuid()" : "randomblob(16)")}}, 0, 'District:op-1@U-1', '2014-01-01', {{(postgres ? "now()" : "0")}}, '{"name":"示例二"}')
            """;
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
