using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Members;

/// <summary>What is found wrong with a sheet, column by column.</summary>
[Trait("F", "20"), Trait("F", "21")]
public sealed class FormTests
{
    private static readonly MemberForm Form = MemberExamples.Form;

    [Fact]
    public void A_sheet_without_fault_has_no_finding()
    {
        var examined = Form.Examine(Today);
        Assert.Null(examined.Refusal);
        Assert.Empty(examined.Findings);
        Assert.Empty(examined.Warnings);
        Assert.True(MemberExamples.Record().IsComplete);
    }

    [Fact]
    public void An_empty_sheet_lacks_every_mandatory_column() => Assert.Equal(
        [
            "missing:employerCode", "missing:name", "missing:documentType", "missing:documentNumber", "missing:sex", "missing:bornOn", "missing:education", "missing:employment", "missing:household",
            "missing:residence", "missing:mobile", "missing:joinedOn", "missing:migrant",
        ],
        new MemberForm().Examine(Today).Findings.Select(finding => finding.Reason));

    public static TheoryData<MemberForm, string, string> Faults => new()
    {
        { Form with { EmployerCode = "no code" }, "inaccurate:employerCode", "unit-code.unknown-form" },
        { Form with { Name = "示例1" }, "inaccurate:name", "member-form.wrong-name" },
        { Form with { Name = "示例😀" }, "inaccurate:name", "member-form.wrong-name" },
        { Form with { DocumentNumber = "110108190101010009" }, "inaccurate:documentNumber", "resident-id.wrong-check-digit" },
        { Form with { DocumentNumber = "110108010101001" }, "inaccurate:documentNumber", "resident-id.fifteen-digits" },
        { Form with { DocumentNumber = "110108190102290015" }, "inaccurate:documentNumber", "resident-id.impossible-date" },
        { Form with { DocumentType = "2", DocumentNumber = "x" }, "inaccurate:documentNumber", "other-document.wrong-passport" },
        { Form with { DocumentType = "3", DocumentNumber = "A12345678" }, "inaccurate:documentNumber", "other-document.wrong-hong-kong-macao-permit" },
        { Form with { DocumentType = "4", DocumentNumber = "1" }, "inaccurate:documentNumber", "other-document.wrong-taiwan-permit" },
        { Form with { DocumentValidUntil = "2020-02-30" }, "inaccurate:documentValidUntil", "member-form.wrong-date" },
        { Form with { Sex = "1" }, "inaccurate:sex", "member-form.sex-disagrees" },
        { Form with { Sex = "3" }, "inaccurate:sex", "member-form.unknown-code" },
        { Form with { BornOn = "1901-01-02" }, "inaccurate:bornOn", "member-form.birth-date-disagrees" },
        { Form with { BornOn = "1901-02-29" }, "inaccurate:bornOn", "member-form.wrong-date" },
        { Form with { BornOn = "2014-07-01" }, "inaccurate:bornOn", "member-form.date-in-future" },
        { Form with { BornOn = "1883-06-30" }, "inaccurate:bornOn", "member-form.too-old" },
        { Form with { Education = "0" }, "inaccurate:education", "member-form.unknown-code" },
        { Form with { Education = "6" }, "inaccurate:education", "member-form.unknown-code" },
        { Form with { Skill = "6" }, "inaccurate:skill", "member-form.unknown-code" },
        { Form with { Employment = "5" }, "inaccurate:employment", "member-form.unknown-code" },
        { Form with { Household = "5" }, "inaccurate:household", "member-form.unknown-code" },
        { Form with { Residence = "110199" }, "inaccurate:residence", "area-code.unknown" },
        { Form with { Residence = "110118" }, "inaccurate:residence", "area-code.not-in-force" },
        { Form with { Mobile = "20000000001" }, "inaccurate:mobile", "member-form.wrong-mobile" },
        { Form with { Mobile = "1000000000" }, "inaccurate:mobile", "member-form.wrong-mobile" },
        { Form with { Mobile = "100000000001" }, "inaccurate:mobile", "member-form.wrong-mobile" },
        { Form with { JoinedOn = "2014-07-01" }, "inaccurate:joinedOn", "member-form.date-in-future" },
        { Form with { JoinedOn = "12.05.2014" }, "inaccurate:joinedOn", "member-form.wrong-date" },
        { Form with { Migrant = "2" }, "inaccurate:migrant", "member-form.unknown-code" },
        { Form with { CardConsent = "y" }, "inaccurate:cardConsent", "member-form.unknown-code" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void A_fault_is_one_finding_with_its_rule(MemberForm form, string reason, string rule)
    {
        var examined = form.Examine(Today);
        Assert.Null(examined.Refusal);
        var finding = Assert.Single(examined.Findings);
        Assert.Equal((reason, rule), (finding.Reason, finding.Rule));
        Assert.Equal(rule, Assert.Single(examined.Reasons).Code);
    }

    [Theory]
    [InlineData("skill", false)]
    [InlineData("cardConsent", false)]
    [InlineData("documentValidUntil", false)]
    [InlineData("employer", true)]
    [InlineData("mobile", true)]
    public void Only_mandatory_columns_disqualify(string field, bool disqualifies) => Assert.Equal(disqualifies, Finding.Inaccurate(field, MemberFormRules.WrongDate).Disqualifies());

    [Theory]
    [InlineData("1883-07-01", 0)]
    [InlineData("1883-06-30", 1)]
    public void Who_is_130_is_believed_and_who_is_131_is_not(string bornOn, int findings) =>
        Assert.Equal(findings, (Form with { DocumentType = "2", DocumentNumber = "X00000001", BornOn = bornOn }).Examine(Today).Findings.Length);

    [Theory]
    [InlineData("2014-06-30")]
    [InlineData("长期")]
    [InlineData("")]
    public void A_document_ends_or_does_not(string until) => Assert.Empty((Form with { DocumentValidUntil = until }).Examine(Today).Findings);

    [Theory]
    [InlineData("古丽·示例")]
    [InlineData("\U00020000\U00030000")]
    [InlineData("Ann-Marie O'Example Jr.")]
    public void Names_of_many_kinds_are_kept(string name)
    {
        var examined = (Form with { Name = name }).Examine(Today);
        Assert.Empty(examined.Findings);
        Assert.Equal(name, examined.Personal.Name);
    }

    [Fact]
    public void A_name_of_fifty_extension_characters_is_kept() => Assert.Null((Form with { Name = string.Concat(Enumerable.Repeat("\U00020000", 50)) }).Examine(Today).Refusal);

    [Theory]
    [InlineData("古丽•示例")]
    [InlineData("古丽・示例")]
    [InlineData(" 古丽·示例 ")]
    public void The_middle_dot_is_one_however_it_is_typed(string name)
    {
        var examined = (Form with { Name = name }).Examine(Today);
        Assert.Equal("古丽·示例", examined.Personal.Name);
        Assert.Equal([MemberFormRules.Normalised.With("field", "name")], examined.Warnings);
    }

    [Fact]
    public void Full_width_characters_and_a_small_x_are_normalised_and_said_so()
    {
        var examined = (Form with { DocumentNumber = "１1010819020602000x", Sex = "２", BornOn = "1902-06-02" }).Examine(Today);
        Assert.Equal("11010819020602000X", examined.Personal.DocumentNumber);
        Assert.Equal(["documentNumber", "sex"], examined.Warnings.Select(warning => warning.Arguments[0].Value));
    }

    [Theory]
    [InlineData("示例人", "示**")]
    [InlineData("示", "*")]
    [InlineData("\U00020000示例示例示例", "\U00020000***")]
    public void A_name_is_masked(string name, string mask) => Assert.Equal(mask, MemberExamples.Record(Form with { Name = name }).NameMask);

    [Fact]
    public void Masks_leave_little_in_sight()
    {
        var record = MemberExamples.Record();
        Assert.Equal(("110108********0008", "100****0001", 1901, Sex.Female), (record.DocumentMask, record.MobileMask, record.BirthYear, record.Sex));
    }

    [Fact]
    public void A_wrong_number_is_found_by_unit_name_and_phone_and_has_no_mask()
    {
        var record = MemberExamples.Record(Form with { DocumentNumber = "110108190101010009" });
        Assert.Equal((null, null), (record.DocumentHash, record.DocumentMask));
        Assert.NotNull(record.RollHash);
        Assert.Null(MemberExamples.Record().RollHash);
    }

    [Fact]
    public void Equal_sheets_have_equal_contents_and_different_seals()
    {
        var (one, other) = (MemberExamples.Record(), MemberExamples.Record());
        Assert.Equal(one.ContentHash, other.ContentHash);
        Assert.NotEqual(one.Sealed, other.Sealed);
        Assert.NotEqual(one.ContentHash, MemberExamples.Record(Form with { Remarks = "x" }).ContentHash);
    }

    [Fact]
    public void A_key_finds_the_document_however_it_is_typed()
    {
        string Hash(string kind, string text) => $"{kind}:{text}";
        Assert.Equal(Form.Examine(Today).Keys(Hash).First(), (Form with { DocumentNumber = " １10108190101010008 ", Name = "另" }).Examine(Today).Keys(Hash).First());
        Assert.NotEqual(Form.Examine(Today).Keys(Hash).First(), (Form with { DocumentType = "2" }).Examine(Today).Keys(Hash).First());
        Assert.Equal(["member-roll"], (Form with { DocumentNumber = "" }).Examine(Today).Keys(Hash).Select(key => key.Kind));
        Assert.Equal(["member-document", "member-roll"], Form.Examine(Today).Keys(Hash).Select(key => key.Kind));
    }

    [Fact, Trait("F", "29")]
    public void Nothing_personal_is_printed()
    {
        var text = $"{new MemberCommand.Enter(new("U-1"), null, Form with { Remarks = "remark" })} {Form} {Form.Examine(Today)} {Form.Examine(Today).Personal} {new DocumentSearch(1, MemberExamples.Number)}";
        foreach (var secret in new[] { Form.Name!, MemberExamples.Number, Form.Mobile!, "1901-01-01", "remark" }) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }
}
