using System.Globalization;
using Npgsql;

namespace UnionLoad;

/// <summary>Processor time of this process and of the database server beside it.</summary>
internal readonly record struct Used(TimeSpan Own, TimeSpan Database)
{
    public static Used operator -(Used later, Used earlier) => new(later.Own - earlier.Own, later.Database - earlier.Database);
}

/// <summary>Reads processor times. The server's is that of its main process, of all its children, and of those that have ended.</summary>
/// <param name="server">Number of the server's main process; 0 when there is none on this machine.</param>
internal sealed class ProcessorTime(int server)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux.

    /// <summary>Finds the server behind a connection; it must run on this machine to be measured.</summary>
    public static async Task<ProcessorTime> Of(string connectionString, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancel);
        return new(Stat(connection.ProcessID) is { Name: "postgres" } backend ? backend.Parent : 0);
    }

    public Used Read() => new(Environment.CpuUsage.TotalTime, server == 0 ? TimeSpan.Zero : Server());

    private TimeSpan Server()
    {
        var ticks = 0L;
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var process) || Stat(process) is not { } stat) continue;
            if (process == server) ticks += stat.Own + stat.Ended;
            else if (stat.Parent == server) ticks += stat.Own;
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static (string Name, int Parent, long Own, long Ended)? Stat(int process)
    {
        try
        {
            var line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var (open, close) = (line.IndexOf('('), line.LastIndexOf(')'));
            var fields = line[(close + 2)..].Split(' ');
            return (line[(open + 1)..close], (int)Number(1), Number(11) + Number(12), Number(13) + Number(14));

            long Number(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // It ended meanwhile, or this is no Linux.
        }
    }
}
