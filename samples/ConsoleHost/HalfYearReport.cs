using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ConsoleHost.Roll;
using Spectre.Console;

namespace ConsoleHost;

/// <summary>What a run came to: on the screen, as a page in its directory, and as JSON. Nothing personal stands in any of them.</summary>
internal sealed record HalfYearReport(string Store, PlantedRoll Planted, TimeSpan Took, long PeakBytes, long Commands, long Bytes, IReadOnlyList<HalfYearFigure> Figures)
{
    private const string Heading = "2014年上半年 · 示例区";
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Whether every figure is right.</summary>
    public bool Ok => Figures.All(figure => figure.Ok);

    public void Print(IAnsiConsole console)
    {
        var table = new Table().Title(Heading).AddColumns("figure", "指标", "文字", "expected", "planted", "counted", "").Border(TableBorder.Rounded);
        foreach (var figure in Figures)
            table.AddRow(figure.Id, figure.Line.Chinese, figure.Wording, Exact(figure.Expected), Exact(figure.Planted), Exact(figure.Counted), figure.Ok ? "[green]✓[/]" : "[red]✗[/]");
        console.Write(table);
        foreach (var line in Remarks()) console.WriteLine(line);
    }

    /// <summary>The same as a page of Markdown.</summary>
    public void WritePage(string path)
    {
        var page = new StringBuilder($"# {Heading}\n\n| figure | 指标 | 文字 | expected | planted | counted | |\n|---|---|---|---|---|---|---|\n");
        foreach (var figure in Figures)
            page.Append(CultureInfo.InvariantCulture, $"| {figure.Id} | {figure.Line.Chinese} | {figure.Wording} | {Exact(figure.Expected)} | {Exact(figure.Planted)} | {Exact(figure.Counted)} | {(figure.Ok ? "✓" : "✗")} |\n");
        page.Append('\n').AppendJoin("\n\n", Remarks()).Append("\n\n| planted so as not to count | records |\n|---|---|\n");
        foreach (var (kind, count) in Planted.Traps) page.Append(CultureInfo.InvariantCulture, $"| {kind} | {count:N0} |\n");
        using var file = new WholeFile(path);
        file.Stream.Write(Encoding.UTF8.GetBytes(page.ToString()));
        file.Complete();
    }

    public void WriteJson(string path)
    {
        using var file = new WholeFile(path);
        using (var json = new Utf8JsonWriter(file.Stream, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("store", Store);
            json.WriteNumber("scale", Planted.Scale);
            json.WriteNumber("seconds", Math.Round(Took.TotalSeconds, 1));
            json.WriteNumber("peak_rss_mb", Math.Round(PeakBytes / Mebibyte));
            json.WriteNumber("journal_commands", Commands);
            json.WriteNumber("database_mb", Math.Round(Bytes / Mebibyte));
            json.WriteStartArray("figures");
            foreach (var figure in Figures)
            {
                json.WriteStartObject();
                json.WriteString("id", figure.Id);
                json.WriteNumber("expected", figure.Expected);
                json.WriteNumber("planted", figure.Planted);
                json.WriteNumber("counted", figure.Counted);
                json.WriteString("wording", figure.Line.Wording);
                json.WriteBoolean("ok", figure.Ok);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        file.Complete();
    }

    private IEnumerable<string> Remarks()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{Planted.Traps.Count} kinds of records must not count, {Planted.Traps.Values.Sum():N0} in all.");
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{Store}, scale {Planted.Scale}: {Took.TotalSeconds:N0} seconds, at most {PeakBytes / Mebibyte:N0} MB resident, {Commands:N0} commands in the journal, a database of {Bytes / Mebibyte:N0} MB.");
    }

    private static string Exact(decimal value) => value.ToString(value == Math.Truncate(value) ? "N0" : "N2", CultureInfo.InvariantCulture);
}
