using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>What the report counts of Jing Cards.</summary>
public static class CardMeasures
{
    /// <summary>
    /// Active members with a produced card that was not cancelled (办理京卡), at their union; the subject is the employing unit. A replacement counts once, and the card of somebody
    /// who is no active member counts nowhere.
    /// </summary>
    public static readonly Measure Issued = new("card.issued", MeasureKind.Stock, "Jing Cards issued", "办理京卡", "张");
}
