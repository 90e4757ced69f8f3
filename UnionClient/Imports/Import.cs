using System.ComponentModel.DataAnnotations;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>
/// One import. Enumerated it reads the file, sends its rows and tells one outcome for each, in their order; <see cref="Run"/> does it all and counts. What was sent is
/// committed even when the enumeration is given up; the same file may be imported again at any time. A file is read while its rows are sent: memory does not depend on its size.
/// <see cref="Plan"/> tells what it would do and writes nothing, <see cref="Undo"/> takes back what it did.
/// </summary>
public sealed class Import : IAsyncEnumerable<RowOutcome>
{
    // A window of long rows is cut off sooner, so that a message stays far below the silo's limit.
    private const int MostCharactersOfWindow = 1_000_000;
    private const int RowsBetweenReports = 500;

    private readonly ImportSource source;
    private readonly ImportOptions options;
    private readonly IReadOnlyList<string> columns;
    private readonly int underWay;
    private readonly Func<IReadOnlyList<string>, string> subject;
    private readonly Func<IReadOnlyList<ImportRow>, CancellationToken, Task<IReadOnlyList<RowOutcome>>> send;
    private readonly ImportSheet sheet = null!;
    private readonly ImportCalls calls = null!;
    private bool begun;

    internal Import(ImportSource source, ImportOptions options, ImportSheet sheet, ImportCalls calls)
        : this(source, options, sheet.Headers, sheet.InOrder ? 1 : options.WindowsUnderWay, sheet.Subject, calls.Send) => (this.sheet, this.calls) = (sheet, calls);

    // Reading alone, whatever becomes of the rows.
    internal Import(
        ImportSource source, ImportOptions options, IReadOnlyList<string> columns, int underWay, Func<IReadOnlyList<string>, string> subject, Func<IReadOnlyList<ImportRow>, CancellationToken, Task<IReadOnlyList<RowOutcome>>> send)
    {
        Validator.ValidateObject(options, new(options), validateAllProperties: true);
        (this.source, this.options, this.columns, this.underWay, this.subject, this.send) = (source, options, columns, underWay, subject, send);
    }

    /// <summary>Identifies the import: <see cref="ImportOptions.Id"/>, or a new one. Keep it to be able to go on or to undo it later.</summary>
    public Guid Id => calls.Import;

    /// <summary>Reads, sends and tells one outcome per row, in their order.</summary>
    /// <exception cref="RefusedException">The file is none of the template (<see cref="SheetFileRules"/>); nothing was sent.</exception>
    /// <exception cref="UnionFault">Something broke; see its code. What was told is durable; import again to go on.</exception>
    /// <exception cref="IOException">The file cannot be read, or the file of errors not written.</exception>
    public async IAsyncEnumerator<RowOutcome> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var opened = source.Open();
        await using var errors = ErrorFile.For(options, source, columns);
        await foreach (var outcome in Sent(opened, errors, cancellationToken)) yield return outcome;
    }

    /// <summary>Imports the whole file and counts what became of its rows. A file that is refused as a whole is told by <see cref="ImportSummary.Refusal"/>.</summary>
    /// <param name="progress">Hears how far it is, every few hundred rows and at the end.</param>
    /// <param name="cancel">Gives up; what was sent may still be applied.</param>
    /// <exception cref="UnionFault">Something broke; see its code. Import again to go on.</exception>
    /// <exception cref="IOException">The file cannot be read, or the file of errors not written.</exception>
    public Task<ImportSummary> Run(IProgress<ImportProgress>? progress = null, CancellationToken cancel = default) => Count(Sent, progress, cancel);

    /// <summary>
    /// What <see cref="Run"/> would do now, row by row and cell by cell; nothing is written but the plan, a file beside the source that holds no personal data (<c>name.plan</c>, or
    /// <c>name.plan-2</c> and so on where that exists). Rows that speak of the same are planned as if those above them were taken.
    /// </summary>
    /// <param name="progress">Hears how far it is, every few hundred rows and at the end.</param>
    /// <param name="cancel">Gives up; there is no plan then.</param>
    /// <exception cref="RefusedException">The file is none of the template (<see cref="SheetFileRules"/>).</exception>
    /// <exception cref="InvalidOperationException">A stream is no file: a plan is committed from the file that was planned.</exception>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    /// <exception cref="IOException">The file cannot be read, or the plan not written.</exception>
    public async Task<ImportPlan> Plan(IProgress<ImportProgress>? progress = null, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        var path = source.Path ?? throw new InvalidOperationException("A file is planned, and no stream: the plan is committed from it.");
        var rests = new RowsAbove(sheet);
        using (var read = source.Open())
        {
            var rows = await read.Rows(columns, cancel);
            while (await rows.Read(cancel) is { } row)
                if (row.Flaw is null) rests.Meet(row.Cells);
        }

        var (mark, summary) = (await calls.Mark(path, cancel), new ImportSummary());
        using var opened = source.Open();
        await using var plan = PlanFile.Create(path);
        await plan.Write(new PlanHead(PlanHead.Newest, calls.Import, sheet.Template, System.IO.Path.GetFileName(path), calls.On, calls.By, calls.Federation, mark), cancel);
        await foreach (var (_, row) in Each(opened, (rows, token) => Planned(rows, rests, token), cancel))
        {
            await plan.Write(row, cancel);
            summary = summary.With(row.ToOutcome());
            if (summary.Rows % RowsBetweenReports == 0) Report();
        }

        await plan.Finish(summary, cancel);
        Report();
        return new(plan.Path, source, options, sheet, calls, summary);

        void Report() => progress?.Report(new(summary, opened.BytesRead, opened.Bytes));
    }

    /// <summary>
    /// Takes back what this import did, as far as nothing rests on it: what it recorded newly is as if it had never been, what it changed is as it was before. Figures go back on the days on
    /// which it had counted; the journal keeps all. Rows are found as they were sent: by the same file and the same <see cref="ImportOptions.Id"/>. Broken off it is begun again, and twice is once.
    /// </summary>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Gives up; what was sent may still be applied.</param>
    /// <exception cref="InvalidOperationException">The options name no import, or a stream is no file: it is read as often as rows rest on each other.</exception>
    /// <exception cref="UnionFault">Something broke; see its code. Begin again to go on.</exception>
    /// <exception cref="IOException">The file cannot be read, or that of the kept rows not written.</exception>
    public Task<UndoSummary> Undo(IProgress<UndoProgress>? progress = null, CancellationToken cancel = default) => TakeBack(null, progress, cancel);

    /// <summary>The same by the plan that was committed: it knows where each row went, whatever the record says by now.</summary>
    internal async Task<UndoSummary> TakeBack(string? plan, IProgress<UndoProgress>? progress, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (source.Path is not { } path) throw new InvalidOperationException("An import is undone from its file, not from a stream.");
        if (options.Id is null && !begun) throw new InvalidOperationException("Name the import to be undone: the id it had.");
        var gone = new System.Collections.BitArray(0);
        while (true)
        {
            var (summary, undoneNow) = (new UndoSummary(), 0L);
            using var planned = plan is null ? null : PlanReader.Open(plan);
            using var opened = source.Open();
            var kept = new ErrorFile(options.ErrorFile ?? System.IO.Path.ChangeExtension(path, ".kept.csv"), mayNumber: options.ErrorFile is null, columns);
            await using (kept)
            {
                try
                {
                    await foreach (var (row, answer) in Each(opened, (rows, token) => Undone(rows, planned, token), cancel))
                    {
                        // Who was entered by a row above is known by nothing any more once that row is undone.
                        if (row.Number >= gone.Length) gone.Length = Math.Max(2 * gone.Length, row.Number + 1);
                        var undone = answer.Kind == UndoKind.Nothing && gone[row.Number] ? answer with { Kind = UndoKind.Undone, Repeated = true } : answer;
                        gone[row.Number] |= undone.Kind == UndoKind.Undone;
                        summary = summary.With(undone);
                        if (undone is { Kind: UndoKind.Undone, Repeated: false }) undoneNow++;
                        if (undone.Why is { } why) await kept.Note(row, new() { Row = undone.Row, Kind = RowKind.Refused, Refused = [new("", "", why)] }, "保留");
                        if (summary.Rows % RowsBetweenReports == 0) Report();
                    }
                }
                catch (RefusedException refused)
                {
                    return summary with { Refusal = refused.Refusal };
                }
            }

            summary = summary with { KeptFile = kept.Path };
            Report();
            // What rested on rows below is free by now.
            if (summary.Kept == 0 || undoneNow == 0) return summary;
            if (kept.Path is { } file) File.Delete(file);

            void Report() => progress?.Report(new(summary, opened.BytesRead, opened.Bytes));
        }
    }

    /// <summary>Takes the rows of a plan.</summary>
    internal Task<ImportSummary> Commit(PlanReader plan, IProgress<ImportProgress>? progress, CancellationToken cancel) =>
        Count((opened, errors, token) => Noted(Each(opened, (rows, sent) => Committed(rows, plan, sent), token), errors), progress, cancel);

    private async Task<ImportSummary> Count(Func<ImportSource.Opened, ErrorFile, CancellationToken, IAsyncEnumerable<RowOutcome>> sent, IProgress<ImportProgress>? progress, CancellationToken cancel)
    {
        var summary = new ImportSummary();
        using var opened = source.Open();
        var errors = ErrorFile.For(options, source, columns);
        await using (errors)
        {
            try
            {
                await foreach (var outcome in sent(opened, errors, cancel))
                {
                    summary = summary.With(outcome);
                    if (summary.Rows % RowsBetweenReports == 0) Report();
                }
            }
            catch (RefusedException refused)
            {
                return summary with { Refusal = refused.Refusal };
            }
        }

        summary = summary with { ErrorFile = errors.Path };
        Report();
        return summary;

        void Report() => progress?.Report(new(summary, opened.BytesRead, opened.Bytes));
    }

    private IAsyncEnumerable<RowOutcome> Sent(ImportSource.Opened opened, ErrorFile errors, CancellationToken cancel)
    {
        begun = true;
        return Noted(Each(opened, (rows, token) => Readable(rows, send, Flawed, token), cancel), errors);
    }

    private static async IAsyncEnumerable<RowOutcome> Noted(IAsyncEnumerable<(CsvRow Row, RowOutcome Outcome)> told, ErrorFile errors)
    {
        await foreach (var (row, outcome) in told)
        {
            await errors.Note(row, outcome);
            yield return outcome;
        }
    }

    private Task<IReadOnlyList<PlannedRow>> Planned(List<CsvRow> rows, RowsAbove rests, CancellationToken cancel)
    {
        var above = rests.Of(rows);
        return Readable(rows, (readable, token) => calls.Plan([.. above, .. readable], above.Count, token), row => new() { Row = row.Number, Kind = RowKind.Refused, Refused = Flawed(row).Refused }, cancel);
    }

    private Task<IReadOnlyList<RowOutcome>> Committed(List<CsvRow> rows, PlanReader plan, CancellationToken cancel)
    {
        List<PlannedPlace> places =
        [
            .. Read(rows, plan).Select(planned => new PlannedPlace(planned.Kind, planned.Key, planned.Version, planned.Command, planned.Refused.Count > 0 ? planned.Refused[0].Rule.Code : null)),
        ];
        return Readable(rows, (readable, token) => calls.Commit(readable, places, token), Flawed, cancel);
    }

    private Task<IReadOnlyList<UndoneRow>> Undone(List<CsvRow> rows, PlanReader? plan, CancellationToken cancel)
    {
        List<string?> keys = plan is null ? [] : [.. Read(rows, plan).Select(planned => planned.Key)];
        return Readable(rows, (readable, token) => calls.Undo(readable, keys, token), row => new() { Row = row.Number, Kind = UndoKind.Nothing }, cancel);
    }

    // One planned row for each that can be read.
    private static List<PlannedRow> Read(List<CsvRow> rows, PlanReader plan)
    {
        var planned = new List<PlannedRow>(rows.Count);
        foreach (var row in rows)
        {
            if (plan.Next() is not { } next || next.Row != row.Number) throw new RefusedException(ImportRules.FileChanged);
            if (row.Flaw is null) planned.Add(next);
        }

        return planned;
    }

    /// <summary>Reads windows of rows and asks about each; the answers are told with their rows, in the order of the file.</summary>
    private async IAsyncEnumerable<(CsvRow Row, T Answer)> Each<T>(
        ImportSource.Opened opened, Func<List<CsvRow>, CancellationToken, Task<IReadOnlyList<T>>> ask, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var rows = await opened.Rows(columns, cancel);

        // What was sent must be heard of before this ends, however it ends: nobody would see its failure.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var windows = new Queue<(List<CsvRow> Rows, Task<IReadOnlyList<T>> Asked)>(underWay);
        try
        {
            var next = await NextWindow(rows, cancel);
            while (next.Count > 0 || windows.Count > 0)
            {
                // Rows that speak of the same thing are applied in their order: a window with such rows waits for the one before.
                while (next.Count > 0 && windows.Count < underWay && !Meets(windows.SelectMany(window => window.Rows), next))
                {
                    windows.Enqueue((next, ask(next, ended.Token)));
                    next = await NextWindow(rows, cancel);
                }

                if (windows.Count == 0) yield break;
                var (askedRows, asked) = windows.Peek();
                var answers = await asked;
                windows.Dequeue();
                for (var i = 0; i < answers.Count; i++) yield return (askedRows[i], answers[i]);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(windows.Select(window => window.Asked)).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private bool Meets(IEnumerable<CsvRow> before, List<CsvRow> next)
    {
        var subjects = before.Where(row => row.Flaw is null).Select(row => subject(row.Cells)).Where(text => text.Length > 0).ToHashSet(StringComparer.Ordinal);
        return subjects.Count > 0 && next.Any(row => row.Flaw is null && subjects.Contains(subject(row.Cells)));
    }

    private async ValueTask<List<CsvRow>> NextWindow(SheetRows rows, CancellationToken cancel)
    {
        var (window, characters) = (new List<CsvRow>(options.WindowRows), 0);
        while (window.Count < options.WindowRows && characters < MostCharactersOfWindow && await rows.Read(cancel) is { } row)
        {
            window.Add(row);
            foreach (var cell in row.Cells) characters += cell.Length;
        }

        return window;
    }

    /// <summary>Rows that cannot be read are answered here; the others go to a silo.</summary>
    private static async Task<IReadOnlyList<T>> Readable<T>(
        List<CsvRow> rows, Func<IReadOnlyList<ImportRow>, CancellationToken, Task<IReadOnlyList<T>>> ask, Func<CsvRow, T> flawed, CancellationToken cancel)
    {
        var readable = rows.Where(row => row.Flaw is null).Select(row => new ImportRow(row.Number, row.Cells)).ToList();
        var answers = readable.Count > 0 ? await ask(readable, cancel) : [];
        if (answers.Count == rows.Count) return answers;
        using var next = answers.GetEnumerator();
        return rows.ConvertAll(row =>
        {
            if (row.Flaw is not null) return flawed(row);
            next.MoveNext();
            return next.Current;
        });
    }

    private static RowOutcome Flawed(CsvRow row) => new() { Row = row.Number, Kind = RowKind.Refused, Refused = [new("", row.Field ?? "", row.Flaw!)] };
}
