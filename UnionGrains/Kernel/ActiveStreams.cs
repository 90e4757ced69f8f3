using System.Collections.Concurrent;

namespace UnionGrains.Kernel;

/// <summary>
/// The streams with an activation on this silo. An activation registers before it reads; whoever commits to a stream by another way raises
/// the version that its activation must at least have seen.
/// </summary>
public sealed class ActiveStreams
{
    private readonly ConcurrentDictionary<string, ActiveStream> streams = new(StringComparer.Ordinal);

    /// <summary>How many streams are active.</summary>
    public int Count => streams.Count;

    /// <summary>Whether the stream has an activation.</summary>
    public bool Holds(string stream) => streams.ContainsKey(stream);

    /// <summary>Registers an activation; the newest one of a stream is the one that is told.</summary>
    public ActiveStream Register(string stream) => streams.AddOrUpdate(stream, _ => new(), (_, former) => new() { AtLeast = former.AtLeast });

    /// <summary>Forgets an activation.</summary>
    public void Unregister(string stream, ActiveStream registration) => streams.TryRemove(KeyValuePair.Create(stream, registration));

    /// <summary>The committed view of a stream that is active here; null when it is not, or when only its grain can tell.</summary>
    public object? Look(string stream) => streams.TryGetValue(stream, out var active) ? active.Look?.Invoke() : null;

    /// <summary>Says that the stream holds at least this version; an activation that has seen less answers nothing more.</summary>
    public void Raise(string stream, long version)
    {
        if (streams.TryGetValue(stream, out var active)) active.Raise(version);
    }
}

/// <summary>One registered activation.</summary>
public sealed class ActiveStream
{
    private long atLeast;

    /// <summary>The version the activation must at least have seen; 0 unless raised.</summary>
    public long AtLeast
    {
        get => Volatile.Read(ref atLeast);
        init => atLeast = value;
    }

    /// <summary>Looks at the committed view; null until the activation has read its stream.</summary>
    internal Func<object?>? Look { get; set; }

    internal void Raise(long version)
    {
        for (var seen = AtLeast; seen < version; seen = AtLeast)
            if (Interlocked.CompareExchange(ref atLeast, version, seen) == seen) return;
    }
}
