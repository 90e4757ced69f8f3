using System.Security.Cryptography;
using System.Text;

namespace UnionSilo.Hosting;

/// <summary>The master key of one installation: 32 secret bytes from which every other key is derived. Kept apart from the database.</summary>
public sealed class UnionKey
{
    private const int Bytes = 32;

    private readonly byte[] master;

    private UnionKey(byte[] master) => this.master = master;

    /// <summary>Reads the key from a file, or creates file and key, readable by the owner only. For an installation on one machine.</summary>
    /// <exception cref="InvalidDataException">The file does not hold a key.</exception>
    public static UnionKey OfFile(string path)
    {
        if (!File.Exists(path))
        {
            using var file = OwnFile.Create(path);
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes))));
            file.Flush(flushToDisk: true);
        }

        return OfText(File.ReadAllText(path), path);
    }

    /// <summary>Reads the key from Base64 text.</summary>
    /// <param name="base64">Base64 of exactly 32 bytes.</param>
    /// <param name="from">Where it was found, for the message; never the key itself.</param>
    /// <exception cref="InvalidDataException">It is not a key.</exception>
    public static UnionKey OfText(string base64, string from)
    {
        var key = new byte[Bytes + 1];
        return Convert.TryFromBase64String(base64.Trim(), key, out var written) && written == Bytes
            ? new(key[..Bytes])
            : throw new InvalidDataException($"The master key in {from} is not Base64 of {Bytes} bytes.");
    }

    /// <summary>What seals personal fields under this key.</summary>
    public UnionGrains.Kernel.Vault Vault() => new([new("1", master)], new("1", Derive("search-hash")));

    /// <summary>A key for one purpose; knowing it tells nothing of the master key or of other purposes.</summary>
    public byte[] Derive(string purpose) => HKDF.Expand(HashAlgorithmName.SHA256, master, Bytes, Encoding.ASCII.GetBytes(purpose));
}
