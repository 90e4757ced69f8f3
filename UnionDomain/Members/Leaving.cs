using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace UnionDomain.Members;

/// <content>How membership is retained, lapses and ends.</content>
public abstract partial class Member
{
    private static Decision<MemberEvent> Retain(MemberState member, MemberCommand.Retain c, Occasion occasion)
    {
        if (ByUnion(occasion) is { } mayNot) return mayNot;
        if (c.Ground is not (RetentionGround.Retired or RetentionGround.Unemployed or RetentionGround.UnitClosed)) return MemberRules.GroundUnknown;
        if (c.Ground != RetentionGround.UnitClosed && c.At is not null) return MemberRules.HoldingUnionNotExpected;
        if (c.Ground == RetentionGround.UnitClosed && c.At is null) return MemberRules.HoldingUnionMissing;
        var at = c.At ?? member.Union;
        if (member.Status == MemberStatus.Retained && (member.Ground, member.Union) == (c.Ground, at)) return Decision<MemberEvent>.Nothing;
        if (Standing(member, occasion) is { } refusal) return refusal;
        if (c.At is { } upper && !(occasion.Knowledge.Of<UnionView>(upper.Stream) is { } view && IsActive(view, occasion)))
            return MemberRules.HoldingUnionNotActive.With("union", upper).With("date", OccasionRules.Text(occasion.BusinessOn));
        return new MemberEvent.Retained(c.Ground, at, occasion.BusinessOn);
    }

    private static Decision<MemberEvent> Reinstate(MemberState member, MemberCommand.Reinstate c, Occasion occasion)
    {
        if (ByUnion(occasion) is { } mayNot) return mayNot;
        var status = member.StatusOn(occasion.BusinessOn);
        if (status == MemberStatus.Active && (member.Union, member.Workplace.Employer) == (c.Union, c.Employer)) return Decision<MemberEvent>.Nothing;
        if (status != MemberStatus.Retained) return Status(MemberRules.NotRetained, member, occasion);
        if ((HasMembers(c.Union, occasion) ?? OccasionRules.NotBefore(occasion, member.NewestOn)) is { } refusal) return refusal;
        Decision<MemberEvent> reinstated = new MemberEvent.Reinstated(c.Union, WorksAt(c.Employer, occasion), occasion.BusinessOn);
        return reinstated.Warn(member.Ground == RetentionGround.Retired ? MemberRules.RetiredStays : null);
    }

    private static Decision<MemberEvent> Withdraw(MemberState member, Occasion occasion)
    {
        if (occasion.Operator.Role != Role.Member && ByUnion(occasion) is { } mayNot) return mayNot;
        return Leave(member, MemberStatus.Withdrawn, new MemberEvent.Withdrawn(occasion.BusinessOn), occasion);
    }

    private static Decision<MemberEvent> Expel(MemberState member, Occasion occasion)
    {
        if ((Allow(occasion.Operator.Role == Role.Committee, occasion) ?? OccasionRules.NeedsReason(occasion) ?? OccasionRules.NeedsDocument(occasion)) is { } mayNot) return mayNot;
        return Leave(member, MemberStatus.Expelled, new MemberEvent.Expelled(occasion.DocumentRef!, occasion.BusinessOn), occasion);
    }

    private static Decision<MemberEvent> RecordDeath(MemberState member, Occasion occasion)
    {
        if ((ByUnion(occasion) ?? OccasionRules.NeedsDocument(occasion)) is { } mayNot) return mayNot;
        return Leave(member, MemberStatus.Deceased, new MemberEvent.Died(occasion.DocumentRef!, occasion.BusinessOn), occasion);
    }

    private static Decision<MemberEvent> Leave(MemberState member, MemberStatus result, MemberEvent happened, Occasion occasion)
    {
        if (member.Status == result) return Decision<MemberEvent>.Nothing;
        return Standing(member, occasion) is { } refusal ? refusal : happened;
    }

    private static Decision<MemberEvent> RecordActivity(MemberState member, Occasion occasion)
    {
        if ((ByUnion(occasion) ?? Active(member, occasion)) is { } refusal) return refusal;
        return member.LastActiveOn == occasion.BusinessOn && member.EducatedUntil is null ? Decision<MemberEvent>.Nothing : new MemberEvent.ActivityRecorded(occasion.BusinessOn);
    }

    private static Decision<MemberEvent> Educate(MemberState member, MemberCommand.Educate c, Occasion occasion)
    {
        if ((ByUnion(occasion) ?? Active(member, occasion)) is { } refusal) return refusal;
        if (c.Until < occasion.BusinessOn) return MemberRules.EducationEnded.With("until", OccasionRules.Text(c.Until));
        if (member.EducatedUntil == c.Until) return Decision<MemberEvent>.Nothing;
        var (last, months) = (member.LastActiveOn ?? member.BegunOn, occasion.Rules.LapseMonths);
        Decision<MemberEvent> educated = new MemberEvent.Educated(c.Until, occasion.BusinessOn);
        return educated.Warn(last is { } active && active.AddMonths(months) > occasion.BusinessOn ? MemberRules.ActiveLately.With("date", OccasionRules.Text(active)).With("months", months) : null);
    }
}
