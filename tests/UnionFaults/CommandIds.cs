namespace UnionFaults;

/// <summary>Command ids that a process knows again after it was killed.</summary>
public static class CommandIds
{
    /// <summary>The id of the n-th command of a writer.</summary>
    public static Guid Of(int writer, long n)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, writer);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes[8..], n);
        return new(bytes, bigEndian: true);
    }
}
