using System.Globalization;
using ConsoleHost.Roll;
using Spectre.Console;
using UnionClient;
using UnionDomain.Kernel;

namespace ConsoleHost;

/// <summary>The figures of the half-year: as counted, as planted, and as the report of the half-year words them.</summary>
internal static class HalfYearReport
{
    /// <summary>Prints the figures; whether all of them are right.</summary>
    public static async Task<bool> Print(IUnionClient union, PlantedRoll planted, CancellationToken cancel)
    {
        var table = new Table().Title("2014年上半年 · 示例区").AddColumns("figure", "指标", "文字", "planted", "counted", "").Border(TableBorder.Rounded);
        var right = true;
        foreach (var line in await union.Reports.Read(new(RollPlan.District), Period.Half(2014, 1), cancel: cancel))
        {
            if (line.Measure.Id.StartsWith("card.", StringComparison.Ordinal)) continue; // The sample issues no cards yet.
            var counted = line.Figure;
            var expected = Planted(planted, line.Measure);
            var ok = (counted.Value, counted.Whole) == expected && (planted.Scale < 1 || SourceFigures.Holds(counted));
            right &= ok;
            table.AddRow(line.Measure.Id, line.Chinese, line.ChangeWording is { } change ? $"{line.Wording}（{change}）" : line.Wording, Exact(expected.Value, expected.Whole), Exact(counted.Value, counted.Whole), ok ? "[green]✓[/]" : "[red]✗[/]");
        }

        AnsiConsole.Write(table);
        return right;
    }

    private static (long Value, long? Whole) Planted(PlantedRoll planted, Measure measure) => measure.Id switch
    {
        "member.units-entered" => (planted.UnitsEntered, null),
        "member.entered" => (planted.Entered, null),
        "member.collection-rate" => (planted.Entered, planted.Registered),
        "organising.unions-new" => (planted.UnionsNew, null),
        "organising.members-new" => (planted.MembersNew, null),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Exact(long value, long? whole) => whole is { } of
        ? string.Create(CultureInfo.InvariantCulture, $"{value:N0} ÷ {of:N0}")
        : value.ToString("N0", CultureInfo.InvariantCulture);
}
