using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <content>What the roll of a federation says of a union that existed before the house knew it.</content>
public abstract partial class Union
{
    // Older than any union of the country; what is dated before it is a slip of the pen.
    private static readonly DateOnly EarliestFounding = new(1900, 1, 1);

    /// <inheritdoc/>
    public static bool IsPersonal(UnionCommand command) => command is UnionCommand.TakeOver { Chair: { } chair } && chair.IsTold();

    /// <inheritdoc/>
    public static UnionCommand Seal(UnionCommand command, ISeal seal, DateOnly businessOn)
    {
        if (command is not UnionCommand.TakeOver { Chair: { } chair } c) return command;
        var (closed, unfit) = chair.Seal(seal, "union-chair", UnionSheet.ChairField, UnionSheet.ChairField);
        return c with { Chair = null, SealedChair = closed, ChairUnfit = unfit };
    }

    /// <inheritdoc/>
    public static UnionCommand? Look(string purpose) => new UnionCommand.LookAtChair(purpose);

    /// <inheritdoc/>
    public static UnionView Open(UnionState state, ISeal seal) => UnionView.Of(state) with { Chair = state.Chair?.Open(seal) };

    internal static Refusal? FoundingFits(DateOnly founded, DateOnly on) => founded >= EarliestFounding && founded <= on
        ? null
        : UnionRules.FoundedOutOfRange.With("founded", OccasionRules.Text(founded)).With("first", OccasionRules.Text(EarliestFounding)).With("last", OccasionRules.Text(on));

    internal static Refusal? TermFits(UnionLevel level, int years, RulePack rules)
    {
        ImmutableArray<int> allowed = level < UnionLevel.Primary ? [rules.FederationTermYears] : rules.PrimaryTermYears;
        return allowed.Contains(years) ? null : UnionRules.TermNotAllowed.With("years", years).With("allowed", string.Join('/', allowed));
    }

    private static Decision<UnionEvent> TakeOver(UnionState union, UnionCommand.TakeOver c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (UnionPlaces.Of(c.Level, c.Kind) is not { } place) return NoSuchKind(c.Level, c.Kind);
        if (c.Upper is null && !place.MayBeRoot) return UnionRules.RootNotAllowed.With("level", (int)c.Level);
        if ((TextRules.Check("name", c.Name) ?? FoundingFits(c.FoundedOn, occasion.BusinessOn) ?? TermFits(c.Level, c.TermYears, occasion.Rules) ?? c.ChairUnfit) is { } unfit) return unfit;
        var name = c.Name.Trim();
        var differs = ImmutableArray.CreateBuilder<UnionEvent>();
        if (union.Status == UnionStatus.None)
        {
            if (c.Upper is { } upper && MayStandUnder(Self(occasion), c.Level, c.Kind, upper, occasion) is { } misplaced) return misplaced;
            differs.Add(new UnionEvent.TakenOver(Self(occasion), name, c.Level, c.Kind, c.Upper, c.TermYears, c.FoundedOn, UnderSince(c, occasion), occasion.BusinessOn));
        }
        else
        {
            if ((Active(union) ?? Fixed(union, c)) is { } refusal) return refusal;
            if (union.Name != name) differs.Add(new UnionEvent.Renamed(name));
            if (union.TermYears != c.TermYears) differs.Add(new UnionEvent.TermChanged(c.TermYears));
        }

        if (c.SealedChair is { } chair && union.Chair?.Hash != chair.Hash) differs.Add(new UnionEvent.ChairNamed(chair));
        return differs.Count == 0 ? Decision<UnionEvent>.Nothing : Decision<UnionEvent>.Of([.. differs]);
    }

    // What the upper union's own edges do not cover, the tree cuts off by itself.
    private static DateOnly? UnderSince(UnionCommand.TakeOver c, Occasion occasion)
    {
        if (c.Upper is not { } upper) return null;
        return occasion.Knowledge.Of<UnionView>(upper.Stream)?.EstablishedOn is { } since && since > c.FoundedOn ? since : c.FoundedOn;
    }

    private static Refusal? Fixed(UnionState union, UnionCommand.TakeOver c)
    {
        var field = (union.Level == c.Level, union.Kind == c.Kind, union.Parent == c.Upper, union.EstablishedOn == c.FoundedOn) switch
        {
            (false, _, _, _) => "level",
            (_, false, _, _) => "kind",
            (_, _, false, _) => "upper",
            (_, _, _, false) => "foundedOn",
            _ => null,
        };
        return field is null ? null : UnionRules.RecordedOtherwise.With("field", field);
    }

    private static Decision<UnionEvent> LookAtChair(UnionState union, UnionCommand.LookAtChair c, Occasion occasion)
    {
        var role = occasion.Operator.Role;
        if ((Allow(role.IsPrimary() || role.IsFederation() || role == Role.Audit, occasion) ?? LookRules.Check(c.Purpose)) is { } refusal) return refusal;
        return union.Chair is null ? Decision<UnionEvent>.Nothing : new UnionEvent.ChairLookedAt(c.Purpose, occasion.BusinessOn);
    }
}
