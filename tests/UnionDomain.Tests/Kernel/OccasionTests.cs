using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

/// <summary>What is refused before any room is asked.</summary>
public sealed class OccasionTests
{
    private static readonly DateOnly Today = new(2014, 6, 30);

    private static readonly Occasion Plain = new()
    {
        Self = new("union", "P-01"),
        BusinessOn = Today,
        Today = Today,
        At = new(2014, 6, 30, 1, 0, 0, TimeSpan.Zero),
        Operator = new("op-1", new("D-01"), Role.District),
    };

    [Fact] public void A_plain_occasion_stands() => Assert.Null(OccasionRules.Check(Plain));

    [Theory]
    [InlineData("")]
    [InlineData("has space")]
    [InlineData("a/b")]
    [InlineData("编号")]
    public void A_key_with_other_characters_is_refused(string key) => Assert.Equal(OccasionRules.KeyInvalid, OccasionRules.Check(Plain with { Self = new("union", key) }));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_key_has_at_most_64_characters(int length, bool stands) => Assert.Equal(stands, OccasionRules.Check(Plain with { Self = new("union", new('x', length)) }) is null);

    [Fact] public void Tomorrow_is_refused() => Assert.Equal("occasion.in-future", OccasionRules.Check(Plain with { BusinessOn = Today.AddDays(1) })?.Code);

    [Fact] public void Yesterday_needs_the_right_to_backdate() => Assert.Equal("occasion.backdate-not-allowed", OccasionRules.Check(Plain with { BusinessOn = Today.AddDays(-1) })?.Code);

    [Fact]
    public void Yesterday_stands_with_the_right_to_backdate() =>
        Assert.Null(OccasionRules.Check(Plain with { BusinessOn = Today.AddDays(-1), Operator = Plain.Operator with { Rights = Rights.Backdate } }));

    [Fact] public void The_last_day_of_a_closed_period_is_refused() => Assert.Equal("occasion.period-closed", OccasionRules.Check(Plain with { ClosedThrough = Today })?.Code);

    [Fact] public void The_day_after_a_closed_period_stands() => Assert.Null(OccasionRules.Check(Plain with { ClosedThrough = Today.AddDays(-1) }));

    [Theory]
    [InlineData("two words", "D-01")]
    [InlineData("op-1", "区总工会")]
    [InlineData("", "D-01")]
    public void An_operator_is_named_by_identifiers_only(string id, string union) =>
        Assert.Equal(OccasionRules.OperatorInvalid, OccasionRules.Check(Plain with { Operator = new(id, new(union), Role.District) }));

    [Theory]
    [InlineData("因单位撤销", null)]
    [InlineData("", null)]
    [InlineData("a\0b", "text.broken-character")]
    [InlineData("a\ud800b", "text.broken-character")]
    public void A_reason_is_plain_text_that_every_store_can_hold(string reason, string? code) => Assert.Equal(code, OccasionRules.Check(Plain with { Reason = reason })?.Code);

    [Theory]
    [InlineData(500, null)]
    [InlineData(501, "text.too-long")]
    public void A_document_reference_has_at_most_500_characters(int length, string? code) => Assert.Equal(code, OccasionRules.Check(Plain with { DocumentRef = new('x', length) })?.Code);
}
