using System.Collections.Immutable;
using System.Security.Cryptography;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>One master key. It wraps the keys of people and the secrets of the installation, and nothing else is encrypted with it.</summary>
public sealed class MasterKey
{
    /// <summary>Bytes of a master key.</summary>
    public const int Bytes = 32;

    internal const int TagBytes = 16;

    private const int IdBytes = 4;

    // A cipher serves one thread at a time, and setting it up costs more than wrapping a key with it: each thread keeps its own.
    private readonly ThreadLocal<AesGcm> cipher;

    /// <summary>The key of these bytes.</summary>
    /// <param name="secret">32 secret bytes.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public MasterKey(ReadOnlyMemory<byte> secret)
    {
        if (secret.Length != Bytes) throw new ArgumentException("A master key has 32 bytes.", nameof(secret));
        Secret = secret;
        cipher = new(() => new(Secret.Span, TagBytes));
        Span<byte> id = stackalloc byte[IdBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, secret.Span, id, "union master key id"u8);
        Id = Convert.ToHexStringLower(id);
    }

    /// <summary>Its number, stored beside what it wraps: 8 hexadecimal digits that follow from the secret and tell nothing of it.</summary>
    public string Id { get; }

    /// <summary>The secret bytes.</summary>
    public ReadOnlyMemory<byte> Secret { get; }

    /// <summary>The calling thread's cipher under this key.</summary>
    internal AesGcm Cipher => cipher.Value!;

    /// <summary>A new key.</summary>
    public static MasterKey New() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>The master keys that a program was given: the first wraps from now on, the others only unwrap what they wrapped before.</summary>
public sealed class MasterKeys
{
    private const int NonceBytes = 12;
    private const int TagBytes = MasterKey.TagBytes;

    /// <summary>A ring of keys.</summary>
    /// <param name="keys">The newest first; at least one, none twice.</param>
    /// <exception cref="ArgumentException">There is none, or one is there twice.</exception>
    public MasterKeys(ImmutableArray<MasterKey> keys)
    {
        if (keys.DistinctBy(key => key.Id).Count() != keys.Length || keys.IsEmpty) throw new ArgumentException("A ring has at least one master key, and none twice.", nameof(keys));
        Keys = keys;
    }

    /// <summary>All keys, the newest first.</summary>
    public ImmutableArray<MasterKey> Keys { get; }

    /// <summary>The key that wraps from now on.</summary>
    public MasterKey Newest => Keys[0];

    /// <summary>Whether a key of that number is among them.</summary>
    public bool Holds(string id) => Keys.Any(key => key.Id == id);

    /// <summary>Wraps a key with the newest master key.</summary>
    public WrappedKey Wrap(ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[NonceBytes + key.Length + TagBytes];
        RandomBytes.Fill(wrapped.AsSpan(0, NonceBytes));
        Newest.Cipher.Encrypt(wrapped.AsSpan(0, NonceBytes), key, wrapped.AsSpan(NonceBytes, key.Length), wrapped.AsSpan(NonceBytes + key.Length));
        return new(Newest.Id, wrapped);
    }

    /// <summary>Unwraps a key.</summary>
    /// <exception cref="MasterKeyMissingException">The master key that wrapped it is not among them.</exception>
    /// <exception cref="CryptographicException">It was changed.</exception>
    public byte[] Unwrap(WrappedKey wrapped)
    {
        var master = Keys.FirstOrDefault(key => key.Id == wrapped.Master) ?? throw new MasterKeyMissingException(wrapped.Master);
        var bytes = wrapped.Wrapped.Span;
        if (bytes.Length < NonceBytes + TagBytes) throw new CryptographicException("A wrapped key is too short.");
        var key = new byte[bytes.Length - NonceBytes - TagBytes];
        master.Cipher.Decrypt(bytes[..NonceBytes], bytes[NonceBytes..^TagBytes], bytes[^TagBytes..], key);
        return key;
    }

    /// <summary>The same key, wrapped with the newest master key.</summary>
    /// <exception cref="MasterKeyMissingException">The master key that wrapped it is not among them.</exception>
    /// <exception cref="CryptographicException">It was changed.</exception>
    public WrappedKey Rewrap(WrappedKey wrapped) => wrapped.Master == Newest.Id ? wrapped : Wrap(Unwrap(wrapped));
}

/// <summary>The secrets of an installation that personal data rests on: master keys, and the key of keyed hashes.</summary>
/// <param name="masters">The keys that may have wrapped something; the first wraps from now on.</param>
/// <param name="search">The key of keyed hashes.</param>
public sealed class Vault(MasterKeys masters, SearchKey search)
{
    /// <summary>Makes keyed hashes.</summary>
    public SearchKey Search { get; } = search;

    /// <summary>A new key for one stream, wrapped and plain.</summary>
    public (WrappedKey Wrapped, byte[] Key) NewKey()
    {
        var key = new byte[StreamSeal.KeyBytes];
        RandomBytes.Fill(key);
        return (masters.Wrap(key), key);
    }

    /// <summary>Unwraps a key.</summary>
    /// <exception cref="MasterKeyMissingException">The master key that wrapped it was not given to this silo.</exception>
    public byte[] Unwrap(WrappedKey wrapped) => masters.Unwrap(wrapped);
}

/// <summary>A key was wrapped with a master key that this program was not given.</summary>
public sealed class MasterKeyMissingException(string id) : Exception($"The master key '{id}' wraps keys of this database and was not given to this program.")
{
    /// <summary>Number of the missing key.</summary>
    public string Id { get; } = id;
}
