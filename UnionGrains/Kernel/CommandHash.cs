using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>Keyed hash of a command's content: tells whether a repeat under the same id asks the same, and gives nothing away.</summary>
/// <param name="key">A secret of the installation, 32 bytes; another key makes repeats of former commands look different.</param>
public sealed class CommandHash(ReadOnlyMemory<byte> key)
{
    // To set up a keyed hash costs as much as to compute a short one: each thread keeps its own.
    private readonly ThreadLocal<IncrementalHash> hashes = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Span));

    /// <summary>The first 64 bits of HMAC-SHA256 over the pinned name and the JSON.</summary>
    public long Of(StoredEvent command)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> content = command.Json.Length <= 900 ? stackalloc byte[1024] : new byte[command.Json.Length + Encoding.UTF8.GetMaxByteCount(command.Type.Length) + 1];
        var name = Encoding.UTF8.GetBytes(command.Type, content);
        content[name++] = (byte)'\n';
        command.Json.Span.CopyTo(content[name..]);
        var keyed = hashes.Value!;
        keyed.AppendData(content[..(name + command.Json.Length)]);
        keyed.GetHashAndReset(hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
