using System.Collections.Immutable;

namespace UnionDomain.Kernel;

/// <summary>
/// The thresholds of law in force on a date. Rules read them here and never hold a number of their own.
/// 以上, 以下 and 以内 include the number; 不满, 超过 and 以外 exclude it (Civil Code 1259).
/// </summary>
public sealed record RulePack
{
    /// <summary>Name of the pack, for example <c>current</c>.</summary>
    public required string Name { get; init; }

    /// <summary>First business date on which it holds.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Fewest employees of a unit that may found a union of its own; below it joins with others. Not statute: practice of the source report ("9人以下").</summary>
    public int MinIndependentHeadcount { get; init; } = 10;

    /// <summary>From this many members on a unit must have a committee of its own (TUL 11; BJM 9).</summary>
    public int CommitteeRequiredMembers { get; init; } = 25;

    /// <summary>Fewest units a joint union covers (TUL 11).</summary>
    public int MinJointUnits { get; init; } = 2;

    /// <summary>Units of at least this many employees are the target of organising (50人以上: the number included).</summary>
    public int TargetHeadcount { get; init; } = 50;

    /// <summary>Terms a primary union may choose, in years (TUL 16; BJM 13).</summary>
    public ImmutableArray<int> PrimaryTermYears { get; init; } = [3, 5];

    /// <summary>Term of local and industrial federations, in years (TUL 16).</summary>
    public int FederationTermYears { get; init; } = 5;

    /// <summary>Quorum of an electing meeting: present × <c>QuorumOf</c> ≥ due × <c>QuorumParts</c> (two thirds; Primary Union Election Regulations).</summary>
    public (int Parts, int Of) Quorum { get; init; } = (2, 3);

    /// <summary>Committee sizes by number of members (Primary Union Election Regulations, chapter 2; text not verified, so a breach is a warning).</summary>
    public ImmutableArray<CommitteeSize> CommitteeSizes { get; init; } =
    [
        new(0, 24, 3, 5), new(25, 200, 3, 7), new(201, 1_000, 7, 15), new(1_001, 5_000, 15, 21),
        new(5_001, 10_000, 21, 29), new(10_001, 50_000, 29, 37), new(50_001, int.MaxValue, 37, 45),
    ];

    /// <summary>Fewest whole years of age of a new member (the age from which anybody may be employed; Labour Law 15). The union's own rules name no other.</summary>
    public int MinMemberAge { get; init; } = 16;

    /// <summary>Days after the one of the offer during which a transfer of membership may be accepted, the last included. Not statute: how long two unions leave papers open.</summary>
    public int TransferOfferDays { get; init; } = 30;

    /// <summary>Months without dues and participation after which, once the member was talked to, membership is deemed withdrawn (Constitution; text not verified, so a breach is a warning).</summary>
    public int LapseMonths { get; init; } = 6;

    /// <summary>Most lines of one batch of Jing Cards. Not statute: what one file to the bank holds.</summary>
    public int MostCardLines { get; init; } = 100_000;

    /// <summary>The rules in force today, and the default for every date for which no other pack was verified.</summary>
    public static readonly RulePack Current = new() { Name = "current", From = DateOnly.MinValue };

    private static readonly ImmutableArray<RulePack> All = [Current];

    /// <summary>The rules in force on a business date.</summary>
    public static RulePack On(DateOnly businessOn)
    {
        var at = All.Length - 1;
        while (All[at].From > businessOn) at--;
        return All[at];
    }
}

/// <summary>How many people a committee has for a number of members; all bounds included.</summary>
public readonly record struct CommitteeSize(int FromMembers, int ToMembers, int Fewest, int Most);
