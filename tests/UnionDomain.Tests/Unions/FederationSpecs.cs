using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;
using static UnionDomain.Unions.UnionCommand;

namespace UnionDomain.Tests.Unions;

[Trait("F", "1")]
public sealed class FederationSpecs
{
    private static readonly SetUpFederation SubdistrictUnderDistrict = new("Federation Three", UnionLevel.Subdistrict, UnionKind.Federation, DistrictFederation);

    [Fact]
    public Task A_federation_is_active_at_once_for_five_years() => Union.Given()
        .When(SubdistrictUnderDistrict)
        .Then(new UnionEvent.FederationSetUp(Subject, "Federation Three", UnionLevel.Subdistrict, UnionKind.Federation, DistrictFederation, 5, Today));

    [Fact]
    public Task An_industrial_union_stands_on_the_level_of_subdistricts() => Union.Given()
        .When(SubdistrictUnderDistrict with { Kind = UnionKind.Industrial })
        .Then(new UnionEvent.FederationSetUp(Subject, "Federation Three", UnionLevel.Subdistrict, UnionKind.Industrial, DistrictFederation, 5, Today));

    [Fact]
    public Task A_name_is_kept_trimmed() => Union.Given()
        .When(SubdistrictUnderDistrict with { Name = "  Federation Three " })
        .Then(new UnionEvent.FederationSetUp(Subject, "Federation Three", UnionLevel.Subdistrict, UnionKind.Federation, DistrictFederation, 5, Today));

    [Fact]
    public Task A_municipality_may_be_the_root() => Union.Given()
        .When(new SetUpFederation("City", UnionLevel.Municipal, UnionKind.Federation)).By(Operators.Municipal)
        .Then(new UnionEvent.FederationSetUp(Subject, "City", UnionLevel.Municipal, UnionKind.Federation, null, 5, Today));

    [Fact]
    public Task A_district_may_be_the_root() => Union.Given()
        .When(new SetUpFederation("District", UnionLevel.District, UnionKind.Federation))
        .Then(new UnionEvent.FederationSetUp(Subject, "District", UnionLevel.District, UnionKind.Federation, null, 5, Today));

    [Fact]
    public Task A_subdistrict_may_not_be_the_root() => Union.Given()
        .When(SubdistrictUnderDistrict with { Upper = null })
        .ThenRefused(UnionRules.RootNotAllowed.With("level", 3));

    [Fact]
    public Task The_same_again_changes_nothing() => Union.Given(SetUp(Subject, UnionLevel.Subdistrict, DistrictFederation))
        .When(new SetUpFederation("Federation U-100", UnionLevel.Subdistrict, UnionKind.Federation, DistrictFederation))
        .ThenNothing();

    [Fact]
    public Task Another_federation_under_the_same_number_is_refused() => Union.Given(SetUp(Subject, UnionLevel.Subdistrict, DistrictFederation))
        .When(SubdistrictUnderDistrict)
        .ThenRefused(UnionRules.AlreadyExists);

    [Fact]
    public Task A_number_under_application_is_taken() => Union.Given(Applied())
        .When(SubdistrictUnderDistrict)
        .ThenRefused(UnionRules.AlreadyExists);

    [Fact]
    public Task A_district_under_the_city_is_set_up_by_the_city() => Union.Given()
        .When(new SetUpFederation("District", UnionLevel.District, UnionKind.Federation, City)).By(Operators.Municipal)
        .Then(new UnionEvent.FederationSetUp(Subject, "District", UnionLevel.District, UnionKind.Federation, City, 5, Today));

    [Fact]
    public Task A_district_under_the_city_is_not_set_up_by_a_district() => Union.Given()
        .When(new SetUpFederation("District", UnionLevel.District, UnionKind.Federation, City)).By(Operators.District)
        .ThenRefused(UnionRules.RoleNotAllowed.With("role", "District"));

    [Fact]
    public Task A_subdistrict_is_not_set_up_by_a_subdistrict() => Union.Given()
        .When(SubdistrictUnderDistrict).By(Operators.Subdistrict)
        .ThenRefused(UnionRules.RoleNotAllowed);

    [Fact]
    public Task A_primary_union_is_not_set_up_in_one_step() => Union.Given()
        .When(new SetUpFederation("Primary", UnionLevel.Primary, UnionKind.Independent, SubdistrictFederation))
        .ThenRefused(UnionRules.NeedsEstablishment);

    [Theory]
    [InlineData(UnionLevel.Municipal, UnionKind.Industrial)]
    [InlineData(UnionLevel.District, UnionKind.Joint)]
    [InlineData(UnionLevel.Subdistrict, UnionKind.Independent)]
    [InlineData((UnionLevel)0, UnionKind.Federation)]
    [InlineData((UnionLevel)7, UnionKind.Federation)]
    [InlineData(UnionLevel.District, (UnionKind)0)]
    public Task A_level_and_kind_that_do_not_belong_together_are_refused(UnionLevel level, UnionKind kind) => Union.Given()
        .When(new SetUpFederation("Federation", level, kind, City))
        .ThenRefused(UnionRules.KindNotOfLevel.With("level", (int)level).With("kind", (int)kind));

    [Theory]
    [InlineData(null)]
    [InlineData("   ")]
    public Task A_name_is_not_empty(string? name) => Union.Given()
        .When(SubdistrictUnderDistrict with { Name = name! })
        .ThenRefused(TextRules.Empty.With("field", "name"));

    [Fact]
    public Task A_name_of_100_characters_is_kept() => Union.Given()
        .When(SubdistrictUnderDistrict with { Name = new('工', 100) })
        .Then(new UnionEvent.FederationSetUp(Subject, new('工', 100), UnionLevel.Subdistrict, UnionKind.Federation, DistrictFederation, 5, Today));

    [Fact]
    public Task A_name_of_101_characters_is_too_long() => Union.Given()
        .When(SubdistrictUnderDistrict with { Name = new('工', 101) })
        .ThenRefused(TextRules.TooLong.With("field", "name").With("length", 101).With("most", 100));

    [Theory]
    [InlineData("Line\nbreak")]
    [InlineData("Half \ud840 of a character")]
    public Task A_name_has_no_broken_characters(string name) => Union.Given()
        .When(SubdistrictUnderDistrict with { Name = name })
        .ThenRefused(TextRules.BrokenCharacter.With("field", "name"));

    [Fact]
    public Task An_unknown_upper_federation_is_refused() => Union.Given()
        .When(SubdistrictUnderDistrict with { Upper = new UnionId("U-404") })
        .ThenRefused(UnionRules.UnknownParent.With("parent", "U-404"));

    [Fact]
    public Task A_federation_cannot_stand_under_itself() => Union.Given()
        .When(SubdistrictUnderDistrict with { Upper = Subject })
        .ThenRefused(UnionRules.ParentCycle);

    [Fact]
    public Task A_subdistrict_cannot_stand_under_a_subdistrict() => Union.Given()
        .When(SubdistrictUnderDistrict with { Upper = SubdistrictFederation })
        .ThenRefused(UnionRules.WrongLevel.With("level", 3).With("kind", 3).With("parentLevel", 3).With("parentKind", 3));

    [Fact]
    public Task The_upper_federation_stands_on_its_first_day() => Union.Given()
        .When(SubdistrictUnderDistrict).On(Day(1, 1))
        .Then(new UnionEvent.FederationSetUp(Subject, "Federation Three", UnionLevel.Subdistrict, UnionKind.Federation, DistrictFederation, 5, Day(1, 1)));

    [Fact]
    public Task The_upper_federation_did_not_stand_the_day_before() => Union.Given()
        .When(SubdistrictUnderDistrict).On(new(2013, 12, 31))
        .ThenRefused(UnionRules.ParentNotActive.With("parent", "U-2").With("date", "2013-12-31"));
}
