using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>What would become of one row of a file. It shows no value, neither the recorded nor the new one.</summary>
[GenerateSerializer, Immutable, Alias("union.planned-row")]
public sealed record PlannedRow
{
    /// <summary>1: the first row under the header.</summary>
    [Id(0)]
    public required int Row { get; init; }

    /// <summary>What would become of it.</summary>
    [Id(1)]
    public required RowKind Kind { get; init; }

    /// <summary>The key of the stream it would go to; null when it cannot be told.</summary>
    [Id(2)]
    public string? Key { get; init; }

    /// <summary>How many events the stream would hold before it, the rows above it taken; 0: it would begin there.</summary>
    [Id(3)]
    public long Version { get; init; }

    /// <summary>The id of the command that it would be.</summary>
    [Id(4)]
    public Guid Command { get; init; }

    /// <summary>One letter for each column of the template: <c>S</c> the same, <c>N</c> new, <c>C</c> changed, <c>W</c> taken with a warning or finding, <c>R</c> refused. See <see cref="Cell"/>.</summary>
    [Id(5)]
    public string Cells { get; init; } = "";

    /// <summary>Why it would be refused, the first reason first; empty otherwise.</summary>
    [Id(6)]
    public IReadOnlyList<RowFinding> Refused { get; init; } = [];

    /// <summary>What is wrong with a row that would be taken all the same.</summary>
    [Id(7)]
    public IReadOnlyList<RowFinding> Findings { get; init; } = [];

    /// <summary>What would be read otherwise than it was typed, and rules with unverified text.</summary>
    [Id(8)]
    public IReadOnlyList<RowFinding> Warnings { get; init; } = [];

    /// <summary>What would become of one cell.</summary>
    /// <param name="column">The column of the template, from 0.</param>
    public CellKind Cell(int column) => Cells[column] switch
    {
        'N' => CellKind.New,
        'C' => CellKind.Changed,
        'W' => CellKind.Warned,
        'R' => CellKind.Refused,
        _ => CellKind.Same,
    };

    internal RowOutcome ToOutcome() => new() { Row = Row, Kind = Kind, Key = Key, Refused = Refused, Findings = Findings, Warnings = Warnings };
}

/// <summary>Where a row was planned.</summary>
/// <param name="Kind">What would become of it.</param>
/// <param name="Key">The key of its stream.</param>
/// <param name="Version">The version it would be decided at.</param>
/// <param name="Command">The id of its command.</param>
/// <param name="Rule">The code of the rule that refused it; null when it was not.</param>
[GenerateSerializer, Immutable, Alias("union.planned-place")]
public sealed record PlannedPlace([property: Id(0)] RowKind Kind, [property: Id(1)] string? Key, [property: Id(2)] long Version, [property: Id(3)] Guid Command, [property: Id(4)] string? Rule);

/// <summary>What became of undoing a row.</summary>
public enum UndoKind
{
    /// <summary>What it had recorded is undone.</summary>
    Undone,

    /// <summary>What it had recorded stays: something rests on it, or may not be undone.</summary>
    Kept,

    /// <summary>It had recorded nothing that is known by what it says.</summary>
    Nothing,
}

/// <summary>What became of undoing one row of an import.</summary>
[GenerateSerializer, Immutable, Alias("union.undone-row")]
public sealed record UndoneRow
{
    /// <summary>1: the first row under the header.</summary>
    [Id(0)]
    public required int Row { get; init; }

    /// <summary>What became of it.</summary>
    [Id(1)]
    public required UndoKind Kind { get; init; }

    /// <summary>The key of the stream it had gone to; null when it had gone to none.</summary>
    [Id(2)]
    public string? Key { get; init; }

    /// <summary>Why it is kept: <c>undo.changed-since</c> names the stream, the later change and its version, <c>undo.rested-on</c> the record that rests on it. Null otherwise.</summary>
    [Id(3)]
    public Refusal? Why { get; init; }

    /// <summary>Whether an earlier attempt had undone it.</summary>
    [Id(4)]
    public bool Repeated { get; init; }
}
