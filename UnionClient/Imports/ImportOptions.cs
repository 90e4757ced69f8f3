using System.ComponentModel.DataAnnotations;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>How a file is imported.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// Identifies the import, a UUIDv7; a new one unless given. Under the same id the same row is one command for ever: an import that was cut off tells what it had told.
    /// Under a new one rows that were taken before are <see cref="RowKind.Same"/>.
    /// </summary>
    public Guid? Id { get; init; }

    /// <summary>The business date of every row; today unless given. An earlier one needs <see cref="Rights.Backdate"/>.</summary>
    public DateOnly? On { get; init; }

    /// <summary>Who imports; the operator of <see cref="UnionClientOptions"/> unless given.</summary>
    public Operator? Operator { get; init; }

    /// <summary>The federation that units count at whose row names no union; the operator's own unless given.</summary>
    public UnionId? Federation { get; init; }

    /// <summary>
    /// Where rows go that were refused or have findings: the template's columns, 行号, 结果 and 原因, UTF-8 with BOM, readable by its owner only. It is made when the first such row
    /// is met and may be corrected and imported as it is. Of a file <c>name.csv</c> or <c>name.xlsx</c> unless given <c>name.errors.csv</c> beside it, or <c>name.errors-2.csv</c> and so on
    /// where that exists already; of a stream none unless given. Nothing is ever replaced.
    /// </summary>
    public string? ErrorFile { get; init; }

    /// <summary>Rows in one call, 1–1,000; default 500.</summary>
    [Range(1, 1_000)]
    public int WindowRows { get; init; } = 500;

    /// <summary>Calls under way at once, 1–16; default 4. Unions are sent one call after the other, because lower ones rest on upper ones above them.</summary>
    [Range(1, 16)]
    public int WindowsUnderWay { get; init; } = 4;
}

/// <summary>How far an import is.</summary>
/// <param name="Summary">What became of the rows so far.</param>
/// <param name="BytesRead">How much of the file is read.</param>
/// <param name="Bytes">The size of the file; null for a stream that cannot tell.</param>
public readonly record struct ImportProgress(ImportSummary Summary, long BytesRead, long? Bytes);

/// <summary>What became of the rows of a file.</summary>
public sealed record ImportSummary
{
    /// <summary>Rows that were unknown.</summary>
    public long New { get; init; }

    /// <summary>Rows that changed something.</summary>
    public long Changed { get; init; }

    /// <summary>Rows that say what is recorded already.</summary>
    public long Same { get; init; }

    /// <summary>Rows that were refused.</summary>
    public long Refused { get; init; }

    /// <summary>Rows that were taken and have findings; they are counted above too.</summary>
    public long WithFindings { get; init; }

    /// <summary>All rows.</summary>
    public long Rows => New + Changed + Same + Refused;

    /// <summary>Why the whole file was refused; null when its rows were read.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The file of errors; null when there was nothing to say.</summary>
    public string? ErrorFile { get; init; }

    /// <summary>With one more row.</summary>
    internal ImportSummary With(RowOutcome row) => row.Kind switch
    {
        RowKind.New => this with { New = New + 1, WithFindings = WithFindings + (row.Findings.Count > 0 ? 1 : 0) },
        RowKind.Changed => this with { Changed = Changed + 1, WithFindings = WithFindings + (row.Findings.Count > 0 ? 1 : 0) },
        RowKind.Same => this with { Same = Same + 1, WithFindings = WithFindings + (row.Findings.Count > 0 ? 1 : 0) },
        _ => this with { Refused = Refused + 1 },
    };
}
