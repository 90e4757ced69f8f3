using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.ReadSides;

/// <summary>
/// Every figure of the report opens to records that are there for the right reason, none is missing, and they add up: on every level of the tree, in every period, in both databases.
/// </summary>
public sealed class OpenedFigureSpecs(SharedPostgres postgres) : IDisposable
{
    private static readonly Period[] Periods =
    [
        Period.Half(2014, 1), Period.Half(2014, 2), Period.Month(2014, 4), Period.Month(2014, 5), Period.Year(2013), new(new(2014, 4, 10), new(2014, 4, 10)),
    ];

    private readonly TemporaryFolder folder = new();
    private string? connectionString;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string[] Told => [.. WorkReport.Areas.SelectMany(area => area.Entries).SelectMany(entry => new[] { entry.Measure, entry.Measure.Whole, entry.Measure.Change }).OfType<Measure>().Select(measure => measure.Id)];

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "101"), Trait("F", "100"), Trait("F", "12"), Trait("F", "22"), Trait("F", "26")]
    public async Task Every_figure_of_every_union_and_period_opens_to_records_that_match_and_add_up(string store)
    {
        await using var union = await Start(store);
        await new ReportTown(union.Client, Cancel).Live();
        var audit = await FigureAudit.Begin(union, ReportTown.Unions, ReportTown.Members, Cancel);
        foreach (var scope in ReportTown.Unions)
            foreach (var period in Periods) await audit.Judge(scope, period, Cancel);
        Assert.Empty(audit.Findings);
        Assert.DoesNotContain(Told, measure => audit.Judged.GetValueOrDefault(measure) == 0); // What opens to nothing proves nothing.
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "101")]
    public async Task The_auditor_finds_every_record_that_is_lost_planted_or_put_in_another_place(string store)
    {
        await using var union = await Start(store);
        await new ReportTown(union.Client, Cancel).Live();
        await using var database = connectionString is null ? Database.Sqlite(folder.File("union.db")) : Database.Postgres(connectionString);
        var (enters, lifts) = (CardTown.Person(10).Stream, CardTown.Person(3).Stream);
        await Execute("CREATE TABLE true_fact AS SELECT * FROM fact", "CREATE TABLE true_line AS SELECT * FROM fact_line");
        Assert.Empty(await Findings());

        // Lost, from the records alone and from the sums too.
        await MustBeFound($"DELETE FROM fact_line WHERE measure = 'member.entered' AND stream = '{enters}'");
        await MustBeFound($"DELETE FROM fact_line WHERE measure = 'member.entered' AND stream = '{enters}'", "DELETE FROM fact WHERE measure = 'member.entered' AND union_id = 'N-1' AND business_on = '2014-03-20'");
        // A sum that nothing stands behind.
        await MustBeFound("UPDATE fact SET value = value + 1 WHERE measure = 'card.issued' AND union_id = 'P-3' AND business_on = '2014-03-05'");
        // Planted: somebody who is no member any more, in the records and in the sums.
        await MustBeFound(
            $"INSERT INTO fact_line (union_id, measure, subject, business_on, closing, stream, version, n, value) VALUES ('P-2', 'member.registered', 'E-0003', '2014-06-01', 0, '{CardTown.Person(4).Stream}', 2, 9, 1)",
            "INSERT INTO fact (measure, union_id, subject, business_on, closing, writer, value) VALUES ('member.registered', 'P-2', 'E-0003', '2014-06-01', 0, 99, 1)");
        // Planted on an event that never happened; two records that take each other back do not show in any sum.
        await MustBeFound($"INSERT INTO fact_line (union_id, measure, subject, business_on, closing, stream, version, n, value) SELECT union_id, measure, subject, business_on, closing, stream, 999, k, 2 * k - 1 FROM fact_line, (SELECT 0 AS k UNION SELECT 1) AS sign WHERE measure = 'member.entered' AND stream = '{enters}'");
        // Put at another union, at another day, on another event, under another measure, for another unit.
        await MustBeFound($"UPDATE fact_line SET union_id = 'P-1' WHERE measure = 'member.entered' AND stream = '{enters}'", "UPDATE fact SET union_id = 'P-1' WHERE measure = 'member.entered' AND union_id = 'N-1' AND business_on = '2014-03-20'");
        await MustBeFound($"UPDATE fact_line SET business_on = '2014-02-14' WHERE measure = 'member.entered' AND stream = '{lifts}'", "UPDATE fact SET business_on = '2014-02-14' WHERE measure = 'member.entered' AND business_on = '2014-02-15'");
        await MustBeFound($"UPDATE fact_line SET version = 1 WHERE measure = 'member.entered' AND stream = '{lifts}'");
        await MustBeFound("UPDATE fact_line SET measure = 'card.produced' WHERE measure = 'card.replaced'", "UPDATE fact SET measure = 'card.produced' WHERE measure = 'card.replaced'");
        await MustBeFound("UPDATE fact_line SET subject = 'E-0001' WHERE measure = 'member.entered' AND union_id = 'N-1'", "UPDATE fact SET subject = 'E-0001' WHERE measure = 'member.entered' AND union_id = 'N-1'");

        async Task MustBeFound(params string[] accident)
        {
            Assert.NotEqual(0, await Execute(accident));
            Assert.True((await Findings()).Count > 0, string.Join("; ", accident));
            await Execute("DELETE FROM fact", "INSERT INTO fact SELECT * FROM true_fact", "DELETE FROM fact_line", "INSERT INTO fact_line SELECT * FROM true_line");
        }

        async Task<IReadOnlyList<string>> Findings()
        {
            var audit = await FigureAudit.Begin(union, ReportTown.Unions, ReportTown.Members, Cancel);
            await audit.Judge(ReportTown.City, Period.Half(2014, 1), Cancel);
            return audit.Findings;
        }

        async Task<int> Execute(params string[] statements)
        {
            var rows = 0;
            await using var connection = await database.Source.OpenConnectionAsync(Cancel);
            foreach (var statement in statements)
            {
                await using var command = connection.CreateCommand();
                command.CommandText = statement;
                rows = await command.ExecuteNonQueryAsync(Cancel);
            }

            return rows;
        }
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private Task<RunningUnion> Start(string store) =>
        store == "sqlite" ? RunningUnion.Embedded(folder.File("union.db")) : RunningUnion.Postgres(connectionString = postgres.Database());
}
