using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;
using static UnionDomain.Unions.UnionCommand;

namespace UnionDomain.Tests.Unions;

[Trait("F", "11")]
public sealed class TreeSpecs
{
    [Fact]
    public Task A_union_moves_to_another_subdistrict() => Union.Given(Active()).When(new Move(OtherSubdistrict)).Then(new UnionEvent.Moved(OtherSubdistrict, Today));

    [Fact]
    public Task A_move_to_where_it_stands_changes_nothing() => Union.Given(Active()).When(new Move(SubdistrictFederation)).ThenNothing();

    [Fact]
    public Task A_union_may_move_on_the_day_of_its_establishment() => Union.Given(Active())
        .When(new Move(OtherSubdistrict)).On(Day(4, 7))
        .Then(new UnionEvent.Moved(OtherSubdistrict, Day(4, 7)));

    [Fact]
    public Task A_union_does_not_move_before_it_was_established() => Union.Given(Active())
        .When(new Move(OtherSubdistrict)).On(Day(4, 6))
        .ThenRefused(OccasionRules.BeforeFormer.With("date", "2014-04-06").With("former", "2014-04-07"));

    [Fact]
    public Task A_district_that_was_the_root_comes_under_the_city() => Union.Given(SetUp(Subject, UnionLevel.District))
        .When(new Move(City)).By(Operators.Municipal)
        .Then(new UnionEvent.Moved(City, Today));

    [Fact]
    public Task An_officer_does_not_move_a_union() => Union.Given(Active()).When(new Move(OtherSubdistrict)).By(Operators.Officer).ThenRefused(UnionRules.RoleNotAllowed.With("role", "Officer"));

    [Fact]
    public Task A_union_under_establishment_does_not_move() => Union.Given(Applied()).When(new Move(OtherSubdistrict)).ThenRefused(UnionRules.NotActive.With("status", "Submitted"));

    [Fact]
    public Task An_unknown_union_does_not_move() => Union.Given().When(new Move(OtherSubdistrict)).ThenRefused(UnionRules.Unknown);

    [Fact, Trait("F", "1")]
    public Task A_union_does_not_move_under_itself() => Union.Given(Active()).When(new Move(Subject)).ThenRefused(UnionRules.ParentCycle);

    [Fact, Trait("F", "1")]
    public Task A_union_does_not_move_under_a_union_below_it() => Union.Given(Active())
        .And(Other, Active(Applied(Other, level: UnionLevel.Branch, upper: Subject, upperLevel: UnionLevel.Primary, units: [])))
        .When(new Move(Other))
        .ThenRefused(UnionRules.ParentCycle);

    [Fact, Trait("F", "1")]
    public Task A_federation_does_not_move_under_one_of_its_level() => Union.Given(SetUp(Subject, UnionLevel.Subdistrict, DistrictFederation))
        .When(new Move(OtherSubdistrict))
        .ThenRefused(UnionRules.WrongLevel.With("level", 3).With("kind", 3).With("parentLevel", 3).With("parentKind", 3));

    [Fact, Trait("F", "1")]
    public Task A_union_does_not_move_under_an_unknown_one() => Union.Given(Active()).When(new Move(new("U-404"))).ThenRefused(UnionRules.UnknownParent.With("parent", "U-404"));

    [Fact, Trait("F", "1")]
    public Task A_union_does_not_move_under_a_closed_one() => Union.Given(Active())
        .And(OtherSubdistrict, new UnionEvent.Closed(ClosingReason.LawfulDecision, "D-1", Day(2, 1)))
        .When(new Move(OtherSubdistrict))
        .ThenRefused(UnionRules.ParentNotActive.With("parent", "U-4").With("date", "2014-06-30"));

    [Fact]
    public Task A_union_takes_another_name() => Union.Given(Active()).When(new Rename(" Union Two ")).Then(new UnionEvent.Renamed("Union Two"));

    [Fact]
    public Task The_name_it_has_changes_nothing() => Union.Given(Active()).When(new Rename("Union One")).ThenNothing();

    [Fact]
    public Task An_empty_name_is_refused() => Union.Given(Active()).When(new Rename(null!)).ThenRefused(TextRules.Empty.With("field", "name"));

    [Fact]
    public Task A_name_of_101_characters_is_refused() => Union.Given(Active())
        .When(new Rename(new('x', 101)))
        .ThenRefused(TextRules.TooLong.With("field", "name").With("length", 101).With("most", 100));

    [Fact]
    public Task An_officer_does_not_rename_a_union() => Union.Given(Active()).When(new Rename("Union Two")).By(Operators.Officer).ThenRefused(UnionRules.RoleNotAllowed);

    [Fact]
    public Task A_union_under_establishment_is_not_renamed() => Union.Given(Applied()).When(new Rename("Union Two")).ThenRefused(UnionRules.NotActive);

    [Theory]
    [InlineData(ClosingReason.UnitEnded)]
    [InlineData(ClosingReason.LawfulDecision)]
    public Task A_union_is_closed_for_one_of_two_reasons(ClosingReason why) => Union.Given(Active())
        .When(new Close(why)).RestingOn("D-2014-7")
        .Then(new UnionEvent.Closed(why, "D-2014-7", Today));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public Task There_is_no_third_reason(int why) => Union.Given(Active()).When(new Close((ClosingReason)why)).RestingOn("D-2014-7").ThenRefused(UnionRules.ClosingReasonUnknown);

    [Fact]
    public Task A_union_is_not_closed_without_a_document() => Union.Given(Active()).When(new Close(ClosingReason.UnitEnded)).ThenRefused(OccasionRules.DocumentMissing);

    [Fact]
    public Task Closed_again_changes_nothing() => Union.Given([.. Active(), new UnionEvent.Closed(ClosingReason.UnitEnded, "D-1", Day(5, 5))])
        .When(new Close(ClosingReason.UnitEnded)).RestingOn("D-1")
        .ThenNothing();

    [Fact]
    public Task Closed_for_another_reason_is_refused() => Union.Given([.. Active(), new UnionEvent.Closed(ClosingReason.UnitEnded, "D-1", Day(5, 5))])
        .When(new Close(ClosingReason.LawfulDecision)).RestingOn("D-1")
        .ThenRefused(UnionRules.ClosedOtherwise);

    [Fact]
    public Task A_union_under_establishment_is_not_closed() => Union.Given(Applied()).When(new Close(ClosingReason.UnitEnded)).RestingOn("D-1").ThenRefused(UnionRules.NotActive);

    [Fact]
    public Task An_officer_does_not_close_a_union() => Union.Given(Active()).When(new Close(ClosingReason.UnitEnded)).By(Operators.Officer).RestingOn("D-1").ThenRefused(UnionRules.RoleNotAllowed);

    [Fact]
    public Task A_union_is_not_closed_before_it_was_established() => Union.Given(Active())
        .When(new Close(ClosingReason.UnitEnded)).RestingOn("D-1").On(Day(4, 6))
        .ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task A_union_that_accepted_a_merger_is_not_closed() => Union.Given([.. Active(), new UnionEvent.MergerAccepted(Other, 1, Day(5, 5))])
        .When(new Close(ClosingReason.UnitEnded)).RestingOn("D-1")
        .ThenRefused(UnionRules.MergerOpen.With("union", "U-200"));
}
