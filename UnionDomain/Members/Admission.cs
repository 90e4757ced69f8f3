using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace UnionDomain.Members;

/// <content>How people come onto the roll, and how their sheets are recorded.</content>
public abstract partial class Member
{
    private static Decision<MemberEvent> Apply(MemberState member, MemberCommand.Apply c, Occasion occasion)
    {
        if (Allow(occasion.Operator.Role is Role.Member or Role.Officer, occasion) is { } mayNot) return mayNot;
        if (c.Sealed?.Record is not { } record) return c.Sealed?.Refusal ?? MemberFormRules.SheetMissing;
        var workplace = WorksAt(c.Employer, occasion);
        switch (member.StatusOn(occasion.BusinessOn))
        {
            case MemberStatus.Deceased:
                return MemberRules.Deceased;
            case MemberStatus.Active or MemberStatus.Retained:
                return c.Union == member.Union ? MemberRules.AlreadyMember : MemberRules.OnOtherRoll.With("union", member.Union);
            case MemberStatus.Applicant:
                return (c.Union, workplace, record.ContentHash) == (member.Union, member.Workplace, member.Record.ContentHash)
                    ? Told(Decision<MemberEvent>.Nothing, c.Sealed)
                    : MemberRules.AppliedAlready.With("union", member.Union);
        }

        return (c.Sealed.Ineligible ?? HasMembers(c.Union, occasion) ?? OccasionRules.NotBefore(occasion, member.NewestOn)) is { } refusal
            ? refusal
            : Told(new MemberEvent.Applied(Self(occasion), c.Union, workplace, record, occasion.Operator.Id, occasion.BusinessOn), c.Sealed);
    }

    private static Decision<MemberEvent> Admit(MemberState member, Occasion occasion)
    {
        if (ByCommittee(occasion) is { } mayNot) return mayNot;
        if (member.StatusOn(occasion.BusinessOn) == MemberStatus.Active && member.AppliedBy.Length > 0) return Decision<MemberEvent>.Nothing;
        if ((OpenApplication(member, occasion) ?? HasMembers(member.Union, occasion)) is { } refusal) return refusal;
        var (begun, isNew) = Begins(member, member.Union, member.Record.JoinedOn, occasion);
        return new MemberEvent.Admitted(begun, isNew, occasion.BusinessOn);
    }

    private static Decision<MemberEvent> Reject(MemberState member, Occasion occasion)
    {
        if ((ByCommittee(occasion) ?? OccasionRules.NeedsReason(occasion)) is { } mayNot) return mayNot;
        if (member.Status == MemberStatus.Rejected) return Decision<MemberEvent>.Nothing;
        return OpenApplication(member, occasion) is { } refusal ? refusal : new MemberEvent.Rejected(occasion.BusinessOn);
    }

    private static Decision<MemberEvent> Enter(MemberState member, MemberCommand.Enter c, Occasion occasion)
    {
        if (Allow(occasion.Operator.Role == Role.Officer || occasion.Operator.Role.IsFederation(), occasion) is { } mayNot) return mayNot;
        if (c.Sealed?.Record is not { } record) return c.Sealed?.Refusal ?? MemberFormRules.SheetMissing;
        // Another name under the same number is another person or a slip of the pen. A row does not say which, so it must not overwrite a person; Collect corrects a name.
        if (member.Status is not (MemberStatus.None or MemberStatus.Rejected) && IsOfAnother(record, member.Record)) return MemberRules.DocumentHeld.With("holder", occasion.Self);
        switch (member.StatusOn(occasion.BusinessOn))
        {
            case MemberStatus.Applicant:
                return MemberRules.Applying.With("union", member.Union);
            case MemberStatus.Active or MemberStatus.Retained:
                return c.Union == member.Union ? Recorded(member, c.Employer, c.Sealed, occasion) : MemberRules.OnOtherRoll.With("union", member.Union);
            case MemberStatus.Deceased:
                return MemberRules.Deceased;
            // A file that is sent again must not bring back who left since.
            case MemberStatus.Withdrawn or MemberStatus.DeemedWithdrawn or MemberStatus.Expelled:
            case MemberStatus.Rejected when member.BegunOn is not null:
                return Status(MemberRules.Left, member, occasion);
        }

        if ((c.Sealed.Ineligible ?? HasMembers(c.Union, occasion) ?? OccasionRules.NotBefore(occasion, member.NewestOn)) is { } refusal) return refusal;
        var (begun, isNew) = Begins(member, c.Union, record.JoinedOn, occasion);
        return Told(new MemberEvent.Entered(Self(occasion), c.Union, WorksAt(c.Employer, occasion), record, begun, isNew, occasion.BusinessOn), c.Sealed);
    }

    private static bool IsOfAnother(MemberRecord told, MemberRecord known) =>
        told.DocumentHash is { } document && document == known.DocumentHash && told.NameHash is { } name && known.NameHash is { } former && name != former;

    private static Decision<MemberEvent> Collect(MemberState member, MemberCommand.Collect c, Occasion occasion)
    {
        if (ByUnion(occasion) is { } mayNot) return mayNot;
        if (c.Sealed?.Record is null) return c.Sealed?.Refusal ?? MemberFormRules.SheetMissing;
        return member.StatusOn(occasion.BusinessOn) is MemberStatus.Applicant or MemberStatus.Active or MemberStatus.Retained
            ? Recorded(member, c.Employer ?? member.Workplace.Employer, c.Sealed, occasion)
            : Status(MemberRules.NotStanding, member, occasion);
    }

    private static Decision<MemberEvent> Recorded(MemberState member, EmployerId? employer, SealedForm sheet, Occasion occasion)
    {
        var workplace = WorksAt(employer, occasion);
        var same = sheet.Record!.ContentHash == member.Record.ContentHash;
        if (same && workplace == member.Workplace) return Told(Decision<MemberEvent>.Nothing, sheet);
        return OccasionRules.NotBefore(occasion, member.NewestOn) is { } refusal
            ? refusal
            : Told(new MemberEvent.Collected(workplace, same ? null : sheet.Record, occasion.BusinessOn), sheet);
    }

    private static Refusal? ByCommittee(Occasion occasion) => Allow(occasion.Operator.Role == Role.Committee || occasion.Operator.Role.IsFederation(), occasion);

    private static Refusal? OpenApplication(MemberState member, Occasion occasion)
    {
        if (member.Status != MemberStatus.Applicant) return Status(MemberRules.NotApplying, member, occasion);
        return member.AppliedBy == occasion.Operator.Id ? MemberRules.OwnSubmission : OccasionRules.NotBefore(occasion, member.NewestOn);
    }

    // Only unions that were established in steps are ever new: one that was set up is counted nowhere as gained.
    private static (DateOnly BegunOn, bool CountsAsNew) Begins(MemberState member, UnionId union, DateOnly? joinedOn, Occasion occasion) => member.BegunOn is { } former
        ? (former, false)
        : (joinedOn <= occasion.BusinessOn ? joinedOn.Value : occasion.BusinessOn, occasion.Knowledge.Of<UnionView>(union.Stream)?.AppliedOn is not null);

    private static Decision<MemberEvent> Told(Decision<MemberEvent> decision, SealedForm sheet) => sheet.Warnings.Aggregate(decision, (told, warning) => told.Warn(warning));
}
