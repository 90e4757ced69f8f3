using System.Text.Json;
using CsCheck;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

[Trait("F", "103")]
public sealed class ApproximateQuantityTests
{
    [Theory]
    [InlineData(0, "0", "0")]
    [InlineData(9, "9", "9")]
    [InlineData(10, "10", "10")]
    [InlineData(11, "10余", "over 10")]
    [InlineData(19, "近20", "nearly 20")]
    [InlineData(46, "40余", "over 40")]
    [InlineData(93, "90余", "over 90")]
    [InlineData(99, "近100", "nearly 100")]
    [InlineData(101, "100余", "over 100")]
    [InlineData(189, "100余", "over 100")]
    [InlineData(190, "近200", "nearly 200")]
    [InlineData(8_314, "8000余", "over 8,000")]
    [InlineData(9_899, "9000余", "over 9,000")]
    [InlineData(9_900, "近万", "nearly 10,000")]
    [InlineData(9_950, "近万", "nearly 10,000")]
    [InlineData(10_000, "1万", "10,000")]
    [InlineData(10_001, "万余", "over 10,000")]
    [InlineData(80_412, "8万余", "over 80,000")]
    [InlineData(98_999, "9万余", "over 90,000")]
    [InlineData(99_000, "近10万", "nearly 100,000")]
    [InlineData(100_001, "10万余", "over 100,000")]
    [InlineData(150_000, "15万", "150,000")]
    [InlineData(238_400, "23万余", "over 230,000")]
    [InlineData(238_999, "23万余", "over 230,000")]
    [InlineData(239_000, "近24万", "nearly 240,000")]
    [InlineData(1_234_567, "120万余", "over 1,200,000")]
    [InlineData(123_456_789, "1.2亿余", "over 120,000,000")]
    public void An_exact_number_is_worded_by_the_rounding_rules(long exact, string chinese, string english)
    {
        var quantity = ApproximateQuantity.Of(exact);
        Assert.Equal((chinese, english), (quantity.ToChinese(), quantity.ToString()));
        Assert.True(quantity.Holds(exact));
    }

    [Fact]
    public void The_wording_of_any_number_holds_for_it() =>
        Gen.OneOf(Gen.Long[0, 1000], Gen.Long[0, 10_000_000], Gen.Long[0, 9_000_000_000_000_000_000]).Sample(exact => ApproximateQuantity.Of(exact).Holds(exact));

    [Theory]
    [InlineData(8_314, "8314家")]
    [InlineData(150_000, "15万家")]
    [InlineData(123_000, "12.3万家")]
    [InlineData(123_400, "12.34万家")]
    [InlineData(123_450, "123450家")]
    [InlineData(100_000_000, "1亿家")]
    [InlineData(100_500_000, "10050万家")]
    public void An_exact_number_is_never_rounded(long exact, string chinese) => Assert.Equal(chinese, ApproximateQuantity.Exact(exact).ToChinese("家"));

    [Fact]
    public void Measure_words_stand_where_a_report_puts_them()
    {
        Assert.Equal("40余户", ApproximateQuantity.Of(46).ToChinese("户"));
        Assert.Equal("近万人", ApproximateQuantity.Of(9_950).ToChinese("人"));
        Assert.Equal("2项以上", ApproximateQuantity.AtLeast(2).ToChinese("项"));
        Assert.Equal("近半数", ApproximateQuantity.NearlyHalfOf(31).ToChinese("份"));
        Assert.Equal(("at least 2", "nearly half of 31"), (ApproximateQuantity.AtLeast(2).ToString(), ApproximateQuantity.NearlyHalfOf(31).ToString()));
    }

    [Theory]
    [InlineData(230_000, 229_999, false)]
    [InlineData(230_000, 230_000, true)]
    [InlineData(230_000, 239_999, true)]
    [InlineData(230_000, 240_000, false)]
    [InlineData(40, 49, true)]
    [InlineData(40, 50, false)]
    [InlineData(10_000, 19_999, true)]
    [InlineData(10_000, 20_000, false)]
    public void Over_reaches_to_the_next_unit_of_the_last_digit_that_is_not_zero(long n, long exact, bool holds) => Assert.Equal(holds, ApproximateQuantity.Over(n).Holds(exact));

    [Theory]
    [InlineData(10_000, 8_999, false)]
    [InlineData(10_000, 9_000, true)]
    [InlineData(10_000, 9_999, true)]
    [InlineData(10_000, 10_000, false)]
    [InlineData(15, 13, false)] // nine tenths of 15 are 13.5
    [InlineData(15, 14, true)]
    [InlineData(long.MaxValue, long.MaxValue - 1, true)]
    public void Nearly_is_below_and_at_least_nine_tenths(long n, long exact, bool holds) => Assert.Equal(holds, ApproximateQuantity.Nearly(n).Holds(exact));

    [Theory]
    [InlineData(31, 12, false)] // four tenths of 31 are 12.4
    [InlineData(31, 13, true)]
    [InlineData(31, 15, true)]
    [InlineData(31, 16, false)]
    [InlineData(30, 12, false)]
    [InlineData(30, 14, true)]
    [InlineData(30, 15, false)]
    public void Nearly_half_lies_between_four_tenths_and_one_half(long whole, long exact, bool holds)
    {
        Assert.Equal(holds, ApproximateQuantity.NearlyHalfOf(whole).Holds(exact));
        Assert.Equal(holds ? Qualifier.NearlyHalf : ApproximateQuantity.Of(exact).Qualifier, ApproximateQuantity.OfShare(exact, whole).Qualifier);
    }

    [Theory, InlineData(1, false), InlineData(2, true), InlineData(3, true)]
    public void At_least_includes_the_number(long exact, bool holds) => Assert.Equal(holds, ApproximateQuantity.AtLeast(2).Holds(exact));

    [Theory, InlineData(71, false), InlineData(72, true), InlineData(73, false)]
    public void Exact_is_exact(long exact, bool holds) => Assert.Equal(holds, ApproximateQuantity.Exact(72).Holds(exact));

    [Theory]
    [InlineData("about", "5", "approximate-quantity.unknown-qualifier")]
    [InlineData("", "5", "approximate-quantity.unknown-qualifier")]
    [InlineData("nearly-half-of-", "5", "approximate-quantity.unknown-qualifier")]
    [InlineData("exact", "", "approximate-quantity.not-a-count")]
    [InlineData("exact", "-1", "approximate-quantity.not-a-count")]
    [InlineData("exact", "94.27", "approximate-quantity.not-a-count")]
    [InlineData("over", "0", "approximate-quantity.zero")]
    [InlineData("nearly", "0", "approximate-quantity.zero")]
    [InlineData("nearly-half-of-0", "0", "approximate-quantity.zero")]
    [InlineData("nearly-half-of-31", "16", "approximate-quantity.not-nearly-half")]
    [InlineData("nearly-half-of-31", "12", "approximate-quantity.not-nearly-half")]
    public void A_qualifier_or_number_that_means_nothing_is_refused(string qualifier, string number, string code)
    {
        Assert.False(ApproximateQuantity.TryParse(qualifier, number, out _, out var refusal));
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void Numbers_out_of_range_are_bugs_and_throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ApproximateQuantity.Of(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ApproximateQuantity.Exact(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ApproximateQuantity.Over(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ApproximateQuantity.Nearly(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ApproximateQuantity.NearlyHalfOf(0));
    }

    [Theory]
    [InlineData(235_675, 250_000, "94.27%")]
    [InlineData(1, 3, "33.33%")]
    [InlineData(2, 3, "66.67%")]
    [InlineData(1, 20_000, "0.01%")] // half a hundredth rounds up
    [InlineData(1, 20_001, "0.00%")]
    [InlineData(7, 7, "100.00%")]
    [InlineData(0, 7, "0.00%")]
    [InlineData(long.MaxValue, long.MaxValue, "100.00%")]
    public void A_share_is_rounded_half_up_to_two_decimals(long part, long whole, string text) => Assert.Equal(text, Percentage.Of(part, whole)?.ToString());

    [Fact]
    public void There_is_no_share_of_nothing() => Assert.Null(Percentage.Of(0, 0));

    [Fact]
    public void Json_carries_quantities_and_judges_them_again()
    {
        var json = JsonSerializer.Serialize(ApproximateQuantity.Over(230_000), UnionJson.Options);
        Assert.Equal("""{"value":230000,"qualifier":"over"}""", json);
        Assert.Equal(ApproximateQuantity.Over(230_000), JsonSerializer.Deserialize<ApproximateQuantity>(json, UnionJson.Options));
        Assert.Throws<ArgumentOutOfRangeException>(() => JsonSerializer.Deserialize<ApproximateQuantity>("""{"value":0,"qualifier":"over"}""", UnionJson.Options));
    }
}
