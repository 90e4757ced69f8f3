using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionSilo.Hosting;

namespace UnionSilo.Commands;

/// <summary><c>union-silo report</c>: the work report of a union and a period, in its Chinese wording.</summary>
internal static class Report
{
    private static readonly string[] Titles = ["", "指标", "文字", "准确数", "本期增减"];

    public static Command Command()
    {
        var command = new Command("report", "The work report of a union's subtree and a period: every figure with its wording and its exact number.");
        var scope = new Option<string>("--union") { Description = "The union whose subtree is counted.", Required = true };
        command.Add(scope);
        ClientOptions.MustBeUnion(command, scope);
        var (from, to) = (ClientOptions.Date(command, "--from", "First day of the period"), ClientOptions.Date(command, "--to", "Last day of the period"));
        (from.Required, to.Required) = (true, true);
        var json = new Option<string?>("--json") { Description = "Write the report to this new file as JSON, too." };
        command.Add(json);
        command.Validators.Add(result =>
        {
            if (ClientOptions.DateOf(result.GetValue(from)) > ClientOptions.DateOf(result.GetValue(to))) result.AddError("--to is before --from.");
        });
        var connection = new ConnectionOptions();
        connection.AddTo(command);
        command.SetAction((parsed, cancel) => connection.Use(parsed, async client =>
        {
            var period = new Period(ClientOptions.DateOf(parsed.GetValue(from))!.Value, ClientOptions.DateOf(parsed.GetValue(to))!.Value);
            var lines = await client.Reports.Read(new(parsed.GetValue(scope)!), period, cancel: cancel);
            if (parsed.GetValue(json) is { } path) await WriteJson(path, parsed.GetValue(scope)!, period, lines);
            var console = parsed.InvocationConfiguration;
            await console.Output.WriteLineAsync($"{parsed.GetValue(scope)} · {period.From:yyyy-MM-dd}—{period.To:yyyy-MM-dd}");
            await using var table = Lines.To(null, null, console, Titles);
            foreach (var line in lines) await table.Add(line, [line.Area.Chinese, line.Chinese, line.Wording, Exact(line.Figure), line.ChangeWording ?? ""]);
            await table.Complete();
            return ExitCode.Ok;
        }, cancel));
        return command;
    }

    private static string Exact(Figure figure) => figure.Whole is { } whole
        ? string.Create(CultureInfo.InvariantCulture, $"{figure.Value:N0}/{whole:N0}")
        : figure.Value.ToString("N0", CultureInfo.InvariantCulture);

    private static async Task WriteJson(string path, string scope, Period period, IReadOnlyList<ReportLine> lines)
    {
        await using var file = OwnFile.Create(path);
        await using var json = new Utf8JsonWriter(file, new() { Indented = true, NewLine = "\n", Encoder = UnionJson.Options.Encoder });
        json.WriteStartObject();
        json.WriteString("union", scope);
        json.WriteString("from", period.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("to", period.To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteStartArray("figures");
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteString("id", line.Measure.Id);
            json.WriteString("area", line.Area.Chinese);
            json.WriteString("title", line.Chinese);
            json.WriteString("wording", line.Wording);
            json.WriteNumber("value", line.Figure.Value);
            if (line.Figure.Whole is { } whole) json.WriteNumber("whole", whole);
            if (line.Change is { } change)
            {
                json.WriteNumber("change", change.Value);
                json.WriteString("changeWording", line.ChangeWording);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
