using System.Globalization;
using System.Text.Json;
using CsCheck;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Tests.Kernel.Identifiers;

[Trait("F", "20")]
public sealed class ResidentIdTests
{
    private const string Boy = "110108190101010008";
    private static readonly DateOnly In1930 = new(1930, 6, 30);

    public static TheoryData<string> Passing => ["110108190101010008", "110108191202290015", "110228190505050015", "11010819020602000X"];

    private static readonly Gen<string> Valid =
        from area in Gen.Int[100000, 999999]
        from day in Gen.Int[0, 4381] // 1901-01-01 to 1912-12-30
        from order in Gen.Int[0, 999]
        select WithCheckDigit(string.Create(CultureInfo.InvariantCulture, $"{area}{new DateOnly(1901, 1, 1).AddDays(day):yyyyMMdd}{order:000}"));

    [Theory, MemberData(nameof(Passing))]
    public void A_number_with_the_right_check_digit_is_read(string number) => Assert.Equal(number, Read(number).Value);

    [Fact]
    public void The_standards_own_sample_is_read()
    {
        Assert.True(ResidentId.TryParse("11010519491231002X", new(1950, 1, 1), out var id, out _));
        Assert.Equal(new(1949, 12, 31), id.BirthOn);
        Assert.Equal("110105", id.AreaDigits);
        Assert.Equal(Sex.Female, id.Sex);
    }

    [Theory, MemberData(nameof(Passing))]
    public void Any_one_changed_digit_is_refused(string number)
    {
        var tried = 0;
        for (var place = 0; place < 18; place++)
        {
            foreach (var other in place == 17 ? "0123456789X" : "0123456789")
            {
                if (other == number[place]) continue;
                var changed = number[..place] + other + number[(place + 1)..];
                Assert.False(ResidentId.TryParse(changed, In1930, out _, out _), changed);
                tried++;
            }
        }

        Assert.Equal((17 * 9) + 10, tried);
    }

    [Fact]
    public void Every_generated_number_passes_and_any_single_changed_digit_fails() =>
        Gen.Select(Valid, Gen.Int[0, 17], Gen.Int[1, 10]).Sample((number, place, shift) =>
        {
            var alphabet = place == 17 ? "0123456789X" : "0123456789";
            var other = alphabet[(alphabet.IndexOf(number[place], StringComparison.Ordinal) + shift) % alphabet.Length];
            var changed = number[..place] + other + number[(place + 1)..];
            return ResidentId.TryParse(number, In1930, out var id, out _) && id.Value == number
                && (changed == number || !ResidentId.TryParse(changed, In1930, out _, out _));
        });

    [Fact]
    public void A_wrong_check_digit_is_named() => Assert.Equal(ResidentIdRules.WrongCheckDigit, Refused("110108190101010009"));

    [Theory]
    [InlineData("11010819000229001")] // 1900 was no leap year
    [InlineData("11010819020230001")]
    [InlineData("11010819021301001")]
    [InlineData("11010819020001001")]
    [InlineData("11010800000101001")]
    public void A_birth_on_a_day_that_no_calendar_has_is_refused(string payload) => Assert.Equal(ResidentIdRules.ImpossibleDate, Refused(WithCheckDigit(payload)));

    [Fact]
    public void The_leap_day_of_1912_is_a_birthday() => Assert.Equal(new(1912, 2, 29), Read("110108191202290015").BirthOn);

    [Fact]
    public void A_birth_on_the_business_date_is_read_and_one_day_later_is_in_the_future()
    {
        Assert.True(ResidentId.TryParse(Boy, new(1901, 1, 1), out _, out _));
        Assert.False(ResidentId.TryParse(Boy, new(1900, 12, 31), out _, out var refusal));
        Assert.Equal(ResidentIdRules.BornInTheFuture, refusal);
    }

    [Fact]
    public void An_age_of_130_is_believed_to_its_last_day_and_131_is_not()
    {
        Assert.True(ResidentId.TryParse(Boy, new(2031, 12, 31), out var id, out _));
        Assert.Equal(130, id.AgeOn(new(2031, 12, 31)));
        Assert.False(ResidentId.TryParse(Boy, new(2032, 1, 1), out _, out var refusal));
        Assert.Equal(ResidentIdRules.TooOld, refusal);
    }

    [Fact]
    public void Somebody_born_on_29_February_completes_a_year_on_28_February()
    {
        var id = Read("110108191202290015");
        Assert.Equal(17, id.AgeOn(new(1930, 2, 27)));
        Assert.Equal(18, id.AgeOn(new(1930, 2, 28)));
    }

    [Theory]
    [InlineData("110108190101010008", Sex.Female)]
    [InlineData("110108191202290015", Sex.Male)]
    public void Digit_17_tells_the_sex(string number, Sex sex) => Assert.Equal(sex, Read(number).Sex);

    [Fact]
    public void A_number_of_fifteen_digits_is_refused_by_name() => Assert.Equal(ResidentIdRules.FifteenDigits, Refused("110108010101000"));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("11010819010101000")]
    [InlineData("1101081901010100080")]
    [InlineData("11010801010100X")]
    public void Any_other_length_is_refused(string number) => Assert.Equal(ResidentIdRules.WrongLength, Refused(number));

    [Fact]
    public void A_megabyte_is_refused_for_its_length() => Assert.Equal(ResidentIdRules.WrongLength, Refused(new string('1', 1_000_000)));

    [Theory]
    [InlineData("11010819010101000A")]
    [InlineData("1101081901010X0008")]
    [InlineData("110108 90101010008")]
    [InlineData("11010819010101000٨")]
    public void A_foreign_character_is_refused(string number) => Assert.Equal(ResidentIdRules.WrongCharacter, Refused(number));

    [Fact]
    public void An_area_that_begins_with_0_is_refused_and_any_other_is_read()
    {
        Assert.Equal(ResidentIdRules.WrongArea, Refused(WithCheckDigit("01010819010101000")));
        Assert.Equal("999999", Read(WithCheckDigit("99999919010101000")).AreaDigits);
    }

    [Theory]
    [InlineData("11010819020602000x")]
    [InlineData("１１０１０８１９０２０６０２０００Ｘ")]
    [InlineData(" 11010819020602000X ")]
    public void What_is_typed_otherwise_is_normalised_and_says_so(string typed)
    {
        var id = Read(typed);
        Assert.Equal("11010819020602000X", id.Value);
        Assert.True(id.Normalised);
        Assert.Equal(Read("11010819020602000X"), id);
        Assert.Equal(Read("11010819020602000X").GetHashCode(), id.GetHashCode());
    }

    [Fact]
    public void What_is_typed_as_it_is_kept_is_not_called_normalised() => Assert.False(Read(Boy).Normalised);

    [Fact]
    public void The_text_of_a_number_is_masked_and_so_is_a_record_that_holds_one()
    {
        Assert.Equal("110108********0008", Read(Boy).ToString());
        Assert.DoesNotContain("19010101", $"{new Holder(Read(Boy))}", StringComparison.Ordinal);
        Assert.Equal("", default(ResidentId).ToString());
    }

    [Fact]
    public void No_refusal_repeats_the_number() => Assert.DoesNotContain("1901", Refused("110108190101010009").ToString(), StringComparison.Ordinal);

    [Fact]
    public void Json_carries_the_number_and_reads_it_back_judged()
    {
        var json = JsonSerializer.Serialize(Read(Boy));
        Assert.Equal("\"110108190101010008\"", json);
        Assert.Equal(Read(Boy), JsonSerializer.Deserialize<ResidentId>(json));
        var failure = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ResidentId>("\"110108190101010009\""));
        Assert.DoesNotContain("1901", failure.ToString(), StringComparison.Ordinal);
    }

    private static ResidentId Read(string text) => ResidentId.TryParse(text, In1930, out var id, out var refusal) ? id : throw new Xunit.Sdk.XunitException(refusal.Code);

    private static Refusal Refused(string text)
    {
        Assert.False(ResidentId.TryParse(text, In1930, out _, out var refusal));
        return refusal;
    }

    // The standard's arithmetic a second time, by the other formula of ISO 7064 MOD 11-2, so that the tests do not repeat a mistake of the table.
    private static string WithCheckDigit(string payload)
    {
        var product = payload.Aggregate(0, (p, digit) => (p + digit - '0') * 2 % 11);
        var check = (12 - product) % 11;
        return payload + (check == 10 ? "X" : check.ToString(CultureInfo.InvariantCulture));
    }

    private sealed record Holder(ResidentId Id);
}
