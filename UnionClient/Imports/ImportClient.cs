using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionClient.Imports;

/// <summary>
/// Imports files of the official templates. Every row is found by what it speaks of – a unit by its code, a union by its number, a person by the document – and is new, changed,
/// the same, or refused with its reasons; a bad row never stops the good ones, and sending the same file again changes nothing. A path or a stream may stand where a source is asked for.
/// </summary>
public sealed class ImportClient
{
    private static readonly ImportOptions Usual = new();
    private static readonly int DocumentNumber = MemberSheet.Columns.Select(column => column.Header).ToList().IndexOf("证件号码");

    private readonly Calls calls;
    private readonly UnionClientOptions client;
    private readonly Func<IImportGrain> grain;

    internal ImportClient(Calls calls, UnionClientOptions client, Func<IImportGrain> grain) => (this.calls, this.client, this.grain) = (calls, client, grain);

    /// <summary>
    /// Employing units, from the template 单位信息表. The covering unions are recorded before. A unit counts at the nearest federation at or above the union that covers it; an
    /// uncovered one at the federation that stands in the place of the union, or at that of the options.
    /// </summary>
    /// <param name="source">The file or stream.</param>
    /// <param name="options">Operator, business date and the rest, where they are not the usual ones.</param>
    /// <exception cref="InvalidOperationException">Neither the options nor the client's name an operator.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is out of its range.</exception>
    public Import Employers(ImportSource source, ImportOptions? options = null) => Of(source, options, EmployerSheet.Columns, 0, inOrder: false, (imports, window) => imports.Employers(window));

    /// <summary>Unions that exist already, from the template 工会组织表; upper unions stand above their lower ones or are recorded before.</summary>
    /// <inheritdoc cref="Employers"/>
    public Import Unions(ImportSource source, ImportOptions? options = null) => Of(source, options, UnionSheet.Columns, 0, inOrder: true, (imports, window) => imports.Unions(window));

    /// <summary>
    /// Members, from the template 会员信息采集表. A record with a missing or wrong cell is a member all the same, with its findings; a row whose valid number another member holds is
    /// refused, and <see cref="RowOutcome.Key"/> is the holder's. Unions and units are recorded before.
    /// </summary>
    /// <inheritdoc cref="Employers"/>
    public Import Members(ImportSource source, ImportOptions? options = null) => Of(source, options, MemberSheet.Columns, DocumentNumber, inOrder: false, (imports, window) => imports.Members(window));

    private Import Of(
        ImportSource source, ImportOptions? options, IReadOnlyList<SheetColumn> columns, int subject, bool inOrder, Func<IImportGrain, ImportWindow, Task<IReadOnlyList<RowOutcome>>> send)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= Usual;
        var (id, by) = (options.Id ?? Guid.CreateVersion7(), options.Operator ?? client.Operator ?? throw new InvalidOperationException("Name an operator in the client's options or beside the file."));
        return new(source, options, [.. columns.Select(column => column.Header)], inOrder ? 1 : options.WindowsUnderWay, cells => Typed(cells[subject]), (rows, cancel) =>
        {
            var window = new ImportWindow(id, by, options.On, options.Federation?.Value, rows);
            return calls.Do(() => send(grain(), window), cancel);
        });
    }

    // Full-width characters and lower case are the same number; whatever else is typed differently is told apart by the claims.
    private static string Typed(string cell) =>
        string.Create(cell.Length, cell, static (text, typed) =>
        {
            for (var i = 0; i < typed.Length; i++) text[i] = char.ToUpperInvariant(typed[i] is >= '\uFF01' and <= '\uFF5E' ? (char)(typed[i] - 0xFEE0) : typed[i]);
        }).Trim();
}
