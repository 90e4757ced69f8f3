using System.Diagnostics;
using ConsoleHost.Roll;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Reports;

namespace ConsoleHost;

/// <summary>A figure of the half-year: as the source report tells it at this scale, as planted, and as counted and worded by the union's report.</summary>
internal sealed record HalfYearFigure(ReportLine Line, decimal Expected, decimal Planted, decimal Counted, bool Ok)
{
    public string Id => Line.Measure.Id;

    /// <summary>What stands at the end of the period, and beside it what came of it in the period.</summary>
    public string Wording => Line.ChangeWording is { } change ? $"{Line.Wording}（{change}）" : Line.Wording;
}

/// <summary>The figures of the half-year.</summary>
internal static class HalfYearFigures
{
    /// <summary>Reads the report; each figure is right when it is what was planted and, where the source report tells it, what that says.</summary>
    public static async Task<IReadOnlyList<HalfYearFigure>> Read(IUnionClient union, PlantedRoll planted, CancellationToken cancel) =>
        [.. (await union.Reports.Read(new(RollPlan.District), Period.Half(2014, 1), cancel: cancel)).Select(line => Of(line, planted))];

    private static HalfYearFigure Of(ReportLine line, PlantedRoll planted)
    {
        var (counted, (value, whole, before)) = (line.Figure, Planted(planted, line.Measure.Id));
        var right = (counted.Value, counted.Whole) == (value, whole) && (before is null || line.Change!.Value == value - before) && SourceFigures.Holds(counted, planted.Scale);
        var shown = Shown(counted with { Value = value, Whole = whole });
        return new(line, SourceFigures.Expected(line.Measure.Id, planted.Scale) ?? shown, shown, Shown(counted), right);
    }

    private static (long Value, long? Whole, long? Before) Planted(PlantedRoll planted, string id) => id switch
    {
        "member.units-entered" => (planted.UnitsEntered, null, null),
        "member.entered" => (planted.Entered, null, null),
        "member.collection-rate" => (planted.Entered, planted.Registered, null),
        "card.issued" => (planted.CardsIssued, null, planted.CardsBefore),
        "card.produced" => (planted.CardsProduced, null, null),
        "card.replaced" => (planted.CardsReplaced, null, null),
        "organising.unions-new" => (planted.UnionsNew, null, null),
        "organising.members-new" => (planted.MembersNew, null, null),
        _ => throw new UnreachableException(),
    };

    private static decimal Shown(Figure figure) => figure.Whole is { } whole and > 0 ? Math.Round(figure.Value * 100m / whole, 2, MidpointRounding.AwayFromZero) : figure.Value;
}
