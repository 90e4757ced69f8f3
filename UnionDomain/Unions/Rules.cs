using System.Collections.Frozen;
using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <summary>Why a union's command is refused.</summary>
public static class UnionRules
{
    /// <summary>The operator's role is not the one that does this.</summary>
    public static readonly Refusal RoleNotAllowed = new("union.role-not-allowed", "The role {role} may not do this.", "角色{role}无权办理。");

    /// <summary>Nobody verifies or approves an application of their own.</summary>
    public static readonly Refusal OwnSubmission = new("union.own-submission",
        "Nobody verifies, approves or gives back what they or their own union submitted.", "不得核实、审批或退回本人或本工会提交的申请。");

    /// <summary>Nothing is recorded of this union.</summary>
    public static readonly Refusal Unknown = new("union.unknown", "Nothing is recorded of this union.", "没有该工会的记录。");

    /// <summary>The number is taken by another union or another application.</summary>
    public static readonly Refusal AlreadyExists = new("union.already-exists", "A union with this number exists already.", "该编号的工会已存在。");

    /// <summary>No such pair of level and kind.</summary>
    public static readonly Refusal KindNotOfLevel = new("union.kind-not-of-level", "There is no union of level {level} and kind {kind}.", "层级{level}没有类型{kind}的工会。");

    /// <summary>A federation is not applied for.</summary>
    public static readonly Refusal FederationIsSetUp = new("union.federation-is-set-up",
        "Unions of levels 1 to 3 are set up by the upper federation.", "市、区、街道乡镇级工会由上级设立。");

    /// <summary>A primary union, branch or group is not set up in one step.</summary>
    public static readonly Refusal NeedsEstablishment = new("union.needs-establishment",
        "Unions of levels 4 to 6 are established step by step.", "基层工会、分会、小组须按程序组建。", "TUL 12");

    /// <summary>Only a municipality or a district may stand without an upper union.</summary>
    public static readonly Refusal RootNotAllowed = new("union.root-not-allowed", "A union of level {level} needs an upper union.", "层级{level}的工会须有上级工会。");

    /// <summary>Nothing is recorded of the upper union.</summary>
    public static readonly Refusal UnknownParent = new("union.unknown-parent", "The upper union {parent} is not known.", "上级工会{parent}不存在。");

    /// <summary>The upper union is not active on that date.</summary>
    public static readonly Refusal ParentNotActive = new("union.parent-not-active", "The upper union {parent} is not active on {date}.", "上级工会{parent}在{date}不是正常状态。");

    /// <summary>A union under itself or under a union below it.</summary>
    public static readonly Refusal ParentCycle = new("union.parent-cycle", "A union cannot stand under itself or under a union below it.", "工会不能隶属于自身或其下级工会。");

    /// <summary>The upper union is not of a level and kind that this one may stand under.</summary>
    public static readonly Refusal WrongLevel = new("union.wrong-level",
        "A union of level {level} and kind {kind} cannot stand under one of level {parentLevel} and kind {parentKind}.",
        "层级{level}、类型{kind}的工会不能隶属于层级{parentLevel}、类型{parentKind}的工会。", "TUL 10");

    /// <summary>The term is not one the law allows.</summary>
    public static readonly Refusal TermNotAllowed = new("union.term-not-allowed", "A term of {years} years is not allowed; allowed are {allowed}.", "任期{years}年不符合规定，可为{allowed}年。", "TUL 16; BJM 13");

    /// <summary>More members than employees.</summary>
    public static readonly Refusal MembersExceedEmployees = new("union.members-exceed-employees",
        "{members} members are more than {employees} employees.", "会员{members}人多于职工{employees}人。");

    /// <summary>An independent union of no or several units.</summary>
    public static readonly Refusal OneUnitOnly = new("union.one-unit-only", "An independent union covers exactly one unit, not {units}.", "独立工会只覆盖一个单位，现为{units}个。");

    /// <summary>A joint union of too few units.</summary>
    public static readonly Refusal TooFewUnits = new("union.too-few-units", "A joint union covers at least {fewest} units, not {units}.", "联合工会至少覆盖{fewest}个单位，现为{units}个。", "TUL 11");

    /// <summary>More units than one application may name.</summary>
    public static readonly Refusal TooManyUnits = new("union.too-many-units", "At most {most} units are named at once.", "一次最多填报{most}个单位。");

    /// <summary>No unit is named.</summary>
    public static readonly Refusal UnitsMissing = new("union.units-missing", "At least one unit is named.", "至少填报一个单位。");

    /// <summary>Associations, branches and groups name no units: the primary unions cover them.</summary>
    public static readonly Refusal UnitsNotExpected = new("union.units-not-expected", "Associations, branches and groups name no units.", "工会联合会、分会、小组不填报单位。");

    /// <summary>The same unit twice.</summary>
    public static readonly Refusal UnitTwice = new("union.unit-twice", "The unit {employer} is named twice.", "单位{employer}重复。");

    /// <summary>Nothing is recorded of the unit.</summary>
    public static readonly Refusal UnitUnknown = new("union.unit-unknown", "The unit {employer} is not known.", "单位{employer}不存在。");

    /// <summary>The unit is closed.</summary>
    public static readonly Refusal UnitClosed = new("union.unit-closed", "The unit {employer} is closed.", "单位{employer}已注销。");

    /// <summary>Another union covers the unit.</summary>
    public static readonly Refusal UnitCovered = new("union.unit-covered", "The unit {employer} is covered by the union {union}.", "单位{employer}已由工会{union}覆盖。", "TUL 11");

    /// <summary>The unit is covered neither by this union nor by the one split off.</summary>
    public static readonly Refusal UnitNotCovered = new("union.unit-not-covered", "The unit {employer} is not covered by this union.", "单位{employer}不由本工会覆盖。");

    /// <summary>Too small for a union of its own. Practice of the source report, not statute.</summary>
    public static readonly Refusal HeadcountTooLow = new("union.headcount-too-low",
        "A unit of {headcount} employees cannot form a union of its own; from {fewest} on it can.", "单位职工{headcount}人，不足{fewest}人，不符合独立建会条件。");

    /// <summary>The application was submitted with other content.</summary>
    public static readonly Refusal AppliedOtherwise = new("union.applied-otherwise", "The application was submitted with other content.", "申请已以其他内容提交。");

    /// <summary>The application was rejected for good.</summary>
    public static readonly Refusal ApplicationRejected = new("union.application-rejected", "The application was rejected; apply under a new number.", "申请已被驳回，请以新编号申请。");

    /// <summary>A step was skipped or comes too late.</summary>
    public static readonly Refusal StepOutOfOrder = new("union.step-out-of-order", "This step does not follow on {status}.", "当前状态{status}不能办理此步骤。", "TUL 12");

    /// <summary>Other numbers were verified.</summary>
    public static readonly Refusal VerifiedOtherwise = new("union.verified-otherwise", "Other numbers were verified.", "已核实为其他数字。");

    /// <summary>Another election was recorded.</summary>
    public static readonly Refusal ElectedOtherwise = new("union.elected-otherwise", "The election was recorded with other numbers.", "选举已以其他数字登记。");

    /// <summary>Fewer than two thirds of those due were present.</summary>
    public static readonly Refusal QuorumMissed = new("union.quorum-missed",
        "{present} of {due} were present; {needed} are needed.", "应到{due}人，实到{present}人，须有{needed}人。", "ER");

    /// <summary>More present than due.</summary>
    public static readonly Refusal PresentExceedDue = new("union.present-exceed-due", "{present} present are more than {due} due.", "实到{present}人多于应到{due}人。");

    /// <summary>A warning: the committee's size is unusual for its members.</summary>
    public static readonly Refusal CommitteeSizeUnusual = new("union.committee-size-unusual",
        "A committee for {members} members usually has {fewest} to {most} members, not {elected}.", "会员{members}人的委员会一般为{fewest}至{most}人，现为{elected}人。", "ER ch. 2");

    /// <summary>The union is not active.</summary>
    public static readonly Refusal NotActive = new("union.not-active", "The union is not active; it stands at {status}.", "该工会不是正常状态，当前为{status}。");

    /// <summary>The reason of the closing is none of the lawful two.</summary>
    public static readonly Refusal ClosingReasonUnknown = new("union.closing-reason-unknown",
        "A union is closed because its unit ended or by a lawful decision.", "工会仅因单位终止或依法决定而撤销。", "TUL 13");

    /// <summary>The union was closed for another reason.</summary>
    public static readonly Refusal ClosedOtherwise = new("union.closed-otherwise", "The union was closed for another reason.", "该工会已因其他原因撤销。");

    /// <summary>The union split off did not name this one in its application.</summary>
    public static readonly Refusal SplitNotNamed = new("union.split-not-named",
        "The union {union} is not active or its application does not name this union as its origin.", "工会{union}不是正常状态，或其组建申请未注明由本工会分立。");

    /// <summary>The split was recorded with other content.</summary>
    public static readonly Refusal SplitOtherwise = new("union.split-otherwise", "The split was recorded with other units.", "分立已以其他单位登记。");

    /// <summary>The union it is to be split off from is not known or not active.</summary>
    public static readonly Refusal SplitOriginNotActive = new("union.split-origin-not-active", "The union {union} to split off from is not active.", "拟分立的原工会{union}不是正常状态。");

    /// <summary>A union cannot merge with itself.</summary>
    public static readonly Refusal MergerWithItself = new("union.merger-with-itself", "A union cannot merge with itself.", "工会不能与自身合并。");

    /// <summary>The other union of the merger is not known or not active.</summary>
    public static readonly Refusal PartnerNotActive = new("union.partner-not-active", "The union {union} is not active.", "工会{union}不是正常状态。");

    /// <summary>Only unions of the same level and rank merge.</summary>
    public static readonly Refusal MergerOfUnequals = new("union.merger-of-unequals", "Only unions of the same level merge.", "仅同层级工会可以合并。");

    /// <summary>There is no open acceptance.</summary>
    public static readonly Refusal MergerNotAccepted = new("union.merger-not-accepted", "There is no open acceptance of a merger with the union {union}.", "与工会{union}的合并没有有效的同意。");

    /// <summary>The union has accepted mergers into itself that are still open.</summary>
    public static readonly Refusal MergerOpen = new("union.merger-open",
        "The union has accepted the merger of {union}; that must be completed or withdrawn first.", "本工会已同意工会{union}并入，须先办结或撤回。");

    /// <summary>An acceptance is only withdrawn once the other union has declined it.</summary>
    public static readonly Refusal MergerNotDeclined = new("union.merger-not-declined", "The union {union} has not declined the merger.", "工会{union}尚未放弃合并。");

    /// <summary>The other union has not merged yet.</summary>
    public static readonly Refusal MergerNotDone = new("union.merger-not-done", "The union {union} has not merged into this one yet.", "工会{union}尚未并入本工会。");

    /// <summary>The merger is completed.</summary>
    public static readonly Refusal MergerDone = new("union.merger-done", "The merger with the union {union} is completed.", "与工会{union}的合并已办结。");

    /// <summary>A founding date that cannot be.</summary>
    public static readonly Refusal FoundedOutOfRange = new("union.founded-out-of-range",
        "The founding date {founded} lies outside {first} to {last}, both included.", "成立日期{founded}不在{first}至{last}之间（含本日）。");

    /// <summary>The union is recorded with another level, kind, upper union or founding date.</summary>
    public static readonly Refusal RecordedOtherwise = new("union.recorded-otherwise",
        "The field {field} of the union is recorded with another value, which a roll does not change.", "该工会登记的字段{field}与所填不同，不能通过名册变更。");

    /// <summary>The union was merged into another one.</summary>
    public static readonly Refusal MergedElsewhere = new("union.merged-elsewhere", "The union was merged into {union}.", "该工会已并入工会{union}。");
}

/// <summary>
/// Where a union may stand. Each pair of level and kind has a rank, and every upper union has a smaller rank. Level and kind never change, so what is known of an
/// upper union's rank is never stale, and no chain of upper unions can come back to where it began.
/// </summary>
public static class UnionPlaces
{
    /// <summary>The most units one application or split may name.</summary>
    public const int MostUnits = 2_000;

    /// <summary>One allowed pair of level and kind.</summary>
    /// <param name="Rank">Its rank; 0 is the top.</param>
    /// <param name="Under">The ranks it may stand under.</param>
    /// <param name="MayBeRoot">Whether it may stand under none.</param>
    public sealed record Place(int Rank, ImmutableArray<int> Under, bool MayBeRoot = false);

    /// <summary>All allowed pairs.</summary>
    public static readonly FrozenDictionary<(UnionLevel Level, UnionKind Kind), Place> All = new Dictionary<(UnionLevel, UnionKind), Place>
    {
        [(UnionLevel.Municipal, UnionKind.Federation)] = new(0, [], MayBeRoot: true),
        [(UnionLevel.District, UnionKind.Federation)] = new(1, [0], MayBeRoot: true),
        [(UnionLevel.Subdistrict, UnionKind.Federation)] = new(2, [0, 1]),
        [(UnionLevel.Subdistrict, UnionKind.Industrial)] = new(2, [0, 1]),
        [(UnionLevel.Primary, UnionKind.Association)] = new(3, [0, 1, 2]),
        [(UnionLevel.Primary, UnionKind.Independent)] = new(4, [0, 1, 2, 3]),
        [(UnionLevel.Primary, UnionKind.Joint)] = new(4, [0, 1, 2, 3]),
        [(UnionLevel.Branch, UnionKind.Independent)] = new(5, [4]),
        [(UnionLevel.Branch, UnionKind.Joint)] = new(5, [4]),
        [(UnionLevel.Group, UnionKind.Independent)] = new(6, [4, 5]),
        [(UnionLevel.Group, UnionKind.Joint)] = new(6, [4, 5]),
    }.ToFrozenDictionary();

    /// <summary>The place of a level and kind, or null when there is no such union.</summary>
    public static Place? Of(UnionLevel level, UnionKind kind) => All.GetValueOrDefault((level, kind));
}
