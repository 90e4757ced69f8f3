extern alias Sample;

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sample::ConsoleHost.Roll;
using UnionSilo.Commands;
using UnionTesting;

namespace UnionSilo.Tests.Imports;

/// <summary><c>union-silo import plan</c>, <c>commit</c> and <c>undo</c>, killed in the middle and begun again.</summary>
public sealed class PlanCommandSpecs : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Store => folder.File("union.db");

    private string Members => Path.Combine(folder.Path, "roll", "members.csv");

    private string Plan => Path.ChangeExtension(Members, ".plan");

    [Fact, Trait("F", "23"), Trait("F", "24"), Trait("F", "25")]
    public async Task A_plan_is_committed_and_undone_however_often_it_is_killed()
    {
        RollGenerator.Write(new(folder.Path), 0.01m, cancel: Cancel);
        foreach (var roll in new[] { "unions", "employers" })
            Assert.Equal(0, await Run(["import", roll, Path.Combine(folder.Path, "roll", roll + ".csv"), .. Desk("2013-12-01")]));
        var before = Count("SELECT count(*) FROM journal");
        Assert.Equal(0, await Run(["import", "plan", "members", Members, .. Desk("2014-06-30")]));
        Assert.Contains($"The plan: {Plan}", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, Count("SELECT count(*) FROM journal"));
        var rows = System.IO.File.ReadLines(Members).Count() - 1;

        await KilledAtWork("commit");
        Assert.InRange(Count("SELECT count(*) FROM journal") - before, 1, rows);
        Assert.Equal(0, await Run(["import", "commit", Plan, "--file", Store]));
        Assert.Contains($"{rows} rows: {rows} new, 0 changed, 0 same, 0 refused", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(before + rows, Count("SELECT count(*) FROM journal"));
        Assert.Equal(rows, Count("SELECT count(*) FROM member_row WHERE status > 0"));
        Assert.Equal(0, await Run(["verify", "--file", Store]));

        await KilledAtWork("undo");
        Assert.InRange(Count("SELECT count(*) FROM journal") - before - rows, 1, rows);
        Assert.Equal(0, await Run(["import", "undo", Plan, "--file", Store]));
        Assert.Contains($"{rows} rows: {rows} undone, 0 kept, 0 had recorded nothing", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(before + (2 * rows), Count("SELECT count(*) FROM journal"));
        Assert.Equal(0, Count("SELECT count(*) FROM member_row WHERE status > 0"));
        Assert.Equal(0, Count("SELECT count(*) FROM claim WHERE kind LIKE 'member-%'"));
        Assert.Equal(0, Count("SELECT count(*) FROM (SELECT sum(value) AS value FROM fact WHERE measure LIKE 'member.%' OR measure LIKE 'organising.members%' GROUP BY union_id, measure, business_on) WHERE value <> 0"));
        Assert.Equal(0, await Run(["verify", "--file", Store]));
    }

    [Fact, Trait("F", "23")]
    public async Task What_cannot_be_committed_is_told_in_both_languages()
    {
        System.IO.File.WriteAllText(folder.File("x.csv"), "工会编号,工会名称\n");
        Assert.Equal(1, await Run(["import", "plan", "unions", folder.File("x.csv"), .. Desk("2014-06-30")]));
        Assert.Contains("缺少“层级”列", error.ToString(), StringComparison.Ordinal);
        System.IO.File.WriteAllText(folder.File("x.plan"), "none");
        Assert.Equal(1, await Run(["import", "commit", folder.File("x.plan"), "--file", Store]));
        Assert.Contains("预检结果无法读取", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, await Run(["import", "undo", folder.File("absent.plan"), "--file", Store]));
        Assert.Equal(2, await Run(["import", "plan"]));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
        output.Dispose();
        error.Dispose();
    }

    private string[] Desk(string on) => ["--file", Store, "--federation", "D-01", "--operator", "op-import", "--on", on];

    private async Task KilledAtWork(string verb)
    {
        var before = Count("SELECT count(*) FROM journal");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "UnionSilo.dll"), "import", verb, Plan, "--file", Store])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var begun = Stopwatch.GetTimestamp();
        while (Count("SELECT count(*) FROM journal") == before)
        {
            if (process.HasExited) Assert.Fail($"It ended by itself: {await process.StandardError.ReadToEndAsync(Cancel)}");
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience);
        }

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(Cancel);
    }

    private long Count(string query)
    {
        using var connection = new SqliteConnection($"Data Source={Store};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private Task<int> Run(IReadOnlyList<string> line) => CommandLine.Run(line, new InvocationConfiguration { Output = output, Error = error });
}
