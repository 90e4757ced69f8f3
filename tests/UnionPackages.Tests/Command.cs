using System.Diagnostics;
using System.Text;

namespace UnionPackages.Tests;

/// <summary>A program with its output, ended with this.</summary>
internal sealed class Command : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();
    private readonly SemaphoreSlim more = new(0);

    private Command(ProcessStartInfo start)
    {
        process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it has said so far.</summary>
    public string Said
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    public static Command Start(string program, IEnumerable<string> arguments, string folder, IEnumerable<(string Name, string? Value)>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // Whoever runs these tests may have told MSBuild things that are not meant for strangers.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        return new(start);
    }

    /// <summary>Runs it to its end, which must be a good one, and answers what it said.</summary>
    public static async Task<string> Run(string program, IEnumerable<string> arguments, string folder, IEnumerable<(string Name, string? Value)>? environment = null, CancellationToken cancel = default)
    {
        await using var command = Start(program, arguments, folder, environment);
        await command.process.WaitForExitAsync(cancel);
        Assert.True(command.process.ExitCode == 0, $"{program} ended with {command.process.ExitCode}:\n{command.Said}");
        return command.Said;
    }

    /// <summary>Waits until it has said this.</summary>
    public async Task Until(string text, CancellationToken cancel)
    {
        while (!Said.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(process.HasExited, Said);
            await more.WaitAsync(TimeSpan.FromSeconds(1), cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
        more.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (said) said.AppendLine(line);
        more.Release();
    }
}
