using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>How far the undoing of an import is. A file with rows that rest on each other is gone through more than once.</summary>
/// <param name="Summary">What became of the rows so far.</param>
/// <param name="BytesRead">How much of the file is read.</param>
/// <param name="Bytes">The size of the file; null where it cannot be told.</param>
public readonly record struct UndoProgress(UndoSummary Summary, long BytesRead, long? Bytes);

/// <summary>What became of undoing an import.</summary>
public sealed record UndoSummary
{
    /// <summary>The most kept rows that <see cref="KeptRows"/> tells one by one.</summary>
    public const int MostKeptRows = 1_000;

    /// <summary>Rows whose work is undone, now or by an earlier attempt.</summary>
    public long Undone { get; init; }

    /// <summary>Rows whose work stays, because something rests on it.</summary>
    public long Kept { get; init; }

    /// <summary>Rows that had recorded nothing that is known by what they say.</summary>
    public long Nothing { get; init; }

    /// <summary>All rows.</summary>
    public long Rows => Undone + Kept + Nothing;

    /// <summary>The first kept rows, each with its reason.</summary>
    public IReadOnlyList<UndoneRow> KeptRows { get; init; } = [];

    /// <summary>Why the whole file was refused; null when its rows were read.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The file of kept rows: what was typed, and behind it row, result and reason. Of a file <c>name.csv</c> <c>name.kept.csv</c>; null when nothing was kept.</summary>
    public string? KeptFile { get; init; }

    internal UndoSummary With(UndoneRow row) => row.Kind switch
    {
        UndoKind.Undone => this with { Undone = Undone + 1 },
        UndoKind.Nothing => this with { Nothing = Nothing + 1 },
        _ => this with { Kept = Kept + 1, KeptRows = KeptRows.Count < MostKeptRows ? [.. KeptRows, row] : KeptRows },
    };
}
