using System.Collections.Frozen;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>Why a member's command is refused.</summary>
public static class MemberRules
{
    /// <summary>The operator's role is not the one that does this.</summary>
    public static readonly Refusal RoleNotAllowed = new("member.role-not-allowed", "The role {role} may not do this.", "角色{role}无权办理。");

    /// <summary>The operator acts for another union.</summary>
    public static readonly Refusal NotOwnUnion = new("member.not-own-union", "Only the union {union} itself, or a federation, does this.", "仅工会{union}本身或上级总工会可以办理。");

    /// <summary>The key could say something about a person.</summary>
    public static readonly Refusal IdInvalid = new("member.id-invalid", "A member is named by a UUID of version 7 in lower case.", "会员编号须为小写的第7版UUID。", "PIPL 6");

    /// <summary>Nothing is recorded of this person.</summary>
    public static readonly Refusal Unknown = new("member.unknown", "Nothing is recorded of this person.", "没有该人员的记录。");

    /// <summary>The person's data were erased; nothing follows.</summary>
    public static readonly Refusal Erased = new("member.erased", "The personal data of this person were erased.", "该人员的个人信息已删除。", "PIPL 47");

    /// <summary>Another record holds the document's number.</summary>
    public static readonly Refusal DocumentHeld = new("member.document-held",
        "The document number is held by {holder}: one person has one membership.", "该证件号码已由{holder}登记，一人只能有一个会籍。", "MM 3");

    /// <summary>A record without a valid document number is there already for this unit, name and phone.</summary>
    public static readonly Refusal RollHeld = new("member.roll-held",
        "A record without a valid document number, with the same unit, name and phone, is held by {holder}.", "同一单位、姓名、手机号且无有效证件号码的记录已由{holder}登记。", "MM 3");

    /// <summary>Nothing is recorded of the union.</summary>
    public static readonly Refusal UnionUnknown = new("member.union-unknown", "The union {union} is not known.", "工会{union}不存在。");

    /// <summary>The union is not active on that date.</summary>
    public static readonly Refusal UnionNotActive = new("member.union-not-active", "The union {union} is not active on {date}.", "工会{union}在{date}不是正常状态。");

    /// <summary>A federation has no members of its own.</summary>
    public static readonly Refusal WrongLevel = new("member.wrong-level", "The union {union} is of level {level}; people are members of unions of levels 4 to 6.", "工会{union}为{level}级，会员只能加入4至6级工会。", "TUL 10");

    /// <summary>No unit is named; a finding.</summary>
    public static readonly Refusal EmployerMissing = new("member.employer-missing", "No employing unit is named.", "未填写所在单位。", "会员信息采集表");

    /// <summary>The unit is not known; a finding.</summary>
    public static readonly Refusal EmployerUnknown = new("member.employer-unknown", "The employing unit is not known.", "所在单位不存在。", "会员信息采集表");

    /// <summary>The unit is closed; a finding.</summary>
    public static readonly Refusal EmployerClosed = new("member.employer-closed", "The employing unit is closed.", "所在单位已注销。", "会员信息采集表");

    /// <summary>Younger than anybody may be employed.</summary>
    public static readonly Refusal TooYoung = new("member.too-young", "Nobody under {age} becomes a member.", "未满{age}周岁不得入会。", "Labour Law 15");

    /// <summary>A member of that union applies.</summary>
    public static readonly Refusal AlreadyMember = new("member.already-member", "The person is a member of this union already.", "该人员已是本工会会员。", "MM 3");

    /// <summary>The person is on the roll of another union.</summary>
    public static readonly Refusal OnOtherRoll = new("member.on-other-roll",
        "The person is on the roll of the union {union}; membership is transferred from there.", "该人员会籍在工会{union}，应办理会籍接转。", "MM 3");

    /// <summary>Another application is open.</summary>
    public static readonly Refusal AppliedAlready = new("member.applied-already", "The person has applied to the union {union} with other content.", "该人员已以其他内容向工会{union}提出申请。");

    /// <summary>An application is open; the committee decides it.</summary>
    public static readonly Refusal Applying = new("member.applying", "The person has applied to the union {union}; its committee decides.", "该人员已向工会{union}申请，由其委员会决定。");

    /// <summary>There is no open application.</summary>
    public static readonly Refusal NotApplying = new("member.not-applying", "There is no open application; the person is {status}.", "没有待批申请，当前状态为{status}。");

    /// <summary>Nobody decides an application of their own.</summary>
    public static readonly Refusal OwnSubmission = new("member.own-submission", "Nobody decides an application they submitted themselves.", "不得审批本人提交的申请。");

    /// <summary>The person left; a new membership is applied for.</summary>
    public static readonly Refusal Left = new("member.left", "The person is {status}; a new membership is applied for.", "该人员当前状态为{status}，须重新申请入会。");

    /// <summary>The person died.</summary>
    public static readonly Refusal Deceased = new("member.deceased", "The person died.", "该人员已去世。");

    /// <summary>The person is not on the roll.</summary>
    public static readonly Refusal NotStanding = new("member.not-standing", "The person is {status} and holds no membership.", "该人员当前状态为{status}，没有会籍。");

    /// <summary>The member is not active.</summary>
    public static readonly Refusal NotActive = new("member.not-active", "The person is {status} and no active member.", "该人员当前状态为{status}，不是在册会员。");

    /// <summary>Membership is not retained.</summary>
    public static readonly Refusal NotRetained = new("member.not-retained", "The person is {status}; only a retained membership is taken up again.", "该人员当前状态为{status}，仅保留会籍者可恢复。", "MM");

    /// <summary>The member is in that union already.</summary>
    public static readonly Refusal TransferToOwn = new("member.transfer-to-own", "The member is on the roll of the union {union} already.", "该会员会籍已在工会{union}。");

    /// <summary>Another offer is open.</summary>
    public static readonly Refusal TransferOpen = new("member.transfer-open",
        "A transfer to the union {union} is offered until {until}; recall it first.", "已向工会{union}发出接转（有效期至{until}），须先撤回。");

    /// <summary>No transfer is offered.</summary>
    public static readonly Refusal TransferNone = new("member.transfer-none", "No transfer is offered.", "没有待办的会籍接转。");

    /// <summary>The offer's last day is past.</summary>
    public static readonly Refusal TransferExpired = new("member.transfer-expired", "The offer of the transfer ended on {until}.", "会籍接转已于{until}到期。");

    /// <summary>One operator acts on both sides.</summary>
    public static readonly Refusal TransferBothSides = new("member.transfer-both-sides", "Who offered a transfer does not answer it.", "发出接转的操作人不得办理接收。");

    /// <summary>No such ground.</summary>
    public static readonly Refusal GroundUnknown = new("member.ground-unknown",
        "Membership is retained for retirement, unemployment or because the unit closed.", "仅因退休、失业或单位关闭保留会籍。", "MM");

    /// <summary>The unit closed, and no union is named.</summary>
    public static readonly Refusal HoldingUnionMissing = new("member.holding-union-missing", "Name the upper union that holds the membership.", "须注明保管会籍的上级工会。", "MM");

    /// <summary>A union is named, and the own one keeps the membership.</summary>
    public static readonly Refusal HoldingUnionNotExpected = new("member.holding-union-not-expected",
        "Only where the unit closed another union holds the membership.", "仅单位关闭时由其他工会保管会籍。", "MM");

    /// <summary>The holding union is not active.</summary>
    public static readonly Refusal HoldingUnionNotActive = new("member.holding-union-not-active", "The union {union} is not active on {date}.", "工会{union}在{date}不存在或不是正常状态。", "MM");

    /// <summary>A warning: somebody who retired and works again keeps the retained membership.</summary>
    public static readonly Refusal RetiredStays = new("member.retired-stays",
        "A retired member who works again keeps the retained membership; it does not transfer.", "退休后再就业的会员保留会籍，不办理接转。", "MM; Beijing rules 2020");

    /// <summary>The day until which the member may answer is past.</summary>
    public static readonly Refusal EducationEnded = new("member.education-ended", "The last day {until} is before the business date.", "期限{until}早于业务日期。");

    /// <summary>A warning: the member was active within six months.</summary>
    public static readonly Refusal ActiveLately = new("member.active-lately",
        "The member was active on {date}, less than {months} months ago.", "该会员{date}仍有活动，不足{months}个月。", "Constitution of Chinese Trade Unions");

    /// <summary>The person holds or seeks a membership.</summary>
    public static readonly Refusal StillStanding = new("member.still-standing", "The person is {status}; only who left is erased.", "该人员当前状态为{status}，离会后方可删除。", "PIPL 47");
}

/// <summary>For what purposes personal fields are looked at (PIPL 6, 13): a closed list.</summary>
public static class MemberPurposes
{
    /// <summary>Every purpose with its English and Chinese sentence.</summary>
    public static readonly FrozenDictionary<string, (string English, string Chinese)> All = new Dictionary<string, (string, string)>
    {
        ["verification"] = ("Comparing the record with the document", "核对证件"),
        ["correction"] = ("Putting the record right", "更正信息"),
        ["card"] = ("Making or replacing the Jing Card", "办理京卡"),
        ["assistance"] = ("Assistance and grants", "困难帮扶"),
        ["contact"] = ("Reaching the member", "联系会员"),
        ["audit"] = ("Audit and inspection", "审计检查"),
        ["subject-access"] = ("The person asks for the own data (PIPL 45)", "本人查阅"),
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
