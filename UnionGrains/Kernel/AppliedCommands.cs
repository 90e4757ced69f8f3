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

    private (Guid Id, AppliedCommand Applied)? only; // most streams are given one command for a long time: what more of them need is made for the second
    private Dictionary<Guid, AppliedCommand>? known;
    private Queue<Guid>? order;
    private long forgottenUntil = -1; // the youngest UUIDv7 time (milliseconds) that was forgotten; -1: nothing was

    /// <summary>Nothing was forgotten: an id that is not here was never applied.</summary>
    public bool Complete => forgottenUntil < 0;

    /// <summary>The youngest time that was forgotten, in milliseconds since 1970; -1 when nothing was.</summary>
    public long ForgottenUntil => forgottenUntil;

    /// <summary>What is remembered of a command.</summary>
    public AppliedCommand? Find(Guid id) => known is null ? only is { } one && one.Id == id ? one.Applied : null : known.TryGetValue(id, out var applied) ? applied : null;

    /// <summary>Whether the command may have been applied and forgotten, so that only the journal knows.</summary>
    public bool MayBeForgotten(Guid id) => !Complete && (Time(id) is not { } time || time <= forgottenUntil);

    /// <summary>Remembers a command; several events of one command count once.</summary>
    public void Add(Guid id, AppliedCommand applied)
    {
        if (known is null && (only is not { } one || one.Id == id))
        {
            only = (id, applied);
            return;
        }

        if (known is null || order is null)
        {
            (known, order) = ([], new());
            Add(only!.Value.Id, only.Value.Applied);
            only = null;
        }

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
        List<KeyValuePair<Guid, AppliedCommand>> all = order is null ? only is { } one ? [new(one.Id, one.Applied)] : [] : [.. order.Select(id => KeyValuePair.Create(id, known![id]))];
        var dropped = all.Take(Math.Max(0, all.Count - most)).Select(command => Time(command.Key) ?? 0).DefaultIfEmpty(-1).Max();
        all.RemoveRange(0, Math.Max(0, all.Count - most));
        return (all, Math.Max(forgottenUntil, dropped));
    }

    /// <summary>The time inside a UUIDv7, or null for another kind of id.</summary>
    private static long? Time(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[6] >> 4 == 7 ? BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16 : null;
    }
}
