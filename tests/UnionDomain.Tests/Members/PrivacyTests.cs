using System.Text.Json;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;
using static UnionDomain.Tests.Members.MemberExamples;

namespace UnionDomain.Tests.Members;

/// <summary>What is seen of a person, by whom, and what is left once the key is gone.</summary>
[Trait("F", "29")]
public sealed class PrivacyTests
{
    private readonly InMemoryUnion house = new(new StoppedClock(Calendar.Today));

    public PrivacyTests()
    {
        house.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(new UnionId("U-3").Stream, Calendar.Day(1, 1), UnionExamples.SetUp(new("U-3"), UnionLevel.Subdistrict));
        house.Given<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(Unit.Stream, Calendar.Day(1, 1), UnionExamples.Registered(Unit, 40));
        foreach (var union in new[] { Home, Away })
            house.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(union.Stream, Calendar.Day(1, 1), UnionExamples.Active(UnionExamples.Applied(union)));
        Send(Subject, new MemberCommand.Enter(Home, Unit, Form));
        Send(Second, new MemberCommand.Enter(Away, Unit, Form with { Name = "另一人", DocumentNumber = OtherNumber, Sex = "1", BornOn = "1912-02-29", Mobile = "10000000002" }));
    }

    private static readonly string[] Secrets = ["示例人", Number, "10000000001", "1901-01-01"];

    [Fact]
    public void Without_a_look_everything_is_masked()
    {
        var view = Send(Subject, new MemberCommand.Enter(Home, Unit, Form)).View;
        Assert.Null(view.Personal);
        Assert.Equal("示**", view.NameMask);
        var text = JsonSerializer.Serialize(view, UnionJson.Options);
        foreach (var secret in Secrets) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public void No_row_and_no_fact_shows_anything_personal()
    {
        var text = string.Join('\n', Member.ReadModels.SelectMany(house.Rows).Select(row => JsonSerializer.Serialize(row.Values, UnionJson.Options)).Concat(house.Facts.Select(fact => fact.ToString())));
        foreach (var secret in Secrets) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_look_with_a_purpose_opens_the_record_and_is_listed()
    {
        var looked = Look(Operators.Auditor);
        Assert.Equal(("示例人", Number, new DateOnly(1901, 1, 1), "10000000001"), (looked.View.Personal!.Name, looked.View.Personal.DocumentNumber, looked.View.Personal.BornOn, looked.View.Personal.Mobile));
        var line = Assert.Single(house.List(new MemberLookQuery { Member = Subject, Purpose = "verification", By = Operators.Auditor.Id, From = Calendar.Today, Through = Calendar.Today }));
        Assert.Equal((1, Home, Operators.Auditor.Union, Calendar.Today), (line.N, line.Union, line.For, line.On));
        Assert.Empty(house.List(new MemberLookQuery { Member = Second }));
    }

    [Fact]
    public void A_wrong_column_is_shown_as_it_was_typed()
    {
        Send(Subject, new MemberCommand.Collect(Unit, Form with { Mobile = "12345" }));
        Assert.Equal("12345", Look(Operators.District).View.Personal!.Raw!["mobile"]);
    }

    [Fact]
    public void A_refused_look_opens_nothing()
    {
        var looked = Look(Operators.Member);
        Assert.Equal(MemberRules.RoleNotAllowed.Code, looked.Refusal!.Code);
        Assert.Null(looked.View.Personal);
    }

    [Fact, Trait("F", "30")]
    public void Once_erased_nothing_is_left_that_finds_or_names_anybody_and_counts_stay()
    {
        Send(Subject, new MemberCommand.Withdraw());
        var facts = house.Facts.Count;
        var erased = Send(Subject, new MemberCommand.Erase(), Operators.District, "request", "D-1");
        Assert.Equal(facts, house.Facts.Count);
        Assert.Equal((null, null, null, MemberStatus.Withdrawn), (erased.View.NameMask, erased.View.DocumentMask, erased.View.MobileMask, erased.View.Status));
        var row = house.Rows(MemberLine.Model).Single(row => (string)row.Values[0]! == Subject.Value);
        foreach (var column in new[] { "name_mask", "document_mask", "mobile_mask", "document_hash", "name_hash", "mobile_hash", "sealed" })
            Assert.Null(row.Values[MemberLine.Model.Columns.IndexOf(MemberLine.Model[column])]);
        Assert.Equal(MemberRules.Erased, Look(Operators.District).Refusal);
        // The number is free: the person may come back as somebody new.
        var third = new MemberId("01460000000070008000000000000003");
        Assert.Null(Send(third, new MemberCommand.Enter(Home, Unit, Form)).Refusal);
    }

    [Theory]
    [InlineData(1, "110108190101010008", 1)]
    [InlineData(1, " １10108190101010008", 1)]
    [InlineData(2, "110108190101010008", 0)]
    [InlineData(1, "no number", 0)]
    public void A_document_is_found_however_it_is_typed(int type, string number, int found) =>
        Assert.Equal(found, house.List(new MemberQuery { On = Calendar.Today, Document = new(type, number) }).Count());

    [Fact]
    public void People_are_found_by_phone_name_and_the_beginning_of_a_name()
    {
        Assert.Equal([Subject], Found(new() { On = Calendar.Today, Mobile = "１0000000001" }));
        Assert.Equal([Second], Found(new() { On = Calendar.Today, Name = " 另一人" }));
        Assert.Equal([], Found(new() { On = Calendar.Today, Name = "另一" }));
        Assert.Equal([Second], Found(new() { On = Calendar.Today, Employer = Unit, NamePrefix = "另一" }));
        Assert.Equal([], Found(new() { On = Calendar.Today, Union = Home, NamePrefix = "另一" }));
        Assert.Equal(SearchRules.UnitMissing, ((IQuery<MemberLine>)new MemberQuery { On = Calendar.Today, NamePrefix = "另" }).Refused);
    }

    [Fact, Trait("F", "21"), Trait("F", "19")]
    public void The_work_list_and_standings_depend_on_the_date()
    {
        Send(Subject, new MemberCommand.Collect(Unit, Form with { DocumentValidUntil = "2014-07-31" }));
        Send(Second, new MemberCommand.Educate(new(2014, 8, 31)));
        Assert.Equal([Subject, Second], Found(new() { On = new(2014, 7, 31), Qualified = true, Employer = Unit }));
        Assert.Equal([Subject], Found(new() { On = new(2014, 8, 1), Qualified = false, Employer = Unit }));
        Assert.Equal([Second], Found(new() { On = new(2014, 8, 31), Qualified = true }));
        Assert.Equal([], Found(new() { On = new(2014, 9, 1), Qualified = true }));
        Assert.Equal([Second], Found(new() { On = new(2014, 9, 1), Status = MemberStatus.DeemedWithdrawn }));
        Assert.Equal([Subject], Found(new() { On = new(2014, 9, 1), Status = MemberStatus.Active }));
    }

    [Fact, Trait("F", "17")]
    public void Incoming_transfers_are_listed_until_their_last_day()
    {
        Send(Subject, new MemberCommand.OfferTransfer(Away));
        Assert.Equal([Subject], Found(new() { On = new(2014, 7, 30), OfferedTo = Away }));
        Assert.Equal([], Found(new() { On = new(2014, 7, 31), OfferedTo = Away }));
    }

    private IEnumerable<MemberId> Found(MemberQuery query) => house.List(query).Select(line => line.Id);

    private Outcome<MemberEvent, MemberView> Look(Operator by) => house.Look<Member, MemberState, MemberCommand, MemberEvent, MemberView>(Subject.Stream, "verification", by);

    private Outcome<MemberEvent, MemberView> Send(MemberId id, MemberCommand command, Operator? by = null, string? reason = null, string? document = null) =>
        house.Send<Member, MemberState, MemberCommand, MemberEvent, MemberView>(id.Stream, command, by ?? Operators.District, null, reason, document);
}
