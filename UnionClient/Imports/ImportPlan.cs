using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>
/// What an import would do: a file beside the planned one, readable by its owner only, with one line per row and no personal data. It is committed as it was seen: a row whose record was
/// changed since is refused by name, and the others go on.
/// </summary>
public sealed class ImportPlan
{
    private readonly Import import;
    private readonly ImportSource source;
    private readonly ImportCalls calls;

    internal ImportPlan(string path, ImportSource source, ImportOptions options, ImportSheet sheet, ImportCalls calls, ImportSummary summary)
    {
        (Path, this.source, this.calls, Summary) = (path, source, calls, summary);
        (Id, Template, import) = (calls.Import, sheet.Template, new(source, options with { Id = calls.Import }, sheet, calls));
    }

    /// <summary>The plan's own file.</summary>
    public string Path { get; }

    /// <summary>The planned file.</summary>
    public string File => source.Path!;

    /// <summary>Identifies the import: under this id it is committed and undone.</summary>
    public Guid Id { get; }

    /// <summary>The template of the file.</summary>
    public ImportTemplate Template { get; }

    /// <summary>What would become of the rows.</summary>
    public ImportSummary Summary { get; }

    /// <summary>The planned rows, in the order of the file.</summary>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="IOException">The plan cannot be read.</exception>
    public async IAsyncEnumerable<PlannedRow> Rows([EnumeratorCancellation] CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        using var plan = PlanReader.Open(Path);
        while (await plan.NextAsync(cancel) is { } row) yield return row;
    }

    /// <summary>
    /// Takes the rows, each at the version at which it was planned: one whose record was changed since is refused (<c>command.version-moved</c>, or by the rule that names who holds its number
    /// meanwhile), and so is one that the plan refused; rows that change nothing are not sent. Refused rows go to the file of errors. Broken off it is committed again, and twice is once.
    /// </summary>
    /// <param name="progress">Hears how far it is, every few hundred rows and at the end.</param>
    /// <param name="cancel">Gives up; what was sent may still be applied.</param>
    /// <returns>With <see cref="ImportSummary.Refusal"/> <c>import.file-changed</c>, and nothing done, where the file is not the one that was planned.</returns>
    /// <exception cref="UnionFault">Something broke; see its code. Commit again to go on.</exception>
    /// <exception cref="IOException">The plan or its file cannot be read, or the file of errors not written.</exception>
    public async Task<ImportSummary> Commit(IProgress<ImportProgress>? progress = null, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        using var plan = PlanReader.Open(Path);
        if (await calls.Mark(File, cancel) != plan.Head.Mark) return new() { Refusal = ImportRules.FileChanged };
        return await import.Commit(plan, progress, cancel);
    }

    /// <summary>
    /// Takes back what the commit did, as <see cref="Import.Undo"/> does; the plan knows where each row went, also where its record says something else by now.
    /// </summary>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Gives up; what was sent may still be applied.</param>
    /// <returns>With <see cref="UndoSummary.Refusal"/> <c>import.file-changed</c>, and nothing done, where the file is not the one that was planned.</returns>
    /// <exception cref="UnionFault">Something broke; see its code. Begin again to go on.</exception>
    /// <exception cref="IOException">The plan or its file cannot be read, or that of the kept rows not written.</exception>
    public async Task<UndoSummary> Undo(IProgress<UndoProgress>? progress = null, CancellationToken cancel = default)
    {
        using (var plan = PlanReader.Open(Path))
            if (await calls.Mark(File, cancel) != plan.Head.Mark) return new() { Refusal = ImportRules.FileChanged };
        return await import.TakeBack(Path, progress, cancel);
    }
}

/// <summary>The first line of a plan.</summary>
internal sealed record PlanHead(int Format, Guid Import, ImportTemplate Template, string File, DateOnly? On, Operator By, string? Federation, long Mark)
{
    public const int Newest = 1;
}

/// <summary>The last line of a plan; without it the plan was cut off.</summary>
internal sealed record PlanEnd(ImportSummary Finished);

/// <summary>Writes a plan line by line.</summary>
internal sealed class PlanFile(string path, StreamWriter text) : IAsyncDisposable
{
    private const int MostNumbered = 10_000;

    private bool finished;

    public string Path => path;

    /// <summary>A new file beside the one that is planned.</summary>
    public static PlanFile Create(string planned)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var n = 1; ; n++)
        {
            var path = System.IO.Path.ChangeExtension(planned, n == 1 ? ".plan" : string.Create(CultureInfo.InvariantCulture, $".plan-{n}"));
            try
            {
                return new(path, new(new FileStream(path, options), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16));
            }
            catch (IOException) when (n < MostNumbered && File.Exists(path))
            {
            }
        }
    }

    public Task Write<T>(T line, CancellationToken cancel) => text.WriteLineAsync(JsonSerializer.Serialize(line, UnionJson.Options).AsMemory(), cancel);

    public async Task Finish(ImportSummary summary, CancellationToken cancel)
    {
        await Write(new PlanEnd(summary), cancel);
        await text.FlushAsync(cancel);
        finished = true;
    }

    public async ValueTask DisposeAsync()
    {
        await text.DisposeAsync();
        if (!finished) File.Delete(path);
    }
}

/// <summary>Reads a plan line by line.</summary>
internal sealed class PlanReader : IDisposable
{
    private const string End = "{\"finished\":";

    private readonly StreamReader text;

    private PlanReader(StreamReader text, PlanHead head) => (this.text, Head) = (text, head);

    public PlanHead Head { get; }

    /// <summary>Opens a plan and reads its head.</summary>
    /// <exception cref="RefusedException">It is none (<c>import.plan-unreadable</c>).</exception>
    public static PlanReader Open(string path)
    {
        var opened = new StreamReader(path, Encoding.UTF8);
        try
        {
            if (JsonSerializer.Deserialize<PlanHead>(opened.ReadLine() ?? "", UnionJson.Options) is { Format: PlanHead.Newest } head) return new(opened, head);
        }
        catch (JsonException)
        {
        }

        opened.Dispose();
        throw new RefusedException(ImportRules.PlanUnreadable);
    }

    /// <summary>What the plan ends with, read from the start to the end.</summary>
    /// <exception cref="RefusedException">It was cut off (<c>import.plan-unreadable</c>).</exception>
    public static ImportSummary Summary(string path)
    {
        var last = File.ReadLines(path, Encoding.UTF8).LastOrDefault() ?? "";
        return last.StartsWith(End, StringComparison.Ordinal) ? Read<PlanEnd>(last).Finished : throw new RefusedException(ImportRules.PlanUnreadable);
    }

    /// <summary>The next row; null after the last.</summary>
    public PlannedRow? Next() => Row(text.ReadLine());

    /// <inheritdoc cref="Next"/>
    public async ValueTask<PlannedRow?> NextAsync(CancellationToken cancel) => Row(await text.ReadLineAsync(cancel));

    public void Dispose() => text.Dispose();

    private static PlannedRow? Row(string? line) => line switch
    {
        null => throw new RefusedException(ImportRules.PlanUnreadable),
        _ when line.StartsWith(End, StringComparison.Ordinal) => null,
        _ => Read<PlannedRow>(line),
    };

    private static T Read<T>(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, UnionJson.Options) ?? throw new RefusedException(ImportRules.PlanUnreadable);
        }
        catch (JsonException)
        {
            throw new RefusedException(ImportRules.PlanUnreadable);
        }
    }
}
