using System.Collections.Immutable;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Members;

/// <summary>A transfer that was offered and not answered.</summary>
/// <param name="To">The other union.</param>
/// <param name="Employer">The unit there, if named.</param>
/// <param name="On">When it was offered.</param>
/// <param name="Until">The last day on which it may be accepted.</param>
public sealed record OfferedTransfer(UnionId To, EmployerId? Employer, DateOnly On, DateOnly Until);

/// <summary>What an application sees of a member: masked, unless <see cref="Personal"/> was opened by a recorded look.</summary>
public sealed record MemberView
{
    /// <summary>Surrogate key of the person; empty while nothing is recorded.</summary>
    public MemberId Id { get; init; }

    /// <summary>Where the person stands by what is recorded; on a date see <see cref="StatusOn"/>.</summary>
    public MemberStatus Status { get; init; }

    /// <summary>The union applied to, on whose roll the member is or was, or which holds the retained membership.</summary>
    public UnionId Union { get; init; }

    /// <summary>The employing unit.</summary>
    public EmployerId? Employer { get; init; }

    /// <summary>What is wrong with the record, the unit first.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Sex.</summary>
    public Sex? Sex { get; init; }

    /// <summary>Year of birth.</summary>
    public int? BirthYear { get; init; }

    /// <summary>Kind of document, 1–4.</summary>
    public int? DocumentType { get; init; }

    /// <summary>Last day of the document; null for one without end.</summary>
    public DateOnly? DocumentValidUntil { get; init; }

    /// <summary>Education, 1–5.</summary>
    public int? Education { get; init; }

    /// <summary>Skill, 0–5.</summary>
    public int? Skill { get; init; }

    /// <summary>Employment, 1–4.</summary>
    public int? Employment { get; init; }

    /// <summary>Household registration, 1–4.</summary>
    public int? Household { get; init; }

    /// <summary>Where the member lives (GB/T 2260).</summary>
    public string? Residence { get; init; }

    /// <summary>When the member joined, by the sheet.</summary>
    public DateOnly? JoinedOn { get; init; }

    /// <summary>When membership first began.</summary>
    public DateOnly? BegunOn { get; init; }

    /// <summary>Whether a migrant worker.</summary>
    public bool? Migrant { get; init; }

    /// <summary>Whether a Jing Card may be made: the person's own word, or what the sheet says while there is none.</summary>
    public bool CardConsent { get; init; }

    /// <summary>The name's first character and stars.</summary>
    public string? NameMask { get; init; }

    /// <summary>The document's number with its middle starred out.</summary>
    public string? DocumentMask { get; init; }

    /// <summary>The phone's first three and last four digits.</summary>
    public string? MobileMask { get; init; }

    /// <summary>The offered transfer; it may have ended by its last day.</summary>
    public OfferedTransfer? Transfer { get; init; }

    /// <summary>Why membership is retained.</summary>
    public RetentionGround? Ground { get; init; }

    /// <summary>When dues were last paid or the member last took part.</summary>
    public DateOnly? LastActiveOn { get; init; }

    /// <summary>The first day on which the member is deemed to have left, unless activity is recorded before.</summary>
    public DateOnly? DeemedFrom { get; init; }

    /// <summary>The last day on which the record is qualified, as long as nothing else happens; null: it is not.</summary>
    public DateOnly? QualifiedUntil { get; init; }

    /// <summary>When the person left.</summary>
    public DateOnly? LeftOn { get; init; }

    /// <summary>When the entry was undone; the person is on no roll by it.</summary>
    public DateOnly? UndoneOn { get; init; }

    /// <summary>When the personal values were erased.</summary>
    public DateOnly? ErasedOn { get; init; }

    /// <summary>How many looks at the personal values are recorded.</summary>
    public int Looks { get; init; }

    /// <summary>The personal values; null unless a look at them was recorded for this answer.</summary>
    public MemberPersonal? Personal { get; init; }

    /// <summary>The card and the application for one; null while there was neither.</summary>
    public CardView? Card { get; init; }

    /// <summary>The card's number; null unless a look at it was recorded for this answer.</summary>
    public CardPersonal? CardPersonal { get; init; }

    /// <summary>Whether the card brings the benefits of membership on a date, wherever it stands at the bank.</summary>
    public bool HasCardBenefitsOn(DateOnly on) => Card is { IsLive: true } && StatusOn(on) == MemberStatus.Active;

    /// <summary>Where the person stands on a date, as far as is recorded until now.</summary>
    public MemberStatus StatusOn(DateOnly on) => Standing.On(on, Status, DeemedFrom);

    /// <summary>Whether the member is active and the record qualified on a date.</summary>
    public bool IsQualifiedOn(DateOnly on) => StatusOn(on) == MemberStatus.Active && QualifiedUntil >= on;

    /// <summary>The reasons on a date: what is wrong with the record, and <c>stale</c> once the document has ended.</summary>
    public ImmutableArray<Finding> FindingsOn(DateOnly on) => DocumentValidUntil < on ? Findings.Add(new("stale", MemberFormRules.DocumentExpired.Code)) : Findings;

    /// <summary>The masked view of a state.</summary>
    public static MemberView Of(MemberState member) => new()
    {
        Id = member.Id,
        Status = member.Status,
        Union = member.Union,
        Employer = member.Workplace.Employer,
        Findings = member.Workplace.Finding is { } finding ? [finding, .. member.Record.Findings] : member.Record.Findings,
        Sex = member.Record.Sex,
        BirthYear = member.Record.BirthYear,
        DocumentType = member.Record.DocumentType,
        DocumentValidUntil = member.Record.DocumentValidUntil,
        Education = member.Record.Education,
        Skill = member.Record.Skill,
        Employment = member.Record.Employment,
        Household = member.Record.Household,
        Residence = member.Record.Residence,
        JoinedOn = member.Record.JoinedOn,
        BegunOn = member.BegunOn,
        Migrant = member.Record.Migrant,
        CardConsent = member.HasCardConsent,
        NameMask = member.Record.NameMask,
        DocumentMask = member.Record.DocumentMask,
        MobileMask = member.Record.MobileMask,
        Transfer = member.Transfer is { } offer ? new(offer.To, offer.Employer, offer.On, offer.Until) : null,
        Ground = member.Ground,
        LastActiveOn = member.LastActiveOn,
        DeemedFrom = member.DeemedFrom,
        QualifiedUntil = member.QualifiedUntil,
        LeftOn = member.LeftOn,
        UndoneOn = member.UndoneOn,
        ErasedOn = member.ErasedOn,
        Looks = member.Looks.Length,
        Card = CardView.Of(member.Card),
    };
}
