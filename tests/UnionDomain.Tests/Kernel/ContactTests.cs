using System.Security.Cryptography;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

[Trait("F", "29")]
public sealed class ContactTests
{
    private static readonly StreamSeal Seal = new(new("employer", "E-1"), SHA256.HashData("key"u8), new("7", SHA256.HashData("search"u8)));

    [Theory]
    [InlineData("示例员", "10055550000", "示** 100****0000")]
    [InlineData("示", "5550000", "* 5****00")]
    [InlineData(" 示例·员 ", "010-5555 00001", "示*** 0105****0001")]
    [InlineData("𠀀例", null, "𠀀*")]
    [InlineData(null, "62550000", "62****00")]
    [InlineData("", " ", "")]
    [InlineData(null, "1", "*")]
    public void As_text_it_is_masked(string? name, string? phone, string masked) => Assert.Equal(masked, new Contact(name, phone).ToString());

    [Fact]
    public void What_is_sealed_opens_in_its_canonical_form()
    {
        var (closed, unfit) = new Contact(" 示例员 ", "（０１０）5555-0000").Seal(Seal, "k", "name", "phone");
        Assert.Null(unfit);
        Assert.Equal(new Contact("示例员", "01055550000"), closed!.Open(Seal));
        Assert.Equal(new Contact("示**", "010****0000"), closed.Mask);
        Assert.DoesNotContain("示例员", closed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_contact_has_the_same_hash_however_it_was_typed()
    {
        Assert.Equal(Hash("示例员", "01055550000"), Hash(" 示例员", "(010) 5555-0000"));
        Assert.NotEqual(Hash("示例员", "01055550000"), Hash("示例员", "01055550001"));
        Assert.NotEqual(Hash("示例员", null), Hash(null, "01055550000"));

        static string Hash(string? name, string? phone) => new Contact(name, phone).Seal(Seal, "k", "name", "phone").Sealed!.Hash;
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void A_name_has_up_to_50_characters_of_any_plane(int characters, bool fits) =>
        Assert.Equal(fits ? null : TextRules.TooLong.With("field", "name").With("length", characters).With("most", 50), ContactRules.CheckName("name", string.Concat(Enumerable.Repeat("𠀀", characters))));

    [Theory]
    [InlineData("555000", false)]
    [InlineData("5550000", true)]
    [InlineData("010555500001", true)]
    [InlineData("0105555000012", false)]
    [InlineData("+8610055550000", false)]
    [InlineData("-", false)]
    public void A_phone_has_7_to_12_digits(string phone, bool fits) => Assert.Equal(fits ? null : ContactRules.PhoneInvalid.With("field", "phone"), ContactRules.CheckPhone("phone", phone));
}
