using System.Collections.Immutable;
using System.Diagnostics;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Unions;

namespace UnionDomain.Employers;

/// <summary>
/// An employing unit (单位). What covers it is a dated fact of its own: at most one coverage, decided here and nowhere else.
/// </summary>
public abstract partial class Employer : IAggregate<EmployerState, EmployerCommand, EmployerEvent, EmployerView>
{
    /// <summary>The kind of the claim on a unit's code.</summary>
    public const string CodeClaim = "employer-code";

    /// <inheritdoc/>
    public static string Kind => "employer";

    /// <inheritdoc/>
    public static UnionId? Place(EmployerEvent happened, StreamId self) => happened switch
    {
        EmployerEvent.Registered e => e.Federation,
        EmployerEvent.Relocated e => e.Federation,
        EmployerEvent.RecordUndone e => e.Federation,
        _ => null,
    };

    /// <inheritdoc/>
    public static EmployerState Initial { get; } = new();

    /// <inheritdoc/>
    public static ImmutableArray<ReadModel> ReadModels { get; } = [EmployerLine.Model];

    /// <inheritdoc/>
    public static ImmutableArray<Measure> Measures { get; } = [EmployerMeasures.Units, EmployerMeasures.Covered, EmployerMeasures.Headcount, EmployerMeasures.MembersReported];

    /// <inheritdoc/>
    public static EmployerView View(EmployerState state) => EmployerView.Of(state);

    /// <inheritdoc/>
    public static Decision<EmployerEvent> Decide(EmployerState state, EmployerCommand command, Occasion occasion) => command switch
    {
        EmployerCommand.Register c => Register(state, c, occasion),
        EmployerCommand.Record c => Record(state, c, occasion),
        EmployerCommand.Undo c => Undo(state, c, occasion),
        _ when state.Status == EmployerStatus.None => EmployerRules.Unknown,
        EmployerCommand.StartOperating => Step(state, EmployerStatus.Operating, new EmployerEvent.OperationStarted(occasion.BusinessOn), occasion, EmployerStatus.Registered),
        EmployerCommand.ReportHeadcount c => ReportHeadcount(state, c, occasion),
        EmployerCommand.CorrectCode c => CorrectCode(state, c, occasion),
        EmployerCommand.Rename c => Rename(state, c, occasion),
        EmployerCommand.Relocate c => Relocate(state, c, occasion),
        EmployerCommand.Suspend => Step(state, EmployerStatus.Suspended, new EmployerEvent.Suspended(occasion.BusinessOn), occasion, EmployerStatus.Operating),
        EmployerCommand.Resume => Step(state, EmployerStatus.Operating, new EmployerEvent.Resumed(occasion.BusinessOn), occasion, EmployerStatus.Suspended),
        EmployerCommand.Close => Close(state, occasion),
        EmployerCommand.Cover c => Cover(state, c, occasion),
        EmployerCommand.EndCoverage c => EndCoverage(state, c, occasion),
        EmployerCommand.ReportMembers c => ReportMembers(state, c, occasion),
        EmployerCommand.LookAtContact c => LookAtContact(state, c, occasion),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc/>
    public static IEnumerable<StreamId> Needs(EmployerState state, EmployerCommand command) => command switch
    {
        EmployerCommand.Register c => [c.Federation.Stream],
        EmployerCommand.Relocate c => [c.Federation.Stream],
        EmployerCommand.Cover c => [c.Union.Stream],
        EmployerCommand.Record { Union: { } union } c => [c.Federation.Stream, union.Stream],
        EmployerCommand.Record c => [c.Federation.Stream],
        _ => [],
    };

    /// <inheritdoc/>
    public static EmployerState Evolve(EmployerState state, EmployerEvent happened) => happened switch
    {
        EmployerEvent.Registered e => state with
        {
            Id = e.Employer,
            Status = EmployerStatus.Registered,
            Registration = e,
            Code = e.Code,
            Name = e.Name,
            Kind = e.Kind,
            Industry = e.Industry,
            Area = e.Area,
            Federation = e.Federation,
            Headcount = e.Headcount,
            Women = e.Women,
            Migrants = e.Migrants,
            UndoneOn = null,
            NewestOn = e.On,
        },
        EmployerEvent.OperationStarted e => state with { Status = EmployerStatus.Operating, NewestOn = e.On },
        EmployerEvent.HeadcountReported e => state with { Headcount = e.Headcount, Women = e.Women, Migrants = e.Migrants, NewestOn = e.On },
        EmployerEvent.CodeCorrected e => state with { Code = e.Code },
        EmployerEvent.Renamed e => state with { Name = e.Name },
        EmployerEvent.Relocated e => state with { Area = e.Area, Federation = e.Federation, NewestOn = e.On },
        EmployerEvent.Suspended e => state with { Status = EmployerStatus.Suspended, NewestOn = e.On },
        EmployerEvent.Resumed e => state with { Status = EmployerStatus.Operating, NewestOn = e.On },
        EmployerEvent.Closed e => state with { Status = EmployerStatus.Closed, ClosedOn = e.On, NewestOn = e.On },
        EmployerEvent.Covered e => state with { Coverage = new(e.Union, e.Kind, e.On), FormerCoverage = state.Coverage ?? state.FormerCoverage, NewestOn = e.On },
        EmployerEvent.CoverageEnded e => state with { Coverage = null, FormerCoverage = state.Coverage, NewestOn = e.On },
        EmployerEvent.Reclassified e => state with { Kind = e.Kind, Industry = e.Industry },
        EmployerEvent.MembersReported e => state with { MembersReported = e.Members, NewestOn = e.On },
        EmployerEvent.ContactRecorded e => state with { Contact = e.Contact },
        EmployerEvent.ContactLookedAt => state,
        EmployerEvent.RegistrationUndone e => Initial with { Id = state.Id, Federation = state.Federation, UndoneOn = e.On },
        EmployerEvent.RecordUndone e => state with
        {
            Name = e.Name,
            Kind = e.Kind,
            Industry = e.Industry,
            Area = e.Area,
            Federation = e.Federation,
            Headcount = e.Headcount,
            Women = e.Women,
            Migrants = e.Migrants,
            Status = e.Status,
            Coverage = e.Coverage,
            FormerCoverage = e.FormerCoverage,
            Contact = e.Contact,
            NewestOn = e.FormerOn,
        },
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc/>
    public static IEnumerable<Fact> Facts(EmployerEvent happened, EmployerState before, EmployerState after) => Undid(happened) is null ? Changes(before, after) : FactsUndone(before, after);

    private static IEnumerable<Fact> Changes(EmployerState before, EmployerState after)
    {
        var (was, now) = (Counted(before), Counted(after));
        if (before.Federation == after.Federation || was == 0)
        {
            yield return new(EmployerMeasures.Units, after.Federation, now - was);
            yield return new(EmployerMeasures.Headcount, after.Federation, (now * after.Headcount) - (was * before.Headcount));
            yield return Reported(after.Federation, (now * (after.MembersReported ?? 0)) - (was * (before.MembersReported ?? 0)));
        }
        else
        {
            yield return new(EmployerMeasures.Units, before.Federation, -was);
            yield return new(EmployerMeasures.Units, after.Federation, now);
            yield return new(EmployerMeasures.Headcount, before.Federation, -was * before.Headcount);
            yield return new(EmployerMeasures.Headcount, after.Federation, now * after.Headcount);
            yield return Reported(before.Federation, -was * (before.MembersReported ?? 0));
            yield return Reported(after.Federation, now * (after.MembersReported ?? 0));
        }

        if (before.Coverage?.Union == after.Coverage?.Union) yield break;
        if (before.Coverage is { } former) yield return new(EmployerMeasures.Covered, former.Union, -1);
        if (after.Coverage is { } coverage) yield return new(EmployerMeasures.Covered, coverage.Union, 1);

        Fact Reported(UnionId federation, long members) => new(EmployerMeasures.MembersReported, federation, members) { Subject = after.Id.Value };

        static long Counted(EmployerState employer) => employer.Status is EmployerStatus.None or EmployerStatus.Closed ? 0 : 1;
    }

    /// <inheritdoc/>
    public static IEnumerable<ClaimChange> Claims(EmployerEvent happened, EmployerState before, EmployerState after)
    {
        if (before.Code == after.Code) yield break;
        if (before.Code.Length > 0) yield return ClaimChange.Release(new(CodeClaim, before.Code));
        if (after.Code.Length > 0) yield return ClaimChange.Take(new(CodeClaim, after.Code), EmployerRules.CodeHeld.With("code", after.Code));
    }

    /// <inheritdoc/>
    public static IEnumerable<Row> Rows(EmployerState before, EmployerState after)
    {
        if (EmployerLine.RowOf(after) is { } row) yield return row;
    }

    /// <inheritdoc/>
    public static bool IsPersonal(EmployerCommand command) => command is EmployerCommand.Record { Contact: { } contact } && contact.IsTold();

    /// <inheritdoc/>
    public static EmployerCommand Seal(EmployerCommand command, ISeal seal, DateOnly businessOn)
    {
        if (command is not EmployerCommand.Record { Contact: { } contact } c) return command;
        var (closed, unfit) = contact.Seal(seal, "employer-contact", EmployerSheet.ContactField, EmployerSheet.PhoneField);
        return c with { Contact = null, SealedContact = closed, ContactUnfit = unfit };
    }

    /// <inheritdoc/>
    public static EmployerCommand? Look(string purpose) => new EmployerCommand.LookAtContact(purpose);

    /// <inheritdoc/>
    public static EmployerView Open(EmployerState state, ISeal seal) => EmployerView.Of(state) with { Contact = state.Contact?.Open(seal) };

    private static Decision<EmployerEvent> Register(EmployerState employer, EmployerCommand.Register c, Occasion occasion)
    {
        if (ByUnion(occasion) is { } mayNot) return mayNot;
        var (code, area) = ("", "");
        if ((ReadCode(c.Code, ref code) ?? TextRules.Check("name", c.Name) ?? KindFits(c.Kind) ?? IndustryFits(c.Industry) ?? ReadArea(c.Area, occasion.BusinessOn, ref area)
            ?? People(c.Headcount, c.Women, c.Migrants)) is { } refusal) return refusal;
        if (employer.Registration is { } done)
        {
            var again = done with { Code = code, Name = c.Name.Trim(), Kind = c.Kind, Industry = c.Industry, Area = area, Federation = c.Federation, Headcount = c.Headcount, Women = c.Women, Migrants = c.Migrants };
            return done == again ? Decision<EmployerEvent>.Nothing : EmployerRules.RegisteredOtherwise;
        }

        if (FederationFits(c.Federation, occasion) is { } misplaced) return misplaced;
        return new EmployerEvent.Registered(
            new(occasion.Self.Key), code, c.Name.Trim(), c.Kind, c.Industry, area, c.Federation, c.Headcount, c.Women, c.Migrants, occasion.BusinessOn);
    }

    private static Decision<EmployerEvent> ReportHeadcount(EmployerState employer, EmployerCommand.ReportHeadcount c, Occasion occasion)
    {
        if ((ByUnion(occasion) ?? NotClosed(employer) ?? People(c.Headcount, c.Women, c.Migrants)) is { } refusal) return refusal;
        if ((employer.Headcount, employer.Women, employer.Migrants) == (c.Headcount, c.Women, c.Migrants)) return Decision<EmployerEvent>.Nothing;
        return Dated(employer, new EmployerEvent.HeadcountReported(c.Headcount, c.Women, c.Migrants, occasion.BusinessOn), occasion);
    }

    private static Decision<EmployerEvent> CorrectCode(EmployerState employer, EmployerCommand.CorrectCode c, Occasion occasion)
    {
        var code = "";
        if ((ByUnion(occasion) ?? NotClosed(employer) ?? ReadCode(c.Code, ref code)) is { } refusal) return refusal;
        return employer.Code == code ? Decision<EmployerEvent>.Nothing : new EmployerEvent.CodeCorrected(code);
    }

    private static Decision<EmployerEvent> Rename(EmployerState employer, EmployerCommand.Rename c, Occasion occasion)
    {
        if ((ByUnion(occasion) ?? NotClosed(employer) ?? TextRules.Check("name", c.Name)) is { } refusal) return refusal;
        return employer.Name == c.Name.Trim() ? Decision<EmployerEvent>.Nothing : new EmployerEvent.Renamed(c.Name.Trim());
    }

    private static Decision<EmployerEvent> Relocate(EmployerState employer, EmployerCommand.Relocate c, Occasion occasion)
    {
        var area = "";
        if ((ByUnion(occasion) ?? NotClosed(employer) ?? ReadArea(c.Area, occasion.BusinessOn, ref area)) is { } refusal) return refusal;
        if ((employer.Area, employer.Federation) == (area, c.Federation)) return Decision<EmployerEvent>.Nothing;
        return FederationFits(c.Federation, occasion) is { } misplaced ? misplaced : Dated(employer, new EmployerEvent.Relocated(area, c.Federation, occasion.BusinessOn), occasion);
    }

    private static Decision<EmployerEvent> Step(EmployerState employer, EmployerStatus result, EmployerEvent happened, Occasion occasion, EmployerStatus follows)
    {
        if (ByUnion(occasion) is { } mayNot) return mayNot;
        if (employer.Status == result) return Decision<EmployerEvent>.Nothing;
        return employer.Status == follows ? Dated(employer, happened, occasion) : EmployerRules.StepOutOfOrder.With("status", employer.Status);
    }

    private static Decision<EmployerEvent> Close(EmployerState employer, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (employer.Status == EmployerStatus.Closed) return Decision<EmployerEvent>.Nothing;
        if (OccasionRules.NotBefore(occasion, employer.NewestOn) is { } refusal) return refusal;
        var closed = new EmployerEvent.Closed(occasion.BusinessOn);
        return employer.Coverage is null ? closed : Decision<EmployerEvent>.Of(new EmployerEvent.CoverageEnded(occasion.BusinessOn), closed);
    }

    private static Decision<EmployerEvent> Cover(EmployerState employer, EmployerCommand.Cover c, Occasion occasion)
    {
        if ((ByFederation(occasion) ?? NotClosed(employer)) is { } refusal) return refusal;
        if (employer.Coverage is { } coverage)
        {
            if ((coverage.Union, coverage.Kind) == (c.Union, c.Kind)) return Decision<EmployerEvent>.Nothing;
            if (!c.Transfer) return EmployerRules.CoveredAlready.With("union", coverage.Union);
        }

        return MayCover(c.Union, c.Kind, occasion) is { } mayNot ? mayNot : Dated(employer, new EmployerEvent.Covered(c.Union, c.Kind, occasion.BusinessOn), occasion);
    }

    private static Refusal? MayCover(UnionId id, CoverageKind kind, Occasion occasion)
    {
        if (occasion.Knowledge.Of<UnionView>(id.Stream) is not { Status: UnionStatus.Active } union || union.EstablishedOn > occasion.BusinessOn)
            return EmployerRules.UnionNotActive.With("union", id).With("date", OccasionRules.Text(occasion.BusinessOn));
        var fits = (kind, union.Level, union.Kind) switch
        {
            (CoverageKind.Independent, UnionLevel.Primary, UnionKind.Independent) => true,
            (CoverageKind.Joint, UnionLevel.Primary, UnionKind.Joint) => true,
            (CoverageKind.OrganiserOnly, <= UnionLevel.Primary, not UnionKind.Independent) => true,
            _ => false,
        };
        return fits ? null : EmployerRules.CoverageKindMismatch.With("union", id).With("kind", kind);
    }

    private static Decision<EmployerEvent> EndCoverage(EmployerState employer, EmployerCommand.EndCoverage c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (employer.Coverage?.Union == c.Union) return Dated(employer, new EmployerEvent.CoverageEnded(occasion.BusinessOn), occasion);
        return employer.Coverage is null && employer.FormerCoverage?.Union == c.Union ? Decision<EmployerEvent>.Nothing : EmployerRules.NotCovered.With("union", c.Union);
    }

    private static Decision<EmployerEvent> Dated(EmployerState employer, EmployerEvent happened, Occasion occasion) =>
        OccasionRules.NotBefore(occasion, employer.NewestOn) is { } refusal ? refusal : happened;

    private static Refusal? ByUnion(Occasion occasion) => Allow(occasion.Operator.Role.IsPrimary() || occasion.Operator.Role.IsFederation(), occasion);

    private static Refusal? ByFederation(Occasion occasion) => Allow(occasion.Operator.Role.IsFederation(), occasion);

    private static Refusal? Allow(bool allowed, Occasion occasion) => allowed ? null : EmployerRules.RoleNotAllowed.With("role", occasion.Operator.Role);

    private static Refusal? NotClosed(EmployerState employer) => employer.Status == EmployerStatus.Closed ? EmployerRules.Closed : null;

    internal static Refusal? ReadCode(string? text, ref string code)
    {
        if (UnitCode.TryParse(text, out var unit, out var refusal)) code = unit.Value;
        return refusal;
    }

    internal static Refusal? ReadArea(string? text, DateOnly on, ref string code)
    {
        if (AreaCode.TryParse(text, on, out var area, out var refusal)) code = area.Value;
        return refusal;
    }

    private static Refusal? KindFits(EmployerKind kind) => kind is >= EmployerKind.Organ and <= EmployerKind.SocialOrganisation ? null : EmployerRules.KindUnknown.With("kind", (int)kind);

    internal static Refusal? IndustryFits(string? industry) => industry is [>= 'A' and <= 'T'] ? null : EmployerRules.IndustryUnknown;

    private static Refusal? Told(UnionId? union, CoverageKind? kind) => union is null == kind is null ? null : EmployerRules.CoverageIncomplete;

    private static Refusal? People(int headcount, int? women, int? migrants) =>
        NumberRules.Check("headcount", headcount, 0) ?? Part("women", women, headcount) ?? Part("migrants", migrants, headcount);

    internal static Refusal? Part(string field, int? value, int headcount)
    {
        if (value is not { } part) return null;
        return NumberRules.Check(field, part, 0)
            ?? (part > headcount ? EmployerRules.PartExceedsHeadcount.With("field", field).With("value", part).With("headcount", headcount) : null);
    }

    private static Refusal? FederationFits(UnionId federation, Occasion occasion)
    {
        if (occasion.Knowledge.Of<UnionView>(federation.Stream) is not { Status: UnionStatus.Active } union || union.EstablishedOn > occasion.BusinessOn)
            return EmployerRules.FederationNotActive.With("union", federation).With("date", OccasionRules.Text(occasion.BusinessOn));
        return union.Level <= UnionLevel.Subdistrict ? null : EmployerRules.NotAFederation.With("union", federation).With("level", (int)union.Level);
    }
}
