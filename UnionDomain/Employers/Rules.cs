using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <summary>Why a unit's command is refused.</summary>
public static class EmployerRules
{
    /// <summary>The operator's role is not the one that does this.</summary>
    public static readonly Refusal RoleNotAllowed = new("employer.role-not-allowed", "The role {role} may not do this.", "角色{role}无权办理。");

    /// <summary>Nothing is recorded of this unit.</summary>
    public static readonly Refusal Unknown = new("employer.unknown", "Nothing is recorded of this unit.", "没有该单位的记录。");

    /// <summary>The unit was registered with other content.</summary>
    public static readonly Refusal RegisteredOtherwise = new("employer.registered-otherwise", "The unit was registered with other content.", "该单位已以其他内容登记。");

    /// <summary>Another record holds the code.</summary>
    public static readonly Refusal CodeHeld = new("employer.code-held", "The code {code} is held by {holder}.", "单位代码{code}已由{holder}登记。");

    /// <summary>The kind is none of 1–8.</summary>
    public static readonly Refusal KindUnknown = new("employer.kind-unknown", "The field kind is {kind}; it is a number from 1 to 8.", "单位性质{kind}不在1至8之间。");

    /// <summary>The industry is not one letter A–T.</summary>
    public static readonly Refusal IndustryUnknown = new("employer.industry-unknown", "The field industry is one letter from A to T.", "行业门类须为A至T中的一个字母。", "GB/T 4754");

    /// <summary>A part of the employees is larger than the whole.</summary>
    public static readonly Refusal PartExceedsHeadcount = new("employer.part-exceeds-headcount",
        "The field {field} is {value}, more than {headcount} employees.", "字段{field}为{value}，多于职工人数{headcount}。");

    /// <summary>The federation is not known or not active on that date.</summary>
    public static readonly Refusal FederationNotActive = new("employer.federation-not-active", "The federation {union} is not active on {date}.", "总工会{union}在{date}不存在或不是正常状态。");

    /// <summary>The union is no federation.</summary>
    public static readonly Refusal NotAFederation = new("employer.not-a-federation", "A unit counts at a union of levels 1 to 3; {union} is of level {level}.", "单位应归属1至3级工会，{union}为{level}级。");

    /// <summary>The unit is closed.</summary>
    public static readonly Refusal Closed = new("employer.closed", "The unit is closed.", "该单位已注销。");

    /// <summary>The step does not follow on where the unit stands.</summary>
    public static readonly Refusal StepOutOfOrder = new("employer.step-out-of-order", "This does not follow on {status}.", "当前状态{status}不能办理。");

    /// <summary>The covering union is not known or not active on that date.</summary>
    public static readonly Refusal UnionNotActive = new("employer.union-not-active", "The union {union} is not active on {date}.", "工会{union}在{date}不存在或不是正常状态。");

    /// <summary>The union does not cover units in this way.</summary>
    public static readonly Refusal CoverageKindMismatch = new("employer.coverage-kind-mismatch",
        "The union {union} does not cover units as {kind}.", "工会{union}不能以{kind}方式覆盖单位。", "TUL 11");

    /// <summary>A union covers the unit already.</summary>
    public static readonly Refusal CoveredAlready = new("employer.covered-already",
        "The unit is covered by the union {union}; say that its coverage moves, or end it first.", "该单位已由工会{union}覆盖，须注明转移或先行终止。", "TUL 11");

    /// <summary>A way of coverage without a union, or a union without a way.</summary>
    public static readonly Refusal CoverageIncomplete = new("employer.coverage-incomplete",
        "How a unit is covered and the union that covers it are told together, or neither.", "建会方式与工会编号须同时填写或同时不填。");

    /// <summary>The unit is recorded under another code.</summary>
    public static readonly Refusal CodeDiffers = new("employer.code-differs",
        "The unit is recorded under another code than {code}; correct its code first.", "该单位登记的代码不是{code}，须先更正单位代码。");

    /// <summary>That union does not cover the unit.</summary>
    public static readonly Refusal NotCovered = new("employer.not-covered", "The union {union} does not cover this unit.", "工会{union}未覆盖该单位。");
}
