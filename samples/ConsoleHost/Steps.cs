using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ConsoleHost;

/// <summary>Progress of the steps of a run: how far, how fast, how long still.</summary>
internal sealed class Steps(ProgressContext context)
{
    public static Task<T> Show<T>(Func<Steps, Task<T>> work) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn())
        .StartAsync(context => work(new(context)));

    /// <summary>Begins a step of so much work; the answer tells how much of it is done.</summary>
    public Action<double> Begin(string what, double of)
    {
        var task = context.AddTask(what, maxValue: Math.Max(1, of));
        return done => task.Value = done;
    }

    private sealed class RateColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Speed is { } perSecond ? perSecond.ToString("N0", CultureInfo.InvariantCulture) + "/s" : "");
    }
}
