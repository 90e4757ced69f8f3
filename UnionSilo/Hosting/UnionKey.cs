using System.Collections.Immutable;
using System.Text;
using UnionGrains.Kernel;

namespace UnionSilo.Hosting;

/// <summary>
/// Where the master keys of an installation come from: text of one or several keys, each Base64 of 32 bytes, between commas or line breaks.
/// The first wraps from now on, the others only unwrap. They are kept apart from the database.
/// </summary>
public static class UnionKey
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads keys from text.</summary>
    /// <param name="text">The keys, the newest first.</param>
    /// <param name="from">Where it was found, for the message; never a key itself.</param>
    /// <exception cref="InvalidDataException">It holds no key, something else than keys, or one key twice.</exception>
    public static MasterKeys OfText(string text, string from)
    {
        var keys = ImmutableArray.CreateBuilder<MasterKey>();
        var secret = new byte[MasterKey.Bytes + 1];
        foreach (var base64 in text.Split([',', '\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Convert.TryFromBase64String(base64, secret, out var written) || written != MasterKey.Bytes)
                throw new InvalidDataException(FormattableString.Invariant($"Master key {keys.Count + 1} in {from} is not Base64 of {MasterKey.Bytes} bytes."));
            var key = new MasterKey(secret[..MasterKey.Bytes]);
            if (keys.Any(other => other.Id == key.Id)) throw new InvalidDataException($"The master key '{key.Id}' stands twice in {from}.");
            keys.Add(key);
        }

        return keys.Count > 0 ? new(keys.DrainToImmutable()) : throw new InvalidDataException($"There is no master key in {from}.");
    }

    /// <summary>Reads keys from the file beside an embedded union's database.</summary>
    /// <exception cref="InvalidDataException">It does not hold keys, or others than its owner may use it (a Unix mode wider than 0600).</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static MasterKeys OfFile(string path) => Read(path, Owner, "0600");

    /// <summary>The keys of a silo of a cluster: the text, or the content of the file; one of them is given.</summary>
    /// <param name="text">The keys, or empty.</param>
    /// <param name="file">
    /// A file with the keys, or empty. Its group may read it, because systemd and Kubernetes hand secrets over in this way; everyone may not.
    /// </param>
    /// <exception cref="InvalidDataException">Neither or both are given, or what is given does not hold keys, or everyone may read the file.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static MasterKeys Of(string text, string file) => (text.Length > 0, file.Length > 0) switch
    {
        (true, false) => OfText(text, "Union:Silo:MasterKey or UNION_KEY"),
        (false, true) => Read(file, Owner | UnixFileMode.GroupRead, "0440"),
        (true, true) => throw new InvalidDataException("The master key is given twice: give either Union:Silo:MasterKey (UNION_KEY) or Union:Silo:MasterKeyFile."),
        _ => throw new InvalidDataException(
            "The master key is missing: Union:Silo:MasterKey or UNION_KEY, Base64 of 32 bytes, or Union:Silo:MasterKeyFile with the same, on every silo. A new one: openssl rand -base64 32"),
    };

    /// <summary>The file of the keys beside an embedded union's database.</summary>
    internal static string FileOf(string database) => database + ".key";

    /// <summary>Puts a file with these keys in the place of the former one: whoever reads it finds the old keys or the new, even after a power cut.</summary>
    internal static void Write(string path, MasterKeys keys)
    {
        var next = path + ".new";
        File.Delete(next); // Left behind by a process that ended before it could move it.
        using (var file = OwnFile.Create(next))
        {
            foreach (var key in keys.Keys) file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key.Secret.Span) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(next, path, overwrite: true);
        // Its new name must be on the disk too before anything is wrapped with the key.
        using var moved = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(moved.SafeFileHandle);
    }

    private static MasterKeys Read(string path, UnixFileMode allowed, string mode)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        // Asked of the open file: what is read is what was checked, also behind a symbolic link.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & ~allowed) != UnixFileMode.None)
            throw new InvalidDataException($"The key file '{path}' is open to others: its mode may not be wider than {mode} (chmod {mode} '{path}').");
        using var reader = new StreamReader(file, Encoding.ASCII);
        return OfText(reader.ReadToEnd(), $"'{path}'");
    }
}
