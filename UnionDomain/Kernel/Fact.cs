namespace UnionDomain.Kernel;

/// <summary>What a report counts.</summary>
/// <param name="Id">Stable name, for example <c>organising.unions-new</c>.</param>
/// <param name="Kind">How a period's figure is read from facts.</param>
/// <param name="English">What is counted, in English.</param>
/// <param name="Chinese">What is counted, in Chinese (title of the figure).</param>
/// <param name="Unit">The unit in Chinese, for example 家.</param>
public sealed record Measure(string Id, MeasureKind Kind, string English, string Chinese, string Unit)
{
    /// <summary>
    /// For a <see cref="MeasureKind.Distinct"/>: the stock whose subjects are counted. For a <see cref="MeasureKind.Change"/>: the stock or distinct count that changed.
    /// Null for every other kind.
    /// </summary>
    public Measure? Of { get; init; }

    /// <summary>For a <see cref="MeasureKind.Rate"/>: what the share consists of, a flow, a stock or a distinct count. Null for every other kind.</summary>
    public Measure? Part { get; init; }

    /// <summary>For a <see cref="MeasureKind.Rate"/>: what it is a share of, a flow, a stock or a distinct count. Null for every other kind.</summary>
    public Measure? Whole { get; init; }

    /// <summary>
    /// For a flow: it counts only at those unions at which this other flow adds up to more than 0 in the same period, wherever they stood in it.
    /// So the parts of a federation add up to it, but months need not add up to the year. Null: at every union.
    /// </summary>
    public Measure? Among { get; init; }

    /// <summary>Whether it is read from the facts of other measures and has none of its own.</summary>
    public bool IsDerived => Kind is MeasureKind.Distinct or MeasureKind.Rate or MeasureKind.Change;

    /// <summary>Whether it counts what stands at the end of a day, and so has a <see cref="Change"/>: a stock or a distinct count.</summary>
    public bool IsStanding => Kind is MeasureKind.Stock or MeasureKind.Distinct;

    /// <summary>What it grew by inside a period (净增), a measure of its own under the id <c>….change</c>; null for what counts nothing that stands.</summary>
    public Measure? Change => IsStanding ? new($"{Id}.change", MeasureKind.Change, $"{English}: change in the period", $"{Chinese}净增", Unit) { Of = this } : null;
}

/// <summary>How a measure is read for a period.</summary>
public enum MeasureKind
{
    /// <summary>What happened inside the period.</summary>
    Flow,

    /// <summary>What stood at the end of the period's last day.</summary>
    Stock,

    /// <summary>How many subjects had more than 0 of a stock (<see cref="Measure.Of"/>) inside the scope at the end of the period's last day.</summary>
    Distinct,

    /// <summary>A share: one measure (<see cref="Measure.Part"/>) in another (<see cref="Measure.Whole"/>), kept as two exact numbers.</summary>
    Rate,

    /// <summary>
    /// What a stock or a distinct count (<see cref="Measure.Of"/>) changed by inside the period: its number at the end of the last day less that at the end of the day before the
    /// first, each by the tree of its own day. So a union that moves brings and takes what stands at it, and the changes of months add up to that of the year.
    /// </summary>
    Change,
}

/// <summary>A signed amount that one event adds to a measure of a union.</summary>
/// <param name="Measure">What is counted; never a derived one.</param>
/// <param name="Union">The union it is counted at; totals of upper unions are sums over the tree as it was.</param>
/// <param name="Value">The amount; negative takes back.</param>
public readonly record struct Fact(Measure Measure, UnionId Union, long Value)
{
    /// <summary>The thing that a distinct count counts once, for example the number of an employing unit. Empty: none.</summary>
    public string Subject { get; init; } = "";

    /// <summary>
    /// The day on which it counts; the command's business date when null. It may lie before that date, or after it: what is known today to end
    /// on a later day is taken back on the day after, without anybody having to come back for it.
    /// </summary>
    public DateOnly? On { get; init; }
}
