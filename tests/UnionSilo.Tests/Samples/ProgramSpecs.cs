using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using UnionTesting;

namespace UnionSilo.Tests.Samples;

/// <summary>The sample as a program: killed at any moment it goes on, and ends as if nothing had been; what is wrong it says, also by its exit code.</summary>
[Trait("F", "11"), Trait("F", "100")]
public sealed class ProgramSpecs(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder calm = new();
    private readonly TemporaryFolder killed = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_killed_at_twenty_moments_goes_on_and_executes_nothing_twice()
    {
        var undisturbed = await RunToTheEnd(calm);
        var all = Commands(calm);
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}, {all} events undisturbed");
        var random = new Random(seed);
        // The first moment lies in the writing of the roll, the others anywhere in what is recorded.
        long[] moments = [0, .. Enumerable.Range(1, Kills - 1).Select(_ => random.NextInt64(all * 19 / 20)).Order()];
        foreach (var moment in moments) await Kill(moment);

        var resumed = await RunToTheEnd(killed);
        Assert.Equal(Figures(undisturbed), Figures(resumed));
        // Whoever is looked at again for a file that was not finished was looked at again: every look is told.
        foreach (var question in (string[])[
            "SELECT type, count(*), count(DISTINCT command_id) FROM journal WHERE type <> 'looked-at' GROUP BY type ORDER BY type",
            "SELECT events, count(*) FROM (SELECT count(*) AS events FROM journal WHERE type <> 'looked-at' GROUP BY stream, command_id) GROUP BY events ORDER BY events",
            "SELECT count(*) FROM (SELECT 1 FROM journal GROUP BY stream, command_id HAVING max(version) - min(version) + 1 <> count(*))",
            "SELECT card_status, order_status, standing, count(*) FROM member_card GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"])
            Assert.Equal(Ask(calm, question), Ask(killed, question));
        Assert.InRange(Number(resumed, "journal_commands"), Number(undisturbed, "journal_commands"), long.MaxValue);

        // And once more it only prints.
        var events = Commands(killed);
        Assert.Equal(Figures(undisturbed), Figures(await RunToTheEnd(killed)));
        Assert.Equal(events, Commands(killed));
    }

    [Fact]
    public async Task A_figure_that_is_off_ends_it_with_1_and_another_scale_is_refused()
    {
        await RunToTheEnd(calm);
        var proof = calm.File("roll/planted.json");
        var planted = await File.ReadAllTextAsync(proof, Cancel);
        await File.WriteAllTextAsync(proof, planted.Replace("\"card.issued\": 1500", "\"card.issued\": 1501", StringComparison.Ordinal), Cancel);
        await Ends(1, calm, "0.01", "✗");
        await File.WriteAllTextAsync(proof, planted, Cancel);
        await Ends(1, calm, "0.02", "holds a roll of scale 0.01");
        await Ends(1, calm, "2", "--scale is a number from 0.01 to 1.");
        await Ends(0, calm, "0.01", "✓");
    }

    public void Dispose()
    {
        calm.Dispose();
        killed.Dispose();
    }

    private static async Task Ends(int code, TemporaryFolder folder, string scale, string saying)
    {
        using var process = Launch(folder, scale);
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        Assert.Contains(saying, string.Concat(said), StringComparison.Ordinal);
        Assert.Equal(code, process.ExitCode);
    }

    private async Task Kill(long moment)
    {
        // At least one command further than the last time.
        moment = Math.Max(moment, Commands(killed) is var before and > 0 ? before + 1 : 0);
        using var process = Start(killed);
        var begun = Stopwatch.GetTimestamp();
        // Looked at no oftener than that: it needs the processors itself.
        using var next = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (moment == 0 ? !Directory.Exists(killed.File("roll")) : Commands(killed) < moment)
        {
            Assert.False(process.HasExited, "It ended by itself.");
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, "It does not come so far.");
            await next.WaitForNextTickAsync(Cancel);
        }

        process.Kill();
        await process.WaitForExitAsync(Cancel);
        Assert.Equal(128 + 9, process.ExitCode);
    }

    private static async Task<JsonElement> RunToTheEnd(TemporaryFolder folder)
    {
        using var process = Start(folder);
        await process.WaitForExitAsync(Cancel);
        Assert.Equal(0, process.ExitCode);
        return JsonElement.Parse(await File.ReadAllBytesAsync(folder.File("result.json"), Cancel));
    }

    private static Process Start(TemporaryFolder folder)
    {
        var process = Launch(folder, "0.01");
        // Nobody reads what it says: a full pipe would stop it.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static Process Launch(TemporaryFolder folder, string scale)
    {
        string[] line = [Path.Combine(AppContext.BaseDirectory, "ConsoleHost.dll"), "--scale", scale, "--dir", folder.Path, "--json", folder.File("result.json")];
        return Process.Start(new ProcessStartInfo("dotnet", line) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private static long Commands(TemporaryFolder folder)
    {
        try
        {
            return File.Exists(folder.File("union.db")) ? long.Parse(Ask(folder, "SELECT coalesce(max(position), 0) FROM journal"), CultureInfo.InvariantCulture) : 0;
        }
        catch (SqliteException)
        {
            return 0; // There is no journal yet, or nobody may read it at this moment.
        }
    }

    private static string Ask(TemporaryFolder folder, string question)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("union.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = question;
        using var rows = command.ExecuteReader();
        var told = new List<string>();
        while (rows.Read()) told.Add(string.Join(' ', Enumerable.Range(0, rows.FieldCount).Select(rows.GetValue)));
        return string.Join('\n', told);
    }

    private static string Figures(JsonElement result) => result.GetProperty("figures").GetRawText();

    private static long Number(JsonElement result, string name) => result.GetProperty(name).GetInt64();
}
