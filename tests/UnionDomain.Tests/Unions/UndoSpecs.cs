using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;
using static UnionDomain.Unions.UnionCommand;

namespace UnionDomain.Tests.Unions;

/// <summary>What a row of the roll recorded of a union is undone.</summary>
[Trait("F", "25")]
public sealed class UndoSpecs
{
    private static readonly Guid First = new("01460000-0000-7000-8000-0000000000a1");
    private static readonly Guid Second = new("01460000-0000-7000-8000-0000000000a2");
    private static readonly TakeOver Row = new("Union One", UnionLevel.Primary, UnionKind.Joint, SubdistrictFederation, new(1998, 7, 1), 3);

    [Fact]
    public Task A_union_that_came_onto_the_roll_is_off_it_again() => Union.Given().After(Row, id: First).When(new Undo(First)).Then(new UnionEvent.TakeOverUndone(First, Today));

    [Fact]
    public Task Name_term_and_chair_are_as_they_were() => Union.Given().After(Row).After(Row with { Name = "Union Two", TermYears = 5, Chair = new("示例人") }, id: First)
        .When(new Undo(First))
        .Then(new UnionEvent.RecordUndone(First, "Union One", 3, null, Today));

    [Fact]
    public Task What_happened_since_keeps_it() => Union.Given().After(Row, id: First).After(new Rename("Union Two"))
        .When(new Undo(First))
        .ThenRefused(UndoRules.ChangedSince.With("stream", Subject.Stream).With("change", "renamed").With("version", 2));

    [Fact]
    public Task What_rests_on_a_union_keeps_it_on_the_roll() => Union.Given().After(Row, id: First)
        .When(new Undo(First, "member/m-1"))
        .ThenRefused(UndoRules.RestedOn.With("stream", Subject.Stream).With("by", "member/m-1"));

    [Fact]
    public Task The_last_row_goes_first() => Union.Given().After(Row, id: First).After(Row with { TermYears = 5 }, id: Second).After(new Undo(Second))
        .When(new Undo(First))
        .Then(new UnionEvent.TakeOverUndone(First, Today));

    [Fact]
    public Task Undone_twice_is_undone_once() => Union.Given().After(Row, id: First).After(new Undo(First)).When(new Undo(First)).ThenNothing();

    [Fact]
    public Task Nobody_stands_under_a_union_that_is_off_the_roll() => Union.Given().And(Other, new UnionEvent.TakenOver(Other, "Union", UnionLevel.Primary, UnionKind.Joint, SubdistrictFederation, 3, Day(1, 5), Day(1, 5), Day(2, 3)),
            new UnionEvent.TakeOverUndone(First, Day(2, 4)))
        .When(new TakeOver("Branch", UnionLevel.Branch, UnionKind.Joint, Other, Day(1, 6), 3))
        .ThenRefused(UnionRules.UnknownParent);

    [Fact]
    public Task It_comes_back_by_another_row_wherever_it_stood() => Union.Given().After(Row, id: First).After(new Undo(First))
        .When(Row with { Upper = OtherSubdistrict, FoundedOn = Day(1, 9) })
        .Then(new UnionEvent.TakenOver(Subject, "Union One", UnionLevel.Primary, UnionKind.Joint, OtherSubdistrict, 3, Day(1, 9), Day(1, 9), Today));

    [Fact]
    public Task A_closing_is_not_undone() => Union.Given(Active()).After(new Close(ClosingReason.UnitEnded), documentRef: "D-1", id: First).When(new Undo(First)).ThenRefused(UndoRules.NotUndoable);

    [Fact]
    public Task An_officer_undoes_nothing() => Union.Given().After(Row, id: First).When(new Undo(First)).By(Operators.Officer).ThenRefused(UnionRules.RoleNotAllowed);
}
