namespace UnionClient.Imports;

/// <summary>
/// Imports files of the official templates. Every row is found by what it speaks of – a unit by its code, a union by its number, a person by the document – and is new, changed,
/// the same, or refused with its reasons; a bad row never stops the good ones, and sending the same file again changes nothing. A path or a stream may stand where a source is asked for.
/// </summary>
public sealed class ImportClient
{
    private static readonly ImportOptions Usual = new();

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
    public Import Employers(ImportSource source, ImportOptions? options = null) => Of(source, options, ImportSheet.Employers);

    /// <summary>Unions that exist already, from the template 工会组织表; upper unions stand above their lower ones or are recorded before.</summary>
    /// <inheritdoc cref="Employers"/>
    public Import Unions(ImportSource source, ImportOptions? options = null) => Of(source, options, ImportSheet.Unions);

    /// <summary>
    /// Members, from the template 会员信息采集表. A record with a missing or wrong cell is a member all the same, with its findings; a row whose valid number another member holds is
    /// refused, and <see cref="RowOutcome.Key"/> is the holder's. Unions and units are recorded before.
    /// </summary>
    /// <inheritdoc cref="Employers"/>
    public Import Members(ImportSource source, ImportOptions? options = null) => Of(source, options, ImportSheet.Members);

    /// <summary>A plan that was made before, by its own file; the planned file stands beside it.</summary>
    /// <param name="path">The plan, <c>name.plan</c>.</param>
    /// <param name="options">Where refused rows go, and how many are sent at once; what the plan was made for stands in the plan.</param>
    /// <exception cref="RefusedException">It is no finished plan (<c>import.plan-unreadable</c>).</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ImportPlan Open(string path, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        path = Path.GetFullPath(path);
        using var plan = PlanReader.Open(path);
        var (head, sheet) = (plan.Head, ImportSheet.Of(plan.Head.Template));
        var source = ImportSource.File(Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(head.File)));
        return new(path, source, options ?? Usual, sheet, new(calls, grain, head.Template, head.Import, head.By, head.On, head.Federation), PlanReader.Summary(path));
    }

    private Import Of(ImportSource source, ImportOptions? options, ImportSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= Usual;
        var by = options.Operator ?? client.Operator ?? throw new InvalidOperationException("Name an operator in the client's options or beside the file.");
        return new(source, options, sheet, new(calls, grain, sheet.Template, options.Id ?? Guid.CreateVersion7(), by, options.On, options.Federation?.Value));
    }
}
