using System.Diagnostics;
using System.Globalization;
using UnionSilo.Hosting;

namespace UnionTesting;

/// <summary>A silo on a SQLite file in a process of its own, as an operator runs it; killed when disposed.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process process;

    private SiloProcess(Process process) => this.process = process;

    /// <summary>Returns when the silo is ready.</summary>
    /// <param name="file">The file of the journal.</param>
    /// <param name="gateway">The port for clients.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<SiloProcess> Start(string file, int gateway, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var argument in (string[])[typeof(UnionHosting).Assembly.Location, "run", "--file", file, "--silo-port", "0", "--gateway-port", gateway.ToString(CultureInfo.InvariantCulture), "--health-port", "0"])
            start.ArgumentList.Add(argument);
        var silo = new SiloProcess(Process.Start(start)!);
        try
        {
            string? line;
            do line = await silo.process.StandardOutput.ReadLineAsync(cancel) ?? throw new InvalidOperationException("The silo ended before it was ready.");
            while (!line.StartsWith("union-silo is ready: ", StringComparison.Ordinal));
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it without a word.</summary>
    public async Task Kill(CancellationToken cancel)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await Kill(CancellationToken.None);
        process.Dispose();
    }
}
