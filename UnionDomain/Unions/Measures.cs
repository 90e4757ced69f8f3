using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <summary>What the report counts of unions. Each is counted at the union itself.</summary>
public static class UnionMeasures
{
    /// <summary>Independent and joint primary unions whose establishment was completed; branches, groups and associations do not count.</summary>
    public static readonly Measure New = new("organising.unions-new", MeasureKind.Flow, "New primary unions", "新增工会组织", "家");

    /// <summary>Active union organisations of every level and kind.</summary>
    public static readonly Measure Active = new("union.active", MeasureKind.Stock, "Active union organisations", "工会组织", "个");
}
