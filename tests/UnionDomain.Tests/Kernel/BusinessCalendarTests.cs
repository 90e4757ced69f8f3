using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

public sealed class BusinessCalendarTests
{
    [Theory]
    [InlineData("2014-06-30T15:59:59.9999999+00:00", "2014-06-30")]
    [InlineData("2014-06-30T16:00:00+00:00", "2014-07-01")]
    [InlineData("2014-06-30T23:59:59+08:00", "2014-06-30")]
    [InlineData("2014-07-01T00:00:00+08:00", "2014-07-01")]
    [InlineData("2014-06-30T12:00:00-04:00", "2014-07-01")]
    public void The_business_date_is_the_day_in_Shanghai(string instant, string date) =>
        Assert.Equal(Date(date), BusinessCalendar.DateOf(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void A_business_date_begins_at_midnight_in_Shanghai()
    {
        var start = BusinessCalendar.StartOf(new(2014, 7, 1));
        Assert.Equal(new(2014, 6, 30, 16, 0, 0, TimeSpan.Zero), start);
        Assert.Equal(new(2014, 7, 1), BusinessCalendar.DateOf(start));
        Assert.Equal(new(2014, 6, 30), BusinessCalendar.DateOf(start.AddTicks(-1)));
    }

    [Fact]
    public void Today_is_asked_of_the_clock_that_is_handed_in() => Assert.Equal(new(2014, 7, 1), BusinessCalendar.Today(new Stopped(new(2014, 6, 30, 16, 0, 0, TimeSpan.Zero))));

    private static DateOnly Date(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Stopped(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
