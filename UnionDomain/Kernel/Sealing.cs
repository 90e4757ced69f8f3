using System.Security.Cryptography;
using System.Text;

namespace UnionDomain.Kernel;

/// <summary>
/// What seals the personal fields of one stream before anything is decided on them: values under the key of that stream, which erasure destroys,
/// and keyed hashes by which equal values are found without being read.
/// </summary>
public interface ISeal
{
    /// <summary>Encrypts a value (AES-256-GCM, the stream as associated data); as Base64. Equal values give different texts.</summary>
    string Close(ReadOnlySpan<byte> plain);

    /// <summary>Decrypts a value that <see cref="Close"/> gave for the same stream.</summary>
    /// <exception cref="CryptographicException">It was changed, or belongs to another stream or key.</exception>
    byte[] Open(string closed);

    /// <summary>The keyed hash of a value in its canonical form, equal for equal values in the whole federation.</summary>
    /// <param name="kind">What the value is; the same text of another kind has another hash.</param>
    /// <param name="canonical">The canonical form.</param>
    string Hash(string kind, string canonical);

    /// <summary>The keyed hash of a value in its canonical form, given as UTF-8.</summary>
    /// <param name="kind">What the value is; the same text of another kind has another hash.</param>
    /// <param name="canonical">The canonical form.</param>
    string Hash(string kind, ReadOnlySpan<byte> canonical);
}

/// <summary>The secret under which personal values are hashed (HMAC-SHA256), with the number by which every hash names it.</summary>
/// <param name="id">Number of the secret.</param>
/// <param name="secret">32 secret bytes.</param>
public sealed class SearchKey(string id, ReadOnlyMemory<byte> secret)
{
    private const int Usual = 1024;
    private const int KeptBytes = 16;

    // To set up a keyed hash costs as much as to compute a short one: each thread keeps its own.
    private readonly ThreadLocal<IncrementalHash> hashes = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Span));

    /// <summary>Number of the secret.</summary>
    public string Id { get; } = id;

    /// <summary>The hash, <c>id.base64url</c>; 128 bits of it, which is beyond any collision among the people of a country.</summary>
    public string Hash(string kind, string canonical)
    {
        var most = Encoding.UTF8.GetMaxByteCount(canonical.Length);
        Span<byte> content = most <= Usual ? stackalloc byte[Usual] : new byte[most];
        var length = Encoding.UTF8.GetBytes(canonical, content);
        var hash = Hash(kind, content[..length]);
        CryptographicOperations.ZeroMemory(content[..length]);
        return hash;
    }

    /// <inheritdoc cref="Hash(string, string)"/>
    public string Hash(string kind, ReadOnlySpan<byte> canonical)
    {
        var most = Encoding.UTF8.GetMaxByteCount(kind.Length) + 1 + canonical.Length;
        Span<byte> content = most <= Usual ? stackalloc byte[Usual] : new byte[most];
        var length = Encoding.UTF8.GetBytes(kind, content);
        content[length++] = 0; // no kind holds it
        canonical.CopyTo(content[length..]);
        length += canonical.Length;
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var keyed = hashes.Value!;
        keyed.AppendData(content[..length]); // in one piece: every call costs
        keyed.GetHashAndReset(hash);
        CryptographicOperations.ZeroMemory(content[..length]);
        Span<char> text = stackalloc char[System.Buffers.Text.Base64Url.GetEncodedLength(KeptBytes)];
        System.Buffers.Text.Base64Url.EncodeToChars(hash[..KeptBytes], text);
        return string.Concat(Id, ".", text);
    }
}

/// <summary>Seals for one stream with its own key.</summary>
/// <param name="stream">The stream.</param>
/// <param name="key">The stream's key, 32 bytes.</param>
/// <param name="search">Hashes.</param>
public sealed class StreamSeal(StreamId stream, ReadOnlyMemory<byte> key, SearchKey search) : ISeal
{
    /// <summary>Bytes of a stream's key.</summary>
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int MostOfName = 3 * (StreamId.LongestKey + 64);

    /// <inheritdoc/>
    public string Close(ReadOnlySpan<byte> plain)
    {
        var size = NonceBytes + plain.Length + TagBytes;
        Span<byte> closed = size <= 1024 ? stackalloc byte[1024] : new byte[size];
        closed = closed[..size];
        RandomBytes.Fill(closed[..NonceBytes]);
        using var aes = new AesGcm(key.Span, TagBytes);
        Span<byte> name = stackalloc byte[MostOfName];
        aes.Encrypt(closed[..NonceBytes], plain, closed[NonceBytes..^TagBytes], closed[^TagBytes..], Name(name));
        return Convert.ToBase64String(closed);
    }

    /// <inheritdoc/>
    public byte[] Open(string closed)
    {
        var bytes = Convert.FromBase64String(closed);
        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key.Span, TagBytes);
        Span<byte> name = stackalloc byte[MostOfName];
        aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, plain.Length), bytes.AsSpan(NonceBytes + plain.Length), plain, Name(name));
        return plain;
    }

    /// <inheritdoc/>
    public string Hash(string kind, string canonical) => search.Hash(kind, canonical);

    /// <inheritdoc/>
    public string Hash(string kind, ReadOnlySpan<byte> canonical) => search.Hash(kind, canonical);

    // The stream as it is stored; no key is sealed under that is longer than a key may be.
    private ReadOnlySpan<byte> Name(Span<byte> name)
    {
        var length = Encoding.UTF8.GetBytes(stream.Kind, name);
        name[length++] = (byte)'/';
        return name[..(length + Encoding.UTF8.GetBytes(stream.Key, name[length..]))];
    }
}

/// <summary>
/// Secret random bytes from the system's generator, which is asked for a block at a time: a call costs as much as a keyed hash, however few bytes it gives.
/// What was handed out stands nowhere else any more.
/// </summary>
public static class RandomBytes
{
    private const int Block = 1024;

    [ThreadStatic]
    private static byte[]? block;

    [ThreadStatic]
    private static int left;

    /// <summary>Fills with random bytes.</summary>
    public static void Fill(Span<byte> bytes)
    {
        if (bytes.Length > Block)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }

        block ??= new byte[Block];
        if (left < bytes.Length)
        {
            RandomNumberGenerator.Fill(block);
            left = Block;
        }

        var drawn = block.AsSpan(left -= bytes.Length, bytes.Length);
        drawn.CopyTo(bytes);
        drawn.Clear();
    }
}
