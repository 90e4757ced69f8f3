using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <summary>The level of a union organisation (层级), with the numbers of the official template.</summary>
public enum UnionLevel
{
    /// <summary>Municipality (市).</summary>
    Municipal = 1,

    /// <summary>District (区).</summary>
    District = 2,

    /// <summary>Subdistrict, township or industry (街道乡镇、产业).</summary>
    Subdistrict = 3,

    /// <summary>Primary union of one or several units (基层).</summary>
    Primary = 4,

    /// <summary>Branch of a primary union (分会).</summary>
    Branch = 5,

    /// <summary>Group of a primary union or branch (小组).</summary>
    Group = 6,
}

/// <summary>The kind of a union organisation (类型), with the numbers of the official template; 5 is the house's own.</summary>
public enum UnionKind
{
    /// <summary>Of one unit (独立).</summary>
    Independent = 1,

    /// <summary>Of several units (联合).</summary>
    Joint = 2,

    /// <summary>Federation (总工会).</summary>
    Federation = 3,

    /// <summary>Association of primary unions of a region or trade (工会联合会).</summary>
    Association = 4,

    /// <summary>Industrial union (产业工会).</summary>
    Industrial = 5,
}

/// <summary>Where a union stands in its life.</summary>
public enum UnionStatus
{
    /// <summary>Nothing was ever recorded.</summary>
    None = 0,

    /// <summary>Application for establishment submitted.</summary>
    Submitted = 1,

    /// <summary>Headcount and members verified.</summary>
    Verified = 2,

    /// <summary>Establishment approved (批复); the election may be held.</summary>
    Approved = 3,

    /// <summary>Application returned: it may be submitted again.</summary>
    Returned = 4,

    /// <summary>Application rejected: the union never came to be.</summary>
    Rejected = 5,

    /// <summary>Founding election held.</summary>
    ElectionHeld = 6,

    /// <summary>Result of the election approved.</summary>
    ResultApproved = 7,

    /// <summary>Established and at work.</summary>
    Active = 8,

    /// <summary>Merged into another union.</summary>
    Merged = 9,

    /// <summary>Closed.</summary>
    Closed = 10,
}

/// <summary>Why a union is closed; there is no third reason (TUL 13).</summary>
public enum ClosingReason
{
    /// <summary>The unit itself ended.</summary>
    UnitEnded = 1,

    /// <summary>A lawful decision of the members' assembly, approved by the upper union.</summary>
    LawfulDecision = 2,
}

/// <summary>A stretch of days under one upper union.</summary>
/// <param name="Parent">The upper union; for a merged union the one it was merged into.</param>
/// <param name="From">First day.</param>
/// <param name="To">The day after the last one; <see cref="UnionTree.Open"/> while it lasts, <see cref="UnionTree.Never"/> when it was undone.</param>
public sealed record UnionEdge(UnionId Parent, DateOnly From, DateOnly To);

/// <summary>A union organisation, its establishment included.</summary>
public sealed record UnionState
{
    /// <summary>Number of the union.</summary>
    public UnionId Id { get; init; }

    /// <summary>Where it stands.</summary>
    public UnionStatus Status { get; init; }

    /// <summary>Its name now.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its level, for ever.</summary>
    public UnionLevel Level { get; init; }

    /// <summary>Its kind, for ever.</summary>
    public UnionKind Kind { get; init; }

    /// <summary>Length of its committee's term in years.</summary>
    public int TermYears { get; init; }

    /// <summary>How it was set up, if it is a federation.</summary>
    public UnionEvent.FederationSetUp? SetUp { get; init; }

    /// <summary>How it came onto the roll, if it existed before.</summary>
    public UnionEvent.TakenOver? TakenOver { get; init; }

    /// <summary>Its chair, sealed; null when not told.</summary>
    public SealedContact? Chair { get; init; }

    /// <summary>The newest application, if it is established in steps.</summary>
    public UnionEvent.Applied? Application { get; init; }

    /// <summary>What was verified of the newest application.</summary>
    public UnionEvent.Verified? Verification { get; init; }

    /// <summary>When the establishment was approved.</summary>
    public DateOnly? ApprovedOn { get; init; }

    /// <summary>The founding election.</summary>
    public UnionEvent.ElectionHeld? Election { get; init; }

    /// <summary>When the election's result was approved.</summary>
    public DateOnly? ResultApprovedOn { get; init; }

    /// <summary>When it became active; its founding when it existed before.</summary>
    public DateOnly? EstablishedOn { get; init; }

    /// <summary>The closing, if it was closed.</summary>
    public UnionEvent.Closed? Closing { get; init; }

    /// <summary>The union it was merged into.</summary>
    public UnionId? MergedInto { get; init; }

    /// <summary>When it was merged.</summary>
    public DateOnly? MergedOn { get; init; }

    /// <summary>When its coming onto the roll was undone: nothing of it counts.</summary>
    public DateOnly? UndoneOn { get; init; }

    /// <summary>The newest date of anything recorded; nothing is dated before it.</summary>
    public DateOnly? NewestOn { get; init; }

    /// <summary>The upper unions it stood under, oldest first.</summary>
    public ImmutableArray<UnionEdge> Edges { get; init; } = [];

    /// <summary>Unions this one accepted for a merger: the number of the newest acceptance, from 1.</summary>
    public ImmutableSortedDictionary<UnionId, int> Accepted { get; init; } = ImmutableSortedDictionary<UnionId, int>.Empty;

    /// <summary>Those of them whose acceptance is still open.</summary>
    public ImmutableSortedSet<UnionId> Open { get; init; } = [];

    /// <summary>Unions whose merger into this one is completed.</summary>
    public ImmutableSortedSet<UnionId> Absorbed { get; init; } = [];

    /// <summary>Acceptances by others that this union declined: the number of the newest declined one.</summary>
    public ImmutableSortedDictionary<UnionId, int> Declined { get; init; } = ImmutableSortedDictionary<UnionId, int>.Empty;

    /// <summary>Unions that were split off.</summary>
    public ImmutableSortedDictionary<UnionId, UnionEvent.SplitOff> SplitOff { get; init; } = ImmutableSortedDictionary<UnionId, UnionEvent.SplitOff>.Empty;

    /// <summary>The upper union now; null at the root or before it is active.</summary>
    public UnionId? Parent => Edges is [.., { } last] && last.To != UnionTree.Never ? last.Parent : null;
}
