using System.ComponentModel.DataAnnotations;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>
/// One import. Enumerated it reads the file, sends its rows and tells one outcome for each, in their order; <see cref="Run"/> does it all and counts. What was sent is
/// committed even when the enumeration is given up; the same file may be imported again at any time. A file is read while its rows are sent: memory does not depend on its size.
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

    internal Import(
        ImportSource source, ImportOptions options, IReadOnlyList<string> columns, int underWay, Func<IReadOnlyList<string>, string> subject, Func<IReadOnlyList<ImportRow>, CancellationToken, Task<IReadOnlyList<RowOutcome>>> send)
    {
        Validator.ValidateObject(options, new(options), validateAllProperties: true);
        (this.source, this.options, this.columns, this.underWay, this.subject, this.send) = (source, options, columns, underWay, subject, send);
    }

    /// <summary>Reads, sends and tells one outcome per row, in their order.</summary>
    /// <exception cref="RefusedException">The file is none of the template (<see cref="SheetFileRules"/>); nothing was sent.</exception>
    /// <exception cref="UnionFault">Something broke; see its code. What was told is durable; import again to go on.</exception>
    /// <exception cref="IOException">The file cannot be read, or the file of errors not written.</exception>
    public async IAsyncEnumerator<RowOutcome> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var opened = source.Open();
        await using var errors = ErrorFile.For(options, source, columns);
        var told = Told(opened, errors, cancellationToken);
        await foreach (var outcome in told) yield return outcome;
    }

    /// <summary>Imports the whole file and counts what became of its rows. A file that is refused as a whole is told by <see cref="ImportSummary.Refusal"/>.</summary>
    /// <param name="progress">Hears how far it is, every few hundred rows and at the end.</param>
    /// <param name="cancel">Gives up; what was sent may still be applied.</param>
    /// <exception cref="UnionFault">Something broke; see its code. Import again to go on.</exception>
    /// <exception cref="IOException">The file cannot be read, or the file of errors not written.</exception>
    public async Task<ImportSummary> Run(IProgress<ImportProgress>? progress = null, CancellationToken cancel = default)
    {
        var summary = new ImportSummary();
        using var opened = source.Open();
        var errors = ErrorFile.For(options, source, columns);
        await using (errors)
        {
            try
            {
                await foreach (var outcome in Told(opened, errors, cancel))
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

    private async IAsyncEnumerable<RowOutcome> Told(ImportSource.Opened opened, ErrorFile errors, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var rows = new CsvRows(opened.Text);
        if (await rows.ReadHeader(columns, cancel) is { } refusal) throw new RefusedException(refusal);

        // What was sent must be heard of before this ends, however it ends: nobody would see its failure.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var windows = new Queue<(List<CsvRow> Rows, Task<IReadOnlyList<RowOutcome>> Sent)>(underWay);
        try
        {
            var next = await NextWindow(rows, cancel);
            while (next.Count > 0 || windows.Count > 0)
            {
                // Rows that speak of the same thing are applied in their order: a window with such rows waits for the one before.
                while (next.Count > 0 && windows.Count < underWay && !Meets(windows.SelectMany(window => window.Rows), next))
                {
                    windows.Enqueue((next, Send(next, ended.Token)));
                    next = await NextWindow(rows, cancel);
                }

                if (windows.Count == 0) yield break;
                var (sentRows, sent) = windows.Peek();
                var outcomes = await sent;
                windows.Dequeue();
                for (var i = 0; i < outcomes.Count; i++)
                {
                    await errors.Note(sentRows[i], outcomes[i]);
                    yield return outcomes[i];
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(windows.Select(window => window.Sent)).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private bool Meets(IEnumerable<CsvRow> before, List<CsvRow> next)
    {
        var subjects = before.Where(row => row.Flaw is null).Select(row => subject(row.Cells)).Where(text => text.Length > 0).ToHashSet(StringComparer.Ordinal);
        return subjects.Count > 0 && next.Any(row => row.Flaw is null && subjects.Contains(subject(row.Cells)));
    }

    private async ValueTask<List<CsvRow>> NextWindow(CsvRows rows, CancellationToken cancel)
    {
        var (window, characters) = (new List<CsvRow>(options.WindowRows), 0);
        while (window.Count < options.WindowRows && characters < MostCharactersOfWindow && await rows.Read(cancel) is { } row)
        {
            window.Add(row);
            foreach (var cell in row.Cells) characters += cell.Length;
        }

        return window;
    }

    /// <summary>Rows that cannot be read are refused here; the others go to a silo.</summary>
    private async Task<IReadOnlyList<RowOutcome>> Send(List<CsvRow> rows, CancellationToken cancel)
    {
        var readable = rows.Where(row => row.Flaw is null).Select(row => new ImportRow(row.Number, row.Cells)).ToList();
        var outcomes = readable.Count > 0 ? await send(readable, cancel) : [];
        if (outcomes.Count == rows.Count) return outcomes;
        using var next = outcomes.GetEnumerator();
        return rows.ConvertAll(row =>
        {
            if (row.Flaw is { } flaw) return new RowOutcome { Row = row.Number, Kind = RowKind.Refused, Refused = [new("", row.Field ?? "", flaw)] };
            next.MoveNext();
            return next.Current;
        });
    }
}
