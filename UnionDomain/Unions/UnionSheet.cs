using System.Collections.Frozen;
using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <summary>The template 工会组织表: what people typed into a row, read without asking anybody.</summary>
public static class UnionSheet
{
    internal const string ChairField = "chair";

    // Rules that a decision gives name no field: this is the column in which the row is put right.
    private static readonly FrozenDictionary<string, string> Blamed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [UnionRules.KindNotOfLevel.Code] = "kind",
        [UnionRules.RootNotAllowed.Code] = "upper",
        [UnionRules.UnknownParent.Code] = "upper",
        [UnionRules.ParentNotActive.Code] = "upper",
        [UnionRules.ParentCycle.Code] = "upper",
        [UnionRules.WrongLevel.Code] = "upper",
        [UnionRules.TermNotAllowed.Code] = "termYears",
        [UnionRules.FoundedOutOfRange.Code] = "foundedOn",
        [UnionRules.NotActive.Code] = "number",
        [UnionRules.RecordedOtherwise.Code] = "number",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The nine columns in their order.</summary>
    public static ImmutableArray<SheetColumn> Columns { get; } =
    [
        new("工会编号", "number", Mandatory: true), new("工会名称", "name", Mandatory: true), new("层级", "level", Mandatory: true), new("类型", "kind", Mandatory: true),
        new("上级工会编号", "upper"), new("成立日期", "foundedOn", Mandatory: true), new("任期年", "termYears", Mandatory: true), new("主席", ChairField), new("备注", "remark"),
    ];

    /// <summary>
    /// Reads one row. Full-width characters in numbers, codes and dates are read as narrow ones, and the row says so. Every cell that is refused is found, not only the first:
    /// mandatory cells that are empty, unknown codes (<c>sheet.code-unknown</c>), dates that are none (<c>sheet.not-a-date</c>), a founding after the business date, a level that has no such
    /// kind or needs an upper union, a term that is not allowed, and what is wrong with names. Remarks are not kept.
    /// </summary>
    /// <param name="cells">The nine cells; empty or null: nothing is told.</param>
    /// <param name="on">The business date.</param>
    /// <returns>The key is the union's number, which is also the key of its stream.</returns>
    public static SheetRow<UnionCommand.TakeOver> Read(IReadOnlyList<string?> cells, DateOnly on)
    {
        ArgumentNullException.ThrowIfNull(cells);
        var row = new SheetReader(Columns, cells);
        if (!row.Fits()) return row.Read<UnionCommand.TakeOver>(null, () => throw new System.Diagnostics.UnreachableException());

        var number = Number("number");
        var name = row.Text("name", (field, text) => TextRules.Check(field, text));
        var level = (UnionLevel?)row.Code("level", (int)UnionLevel.Municipal, (int)UnionLevel.Group);
        var kind = (UnionKind?)row.Code("kind", (int)UnionKind.Independent, (int)UnionKind.Association);
        var upper = Number("upper");
        if (level is { } placed && kind is { } sort)
        {
            if (UnionPlaces.Of(placed, sort) is not { } place) row.Refuse("kind", UnionRules.KindNotOfLevel.With("level", (int)placed).With("kind", (int)sort));
            else if (!place.MayBeRoot && string.IsNullOrWhiteSpace(cells[4])) row.Refuse("upper", UnionRules.RootNotAllowed.With("level", (int)placed));
        }

        var founded = row.Date("foundedOn");
        if (founded is { } date) row.Refuse("foundedOn", Union.FoundingFits(date, on));
        var term = row.Number("termYears");
        if (term is { } years && level is { } of) row.Refuse("termYears", Union.TermFits(of, years, RulePack.On(on)));
        var chair = row.Text(ChairField, ContactRules.CheckName);

        return row.Read(number, () => new UnionCommand.TakeOver(
            name!, level!.Value, kind!.Value, upper is null ? null : new UnionId(upper), founded!.Value, term!.Value, chair is null ? null : new Contact(chair)));

        string? Number(string field)
        {
            if (row.Narrow(field) is not { } text) return null;
            if (new UnionId(text).Stream.HasValidKey()) return text;
            row.Refuse(field, OccasionRules.KeyInvalid);
            return null;
        }
    }

    /// <summary>The field in which a row is put right that was refused so; empty where it is the whole row.</summary>
    public static string FieldOf(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return SheetColumn.FieldOf(refusal, Blamed);
    }
}
