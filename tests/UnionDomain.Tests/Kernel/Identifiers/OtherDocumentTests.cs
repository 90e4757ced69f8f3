using System.Text.Json;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Tests.Kernel.Identifiers;

[Trait("F", "20")]
public sealed class OtherDocumentTests
{
    [Theory]
    [InlineData(OtherDocumentKind.Passport, "A0001", "A0001")]
    [InlineData(OtherDocumentKind.Passport, "x00000001", "X00000001")]
    [InlineData(OtherDocumentKind.Passport, "000000000000015", "000000000000015")]
    [InlineData(OtherDocumentKind.HongKongMacaoPermit, "H00000001", "H00000001")]
    [InlineData(OtherDocumentKind.HongKongMacaoPermit, "ｍ0000000101", "M0000000101")]
    [InlineData(OtherDocumentKind.TaiwanPermit, "00000001", "00000001")]
    [InlineData(OtherDocumentKind.TaiwanPermit, "0000000001", "0000000001")]
    [InlineData(OtherDocumentKind.TaiwanPermit, "0000000001（B）", "0000000001")]
    public void A_number_of_the_right_form_is_read(OtherDocumentKind kind, string text, string value)
    {
        Assert.True(OtherDocument.TryParse(kind, text, out var document, out _));
        Assert.Equal((kind, value), (document.Kind, document.Value));
    }

    [Theory]
    [InlineData(OtherDocumentKind.Passport, "")]
    [InlineData(OtherDocumentKind.Passport, "A001")]
    [InlineData(OtherDocumentKind.Passport, "0000000000000016")]
    [InlineData(OtherDocumentKind.Passport, "ABCDEFG")]
    [InlineData(OtherDocumentKind.Passport, "A-000001")]
    [InlineData(OtherDocumentKind.HongKongMacaoPermit, "H0000001")]
    [InlineData(OtherDocumentKind.HongKongMacaoPermit, "H000000001")]
    [InlineData(OtherDocumentKind.HongKongMacaoPermit, "K00000001")]
    [InlineData(OtherDocumentKind.HongKongMacaoPermit, "H0000000A")]
    [InlineData(OtherDocumentKind.TaiwanPermit, "0000001")]
    [InlineData(OtherDocumentKind.TaiwanPermit, "000000001")]
    [InlineData(OtherDocumentKind.TaiwanPermit, "0000000A")]
    [InlineData(OtherDocumentKind.TaiwanPermit, "00000001(B)")]
    public void Another_form_is_refused_by_the_rule_of_its_kind(OtherDocumentKind kind, string text)
    {
        Assert.False(OtherDocument.TryParse(kind, text, out _, out var refusal));
        Refusal expected = kind switch
        {
            OtherDocumentKind.Passport => OtherDocumentRules.WrongPassport,
            OtherDocumentKind.HongKongMacaoPermit => OtherDocumentRules.WrongHongKongMacaoPermit,
            _ => OtherDocumentRules.WrongTaiwanPermit,
        };
        Assert.Equal(expected, refusal);
    }

    [Fact]
    public void The_text_of_a_document_is_masked()
    {
        Assert.True(OtherDocument.TryParse(OtherDocumentKind.HongKongMacaoPermit, "H00000018", out var document, out _));
        Assert.Equal("H******18", document.ToString());
        Assert.Equal("", default(OtherDocument).ToString());
    }

    [Fact]
    public void Json_carries_the_kind_with_the_number()
    {
        Assert.True(OtherDocument.TryParse(OtherDocumentKind.TaiwanPermit, "00000001", out var document, out _));
        Assert.Equal("\"4:00000001\"", JsonSerializer.Serialize(document));
        Assert.Equal(document, JsonSerializer.Deserialize<OtherDocument>("\"4:00000001\""));
    }

    [Theory, InlineData("\"\""), InlineData("\"00000001\""), InlineData("\"1:00000001\""), InlineData("\"5:00000001\"")]
    public void Json_without_a_kind_is_a_fault_that_names_the_rule(string json) =>
        Assert.Equal(OtherDocumentRules.UnknownKind.Code, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<OtherDocument>(json)).Message);
}
