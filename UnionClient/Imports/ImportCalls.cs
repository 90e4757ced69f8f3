using System.Security.Cryptography;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>The calls of one import: the same id, operator, date and federation for each.</summary>
internal sealed class ImportCalls(Calls calls, Func<IImportGrain> grain, ImportTemplate template, Guid import, Operator by, DateOnly? on, string? federation)
{
    public Guid Import => import;

    public Operator By => by;

    public DateOnly? On => on;

    public string? Federation => federation;

    public Task<IReadOnlyList<RowOutcome>> Send(IReadOnlyList<ImportRow> rows, CancellationToken cancel) => calls.Do(
        () => template switch
        {
            ImportTemplate.Employers => grain().Employers(Window(rows)),
            ImportTemplate.Unions => grain().Unions(Window(rows)),
            _ => grain().Members(Window(rows)),
        },
        cancel);

    public Task<IReadOnlyList<PlannedRow>> Plan(IReadOnlyList<ImportRow> rows, int before, CancellationToken cancel) => calls.Do(() => grain().Plan(template, Window(rows), before), cancel);

    public Task<IReadOnlyList<RowOutcome>> Commit(IReadOnlyList<ImportRow> rows, IReadOnlyList<PlannedPlace> places, CancellationToken cancel) =>
        calls.Do(() => grain().Commit(template, Window(rows), places), cancel);

    public Task<IReadOnlyList<UndoneRow>> Undo(IReadOnlyList<ImportRow> rows, IReadOnlyList<string?> keys, CancellationToken cancel) => calls.Do(() => grain().Undo(template, Window(rows), keys), cancel);

    /// <summary>The keyed hash by which a plan knows its file again.</summary>
    public async Task<long> Mark(string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        var digest = Convert.ToHexString(await SHA256.HashDataAsync(file, cancel));
        return await calls.Do(() => grain().Mark(digest), cancel);
    }

    private ImportWindow Window(IReadOnlyList<ImportRow> rows) => new(import, by, on, federation, rows);
}
