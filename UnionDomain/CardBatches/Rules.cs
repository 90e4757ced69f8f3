using UnionDomain.Kernel;

namespace UnionDomain.CardBatches;

/// <summary>Why a command of a batch of cards is refused.</summary>
public static class CardBatchRules
{
    /// <summary>The operator's role is not the one that does this.</summary>
    public static readonly Refusal RoleNotAllowed = new("card-batch.role-not-allowed", "The role {role} may not do this.", "角色{role}无权办理。");

    /// <summary>There is no such batch.</summary>
    public static readonly Refusal Unknown = new("card-batch.unknown", "There is no such batch.", "没有该制卡批次。");

    /// <summary>Opened before with other content.</summary>
    public static readonly Refusal OpenedOtherwise = new("card-batch.opened-otherwise", "The batch was opened with other content.", "该批次已以其他内容建立。");

    /// <summary>Only a federation applies with the bank.</summary>
    public static readonly Refusal UnionNotFederation = new("card-batch.union-not-federation",
        "The union {union} is no federation that is active on {date}.", "工会{union}在{date}不是正常状态的地方总工会。");

    /// <summary>The batch to be repeated was not answered.</summary>
    public static readonly Refusal FormerNotAnswered = new("card-batch.former-not-answered", "The bank has not answered the batch {former}.", "银行尚未回复批次{former}。");

    /// <summary>It takes no lines.</summary>
    public static readonly Refusal NotOpen = new("card-batch.not-open", "The batch is {status} and takes no lines.", "批次状态为{status}，不能增加行。");

    /// <summary>More members than one command takes.</summary>
    public static readonly Refusal TooManyAtOnce = new("card-batch.too-many-at-once", "{count} members are too many for one command; {most} are the most.", "一次提交{count}名会员，最多{most}名。");

    /// <summary>No member is named so.</summary>
    public static readonly Refusal MemberInvalid = new("card-batch.member-invalid", "A member is named by a UUID of version 7 in lower case.", "会员编号须为小写的第7版UUID。", "PIPL 6");

    /// <summary>There is not that much room.</summary>
    public static readonly Refusal Full = new("card-batch.full", "The batch has room for {room} of {limit} lines; {count} were asked for.", "批次上限{limit}行，尚余{room}行，申请{count}行。");

    /// <summary>There is nobody in it.</summary>
    public static readonly Refusal Empty = new("card-batch.empty", "The batch has no line.", "批次没有任何行。");

    /// <summary>It still takes lines, or is past that.</summary>
    public static readonly Refusal NotClosed = new("card-batch.not-closed", "The batch is {status}, not closed.", "批次状态为{status}，未处于封批状态。");

    /// <summary>Members have not let their lines go.</summary>
    public static readonly Refusal LinesOpen = new("card-batch.lines-open", "The lines {lines} are neither cleared nor void.", "第{lines}行尚未确认或作废。");

    /// <summary>No file was made.</summary>
    public static readonly Refusal NotExported = new("card-batch.not-exported", "The batch is {status}; its file is made first.", "批次状态为{status}，须先生成文件。");

    /// <summary>The bank has the file and has not answered.</summary>
    public static readonly Refusal Sent = new("card-batch.sent", "The bank has the file; no line becomes void until it has answered.", "文件已送银行，回复前不得作废。");

    /// <summary>The bank does not have the file.</summary>
    public static readonly Refusal NotSent = new("card-batch.not-sent", "The batch is {status}; the bank cannot have answered it.", "批次状态为{status}，银行不可能已回复。");

    /// <summary>Another reply was taken.</summary>
    public static readonly Refusal AnsweredOtherwise = new("card-batch.answered-otherwise", "The batch was reconciled with a reply of other content.", "该批次已按其他内容的回盘文件对账。");

    /// <summary>The bank has not answered.</summary>
    public static readonly Refusal NotAnswered = new("card-batch.not-answered", "The bank has not answered the lines {lines}; there is nothing to be told.", "银行尚未回复第{lines}行，无可登记。");

    /// <summary>Lines the bank does not have, or that never were.</summary>
    public static readonly Refusal LinesUnknown = new("card-batch.lines-unknown", "The lines {lines} are not of this batch.", "第{lines}行不属于该批次。");

    /// <summary>Lines with several results.</summary>
    public static readonly Refusal LinesRepeated = new("card-batch.lines-repeated", "The lines {lines} are answered more than once.", "第{lines}行重复回复。");

    /// <summary>Lines without a result.</summary>
    public static readonly Refusal LinesMissing = new("card-batch.lines-missing", "The lines {lines} are not answered.", "第{lines}行没有回复。");

    /// <summary>Lines that stand for nobody.</summary>
    public static readonly Refusal LinesVoid = new("card-batch.lines-void", "The lines {lines} are void.", "第{lines}行已作废。");

    /// <summary>Their members know the result.</summary>
    public static readonly Refusal LinesTold = new("card-batch.lines-told", "The members of the lines {lines} were told the result.", "第{lines}行的结果已登记到会员。");

    /// <summary>Dates of a reply that cannot be.</summary>
    public static readonly Refusal ReplyDates = new("card-batch.reply-dates",
        "The reply of {replied} to the file of {sent} is dated before that, after the business date {date}, or before one of its results.",
        "回盘日期{replied}早于送盘日期{sent}、晚于业务日期{date}或早于其中某行的日期。");
}
