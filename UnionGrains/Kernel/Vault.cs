using System.Collections.Immutable;
using System.Security.Cryptography;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>One master key. It wraps the keys of people, and nothing else is encrypted with it.</summary>
/// <param name="Id">Its number, stored beside what it wraps.</param>
/// <param name="Secret">32 secret bytes.</param>
public sealed record MasterKey(string Id, ReadOnlyMemory<byte> Secret)
{
    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>The secrets of an installation that personal data rests on: master keys, and the key of keyed hashes.</summary>
/// <param name="masters">The keys that may have wrapped something, at least one; the first wraps from now on.</param>
/// <param name="search">The key of keyed hashes.</param>
public sealed class Vault(ImmutableArray<MasterKey> masters, SearchKey search)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Makes keyed hashes.</summary>
    public SearchKey Search { get; } = search;

    /// <summary>The key that wraps from now on.</summary>
    public MasterKey Master => masters[0];

    /// <summary>A new key for one stream, wrapped and plain.</summary>
    public (WrappedKey Wrapped, byte[] Key) NewKey()
    {
        var key = RandomNumberGenerator.GetBytes(StreamSeal.KeyBytes);
        return (Wrap(key), key);
    }

    /// <summary>Wraps a key with the newest master key.</summary>
    public WrappedKey Wrap(ReadOnlySpan<byte> key)
    {
        var wrapped = new byte[NonceBytes + key.Length + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(Master.Secret.Span, TagBytes);
        aes.Encrypt(wrapped.AsSpan(0, NonceBytes), key, wrapped.AsSpan(NonceBytes, key.Length), wrapped.AsSpan(NonceBytes + key.Length));
        return new(Master.Id, wrapped);
    }

    /// <summary>Unwraps a key.</summary>
    /// <exception cref="MasterKeyMissingException">The master key that wrapped it was not given to this silo.</exception>
    public byte[] Unwrap(WrappedKey wrapped)
    {
        var master = masters.FirstOrDefault(master => master.Id == wrapped.Master) ?? throw new MasterKeyMissingException(wrapped.Master);
        var bytes = wrapped.Wrapped.Span;
        var key = new byte[bytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(master.Secret.Span, TagBytes);
        aes.Decrypt(bytes[..NonceBytes], bytes[NonceBytes..^TagBytes], bytes[^TagBytes..], key);
        return key;
    }

    /// <summary>The same key, wrapped with the newest master key.</summary>
    /// <exception cref="MasterKeyMissingException">The master key that wrapped it was not given.</exception>
    public WrappedKey Rewrap(WrappedKey wrapped) => wrapped.Master == Master.Id ? wrapped : Wrap(Unwrap(wrapped));
}

/// <summary>A key was wrapped with a master key that this silo was not given.</summary>
public sealed class MasterKeyMissingException(string id) : Exception($"The master key '{id}' wraps keys of this database and was not given to this program.")
{
    /// <summary>Number of the missing key.</summary>
    public string Id { get; } = id;
}
