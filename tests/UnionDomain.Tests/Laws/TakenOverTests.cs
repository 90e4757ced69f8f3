using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Employers;
using UnionDomain.Tests.Specs;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;
using static UnionDomain.Tests.Unions.UnionExamples;

namespace UnionDomain.Tests.Laws;

/// <summary>A roll that existed before the house knew it: figures of former dates, contacts and chairs.</summary>
public sealed class TakenOverTests
{
    private static readonly UnionId District = new("R-2");
    private static readonly UnionId Subdistrict = new("R-3");
    private static readonly UnionId Joint = new("R-10");
    private static readonly EmployerId First = new("E-1");

    private readonly House house = new();

    public TakenOverTests()
    {
        Sent(house.Send(District, new UnionCommand.TakeOver("District", UnionLevel.District, UnionKind.Federation, null, new(1951, 5, 1), 5), Operators.District, Today));
        Sent(house.Send(Subdistrict, new UnionCommand.TakeOver("Subdistrict", UnionLevel.Subdistrict, UnionKind.Federation, District, new(2005, 3, 1), 5), Operators.District, Today));
        Sent(house.Send(Joint, new UnionCommand.TakeOver("Joint", UnionLevel.Primary, UnionKind.Joint, Subdistrict, new(1998, 7, 1), 3), Operators.District, Today));
    }

    [Fact, Trait("F", "1"), Trait("F", "12")]
    public void Figures_of_former_dates_count_each_union_since_its_founding_and_under_its_upper_ones_since_theirs()
    {
        Assert.Equal((0, 1), (Active(District, new(1951, 4, 30)), Active(District, new(1951, 5, 1))));
        Assert.Equal((0, 1), (Active(Joint, new(1998, 6, 30)), Active(Joint, new(1998, 7, 1))));
        // Before 2005 there was no subdistrict for the older joint union to stand under.
        Assert.Equal((1, 3), (Active(District, new(2005, 2, 28)), Active(District, new(2005, 3, 1))));
        Assert.Equal((3, 2), (Active(District, Today), Active(Subdistrict, Today)));
        house.Check();
    }

    [Fact, Trait("F", "1")]
    public void Nothing_that_was_taken_over_is_newly_established()
    {
        Assert.Equal(0, house.Figure(UnionMeasures.New, District, new(1900, 1, 1), Today));
        var view = house.Send(Joint, new UnionCommand.TakeOver("Joint", UnionLevel.Primary, UnionKind.Joint, Subdistrict, new(1998, 7, 1), 3), Operators.District, Today).View;
        Assert.Equal((null, new DateOnly(1998, 7, 1), Today, UnionStatus.Active), (view.AppliedOn, view.EstablishedOn, view.TakenOverOn, view.Status));
        Assert.Equal((null, new DateOnly(1998, 7, 1)), house.Memory.List(new UnionQuery { Parent = Subdistrict }).Select(line => (line.AppliedOn, line.EstablishedOn!.Value)).Single());
    }

    [Fact, Trait("F", "31")]
    public void Members_a_unit_reports_move_with_it_and_end_with_it()
    {
        Sent(house.Send(First, Row() with { Federation = SubdistrictFederation }, Operators.Subdistrict, Day(2, 3)));
        Sent(house.Send(First, new EmployerCommand.ReportMembers(48), Operators.Officer, Day(3, 3)));
        Sent(house.Send(First, new EmployerCommand.ReportMembers(50), Operators.Officer, Day(4, 3)));
        Sent(house.Send(First, new EmployerCommand.Relocate("110105", OtherSubdistrict), Operators.Subdistrict, Day(5, 12)));
        Assert.Equal(50, house.Memory.List(new EmployerQuery { Code = EmployerExamples.Code }).Single().MembersReported);
        Sent(house.Send(First, new EmployerCommand.Close(), Operators.Subdistrict, Day(6, 12)));

        Assert.Equal((0, 48, 48, 50), (At(SubdistrictFederation, 3, 2), At(SubdistrictFederation, 3, 3), At(SubdistrictFederation, 4, 2), At(SubdistrictFederation, 4, 3)));
        Assert.Equal((50, 0), (At(SubdistrictFederation, 5, 11), At(OtherSubdistrict, 5, 11)));
        Assert.Equal((0, 50), (At(SubdistrictFederation, 5, 12), At(OtherSubdistrict, 5, 12)));
        Assert.Equal((50, 0), (At(City, 6, 11), At(City, 6, 12)));
        Assert.All(house.Memory.Facts.Where(fact => fact.Measure == EmployerMeasures.MembersReported.Id), fact => Assert.Equal("E-1", fact.Subject));
        house.Check();

        long At(UnionId scope, int month, int day) => house.Figure(EmployerMeasures.MembersReported, scope, Day(month, day), Day(month, day));
    }

    [Fact, Trait("F", "24"), Trait("F", "29")]
    public void An_equal_contact_changes_nothing_and_another_one_does()
    {
        Sent(house.Send(First, Row("示例员", "010-55550000"), Operators.Subdistrict, Today));
        Assert.Empty(house.Send(First, Row(" 示例员 ", "（010）55550000"), Operators.Subdistrict, Today).Events);
        Assert.Empty(house.Send(First, Row(), Operators.Subdistrict, Today).Events);
        Assert.IsType<EmployerEvent.ContactRecorded>(Assert.Single(house.Send(First, Row("示例员", "010-55550001"), Operators.Subdistrict, Today).Events));
        house.Check();
    }

    [Fact, Trait("F", "29")]
    public void A_contact_is_masked_until_a_look_is_recorded()
    {
        Assert.Equal(new Contact("示**", "010****0000"), house.Send(First, Row("示例员", "010-55550000"), Operators.Subdistrict, Today).View.Contact);
        var looked = Look("contact");
        Assert.Equal(new Contact("示例员", "01055550000"), looked.View.Contact);
        Assert.Equal(new EmployerEvent.ContactLookedAt("contact", Today), Assert.Single(looked.Events));
        Assert.Equal(looked.Version + 1, Look("contact").Version);
        var refused = Look("curiosity");
        Assert.Equal((LookRules.PurposeUnknown.Code, new Contact("示**", "010****0000")), (refused.Refusal?.Code, refused.View.Contact));

        Outcome<EmployerEvent, EmployerView> Look(string purpose) =>
            house.Memory.Look<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(First.Stream, purpose, Operators.Officer);
    }

    [Fact, Trait("F", "24"), Trait("F", "29")]
    public void A_chair_is_masked_until_a_look_is_recorded_and_an_equal_one_changes_nothing()
    {
        var row = new UnionCommand.TakeOver("Joint", UnionLevel.Primary, UnionKind.Joint, Subdistrict, new(1998, 7, 1), 3, new("示例员"));
        Assert.Equal(new Contact("示**"), house.Send(Joint, row, Operators.District, Today).View.Chair);
        Assert.Empty(house.Send(Joint, row, Operators.District, Today).Events);
        var looked = house.Memory.Look<Union, UnionState, UnionCommand, UnionEvent, UnionView>(Joint.Stream, "audit", Operators.Auditor);
        Assert.Equal(new Contact("示例员"), looked.View.Chair);
        Assert.Equal(new UnionEvent.ChairLookedAt("audit", Today), Assert.Single(looked.Events));
    }

    private static EmployerCommand.Record Row(string? name = null, string? phone = null) =>
        new(EmployerExamples.Code, "Unit One", EmployerKind.Private, "C", "110108", SubdistrictFederation, 60, Contact: name is null ? null : new(name, phone));

    private long Active(UnionId scope, DateOnly on) => house.Figure(UnionMeasures.Active, scope, on, on);

    private static void Sent<TEvent, TView>(Outcome<TEvent, TView> outcome)
    {
        Assert.Null(outcome.Refusal);
        Assert.NotEmpty(outcome.Events);
    }
}
