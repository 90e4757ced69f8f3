namespace UnionClient;

/// <summary>
/// Counts the calls to each key, roughly and in little memory: a key is forgotten when it rests for some minutes, or while ten thousands of others are called.
/// Two keys may share one count, which then is too high. A lost count does no harm, so nobody waits for another.
/// </summary>
internal sealed class RecentKeys(TimeProvider clock)
{
    private const int Cells = 1 << 20;
    private const int Most = 1 << 16;
    private const byte Known = 2;

    private static readonly TimeSpan Age = TimeSpan.FromMinutes(5);

    private Generation now = new(clock.GetTimestamp());
    private Generation? former;

    /// <summary>Whether the key was called at most once of late; this call is counted.</summary>
    public bool IsNew(string key)
    {
        var cell = Cell(key);
        var generation = Current();
        var calls = Math.Max(generation.Calls[cell], Volatile.Read(ref former)?.Calls[cell] ?? 0);
        if (generation.Calls[cell] < Known) Mark(generation, cell, (byte)Math.Min(calls + 1, Known));
        return calls < Known;
    }

    /// <summary>Says that the key is called often.</summary>
    public void Keep(string key)
    {
        var generation = Current();
        if (Cell(key) is var cell && generation.Calls[cell] < Known) Mark(generation, cell, Known);
    }

    private static int Cell(string key) => key.GetHashCode(StringComparison.Ordinal) & (Cells - 1);

    private static void Mark(Generation generation, int cell, byte calls)
    {
        generation.Calls[cell] = calls;
        Interlocked.Increment(ref generation.Marks);
    }

    private Generation Current()
    {
        var generation = Volatile.Read(ref now);
        if (Volatile.Read(ref generation.Marks) < Most && clock.GetElapsedTime(generation.Since) < Age) return generation;
        var next = new Generation(clock.GetTimestamp());
        if (Interlocked.CompareExchange(ref now, next, generation) != generation) return Volatile.Read(ref now);
        Volatile.Write(ref former, clock.GetElapsedTime(generation.Since) < 2 * Age ? generation : null);
        return next;
    }

    private sealed class Generation(long since)
    {
        public int Marks;

        public long Since => since;

        public byte[] Calls { get; } = new byte[Cells];
    }
}
