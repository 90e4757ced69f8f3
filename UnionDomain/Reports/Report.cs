using System.Collections.Immutable;
using System.Globalization;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionDomain.Reports;

/// <summary>One figure of a report.</summary>
/// <param name="Measure">What is counted.</param>
/// <param name="IsRound">
/// Whether it is told in round numbers (余, 近) by the rules of <see cref="ApproximateQuantity"/>: people and what each of them holds. Organisations and units are told to the last one.
/// A rate is a percentage with two decimals either way.
/// </param>
public sealed record ReportEntry(Measure Measure, bool IsRound = false)
{
    /// <summary>The Chinese wording of a figure of this entry: <c>23万余人</c>, <c>508家</c>, <c>94.27%</c>; <c>——</c> for a rate of nothing.</summary>
    public string Word(Figure figure) => Measure.Kind == MeasureKind.Rate ? figure.Rate?.ToString() ?? "——" : Word(figure.Value);

    /// <summary>The Chinese wording of its change in the period: <c>净增2000余人</c>, <c>净减3家</c>, <c>无增减</c>.</summary>
    public string WordChange(Figure change) => change.Value switch
    {
        > 0 => $"净增{Word(change.Value)}",
        < 0 => $"净减{Word(-change.Value)}",
        0 => "无增减",
    };

    // Sums of damaged records could be negative; they are shown as they are.
    private string Word(long value) => value < 0
        ? value.ToString(CultureInfo.InvariantCulture) + Measure.Unit
        : (IsRound ? ApproximateQuantity.Of(value) : ApproximateQuantity.Exact(value)).ToChinese(Measure.Unit);
}

/// <summary>One area of the federation's work in a report, with its figures in the order they are told.</summary>
/// <param name="English">Its English title.</param>
/// <param name="Chinese">Its Chinese title.</param>
/// <param name="Entries">Its figures.</param>
public sealed record ReportArea(string English, string Chinese, ImmutableArray<ReportEntry> Entries);

/// <summary>
/// The work report of a half-year (半年工作总结) as data. Each figure is the exact number with its wording. What stands (members, units, cards) is told cumulatively, with its change in the
/// period beside it; what is done in the period alone (unions founded, cards produced) is told as such.
/// </summary>
public static class WorkReport
{
    /// <summary>Members and card (会员与京卡).</summary>
    public static readonly ReportArea MembersAndCard = new("members and card", "会员与京卡",
    [
        new(MemberMeasures.UnitsEntered),
        new(MemberMeasures.Entered, IsRound: true),
        new(MemberMeasures.CollectionRate),
        new(CardMeasures.Issued, IsRound: true),
        new(CardMeasures.Produced, IsRound: true),
        new(CardMeasures.Replaced, IsRound: true),
    ]);

    /// <summary>Organising (组织建设).</summary>
    public static readonly ReportArea Organising = new("organising", "组织建设", [new(UnionMeasures.New), new(MemberMeasures.New, IsRound: true)]);

    /// <summary>All areas in the order of the report.</summary>
    public static readonly ImmutableArray<ReportArea> Areas = [MembersAndCard, Organising];
}

/// <summary>One line of a report that was read.</summary>
/// <param name="Area">Its area.</param>
/// <param name="Entry">What is counted, and how it is worded.</param>
/// <param name="Figure">The exact number: cumulative at the end of the period for what stands, of the period for a flow.</param>
/// <param name="Change">What it changed by in the period; null for a flow, which is of the period itself, and for a rate.</param>
public sealed record ReportLine(ReportArea Area, ReportEntry Entry, Figure Figure, Figure? Change)
{
    /// <summary>What is counted.</summary>
    public Measure Measure => Entry.Measure;

    /// <summary>The English title.</summary>
    public string English => Measure.English;

    /// <summary>The Chinese title.</summary>
    public string Chinese => Measure.Chinese;

    /// <summary>The Chinese wording of the figure, for example <c>23万余人</c>.</summary>
    public string Wording => Entry.Word(Figure);

    /// <summary>The Chinese wording of the change, for example <c>净增2000余人</c>; null when there is none.</summary>
    public string? ChangeWording => Change is { } change ? Entry.WordChange(change) : null;
}
