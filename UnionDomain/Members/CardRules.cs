using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>Why a command of a member's card is refused.</summary>
public static class CardRules
{
    private const string Charter = "Jing Card charter";

    /// <summary>The person has not agreed.</summary>
    public static readonly Refusal ConsentMissing = new("card.consent-missing", "The member has not agreed to a card, or agrees no more.", "会员未同意办理京卡，或已撤回同意。", "PIPL 13, 15");

    /// <summary>The record is not qualified on that date.</summary>
    public static readonly Refusal RecordNotQualified = new("card.record-not-qualified", "The member's record is not qualified on {date}.", "会员信息在{date}不合格。", Charter);

    /// <summary>There is a card already.</summary>
    public static readonly Refusal Held = new("card.held", "The member holds a card already; it is {status}.", "会员已持有京卡，状态为{status}。", Charter);

    /// <summary>No application is waiting for that.</summary>
    public static readonly Refusal NotApplied = new("card.not-applied", "No application waits to be checked; it is {status}.", "没有待审核的申请，当前状态为{status}。");

    /// <summary>Nobody checks an application of their own.</summary>
    public static readonly Refusal OwnSubmission = new("card.own-submission", "Nobody checks an application they submitted themselves.", "不得审核本人提交的申请。");

    /// <summary>A batch or a line that cannot be.</summary>
    public static readonly Refusal LineInvalid = new("card.line-invalid", "A line is named by its batch and its number from 1 on.", "制卡行须以批次号和从1起的行号表示。");

    /// <summary>The data were not checked.</summary>
    public static readonly Refusal NotChecked = new("card.not-checked", "Only an application whose data were checked stands in a batch; it is {status}.", "仅审核通过的申请可编入批次，当前状态为{status}。");

    /// <summary>It stands in a batch already.</summary>
    public static readonly Refusal LineOpen = new("card.line-open", "The application holds line {line} of the batch {batch}.", "该申请已编入批次{batch}第{line}行。");

    /// <summary>The line is over.</summary>
    public static readonly Refusal LineEnded = new("card.line-ended", "Line {line} of the batch {batch} has ended for this member.", "批次{batch}第{line}行对该会员已结束。");

    /// <summary>It does not hold that line, or not as far as that.</summary>
    public static readonly Refusal LineNotOpen = new("card.line-not-open",
        "The application does not hold line {line} of the batch {batch}, or has not come so far; it is {status}.", "该申请未持有批次{batch}第{line}行，或尚未到此步骤，当前状态为{status}。");

    /// <summary>The bank did not reject it in the batch that is repeated.</summary>
    public static readonly Refusal NotRejectedThere = new("card.not-rejected-there", "The bank did not reject this application in the batch {batch}.", "银行未在批次{batch}中退回该申请。");

    /// <summary>Another result was recorded.</summary>
    public static readonly Refusal ResultDiffers = new("card.result-differs", "Another result of line {line} of the batch {batch} is recorded.", "批次{batch}第{line}行已登记其他结果。");

    /// <summary>No code of the bank.</summary>
    public static readonly Refusal ResultUnknown = new("card.result-unknown", "The bank has no such result.", "银行没有该结果代码。");

    /// <summary>No notice of the bank.</summary>
    public static readonly Refusal NoticeUnknown = new("card.notice-unknown", "The bank has no such notice.", "银行没有该类通知。");

    /// <summary>The bank's date is after the business date.</summary>
    public static readonly Refusal BankDateInFuture = new("card.bank-date-in-future", "The bank's date {bank} is after the business date {date}.", "银行日期{bank}晚于业务日期{date}。");

    /// <summary>A card without a number.</summary>
    public static readonly Refusal NumberMissing = new("card.number-missing", "The card's number is missing.", "缺少卡号。");

    /// <summary>A number without a card.</summary>
    public static readonly Refusal NumberNotExpected = new("card.number-not-expected", "Only a produced card has a number.", "仅制成的卡有卡号。");

    /// <summary>A text beside another result than 99.</summary>
    public static readonly Refusal TextNotExpected = new("card.text-not-expected", "Only the result 99 is told in a text.", "仅结果99附有说明。");

    /// <summary>Somebody else has the number.</summary>
    public static readonly Refusal NumberHeld = new("card.number-held", "The card's number is held by {holder}.", "该卡号已由{holder}登记。", Charter);

    /// <summary>The member had the number before.</summary>
    public static readonly Refusal NumberUsed = new("card.number-used", "The member had a card of this number before.", "该会员此前已用过此卡号。", Charter);

    /// <summary>The number is not this member's.</summary>
    public static readonly Refusal NumberUnknown = new("card.number-unknown", "The member has no card of this number.", "该会员没有此卡号的卡。");

    /// <summary>There is no card.</summary>
    public static readonly Refusal Nothing = new("card.none", "The member has no card.", "该会员没有京卡。");

    /// <summary>A card in this state is not handed over.</summary>
    public static readonly Refusal NotDeliverable = new("card.not-deliverable", "The card is {status} and is not handed over.", "该卡状态为{status}，不能发放。");

    /// <summary>Cancelled for good.</summary>
    public static readonly Refusal Cancelled = new("card.cancelled", "The card was cancelled; nothing follows.", "该卡已销卡。", Charter);

    /// <summary>A newer notice is recorded.</summary>
    public static readonly Refusal NoticeLate = new("card.notice-late", "The bank's notice of {bank} is older than the newest one, of {newest}.", "银行{bank}的通知早于已登记的最新通知（{newest}）。");

    /// <summary>The bank holds something of the person.</summary>
    public static readonly Refusal StillOpen = new("card.still-open", "The bank holds a card or an application of this person; it is cancelled or answered first.", "该人员在银行尚有未销的卡或未答复的申请，须先办结。", "PIPL 47");
}
