using CsCheck;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Tests.Kernel.Identifiers;

public sealed class CardNumberTests
{
    [Theory]
    [InlineData("9999990000000014")]
    [InlineData("9999990000000022")]
    [InlineData("9999 9900 0000 0022")]
    [InlineData("９９９９９９００００００００１４")]
    public void Sixteen_digits_with_the_Luhn_digit_are_a_card_number(string text)
    {
        Assert.True(CardNumber.TryParse(text, out var card, out _));
        Assert.Equal(16, card.Value.Length);
    }

    [Theory, InlineData("9999990000000014"), InlineData("9999990000000022")]
    public void Any_one_changed_digit_is_refused(string number)
    {
        for (var place = 0; place < 16; place++)
        {
            foreach (var other in "0123456789".Where(digit => digit != number[place]))
                Assert.Equal(CardNumberRules.WrongCheckDigit, Refused(number[..place] + other + number[(place + 1)..]));
        }
    }

    [Fact]
    public void Every_generated_card_number_passes_and_any_single_changed_digit_fails() =>
        Gen.Select(Gen.Long[0, 999_999_999_999_999], Gen.Int[0, 15], Gen.Int[1, 9]).Sample((payload, place, shift) =>
        {
            var digits = $"{payload:000000000000000}";
            var number = digits + Luhn.CheckDigit(digits);
            var other = (char)('0' + ((number[place] - '0' + shift) % 10));
            return CardNumber.TryParse(number, out _, out _) && !CardNumber.TryParse(number[..place] + other + number[(place + 1)..], out _, out _);
        });

    [Theory, InlineData(""), InlineData("999999000000001"), InlineData("99999900000000140")]
    public void Another_length_than_16_is_refused(string text) => Assert.Equal(CardNumberRules.WrongLength, Refused(text));

    [Theory, InlineData("99999900000000I4"), InlineData("99999-9000000001"), InlineData("9999  9900 0000 0022")]
    public void A_character_that_is_no_digit_is_refused(string text) => Assert.Equal(CardNumberRules.WrongCharacter, Refused(text));

    [Theory]
    [InlineData("79927398713", true)] // the worked example of the algorithm's literature
    [InlineData("79927398710", false)]
    [InlineData("00", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    [InlineData("7992739871X", false)]
    public void Luhn_judges_numbers_of_any_length(string number, bool valid) => Assert.Equal(valid, Luhn.IsValid(number));

    [Fact]
    public void The_text_of_a_card_number_is_masked()
    {
        Assert.True(CardNumber.TryParse("9999990000000014", out var card, out _));
        Assert.Equal("************0014", card.ToString());
        Assert.Equal("", default(CardNumber).ToString());
    }

    private static Refusal Refused(string text)
    {
        Assert.False(CardNumber.TryParse(text, out _, out var refusal));
        return refusal;
    }
}
