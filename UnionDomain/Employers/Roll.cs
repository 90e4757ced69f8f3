using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <content>What the roll of a federation says of a unit, row by row, and what the unit says of its members.</content>
public abstract partial class Employer
{
    private static Decision<EmployerEvent> Record(EmployerState employer, EmployerCommand.Record c, Occasion occasion)
    {
        if ((ByFederation(occasion) ?? NotClosed(employer)) is { } mayNot) return mayNot;
        var (code, area) = ("", "");
        if ((ReadCode(c.Code, ref code) ?? TextRules.Check("name", c.Name) ?? KindFits(c.Kind) ?? IndustryFits(c.Industry) ?? ReadArea(c.Area, occasion.BusinessOn, ref area)
            ?? People(c.Headcount, c.Women, c.Migrants) ?? Told(c.Union, c.Coverage) ?? c.ContactUnfit) is { } unfit) return unfit;

        var on = occasion.BusinessOn;
        var differs = ImmutableArray.CreateBuilder<EmployerEvent>();
        if (employer.Status == EmployerStatus.None)
        {
            if (FederationFits(c.Federation, occasion) is { } misplaced) return misplaced;
            differs.Add(new EmployerEvent.Registered(new(occasion.Self.Key), code, c.Name.Trim(), c.Kind, c.Industry, area, c.Federation, c.Headcount, c.Women, c.Migrants, on));
        }
        else
        {
            if (employer.Code != code) return EmployerRules.CodeDiffers.With("code", code);
            if (employer.Name != c.Name.Trim()) differs.Add(new EmployerEvent.Renamed(c.Name.Trim()));
            if ((employer.Kind, employer.Industry) != (c.Kind, c.Industry)) differs.Add(new EmployerEvent.Reclassified(c.Kind, c.Industry));
            if ((employer.Area, employer.Federation) != (area, c.Federation))
            {
                if (FederationFits(c.Federation, occasion) is { } misplaced) return misplaced;
                differs.Add(new EmployerEvent.Relocated(area, c.Federation, on));
            }

            if ((employer.Headcount, employer.Women, employer.Migrants) != (c.Headcount, c.Women, c.Migrants))
                differs.Add(new EmployerEvent.HeadcountReported(c.Headcount, c.Women, c.Migrants, on));
        }

        // A unit on the roll is at work; of one that suspended its work the template says nothing.
        if (employer.Status is EmployerStatus.None or EmployerStatus.Registered) differs.Add(new EmployerEvent.OperationStarted(on));
        if ((employer.Coverage?.Union, employer.Coverage?.Kind) != (c.Union, c.Coverage))
        {
            if (c is { Union: { } union, Coverage: { } kind })
            {
                if (MayCover(union, kind, occasion) is { } cannot) return cannot;
                differs.Add(new EmployerEvent.Covered(union, kind, on));
            }
            else
            {
                differs.Add(new EmployerEvent.CoverageEnded(on));
            }
        }

        if (c.SealedContact is { } contact && employer.Contact?.Hash != contact.Hash) differs.Add(new EmployerEvent.ContactRecorded(contact));
        if (differs.Count == 0) return Decision<EmployerEvent>.Nothing;
        return OccasionRules.NotBefore(occasion, employer.NewestOn) is { } tooLate ? tooLate : Decision<EmployerEvent>.Of([.. differs]);
    }

    private static Decision<EmployerEvent> ReportMembers(EmployerState employer, EmployerCommand.ReportMembers c, Occasion occasion)
    {
        if ((ByUnion(occasion) ?? NotClosed(employer) ?? NumberRules.Check("members", c.Members, 0)) is { } refusal) return refusal;
        return employer.MembersReported == c.Members ? Decision<EmployerEvent>.Nothing : Dated(employer, new EmployerEvent.MembersReported(c.Members, occasion.BusinessOn), occasion);
    }

    private static Decision<EmployerEvent> LookAtContact(EmployerState employer, EmployerCommand.LookAtContact c, Occasion occasion)
    {
        var role = occasion.Operator.Role;
        if ((Allow(role.IsPrimary() || role.IsFederation() || role == Role.Audit, occasion) ?? LookRules.Check(c.Purpose)) is { } refusal) return refusal;
        return employer.Contact is null ? Decision<EmployerEvent>.Nothing : new EmployerEvent.ContactLookedAt(c.Purpose, occasion.BusinessOn);
    }
}
