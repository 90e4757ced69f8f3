using System.Buffers.Binary;
using System.Security.Cryptography;
using UnionClient.Imports;
using UnionGrains.Kernel;

namespace UnionGrains.Imports;

/// <summary>
/// The id of a row's command, and of the person or unit it is the first to speak of: a UUIDv7 of the import's time, then the row's number, so that the rows of an import stand
/// beside each other in every index, then a keyed hash of what the row says.
/// </summary>
internal static class RowId
{
    public static Guid Of(Guid import, ImportRow row, CommandHash hash)
    {
        var said = hash.Of("import-row", string.Join('\u001f', row.Cells));
        Span<byte> bytes = stackalloc byte[sizeof(long) + 16];
        import.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], said);
        Span<byte> mixed = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, mixed);

        // 48 bits of time, version 7, 12 bits and, behind the variant, 20 bits of the number, 42 bits of the hash.
        var id = bytes[..16];
        BinaryPrimitives.WriteUInt16BigEndian(id[6..], (ushort)(0x7000 | ((uint)row.Number >> 20)));
        var low = BinaryPrimitives.ReadUInt64BigEndian(mixed) >> 22;
        BinaryPrimitives.WriteUInt64BigEndian(id[8..], 0x8000_0000_0000_0000 | ((ulong)((uint)row.Number & 0xF_FFFF) << 42) | low);
        return new(id, bigEndian: true);
    }
}
