using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <summary>What the report counts of employing units.</summary>
public static class EmployerMeasures
{
    /// <summary>Units that are not closed, at the federation they belong to.</summary>
    public static readonly Measure Units = new("employer.units", MeasureKind.Stock, "Employing units", "单位", "家");

    /// <summary>Units covered in any of the three ways, at the covering union.</summary>
    public static readonly Measure Covered = new("employer.units-covered", MeasureKind.Stock, "Units covered by a union or organiser", "建会单位", "家");

    /// <summary>Employees of units that are not closed, at the federation they belong to.</summary>
    public static readonly Measure Headcount = new("employer.headcount", MeasureKind.Stock, "Employees", "职工", "人");

    /// <summary>Members of the unit's union by the unit's own count, at the federation the unit belongs to; the subject is the unit.</summary>
    public static readonly Measure MembersReported = new("employer.members-reported", MeasureKind.Stock, "Members as units report them", "单位上报会员", "人");
}
