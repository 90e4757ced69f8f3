using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <summary>What an application sees of a union.</summary>
public sealed record UnionView
{
    /// <summary>Number of the union; empty while nothing is recorded.</summary>
    public UnionId Id { get; init; }

    /// <summary>Where it stands.</summary>
    public UnionStatus Status { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its level.</summary>
    public UnionLevel Level { get; init; }

    /// <summary>Its kind.</summary>
    public UnionKind Kind { get; init; }

    /// <summary>Length of its committee's term in years.</summary>
    public int TermYears { get; init; }

    /// <summary>The upper union, also the one applied to; the target once it is merged; null at the root.</summary>
    public UnionId? Parent { get; init; }

    /// <summary>The units named by the application.</summary>
    public ImmutableArray<EmployerId> Employers { get; init; } = [];

    /// <summary>Employees: verified, else applied for.</summary>
    public int Employees { get; init; }

    /// <summary>Members: verified, else applied for.</summary>
    public int Members { get; init; }

    /// <summary>When the newest application was submitted.</summary>
    public DateOnly? AppliedOn { get; init; }

    /// <summary>When the founding election was held.</summary>
    public DateOnly? ElectedOn { get; init; }

    /// <summary>When it came onto the roll, if it existed before.</summary>
    public DateOnly? TakenOverOn { get; init; }

    /// <summary>Its chair: masked unless a look is recorded; null when not told.</summary>
    public Contact? Chair { get; init; }

    /// <summary>When it became active; its founding when it existed before.</summary>
    public DateOnly? EstablishedOn { get; init; }

    /// <summary>When it was closed.</summary>
    public DateOnly? ClosedOn { get; init; }

    /// <summary>The union it was merged into.</summary>
    public UnionId? MergedInto { get; init; }

    /// <summary>When it was merged.</summary>
    public DateOnly? MergedOn { get; init; }

    /// <summary>The union it was split off from.</summary>
    public UnionId? SplitFrom { get; init; }

    /// <summary>Open acceptances of mergers into this union, each with its number.</summary>
    public ImmutableSortedDictionary<UnionId, int> Accepts { get; init; } = ImmutableSortedDictionary<UnionId, int>.Empty;

    /// <summary>Acceptances by others that this union declined, each with its number.</summary>
    public ImmutableSortedDictionary<UnionId, int> Declined { get; init; } = ImmutableSortedDictionary<UnionId, int>.Empty;

    /// <summary>The view of a state.</summary>
    public static UnionView Of(UnionState union) => new()
    {
        Id = union.Id,
        Status = union.Status,
        Name = union.Name,
        Level = union.Level,
        Kind = union.Kind,
        TermYears = union.TermYears,
        Parent = union.Parent ?? union.Application?.Upper,
        Employers = union.Application?.Employers ?? [],
        Employees = union.Verification?.Employees ?? union.Application?.Employees ?? 0,
        Members = union.Verification?.Members ?? union.Application?.Members ?? 0,
        AppliedOn = union.Application?.On,
        ElectedOn = union.Election?.On,
        TakenOverOn = union.TakenOver?.On,
        Chair = union.Chair?.Mask,
        EstablishedOn = union.EstablishedOn,
        ClosedOn = union.Closing?.On,
        MergedInto = union.MergedInto,
        MergedOn = union.MergedOn,
        SplitFrom = union.Application?.SplitFrom,
        Accepts = union.Open.IsEmpty ? ImmutableSortedDictionary<UnionId, int>.Empty : union.Open.ToImmutableSortedDictionary(source => source, source => union.Accepted[source]),
        Declined = union.Declined,
    };
}
