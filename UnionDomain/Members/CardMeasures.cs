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

    /// <summary>
    /// Cards that the bank produced for somebody who had none, or whose card it had cancelled (新办京卡), on the day its answer is recorded, at the member's union; the subject is the
    /// employing unit. What became of card or membership afterwards changes nothing: it is the work of the period, where the change of <see cref="Issued"/> is what is left of it.
    /// </summary>
    public static readonly Measure Produced = new("card.produced", MeasureKind.Flow, "Jing Cards newly produced", "新办京卡", "张");

    /// <summary>Cards that the bank produced in the place of one that was lost (补办京卡), counted as <see cref="Produced"/>. The two add up to the produced lines of all batches.</summary>
    public static readonly Measure Replaced = new("card.replaced", MeasureKind.Flow, "Jing Cards replaced", "补办京卡", "张");
}
