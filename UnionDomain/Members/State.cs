using System.Collections.Immutable;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>Where a person stands.</summary>
public enum MemberStatus
{
    /// <summary>Nothing was ever recorded.</summary>
    None = 0,

    /// <summary>Applied; the committee has not decided.</summary>
    Applicant = 1,

    /// <summary>A member on the roll, also while a transfer is offered.</summary>
    Active = 2,

    /// <summary>Membership retained (保留会籍): no dues, no vote, not to be elected.</summary>
    Retained = 3,

    /// <summary>Left (退会).</summary>
    Withdrawn = 4,

    /// <summary>Deemed to have left (视为自动退会): never recorded, only seen on a date.</summary>
    DeemedWithdrawn = 5,

    /// <summary>Expelled (开除会籍).</summary>
    Expelled = 6,

    /// <summary>Died.</summary>
    Deceased = 7,

    /// <summary>The application was rejected.</summary>
    Rejected = 8,
}

/// <summary>Where somebody stands on a date, for whatever shows it.</summary>
internal static class Standing
{
    /// <summary>What is recorded, but for an active member whose time to answer is over.</summary>
    public static MemberStatus On(DateOnly on, MemberStatus recorded, DateOnly? deemedFrom) => recorded == MemberStatus.Active && deemedFrom <= on ? MemberStatus.DeemedWithdrawn : recorded;
}

/// <summary>Why membership is retained (MM).</summary>
public enum RetentionGround
{
    /// <summary>Retired (退休).</summary>
    Retired = 1,

    /// <summary>Unemployed (失业).</summary>
    Unemployed = 2,

    /// <summary>The unit closed (单位关闭): an upper union holds the membership.</summary>
    UnitClosed = 3,
}

/// <summary>How the newest offer of a transfer ended.</summary>
public enum TransferEnd
{
    /// <summary>No offer has ended, or one is open.</summary>
    None = 0,

    /// <summary>Accepted by the other union.</summary>
    Accepted = 1,

    /// <summary>Refused by the other union.</summary>
    Refused = 2,

    /// <summary>Recalled by the own union.</summary>
    Recalled = 3,
}

/// <summary>The employing unit of a member, and what is wrong with naming it.</summary>
/// <param name="Employer">The unit; null when none is named.</param>
/// <param name="Finding">Missing, not known or closed; null when it stands.</param>
public sealed record Workplace(EmployerId? Employer, Finding? Finding = null)
{
    /// <summary>No unit was ever named.</summary>
    public static readonly Workplace None = new((EmployerId?)null);
}

/// <summary>One recorded look at personal fields.</summary>
/// <param name="N">Its number in the stream, from 1.</param>
/// <param name="Purpose">Why.</param>
/// <param name="By">Account of the operator.</param>
/// <param name="For">The union the operator acted for.</param>
/// <param name="At">The member's union at the time.</param>
/// <param name="On">When.</param>
public sealed record MemberLooked(int N, string Purpose, string By, UnionId For, UnionId At, DateOnly On);

/// <summary>One person, for life. What depends on the clock is computed from the dates that stand here.</summary>
public sealed record MemberState
{
    /// <summary>Surrogate key of the person.</summary>
    public MemberId Id { get; init; }

    /// <summary>Where the person stands by what is recorded; see <see cref="StatusOn"/>.</summary>
    public MemberStatus Status { get; init; }

    /// <summary>The union applied to, on whose roll the member is or was, or which holds the retained membership.</summary>
    public UnionId Union { get; init; }

    /// <summary>The employing unit.</summary>
    public Workplace Workplace { get; init; } = Workplace.None;

    /// <summary>The record.</summary>
    public MemberRecord Record { get; init; } = new();

    /// <summary>Account of the operator who submitted the newest application.</summary>
    public string AppliedBy { get; init; } = "";

    /// <summary>When membership first began; a transfer or a return begins none.</summary>
    public DateOnly? BegunOn { get; init; }

    /// <summary>The offered transfer, open until its last day.</summary>
    public MemberEvent.TransferOffered? Transfer { get; init; }

    /// <summary>How the newest offer ended.</summary>
    public TransferEnd TransferEnd { get; init; }

    /// <summary>Why membership is retained.</summary>
    public RetentionGround? Ground { get; init; }

    /// <summary>When dues were last paid or the member last took part.</summary>
    public DateOnly? LastActiveOn { get; init; }

    /// <summary>The last day on which a member who was talked to may still pay or take part.</summary>
    public DateOnly? EducatedUntil { get; init; }

    /// <summary>When the person left; for a deemed withdrawal see <see cref="DeemedFrom"/>.</summary>
    public DateOnly? LeftOn { get; init; }

    /// <summary>When the entry was undone: nothing of it counts, and only the looks at it and its key are left.</summary>
    public DateOnly? UndoneOn { get; init; }

    /// <summary>When the personal values were erased.</summary>
    public DateOnly? ErasedOn { get; init; }

    /// <summary>The person's card.</summary>
    public MemberCard Card { get; init; } = MemberCard.None;

    /// <summary>Recorded looks, oldest first.</summary>
    public ImmutableArray<MemberLooked> Looks { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The newest date of anything that counts; nothing but a look is dated before it.</summary>
    public DateOnly? NewestOn { get; init; }

    /// <summary>The first day on which the member is deemed to have left, unless activity is recorded before; null: there is none.</summary>
    [JsonIgnore]
    public DateOnly? DeemedFrom => Status == MemberStatus.Active && EducatedUntil is { } until ? until.AddDays(1) : null;

    /// <summary>The last day on which the record is qualified, as long as nothing else happens; null: it is not.</summary>
    [JsonIgnore]
    public DateOnly? QualifiedUntil => Status == MemberStatus.Active && Record is { IsComplete: true, DocumentHash: not null } && Workplace.Finding is null
        ? Record.DocumentValidUntil ?? DateOnly.MaxValue
        : null;

    /// <summary>Whether a card may be made: the person's own word, or what the sheet says while there is none.</summary>
    [JsonIgnore]
    public bool HasCardConsent => Card.Consent ?? Record.CardConsent;

    /// <summary>Whether the card brings the benefits of membership on a date: a retained or ended membership may go with a live card, which is then a bank card and no more.</summary>
    public bool HasCardBenefitsOn(DateOnly on) => Card.IsLive && StatusOn(on) == MemberStatus.Active;

    /// <summary>Where the person stands on a date, as far as is recorded until now.</summary>
    public MemberStatus StatusOn(DateOnly on) => Standing.On(on, Status, DeemedFrom);

    /// <summary>The transfer that is open on a date.</summary>
    public MemberEvent.TransferOffered? TransferOn(DateOnly on) => Transfer?.Until >= on ? Transfer : null;
}
