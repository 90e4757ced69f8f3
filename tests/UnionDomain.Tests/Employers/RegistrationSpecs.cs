using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using static UnionDomain.Employers.EmployerCommand;
using static UnionDomain.Tests.Employers.EmployerExamples;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Employers;

public sealed class RegistrationSpecs
{
    private static readonly EmployerId Holder = new("E-200");

    private static readonly Register UnitOne = new(Code, "Unit One", EmployerKind.Private, "C", "110108", UnionExamples.SubdistrictFederation, 60, 20, 10);

    [Fact]
    public Task A_unit_is_registered() => Employer.Given().When(UnitOne).Then(Registered with { On = Today });

    [Fact]
    public Task A_unit_is_registered_without_what_is_not_told() => Employer.Given()
        .When(UnitOne with { Women = null, Migrants = null })
        .Then(Registered with { Women = null, Migrants = null, On = Today });

    [Fact]
    public Task Code_and_name_are_kept_in_their_canonical_form() => Employer.Given()
        .When(UnitOne with { Code = " 91350100m000100y43 ", Name = " Unit One " })
        .Then(Registered with { On = Today });

    [Fact]
    public Task The_same_again_changes_nothing() => Employer.Given(Registered).When(UnitOne).ThenNothing();

    [Fact]
    public Task The_same_again_after_later_changes_changes_nothing() => Employer.Given(Registered, new EmployerEvent.Renamed("Unit Two")).When(UnitOne).ThenNothing();

    [Fact]
    public Task Another_unit_under_the_same_key_is_refused() => Employer.Given(Registered).When(UnitOne with { Headcount = 61 }).ThenRefused(EmployerRules.RegisteredOtherwise);

    [Fact]
    public Task A_code_that_another_record_holds_is_refused_and_the_holder_named() => Employer.Given()
        .And(Holder, Registered with { Employer = Holder })
        .When(UnitOne)
        .ThenRefused(EmployerRules.CodeHeld.With("code", Code).With("holder", "employer/E-200"));

    [Fact]
    public Task The_code_of_a_closed_unit_stays_its_own() => Employer.Given()
        .And(Holder, Registered with { Employer = Holder }, new EmployerEvent.Closed(Day(2, 4)))
        .When(UnitOne)
        .ThenRefused(EmployerRules.CodeHeld);

    [Fact]
    public Task A_code_that_was_corrected_away_is_free() => Employer.Given()
        .And(Holder, Registered with { Employer = Holder }, new EmployerEvent.CodeCorrected(OtherCode))
        .When(UnitOne)
        .Then(Registered with { On = Today });

    [Fact]
    public Task A_code_with_a_wrong_check_character_is_refused() => Employer.Given().When(UnitOne with { Code = "91350100M000100Y44" }).ThenRefused(CreditCodeRules.WrongCheck);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no code")]
    public Task A_text_that_is_no_code_is_refused(string? code) => Employer.Given().When(UnitOne with { Code = code! }).ThenRefused(UnitCodeRules.UnknownForm);

    [Fact]
    public Task A_name_is_needed() => Employer.Given().When(UnitOne with { Name = " " }).ThenRefused(TextRules.Empty.With("field", "name"));

    [Fact]
    public Task A_name_of_101_characters_is_too_long() => Employer.Given()
        .When(UnitOne with { Name = new('x', 101) })
        .ThenRefused(TextRules.TooLong.With("field", "name").With("length", 101).With("most", 100));

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public Task A_kind_lies_between_1_and_8(int kind) => Employer.Given().When(UnitOne with { Kind = (EmployerKind)kind }).ThenRefused(EmployerRules.KindUnknown.With("kind", kind));

    [Theory]
    [InlineData("A")]
    [InlineData("T")]
    public Task An_industry_is_one_letter_from_A_to_T(string industry) => Employer.Given().When(UnitOne with { Industry = industry }).Then(Registered with { Industry = industry, On = Today });

    [Theory]
    [InlineData("U")]
    [InlineData("a")]
    [InlineData("AB")]
    [InlineData("")]
    [InlineData(null)]
    public Task Anything_else_is_no_industry(string? industry) => Employer.Given().When(UnitOne with { Industry = industry! }).ThenRefused(EmployerRules.IndustryUnknown);

    [Theory]
    [InlineData(null)]
    [InlineData("11010")]
    public Task An_area_has_six_digits(string? area) => Employer.Given().When(UnitOne with { Area = area! }).ThenRefused(AreaCodeRules.WrongForm);

    [Fact]
    public Task An_unknown_area_is_refused() => Employer.Given().When(UnitOne with { Area = "110199" }).ThenRefused(AreaCodeRules.Unknown);

    [Fact]
    public Task An_area_of_later_years_is_refused() => Employer.Given().When(UnitOne with { Area = "110118" }).ThenRefused(AreaCodeRules.NotInForce.With("area", "110118").With("year", 2014));

    [Fact]
    public Task A_unit_may_have_no_employees() => Employer.Given()
        .When(UnitOne with { Headcount = 0, Women = 0, Migrants = 0 })
        .Then(Registered with { Headcount = 0, Women = 0, Migrants = 0, On = Today });

    [Theory]
    [InlineData(-1)]
    [InlineData(10_000_000)]
    public Task A_headcount_has_bounds(int headcount) => Employer.Given()
        .When(UnitOne with { Headcount = headcount, Women = null, Migrants = null })
        .ThenRefused(NumberRules.OutOfRange.With("field", "headcount").With("value", headcount).With("fewest", 0).With("most", 9_999_999));

    [Fact]
    public Task All_employees_may_be_women_and_migrants() => Employer.Given().When(UnitOne with { Women = 60, Migrants = 60 }).Then(Registered with { Women = 60, Migrants = 60, On = Today });

    [Fact]
    public Task No_more_women_than_employees() => Employer.Given()
        .When(UnitOne with { Women = 61 })
        .ThenRefused(EmployerRules.PartExceedsHeadcount.With("field", "women").With("value", 61).With("headcount", 60));

    [Fact]
    public Task No_more_migrants_than_employees() => Employer.Given()
        .When(UnitOne with { Migrants = 61 })
        .ThenRefused(EmployerRules.PartExceedsHeadcount.With("field", "migrants").With("value", 61).With("headcount", 60));

    [Fact]
    public Task No_fewer_women_than_none() => Employer.Given()
        .When(UnitOne with { Women = -1 })
        .ThenRefused(NumberRules.OutOfRange.With("field", "women").With("value", -1).With("fewest", 0).With("most", 9_999_999));

    [Fact]
    public Task An_unknown_federation_is_refused() => Employer.Given()
        .When(UnitOne with { Federation = new("U-404") })
        .ThenRefused(EmployerRules.FederationNotActive.With("union", "U-404").With("date", "2014-06-30"));

    [Fact]
    public Task A_primary_union_is_no_federation() => Employer.Given()
        .And(UnionExamples.Other, UnionExamples.Active(UnionExamples.Applied(UnionExamples.Other)))
        .When(UnitOne with { Federation = UnionExamples.Other })
        .ThenRefused(EmployerRules.NotAFederation.With("union", "U-200").With("level", 4));

    [Fact]
    public Task The_federation_stood_on_the_first_of_January() => Employer.Given().When(UnitOne).On(Day(1, 1)).Then(Registered with { On = Day(1, 1) });

    [Fact]
    public Task The_federation_did_not_stand_the_day_before() => Employer.Given().When(UnitOne).On(new(2013, 12, 31)).ThenRefused(EmployerRules.FederationNotActive);

    [Theory]
    [InlineData(Role.Member)]
    [InlineData(Role.Audit)]
    [InlineData(Role.Bank)]
    public Task Only_unions_register_units(Role role) => Employer.Given()
        .When(UnitOne).By(Operators.Subdistrict with { Role = role })
        .ThenRefused(EmployerRules.RoleNotAllowed.With("role", role));

    [Fact]
    public Task A_wrong_code_is_corrected() => Employer.Given(Registered).When(new CorrectCode(OtherCode)).Then(new EmployerEvent.CodeCorrected(OtherCode));

    [Fact]
    public Task The_code_it_has_changes_nothing() => Employer.Given(Registered).When(new CorrectCode(Code)).ThenNothing();

    [Fact]
    public Task A_code_is_not_corrected_to_one_that_is_held() => Employer.Given(Registered)
        .And(Holder, Registered with { Employer = Holder, Code = OtherCode })
        .When(new CorrectCode(OtherCode))
        .ThenRefused(EmployerRules.CodeHeld.With("code", OtherCode).With("holder", "employer/E-200"));

    [Fact]
    public Task A_code_is_not_corrected_to_a_text_that_is_none() => Employer.Given(Registered).When(new CorrectCode("?")).ThenRefused(UnitCodeRules.UnknownForm);

    [Fact]
    public Task The_code_of_a_closed_unit_is_not_corrected() => Employer.Given(Registered, new EmployerEvent.Closed(Day(2, 4))).When(new CorrectCode(OtherCode)).ThenRefused(EmployerRules.Closed);

    [Fact]
    public Task The_code_of_an_unknown_unit_is_not_corrected() => Employer.Given().When(new CorrectCode(OtherCode)).ThenRefused(EmployerRules.Unknown);

    [Fact]
    public Task A_unit_takes_another_name() => Employer.Given(Registered).When(new Rename(" Unit Two ")).Then(new EmployerEvent.Renamed("Unit Two"));

    [Fact]
    public Task The_name_it_has_changes_nothing() => Employer.Given(Registered).When(new Rename("Unit One")).ThenNothing();

    [Fact]
    public Task An_empty_name_is_refused() => Employer.Given(Registered).When(new Rename("")).ThenRefused(TextRules.Empty.With("field", "name"));

    [Fact]
    public Task A_closed_unit_is_not_renamed() => Employer.Given(Registered, new EmployerEvent.Closed(Day(2, 4))).When(new Rename("Unit Two")).ThenRefused(EmployerRules.Closed);
}
