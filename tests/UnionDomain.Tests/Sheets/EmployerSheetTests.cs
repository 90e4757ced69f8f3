using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Employers;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Sheets;

[Trait("F", "23")]
public sealed class EmployerSheetTests
{
    private static readonly UnionId Federation = new("U-3");
    private static readonly string?[] Good = [EmployerExamples.Code, "示例单位", "5", "C", "110108", "60", "20", "10", "2", "U-300", "示例员", "010-55550000"];

    [Fact]
    public void The_columns_are_those_of_the_template() => Assert.Equal(
        ["单位代码 M", "单位名称 M", "单位性质 M", "行业门类 M", "注册地 M", "职工人数 M", "女职工人数", "农民工人数", "建会方式 M", "工会编号", "联系人", "联系电话"],
        EmployerSheet.Columns.Select(column => column.Header + (column.Mandatory ? " M" : "")));

    [Fact]
    public void A_row_becomes_a_command()
    {
        var row = Read(Good);
        Assert.Equal(EmployerExamples.Code, row.Key);
        Assert.Equal(
            new EmployerCommand.Record(EmployerExamples.Code, "示例单位", EmployerKind.Private, "C", "110108", Federation, 60, 20, 10, new UnionId("U-300"), CoverageKind.Joint, new("示例员", "010-55550000")),
            row.Command);
        Assert.Empty(row.Refused);
        Assert.Empty(row.Normalised);
    }

    [Fact]
    public void What_is_not_mandatory_may_be_left_out()
    {
        var row = Read([EmployerExamples.Code, "示例单位", "5", "C", "110108", "0", "", null, "0", " ", "", null]);
        Assert.Equal(new EmployerCommand.Record(EmployerExamples.Code, "示例单位", EmployerKind.Private, "C", "110108", Federation, 0), row.Command);
    }

    [Fact]
    public void Full_width_characters_are_read_as_narrow_ones_and_the_row_says_so()
    {
        var row = Read(["９１３５０１００m000100y43", "示例单位", "５", "ｃ", "１１０１０８", "６０", "２０", "10", "２", "Ｕ-300", "示例员", "０１０-５５５５００００"]);
        Assert.Equal(Read(Good).Command! with { Contact = null }, row.Command! with { Contact = null });
        Assert.Equal(["code", "kind", "industry", "area", "headcount", "women", "coverage", "union", "contactPhone"], row.Normalised.Select(note => note.Field));
        Assert.Equal(["单位代码", "单位性质"], row.Normalised.Take(2).Select(note => note.Header));
        Assert.All(row.Normalised, note => Assert.Equal(SheetRules.Normalised.With("field", note.Field), note.Rule));
    }

    [Fact]
    public void Every_mandatory_cell_that_is_empty_is_found()
    {
        var row = Read(["", " ", null, "", "　", "", "", "", "", "", "", ""]);
        Assert.Null(row.Command);
        Assert.Equal("", row.Key);
        Assert.Equal(
            EmployerSheet.Columns.Where(column => column.Mandatory).Select(column => new CellFinding(column.Header, column.Field, TextRules.Empty.With("field", column.Field))), row.Refused);
    }

    [Fact]
    public void An_uncovered_unit_may_name_the_federation_it_counts_at()
    {
        var command = Read([EmployerExamples.Code, "示例单位", "5", "C", "110108", "0", "", null, "0", "S-9", "", null]).Command!;
        Assert.Equal((new UnionId("S-9"), null, null), (command.Federation, command.Union, command.Coverage));
    }

    [Theory]
    [InlineData(0, "91350100M000100Y44", "code", "credit-code.wrong-check")]
    [InlineData(0, "no code", "code", "unit-code.unknown-form")]
    [InlineData(1, "a\u0000b", "name", "text.broken-character")]
    [InlineData(2, "0", "kind", "sheet.code-unknown")]
    [InlineData(2, "9", "kind", "sheet.code-unknown")]
    [InlineData(2, "私营", "kind", "sheet.code-unknown")]
    [InlineData(3, "U", "industry", "employer.industry-unknown")]
    [InlineData(4, "11010", "area", "area-code.wrong-form")]
    [InlineData(4, "110199", "area", "area-code.unknown")]
    [InlineData(4, "110118", "area", "area-code.not-in-force")]
    [InlineData(5, "sixty", "headcount", "sheet.not-a-number")]
    [InlineData(5, "-60", "headcount", "sheet.not-a-number")]
    [InlineData(5, "60.5", "headcount", "sheet.not-a-number")]
    [InlineData(5, "99999999999", "headcount", "sheet.not-a-number")]
    [InlineData(5, "10000000", "headcount", "number.out-of-range")]
    [InlineData(6, "61", "women", "employer.part-exceeds-headcount")]
    [InlineData(7, "61", "migrants", "employer.part-exceeds-headcount")]
    [InlineData(7, "x", "migrants", "sheet.not-a-number")]
    [InlineData(8, "4", "coverage", "sheet.code-unknown")]
    [InlineData(9, "", "union", "employer.coverage-incomplete")]
    [InlineData(9, "工会一", "union", "stream.key-invalid")]
    [InlineData(10, "a\nb", "contact", "text.broken-character")]
    [InlineData(11, "555000", "contactPhone", "contact.phone-invalid")]
    [InlineData(11, "call me", "contactPhone", "contact.phone-invalid")]
    public void A_broken_cell_is_refused_by_field_and_rule(int cell, string? typed, string field, string code)
    {
        var cells = (string?[])Good.Clone();
        cells[cell] = typed;
        var row = Read(cells);
        Assert.Null(row.Command);
        var finding = Assert.Single(row.Refused);
        Assert.Equal((field, code), (finding.Field, finding.Rule.Code));
        Assert.Equal(EmployerSheet.Columns.Single(column => column.Field == field).Header, finding.Header);
        Assert.DoesNotContain("{", finding.Rule.EnglishText() + finding.Rule.ChineseText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, "60")]
    [InlineData(5, "9999999")]
    [InlineData(8, "3")]
    [InlineData(2, "8")]
    [InlineData(11, "5550000")]
    [InlineData(11, "10000000000")]
    [InlineData(11, "(010) 5555-00001")]
    public void The_last_value_inside_a_limit_is_read(int cell, string typed)
    {
        var cells = (string?[])Good.Clone();
        cells[cell] = typed;
        Assert.Empty(Read(cells).Refused);
    }

    [Fact]
    public void Several_broken_cells_are_told_in_the_order_of_the_columns() => Assert.Equal(
        ["kind", "area", "women", "contactPhone"], Read([EmployerExamples.Code, "示例单位", "x", "C", "x", "60", "61", "10", "2", "U-300", "示例员", "x"]).Refused.Select(finding => finding.Field));

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void A_row_has_as_many_cells_as_columns(int count)
    {
        var row = Read([.. Good.Concat(["", ""]).Take(count)]);
        Assert.Null(row.Command);
        Assert.Equal(SheetRules.WrongColumns.With("count", count).With("expected", 12), Assert.Single(row.Refused).Rule);
    }

    private static SheetRow<EmployerCommand.Record> Read(string?[] cells) => EmployerSheet.Read(cells, Federation, Today);
}
