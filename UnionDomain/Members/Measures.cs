using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace UnionDomain.Members;

/// <summary>What the report counts of members.</summary>
public static class MemberMeasures
{
    /// <summary>Active members on the roll, at their union; the subject is the employing unit. A transfer under way counts at the source, a retained membership nowhere here.</summary>
    public static readonly Measure Registered = new("member.registered", MeasureKind.Stock, "Registered members", "在册会员", "人");

    /// <summary>Active members with a qualified record: every mandatory field present and accurate, the number valid and claimed, the document not ended. The subject is the employing unit.</summary>
    public static readonly Measure Entered = new("member.entered", MeasureKind.Stock, "Members entered with a qualified record", "录入会员", "人");

    /// <summary>Retained memberships, at the union that holds them.</summary>
    public static readonly Measure Retained = new("member.retained", MeasureKind.Stock, "Retained memberships", "保留会籍", "人");

    /// <summary>Employing units with at least one member entered.</summary>
    public static readonly Measure UnitsEntered = new("member.units-entered", MeasureKind.Distinct, "Units with members entered", "录入单位", "家") { Of = Entered };

    /// <summary>The share of registered members whose record is qualified (信息采集率).</summary>
    public static readonly Measure CollectionRate = new("member.collection-rate", MeasureKind.Rate, "Information collection rate", "会员信息采集率", "%") { Part = Entered, Whole = Registered };

    /// <summary>Memberships first begun, by joining date, in unions established in the same period. Neither a transfer nor a return begins one.</summary>
    public static readonly Measure New = new("organising.members-new", MeasureKind.Flow, "New members of new unions", "新增会员", "人") { Among = UnionMeasures.New };
}
