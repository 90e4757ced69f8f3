using System.Security.Cryptography;
using System.Text;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

public sealed class SealingTests
{
    private static readonly byte[] Key = SHA256.HashData("key"u8);
    private static readonly SearchKey Search = new("7", SHA256.HashData("search"u8));
    private static readonly StreamId Stream = new("member", "m-1");

    [Fact, Trait("F", "29")]
    public void What_is_closed_opens_again_and_shows_nothing_of_itself()
    {
        var seal = new StreamSeal(Stream, Key, Search);
        foreach (var plain in (byte[][])[[], "示"u8.ToArray(), [.. Enumerable.Repeat((byte)'x', 5_000)]])
        {
            var closed = seal.Close(plain);
            Assert.Equal(plain, seal.Open(closed));
            Assert.NotEqual(closed, seal.Close(plain));
            if (plain.Length > 0) Assert.Equal(-1, Convert.FromBase64String(closed).AsSpan().IndexOf(plain));
        }
    }

    [Fact, Trait("F", "29")]
    public void A_closed_value_opens_only_for_its_own_stream_and_key_and_unchanged()
    {
        var closed = new StreamSeal(Stream, Key, Search).Close("value"u8);
        var changed = Convert.FromBase64String(closed);
        changed[14] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => new StreamSeal(new("member", "m-2"), Key, Search).Open(closed));
        Assert.ThrowsAny<CryptographicException>(() => new StreamSeal(Stream, SHA256.HashData("other"u8), Search).Open(closed));
        Assert.ThrowsAny<CryptographicException>(() => new StreamSeal(Stream, Key, Search).Open(Convert.ToBase64String(changed)));
    }

    [Fact, Trait("F", "16")]
    public void Equal_values_have_equal_hashes_under_one_kind_and_secret_alone()
    {
        Assert.Equal(Search.Hash("name", "示例"), Search.Hash("name", "示例"));
        Assert.StartsWith("7.", Search.Hash("name", "示例"), StringComparison.Ordinal);
        Assert.Equal(2 + 22, Search.Hash("name", new string('x', 4_000)).Length);
        string[] others = [Search.Hash("mobile", "示例"), Search.Hash("name", "示例 "), new SearchKey("7", SHA256.HashData("other"u8)).Hash("name", "示例"), Search.Hash("nam", "e示例")];
        Assert.DoesNotContain(Search.Hash("name", "示例"), others);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("示例")), Search.Hash("name", "示例"), StringComparison.Ordinal);
    }

    [Fact, Trait("F", "16")]
    public void A_hash_is_the_keyed_hash_of_kind_and_value_however_many_threads_ask_at_once()
    {
        var secret = SHA256.HashData("search"u8);
        Parallel.For(0, 2_000, n =>
        {
            var hash = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"mobile\0{n}"));
            Assert.Equal($"7.{System.Buffers.Text.Base64Url.EncodeToString(hash.AsSpan(0, 16))}", Search.Hash("mobile", $"{n}"));
        });
    }
}
