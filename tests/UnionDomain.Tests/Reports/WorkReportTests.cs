using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Reports;

namespace UnionDomain.Tests.Reports;

/// <summary>The report as data: which figures it has, and how their numbers are told.</summary>
public sealed class WorkReportTests
{
    private static readonly ReportEntry[] Entries = [.. WorkReport.Areas.SelectMany(area => area.Entries)];

    [Fact, Trait("F", "100")]
    public void Its_figures_are_those_of_the_source_in_its_areas_and_order_and_the_cards_made_in_the_period()
    {
        string[] titles = [.. WorkReport.Areas.Select(area => area.English)];
        var source = System.IO.File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden/report-figures.csv")).Skip(1).Select(line => line.Split(','))
            .Where(cells => cells[0].StartsWith("member.", StringComparison.Ordinal) || cells[0] is "card.issued" or "organising.unions-new" or "organising.members-new").ToList();
        Assert.Equal(source.Select(cells => (cells[1], cells[0])).Order(), Told().Where(told => told.Id is not ("card.produced" or "card.replaced")).Order());
        Assert.Equal(["members and card", "organising"], titles);

        static IEnumerable<(string Area, string Id)> Told() => WorkReport.Areas.SelectMany(area => area.Entries.Select(entry => (area.English, entry.Measure.Id)));
    }

    [Theory, Trait("F", "103"), Trait("F", "100")]
    [InlineData("member.units-entered", 8_314, "8314家")]
    [InlineData("member.entered", 230_000, "23万人"), InlineData("member.entered", 230_001, "23万余人"), InlineData("member.entered", 239_000, "近24万人")]
    [InlineData("card.issued", 150_000, "15万张"), InlineData("card.issued", 149_999, "近15万张"), InlineData("card.produced", 46, "40余张"), InlineData("card.replaced", 0, "0张")]
    [InlineData("organising.unions-new", 508, "508家")]
    [InlineData("organising.members-new", 9_950, "近万人"), InlineData("organising.members-new", 9, "9人"), InlineData("organising.members-new", -2, "-2人")]
    public void People_and_cards_are_told_in_round_numbers_and_organisations_to_the_last_one(string measure, long value, string told) =>
        Assert.Equal(told, Line(measure, value).Wording);

    [Fact, Trait("F", "103")]
    public void A_rate_is_told_with_two_decimals_and_a_share_of_nothing_not_at_all()
    {
        var rate = Entries.Single(entry => entry.Measure == MemberMeasures.CollectionRate);
        Assert.Equal(["94.27%", "——"], [rate.Word(Figure(rate.Measure, 9_427) with { Whole = 10_000 }), rate.Word(Figure(rate.Measure, 0) with { Whole = 0 })]);
        Assert.Null(rate.Measure.Change);
    }

    [Theory, Trait("F", "103")]
    [InlineData("member.entered", 2_340, "净增2000余人"), InlineData("member.entered", -46, "净减40余人"), InlineData("member.entered", 0, "无增减")]
    [InlineData("member.units-entered", -3, "净减3家"), InlineData("card.issued", 150_000, "净增15万张")]
    public void A_change_is_told_with_its_direction(string measure, long change, string told)
    {
        var line = Line(measure, 230_400);
        Assert.Equal(told, (line with { Change = Figure(line.Measure.Change!, change) }).ChangeWording);
        Assert.Null(line.ChangeWording);
    }

    [Fact]
    public void Every_measure_and_area_has_its_texts_and_every_change_is_known()
    {
        Assert.All(Rooms.Measures.Values, measure => Assert.True(IsEnglish(measure.English) && IsChinese(measure.Chinese) && (measure.Unit == "%" || IsChinese(measure.Unit)), measure.Id));
        Assert.All(WorkReport.Areas, area => Assert.True(IsEnglish(area.English) && IsChinese(area.Chinese), area.English));
        Assert.All(Entries, entry =>
        {
            Assert.Equal(entry.Measure, Rooms.Measures[entry.Measure.Id]);
            if (entry.Measure.IsStanding) Assert.Equal(entry.Measure.Change, Rooms.Measures[entry.Measure.Id + ".change"]);
        });
        Assert.Equal(Rooms.Measures.Count, Rooms.Measures.Values.Select(measure => measure.Chinese).Distinct().Count());

        static bool IsEnglish(string text) => text.Length > 0 && text.All(char.IsAscii);
        static bool IsChinese(string text) => text.Any(c => c is >= '\u4e00' and <= '\u9fff');
    }

    private static ReportLine Line(string measure, long value)
    {
        var entry = Entries.Single(entry => entry.Measure.Id == measure);
        return new(WorkReport.MembersAndCard, entry, Figure(entry.Measure, value), null);
    }

    private static Figure Figure(Measure measure, long value) => new(measure.Id, new("110108"), new(2014, 1, 1), new(2014, 6, 30), value);
}
