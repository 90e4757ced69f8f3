using System.Buffers;
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
    /// <param name="name">The pinned name.</param>
    /// <param name="command">The command; it is written only for the hash.</param>
    public long Of(string name, object command)
    {
        using var content = PassingBytes.Rent();
        Begin(content, name);
        content.Json(command);
        return Of(content.Written);
    }

    /// <summary>The first 64 bits of HMAC-SHA256 over a name and a text.</summary>
    public long Of(string name, string text)
    {
        using var content = PassingBytes.Rent();
        Begin(content, name);
        Encoding.UTF8.GetBytes(text, content);
        return Of(content.Written);
    }

    private static void Begin(PassingBytes content, string name)
    {
        Encoding.UTF8.GetBytes(name, content);
        content.Write("\n"u8);
    }

    private long Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var keyed = hashes.Value!;
        keyed.AppendData(content);
        keyed.GetHashAndReset(hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
