using System.Text.Json;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;
using UnionDomain.Reports;
using UnionDomain.Tests.CardBatches;
using UnionDomain.Tests.Specs;
using static UnionDomain.Tests.Members.MemberExamples;

namespace UnionDomain.Tests.Members;

/// <summary>What one member's card counts as, brings, and shows.</summary>
[Trait("F", "26")]
public sealed class CardFigureTests
{
    private const string Lost = "9999990000000014";
    private const string Instead = "9999990000000022";

    private readonly CardDesk desk = new(1);

    private MemberId Holder => desk.Members[0];

    [Fact]
    public void A_card_counts_from_the_day_it_is_recorded_at_the_members_union_and_unit()
    {
        Produce("B-1", Lost);
        var fact = Assert.Single(desk.House.Facts, fact => fact.Measure == CardMeasures.Issued.Id);
        Assert.Equal((Home, Unit.Value, 1L, Calendar.Today), (fact.Union, fact.Subject, fact.Value, fact.BusinessOn));
        Assert.Equal((0, 1), (Issued(Calendar.Today.AddDays(-1)), Issued(Calendar.Today)));
    }

    [Fact]
    public void A_replacement_counts_once_and_a_cancelled_card_not_at_all()
    {
        Produce("B-1", Lost);
        Notice(CardNotice.LossReported, Lost);
        Assert.Equal(1, Issued(Calendar.Today));
        Send(new MemberCommand.ApplyForCard(), Operators.Applicant);
        Send(new MemberCommand.CheckCardApplication());
        Produce("B-2", Instead);
        Assert.Equal((1, 1, "************0022"), (Issued(Calendar.Today), View().Card!.Former, View().Card!.NumberMask));
        Notice(CardNotice.Cancelled, Lost);
        Assert.Equal(1, Issued(Calendar.Today));
        Notice(CardNotice.Cancelled, Instead);
        Assert.Equal(0, Issued(Calendar.Today));
        Assert.Equal((1, 1), (Made(CardMeasures.Produced), Made(CardMeasures.Replaced)));
    }

    [Fact]
    public void A_card_in_the_place_of_a_cancelled_one_is_a_new_one_and_counts_in_the_period_also_when_the_member_has_left_meanwhile()
    {
        Produce("B-1", Lost);
        Notice(CardNotice.Cancelled, Lost);
        Send(new MemberCommand.ApplyForCard(), Operators.Applicant);
        Send(new MemberCommand.CheckCardApplication());
        Send(new MemberCommand.TakeCardLine(new("B-2"), 1));
        Send(new MemberCommand.SendCardLine(new("B-2"), 1));
        Send(new MemberCommand.Withdraw());
        Send(new MemberCommand.RecordCardResult(new("B-2"), 1, CardResult.Produced, Calendar.Today, Instead), Operators.Bank);
        Assert.Equal((2, 0, 0), (Made(CardMeasures.Produced), Made(CardMeasures.Replaced), Issued(Calendar.Today)));
        Assert.All(desk.House.Facts.Where(fact => fact.Measure == CardMeasures.Produced.Id), fact => Assert.Equal((Home, Unit.Value, 1L), (fact.Union, fact.Subject, fact.Value)));
    }

    [Fact]
    public void A_thousand_numbers_are_searched_for_at_once_and_no_more()
    {
        Assert.True(CardNumber.TryParse(Lost, out var number, out _));
        Assert.Null(((IQuery<CardLine>)new CardQuery { Numbers = [.. Enumerable.Repeat(number, 1_000)] }).Refused);
        Assert.Equal(SearchRules.TooMany.With("most", 1_000), ((IQuery<CardLine>)new CardQuery { Numbers = [.. Enumerable.Repeat(number, 1_001)] }).Refused);
    }

    [Fact]
    public void Benefits_go_with_the_membership_and_the_card_with_the_bank()
    {
        Produce("B-1", Lost);
        Assert.True(View().HasCardBenefitsOn(Calendar.Today));
        Assert.Single(desk.House.List(new CardQuery { BenefitsOn = Calendar.Today }));
        Send(new MemberCommand.Retain(RetentionGround.Unemployed));
        Assert.Equal((CardStatus.Produced, false, 0), (View().Card!.Status, View().HasCardBenefitsOn(Calendar.Today), Issued(Calendar.Today)));
        Assert.Empty(desk.House.List(new CardQuery { BenefitsOn = Calendar.Today }));
        Notice(CardNotice.Activated, Lost);
        Assert.Equal((CardStatus.Activated, false), (View().Card!.Status, View().HasCardBenefitsOn(Calendar.Today)));
        Send(new MemberCommand.Reinstate(Home, OtherUnit));
        Assert.Equal((true, 1), (View().HasCardBenefitsOn(Calendar.Today), Issued(Calendar.Today)));
        Send(new MemberCommand.WithdrawCardConsent());
        Assert.Equal((MemberStatus.Active, CardStatus.Activated, true), (View().Status, View().Card!.Status, View().HasCardBenefitsOn(Calendar.Today)));
    }

    [Fact, Trait("F", "29")]
    public void The_number_is_shown_after_a_look_alone_and_found_by_its_hash()
    {
        Produce("B-1", Lost);
        var seen = JsonSerializer.Serialize(View(), UnionJson.Options) + string.Join('\n', Member.ReadModels.SelectMany(desk.House.Rows).Select(row => JsonSerializer.Serialize(row.Values, UnionJson.Options)));
        Assert.DoesNotContain(Lost, seen, StringComparison.Ordinal);
        Assert.Null(View().CardPersonal);
        Assert.Equal(Lost, desk.House.Look<Member, MemberState, MemberCommand, MemberEvent, MemberView>(Holder.Stream, "card", Operators.District).View.CardPersonal!.Number);
        Assert.Equal([Holder], desk.House.List(new CardQuery { Number = "9999 9900 0000 0014" }).Select(line => line.Member));
        Assert.Empty(desk.House.List(new CardQuery { Number = Instead }));
        Assert.Empty(desk.House.List(new CardQuery { Number = "no number" }));

        // Of many numbers each holder tells which one it was.
        Assert.True(CardNumber.TryParse(Lost, out var lost, out _) & CardNumber.TryParse(Instead, out var other, out _));
        var found = Assert.Single(desk.House.List(new CardQuery { Numbers = [other, lost, lost] }));
        Assert.Equal((Holder, lost), (found.Member, found.Asked));
        Assert.DoesNotContain(Lost, found.ToString(), StringComparison.Ordinal);
        Assert.Empty(desk.House.List(new CardQuery { Numbers = [other] }));
        Assert.Empty(desk.House.List(new CardQuery { Numbers = [] }));
        Assert.Null(Assert.Single(desk.House.List(new CardQuery { Number = Lost })).Asked);
    }

    private int Issued(DateOnly on) => (int)desk.House.Count(CardMeasures.Issued, CardDesk.District, on, on).Value;

    private int Made(Measure measure) => (int)desk.House.Count(measure, CardDesk.District, Calendar.Today, Calendar.Today).Value;

    private MemberView View() => desk.View(Holder);

    private void Produce(string batch, string number)
    {
        var line = new CardBatchId(batch);
        Send(new MemberCommand.TakeCardLine(line, 1));
        Send(new MemberCommand.SendCardLine(line, 1));
        Send(new MemberCommand.RecordCardResult(line, 1, CardResult.Produced, Calendar.Today, number), Operators.Bank);
    }

    private void Notice(CardNotice kind, string number) => Send(new MemberCommand.RecordCardNotice(kind, Calendar.Today, number), Operators.Bank);

    private void Send(MemberCommand command, Operator? by = null) =>
        Assert.Null(desk.House.Send<Member, MemberState, MemberCommand, MemberEvent, MemberView>(Holder.Stream, command, by ?? Operators.District).Refusal);
}
