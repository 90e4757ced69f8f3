using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace UnionSilo.Tests.Grains;

/// <summary>Silos in processes of their own, started by the command line as an operator does, so that they can be killed.</summary>
internal sealed class SiloProcesses
{
    private readonly List<Process> processes = [];

    /// <summary>Runs a silo until somebody kills it, and returns when it is ready.</summary>
    /// <param name="gateway">The port for clients.</param>
    /// <param name="database">The options that name the database.</param>
    /// <param name="deadAfterSeconds">How long it may be silent before the others take it for dead; a busy machine makes a silo silent too.</param>
    public async Task<Process> Run(int gateway, string[] database, int deadAfterSeconds = 2)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "UnionSilo.dll"), "run", .. database, "--silo-port", "0", "--gateway-port", gateway.ToString(CultureInfo.InvariantCulture), "--health-port", "0",
            "--dead-after", deadAfterSeconds.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["UNION_KEY"] = Convert.ToBase64String(new byte[32]);
        var process = Process.Start(start)!;
        processes.Add(process);
        var (said, ready) = (new ConcurrentQueue<string>(), new TaskCompletionSource());
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await await Task.WhenAny(ready.Task, Died());
        return process;

        void Hear(string? line)
        {
            said.Enqueue(line ?? "");
            if (line?.StartsWith("union-silo is ready", StringComparison.Ordinal) == true) ready.TrySetResult();
        }

        async Task Died()
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            throw new InvalidOperationException($"The silo did not start:\n{string.Join('\n', said)}");
        }
    }

    /// <summary>Kills those that are still there.</summary>
    public async Task End()
    {
        foreach (var process in processes)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        processes.Clear();
    }
}
