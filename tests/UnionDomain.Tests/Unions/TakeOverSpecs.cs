using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;
using static UnionDomain.Unions.UnionCommand;

namespace UnionDomain.Tests.Unions;

[Trait("F", "1"), Trait("F", "23"), Trait("F", "24")]
public sealed class TakeOverSpecs
{
    private static readonly DateOnly Founded = new(1998, 7, 1);
    private static readonly TakeOver Row = new("Union One", UnionLevel.Primary, UnionKind.Joint, SubdistrictFederation, Founded, 3);
    private static readonly UnionEvent.TakenOver Taken = new(Subject, "Union One", UnionLevel.Primary, UnionKind.Joint, SubdistrictFederation, 3, Founded, Day(1, 1), Day(2, 3));
    private static readonly UnionEvent Chair = new UnionEvent.ChairNamed(new("AAAA", new("示*"), "h"));

    [Fact]
    public Task A_union_that_existed_comes_onto_the_roll_and_stands_since_its_upper_one_does() => Union.Given().When(Row).Then(Taken with { On = Today });

    [Fact]
    public Task A_union_that_is_younger_than_its_upper_one_stands_since_its_founding() => Union.Given()
        .When(Row with { FoundedOn = Day(1, 2) })
        .Then(Taken with { FoundedOn = Day(1, 2), UnderSince = Day(1, 2), On = Today });

    [Theory]
    [InlineData(UnionLevel.Municipal, UnionKind.Federation, null, 5)]
    [InlineData(UnionLevel.District, UnionKind.Federation, null, 5)]
    [InlineData(UnionLevel.District, UnionKind.Federation, "U-1", 5)]
    [InlineData(UnionLevel.Subdistrict, UnionKind.Federation, "U-2", 5)]
    [InlineData(UnionLevel.Primary, UnionKind.Association, "U-3", 5)]
    [InlineData(UnionLevel.Primary, UnionKind.Independent, "U-3", 3)]
    [InlineData(UnionLevel.Branch, UnionKind.Independent, "U-200", 3)]
    [InlineData(UnionLevel.Group, UnionKind.Joint, "U-200", 5)]
    public Task Unions_of_every_level_come_onto_the_roll(UnionLevel level, UnionKind kind, string? upper, int years)
    {
        var above = upper is null ? (UnionId?)null : new UnionId(upper);
        return Union.Given().And(Other, Taken with { Union = Other, FoundedOn = Day(1, 5) })
            .When(new TakeOver("Union One", level, kind, above, Day(2, 1), years))
            .Then(new UnionEvent.TakenOver(Subject, "Union One", level, kind, above, years, Day(2, 1), above is null ? null : Day(2, 1), Today));
    }

    [Fact, Trait("F", "29")]
    public Task A_chair_is_sealed_and_only_the_mask_is_seen() => Union.Given()
        .When(Row with { Chair = new(" 示例员 ") })
        .ThenSealed<UnionEvent.ChairNamed>(named => Assert.Equal(new Contact("示**"), named.Chair.Mask), Taken with { On = Today });

    [Fact]
    public Task An_equal_row_changes_nothing() => Union.Given(Taken, Chair).When(Row).ThenNothing();

    [Fact]
    public Task An_equal_row_of_an_established_union_changes_nothing() => Union.Given(Active()).When(Row with { Kind = UnionKind.Independent, FoundedOn = Day(4, 7) }).ThenNothing();

    [Fact]
    public Task Another_name_renames() => Union.Given(Taken).When(Row with { Name = " Union Two " }).Then(new UnionEvent.Renamed("Union Two"));

    [Fact, Trait("F", "8")]
    public Task Another_term_changes_the_term() => Union.Given(Taken).When(Row with { TermYears = 5 }).Then(new UnionEvent.TermChanged(5));

    [Fact]
    public Task A_changed_name_and_term_are_equal_afterwards() => Union.Given(Taken, new UnionEvent.Renamed("Union Two"), new UnionEvent.TermChanged(5))
        .When(Row with { Name = "Union Two", TermYears = 5 })
        .ThenNothing();

    [Fact, Trait("F", "29")]
    public Task Another_chair_is_named() => Union.Given(Taken, Chair)
        .When(Row with { Chair = new("示例员") })
        .ThenSealed<UnionEvent.ChairNamed>(named => Assert.Equal(new Contact("示**"), named.Chair.Mask));

    [Fact]
    public Task Another_level_is_no_matter_of_the_roll() => Union.Given(Taken)
        .When(Row with { Level = UnionLevel.Branch, Upper = Other })
        .ThenRefused(UnionRules.RecordedOtherwise.With("field", "level"));

    [Fact]
    public Task Another_kind_is_no_matter_of_the_roll() => Union.Given(Taken).When(Row with { Kind = UnionKind.Independent }).ThenRefused(UnionRules.RecordedOtherwise.With("field", "kind"));

    [Fact]
    public Task Another_upper_union_is_no_matter_of_the_roll() => Union.Given(Taken).When(Row with { Upper = OtherSubdistrict }).ThenRefused(UnionRules.RecordedOtherwise.With("field", "upper"));

    [Fact]
    public Task Another_founding_date_is_no_matter_of_the_roll() => Union.Given(Taken).When(Row with { FoundedOn = new(1998, 7, 2) }).ThenRefused(UnionRules.RecordedOtherwise.With("field", "foundedOn"));

    [Fact]
    public Task A_union_under_application_is_not_taken_over() => Union.Given(Applied(kind: UnionKind.Joint)).When(Row).ThenRefused(UnionRules.NotActive.With("status", "Submitted"));

    [Fact]
    public Task A_closed_union_stays_closed() => Union.Given(Taken, new UnionEvent.Closed(ClosingReason.UnitEnded, "D-1", Day(3, 3))).When(Row).ThenRefused(UnionRules.NotActive.With("status", "Closed"));

    [Fact]
    public Task A_union_on_the_roll_is_not_applied_for() => Union.Given(Taken).WithUnits(40)
        .When(new Apply("Union One", UnionLevel.Primary, UnionKind.Joint, SubdistrictFederation, [Unit], 40, 30, 3)).By(Operators.Applicant)
        .ThenRefused(UnionRules.AlreadyExists);

    [Fact]
    public Task A_federation_on_the_roll_is_not_set_up() => Union.Given(Taken with { Level = UnionLevel.Subdistrict, Kind = UnionKind.Federation, Upper = DistrictFederation })
        .When(new SetUpFederation("Union One", UnionLevel.Subdistrict, UnionKind.Federation, DistrictFederation))
        .ThenRefused(UnionRules.AlreadyExists);

    [Fact]
    public Task A_union_may_be_founded_on_the_business_date() => Union.Given().When(Row with { FoundedOn = Today }).Then(Taken with { FoundedOn = Today, UnderSince = Today, On = Today });

    [Fact]
    public Task A_union_is_not_founded_tomorrow() => Union.Given()
        .When(Row with { FoundedOn = Today.AddDays(1) })
        .ThenRefused(UnionRules.FoundedOutOfRange.With("founded", "2014-07-01").With("first", "1900-01-01").With("last", "2014-06-30"));

    [Fact]
    public Task A_union_may_be_founded_in_1900() => Union.Given().When(Row with { FoundedOn = new(1900, 1, 1) }).Then(Taken with { FoundedOn = new(1900, 1, 1), On = Today });

    [Fact]
    public Task A_union_is_not_founded_before() => Union.Given().When(Row with { FoundedOn = new(1899, 12, 31) }).ThenRefused(UnionRules.FoundedOutOfRange);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public Task A_primary_union_has_a_term_of_3_or_5_years(int years) => Union.Given()
        .When(Row with { TermYears = years })
        .ThenRefused(UnionRules.TermNotAllowed.With("years", years).With("allowed", "3/5"));

    [Fact]
    public Task A_federation_has_a_term_of_5_years() => Union.Given()
        .When(Row with { Level = UnionLevel.Subdistrict, Kind = UnionKind.Federation, Upper = DistrictFederation })
        .ThenRefused(UnionRules.TermNotAllowed.With("years", 3).With("allowed", "5"));

    [Fact]
    public Task A_level_has_only_its_kinds() => Union.Given().When(Row with { Kind = UnionKind.Federation }).ThenRefused(UnionRules.KindNotOfLevel.With("level", 4).With("kind", 3));

    [Fact]
    public Task A_primary_union_is_no_root() => Union.Given().When(Row with { Upper = null }).ThenRefused(UnionRules.RootNotAllowed.With("level", 4));

    [Fact]
    public Task An_unknown_upper_union_is_refused() => Union.Given().When(Row with { Upper = new UnionId("U-404") }).ThenRefused(UnionRules.UnknownParent.With("parent", "U-404"));

    [Fact]
    public Task A_union_does_not_stand_under_itself() => Union.Given().When(Row with { Upper = Subject }).ThenRefused(UnionRules.ParentCycle);

    [Fact]
    public Task A_primary_union_does_not_stand_under_another() => Union.Given().And(Other, Taken with { Union = Other }).When(Row with { Upper = Other }).ThenRefused(UnionRules.WrongLevel);

    [Fact]
    public Task An_upper_union_that_is_closed_takes_none_in() => Union.Given()
        .And(SubdistrictFederation, new UnionEvent.Closed(ClosingReason.LawfulDecision, "D-1", Day(3, 3)))
        .When(Row)
        .ThenRefused(UnionRules.ParentNotActive.With("parent", "U-3").With("date", "2014-06-30"));

    [Fact]
    public Task The_upper_union_must_stand_on_the_business_date() => Union.Given().When(Row).On(new(2013, 12, 31)).ThenRefused(UnionRules.ParentNotActive);

    [Fact]
    public Task The_upper_union_stands_on_its_first_day() => Union.Given().When(Row).On(Day(1, 1)).Then(Taken with { On = Day(1, 1) });

    [Fact]
    public Task A_name_is_needed() => Union.Given().When(Row with { Name = " " }).ThenRefused(TextRules.Empty.With("field", "name"));

    [Fact, Trait("F", "29")]
    public Task A_chair_of_51_characters_is_too_long() => Union.Given()
        .When(Row with { Chair = new(new('示', 51)) })
        .ThenRefused(TextRules.TooLong.With("field", "chair").With("length", 51).With("most", 50));

    [Theory]
    [InlineData(Role.Officer)]
    [InlineData(Role.Committee)]
    [InlineData(Role.Audit)]
    public Task Only_a_federation_takes_over_its_roll(Role role) => Union.Given().When(Row).By(Operators.District with { Role = role }).ThenRefused(UnionRules.RoleNotAllowed.With("role", role));

    [Theory, Trait("F", "29")]
    [InlineData(Role.Officer)]
    [InlineData(Role.District)]
    [InlineData(Role.Audit)]
    public Task Each_look_at_the_chair_is_recorded(Role role) => Union.Given(Taken, Chair, new UnionEvent.ChairLookedAt("audit", Today))
        .When(new LookAtChair("audit")).By(Operators.District with { Role = role })
        .Then(new UnionEvent.ChairLookedAt("audit", Today));

    [Fact, Trait("F", "29")]
    public Task Where_no_chair_is_told_there_is_nothing_to_look_at() => Union.Given(Taken).When(new LookAtChair("audit")).ThenNothing();

    [Fact, Trait("F", "29")]
    public Task A_look_names_one_of_the_purposes() => Union.Given(Taken, Chair).When(new LookAtChair("curiosity")).ThenRefused(LookRules.PurposeUnknown);

    [Theory, Trait("F", "29")]
    [InlineData(Role.Member)]
    [InlineData(Role.Bank)]
    public Task Others_do_not_look(Role role) => Union.Given(Taken, Chair).When(new LookAtChair("audit")).By(Operators.District with { Role = role }).ThenRefused(UnionRules.RoleNotAllowed);

    [Fact, Trait("F", "29")]
    public Task Of_an_unknown_union_there_is_nothing_to_look_at() => Union.Given().When(new LookAtChair("audit")).ThenRefused(UnionRules.Unknown);
}
