extern alias Sample;

using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sample::ConsoleHost.Roll;
using UnionSilo.Commands;
using UnionTesting;

namespace UnionSilo.Tests.Imports;

/// <summary><c>union-silo list</c> and <c>report</c> on what was imported from a workbook and from GB18030, and the bank's files from the command line.</summary>
public sealed class ListCommandSpecs : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    [Fact, Trait("F", "23"), Trait("F", "24")]
    public async Task What_was_imported_is_listed_masked_and_reported()
    {
        RollGenerator.Write(new(folder.Path), 0.01m, cancel: TestContext.Current.CancellationToken);
        File.WriteAllBytes(folder.File("unions.csv"), SheetDesk.Gb18030(File.ReadAllText(RollFile("unions.csv"))));
        File.WriteAllBytes(folder.File("employers.xlsx"), Workbook("employers.csv"));
        File.WriteAllBytes(folder.File("members.xlsx"), Workbook("members.csv"));
        Assert.Equal(0, await Run(["import", "unions", folder.File("unions.csv"), "--on", "2013-12-01"]));
        Assert.Equal(0, await Run(["import", "employers", folder.File("employers.xlsx"), "--on", "2013-12-01"]));
        await Run(["import", "members", folder.File("members.xlsx"), "--on", "2013-12-31"]);
        output.GetStringBuilder().Clear();
        await Run(["import", "members", RollFile("members.csv"), "--on", "2013-12-31"]);
        Assert.Contains(" 0 new, 0 changed, ", output.ToString(), StringComparison.Ordinal); // A CSV and a workbook of the same rows say the same.

        output.GetStringBuilder().Clear();
        Assert.Equal(0, await Run(["list", "unions", "--level", "District"]));
        string[] lines = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("工会编号\t工会名称\t层级", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("D-01\t", Assert.Single(lines.Skip(1)), StringComparison.Ordinal);

        Assert.Equal(0, await Run(["list", "employers", "--headcount-from", "1", "--not-closed", "--csv", folder.File("units.csv")]));
        Assert.Equal([0xEF, 0xBB, 0xBF], File.ReadAllBytes(folder.File("units.csv"))[..3]);
        Assert.True(File.ReadAllLines(folder.File("units.csv")).Length > 10);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("units.csv")));
        Assert.Equal(3, await Run(["list", "employers", "--csv", folder.File("units.csv")])); // Nothing is ever replaced.

        Assert.Equal(0, await Run(["list", "members", "--on", "2014-06-30", "--status", "Active", "--most", "700", "--json", folder.File("members.json")]));
        using (var members = JsonDocument.Parse(File.ReadAllText(folder.File("members.json"))))
        {
            Assert.Equal(700, members.RootElement.GetArrayLength());
            Assert.Contains('*', members.RootElement[0].GetProperty("documentMask").GetString()!);
        }

        foreach (var kind in (string[])["cards", "card-batches"]) Assert.Equal(0, await Run(["list", kind]));

        output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunBare(["report", "--union", "D-01", "--from", "2014-01-01", "--to", "2014-06-30", "--json", folder.File("report.json")]));
        Assert.Contains("D-01 · 2014-01-01—2014-06-30", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("组织建设\t", output.ToString(), StringComparison.Ordinal);
        using (var report = JsonDocument.Parse(File.ReadAllText(folder.File("report.json"))))
            Assert.Contains(report.RootElement.GetProperty("figures").EnumerateArray(), figure => figure.GetProperty("id").GetString() == "member.entered" && figure.GetProperty("value").GetInt64() > 0);

        // No number that people typed stands in anything that was written.
        var numbers = File.ReadLines(RollFile("members.csv")).Skip(1).Select(line => line.Split(',')[4]).Where(number => number.Length > 10).ToHashSet(StringComparer.Ordinal);
        var said = output.ToString() + error + File.ReadAllText(folder.File("members.json"));
        Assert.DoesNotContain(numbers, number => said.Contains(number, StringComparison.Ordinal));
    }

    [Fact, Trait("F", "27")]
    public async Task A_file_of_the_bank_is_refused_by_its_lines()
    {
        File.WriteAllText(folder.File("reply"), "H|B-1|20140616\nD|1|00|9999990000000014|20140612\nD|2|7||20140612\nT|2|1|1\n");
        Assert.Equal(1, await Run(["import", "bank-reply", folder.File("reply")]));
        Assert.Contains("3: The result is none of 00 to 05 and 99.", error.ToString(), StringComparison.Ordinal);

        File.WriteAllText(folder.File("reply"), "H|B-1|20140616\nD|1|00|9999990000000014|20140612\nT|1|1|0\n");
        Assert.Equal(1, await Run(["import", "bank-reply", folder.File("reply"), "--on", "2014-06-16"])); // There is no such batch.
        File.WriteAllText(folder.File("notices"), "A|1|20140616\n");
        Assert.Equal(1, await Run(["import", "bank-notices", folder.File("notices")]));
        Assert.Contains("1: The card number is not 16 plain digits", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("9999990000000014", output.ToString() + error, StringComparison.Ordinal);
    }

    [Theory, Trait("F", "23")]
    [InlineData("list")]
    [InlineData("list people --federation D-01")]
    [InlineData("list unions")]
    [InlineData("list unions --federation D/01")]
    [InlineData("list unions --federation D-01 --level Kingdom")]
    [InlineData("list unions --federation D-01 --within D/01")]
    [InlineData("list unions --federation D-01 --most 0")]
    [InlineData("list unions --federation D-01 --csv a --json b")]
    [InlineData("list members --federation D-01 --on 2014-02-30")]
    [InlineData("report --union D-01 --from 2014-01-01")]
    [InlineData("report --union D-01 --from 2014-07-01 --to 2014-06-30")]
    [InlineData("report --union D-01 --from 2014-01-01 --to 2014-06-31")]
    [InlineData("import bank-reply --federation D-01")]
    [InlineData("import members x.csv --federation D-01 --encoding utf-7")]
    public async Task A_command_line_that_makes_no_sense_is_a_usage_error(string line) => Assert.Equal(2, await CommandLine.Run(line.Split(' '), new() { Output = output, Error = error }));

    [Theory, Trait("F", "23")]
    [InlineData("list", "card-batches")]
    [InlineData("list members", "--qualified")]
    [InlineData("report", "--from")]
    [InlineData("import", "bank-notices")]
    public async Task Help_tells_what_there_is(string command, string told)
    {
        Assert.Equal(0, await CommandLine.Run([.. command.Split(' '), "--help"], new() { Output = output, Error = error }));
        Assert.Contains(told, output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
        output.Dispose();
        error.Dispose();
    }

    private string RollFile(string name) => Path.Combine(folder.Path, "roll", name);

    private byte[] Workbook(string file) => MadeUpWorkbook.Shared([.. File.ReadAllLines(RollFile(file), Encoding.UTF8).Select(Cells)]).Bytes();

    // Only the last cell of the roll, a remark, is ever quoted.
    private static string[] Cells(string line) => line.IndexOf(",\"", StringComparison.Ordinal) is >= 0 and var quote
        ? [.. line[..quote].Split(','), line[(quote + 2)..^1].Replace("\"\"", "\"", StringComparison.Ordinal)]
        : line.Split(',');

    private Task<int> Run(IReadOnlyList<string> line) => RunBare([.. line, "--federation", "D-01", "--operator", "op-desk"]);

    private Task<int> RunBare(IReadOnlyList<string> line) => CommandLine.Run([.. line, "--file", folder.File("union.db")], new() { Output = output, Error = error });
}
