using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using UnionClient.CardBatches;
using UnionClient.Imports;
using Progress = UnionSilo.Persistence.Progress;

namespace UnionSilo.Commands;

/// <summary>Shows on the error stream how far a long task is, when somebody looks at it.</summary>
internal static class ProgressBar
{
    public static Task<T> Show<T>(Func<IProgress<Progress>?, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return work(null);
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn()).StartAsync(context => work(new Bars(context)));
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Speed is { } perSecond ? FormattableString.Invariant($"{perSecond:N0}/s") : "");
    }

    /// <summary>Shows an import: rows, their rate, how much of the file is read and the time that is left.</summary>
    public static Task<ImportSummary> Show(Func<IProgress<ImportProgress>?, CancellationToken, Task<ImportSummary>> work, CancellationToken cancel) =>
        Show(work, told => new(told.Summary.Rows, FormattableString.Invariant($"{told.Summary.Refused:N0} refused"), told.BytesRead, told.Bytes), cancel);

    /// <summary>Shows the undoing of an import in the same way.</summary>
    public static Task<UndoSummary> Show(Func<IProgress<UndoProgress>?, CancellationToken, Task<UndoSummary>> work, CancellationToken cancel) =>
        Show(work, told => new(told.Summary.Rows, FormattableString.Invariant($"{told.Summary.Kept:N0} kept"), told.BytesRead, told.Bytes), cancel);

    /// <summary>Shows work on the lines of a file of the bank.</summary>
    public static Task<T> Show<T>(Func<IProgress<CardWorkProgress>?, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return work(null);
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new LinesBar(context.AddTask("lines"))));
    }

    private sealed class LinesBar(ProgressTask task) : IProgress<CardWorkProgress>
    {
        public void Report(CardWorkProgress value) => (task.MaxValue, task.Value) = (Math.Max(1, value.Of), value.Lines);
    }

    private static Task<T> Show<T, TProgress>(Func<IProgress<TProgress>?, CancellationToken, Task<T>> work, Func<TProgress, FileRead> read, CancellationToken cancel)
    {
        if (Console.IsErrorRedirected) return work(null, cancel);
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new FileBar<TProgress>(context.AddTask("0 rows"), read), cancel));
    }

    private readonly record struct FileRead(long Rows, string Amiss, long BytesRead, long? Bytes);

    private sealed class FileBar<TProgress>(ProgressTask task, Func<TProgress, FileRead> read) : IProgress<TProgress>
    {
        private readonly long begun = Stopwatch.GetTimestamp();

        public void Report(TProgress value)
        {
            var (rows, amiss, bytesRead, all) = read(value);
            var seconds = Math.Max(0.001, Stopwatch.GetElapsedTime(begun).TotalSeconds);
            task.Description = string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows, {rows / seconds:N0}/s, {amiss}");
            if (all is > 0 and var bytes) (task.MaxValue, task.Value) = (bytes, bytesRead);
            else task.IsIndeterminate = true;
        }
    }

    private sealed class Bars(ProgressContext context) : IProgress<Progress>
    {
        private readonly Dictionary<string, ProgressTask> tasks = new(StringComparer.Ordinal);

        public void Report(Progress value)
        {
            if (!tasks.TryGetValue(value.Step, out var task)) tasks.Add(value.Step, task = context.AddTask(value.Step));
            (task.MaxValue, task.Value) = (Math.Max(1, value.Total), value.Done);
        }
    }
}
