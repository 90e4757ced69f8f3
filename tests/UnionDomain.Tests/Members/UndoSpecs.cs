using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using static UnionDomain.Tests.Members.MemberExamples;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Members;

/// <summary>What an import's row recorded is undone, unless something rests on it.</summary>
[Trait("F", "25")]
public sealed class UndoSpecs
{
    private static readonly Guid First = new("01460000-0000-7000-8000-0000000000a1");
    private static readonly Guid Second = new("01460000-0000-7000-8000-0000000000a2");
    private static readonly MemberCommand.Enter Enter = new(Home, Unit, Form);
    private static readonly MemberCommand.Enter Corrected = new(Home, Unit, Form with { DocumentNumber = OtherNumber, Sex = "1", BornOn = "1912-02-29" });

    [Fact]
    public Task An_entry_is_undone_and_was_counted_on_its_first_day() => Member.Given().After(Enter, id: First)
        .When(new MemberCommand.Undo(First))
        .Then(new MemberEvent.EntryUndone(First, Day(5, 12), Today));

    [Fact]
    public Task A_recorded_sheet_is_undone_by_the_former_one() => Member.Given(Entered).After(Corrected, id: First)
        .When(new MemberCommand.Undo(First))
        .Then(new MemberEvent.SheetUndone(First, At(Unit), Record(), Entered.On, Today));

    [Fact]
    public Task Where_only_the_unit_had_changed_only_the_unit_is_put_back() => Member.Given().After(Enter, on: Day(5, 30)).After(Enter with { Employer = OtherUnit }, id: First)
        .When(new MemberCommand.Undo(First))
        .Then(new MemberEvent.SheetUndone(First, At(Unit), null, Day(5, 30), Today));

    [Fact]
    public Task What_happened_since_keeps_it_and_is_named() => Member.Given().After(Enter, id: First).After(new MemberCommand.RecordActivity())
        .When(new MemberCommand.Undo(First))
        .ThenRefused(UndoRules.ChangedSince.With("stream", Subject.Stream).With("change", "activity-recorded").With("version", 2));

    [Fact]
    public Task A_look_is_no_change() => Member.Given().After(Enter, id: First).After(new MemberCommand.LookAt("verification"))
        .When(new MemberCommand.Undo(First))
        .Then(new MemberEvent.EntryUndone(First, Day(5, 12), Today));

    [Fact]
    public Task A_later_row_of_the_same_person_stands_in_the_way() => Member.Given().After(Enter, id: First).After(Corrected, id: Second)
        .When(new MemberCommand.Undo(First))
        .ThenRefused(UndoRules.ChangedSince.With("stream", Subject.Stream).With("change", "collected").With("version", 2));

    [Fact]
    public Task And_no_more_once_it_is_undone() => Member.Given().After(Enter, id: First).After(Corrected, id: Second).After(new MemberCommand.Undo(Second))
        .When(new MemberCommand.Undo(First))
        .Then(new MemberEvent.EntryUndone(First, Day(5, 12), Today));

    [Fact]
    public Task Undone_twice_is_undone_once() => Member.Given().After(Enter, id: First).After(new MemberCommand.Undo(First))
        .When(new MemberCommand.Undo(First))
        .ThenNothing();

    [Fact]
    public Task A_command_that_did_nothing_here_leaves_nothing_to_undo() => Member.Given(Entered)
        .When(new MemberCommand.Undo(First))
        .ThenNothing();

    [Fact]
    public Task What_no_row_recorded_is_not_undone() => Member.Given().After(new MemberCommand.Apply(Home, Unit, Form), id: First)
        .When(new MemberCommand.Undo(First))
        .ThenRefused(UndoRules.NotUndoable);

    [Fact]
    public Task A_committee_undoes_nothing() => Member.Given().After(Enter, id: First)
        .When(new MemberCommand.Undo(First)).By(HomeCommittee)
        .ThenRefused(MemberRules.RoleNotAllowed);

    [Fact]
    public Task It_is_not_dated_before_what_it_undoes() => Member.Given().After(Enter, id: First)
        .When(new MemberCommand.Undo(First)).On(Day(5, 31))
        .ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task A_number_that_somebody_else_holds_meanwhile_does_not_come_back() => Member.Given().After(Enter).After(Corrected, id: First)
        .After(Enter with { Form = Form with { Name = "另一人" } }, MemberExamples.Second.Stream)
        .When(new MemberCommand.Undo(First))
        .ThenRefused(MemberRules.DocumentHeld.With("holder", MemberExamples.Second.Stream));

    [Fact]
    public Task Who_was_undone_is_entered_again() => Member.Given().After(Enter, id: First).After(new MemberCommand.Undo(First))
        .When(Enter)
        .Then(Entered with { On = Today });

    [Fact]
    public Task Who_was_undone_has_nothing_to_be_looked_at() => Member.Given().After(Enter, id: First).After(new MemberCommand.Undo(First))
        .When(new MemberCommand.LookAt("verification"))
        .ThenRefused(MemberRules.Unknown);

    [Fact]
    public Task Who_was_undone_is_erased() => Member.Given().After(Enter, id: First).After(new MemberCommand.Undo(First))
        .When(new MemberCommand.Erase()).By(Operators.District).Because("request").RestingOn("D-2014-1")
        .Then(new MemberEvent.Erased("D-2014-1", Today));

    [Fact, Trait("F", "23")]
    public Task A_command_for_another_version_is_refused() => Member.Given(Entered)
        .When(new MemberCommand.RecordActivity()).Expecting(2)
        .ThenRefused(CommandRules.VersionMoved.With("expected", 2).With("actual", 1));

    [Fact, Trait("F", "23")]
    public Task A_command_for_this_version_is_taken() => Member.Given(Entered)
        .When(new MemberCommand.RecordActivity()).Expecting(1)
        .Then(new MemberEvent.ActivityRecorded(Today));
}
