using CsCheck;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Reports;

namespace UnionDomain.Tests.CardBatches;

/// <summary>The work between a batch and its members, cut off anywhere, repeated and done by several at once: seven members, of whom one agrees no more and two are rejected at first.</summary>
[Trait("F", "28")]
public sealed class CardWorkTests
{
    private static readonly MemberId Unwilling = BatchExamples.Person(5);

    private static readonly Lazy<string> Done = new(() =>
    {
        var desk = New();
        foreach (var _ in desk.Everything()) { }
        return desk.Seen();
    });

    [Fact]
    public void Everybody_who_agrees_has_one_card_and_the_sums_agree()
    {
        var desk = New();
        foreach (var _ in desk.Everything()) { }
        var (first, second) = (desk.View(CardDesk.First), desk.View(CardDesk.Second));
        Assert.Equal((CardBatchStatus.Settled, 7, 4, 2, "5"), (first.Status, first.Lines, first.Produced, first.Rejected, first.Void.Value));
        Assert.Equal((CardBatchStatus.Settled, 2, 2, 0, CardDesk.First), (second.Status, second.Lines, second.Produced, second.Rejected, second.Former));
        Assert.All(desk.Members, member => Assert.Equal(member == Unwilling ? CardStatus.None : CardStatus.Produced, desk.View(member).Card!.Status));
        Assert.Equal(6, desk.House.Count(CardMeasures.Issued, CardDesk.District, new(2014, 1, 1), new(2014, 6, 30)).Value);
        Assert.Equal(6, desk.Members.Select(member => desk.View(member).Card!.NumberMask).OfType<string>().Distinct().Count());
    }

    [Fact]
    public void Cut_off_after_any_command_it_goes_on_to_the_same_end()
    {
        var steps = New().Everything().Count();
        Assert.True(steps > 50, $"{steps} steps");
        for (var cut = 0; cut <= steps; cut++)
        {
            var desk = New();
            foreach (var _ in desk.Everything().Take(cut)) { }
            foreach (var _ in desk.Everything()) { }
            Assert.True(Done.Value == desk.Seen(), $"cut after {cut} of {steps}");
        }
    }

    [Fact]
    public void Every_command_given_twice_ends_the_same()
    {
        var desk = New(twice: true);
        foreach (var _ in desk.Everything()) { }
        Assert.Equal(Done.Value, desk.Seen());
    }

    [Fact]
    public void Every_command_given_again_in_the_end_changes_nothing()
    {
        var desk = New();
        foreach (var _ in desk.Everything()) { }
        var facts = desk.House.Facts.Count;
        desk.SendAgain(all => all);
        desk.SendAgain(Enumerable.Reverse);
        Assert.Equal((Done.Value, facts), (desk.Seen(), desk.House.Facts.Count));
    }

    [Fact]
    public void Late_repeats_in_the_middle_change_nothing() => Gen.Select(Gen.Int[0, 90], Gen.Int[0, 1_000_000]).Sample(
        (cut, seed) =>
        {
            var desk = New();
            foreach (var _ in desk.Everything().Take(cut)) { }
            desk.SendAgain(all => all.OrderBy(entry => HashCode.Combine(seed, entry.Command.GetHashCode())));
            foreach (var _ in desk.Everything()) { }
            Assert.Equal(Done.Value, desk.Seen());
        },
        iter: 200);

    [Fact]
    public void Several_at_once_give_nobody_two_cards_and_leave_no_hole() => Gen.Select(Gen.Int[0, 2].Array[600], Gen.Int[0, 5]).Sample(
        (turns, lag) =>
        {
            var desk = New();
            // Two drive the same batch, and a third one another batch for the same people.
            var third = new CardBatchId("B-9");
            var drivers = new[] { desk.Everything().GetEnumerator(), desk.Batch(CardDesk.First, null).Skip(lag % 2).GetEnumerator(), desk.Batch(third, null).GetEnumerator() };
            foreach (var turn in turns) drivers[turn].MoveNext();
            foreach (var driver in drivers)
                while (driver.MoveNext()) { }
            foreach (var _ in desk.Batch(third, null).Concat(desk.Everything())) { }

            var cards = desk.Members.Where(member => desk.View(member).Card!.IsLive).ToList();
            Assert.Equal(cards.Count, desk.House.Count(CardMeasures.Issued, CardDesk.District, new(2014, 1, 1), new(2014, 6, 30)).Value);
            var numbers = desk.House.Rows(CardLine.Model).Select(row => row.Values[CardLine.Model.Columns.IndexOf(CardLine.Model[Member.CardHash])]).OfType<string>().ToList();
            Assert.Equal((cards.Count, cards.Count), (numbers.Count, numbers.Distinct().Count()));
            foreach (var batch in new[] { CardDesk.First, CardDesk.Second, third }.Select(desk.View).Where(batch => batch.Status is not (CardBatchStatus.None or CardBatchStatus.Open)))
            {
                Assert.True(batch.Status is CardBatchStatus.Settled or CardBatchStatus.Void, $"{batch.Id} {batch.Status}");
                // Sent is produced and rejected, and every other line is void; whoever stands on one knows.
                if (batch.Status == CardBatchStatus.Settled) Assert.Equal(batch.Lines - batch.Void.Count, batch.Produced + batch.Rejected);
                Assert.Equal((LineSet.Empty, LineSet.Empty), (batch.Open.Without(LineSet.To(batch.Lines)), batch.Untold));
                Assert.All(desk.House.List(new CardBatchLineQuery { Batch = batch.Id }).Where(line => batch.Void.Contains(line.Line)), line => Assert.NotEqual(new CardLineId(batch.Id, line.Line), desk.View(line.Member).Card?.Line));
            }
        },
        iter: 200);

    [Fact]
    public void A_command_that_follows_has_one_id()
    {
        var id = CardWork.CommandId(CardDesk.First, "take-card-line", 1);
        Assert.Equal(id, CardWork.CommandId(CardDesk.First, "take-card-line", 1));
        Assert.Equal(8, id.Version);
        Assert.Equal(4, new[] { id, CardWork.CommandId(CardDesk.First, "take-card-line", 2), CardWork.CommandId(CardDesk.First, "send-card-line", 1), CardWork.CommandId(CardDesk.Second, "take-card-line", 1) }.Distinct().Count());
    }

    [Theory]
    [InlineData("occasion.before-former")]
    [InlineData("member.role-not-allowed")]
    public void A_line_is_not_given_up_for_how_somebody_asked(string code) =>
        Assert.Equal(CardAnswer.Wait, CardWork.Heard(new MemberCommand.SendCardLine(CardDesk.First, 1), new(code, "No.", "否。")));

    [Fact]
    public void A_number_that_somebody_else_has_stays_on_the_list() => Assert.Equal(CardAnswer.Wait, CardWork.Heard(new MemberCommand.RecordCardResult(CardDesk.First, 1, CardResult.Produced, default), CardRules.NumberHeld));

    private static CardDesk New(bool twice = false) => new(7) { Withdraws = Unwilling, Twice = twice };
}
