using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <content>
/// The transfer between unions: one side offers, the other accepts, and from that day on the member counts there. An offer ends by its date, with nobody doing anything.
/// </content>
public abstract partial class Member
{
    private static Decision<MemberEvent> OfferTransfer(MemberState member, MemberCommand.OfferTransfer c, Occasion occasion)
    {
        if (BySide(member.Union, occasion) is { } mayNot) return mayNot;
        if (Active(member, occasion) is { } inactive) return inactive;
        if (c.To == member.Union) return MemberRules.TransferToOwn.With("union", c.To);
        if (member.TransferOn(occasion.BusinessOn) is { } open)
        {
            return (open.To, open.Employer) == (c.To, c.Employer)
                ? Decision<MemberEvent>.Nothing
                : MemberRules.TransferOpen.With("union", open.To).With("until", OccasionRules.Text(open.Until));
        }

        return HasMembers(c.To, occasion) is { } refusal
            ? refusal
            : new MemberEvent.TransferOffered(c.To, c.Employer, occasion.BusinessOn.AddDays(occasion.Rules.TransferOfferDays), occasion.Operator.Id, occasion.BusinessOn);
    }

    private static Decision<MemberEvent> AcceptTransfer(MemberState member, MemberCommand.AcceptTransfer c, Occasion occasion)
    {
        if (ByUnion(occasion) is { } mayNot) return mayNot;
        if (member is { Transfer: null, TransferEnd: TransferEnd.Accepted } && (c.Employer ?? member.Workplace.Employer) == member.Workplace.Employer) return Decision<MemberEvent>.Nothing;
        if ((Answerable(member, occasion) ?? HasMembers(member.Transfer!.To, occasion)) is { } refusal) return refusal;
        return new MemberEvent.TransferAccepted(member.Transfer!.To, WorksAt(c.Employer ?? member.Transfer.Employer, occasion), occasion.BusinessOn);
    }

    private static Decision<MemberEvent> RefuseTransfer(MemberState member, Occasion occasion)
    {
        if ((ByUnion(occasion) ?? OccasionRules.NeedsReason(occasion)) is { } mayNot) return mayNot;
        if (member is { Transfer: null, TransferEnd: TransferEnd.Refused }) return Decision<MemberEvent>.Nothing;
        return Answerable(member, occasion) is { } refusal ? refusal : new MemberEvent.TransferRefused(occasion.BusinessOn);
    }

    private static Decision<MemberEvent> RecallTransfer(MemberState member, Occasion occasion)
    {
        if (BySide(member.Union, occasion) is { } mayNot) return mayNot;
        if (member is { Transfer: null, TransferEnd: TransferEnd.Recalled }) return Decision<MemberEvent>.Nothing;
        return Open(member, occasion) is { } refusal ? refusal : new MemberEvent.TransferRecalled(occasion.BusinessOn);
    }

    private static Refusal? Open(MemberState member, Occasion occasion)
    {
        if (member.Transfer is not { } offer) return MemberRules.TransferNone;
        return Active(member, occasion) ?? (offer.Until < occasion.BusinessOn ? MemberRules.TransferExpired.With("until", OccasionRules.Text(offer.Until)) : null);
    }

    private static Refusal? Answerable(MemberState member, Occasion occasion)
    {
        if ((Open(member, occasion) ?? BySide(member.Transfer!.To, occasion)) is { } refusal) return refusal;
        return member.Transfer!.By == occasion.Operator.Id ? MemberRules.TransferBothSides : null;
    }
}
