using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Tests.Kernel.Identifiers;

public sealed class AreaCodeTests
{
    [Fact]
    public void The_table_has_the_sixteen_districts_of_today_and_of_2014()
    {
        Assert.Equal(20, AreaCode.Beijing.Length);
        Assert.Equal(16, AreaCode.Beijing.Count(area => area.InForce(new(2024, 6, 30))));
        Assert.Equal(16, AreaCode.Beijing.Count(area => area.InForce(new(2014, 6, 30))));
    }

    [Theory]
    [InlineData("110108", "2014-06-30", "海淀区", "Haidian District")]
    [InlineData("110228", "2015-12-31", "密云县", "Miyun County")]
    [InlineData("110229", "2014-06-30", "延庆县", "Yanqing County")]
    [InlineData("110118", "2015-01-01", "密云区", "Miyun District")]
    [InlineData("110103", "2010-12-31", "崇文区", "Chongwen District")]
    public void A_code_in_force_is_read_with_its_names(string text, string on, string chinese, string english)
    {
        Assert.True(AreaCode.TryParse(text, Date(on), out var code, out _));
        Assert.Equal((chinese, english), (code.Area.Chinese, code.Area.English));
    }

    [Theory]
    [InlineData("110228", "2016-01-01")]
    [InlineData("110229", "2016-01-01")]
    [InlineData("110118", "2014-12-31")]
    [InlineData("110119", "2014-12-31")]
    [InlineData("110103", "2011-01-01")]
    [InlineData("110104", "2011-01-01")]
    public void A_code_out_of_force_is_refused_for_that_date_and_read_without_one(string text, string on)
    {
        Assert.False(AreaCode.TryParse(text, Date(on), out _, out var refusal));
        Assert.Equal("area-code.not-in-force", refusal.Code);
        Assert.Contains(text, refusal.ChineseText(), StringComparison.Ordinal);
        Assert.True(AreaCode.TryParse(text, out _, out _));
    }

    [Theory, InlineData("110199"), InlineData("310101")]
    public void An_unknown_code_is_refused(string text) => Assert.Equal(AreaCodeRules.Unknown, Refused(text));

    [Theory, InlineData(""), InlineData("11010"), InlineData("1101080"), InlineData("11010A")]
    public void What_is_not_six_digits_is_refused(string text) => Assert.Equal(AreaCodeRules.WrongForm, Refused(text));

    private static DateOnly Date(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static Refusal Refused(string text)
    {
        Assert.False(AreaCode.TryParse(text, out _, out var refusal));
        return refusal;
    }
}
