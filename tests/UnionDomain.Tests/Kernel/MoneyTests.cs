using System.Text.Json;
using CsCheck;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("5", 5_00)]
    [InlineData("1000", 1000_00)]
    [InlineData("1,000.00", 1000_00)]
    [InlineData("12,345,678.9", 12_345_678_90)]
    [InlineData("-0.01", -1)]
    [InlineData(" 5243.90 ", 5243_90)]
    [InlineData("92233720368547757.99", 9_223_372_036_854_775_799)]
    public void An_amount_in_yuan_is_read_to_the_fen(string text, long fen)
    {
        Assert.True(Money.TryParse(text, out var money, out _));
        Assert.Equal(fen, money.Fen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1,00")]
    [InlineData(",100")]
    [InlineData("1000,000")]
    [InlineData("1,0000")]
    [InlineData("1e3")]
    [InlineData("+5")]
    [InlineData("--5")]
    [InlineData("1.2.3")]
    [InlineData("12.3万元")]
    public void What_is_not_a_number_of_yuan_is_refused(string text) => Assert.Equal(MoneyRules.NotAnAmount, Refused(text));

    [Theory, InlineData("0.001"), InlineData("5.000")]
    public void A_third_decimal_is_refused(string text) => Assert.Equal(MoneyRules.MoreThanTwoDecimals, Refused(text));

    [Theory, InlineData("92233720368547758"), InlineData("999999999999999999999")]
    public void An_amount_beyond_the_count_of_fen_is_refused(string text) => Assert.Equal(MoneyRules.TooLarge, Refused(text));

    [Theory]
    [InlineData(0, "0.00", "0元")]
    [InlineData(5_00, "5.00", "5元")]
    [InlineData(-1, "-0.01", "-0.01元")]
    [InlineData(1000_00, "1,000.00", "1000元")]
    [InlineData(5243_90, "5,243.90", "5243.90元")]
    [InlineData(9_999_00, "9,999.00", "9999元")]
    [InlineData(10_000_00, "10,000.00", "1万元")]
    [InlineData(10_100_00, "10,100.00", "1.01万元")]
    [InlineData(10_001_00, "10,001.00", "10001元")]
    [InlineData(110_000_00, "110,000.00", "11万元")]
    [InlineData(123_000_00, "123,000.00", "12.3万元")]
    [InlineData(215_000_00, "215,000.00", "21.5万元")]
    [InlineData(-215_000_00, "-215,000.00", "-21.5万元")]
    [InlineData(123_000_01, "123,000.01", "123000.01元")]
    [InlineData(long.MinValue, "-92,233,720,368,547,758.08", "-92233720368547758.08元")]
    public void An_amount_is_written_for_tables_and_for_sentences(long fen, string yuan, string chinese)
    {
        Assert.Equal(yuan, new Money(fen).ToYuan());
        Assert.Equal(chinese, new Money(fen).ToChinese());
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Long[-9_223_372_036_854_775_799, 9_223_372_036_854_775_799].Sample(fen => Money.TryParse(new Money(fen).ToYuan(), out var read, out _) && read.Fen == fen);

    [Fact]
    public void Amounts_are_added_subtracted_and_compared()
    {
        Assert.Equal(Money.OfYuan(448_000), Money.OfYuan(123_000) + Money.OfYuan(110_000) + Money.OfYuan(215_000));
        Assert.Equal(new Money(-1), Money.Zero - new Money(1));
        Assert.Equal(new Money(-1), -new Money(1));
        Assert.True(new Money(1) > Money.Zero && new Money(1) >= new Money(1) && Money.Zero < new Money(1) && Money.Zero <= Money.Zero);
    }

    [Fact]
    public void An_overflow_is_a_bug_and_throws()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue) + new Money(1));
        Assert.Throws<OverflowException>(() => new Money(long.MinValue) - new Money(1));
        Assert.Throws<OverflowException>(() => -new Money(long.MinValue));
        Assert.Throws<OverflowException>(() => Money.OfYuan(long.MaxValue));
    }

    [Fact]
    public void Json_carries_the_fen()
    {
        Assert.Equal("""{"fen":12300000}""", JsonSerializer.Serialize(Money.OfYuan(123_000), UnionJson.Options));
        Assert.Equal(Money.OfYuan(123_000), JsonSerializer.Deserialize<Money>("""{"fen":12300000}""", UnionJson.Options));
    }

    private static Refusal Refused(string text)
    {
        Assert.False(Money.TryParse(text, out _, out var refusal));
        return refusal;
    }
}
