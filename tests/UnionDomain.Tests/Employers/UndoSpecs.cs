using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using static UnionDomain.Tests.Employers.EmployerExamples;
using static UnionDomain.Tests.Specs.Calendar;
using Record = UnionDomain.Employers.EmployerCommand.Record;
using Undo = UnionDomain.Employers.EmployerCommand.Undo;

namespace UnionDomain.Tests.Employers;

/// <summary>What a row of the roll recorded of a unit is undone.</summary>
[Trait("F", "25")]
public sealed class UndoSpecs
{
    private static readonly Guid First = new("01460000-0000-7000-8000-0000000000a1");
    private static readonly Guid Second = new("01460000-0000-7000-8000-0000000000a2");
    private static readonly Record Row = new(Code, "Unit One", EmployerKind.Private, "C", "110108", UnionExamples.SubdistrictFederation, 60, 20, 10);
    private static readonly Record Changed = Row with { Name = "Unit Two", Headcount = 70, Area = "110105", Federation = UnionExamples.OtherSubdistrict };

    [Fact]
    public Task A_registration_is_undone() => Employer.Given().After(Row, id: First).When(new Undo(First)).Then(new EmployerEvent.RegistrationUndone(First, Today));

    [Fact]
    public Task What_was_brought_up_to_date_is_as_it_was() => Employer.Given().After(Row, on: Day(5, 1)).After(Changed, id: First)
        .When(new Undo(First))
        .Then(new EmployerEvent.RecordUndone(
            First, "Unit One", EmployerKind.Private, "C", "110108", UnionExamples.SubdistrictFederation, 60, 20, 10, EmployerStatus.Operating, null, null, null, Day(5, 1), Today));

    [Fact]
    public Task What_happened_since_keeps_it() => Employer.Given().After(Row, id: First).After(new EmployerCommand.ReportMembers(40))
        .When(new Undo(First))
        .ThenRefused(UndoRules.ChangedSince.With("stream", Subject.Stream).With("change", "members-reported").With("version", 3));

    [Fact]
    public Task What_rests_on_a_unit_keeps_its_registration() => Employer.Given().After(Row, id: First)
        .When(new Undo(First, "member/m-1"))
        .ThenRefused(UndoRules.RestedOn.With("stream", Subject.Stream).With("by", "member/m-1"));

    [Fact]
    public Task And_not_what_was_brought_up_to_date() => Employer.Given().After(Row, on: Day(5, 1)).After(Row with { Name = "Unit Two" }, id: First)
        .When(new Undo(First, "member/m-1"))
        .Then(new EmployerEvent.RecordUndone(
            First, "Unit One", EmployerKind.Private, "C", "110108", UnionExamples.SubdistrictFederation, 60, 20, 10, EmployerStatus.Operating, null, null, null, Day(5, 1), Today));

    [Fact]
    public Task The_last_row_goes_first() => Employer.Given().After(Row, id: First).After(Changed, id: Second).After(new Undo(Second))
        .When(new Undo(First))
        .Then(new EmployerEvent.RegistrationUndone(First, Today));

    [Fact]
    public Task Undone_twice_is_undone_once() => Employer.Given().After(Row, id: First).After(new Undo(First)).When(new Undo(First)).ThenNothing();

    [Fact]
    public Task A_unit_that_was_undone_comes_back_by_another_row() => Employer.Given().After(Row, id: First).After(new Undo(First))
        .When(Row)
        .Then(Registered with { On = Today }, new EmployerEvent.OperationStarted(Today));

    [Fact]
    public Task A_closing_is_not_undone() => Employer.Given(Registered).After(new EmployerCommand.Close(), id: First).When(new Undo(First)).ThenRefused(UndoRules.NotUndoable);

    [Fact]
    public Task An_officer_undoes_nothing() => Employer.Given().After(Row, id: First).When(new Undo(First)).By(Operators.Officer).ThenRefused(EmployerRules.RoleNotAllowed);
}
