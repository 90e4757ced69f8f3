using System.Buffers.Binary;

namespace UnionGrains.Kernel;

/// <summary>What a stream remembers of one command: the version after it, the keyed hash of its content, and how many events it left (0: not remembered).</summary>
public readonly record struct AppliedCommand(long Version, long Hash, int Events = 0);

/// <summary>
/// The newest command ids of one stream. Older ones are only in the journal; UUIDv7 tells which those can be, so that a fresh command costs no look-up.
/// </summary>
public sealed class AppliedCommands(int capacity = AppliedCommands.DefaultCapacity)
{
    /// <summary>How many ids an activation remembers; default 131,072 (reached only by very hot streams).</summary>
    public const int DefaultCapacity = 131_072;

    private readonly Dictionary<Guid, AppliedCommand> known = [];
    private readonly Queue<Guid> order = new();
    private long forgottenUntil = -1; // the youngest UUIDv7 time (milliseconds) that was forgotten; -1: nothing was

    /// <summary>Nothing was forgotten: an id that is not here was never applied.</summary>
    public bool Complete => forgottenUntil < 0;

    /// <summary>The youngest time that was forgotten, in milliseconds since 1970; -1 when nothing was.</summary>
    public long ForgottenUntil => forgottenUntil;

    /// <summary>What is remembered of a command.</summary>
    public AppliedCommand? Find(Guid id) => known.TryGetValue(id, out var applied) ? applied : null;

    /// <summary>Whether the command may have been applied and forgotten, so that only the journal knows.</summary>
    public bool MayBeForgotten(Guid id) => !Complete && (Time(id) is not { } time || time <= forgottenUntil);

    /// <summary>Remembers a command; several events of one command count once.</summary>
    public void Add(Guid id, AppliedCommand applied)
    {
        if (!known.ContainsKey(id)) order.Enqueue(id);
        known[id] = applied;
        while (order.Count > capacity)
        {
            var oldest = order.Dequeue();
            known.Remove(oldest);
            Forget(Time(oldest) ?? 0);
        }
    }

    /// <summary>Says that ids up to this time were forgotten before.</summary>
    public void Forget(long until) => forgottenUntil = Math.Max(forgottenUntil, until);

    /// <summary>The newest ids, oldest first, at most so many; the rest counts as forgotten from then on, for whoever takes them over.</summary>
    public (List<KeyValuePair<Guid, AppliedCommand>> Newest, long ForgottenUntil) Newest(int most)
    {
        var dropped = order.Take(Math.Max(0, order.Count - most)).Select(id => Time(id) ?? 0).DefaultIfEmpty(-1).Max();
        return ([.. order.Skip(Math.Max(0, order.Count - most)).Select(id => KeyValuePair.Create(id, known[id]))], Math.Max(forgottenUntil, dropped));
    }

    /// <summary>The time inside a UUIDv7, or null for another kind of id.</summary>
    private static long? Time(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[6] >> 4 == 7 ? BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16 : null;
    }
}
