using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using static UnionDomain.CardBatches.CardBatchCommand;
using static UnionDomain.Tests.CardBatches.BatchExamples;
using static UnionDomain.Tests.Specs.Calendar;
using BatchRoom = UnionDomain.Kernel.Room<
    UnionDomain.CardBatches.CardBatch, UnionDomain.CardBatches.CardBatchState, UnionDomain.CardBatches.CardBatchCommand, UnionDomain.CardBatches.CardBatchEvent, UnionDomain.CardBatches.CardBatchView>;

namespace UnionDomain.Tests.CardBatches;

/// <summary>The batch: its lines, its limit, the file, the bank's reply.</summary>
[Trait("F", "27")]
public sealed class BatchSpecs
{
    private static readonly UnionId District = UnionExamples.DistrictFederation;
    private static readonly Reconcile Reply = new(Day(6, 16), [new(CardResult.Produced, Day(6, 12), LineSet.Of(1, 3)), new(CardResult.NameDisagrees, Day(6, 13), LineSet.Of(2))], "digest");

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public Task A_federation_opens_a_batch(int limit) => CardBatch.Given().When(new Open(District, limit)).Then(new CardBatchEvent.Opened(Subject, District, limit, null, Today));

    [Theory]
    [InlineData(0)]
    [InlineData(100_001)]
    public Task A_batch_has_a_limit(int limit) => CardBatch.Given().When(new Open(District, limit)).ThenRefused(NumberRules.OutOfRange.With("field", "limit").With("value", limit).With("fewest", 1).With("most", 100_000));

    [Fact]
    public Task Opened_again_changes_nothing() => CardBatch.Given(Opened).When(new Open(District, 5)).ThenNothing();

    [Fact]
    public Task Opened_again_otherwise_is_refused() => CardBatch.Given(Opened).When(new Open(District, 6)).ThenRefused(CardBatchRules.OpenedOtherwise);

    [Theory]
    [InlineData("U-200")]
    [InlineData("U-404")]
    public Task Only_a_federation_applies_with_the_bank(string union) => CardBatch.Given().When(new Open(new(union), 5)).ThenRefused(CardBatchRules.UnionNotFederation.With("union", union).With("date", "2014-06-30"));

    [Fact]
    public Task A_batch_repeats_an_answered_one() => CardBatch.Given().And(BatchRoom.Instance, Former.Stream, [Opened with { Batch = Former }, .. Reconciled[1..]]).When(new Open(District, 5, Former))
        .Then(new CardBatchEvent.Opened(Subject, District, 5, Former, Today));

    [Fact]
    public Task A_batch_without_an_answer_is_not_repeated() => CardBatch.Given().And(BatchRoom.Instance, Former.Stream, [Opened with { Batch = Former }, .. Sent[1..]]).When(new Open(District, 5, Former))
        .ThenRefused(CardBatchRules.FormerNotAnswered.With("former", Former));

    [Fact]
    public Task A_batch_that_never_was_is_not_repeated() => CardBatch.Given().When(new Open(District, 5, Former)).ThenRefused(CardBatchRules.FormerNotAnswered);

    [Theory]
    [InlineData(Role.Officer)]
    [InlineData(Role.Subdistrict)]
    [InlineData(Role.Bank)]
    public Task Others_open_nothing(Role role) => CardBatch.Given().When(new Open(District, 5)).By(Operators.District with { Role = role }).ThenRefused(CardBatchRules.RoleNotAllowed.With("role", role));

    public static TheoryData<CardBatchCommand> OfTheDistrict => [new AddLines([Person(4)]), new VoidLines(LineSet.Of(1)), new ClearLines(LineSet.Of(1)), new Close(), new Export(), new MarkSent()];

    [Theory, MemberData(nameof(OfTheDistrict))]
    public Task Others_move_nothing(CardBatchCommand command) => CardBatch.Given(Opened, ThreeLines).When(command).By(Operators.Bank).Because("test").ThenRefused(CardBatchRules.RoleNotAllowed.With("role", Role.Bank));

    [Theory, MemberData(nameof(OfTheDistrict))]
    public Task Nothing_is_done_to_a_batch_that_never_was(CardBatchCommand command) => CardBatch.Given().When(command).ThenRefused(CardBatchRules.Unknown);

    // Lines.
    [Fact]
    public Task Members_get_the_next_lines() => CardBatch.Given(Opened, ThreeLines).When(new AddLines([Person(4), Person(5)])).Then(new CardBatchEvent.LinesAdded(4, [Person(4), Person(5)], Today));

    [Fact]
    public Task Whoever_stands_in_it_is_passed_over() => CardBatch.Given(Opened, ThreeLines).When(new AddLines([Person(2), Person(4), Person(4)])).Then(new CardBatchEvent.LinesAdded(4, [Person(4)], Today));

    [Fact]
    public Task Added_again_changes_nothing() => CardBatch.Given(Opened, ThreeLines).When(new AddLines([Person(1), Person(2), Person(3)])).ThenNothing();

    [Fact]
    public Task Added_again_later_changes_nothing() => CardBatch.Given(Sent).When(new AddLines([Person(1)])).ThenNothing();

    [Fact]
    public Task A_void_line_is_not_given_again() => CardBatch.Given(Opened, ThreeLines, new CardBatchEvent.LinesVoided(LineSet.Of(2), Day(6, 4))).When(new AddLines([Person(2), Person(4)]))
        .Then(new CardBatchEvent.LinesAdded(4, [Person(4)], Today));

    [Fact]
    public Task Beyond_the_limit_nobody_is_added() => CardBatch.Given(Opened, ThreeLines).When(new AddLines([Person(4), Person(5), Person(6)])).ThenRefused(CardBatchRules.Full.With("room", 2).With("limit", 5).With("count", 3));

    [Fact]
    public Task A_closed_batch_takes_no_lines() => CardBatch.Given(Closed).When(new AddLines([Person(4)])).ThenRefused(CardBatchRules.NotOpen.With("status", CardBatchStatus.Closed));

    [Fact]
    public Task A_member_is_named_by_a_uuid() => CardBatch.Given(Opened).When(new AddLines([new("110108190101010008")])).ThenRefused(CardBatchRules.MemberInvalid);

    [Fact]
    public Task Ten_thousand_at_once_are_taken() => CardBatch.Given(Opened with { Limit = 100_000 }).When(new AddLines([.. Enumerable.Range(1, 10_000).Select(Many)]))
        .Then(new CardBatchEvent.LinesAdded(1, [.. Enumerable.Range(1, 10_000).Select(Many)], Today));

    [Fact]
    public Task One_more_is_too_many() => CardBatch.Given(Opened with { Limit = 100_000 }).When(new AddLines([.. Enumerable.Range(1, 10_001).Select(Many)]))
        .ThenRefused(CardBatchRules.TooManyAtOnce.With("count", 10_001).With("most", 10_000));

    [Fact]
    public Task Nothing_is_dated_before_the_newest_date() => CardBatch.Given(Opened, ThreeLines).When(new AddLines([Person(4)])).On(Day(6, 2)).ThenRefused(OccasionRules.BeforeFormer);

    // Void lines.
    [Fact]
    public Task Lines_become_void_with_a_reason() => CardBatch.Given(Opened, ThreeLines).When(new VoidLines(LineSet.Of(1, 3))).Because("refused").Then(new CardBatchEvent.LinesVoided(LineSet.Of(1, 3), Today));

    [Fact]
    public Task Without_a_reason_nothing_is_void() => CardBatch.Given(Opened, ThreeLines).When(new VoidLines(LineSet.Of(1))).ThenRefused(OccasionRules.ReasonMissing);

    [Fact]
    public Task Void_again_changes_nothing() => CardBatch.Given(Opened, ThreeLines, new CardBatchEvent.LinesVoided(LineSet.Of(1), Day(6, 4))).When(new VoidLines(LineSet.Of(1))).Because("refused").ThenNothing();

    [Fact]
    public Task Only_what_is_new_becomes_void() => CardBatch.Given(Opened, ThreeLines, new CardBatchEvent.LinesVoided(LineSet.Of(1), Day(6, 4))).When(new VoidLines(LineSet.Of(1, 2))).Because("refused")
        .Then(new CardBatchEvent.LinesVoided(LineSet.Of(2), Today));

    [Fact]
    public Task A_line_that_never_was_is_not_void() => CardBatch.Given(Opened, ThreeLines).When(new VoidLines(LineSet.Of(3, 4, 5))).Because("refused").ThenRefused(CardBatchRules.LinesUnknown.With("lines", "4-5"));

    [Fact]
    public Task What_the_bank_has_is_not_void() => CardBatch.Given(Sent).When(new VoidLines(LineSet.Of(1))).Because("refused").ThenRefused(CardBatchRules.Sent);

    [Fact]
    public Task After_the_answer_a_line_becomes_void_whose_member_could_not_be_told() => CardBatch.Given(Reconciled).When(new VoidLines(LineSet.Of(3))).Because("number held").Then(new CardBatchEvent.LinesVoided(LineSet.Of(3), Today));

    [Fact]
    public Task Whose_member_was_told_it_does_not() => CardBatch.Given([.. Reconciled, new CardBatchEvent.LinesTold(LineSet.Of(1, 2), Day(6, 18))]).When(new VoidLines(LineSet.Of(2, 3))).Because("number held")
        .ThenRefused(CardBatchRules.LinesTold.With("lines", "2"));

    [Fact]
    public Task A_file_is_void_with_its_lines() => CardBatch.Given([.. Exported, new CardBatchEvent.LinesVoided(LineSet.Of(2), Day(6, 7))]).When(new MarkSent()).ThenRefused(CardBatchRules.NotExported.With("status", CardBatchStatus.Closed));

    [Fact]
    public Task And_is_made_anew() => CardBatch.Given([.. Exported, new CardBatchEvent.LinesVoided(LineSet.Of(2), Day(6, 7))]).When(new Export()).Then(new CardBatchEvent.Exported(2, Today));

    [Fact]
    public Task A_batch_of_void_lines_goes_nowhere() => CardBatch.Given([.. Exported, new CardBatchEvent.LinesVoided(LineSet.To(3), Day(6, 7))]).When(new Export()).ThenRefused(CardBatchRules.NotClosed.With("status", CardBatchStatus.Void));

    // Closing, clearing, the file.
    [Fact]
    public Task The_batch_is_closed() => CardBatch.Given(Opened, ThreeLines).When(new Close()).Then(new CardBatchEvent.Closed(Today));

    [Fact]
    public Task Closed_again_changes_nothing() => CardBatch.Given(Closed).When(new Close()).ThenNothing();

    [Fact]
    public Task An_empty_batch_is_not_closed() => CardBatch.Given(Opened).When(new Close()).ThenRefused(CardBatchRules.Empty);

    [Fact]
    public Task One_of_void_lines_alone_is_closed() => CardBatch.Given(Opened, ThreeLines, new CardBatchEvent.LinesVoided(LineSet.To(3), Day(6, 4))).When(new Close()).Then(new CardBatchEvent.Closed(Today));

    [Fact]
    public Task And_nothing_of_it_goes_to_the_bank() => CardBatch.Given(Opened, ThreeLines, new CardBatchEvent.LinesVoided(LineSet.To(3), Day(6, 4)), new CardBatchEvent.Closed(Day(6, 5)))
        .When(new Export()).ThenRefused(CardBatchRules.NotClosed.With("status", CardBatchStatus.Void));

    [Fact]
    public Task Lines_are_cleared() => CardBatch.Given(Closed).When(new ClearLines(LineSet.Of(1, 2))).Then(new CardBatchEvent.LinesCleared(LineSet.Of(1, 2), Today));

    [Fact]
    public Task Cleared_again_changes_nothing() => CardBatch.Given(Sent).When(new ClearLines(LineSet.Of(1, 2))).ThenNothing();

    [Fact]
    public Task An_open_batch_clears_nothing() => CardBatch.Given(Opened, ThreeLines).When(new ClearLines(LineSet.Of(1))).ThenRefused(CardBatchRules.NotClosed.With("status", CardBatchStatus.Open));

    [Fact]
    public Task A_void_line_is_not_cleared() => CardBatch.Given([.. Closed, new CardBatchEvent.LinesVoided(LineSet.Of(2), Day(6, 5))]).When(new ClearLines(LineSet.Of(1, 2))).ThenRefused(CardBatchRules.LinesVoid.With("lines", "2"));

    [Fact]
    public Task A_line_that_never_was_is_not_cleared() => CardBatch.Given(Closed).When(new ClearLines(LineSet.Of(4))).ThenRefused(CardBatchRules.LinesUnknown.With("lines", "4"));

    [Fact]
    public Task The_file_is_made_of_cleared_lines() => CardBatch.Given(Cleared).When(new Export()).Then(new CardBatchEvent.Exported(3, Today));

    [Fact]
    public Task An_open_line_stops_the_file() => CardBatch.Given([.. Closed, new CardBatchEvent.LinesCleared(LineSet.Of(1, 3), Day(6, 5))]).When(new Export()).ThenRefused(CardBatchRules.LinesOpen.With("lines", "2"));

    [Fact]
    public Task A_void_line_does_not() => CardBatch.Given([.. Closed, new CardBatchEvent.LinesCleared(LineSet.Of(1, 3), Day(6, 5)), new CardBatchEvent.LinesVoided(LineSet.Of(2), Day(6, 5))]).When(new Export()).Then(new CardBatchEvent.Exported(2, Today));

    [Fact]
    public Task The_file_again_changes_nothing() => CardBatch.Given(Sent).When(new Export()).ThenNothing();

    [Fact]
    public Task An_open_batch_has_no_file() => CardBatch.Given(Opened, ThreeLines).When(new Export()).ThenRefused(CardBatchRules.NotClosed.With("status", CardBatchStatus.Open));

    [Fact]
    public Task The_bank_has_the_file() => CardBatch.Given(Exported).When(new MarkSent()).Then(new CardBatchEvent.Sent(Today));

    [Fact]
    public Task Sent_again_changes_nothing() => CardBatch.Given(Reconciled).When(new MarkSent()).ThenNothing();

    [Fact]
    public Task Without_a_file_nothing_is_sent() => CardBatch.Given(Cleared).When(new MarkSent()).ThenRefused(CardBatchRules.NotExported.With("status", CardBatchStatus.Closed));

    // The reply.
    [Fact]
    public Task The_bank_answers_every_line() => CardBatch.Given(Sent).When(Reply).By(Operators.Bank).Then(new CardBatchEvent.Reconciled(Day(6, 16), Reply.Results, "", Today));

    [Fact]
    public Task The_same_reply_again_changes_nothing() => CardBatch.Given(Sent).After(Reply, by: Operators.Bank, on: Day(6, 17)).When(Reply).By(Operators.Bank).ThenNothing();

    [Fact]
    public Task The_same_reply_after_everybody_was_told_changes_nothing() => CardBatch.Given(Sent).After(Reply, by: Operators.Bank, on: Day(6, 17)).After(new TellLines(LineSet.To(3)), on: Day(6, 17)).When(Reply).By(Operators.Bank).ThenNothing();

    [Fact]
    public Task A_reply_of_other_content_is_refused() => CardBatch.Given(Sent).After(Reply, by: Operators.Bank, on: Day(6, 17)).When(Reply with { Digest = "other" }).By(Operators.Bank).ThenRefused(CardBatchRules.AnsweredOtherwise);

    [Fact]
    public Task Nobody_answers_for_the_bank() => CardBatch.Given(Sent).When(Reply).ThenRefused(CardBatchRules.RoleNotAllowed.With("role", Role.District));

    [Fact]
    public Task What_was_not_sent_is_not_answered() => CardBatch.Given(Exported).When(Reply).By(Operators.Bank).ThenRefused(CardBatchRules.NotSent.With("status", CardBatchStatus.Exported));

    [Fact]
    public Task A_reply_to_no_batch_is_refused() => CardBatch.Given().When(Reply).By(Operators.Bank).ThenRefused(CardBatchRules.Unknown);

    [Fact]
    public Task A_line_too_many_refuses_the_reply() => CardBatch.Given(Sent).When(Reply with { Results = [new(CardResult.Produced, Day(6, 12), LineSet.Of(1, 2, 3, 4))] }).By(Operators.Bank).ThenRefused(CardBatchRules.LinesUnknown.With("lines", "4"));

    [Fact]
    public Task A_void_line_refuses_the_reply() => CardBatch.Given([.. Cleared, new CardBatchEvent.LinesVoided(LineSet.Of(2), Day(6, 5)), new CardBatchEvent.Exported(2, Day(6, 6)), new CardBatchEvent.Sent(Day(6, 9))])
        .When(Reply).By(Operators.Bank).ThenRefused(CardBatchRules.LinesUnknown.With("lines", "2"));

    [Fact]
    public Task A_line_too_few_refuses_the_reply() => CardBatch.Given(Sent).When(Reply with { Results = Reply.Results[..1] }).By(Operators.Bank).ThenRefused(CardBatchRules.LinesMissing.With("lines", "2"));

    [Fact]
    public Task A_line_twice_refuses_the_reply() => CardBatch.Given(Sent).When(Reply with { Results = Reply.Results.Add(new(CardResult.Format, Day(6, 12), LineSet.Of(3))) }).By(Operators.Bank)
        .ThenRefused(CardBatchRules.LinesRepeated.With("lines", "3"));

    [Fact]
    public Task An_unknown_result_refuses_the_reply() => CardBatch.Given(Sent).When(Reply with { Results = [new((CardResult)6, Day(6, 12), LineSet.To(3))] }).By(Operators.Bank).ThenRefused(CardRules.ResultUnknown);

    [Theory]
    [InlineData(13)]
    [InlineData(30)]
    public Task A_reply_is_dated_from_its_newest_result_to_today(int day) => CardBatch.Given(Sent).When(Reply with { RepliedOn = Day(6, day) }).By(Operators.Bank)
        .Then(new CardBatchEvent.Reconciled(Day(6, day), Reply.Results, "", Today));

    [Theory]
    [InlineData(6, 8)]
    [InlineData(6, 12)]
    [InlineData(7, 1)]
    public Task A_reply_of_another_date_is_refused(int month, int day) => CardBatch.Given(Sent).When(Reply with { RepliedOn = Day(month, day) }).By(Operators.Bank).ThenRefused(CardBatchRules.ReplyDates);

    [Fact]
    public Task Members_were_told() => CardBatch.Given(Reconciled).When(new TellLines(LineSet.Of(1, 2))).By(Operators.Bank).Then(new CardBatchEvent.LinesTold(LineSet.Of(1, 2), Today));

    [Fact]
    public Task Told_again_changes_nothing() => CardBatch.Given([.. Reconciled, new CardBatchEvent.LinesTold(LineSet.To(3), Day(6, 18))]).When(new TellLines(LineSet.To(2))).ThenNothing();

    [Fact]
    public Task Before_the_answer_there_is_nothing_to_be_told() => CardBatch.Given(Sent).When(new TellLines(LineSet.To(2))).ThenRefused(CardBatchRules.NotAnswered.With("lines", "1-2"));

    [Fact]
    public Task That_a_line_is_void_is_told_at_any_time() => CardBatch.Given(Opened, ThreeLines, new CardBatchEvent.LinesVoided(LineSet.Of(2), Day(6, 4))).When(new TellLines(LineSet.Of(2))).Then(new CardBatchEvent.LinesTold(LineSet.Of(2), Today));

    [Fact]
    public Task A_line_that_never_was_is_told_to_nobody() => CardBatch.Given(Reconciled).When(new TellLines(LineSet.Of(4))).ThenRefused(CardBatchRules.LinesUnknown.With("lines", "4"));

    [Fact]
    public Task Officers_tell_nobody() => CardBatch.Given(Reconciled).When(new TellLines(LineSet.Of(1))).By(Operators.Officer).ThenRefused(CardBatchRules.RoleNotAllowed.With("role", Role.Officer));

    private static MemberId Many(int n) => new($"014600000000700080000000{n:00000000}");
}
