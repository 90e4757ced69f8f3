using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <content>How what an import's row recorded is undone.</content>
public abstract partial class Union
{
    /// <inheritdoc/>
    public static Guid? Undoes(UnionCommand command) => (command as UnionCommand.Undo)?.Command;

    /// <inheritdoc/>
    public static Guid? Undid(UnionEvent happened) => happened switch
    {
        UnionEvent.TakeOverUndone e => e.Command,
        UnionEvent.RecordUndone e => e.Command,
        _ => null,
    };

    /// <inheritdoc/>
    public static bool IsLook(UnionEvent happened) => happened is UnionEvent.ChairLookedAt;

    /// <summary>One kind per column of <see cref="UnionSheet.Columns"/>; the chair is compared inside the silo, and only the kind is told. Remarks are not kept, and so always the same.</summary>
    /// <param name="union">The union as recorded.</param>
    /// <param name="seal">Opens the chair's name; null where there is none to be opened.</param>
    /// <param name="number">Its number.</param>
    /// <param name="row">What follows from the row.</param>
    public static CellKind[] Compare(UnionState union, ISeal? seal, UnionId number, UnionCommand.TakeOver row)
    {
        ArgumentNullException.ThrowIfNull(union);
        ArgumentNullException.ThrowIfNull(row);
        object?[] told = [number, row.Name.Trim(), row.Level, row.Kind, row.Upper, row.FoundedOn, row.TermYears, row.Chair?.Name, null];
        if (union.Status == UnionStatus.None) return Cells.Compare(new object?[told.Length], told);
        var kinds = Cells.Compare(
            [union.Id, union.Name, union.Level, union.Kind, union.Parent, union.EstablishedOn, union.TermYears, seal is null ? null : union.Chair?.Open(seal).Name, null], told);
        // A row without a chair leaves the one that is recorded.
        if (row.Chair is null) kinds[7] = CellKind.Same;
        return kinds;
    }

    private static Decision<UnionEvent> Undo(UnionState union, UnionCommand.Undo c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (occasion.Past is not Past<UnionState, UnionEvent> { IsUndone: false } past) return Decision<UnionEvent>.Nothing;
        if ((past.Refuse(occasion.Self) ?? OccasionRules.NotBefore(occasion, union.NewestOn)) is { } refusal) return refusal;
        if (!past.Done.All(happened => happened is UnionEvent.TakenOver or UnionEvent.Renamed or UnionEvent.TermChanged or UnionEvent.ChairNamed)) return UndoRules.NotUndoable;
        if (past.Before.Status == UnionStatus.None)
            return c.RestedOnBy is { } by ? UndoRules.RestedOn.With("stream", occasion.Self).With("by", by) : new UnionEvent.TakeOverUndone(c.Command, occasion.BusinessOn);
        return new UnionEvent.RecordUndone(c.Command, past.Before.Name, past.Before.TermYears, past.Before.Chair, occasion.BusinessOn);
    }

    // An edge that never was keeps its row, which has a key of its own, and stands for no day.
    private static UnionState Gone(UnionState union, DateOnly on) => Initial with { Id = union.Id, UndoneOn = on, Edges = [.. union.Edges.Select(edge => edge with { To = UnionTree.Never })] };

    private static IEnumerable<UnionEdge> Undone(UnionState union, DateOnly since) => union.Edges.Where(edge => edge.To == UnionTree.Never && edge.From != since);
}
