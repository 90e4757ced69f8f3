using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <content>How what an import's row recorded is undone.</content>
public abstract partial class Employer
{
    /// <inheritdoc/>
    public static Guid? Undoes(EmployerCommand command) => (command as EmployerCommand.Undo)?.Command;

    /// <inheritdoc/>
    public static Guid? Undid(EmployerEvent happened) => happened switch
    {
        EmployerEvent.RegistrationUndone e => e.Command,
        EmployerEvent.RecordUndone e => e.Command,
        _ => null,
    };

    /// <inheritdoc/>
    public static bool IsLook(EmployerEvent happened) => happened is EmployerEvent.ContactLookedAt;

    /// <summary>One kind per column of <see cref="EmployerSheet.Columns"/>; the contact is compared inside the silo, and only the kind is told.</summary>
    /// <param name="employer">The unit as recorded.</param>
    /// <param name="seal">Opens the contact; null where there is none to be opened.</param>
    /// <param name="record">What follows from the row.</param>
    public static CellKind[] Compare(EmployerState employer, ISeal? seal, EmployerCommand.Record record)
    {
        ArgumentNullException.ThrowIfNull(employer);
        ArgumentNullException.ThrowIfNull(record);
        // An uncovered unit has no cell of its own: 0 is told, and beside it the federation.
        object?[] told = [record.Code, record.Name.Trim(), record.Kind, record.Industry, record.Area, record.Headcount, record.Women, record.Migrants,
            (int?)record.Coverage ?? 0, record.Union ?? record.Federation, record.Contact?.Name, ContactRules.Digits(record.Contact?.Phone)];
        if (employer.Status == EmployerStatus.None) return Cells.Compare(new object?[told.Length], told);
        var contact = seal is null ? null : employer.Contact?.Open(seal);
        var kinds = Cells.Compare(
            [employer.Code, employer.Name, employer.Kind, employer.Industry, employer.Area, employer.Headcount, employer.Women, employer.Migrants,
                (int?)employer.Coverage?.Kind ?? 0, employer.Coverage?.Union ?? employer.Federation, contact?.Name, contact?.Phone],
            told);
        // A row without a contact leaves the one that is recorded.
        if (record.Contact is null) (kinds[10], kinds[11]) = (CellKind.Same, CellKind.Same);
        return kinds;
    }

    private static Decision<EmployerEvent> Undo(EmployerState employer, EmployerCommand.Undo c, Occasion occasion)
    {
        if (ByFederation(occasion) is { } mayNot) return mayNot;
        if (occasion.Past is not Past<EmployerState, EmployerEvent> { IsUndone: false } past) return Decision<EmployerEvent>.Nothing;
        if ((past.Refuse(occasion.Self) ?? OccasionRules.NotBefore(occasion, employer.NewestOn)) is { } refusal) return refusal;
        if (!past.Done.All(IsOfARow)) return UndoRules.NotUndoable;
        if (past.Before.Status == EmployerStatus.None)
            return c.RestedOnBy is { } by ? UndoRules.RestedOn.With("stream", occasion.Self).With("by", by) : new EmployerEvent.RegistrationUndone(c.Command, occasion.BusinessOn);
        var b = past.Before;
        return new EmployerEvent.RecordUndone(
            c.Command, b.Name, b.Kind, b.Industry, b.Area, b.Federation, b.Headcount, b.Women, b.Migrants, b.Status, b.Coverage, b.FormerCoverage, b.Contact, b.NewestOn!.Value, occasion.BusinessOn);
    }

    private static bool IsOfARow(EmployerEvent happened) => happened is EmployerEvent.Registered or EmployerEvent.OperationStarted or EmployerEvent.Renamed or EmployerEvent.Reclassified
        or EmployerEvent.Relocated or EmployerEvent.HeadcountReported or EmployerEvent.Covered or EmployerEvent.CoverageEnded or EmployerEvent.ContactRecorded;

    // Whatever the row had changed it had changed on its own day, and nothing that counts came after it.
    private static IEnumerable<Fact> FactsUndone(EmployerState before, EmployerState after) => Changes(before, after).Select(fact => fact with { On = before.NewestOn });
}
