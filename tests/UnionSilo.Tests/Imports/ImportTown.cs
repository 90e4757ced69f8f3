extern alias Sample;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sample::ConsoleHost.Roll;
using UnionClient;
using UnionClient.Imports;
using UnionDomain;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionSilo.Persistence;
using UnionTesting;
using UnionTestKit;

namespace UnionSilo.Tests.Imports;

/// <summary>A small town whose rolls arrive as files, on either database.</summary>
public abstract class ImportTown(SharedPostgres postgres) : IAsyncDisposable
{
    protected const string UnionHeader = "工会编号,工会名称,层级,类型,上级工会编号,成立日期,任期年,主席,备注";
    protected const string EmployerHeader = "单位代码,单位名称,单位性质,行业门类,注册地,职工人数,女职工人数,农民工人数,建会方式,工会编号,联系人,联系电话";

    protected const string FewUnions = $"""
        {UnionHeader}
        D-01,示例区总工会,2,3,,1984-05-01,5,,
        S-01,云杉街道总工会,3,3,D-01,1990-05-01,5,,
        P-1,云杉食品店工会,4,1,S-01,2001-05-01,5,,
        P-2,云杉书店工会,4,1,S-01,2002-05-01,3,,备注
        """;

    protected static readonly UnionId Federation = new("D-01");
    protected static readonly Operator Department = new("op", Federation, Role.District, Rights.Backdate);
    protected static readonly ImportOptions Usual = new() { Operator = Department, On = new(2014, 6, 30) };
    protected static readonly CommandOptions ByDepartment = new() { Operator = Department, BusinessOn = new DateOnly(2014, 6, 30) };
    protected static readonly string[] Units = [.. Enumerable.Range(1, 4).Select(MadeUpCodes.Unit)];

    protected static readonly string FewEmployers = $"""
        {EmployerHeader}
        {Units[0]},云杉食品店,5,F,110108,40,20,5,1,P-1,,
        {Units[1]},云杉书店,5,F,110108,30,,,1,P-2,,
        {Units[2]},云杉花店,5,F,110108,6,3,,0,S-01,,
        """;

    private RunningUnion? union;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected IUnionClient Client => Union.Client;

    protected RunningUnion Union => union!;

    protected Database Database { get; private set; } = null!;

    protected TemporaryFolder Folder { get; } = new();

    public virtual async ValueTask DisposeAsync()
    {
        if (union is not null) await union.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static MemberRow[] People(int count)
    {
        var unit = new RollUnit(Units[0], "云杉食品店", 40, count);
        var home = new RollUnion("P-1", "云杉食品店工会", "S-01", Founding.Standing, new(2001, 5, 1), [unit]);
        return [.. Enumerable.Range(1, count).Select(n => MemberRow.Of(n, home, unit) with { ValidUntil = "长期", Remark = "" })];
    }

    internal string Members(IReadOnlyList<MemberRow> rows) => File("members", $"{MemberRow.Header}\n{string.Join('\n', rows.Select(Line))}\n");

    internal static string Line(MemberRow row) => string.Join(',',
        row.Unit, row.Union, row.Name, row.DocumentType, row.DocumentNumber, row.ValidUntil, row.Sex, row.BirthOn, row.Ethnicity, row.Politics, row.Education, row.Skill, row.Employment,
        row.Household, row.Residence, row.Mobile, row.JoinedOn, row.Migrant, row.Consent, row.Remark);

    protected string File(string name, string text)
    {
        var path = Folder.File(string.Create(CultureInfo.InvariantCulture, $"{name}-{Directory.GetFiles(Folder.Path).Length}.csv"));
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    protected async Task Start(string store)
    {
        if (store == "postgres")
        {
            var server = postgres.Database();
            union = await RunningUnion.Postgres(server);
            Database = Database.Postgres(server);
        }
        else
        {
            union = await RunningUnion.Embedded(Folder.File("union.db"));
            Database = Database.Sqlite(Folder.File("union.db"));
        }
    }

    protected async Task StartFilled(string store)
    {
        await Start(store);
        await Client.Imports.Unions(File("unions", FewUnions), Usual).Run(cancel: Cancel);
        await Client.Imports.Employers(File("employers", FewEmployers), Usual).Run(cancel: Cancel);
    }

    protected static ImportOptions Named() => Usual with { Id = Guid.CreateVersion7() };

    /// <summary>How many rows every table has that a command writes.</summary>
    protected async Task<string> Counts()
    {
        string[] tables = ["journal", "claim", "person_key", "outbox", "effect_seen", "fact", "fact_line", .. Rooms.All.SelectMany(room => room.ReadModels).Select(model => model.Table)];
        var counts = new List<string>();
        foreach (var table in tables.Distinct()) counts.Add($"{table} {await Count(table)}");
        return string.Join(", ", counts);
    }

    protected async Task<long> Count(string table)
    {
        await using var connection = await Database.Source.OpenConnectionAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    /// <summary>The whole report and everything that lists show, as text.</summary>
    protected async Task<string> Everything()
    {
        var said = new List<string>();
        foreach (var period in new[] { Period.Half(2014, 1), Period.Month(2014, 6), Period.Half(2013, 2) }) said.AddRange((await Client.Reports.Read(Federation, period, cancel: Cancel)).Select(line => $"{Json(line.Figure)} {Json(line.Change)}"));
        foreach (var measure in new[] { MemberMeasures.Registered, MemberMeasures.Entered, MemberMeasures.New }) said.Add(Json(await Client.Reports.Split(measure, new("S-01"), Period.Half(2014, 1), Cancel)));
        said.AddRange((await Client.Unions.List(new(), Cancel).ToListAsync(Cancel)).Select(line => Json(line)));
        said.AddRange((await Client.Employers.List(new(), Cancel).ToListAsync(Cancel)).Select(line => Json(line)));
        said.AddRange((await Client.Members.List(new() { On = new(2014, 6, 30) }, Cancel).ToListAsync(Cancel)).Select(line => Json(line)));
        return string.Join('\n', said);
    }

    /// <summary>Verify finds nothing, and tables made anew from the journal are the same.</summary>
    protected async Task Sound()
    {
        Assert.Empty(await new Verification(Database, Rooms.All).Run(null, Cancel));
        var rebuilt = await new Rebuild(Database, Rooms.All).Run(online: true, null, Cancel);
        Assert.Empty(rebuilt.Blocking);
        Assert.Equal(0, rebuilt.Rows);
    }

    protected static string Short(ImportSummary summary) => $"{summary.New} new, {summary.Changed} changed, {summary.Same} same, {summary.Refused} refused";

    protected static string Short(UndoSummary summary) => $"{summary.Undone} undone, {summary.Kept} kept, {summary.Nothing} nothing";

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, UnionJson.Options);
}
