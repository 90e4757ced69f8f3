extern alias Sample;

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Sample::ConsoleHost.Roll;
using UnionSilo.Commands;
using UnionTesting;

namespace UnionSilo.Tests.Imports;

/// <summary><c>union-silo import</c>, on a file and on a cluster.</summary>
[Trait("F", "23"), Trait("F", "24")]
public sealed class ImportCommandSpecs(SharedPostgres postgres) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Database => folder.File("union.db");

    [Fact]
    public async Task A_roll_is_imported_into_a_file_and_again_without_any_effect()
    {
        Roll();
        Assert.Equal(0, await Import("unions", "unions.csv"));
        Assert.Equal(0, await Import("employers", "employers.csv"));
        Assert.Equal(1, await Import("members", "members-new.csv")); // Unions that are not established yet are unknown.
        Assert.Contains("refused", output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"To be put right: {RollFile("members-new.errors.csv")}", output.ToString(), StringComparison.Ordinal);

        var journal = Journal();
        output.GetStringBuilder().Clear();
        Assert.Equal(0, await Import("unions", "unions.csv"));
        Assert.Equal(0, await Import("employers", "employers.csv"));
        Assert.Equal(1, await Import("members", "members-new.csv"));
        Assert.Equal(3, output.ToString().Split(" 0 new, 0 changed, ").Length - 1);
        Assert.Equal(journal, Journal());
        Assert.Equal(0, await Run(["verify", "--file", Database]));

        // What people typed stands in the file of errors and nowhere else.
        var numbers = File.ReadLines(RollFile("members-new.csv")).Skip(1).Select(line => line.Split(',')[4]).Where(number => number.Length > 10).ToHashSet(StringComparer.Ordinal);
        var said = output.ToString() + error;
        Assert.DoesNotContain(numbers, number => said.Contains(number, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_import_that_was_killed_is_begun_again_and_comes_to_the_same()
    {
        Roll();
        Assert.Equal(0, await Import("unions", "unions.csv"));
        Assert.Equal(0, await Import("employers", "employers.csv"));
        var before = Journal();
        using (var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "UnionSilo.dll"), .. Line("members", "members.csv")]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            var begun = Stopwatch.GetTimestamp();
            while (Journal() == before)
            {
                if (process.HasExited) Assert.Fail($"It ended by itself: {await process.StandardError.ReadToEndAsync(Cancel)}");
                Assert.True(Stopwatch.GetElapsedTime(begun) < Patience);
            }

            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(Cancel);
        }

        var killed = Journal() - before;
        Assert.InRange(killed, 1, 2_300);
        Assert.Equal(0, await Import("members", "members.csv"));
        var rows = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Last(line => line.Contains("rows:", StringComparison.Ordinal)).Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var (fresh, same) = (long.Parse(rows[2], CultureInfo.InvariantCulture), long.Parse(rows[6], CultureInfo.InvariantCulture));
        Assert.Equal(killed, same);
        Assert.Equal(Journal() - before, fresh + same);
        Assert.Equal(0, await Run(["verify", "--file", Database]));
    }

    [Fact]
    public async Task On_postgres_it_is_a_client_of_the_silos_that_run()
    {
        Roll();
        var server = postgres.Database();
        string[] cluster = ["import", "unions", RollFile("unions.csv"), "--federation", "D-01", "--on", "2013-12-01", "--store", "postgres", "--connection", server];
        Assert.Equal(3, await Run(cluster));
        Assert.Contains("union-silo run", error.ToString(), StringComparison.Ordinal);

        await using var silo = await RunningUnion.Postgres(server, gateway: FreePort.Next());
        Assert.Equal(0, await Run(cluster));
        Assert.Contains(" new, 0 changed, 0 same, 0 refused", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_none_of_the_template_is_told_in_both_languages()
    {
        File.WriteAllText(folder.File("x.csv"), "工会编号,工会名称\n");
        Assert.Equal(1, await Run(["import", "unions", folder.File("x.csv"), "--file", Database, "--federation", "D-01"]));
        Assert.Contains("The column 层级 is missing; it is the column 3 of the template.", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("缺少“层级”列，应为模板第3列。", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_failure() => Assert.Equal(3, await Run(["import", "unions", folder.File("absent.csv"), "--file", Database, "--federation", "D-01"]));

    [Theory]
    [InlineData("import")]
    [InlineData("import cards x.csv --federation D-01")]
    [InlineData("import unions --federation D-01")]
    [InlineData("import unions x.csv")]
    [InlineData("import unions x.csv --federation D/01")]
    [InlineData("import unions x.csv --federation D-01 --on 2014-02-30")]
    [InlineData("import unions x.csv --federation D-01 --role Emperor")]
    public async Task A_command_line_that_makes_no_sense_is_a_usage_error(string line) => Assert.Equal(2, await Run(line.Split(' ')));

    [Fact]
    public async Task Help_tells_the_exit_codes()
    {
        Assert.Equal(0, await Run(["import", "members", "--help"]));
        Assert.Contains("Exit code 0: every row was taken; 1: some were refused", output.ToString().ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
        output.Dispose();
        error.Dispose();
    }

    private void Roll() => RollGenerator.Write(new(folder.Path), 0.01m, cancel: Cancel);

    private string RollFile(string name) => Path.Combine(folder.Path, "roll", name);

    private string[] Line(string template, string file) =>
        ["import", template, RollFile(file), "--file", Database, "--federation", "D-01", "--operator", "op-import", "--on", template == "members" ? "2014-06-30" : "2013-12-01"];

    private Task<int> Import(string template, string file) => Run(Line(template, file));

    private Task<int> Run(IReadOnlyList<string> line) => CommandLine.Run(line, new InvocationConfiguration { Output = output, Error = error });

    private long Journal()
    {
        using var connection = new SqliteConnection($"Data Source={Database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM journal";
        return (long)command.ExecuteScalar()!;
    }
}
