using Spectre.Console;
using Spectre.Console.Rendering;
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
