namespace ConsoleHost.Roll;

/// <summary>SplitMix64: the same throws for the same seed on every run, platform and version of .NET, which System.Random does not promise.</summary>
internal struct Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>A whole number from 0 to one below the bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>A whole number between two bounds, both included.</summary>
    public int Between(int fewest, int most) => fewest + Below(most - fewest + 1);

    /// <summary>A date between two dates, both included.</summary>
    public DateOnly Between(DateOnly first, DateOnly last) => first.AddDays(Below(last.DayNumber - first.DayNumber + 1));

    /// <summary>One of the things given.</summary>
    public T Of<T>(ReadOnlySpan<T> things) => things[Below(things.Length)];

    private ulong Next()
    {
        unchecked
        {
            var mixed = state += 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
