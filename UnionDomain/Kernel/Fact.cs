namespace UnionDomain.Kernel;

/// <summary>What a report counts.</summary>
/// <param name="Id">Stable name, for example <c>organising.unions-new</c>.</param>
/// <param name="Kind">Whether a period's figure is what happened in it or what stood at its end.</param>
/// <param name="English">What is counted, in English.</param>
/// <param name="Chinese">What is counted, in Chinese (title of the figure).</param>
/// <param name="Unit">The unit in Chinese, for example 家.</param>
public sealed record Measure(string Id, MeasureKind Kind, string English, string Chinese, string Unit);

/// <summary>How a measure is read for a period.</summary>
public enum MeasureKind
{
    /// <summary>What happened inside the period.</summary>
    Flow,

    /// <summary>What stood at the end of the period's last day.</summary>
    Stock,
}

/// <summary>A signed amount that one event adds to a measure of a union. Its date is the command's business date.</summary>
/// <param name="Measure">What is counted.</param>
/// <param name="Union">The union it is counted at; totals of upper unions are sums over the tree as it was.</param>
/// <param name="Value">The amount; negative takes back.</param>
public readonly record struct Fact(Measure Measure, UnionId Union, long Value);
