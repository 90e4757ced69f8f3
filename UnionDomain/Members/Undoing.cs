using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <content>How what an import's row recorded is undone.</content>
public abstract partial class Member
{
    /// <inheritdoc/>
    public static Guid? Undoes(MemberCommand command) => (command as MemberCommand.Undo)?.Command;

    /// <inheritdoc/>
    public static Guid? Undid(MemberEvent happened) => happened switch
    {
        MemberEvent.EntryUndone e => e.Command,
        MemberEvent.SheetUndone e => e.Command,
        _ => null,
    };

    /// <inheritdoc/>
    public static bool IsLook(MemberEvent happened) => happened is MemberEvent.LookedAt;

    private static Decision<MemberEvent> Undo(MemberState member, MemberCommand.Undo c, Occasion occasion)
    {
        if (Allow(occasion.Operator.Role == Role.Officer || occasion.Operator.Role.IsFederation(), occasion) is { } mayNot) return mayNot;
        if (occasion.Past is not Past<MemberState, MemberEvent> { IsUndone: false } past) return Decision<MemberEvent>.Nothing;
        if ((past.Refuse(occasion.Self) ?? OccasionRules.NotBefore(occasion, member.NewestOn)) is { } refusal) return refusal;
        return past switch
        {
            { Before.Status: MemberStatus.None, Done: [MemberEvent.Entered e] } => new MemberEvent.EntryUndone(c.Command, e.CountsAsNew ? e.BegunOn : null, occasion.BusinessOn),
            { Before: { NewestOn: { } former } before, Done: [MemberEvent.Collected e] } =>
                new MemberEvent.SheetUndone(c.Command, before.Workplace, e.Record is null ? null : before.Record, former, occasion.BusinessOn),
            _ => UndoRules.NotUndoable,
        };
    }

    // Whatever the entry or sheet had changed it had changed from its own day on, and nothing that counts came after it.
    private static IEnumerable<Fact> FactsUndone(MemberEvent happened, MemberState before, MemberState after)
    {
        if (before.NewestOn is not { } on) yield break;
        foreach (var fact in MemberStocks.Changes(before, after, on)) yield return fact with { On = fact.On ?? on };
        if (happened is MemberEvent.EntryUndone { CountedOn: { } counted }) yield return new(MemberMeasures.New, before.Union, -1) { On = counted };
    }
}
