using System.Text;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <content>What may be asked of a member's card.</content>
[JsonDerivedType(typeof(GiveCardConsent), "give-card-consent"), JsonDerivedType(typeof(WithdrawCardConsent), "withdraw-card-consent"), JsonDerivedType(typeof(ApplyForCard), "apply-for-card")]
[JsonDerivedType(typeof(CheckCardApplication), "check-card-application"), JsonDerivedType(typeof(RejectCardApplication), "reject-card-application"), JsonDerivedType(typeof(TakeCardLine), "take-card-line")]
[JsonDerivedType(typeof(SendCardLine), "send-card-line"), JsonDerivedType(typeof(ReleaseCardLine), "release-card-line"), JsonDerivedType(typeof(RecordCardResult), "record-card-result")]
[JsonDerivedType(typeof(DeliverCard), "deliver-card"), JsonDerivedType(typeof(RecordCardNotice), "record-card-notice")]
public abstract partial record MemberCommand
{
    /// <summary>
    /// Records the person's own word that a card may be made; it counts before whatever a sheet says. By the member, the union or a federation. Refused by <c>member.not-standing</c>.
    /// </summary>
    public sealed record GiveCardConsent : MemberCommand;

    /// <summary>
    /// Records the person's own word that no card may be made (PIPL 15), whatever a sheet says later. Membership stays; an application that the bank does not have yet is over,
    /// one that it has goes on. By the member, the union or a federation.
    /// </summary>
    public sealed record WithdrawCardConsent : MemberCommand;

    /// <summary>
    /// Applies for a card (申办京卡), after rejected data again, and for one in place of a card that was reported lost (补卡). By the member, the union or a federation; on the business date the
    /// member is active, the record is qualified and consent is recorded. Refused by <c>member.not-active</c>, <c>card.record-not-qualified</c>, <c>card.consent-missing</c>, <c>card.held</c>.
    /// </summary>
    public sealed record ApplyForCard : MemberCommand;

    /// <summary>
    /// The data were checked, after an application or after the bank rejected it; never by who applied. By the union or a federation. Refused by <c>card.not-applied</c>,
    /// <c>card.own-submission</c> and as <see cref="ApplyForCard"/>.
    /// </summary>
    public sealed record CheckCardApplication : MemberCommand;

    /// <summary>The data are wrong; needs a reason. By the union or a federation, before the application stands in a batch. Refused by <c>card.not-applied</c>, <c>card.own-submission</c>.</summary>
    public sealed record RejectCardApplication : MemberCommand;

    /// <summary>
    /// The application takes a line of a batch; it holds one at a time. By a district or municipal federation. Refused by <c>card.line-invalid</c>, <c>card.line-ended</c>,
    /// <c>card.line-open</c>, <c>card.not-checked</c>, <c>card.not-rejected-there</c> and as <see cref="ApplyForCard"/>.
    /// </summary>
    /// <param name="Batch">The batch.</param>
    /// <param name="Line">The line, from 1.</param>
    /// <param name="Former">The batch that this one repeats: the bank rejected the application there. None unless given.</param>
    public sealed record TakeCardLine(CardBatchId Batch, int Line, CardBatchId? Former = null) : MemberCommand;

    /// <summary>
    /// The application goes to the bank with its line: from then on only the bank's answer ends it. By a district or municipal federation. Refused by <c>card.line-not-open</c>
    /// and as <see cref="ApplyForCard"/>: then the line is void.
    /// </summary>
    /// <param name="Batch">The batch.</param>
    /// <param name="Line">The line, from 1.</param>
    public sealed record SendCardLine(CardBatchId Batch, int Line) : MemberCommand;

    /// <summary>
    /// The line is void in its batch: whoever held it may stand in another one, and nobody takes it any more. By a district or municipal federation, after the batch has it void.
    /// Refused by <c>card.line-invalid</c>, <c>card.line-ended</c> when the bank has answered.
    /// </summary>
    /// <param name="Batch">The batch.</param>
    /// <param name="Line">The line, from 1.</param>
    public sealed record ReleaseCardLine(CardBatchId Batch, int Line) : MemberCommand;

    /// <summary>
    /// What the bank made of the line. By the bank. The number is claimed for ever. Refused by <c>card.line-not-open</c>, <c>card.result-differs</c>, <c>card.result-unknown</c>,
    /// <c>card.bank-date-in-future</c>, <c>card.number-missing</c>, <c>card.number-not-expected</c>, <c>card.number-held</c>, <c>card.number-used</c>, <c>card.text-not-expected</c> and the
    /// rules of card numbers and texts.
    /// </summary>
    /// <param name="Batch">The batch.</param>
    /// <param name="Line">The line, from 1.</param>
    /// <param name="Result">The result.</param>
    /// <param name="BankOn">The bank's date, not after the business date.</param>
    /// <param name="Number">The card's number; only of a produced card. Personal.</param>
    /// <param name="Text">The bank's text, at most 100 characters; only beside <see cref="CardResult.Other"/>. Personal: the bank may have named somebody in it.</param>
    public sealed record RecordCardResult(CardBatchId Batch, int Line, CardResult Result, DateOnly BankOn, string? Number = null, string? Text = null) : MemberCommand
    {
        /// <summary>Number and text as they are decided on; never on the wire.</summary>
        [JsonIgnore]
        public SealedCard? Sealed { get; init; }

        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder text)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Batch} {Line} {Result}");
            return true;
        }
    }

    /// <summary>The card was handed over. By the union or a federation. It activates nothing. Refused by <c>card.none</c>, <c>card.not-deliverable</c>.</summary>
    public sealed record DeliverCard : MemberCommand;

    /// <summary>
    /// What the bank tells of the card later. By the bank alone: union staff never activate or unblock. A notice of a number that was replaced changes nothing. Refused by
    /// <c>card.notice-unknown</c>, <c>card.bank-date-in-future</c>, <c>card.number-unknown</c>, <c>card.cancelled</c>, <c>card.notice-late</c> and the rules of card numbers.
    /// </summary>
    /// <param name="Kind">What it tells.</param>
    /// <param name="BankOn">The bank's date, not after the business date.</param>
    /// <param name="Number">The card's number. Personal.</param>
    public sealed record RecordCardNotice(CardNotice Kind, DateOnly BankOn, string? Number = null) : MemberCommand
    {
        /// <summary>The number as it is decided on; never on the wire.</summary>
        [JsonIgnore]
        public SealedCard? Sealed { get; init; }

        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder text)
        {
            text.Append(Kind);
            return true;
        }
    }
}
