using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using static UnionDomain.Members.MemberCommand;
using static UnionDomain.Tests.Members.MemberExamples;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Members;

/// <summary>The card in the member's stream: consent, application, check, line, the bank's word, benefits.</summary>
[Trait("F", "26"), Trait("F", "27")]
public sealed class CardSpecs
{
    private const string CardNumber = "9999990000000014";
    private const string OtherCard = "9999990000000022";

    private static readonly CardBatchId Batch = new("B-1");
    private static readonly CardBatchId Next = new("B-2");

    private static readonly MemberEvent Asked = new MemberEvent.CardApplied(Operators.Applicant.Id, Day(6, 2));
    private static readonly MemberEvent Checked = new MemberEvent.CardDataChecked(Day(6, 3));
    private static readonly MemberEvent DataRejected = new MemberEvent.CardDataRejected(Day(6, 3));
    private static readonly MemberEvent Batched = new MemberEvent.CardBatched(Batch, 7, Day(6, 4));
    private static readonly MemberEvent Sent = new MemberEvent.CardSent(Batch, 7, Day(6, 5));
    private static readonly MemberEvent Rejected = new MemberEvent.CardBankRejected(Batch, 7, CardResult.NameDisagrees, null, Day(6, 9), Day(6, 10));
    private static readonly MemberEvent Produced = new MemberEvent.CardProduced(Batch, 7, "t.card", "************0014", "AAAA", Day(6, 9), Day(6, 10));
    private static readonly MemberEvent GivenConsent = new MemberEvent.CardConsentGiven(Day(6, 1));
    private static readonly MemberEvent NoConsent = new MemberEvent.CardConsentWithdrawn(Day(6, 1));
    private static readonly MemberEvent Retired = new MemberEvent.Retained(RetentionGround.Retired, Home, Day(6, 20));
    private static readonly MemberEvent Gone = new MemberEvent.Withdrawn(Day(6, 20));

    private static readonly MemberEvent[] AtBank = [Entered, Asked, Checked, Batched, Sent];
    private static readonly MemberEvent[] WithCard = [.. AtBank, Produced];
    private static readonly MemberEvent[] WithLostCard = [.. WithCard, new MemberEvent.CardNoticed(CardNotice.LossReported, Day(6, 12), Day(6, 12))];
    private static readonly MemberEvent[] WithCancelledCard = [.. WithCard, new MemberEvent.CardNoticed(CardNotice.Cancelled, Day(6, 12), Day(6, 12))];

    private static MemberEvent.Entered SheetSays(string? consent) => Entered with { Record = Record(Form with { CardConsent = consent }) };

    // Consent.
    [Theory]
    [InlineData(Role.Member)]
    [InlineData(Role.Officer)]
    [InlineData(Role.Committee)]
    [InlineData(Role.Subdistrict)]
    [InlineData(Role.District)]
    public Task Consent_is_given_as_a_word_of_its_own(Role role) => Member.Given(SheetSays("0")).When(new GiveCardConsent()).By(HomeOfficer with { Role = role }).Then(new MemberEvent.CardConsentGiven(Today));

    [Fact]
    public Task Consent_given_again_changes_nothing() => Member.Given(Entered, GivenConsent).When(new GiveCardConsent()).ThenNothing();

    [Fact]
    public Task The_bank_gives_no_consent() => Member.Given(Entered).When(new GiveCardConsent()).By(Operators.Bank).ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Bank));

    [Fact]
    public Task Who_left_gives_no_consent() => Member.Given(Entered, Gone).When(new GiveCardConsent()).ThenRefused(MemberRules.NotStanding.With("status", MemberStatus.Withdrawn));

    [Fact]
    public Task Consent_is_not_given_before_the_newest_date() => Member.Given(Entered).When(new GiveCardConsent()).On(Day(5, 19)).ThenRefused(OccasionRules.BeforeFormer);

    [Fact]
    public Task Nobody_consents_who_never_was() => Member.Given().When(new GiveCardConsent()).ThenRefused(MemberRules.Unknown);

    [Fact]
    public Task Consent_is_withdrawn() => Member.Given(Entered, GivenConsent).When(new WithdrawCardConsent()).By(Operators.Member).Then(new MemberEvent.CardConsentWithdrawn(Today));

    [Fact]
    public Task Consent_withdrawn_again_changes_nothing() => Member.Given(Entered, NoConsent).When(new WithdrawCardConsent()).ThenNothing();

    [Fact]
    public Task Who_left_still_withdraws_consent() => Member.Given(Entered, Gone).When(new WithdrawCardConsent()).Then(new MemberEvent.CardConsentWithdrawn(Today));

    [Fact]
    public Task An_auditor_withdraws_no_consent() => Member.Given(Entered).When(new WithdrawCardConsent()).By(Operators.Auditor).ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Audit));

    [Fact]
    public Task Withdrawing_consent_ends_no_membership() => Member.Given(Entered, NoConsent).When(new OfferTransfer(Away)).Then(new MemberEvent.TransferOffered(Away, null, Day(7, 30), HomeOfficer.Id, Today));

    [Fact]
    public Task The_word_outlives_the_sheet() => Member.Given(Entered, NoConsent).When(new ApplyForCard()).ThenRefused(CardRules.ConsentMissing);

    [Fact]
    public Task A_word_makes_up_for_the_sheet() => Member.Given(SheetSays(null), GivenConsent).When(new ApplyForCard()).Then(new MemberEvent.CardApplied(HomeOfficer.Id, Today));

    // Application.
    [Theory]
    [InlineData(Role.Member)]
    [InlineData(Role.Officer)]
    [InlineData(Role.Committee)]
    [InlineData(Role.Municipal)]
    public Task A_qualified_member_who_agrees_applies(Role role) => Member.Given(Entered).When(new ApplyForCard()).By(HomeOfficer with { Role = role }).Then(new MemberEvent.CardApplied(HomeOfficer.Id, Today));

    [Theory]
    [InlineData(Role.Bank)]
    [InlineData(Role.Audit)]
    [InlineData(Role.Finance)]
    public Task Others_do_not_apply(Role role) => Member.Given(Entered).When(new ApplyForCard()).By(HomeOfficer with { Role = role }).ThenRefused(MemberRules.RoleNotAllowed.With("role", role));

    [Fact]
    public Task Applied_again_changes_nothing() => Member.Given(Entered, Asked).When(new ApplyForCard()).ThenNothing();

    [Fact]
    public Task An_application_at_the_bank_is_not_repeated() => Member.Given(AtBank).When(new ApplyForCard()).ThenNothing();

    [Fact]
    public Task After_rejected_data_it_is_applied_for_again() => Member.Given(Entered, Asked, DataRejected).When(new ApplyForCard()).Then(new MemberEvent.CardApplied(HomeOfficer.Id, Today));

    [Fact]
    public Task A_sheet_without_consent_is_none() => Member.Given(SheetSays("0")).When(new ApplyForCard()).ThenRefused(CardRules.ConsentMissing);

    [Fact]
    public Task An_unqualified_record_gets_no_card() => Member.Given(Entered with { Record = Record(Form with { Mobile = "1" }) }).When(new ApplyForCard())
        .ThenRefused(CardRules.RecordNotQualified.With("date", "2014-06-30"));

    [Fact]
    public Task On_the_documents_last_day_it_is_still_applied_for() => Member.Given(Entered with { Record = Record(Form with { DocumentValidUntil = "2014-06-30" }) }).When(new ApplyForCard())
        .Then(new MemberEvent.CardApplied(HomeOfficer.Id, Today));

    [Fact]
    public Task The_day_after_it_is_not() => Member.Given(Entered with { Record = Record(Form with { DocumentValidUntil = "2014-06-29" }) }).When(new ApplyForCard()).ThenRefused(CardRules.RecordNotQualified);

    [Fact]
    public Task A_retained_member_applies_for_none() => Member.Given(Entered, Retired).When(new ApplyForCard()).ThenRefused(MemberRules.NotActive.With("status", MemberStatus.Retained));

    [Fact]
    public Task An_applicant_applies_for_none() => Member.Given(Applied).When(new ApplyForCard()).ThenRefused(MemberRules.NotActive.With("status", MemberStatus.Applicant));

    [Fact]
    public Task A_second_card_is_refused() => Member.Given(WithCard).When(new ApplyForCard()).ThenRefused(CardRules.Held.With("status", CardStatus.Produced));

    [Theory]
    [InlineData(CardNotice.Activated, CardStatus.Activated)]
    [InlineData(CardNotice.Frozen, CardStatus.Frozen)]
    public Task A_second_card_is_refused_wherever_the_first_stands(CardNotice kind, CardStatus status) => Member.Given([.. WithCard, new MemberEvent.CardNoticed(kind, Day(6, 12), Day(6, 12))])
        .When(new ApplyForCard()).ThenRefused(CardRules.Held.With("status", status));

    [Fact]
    public Task A_lost_card_is_replaced() => Member.Given(WithLostCard).When(new ApplyForCard()).Then(new MemberEvent.CardApplied(HomeOfficer.Id, Today));

    [Fact]
    public Task After_a_cancelled_card_another_is_applied_for() => Member.Given(WithCancelledCard).When(new ApplyForCard()).Then(new MemberEvent.CardApplied(HomeOfficer.Id, Today));

    [Fact]
    public Task Withdrawn_consent_stops_an_application() => Member.Given(Entered, Asked, Checked, new MemberEvent.CardConsentWithdrawn(Day(6, 5))).When(new TakeCardLine(Batch, 7)).By(Operators.District)
        .ThenRefused(CardRules.NotChecked.With("status", CardOrderStatus.None));

    [Fact]
    public Task Withdrawn_consent_does_not_stop_what_the_bank_has() => Member.Given([.. AtBank, new MemberEvent.CardConsentWithdrawn(Day(6, 6))])
        .When(new RecordCardResult(Batch, 7, CardResult.NoCapacity, Day(6, 9))).By(Operators.Bank).Then(new MemberEvent.CardBankRejected(Batch, 7, CardResult.NoCapacity, null, Day(6, 9), Today));

    [Fact]
    public Task Who_leaves_leaves_the_application() => Member.Given(Entered, Asked, Checked, Batched, Gone).When(new SendCardLine(Batch, 7)).By(Operators.District)
        .ThenRefused(CardRules.LineNotOpen.With("line", 7).With("batch", Batch).With("status", CardOrderStatus.None));

    // The check of the data.
    [Theory]
    [InlineData(Role.Officer)]
    [InlineData(Role.District)]
    public Task The_data_are_checked(Role role) => Member.Given(Entered, Asked).When(new CheckCardApplication()).By(HomeOfficer with { Role = role }).Then(new MemberEvent.CardDataChecked(Today));

    [Fact]
    public Task Nobody_checks_an_application_of_their_own() => Member.Given(Entered, Asked).When(new CheckCardApplication()).By(Operators.Applicant).ThenRefused(CardRules.OwnSubmission);

    [Fact]
    public Task Members_check_nothing() => Member.Given(Entered, Asked).When(new CheckCardApplication()).By(Operators.Member).ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Member));

    [Fact]
    public Task Checked_again_changes_nothing() => Member.Given(Entered, Asked, Checked).When(new CheckCardApplication()).ThenNothing();

    [Fact]
    public Task Without_an_application_nothing_is_checked() => Member.Given(Entered).When(new CheckCardApplication()).ThenRefused(CardRules.NotApplied.With("status", CardOrderStatus.None));

    [Fact]
    public Task What_the_bank_rejected_is_checked_again() => Member.Given([.. AtBank, Rejected]).When(new CheckCardApplication()).Then(new MemberEvent.CardDataChecked(Today));

    [Fact]
    public Task Data_that_went_bad_are_not_checked() => Member.Given(Entered, Asked, new MemberEvent.Collected(At(Unit), Record(Form with { Mobile = "1" }), Day(6, 3))).When(new CheckCardApplication()).ThenRefused(CardRules.RecordNotQualified);

    [Fact]
    public Task Wrong_data_are_rejected_with_a_reason() => Member.Given(Entered, Asked).When(new RejectCardApplication()).Because("name").Then(new MemberEvent.CardDataRejected(Today));

    [Fact]
    public Task Checked_data_may_still_be_rejected() => Member.Given(Entered, Asked, Checked).When(new RejectCardApplication()).Because("name").Then(new MemberEvent.CardDataRejected(Today));

    [Fact]
    public Task Rejected_again_changes_nothing() => Member.Given(Entered, Asked, DataRejected).When(new RejectCardApplication()).Because("name").ThenNothing();

    [Fact]
    public Task Without_a_reason_nothing_is_rejected() => Member.Given(Entered, Asked).When(new RejectCardApplication()).ThenRefused(OccasionRules.ReasonMissing);

    [Fact]
    public Task Nobody_rejects_an_application_of_their_own() => Member.Given(Entered, Asked).When(new RejectCardApplication()).By(Operators.Applicant).Because("name").ThenRefused(CardRules.OwnSubmission);

    [Fact]
    public Task What_stands_in_a_batch_is_not_rejected() => Member.Given(Entered, Asked, Checked, Batched).When(new RejectCardApplication()).Because("name").ThenRefused(CardRules.NotApplied.With("status", CardOrderStatus.Batched));

    // The line of a batch.
    [Fact]
    public Task A_checked_application_takes_a_line() => Member.Given(Entered, Asked, Checked).When(new TakeCardLine(Batch, 7)).By(Operators.District).Then(new MemberEvent.CardBatched(Batch, 7, Today));

    [Fact]
    public Task The_line_taken_again_changes_nothing() => Member.Given(Entered, Asked, Checked, Batched).When(new TakeCardLine(Batch, 7)).By(Operators.District).ThenNothing();

    [Fact]
    public Task A_second_line_is_refused() => Member.Given(Entered, Asked, Checked, Batched).When(new TakeCardLine(Next, 1)).By(Operators.District).ThenRefused(CardRules.LineOpen.With("line", 7).With("batch", Batch));

    [Fact]
    public Task A_second_line_is_refused_while_the_bank_has_the_first() => Member.Given(AtBank).When(new TakeCardLine(Next, 1)).By(Operators.District).ThenRefused(CardRules.LineOpen.With("line", 7).With("batch", Batch));

    [Fact]
    public Task An_unchecked_application_takes_none() => Member.Given(Entered, Asked).When(new TakeCardLine(Batch, 7)).By(Operators.District).ThenRefused(CardRules.NotChecked.With("status", CardOrderStatus.Applied));

    [Fact]
    public Task A_member_with_a_card_takes_none() => Member.Given(WithCard).When(new TakeCardLine(Next, 1)).By(Operators.District).ThenRefused(CardRules.NotChecked.With("status", CardOrderStatus.None));

    [Fact]
    public Task An_officer_batches_nothing() => Member.Given(Entered, Asked, Checked).When(new TakeCardLine(Batch, 7)).ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Officer));

    [Theory]
    [InlineData("B-1", 0)]
    [InlineData("", 1)]
    [InlineData("B|1", 1)]
    public Task A_line_has_a_batch_and_a_number(string batch, int line) => Member.Given(Entered, Asked, Checked).When(new TakeCardLine(new(batch), line)).By(Operators.District).ThenRefused(CardRules.LineInvalid);

    [Fact]
    public Task What_the_bank_rejected_stands_in_the_batch_that_repeats() => Member.Given([.. AtBank, Rejected, new MemberEvent.CardDataChecked(Day(6, 11))]).When(new TakeCardLine(Next, 1, Batch)).By(Operators.District)
        .Then(new MemberEvent.CardBatched(Next, 1, Today));

    [Fact]
    public Task Nobody_else_stands_there() => Member.Given(Entered, Asked, Checked).When(new TakeCardLine(Next, 1, Batch)).By(Operators.District).ThenRefused(CardRules.NotRejectedThere.With("batch", Batch));

    [Fact]
    public Task The_application_goes_to_the_bank() => Member.Given(Entered, Asked, Checked, Batched).When(new SendCardLine(Batch, 7)).By(Operators.District).Then(new MemberEvent.CardSent(Batch, 7, Today));

    [Fact]
    public Task Sent_again_changes_nothing() => Member.Given(AtBank).When(new SendCardLine(Batch, 7)).By(Operators.District).ThenNothing();

    [Fact]
    public Task Sent_after_the_answer_changes_nothing() => Member.Given(WithCard).When(new SendCardLine(Batch, 7)).By(Operators.District).ThenNothing();

    [Theory]
    [InlineData("B-1", 8)]
    [InlineData("B-2", 7)]
    public Task Another_line_is_not_sent(string batch, int line) => Member.Given(Entered, Asked, Checked, Batched).When(new SendCardLine(new(batch), line)).By(Operators.District)
        .ThenRefused(CardRules.LineNotOpen.With("line", line).With("batch", batch).With("status", CardOrderStatus.Batched));

    [Fact]
    public Task Consent_counts_to_the_last_moment() => Member.Given(Entered, Asked, Checked, Batched, new MemberEvent.Collected(At(Unit), Record(Form with { CardConsent = "0" }), Day(6, 5)))
        .When(new SendCardLine(Batch, 7)).By(Operators.District).ThenRefused(CardRules.ConsentMissing);

    [Fact]
    public Task A_void_line_is_released() => Member.Given(Entered, Asked, Checked, Batched).When(new ReleaseCardLine(Batch, 7)).By(Operators.District).Then(new MemberEvent.CardLineReleased(Batch, 7, Today));

    [Fact]
    public Task A_void_line_is_released_also_once_it_was_let_go() => Member.Given(AtBank).When(new ReleaseCardLine(Batch, 7)).By(Operators.District).Then(new MemberEvent.CardLineReleased(Batch, 7, Today));

    [Fact]
    public Task Released_again_changes_nothing() => Member.Given(Entered, Asked, Checked, Batched, new MemberEvent.CardLineReleased(Batch, 7, Day(6, 5))).When(new ReleaseCardLine(Batch, 7)).By(Operators.District).ThenNothing();

    [Fact]
    public Task An_answered_line_is_not_released() => Member.Given(WithCard).When(new ReleaseCardLine(Batch, 7)).By(Operators.District).ThenRefused(CardRules.LineEnded.With("line", 7).With("batch", Batch));

    [Fact]
    public Task A_line_never_taken_is_released_before_a_slow_repeat_takes_it() => Member.Given(Entered, Asked, Checked, new MemberEvent.CardLineReleased(Batch, 7, Day(6, 5))).When(new TakeCardLine(Batch, 7)).By(Operators.District)
        .ThenRefused(CardRules.LineEnded.With("line", 7).With("batch", Batch));

    [Fact]
    public Task A_released_line_is_not_sent() => Member.Given(Entered, Asked, Checked, Batched, new MemberEvent.CardLineReleased(Batch, 7, Day(6, 5))).When(new SendCardLine(Batch, 7)).By(Operators.District)
        .ThenRefused(CardRules.LineEnded);

    [Fact]
    public Task A_released_application_stands_in_another_batch() => Member.Given(Entered, Asked, Checked, Batched, new MemberEvent.CardLineReleased(Batch, 7, Day(6, 5))).When(new TakeCardLine(Next, 1)).By(Operators.District)
        .Then(new MemberEvent.CardBatched(Next, 1, Today));

    // The bank's answer.
    [Fact]
    public Task The_bank_produces_a_card() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), CardNumber)).By(Operators.Bank)
        .ThenSealed<MemberEvent.CardProduced>(e =>
        {
            Assert.Equal((Batch, 7, "************0014", Day(6, 9), Today), (e.Batch, e.Line, e.NumberMask, e.BankOn, e.On));
            Assert.DoesNotContain(CardNumber, e.NumberHash + e.Sealed, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData(CardResult.NameDisagrees)]
    [InlineData(CardResult.HoldsCard)]
    [InlineData(CardResult.NoCapacity)]
    [InlineData(CardResult.DocumentExpired)]
    [InlineData(CardResult.Format)]
    public Task The_bank_rejects_by_a_code(CardResult result) => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, result, Day(6, 9))).By(Operators.Bank)
        .Then(new MemberEvent.CardBankRejected(Batch, 7, result, null, Day(6, 9), Today));

    [Fact]
    public Task The_bank_rejects_by_a_text_that_is_sealed() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Other, Day(6, 9), Text: "示例人无法核实")).By(Operators.Bank)
        .ThenSealed<MemberEvent.CardBankRejected>(e => Assert.DoesNotContain("示例", e.Sealed, StringComparison.Ordinal));

    [Theory]
    [InlineData(Role.District)]
    [InlineData(Role.Officer)]
    public Task Nobody_speaks_for_the_bank(Role role) => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), CardNumber)).By(HomeOfficer with { Role = role })
        .ThenRefused(MemberRules.RoleNotAllowed.With("role", role));

    [Fact]
    public Task The_same_result_again_changes_nothing() => Member.Given(AtBank).After(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), CardNumber), by: Operators.Bank, on: Day(6, 10))
        .When(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), "9999 9900 0000 0014")).By(Operators.Bank).ThenNothing();

    [Fact]
    public Task The_same_rejection_again_changes_nothing_also_in_the_next_batch() => Member.Given([.. AtBank, Rejected, new MemberEvent.CardDataChecked(Day(6, 11)), new MemberEvent.CardBatched(Next, 1, Day(6, 12))])
        .When(new RecordCardResult(Batch, 7, CardResult.NameDisagrees, Day(6, 9))).By(Operators.Bank).ThenNothing();

    [Fact]
    public Task Another_number_for_the_same_line_is_refused() => Member.Given(WithCard).When(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), OtherCard)).By(Operators.Bank)
        .ThenRefused(CardRules.ResultDiffers.With("line", 7).With("batch", Batch));

    [Fact]
    public Task Another_result_for_the_same_line_is_refused() => Member.Given([.. AtBank, Rejected]).When(new RecordCardResult(Batch, 7, CardResult.Format, Day(6, 9))).By(Operators.Bank).ThenRefused(CardRules.ResultDiffers);

    [Fact]
    public Task A_result_of_a_line_that_was_not_let_go_is_refused() => Member.Given(Entered, Asked, Checked, Batched).When(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), CardNumber)).By(Operators.Bank)
        .ThenRefused(CardRules.LineNotOpen.With("line", 7).With("batch", Batch).With("status", CardOrderStatus.Batched));

    [Fact]
    public Task A_result_of_a_released_line_is_refused() => Member.Given([.. AtBank, new MemberEvent.CardLineReleased(Batch, 7, Day(6, 6))]).When(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), CardNumber)).By(Operators.Bank)
        .ThenRefused(CardRules.LineNotOpen);

    [Fact]
    public Task A_result_of_another_line_is_refused() => Member.Given(AtBank).When(new RecordCardResult(Batch, 8, CardResult.Produced, Day(6, 9), CardNumber)).By(Operators.Bank).ThenRefused(CardRules.LineNotOpen);

    [Fact]
    public Task A_result_has_a_code_of_the_bank() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, (CardResult)6, Day(6, 9))).By(Operators.Bank).ThenRefused(CardRules.ResultUnknown);

    [Fact]
    public Task A_result_of_today_is_taken() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Format, Today)).By(Operators.Bank).Then(new MemberEvent.CardBankRejected(Batch, 7, CardResult.Format, null, Today, Today));

    [Fact]
    public Task A_result_of_tomorrow_is_refused() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Format, Day(7, 1))).By(Operators.Bank)
        .ThenRefused(CardRules.BankDateInFuture.With("bank", "2014-07-01").With("date", "2014-06-30"));

    [Fact]
    public Task A_card_has_a_number() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9))).By(Operators.Bank).ThenRefused(CardRules.NumberMissing);

    [Fact]
    public Task A_card_has_a_right_number() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), "9999990000000015")).By(Operators.Bank).ThenRefused(CardNumberRules.WrongCheckDigit);

    [Fact]
    public Task A_rejection_has_no_number() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Format, Day(6, 9), CardNumber)).By(Operators.Bank).ThenRefused(CardRules.NumberNotExpected);

    [Fact]
    public Task Only_the_result_99_has_a_text() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Format, Day(6, 9), Text: "说明")).By(Operators.Bank).ThenRefused(CardRules.TextNotExpected);

    [Fact]
    public Task A_text_fits() => Member.Given(AtBank).When(new RecordCardResult(Batch, 7, CardResult.Other, Day(6, 9), Text: new string('x', 101))).By(Operators.Bank).ThenRefused(TextRules.TooLong);

    [Fact, Trait("F", "28")]
    public Task A_number_that_somebody_else_has_is_refused_and_the_holder_named() => Member.Given(AtBank)
        .And(Room<Member, MemberState, MemberCommand, MemberEvent, MemberView>.Instance, Second.Stream, Entered with { Member = Second, Record = OtherRecord }, Asked, Checked, new MemberEvent.CardBatched(Batch, 8, Day(6, 4)), new MemberEvent.CardSent(Batch, 8, Day(6, 5)))
        .After(new RecordCardResult(Batch, 8, CardResult.Produced, Day(6, 9), CardNumber), Second.Stream, Operators.Bank, Day(6, 10))
        .When(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), CardNumber)).By(Operators.Bank).ThenRefused(CardRules.NumberHeld.With("holder", Second.Stream));

    [Fact, Trait("F", "28")]
    public Task The_number_of_a_cancelled_card_is_never_given_again() => Member.Given(AtBank)
        .After(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), CardNumber), by: Operators.Bank, on: Day(6, 10))
        .After(new RecordCardNotice(CardNotice.Cancelled, Day(6, 11), CardNumber), by: Operators.Bank, on: Day(6, 11))
        .After(new ApplyForCard(), by: Operators.Applicant, on: Day(6, 12)).After(new CheckCardApplication(), by: Operators.District, on: Day(6, 12))
        .After(new TakeCardLine(Next, 1), by: Operators.District, on: Day(6, 12)).After(new SendCardLine(Next, 1), by: Operators.District, on: Day(6, 12))
        .When(new RecordCardResult(Next, 1, CardResult.Produced, Day(6, 20), CardNumber)).By(Operators.Bank).ThenRefused(CardRules.NumberUsed);

    // Handing over, and the bank's notices.
    [Fact]
    public Task The_card_is_handed_over() => Member.Given(WithCard).When(new DeliverCard()).Then(new MemberEvent.CardDelivered(Today));

    [Fact]
    public Task Handed_over_again_changes_nothing() => Member.Given([.. WithCard, new MemberEvent.CardDelivered(Day(6, 11))]).When(new DeliverCard()).ThenNothing();

    [Fact]
    public Task An_active_card_was_handed_over() => Member.Given([.. WithCard, new MemberEvent.CardNoticed(CardNotice.Activated, Day(6, 12), Day(6, 12))]).When(new DeliverCard()).ThenNothing();

    [Fact]
    public Task No_card_is_not_handed_over() => Member.Given(AtBank).When(new DeliverCard()).ThenRefused(CardRules.Nothing);

    [Fact]
    public Task A_lost_card_is_not_handed_over() => Member.Given(WithLostCard).When(new DeliverCard()).ThenRefused(CardRules.NotDeliverable.With("status", CardStatus.LossReported));

    [Fact]
    public Task The_bank_hands_nothing_over() => Member.Given(WithCard).When(new DeliverCard()).By(Operators.Bank).ThenRefused(MemberRules.RoleNotAllowed.With("role", Role.Bank));

    [Theory]
    [InlineData(CardNotice.Activated)]
    [InlineData(CardNotice.LossReported)]
    [InlineData(CardNotice.Frozen)]
    [InlineData(CardNotice.Cancelled)]
    public Task The_bank_moves_the_card(CardNotice kind) => Holder().When(new RecordCardNotice(kind, Day(6, 12), CardNumber)).By(Operators.Bank).Then(new MemberEvent.CardNoticed(kind, Day(6, 12), Today));

    [Theory]
    [InlineData(Role.Officer, CardNotice.Activated)]
    [InlineData(Role.District, CardNotice.Activated)]
    [InlineData(Role.Municipal, CardNotice.Frozen)]
    [InlineData(Role.Member, CardNotice.LossReported)]
    [InlineData(Role.District, CardNotice.Cancelled)]
    public Task Nobody_else_does(Role role, CardNotice kind) => Holder().When(new RecordCardNotice(kind, Day(6, 12), CardNumber)).By(HomeOfficer with { Role = role }).ThenRefused(MemberRules.RoleNotAllowed.With("role", role));

    [Fact]
    public Task The_same_notice_again_changes_nothing() => Noticed(CardNotice.Activated).When(new RecordCardNotice(CardNotice.Activated, Day(6, 12), CardNumber)).By(Operators.Bank).ThenNothing();

    [Fact]
    public Task An_old_notice_again_unblocks_nothing() => Noticed(CardNotice.Activated).After(new RecordCardNotice(CardNotice.LossReported, Day(6, 12), CardNumber), by: Operators.Bank, on: Day(6, 14))
        .When(new RecordCardNotice(CardNotice.Activated, Day(6, 12), CardNumber)).By(Operators.Bank).ThenNothing();

    [Fact]
    public Task The_bank_unblocks() => Noticed(CardNotice.LossReported).When(new RecordCardNotice(CardNotice.Activated, Day(6, 13), CardNumber)).By(Operators.Bank).Then(new MemberEvent.CardNoticed(CardNotice.Activated, Day(6, 13), Today));

    [Fact]
    public Task A_late_notice_is_refused() => Noticed(CardNotice.LossReported).When(new RecordCardNotice(CardNotice.Activated, Day(6, 11), CardNumber)).By(Operators.Bank)
        .ThenRefused(CardRules.NoticeLate.With("bank", "2014-06-11").With("newest", "2014-06-12"));

    [Fact]
    public Task Nothing_follows_a_cancelled_card() => Noticed(CardNotice.Cancelled).When(new RecordCardNotice(CardNotice.Activated, Day(6, 13), CardNumber)).By(Operators.Bank).ThenRefused(CardRules.Cancelled);

    [Fact]
    public Task Cancelled_on_another_day_changes_nothing() => Noticed(CardNotice.Cancelled).When(new RecordCardNotice(CardNotice.Cancelled, Day(6, 13), CardNumber)).By(Operators.Bank).ThenNothing();

    [Fact]
    public Task A_notice_of_another_number_is_refused() => Holder().When(new RecordCardNotice(CardNotice.Activated, Day(6, 12), OtherCard)).By(Operators.Bank).ThenRefused(CardRules.NumberUnknown);

    [Fact]
    public Task A_notice_names_a_card() => Holder().When(new RecordCardNotice(CardNotice.Activated, Day(6, 12))).By(Operators.Bank).ThenRefused(CardRules.NumberMissing);

    [Fact]
    public Task A_notice_has_a_kind() => Holder().When(new RecordCardNotice((CardNotice)9, Day(6, 12), CardNumber)).By(Operators.Bank).ThenRefused(CardRules.NoticeUnknown);

    [Fact]
    public Task A_notice_is_not_of_tomorrow() => Holder().When(new RecordCardNotice(CardNotice.Activated, Day(7, 1), CardNumber)).By(Operators.Bank).ThenRefused(CardRules.BankDateInFuture);

    [Fact]
    public Task Cancelling_the_replaced_number_does_not_cancel_the_new_card() => Replaced().When(new RecordCardNotice(CardNotice.Cancelled, Day(6, 26), CardNumber)).By(Operators.Bank).ThenNothing();

    [Fact]
    public Task The_new_number_moves_the_new_card() => Replaced().When(new RecordCardNotice(CardNotice.Activated, Day(6, 26), OtherCard)).By(Operators.Bank).Then(new MemberEvent.CardNoticed(CardNotice.Activated, Day(6, 26), Today));

    [Fact]
    public Task A_card_that_was_found_again_needs_no_other() => Noticed(CardNotice.LossReported).After(new ApplyForCard(), by: Operators.Applicant, on: Day(6, 15))
        .After(new RecordCardNotice(CardNotice.Activated, Day(6, 16), CardNumber), by: Operators.Bank, on: Day(6, 16))
        .When(new CheckCardApplication()).By(Operators.District).ThenRefused(CardRules.NotApplied.With("status", CardOrderStatus.None));

    // Erasure.
    [Fact, Trait("F", "30")]
    public Task Who_holds_a_card_is_not_erased() => Member.Given([.. WithCard, Gone]).When(new Erase()).By(Operators.District).Because("request").RestingOn("D-1").ThenRefused(CardRules.StillOpen);

    [Fact, Trait("F", "30")]
    public Task Whose_application_the_bank_has_is_not_erased() => Member.Given([.. AtBank, Gone]).When(new Erase()).By(Operators.District).Because("request").RestingOn("D-1").ThenRefused(CardRules.StillOpen);

    [Fact, Trait("F", "30")]
    public Task After_the_card_is_cancelled_the_person_is_erased() => Member.Given([.. WithCancelledCard, Gone]).When(new Erase()).By(Operators.District).Because("request").RestingOn("D-1").Then(new MemberEvent.Erased("D-1", Today));

    private static MemberRecord OtherRecord => Record(Form with { DocumentNumber = OtherNumber, Sex = "1", BornOn = "1912-02-29", Name = "另一人" });

    private static MemberSpec Holder() => Member.Given(AtBank).After(new RecordCardResult(Batch, 7, CardResult.Produced, Day(6, 9), CardNumber), by: Operators.Bank, on: Day(6, 10));

    private static MemberSpec Noticed(CardNotice kind) => Holder().After(new RecordCardNotice(kind, Day(6, 12), CardNumber), by: Operators.Bank, on: Day(6, 12));

    private static MemberSpec Replaced() => Noticed(CardNotice.LossReported)
        .After(new ApplyForCard(), by: Operators.Applicant, on: Day(6, 15)).After(new CheckCardApplication(), by: Operators.District, on: Day(6, 15))
        .After(new TakeCardLine(Next, 1), by: Operators.District, on: Day(6, 16)).After(new SendCardLine(Next, 1), by: Operators.District, on: Day(6, 17))
        .After(new RecordCardResult(Next, 1, CardResult.Produced, Day(6, 24), OtherCard), by: Operators.Bank, on: Day(6, 24));
}
