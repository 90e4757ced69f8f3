using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>Takes windows of rows of the templates; as many activations as there are callers.</summary>
[Alias("union.imports")]
public interface IImportGrain : IGrainWithIntegerKey
{
    /// <summary>Rows of the template 单位信息表.</summary>
    [Alias("employers")]
    Task<IReadOnlyList<RowOutcome>> Employers(ImportWindow window);

    /// <summary>Rows of the template 工会组织表.</summary>
    [Alias("unions")]
    Task<IReadOnlyList<RowOutcome>> Unions(ImportWindow window);

    /// <summary>Rows of the template 会员信息采集表.</summary>
    [Alias("members")]
    Task<IReadOnlyList<RowOutcome>> Members(ImportWindow window);

    /// <summary>What would become of rows now, as if the rows before them were taken; nothing is written.</summary>
    /// <param name="template">The template.</param>
    /// <param name="window">The rows.</param>
    /// <param name="before">How many of the first rows were planned before, and stand here only because later ones rest on them; nothing is told of them.</param>
    [Alias("plan")]
    Task<IReadOnlyList<PlannedRow>> Plan(ImportTemplate template, ImportWindow window, int before);

    /// <summary>Takes planned rows, each at the version that it was planned at.</summary>
    /// <param name="template">The template.</param>
    /// <param name="window">The rows.</param>
    /// <param name="places">Where each was planned, in the same order.</param>
    [Alias("commit")]
    Task<IReadOnlyList<RowOutcome>> Commit(ImportTemplate template, ImportWindow window, IReadOnlyList<PlannedPlace> places);

    /// <summary>Undoes what rows of an import did, the last one first.</summary>
    /// <param name="template">The template.</param>
    /// <param name="window">The rows, under the id of the import.</param>
    /// <param name="keys">The key of the stream that each row was planned for, in the same order, null where it had none; empty where there was no plan, and rows are found by what they say.</param>
    [Alias("undo")]
    Task<IReadOnlyList<UndoneRow>> Undo(ImportTemplate template, ImportWindow window, IReadOnlyList<string?> keys);

    /// <summary>A keyed hash of the digest of a file, by which a plan knows its file again and which says nothing to others.</summary>
    [Alias("mark")]
    Task<long> Mark(string digest);
}

/// <summary>The official templates of rolls.</summary>
public enum ImportTemplate
{
    /// <summary>单位信息表.</summary>
    Employers,

    /// <summary>工会组织表.</summary>
    Unions,

    /// <summary>会员信息采集表.</summary>
    Members,
}

/// <summary>Rows of one import on their way; one outcome comes back for each, in their order. Repeated it tells the same outcomes.</summary>
/// <param name="Import">Identifies the import.</param>
/// <param name="Operator">Who imports.</param>
/// <param name="On">The business date; today when null.</param>
/// <param name="Federation">Number of the federation that units count at whose row names no union; the operator's own when null.</param>
/// <param name="Rows">At most 1,000 rows.</param>
[GenerateSerializer, Immutable, Alias("union.import-window")]
public sealed record ImportWindow(
    [property: Id(0)] Guid Import, [property: Id(1)] Operator Operator, [property: Id(2)] DateOnly? On, [property: Id(3)] string? Federation, [property: Id(4)] IReadOnlyList<ImportRow> Rows);

/// <summary>One row: its number and the cells of the template's columns.</summary>
/// <param name="Number">1: the first row under the header.</param>
/// <param name="Cells">As they were typed. Personal.</param>
[GenerateSerializer, Immutable, Alias("union.import-row")]
public sealed record ImportRow([property: Id(0)] int Number, [property: Id(1)] string[] Cells);

/// <summary>What became of a row.</summary>
public enum RowKind
{
    /// <summary>It was unknown and is recorded now.</summary>
    New,

    /// <summary>It was known, and what differed is recorded now.</summary>
    Changed,

    /// <summary>It says what is recorded already; nothing was written.</summary>
    Same,

    /// <summary>It was refused; nothing was written.</summary>
    Refused,
}

/// <summary>Something to be said of one cell.</summary>
/// <param name="Field">The field as rules name it; empty where it is about the row.</param>
/// <param name="Column">Header of its column in the template; empty where it is about the row.</param>
/// <param name="Rule">What is said, with its code and its sentence in both languages; it never repeats the cell.</param>
[GenerateSerializer, Immutable, Alias("union.row-finding")]
public sealed record RowFinding([property: Id(0)] string Field, [property: Id(1)] string Column, [property: Id(2)] Refusal Rule);

/// <summary>What became of one row of a file.</summary>
[GenerateSerializer, Immutable, Alias("union.row-outcome")]
public sealed record RowOutcome
{
    /// <summary>1: the first row under the header.</summary>
    [Id(0)]
    public required int Row { get; init; }

    /// <summary>What became of it.</summary>
    [Id(1)]
    public required RowKind Kind { get; init; }

    /// <summary>The key of the stream the row speaks of: a member's or unit's surrogate key, a union's number; of a refused one the stream it was refused by. Null when it cannot be told.</summary>
    [Id(2)]
    public string? Key { get; init; }

    /// <summary>Why it was refused, the first reason first; empty otherwise.</summary>
    [Id(3)]
    public IReadOnlyList<RowFinding> Refused { get; init; } = [];

    /// <summary>What is wrong with a row that was taken all the same: the record is not qualified until it is put right.</summary>
    [Id(4)]
    public IReadOnlyList<RowFinding> Findings { get; init; } = [];

    /// <summary>What was read otherwise than it was typed, and rules with unverified text.</summary>
    [Id(5)]
    public IReadOnlyList<RowFinding> Warnings { get; init; } = [];
}
