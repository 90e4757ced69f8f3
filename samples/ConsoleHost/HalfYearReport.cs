using System.Globalization;
using ConsoleHost.Roll;
using Spectre.Console;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Reports;
using UnionDomain.Unions;

namespace ConsoleHost;

/// <summary>The figures of the half-year: as counted, as planted, and as the report of the half-year words them.</summary>
internal static class HalfYearReport
{
    private static readonly Measure[] Measures = [MemberMeasures.UnitsEntered, MemberMeasures.Entered, MemberMeasures.CollectionRate, UnionMeasures.New, MemberMeasures.New];

    /// <summary>Prints the figures; whether all of them are right.</summary>
    public static async Task<bool> Print(IUnionClient union, PlantedRoll planted, CancellationToken cancel)
    {
        var table = new Table().Title("2014年上半年 · 示例区").AddColumns("figure", "指标", "文字", "planted", "counted", "").Border(TableBorder.Rounded);
        var right = true;
        foreach (var measure in Measures)
        {
            var counted = await union.Reports.Count(measure, new(RollPlan.District), Period.Half(2014, 1), cancel);
            var expected = Planted(planted, measure);
            var ok = (counted.Value, counted.Whole) == expected && (planted.Scale < 1 || SourceFigures.Holds(counted));
            right &= ok;
            table.AddRow(measure.Id, measure.Chinese, Wording(measure, counted), Exact(expected.Value, expected.Whole), Exact(counted.Value, counted.Whole), ok ? "[green]✓[/]" : "[red]✗[/]");
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

    // People are told as the report tells them, in round numbers; organisations and units to the last one.
    private static string Wording(Measure measure, Figure figure) => figure.Rate is { } rate ? rate.ToString()
        : (measure == MemberMeasures.Entered || measure == MemberMeasures.New ? ApproximateQuantity.Of(figure.Value) : ApproximateQuantity.Exact(figure.Value)).ToChinese(measure.Unit);

    private static string Exact(long value, long? whole) => whole is { } of
        ? string.Create(CultureInfo.InvariantCulture, $"{value:N0} ÷ {of:N0}")
        : value.ToString("N0", CultureInfo.InvariantCulture);
}
