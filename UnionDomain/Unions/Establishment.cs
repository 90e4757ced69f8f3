using UnionDomain.Employers;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <content>
/// The establishment, step by step (C3): applied, verified, approved or given back, elected, result approved, completed. Every step applies to every union of levels 4–6.
/// For branches and groups the upper is a primary union, so its committee does what the subdistrict and the upper federation do for a primary union.
/// </content>
public abstract partial class Union
{
    private static Decision<UnionEvent> Apply(UnionState union, UnionCommand.Apply c, Occasion occasion)
    {
        if (Allow(occasion.Operator.Role.IsPrimary() || occasion.Operator.Role == Role.Subdistrict, occasion) is { } mayNot) return mayNot;
        if (union.SetUp is not null || union.TakenOver is not null) return UnionRules.AlreadyExists;
        if (union.Status == UnionStatus.Rejected) return UnionRules.ApplicationRejected;
        if (union.Application is { } former && union.Status != UnionStatus.Returned)
            return Same(former, c) ? Decision<UnionEvent>.Nothing : UnionRules.AppliedOtherwise;
        if ((OccasionRules.NotBefore(occasion, union.NewestOn) ?? Sound(union, c, occasion) ?? UnitsFit(c, occasion)) is { } refusal) return refusal;
        return new UnionEvent.Applied(
            Self(occasion), c.Name.Trim(), c.Level, c.Kind, c.Upper, occasion.Knowledge.Of<UnionView>(c.Upper.Stream)!.Level, c.Employers, c.Employees, c.Members, c.TermYears, c.SplitFrom,
            occasion.Operator.Id, occasion.BusinessOn);
    }

    private static bool Same(UnionEvent.Applied former, UnionCommand.Apply c) =>
        (former.Name, former.Level, former.Kind, former.Upper, former.Employees, former.Members, former.TermYears, former.SplitFrom)
        == (c.Name?.Trim(), c.Level, c.Kind, c.Upper, c.Employees, c.Members, c.TermYears, c.SplitFrom) && former.Employers.SequenceEqual(c.Employers);

    private static Refusal? Sound(UnionState union, UnionCommand.Apply c, Occasion occasion)
    {
        if (TextRules.Check("name", c.Name) is { } unfit) return unfit;
        if (UnionPlaces.Of(c.Level, c.Kind) is null) return NoSuchKind(c.Level, c.Kind);
        if (c.Level < UnionLevel.Primary) return UnionRules.FederationIsSetUp;
        // Level and kind of a number never change, not even from one application to the next.
        if (union.Application is { } former && (former.Level, former.Kind) != (c.Level, c.Kind)) return UnionRules.AppliedOtherwise;
        if ((MayStandUnder(Self(occasion), c.Level, c.Kind, c.Upper, occasion) ?? People(c.Employees, c.Members)) is { } refusal) return refusal;
        if (TermFits(c.Level, c.TermYears, occasion.Rules) is { } tooLong) return tooLong;
        return c.SplitFrom is { } origin && !IsActiveOn(occasion.Knowledge.Of<UnionView>(origin.Stream), occasion.BusinessOn)
            ? UnionRules.SplitOriginNotActive.With("union", origin)
            : null;
    }

    private static Refusal? People(int employees, int members) =>
        NumberRules.Check("employees", employees, 1) ?? NumberRules.Check("members", members, 1)
        ?? (members > employees ? UnionRules.MembersExceedEmployees.With("members", members).With("employees", employees) : null);

    private static Refusal? UnitsFit(UnionCommand.Apply c, Occasion occasion)
    {
        var rules = occasion.Rules;
        if (c.Level != UnionLevel.Primary || c.Kind == UnionKind.Association) return c.Employers.IsEmpty ? null : UnionRules.UnitsNotExpected;
        if (c.Kind == UnionKind.Independent && c.Employers.Length != 1) return UnionRules.OneUnitOnly.With("units", c.Employers.Length);
        if (EachOnce(c.Employers) is { } twice) return twice;
        if (c.Kind == UnionKind.Joint && c.Employers.Length < rules.MinJointUnits)
            return UnionRules.TooFewUnits.With("fewest", rules.MinJointUnits).With("units", c.Employers.Length);
        foreach (var employer in c.Employers)
        {
            // Advisory: the coverage itself is decided by the employer, which has at most one.
            var unit = occasion.Knowledge.Of<EmployerView>(employer.Stream);
            if (unit is null or { Status: EmployerStatus.None }) return UnionRules.UnitUnknown.With("employer", employer);
            if (unit.Status == EmployerStatus.Closed) return UnionRules.UnitClosed.With("employer", employer);
            if (unit.Coverage is { Kind: not CoverageKind.OrganiserOnly } coverage && coverage.Union != Self(occasion) && coverage.Union != c.SplitFrom)
                return UnionRules.UnitCovered.With("employer", employer).With("union", coverage.Union);
            if (c.Kind == UnionKind.Independent && BigEnough(unit.Headcount, occasion) is { } tooSmall) return tooSmall;
        }

        return c.Kind == UnionKind.Independent ? BigEnough(c.Employees, occasion) : null;
    }

    private static Refusal? BigEnough(int headcount, Occasion occasion) => headcount >= occasion.Rules.MinIndependentHeadcount
        ? null
        : UnionRules.HeadcountTooLow.With("headcount", headcount).With("fewest", occasion.Rules.MinIndependentHeadcount);

    private static Decision<UnionEvent> Verify(UnionState union, UnionCommand.Verify c, Occasion occasion)
    {
        if (ByVerifier(union, occasion) is { } mayNot) return mayNot;
        if (union.Verification is { } done)
            return (done.Employees, done.Members) == (c.Employees, c.Members) ? Decision<UnionEvent>.Nothing : UnionRules.VerifiedOtherwise;
        if ((Step(union, occasion, UnionStatus.Submitted) ?? People(c.Employees, c.Members)) is { } refusal) return refusal;
        if (union is { Level: UnionLevel.Primary, Kind: UnionKind.Independent } && BigEnough(c.Employees, occasion) is { } tooSmall) return tooSmall;
        return new UnionEvent.Verified(c.Employees, c.Members, occasion.BusinessOn);
    }

    private static Decision<UnionEvent> Approve(UnionState union, Occasion occasion)
    {
        if (ByUpper(union, occasion) is { } mayNot) return mayNot;
        if (union.ApprovedOn is not null) return Decision<UnionEvent>.Nothing;
        return Step(union, occasion, UnionStatus.Verified) is { } refusal ? refusal : new UnionEvent.Approved(occasion.BusinessOn);
    }

    private static Decision<UnionEvent> GiveBack(UnionState union, UnionStatus result, UnionEvent happened, Occasion occasion)
    {
        if (ByUpper(union, occasion) is { } mayNot) return mayNot;
        if (union.Status == result) return Decision<UnionEvent>.Nothing;
        return (Step(union, occasion, UnionStatus.Submitted, UnionStatus.Verified) ?? OccasionRules.NeedsReason(occasion)) is { } refusal ? refusal : happened;
    }

    private static Decision<UnionEvent> HoldElection(UnionState union, UnionCommand.HoldElection c, Occasion occasion)
    {
        if (Allow(occasion.Operator.Role.IsPrimary(), occasion) is { } mayNot) return mayNot;
        if (union.Election is { } done)
            return (done.Due, done.Present, done.Elected) == (c.Due, c.Present, c.Elected) ? Decision<UnionEvent>.Nothing : UnionRules.ElectedOtherwise;
        if ((Step(union, occasion, UnionStatus.Approved) ?? NumberRules.Check("due", c.Due, 1) ?? NumberRules.Check("present", c.Present, 0) ?? NumberRules.Check("elected", c.Elected, 1)) is { } refusal)
            return refusal;
        if (c.Present > c.Due) return UnionRules.PresentExceedDue.With("present", c.Present).With("due", c.Due);
        var (parts, of) = occasion.Rules.Quorum;
        if (of * c.Present < parts * c.Due) return UnionRules.QuorumMissed.With("present", c.Present).With("due", c.Due).With("needed", ((parts * c.Due) + of - 1) / of);
        return Decision<UnionEvent>.Of(new UnionEvent.ElectionHeld(c.Due, c.Present, c.Elected, occasion.BusinessOn)).Warn(UnusualCommittee(union, c.Elected, occasion));
    }

    private static Refusal? UnusualCommittee(UnionState union, int elected, Occasion occasion)
    {
        if (union.Level != UnionLevel.Primary || union.Verification is not { } found) return null;
        var size = occasion.Rules.CommitteeSizes.First(size => found.Members >= size.FromMembers && found.Members <= size.ToMembers);
        // The smallest unions may have one chair or organiser instead of a committee.
        if ((elected >= size.Fewest && elected <= size.Most) || (elected == 1 && found.Members < occasion.Rules.CommitteeRequiredMembers)) return null;
        return UnionRules.CommitteeSizeUnusual.With("members", found.Members).With("fewest", size.Fewest).With("most", size.Most).With("elected", elected);
    }

    private static Decision<UnionEvent> ApproveResult(UnionState union, Occasion occasion)
    {
        if (ByUpper(union, occasion) is { } mayNot) return mayNot;
        if (union.ResultApprovedOn is not null) return Decision<UnionEvent>.Nothing;
        return Step(union, occasion, UnionStatus.ElectionHeld) is { } refusal ? refusal : new UnionEvent.ResultApproved(occasion.BusinessOn);
    }

    private static Decision<UnionEvent> Complete(UnionState union, Occasion occasion)
    {
        if (ByUpper(union, occasion) is { } mayNot) return mayNot;
        if (union.EstablishedOn is not null) return Decision<UnionEvent>.Nothing;
        return Step(union, occasion, UnionStatus.ResultApproved) is { } refusal ? refusal : new UnionEvent.Completed(occasion.BusinessOn);
    }

    private static Refusal? Step(UnionState union, Occasion occasion, params ReadOnlySpan<UnionStatus> follows) =>
        follows.Contains(union.Status) ? OccasionRules.NotBefore(occasion, union.NewestOn) : Status(UnionRules.StepOutOfOrder, union);

    // Directly under a district or municipality there is no subdistrict: that federation counts itself. The primary union counts its branches and groups.
    private static Refusal? ByVerifier(UnionState union, Occasion occasion) =>
        Allow(
            occasion.Operator.Role switch
            {
                Role.Subdistrict => true,
                Role.District or Role.Municipal => union.Application?.UpperLevel <= UnionLevel.District,
                Role.Committee => union.Level > UnionLevel.Primary,
                _ => false,
            },
            occasion) ?? NotOwn(union, occasion);

    private static Refusal? ByUpper(UnionState union, Occasion occasion) =>
        Allow(occasion.Operator.Role.IsFederation() || (occasion.Operator.Role == Role.Committee && union.Level > UnionLevel.Primary), occasion) ?? NotOwn(union, occasion);

    private static Refusal? NotOwn(UnionState union, Occasion occasion) =>
        occasion.Operator.Id == union.Application?.By || occasion.Operator.Union == union.Id ? UnionRules.OwnSubmission : null;
}
