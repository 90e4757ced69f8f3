using System.Security.Cryptography;
using UnionGrains.Kernel;
using UnionSilo.Hosting;
using UnionTesting;

namespace UnionSilo.Tests.Rotations;

/// <summary>Master keys: how they are written, numbered and kept.</summary>
[Trait("F", "20")]
public sealed class KeySpecs
{
    private static readonly string One = Convert.ToBase64String(new byte[32]);
    private static readonly string Two = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]);

    [Fact]
    public void The_number_of_a_key_follows_from_it_for_ever()
    {
        // Stored beside everything that the key wraps.
        Assert.Equal("45d76d49", UnionKey.OfText(One, "the test").Newest.Id);
        Assert.Equal("e6ebbb83", UnionKey.OfText(Two, "the test").Newest.Id);
        Assert.Equal("45d76d49", new MasterKey(new byte[32]).ToString());
    }

    [Theory]
    [InlineData("{0},{1}")]
    [InlineData("{0}\n{1}\n")]
    [InlineData("\r\n{0}\r\n\r\n{1}\r\n")]
    [InlineData(" {0} ,\n {1} ,")]
    public void Several_keys_stand_between_commas_or_line_breaks_and_the_first_is_the_newest(string form)
    {
        var keys = UnionKey.OfText(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, One, Two), "the test");
        Assert.Equal([UnionKey.OfText(One, "").Newest.Id, UnionKey.OfText(Two, "").Newest.Id], keys.Keys.Select(key => key.Id));
    }

    [Theory]
    [InlineData("", "There is no master key in the test.")]
    [InlineData(" ,\n,", "There is no master key in the test.")]
    [InlineData("c2VjcmV0", "Master key 1 in the test is not Base64 of 32 bytes.")]
    [InlineData("not Base64 at all", "Master key 1 in the test is not Base64 of 32 bytes.")]
    [InlineData("{0},c2VjcmV0", "Master key 2 in the test is not Base64 of 32 bytes.")]
    [InlineData("{0};{1}", "Master key 1 in the test is not Base64 of 32 bytes.")]
    [InlineData("{0}AAAA", "Master key 1 in the test is not Base64 of 32 bytes.")]
    [InlineData("{0},{1},{0}", "The master key '45d76d49' stands twice in the test.")]
    public void Text_that_does_not_hold_keys_is_refused_and_not_repeated(string form, string message)
    {
        var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, One, Two);
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => UnionKey.OfText(text, "the test")).Message);
    }

    [Fact]
    public void A_key_is_given_once()
    {
        Assert.Contains("UNION_KEY", Assert.Throws<InvalidDataException>(() => UnionKey.Of("", "")).Message, StringComparison.Ordinal);
        Assert.Equal(
            "The master key is given twice: give either Union:Silo:MasterKey (UNION_KEY) or Union:Silo:MasterKeyFile.",
            Assert.Throws<InvalidDataException>(() => UnionKey.Of(One, "/run/credentials/union.key")).Message);
        using var folder = new TemporaryFolder();
        Assert.Throws<FileNotFoundException>(() => UnionKey.Of("", folder.File("absent")));
    }

    [Fact]
    public void A_key_file_that_others_may_use_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        var file = folder.File("union.db.key");
        File.WriteAllText(file, One);
        foreach (var (mode, own, silo) in ((int, bool, bool)[])[(600, true, true), (400, true, true), (440, false, true), (640, false, true), (604, false, false), (644, false, false), (660, false, false), (700, false, false)])
        {
            File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32(mode.ToString(System.Globalization.CultureInfo.InvariantCulture), 8));
            Read(own, () => UnionKey.OfFile(file), $"The key file '{file}' is open to others: its mode may not be wider than 0600 (chmod 0600 '{file}').");
            Read(silo, () => UnionKey.Of("", file), $"The key file '{file}' is open to others: its mode may not be wider than 0440 (chmod 0440 '{file}').");
        }

        var link = folder.File("link");
        File.CreateSymbolicLink(link, file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        Read(true, () => UnionKey.OfFile(link), "");

        static void Read(bool allowed, Func<MasterKeys> read, string message)
        {
            if (allowed) Assert.Equal("45d76d49", read().Newest.Id);
            else Assert.Equal(message, Assert.Throws<InvalidDataException>(read).Message);
        }
    }

    [Fact]
    public void Keys_are_written_for_their_owner_only_over_whatever_a_killed_process_left()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("union.db.key");
        File.WriteAllText(file + ".new", "half a k");
        var (former, next) = (new MasterKeys([MasterKey.New()]), MasterKey.New());
        UnionKey.Write(file, former);
        UnionKey.Write(file, new([next, .. former.Keys]));
        Assert.Equal([next.Id, former.Newest.Id], UnionKey.OfFile(file).Keys.Select(key => key.Id));
        Assert.Equal([file], Directory.GetFiles(folder.Path));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void What_one_key_wrapped_another_does_not_open_and_a_changed_byte_is_found()
    {
        var (old, other) = (new MasterKeys([MasterKey.New()]), new MasterKeys([MasterKey.New()]));
        var (secret, both) = (RandomNumberGenerator.GetBytes(32), new MasterKeys([.. other.Keys, .. old.Keys]));
        var wrapped = old.Wrap(secret);
        Assert.Equal(old.Newest.Id, Assert.Throws<MasterKeyMissingException>(() => other.Unwrap(wrapped)).Id);
        var renewed = both.Rewrap(wrapped);
        Assert.Equal(other.Newest.Id, renewed.Master);
        Assert.Equal(secret, other.Unwrap(renewed));
        Assert.Same(renewed, both.Rewrap(renewed));
        for (var i = 0; i < wrapped.Wrapped.Length; i++)
        {
            var changed = wrapped.Wrapped.ToArray();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => old.Unwrap(wrapped with { Wrapped = changed }));
        }

        Assert.Throws<CryptographicException>(() => old.Unwrap(wrapped with { Wrapped = new byte[27] }));
        Assert.Throws<ArgumentException>(() => new MasterKey(new byte[31]));
        Assert.Throws<ArgumentException>(() => new MasterKeys([]));
        Assert.Throws<ArgumentException>(() => new MasterKeys([.. old.Keys, .. old.Keys]));
    }
}
