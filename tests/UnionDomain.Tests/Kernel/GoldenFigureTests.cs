using System.Globalization;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

[Trait("F", "103")]
public sealed class GoldenFigureTests
{
    private const string File = "Golden/report-figures.csv";

    private static readonly Figure[] Figures =
    [
        .. System.IO.File.ReadLines(Path.Combine(AppContext.BaseDirectory, File)).Skip(1).Select(line => line.Split(','))
            .Select(cells => new Figure(cells[0], cells[3], cells[4], cells[5], cells[6])),
    ];

    [Fact]
    public void There_are_81_figures_with_ids_of_their_own() => Assert.Equal(81, Figures.Select(figure => figure.Id).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void Every_qualifier_is_read_and_its_wording_holds_for_the_figure_it_was_made_from() => Assert.All(Figures, figure =>
    {
        var quantity = Read(figure);
        var n = quantity.Qualifier switch
        {
            Qualifier.Nearly => quantity.Value - 1, // the figure names the bound, which is just not reached
            Qualifier.NearlyHalf => long.Parse(figure.Value, CultureInfo.InvariantCulture),
            _ => quantity.Value,
        };
        Assert.True(quantity.Holds(n));
    });

    [Fact]
    public void The_wording_of_every_rounded_figure_is_the_phrase_of_the_report()
    {
        Figure[] rounded = [.. Figures.Where(figure => figure.Qualifier is not ("exact" or "at-least"))];
        Assert.Equal(12, rounded.Length);
        Assert.All(rounded, figure => Assert.Contains(Read(figure).ToChinese(), figure.Phrase, StringComparison.Ordinal));
    }

    [Fact]
    public void The_wording_of_every_exact_sum_of_money_in_ten_thousands_is_the_phrase_of_the_report()
    {
        Figure[] sums = [.. Figures.Where(figure => figure.Unit == "yuan" && figure.Phrase.Contains('万', StringComparison.Ordinal))];
        Assert.Equal(4, sums.Length);
        Assert.All(sums, figure =>
        {
            Assert.True(Money.TryParse(figure.Value, out var money, out _));
            Assert.Contains(money.ToChinese(), figure.Phrase, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_collection_rate_is_worded_as_in_the_report()
    {
        var rate = Assert.Single(Figures, figure => figure.Unit == "percent");
        Assert.Contains(new Percentage(Read(rate).Value).ToString(), rate.Phrase, StringComparison.Ordinal);
    }

    private static ApproximateQuantity Read(Figure figure)
    {
        // Percentages are counted in hundredths of a percent, so 94.27 is the whole number 9427.
        var number = figure.Unit == "percent" ? figure.Value.Replace(".", "", StringComparison.Ordinal) : figure.Value;
        return ApproximateQuantity.TryParse(figure.Qualifier, number, out var quantity, out var refusal)
            ? quantity
            : throw new Xunit.Sdk.XunitException($"{figure.Id}: {refusal.Code}");
    }

    private sealed record Figure(string Id, string Qualifier, string Value, string Unit, string Phrase);
}
