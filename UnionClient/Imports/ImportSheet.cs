using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionClient.Imports;

/// <summary>What an import must know of a template to send its rows.</summary>
/// <param name="Template">Which it is.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="InOrder">Whether rows rest on rows above them that speak of something else, so that one window is sent after the other.</param>
/// <param name="Named">The columns that name what a row speaks of, the surest first.</param>
/// <param name="Rests">The column that names what a row rests on; null: none.</param>
internal sealed record ImportSheet(ImportTemplate Template, IReadOnlyList<SheetColumn> Columns, bool InOrder, IReadOnlyList<int[]> Named, int? Rests)
{
    public static readonly ImportSheet Employers = new(ImportTemplate.Employers, EmployerSheet.Columns, false, [[0]], null);
    public static readonly ImportSheet Unions = new(ImportTemplate.Unions, UnionSheet.Columns, true, [[0]], At(UnionSheet.Columns, "upper"));
    public static readonly ImportSheet Members = new(
        ImportTemplate.Members, MemberSheet.Columns, false, [[At(MemberSheet.Columns, "documentNumber")], [At(MemberSheet.Columns, "employerCode"), At(MemberSheet.Columns, "name"), At(MemberSheet.Columns, "mobile")]], null);

    /// <summary>The headers of the columns.</summary>
    public IReadOnlyList<string> Headers { get; } = [.. Columns.Select(column => column.Header)];

    /// <summary>The template as it is named in a plan.</summary>
    public static ImportSheet Of(ImportTemplate template) => template switch
    {
        ImportTemplate.Employers => Employers,
        ImportTemplate.Unions => Unions,
        _ => Members,
    };

    /// <summary>What a row speaks of; empty when it does not say.</summary>
    public string Subject(IReadOnlyList<string> cells) => Typed(cells[Named[0][0]]);

    /// <summary>Every way in which a row names what it speaks of.</summary>
    public IEnumerable<string> Subjects(string[] cells)
    {
        for (var n = 0; n < Named.Count; n++)
            if (Named[n].All(column => !string.IsNullOrWhiteSpace(cells[column]))) yield return $"{n}|{string.Join('|', Named[n].Select(column => Typed(cells[column])))}";
    }

    /// <summary>What a row rests on, as the row that speaks of it names it; null: nothing.</summary>
    public string? RestsOn(string[] cells) => Rests is { } column && !string.IsNullOrWhiteSpace(cells[column]) ? $"0|{Typed(cells[column])}" : null;

    // Full-width characters and lower case are the same number; whatever else is typed differently is told apart by the claims.
    private static string Typed(string cell) =>
        string.Create(cell.Length, cell, static (text, typed) =>
        {
            for (var i = 0; i < typed.Length; i++) text[i] = char.ToUpperInvariant(typed[i] is >= '\uFF01' and <= '\uFF5E' ? (char)(typed[i] - 0xFEE0) : typed[i]);
        }).Trim();

    private static int At(IReadOnlyList<SheetColumn> columns, string field) => columns.Select(column => column.Field).ToList().IndexOf(field);
}

/// <summary>
/// The rows above that a row of a plan rests on: those that speak of the same, and those of what it rests on. Only rows that others rest on are kept, so that memory does not depend on the
/// size of a file: which they are is told by a first reading.
/// </summary>
internal sealed class RowsAbove(ImportSheet sheet)
{
    // Now and then two rows share a place that have nothing to do with each other: the second is then planned behind the first for nothing.
    private const int Places = 1 << 27;

    private readonly System.Collections.BitArray met = new(Places);
    private readonly HashSet<int> rested = [];
    private readonly Dictionary<int, List<ImportRow>> kept = [];

    /// <summary>Hears of a row in the first reading.</summary>
    public void Meet(string[] cells)
    {
        foreach (var place in sheet.Subjects(cells).Select(Place))
        {
            if (met[place]) rested.Add(place);
            met[place] = true;
        }

        if (sheet.RestsOn(cells) is { } other) rested.Add(Place(other));
    }

    /// <summary>The rows above that these rest on, in the order of the file; these are kept for those below.</summary>
    public IReadOnlyList<ImportRow> Of(List<CsvRow> rows)
    {
        var above = new SortedDictionary<int, ImportRow>();
        foreach (var row in rows.Where(row => row.Flaw is null)) Rest(row.Cells);
        foreach (var row in rows.Where(row => row.Flaw is null))
            foreach (var place in sheet.Subjects(row.Cells).Select(Place))
                if (rested.Contains(place)) (kept.TryGetValue(place, out var same) ? same : kept[place] = []).Add(new(row.Number, row.Cells));
        return [.. above.Values];

        void Rest(string[] cells)
        {
            foreach (var place in sheet.Subjects(cells).Append(sheet.RestsOn(cells)).OfType<string>().Select(Place))
                foreach (var one in kept.GetValueOrDefault(place) ?? [])
                    if (above.TryAdd(one.Number, one)) Rest(one.Cells);
        }
    }

    private static int Place(string subject) => string.GetHashCode(subject, StringComparison.Ordinal) & (Places - 1);
}
