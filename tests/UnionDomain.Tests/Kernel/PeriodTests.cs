using System.Globalization;
using System.Text.Json;
using CsCheck;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

public sealed class PeriodTests
{
    [Theory]
    [InlineData("2014", "2014-01-01", "2014-12-31", "2014")]
    [InlineData("2014-H1", "2014-01-01", "2014-06-30", "2014-H1")]
    [InlineData("2014-h2", "2014-07-01", "2014-12-31", "2014-H2")]
    [InlineData("2014-Q1", "2014-01-01", "2014-03-31", "2014-Q1")]
    [InlineData("2014-Q2", "2014-04-01", "2014-06-30", "2014-Q2")]
    [InlineData("2014-Q3", "2014-07-01", "2014-09-30", "2014-Q3")]
    [InlineData("2014-Q4", "2014-10-01", "2014-12-31", "2014-Q4")]
    [InlineData("2014-06", "2014-06-01", "2014-06-30", "2014-06")]
    [InlineData("2012-02", "2012-02-01", "2012-02-29", "2012-02")]
    [InlineData("2014-01-01..2014-06-30", "2014-01-01", "2014-06-30", "2014-H1")]
    [InlineData("2014-01-01..2014-12-31", "2014-01-01", "2014-12-31", "2014")]
    [InlineData("2014-01-01..2014-01-01", "2014-01-01", "2014-01-01", "2014-01-01..2014-01-01")]
    [InlineData("2013-07-01..2014-06-30", "2013-07-01", "2014-06-30", "2013-07-01..2014-06-30")]
    [InlineData("2014-04-01..2014-09-30", "2014-04-01", "2014-09-30", "2014-04-01..2014-09-30")]
    [InlineData("0001-01-01..9999-12-31", "0001-01-01", "9999-12-31", "0001-01-01..9999-12-31")]
    public void A_period_is_read_and_written_by_its_shortest_name(string text, string from, string to, string written)
    {
        Assert.True(Period.TryParse(text, out var period, out _));
        Assert.Equal((Date(from), Date(to), written), (period.From, period.To, period.ToString()));
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Gen.Int[0, 3_652_058], Gen.Int[0, 800]).Sample((start, more) =>
        {
            var period = new Period(DateOnly.FromDayNumber(start), DateOnly.FromDayNumber(Math.Min(start + more, DateOnly.MaxValue.DayNumber)));
            return Period.TryParse(period.ToString(), out var read, out _) && read == period;
        });

    [Theory]
    [InlineData("")]
    [InlineData("14")]
    [InlineData("2014-")]
    [InlineData("2014-H")]
    [InlineData("2014-H3")]
    [InlineData("2014-Q0")]
    [InlineData("2014-Q5")]
    [InlineData("2014-6")]
    [InlineData("2014/06")]
    [InlineData("2014-1-1..2014-6-30")]
    [InlineData("2014..2015")]
    [InlineData("2014-01-01..")]
    [InlineData("2014-01-01..2014-06-30..2014-07-01")]
    [InlineData("last year")]
    public void Another_form_is_refused(string text) => Assert.Equal(PeriodRules.UnknownForm, Refused(text));

    [Theory, InlineData("0000"), InlineData("2014-00"), InlineData("2014-13"), InlineData("2014-02-29..2014-03-01"), InlineData("2014-06-01..2014-06-31")]
    public void A_date_that_no_calendar_has_is_refused(string text) => Assert.Equal(PeriodRules.ImpossibleDate, Refused(text));

    [Fact]
    public void A_period_that_ends_before_it_begins_is_refused_as_text_and_a_bug_in_code()
    {
        Assert.Equal(PeriodRules.EndsBeforeItBegins, Refused("2014-06-30..2014-06-29"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Period(new(2014, 6, 30), new(2014, 6, 29)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Period.Half(2014, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Period.Quarter(2014, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Period.Month(2014, 13));
    }

    [Theory]
    [InlineData("2013-12-31", false)]
    [InlineData("2014-01-01", true)]
    [InlineData("2014-06-30", true)]
    [InlineData("2014-07-01", false)]
    public void Both_ends_belong_to_a_period(string date, bool within) => Assert.Equal(within, Period.Half(2014, 1).Contains(Date(date)));

    [Fact]
    public void A_half_year_holds_its_quarters_and_months_but_not_its_year()
    {
        var half = Period.Half(2014, 1);
        Assert.True(half.Contains(Period.Quarter(2014, 2)) && half.Contains(Period.Month(2014, 1)) && half.Contains(half));
        Assert.False(half.Contains(Period.Year(2014)) || half.Contains(Period.Month(2014, 7)));
        Assert.Equal((181, 365, 1), (half.Days, Period.Year(2014).Days, default(Period).Days));
    }

    [Fact]
    public void Json_carries_the_written_form()
    {
        Assert.Equal("\"2014-H1\"", JsonSerializer.Serialize(Period.Half(2014, 1)));
        Assert.Equal(Period.Half(2014, 1), JsonSerializer.Deserialize<Period>("\"2014-H1\""));
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Refusal Refused(string text)
    {
        Assert.False(Period.TryParse(text, out _, out var refusal));
        return refusal;
    }
}
