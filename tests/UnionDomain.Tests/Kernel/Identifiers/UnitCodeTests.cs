using System.Text.Json;
using CsCheck;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Tests.Kernel.Identifiers;

public sealed class UnitCodeTests
{
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const string Sample = "91350100M000100Y43";
    private const string Union = "81110108MC0000012N";

    [Theory]
    [InlineData(Sample, false, "350100", "M000100Y4")]
    [InlineData(Union, true, "110108", "MC0000012")]
    public void A_credit_code_is_read_with_its_parts(string text, bool union, string area, string organisation)
    {
        Assert.True(CreditCode.TryParse(text, out var code, out _));
        Assert.Equal((text, union, area, organisation), (code.Value, code.IsUnion, code.AreaDigits, code.OrganisationCode));
        Assert.Equal(text, code.ToString());
    }

    [Theory, InlineData(Sample), InlineData(Union)]
    public void Any_one_changed_character_of_a_credit_code_is_refused(string code)
    {
        var tried = 0;
        for (var place = 0; place < 18; place++)
        {
            foreach (var other in Alphabet)
            {
                if (other == code[place]) continue;
                var changed = code[..place] + other + code[(place + 1)..];
                Assert.False(CreditCode.TryParse(changed, out _, out _), changed);
                tried++;
            }
        }

        Assert.Equal(18 * 30, tried);
    }

    [Fact]
    public void Every_generated_credit_code_passes_and_any_single_changed_character_fails() =>
        Gen.Select(Gen.Int[0, 999_999], Gen.Int[0, 30].Select(i => Alphabet[i]).Array[10], Gen.Int[0, 17], Gen.Int[1, 30]).Sample((area, letters, place, shift) =>
        {
            var code = WithChecks($"{letters[0]}{letters[1]}{area:000000}{new string(letters, 2, 8)}");
            var other = Alphabet[(Alphabet.IndexOf(code[place], StringComparison.Ordinal) + shift) % 31];
            return CreditCode.TryParse(code, out var read, out _) && read.Value == code
                && !CreditCode.TryParse(code[..place] + other + code[(place + 1)..], out _, out _);
        });

    [Fact]
    public void The_mod_11_scheme_that_a_common_web_page_describes_is_not_used() =>
        Assert.Equal(CreditCodeRules.WrongCheck, RefusedCredit("91350100M000100Y4X"));

    [Theory]
    [InlineData("")]
    [InlineData("91350100M000100Y4")]
    [InlineData("91350100M000100Y433")]
    public void Another_length_than_18_is_refused(string text) => Assert.Equal(CreditCodeRules.WrongLength, RefusedCredit(text));

    [Theory]
    [InlineData("91350100M000100Y4I")]
    [InlineData("91350100MO00100Y43")]
    [InlineData("91350100M000100S43")]
    [InlineData("9V350100M000100Y43")]
    [InlineData("91350100M000100Y4Z")]
    [InlineData("91350100M-00100Y43")]
    public void A_letter_outside_the_alphabet_is_refused(string text) => Assert.Equal(CreditCodeRules.WrongCharacter, RefusedCredit(text));

    [Fact]
    public void A_letter_in_the_area_is_refused() => Assert.Equal(CreditCodeRules.WrongArea, RefusedCredit("9135A100M000100Y43"));

    [Fact]
    public void A_wrong_check_of_the_organisation_code_inside_is_refused_even_when_the_last_check_agrees()
    {
        const string start = "91350100M000100Y5"; // the organisation code's check is 4
        var code = Alphabet.Select(last => start + last).Single(text => RefusedCredit(text) != CreditCodeRules.WrongCheck);
        Assert.Equal(CreditCodeRules.WrongOrganisationCheck, RefusedCredit(code));
    }

    [Fact]
    public void A_code_in_small_or_full_width_letters_is_the_same_code()
    {
        Assert.True(UnitCode.TryParse(Union, out var plain, out _));
        Assert.True(UnitCode.TryParse("81110108mc0000012n", out var small, out _));
        Assert.True(UnitCode.TryParse("８１１１０１０８ＭＣ０００００１２Ｎ", out var wide, out _));
        Assert.Equal(plain, small);
        Assert.Equal(plain, wide);
    }

    [Theory]
    [InlineData("MC0000012", LegacyNumberKind.OrganisationCode, "MC0000012")]
    [InlineData("MC000001-2", LegacyNumberKind.OrganisationCode, "MC0000012")]
    [InlineData("d2143569-x", LegacyNumberKind.OrganisationCode, "D2143569X")]
    [InlineData("00000000-0", LegacyNumberKind.OrganisationCode, "000000000")]
    [InlineData("110108000000016", LegacyNumberKind.BusinessRegistration, "110108000000016")]
    [InlineData("110105012345675", LegacyNumberKind.BusinessRegistration, "110105012345675")]
    [InlineData("工法证字第000001号", LegacyNumberKind.UnionCertificate, "工法证字第000001号")]
    [InlineData("工法证字第０００００００００００１号", LegacyNumberKind.UnionCertificate, "工法证字第000000000001号")]
    public void A_number_from_before_credit_codes_is_read(string text, LegacyNumberKind kind, string value)
    {
        Assert.True(UnitCode.TryParse(text, out var code, out _));
        Assert.Null(code.Credit);
        Assert.Equal((kind, value), (code.Legacy!.Value.Kind, code.Value));
    }

    [Theory, InlineData("000000019"), InlineData("110108000000016"), InlineData("110105012345675")]
    public void Any_one_changed_digit_of_a_checked_legacy_number_is_refused(string number)
    {
        for (var place = 0; place < number.Length; place++)
        {
            foreach (var other in "0123456789".Where(digit => digit != number[place]))
                Assert.False(LegacyNumber.TryParse(number[..place] + other + number[(place + 1)..], out _, out _));
        }
    }

    [Fact]
    public void A_wrong_check_of_a_legacy_number_is_named_by_its_kind()
    {
        Assert.Equal(LegacyNumberRules.WrongOrganisationCheck, RefusedUnit("MC000001-3"));
        Assert.Equal(LegacyNumberRules.WrongRegistrationCheck, RefusedUnit("110108000000017"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("MC00001-2")]
    [InlineData("MC000001--2")]
    [InlineData("MC00000_2")]
    [InlineData("1101080000001")]
    [InlineData("工法证字第00001号")]
    [InlineData("工法证字第0000000000001号")]
    [InlineData("工法证字第00000A号")]
    [InlineData("工法证字第000001")]
    public void A_text_with_the_form_of_neither_is_refused(string text)
    {
        Assert.Equal(UnitCodeRules.UnknownForm, RefusedUnit(text));
        Assert.False(LegacyNumber.TryParse(text, out _, out var legacy));
        Assert.Equal(LegacyNumberRules.UnknownForm, legacy);
    }

    [Fact]
    public void A_broken_credit_code_is_refused_as_a_credit_code() => Assert.Equal(CreditCodeRules.WrongCheck, RefusedUnit("81110108MC0000012M"));

    [Theory, InlineData(Union), InlineData("MC0000012"), InlineData("工法证字第000001号")]
    public void Json_carries_a_code_as_text_and_as_a_key(string text)
    {
        Assert.True(UnitCode.TryParse(text, out var code, out _));
        Assert.Equal(code, JsonSerializer.Deserialize<UnitCode>(JsonSerializer.Serialize(code)));
        var map = JsonSerializer.Deserialize<Dictionary<UnitCode, int>>(JsonSerializer.Serialize(new Dictionary<UnitCode, int> { [code] = 7 }));
        Assert.Equal(7, map![code]);
    }

    [Theory, InlineData("7"), InlineData("\"7\""), InlineData("null")]
    public void Json_that_is_no_code_is_a_fault(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<UnitCode>(json));

    private static Refusal RefusedCredit(string text)
    {
        Assert.False(CreditCode.TryParse(text, out _, out var refusal));
        return refusal;
    }

    private static Refusal RefusedUnit(string text)
    {
        Assert.False(UnitCode.TryParse(text, out _, out var refusal));
        return refusal;
    }

    // The formulas of GB 11714 and GB 32100 as the standards print them, without tables.
    private static string WithChecks(string sixteen)
    {
        int[] weights = [3, 7, 9, 10, 5, 8, 4, 2];
        var inner = 11 - (sixteen[8..].Select((c, i) => (char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10) * weights[i]).Sum() % 11);
        var seventeen = sixteen + inner switch { 10 => 'X', 11 => '0', _ => (char)('0' + inner) };
        var sum = seventeen.Select((c, i) => Alphabet.IndexOf(c, StringComparison.Ordinal) * (long)(System.Numerics.BigInteger.Pow(3, i) % 31)).Sum();
        return seventeen + Alphabet[(int)((31 - (sum % 31)) % 31)];
    }
}
