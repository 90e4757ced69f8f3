using System.Diagnostics.CodeAnalysis;

namespace UnionGrains.Kernel;

/// <summary>
/// Streams that were read for a first look, kept for the command that usually follows. Each is a guess, good for one use, which only a committed append proves.
/// A few thousand of them, for a minute or two.
/// </summary>
internal sealed class ShownStreams(TimeProvider clock)
{
    private const int Most = 4_096;

    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);

    private readonly Lock guard = new();
    private Dictionary<string, object> now = new(StringComparer.Ordinal);
    private Dictionary<string, object> former = new(StringComparer.Ordinal);
    private long since = clock.GetTimestamp();

    /// <summary>Keeps a stream that nobody else uses.</summary>
    public void Keep(string name, object stream)
    {
        lock (guard)
        {
            Forget();
            now[name] = stream;
        }
    }

    /// <summary>Gives a stream away; it is forgotten here.</summary>
    public bool TryTake<TStream>(string name, [NotNullWhen(true)] out TStream? stream)
        where TStream : class
    {
        lock (guard)
        {
            Forget();
            stream = now.Remove(name, out var kept) || former.Remove(name, out kept) ? (TStream)kept : null;
            return stream is not null;
        }
    }

    private void Forget()
    {
        var age = clock.GetElapsedTime(since);
        if (now.Count < Most && age < Age) return;
        (now, former) = (new(StringComparer.Ordinal), age < 2 * Age ? now : new(StringComparer.Ordinal));
        since = clock.GetTimestamp();
    }
}
