namespace UnionDomain.Kernel;

/// <summary>Why a planned import, or a row of it, is not committed or undone.</summary>
public static class ImportRules
{
    /// <summary>The file is not the one that was planned.</summary>
    public static readonly Refusal FileChanged = new("import.file-changed", "The file was changed since it was planned: plan it again.", "文件在预检之后已被修改，请重新预检。");

    /// <summary>The plan is none, is cut off, or is of another version.</summary>
    public static readonly Refusal PlanUnreadable = new("import.plan-unreadable", "The plan cannot be read, or was not finished: plan the file again.", "预检结果无法读取或不完整，请重新预检。");

    /// <summary>The row was refused when it was planned.</summary>
    public static readonly Refusal RefusedInPlan = new("import.refused-in-plan", "The row was refused in the plan, by {rule}; plan it again once that is put right.", "本行在预检时未通过（{rule}），更正后请重新预检。");
}
