using UnionDomain.Kernel;
using UnionDomain.Unions;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Sheets;

[Trait("F", "23")]
public sealed class UnionSheetTests
{
    private static readonly string?[] Good = ["U-300", "示例联合工会", "4", "2", "U-3", "1998-07-01", "3", "示例员", "备注"];

    [Fact]
    public void The_columns_are_those_of_the_template() => Assert.Equal(
        ["工会编号 M", "工会名称 M", "层级 M", "类型 M", "上级工会编号", "成立日期 M", "任期年 M", "主席", "备注"], UnionSheet.Columns.Select(column => column.Header + (column.Mandatory ? " M" : "")));

    [Fact]
    public void A_row_becomes_a_command()
    {
        var row = Read(Good);
        Assert.Equal("U-300", row.Key);
        Assert.Equal(new UnionCommand.TakeOver("示例联合工会", UnionLevel.Primary, UnionKind.Joint, new UnionId("U-3"), new(1998, 7, 1), 3, new("示例员")), row.Command);
        Assert.Empty(row.Refused);
        Assert.Empty(row.Normalised);
    }

    [Fact]
    public void A_root_has_no_upper_union_and_a_chair_need_not_be_told() => Assert.Equal(
        new UnionCommand.TakeOver("示例市总工会", UnionLevel.Municipal, UnionKind.Federation, null, new(1950, 5, 1), 5), Read(["U-1", "示例市总工会", "1", "3", "", "1950-05-01", "5", "", null]).Command);

    [Fact]
    public void Full_width_characters_are_read_as_narrow_ones_and_the_row_says_so()
    {
        var row = Read(["Ｕ-３００", "示例联合工会", "４", "２", "Ｕ-3", "１９９８-０７-０１", "３", "示例员", "（备注）"]);
        Assert.Equal(Read(Good).Command, row.Command);
        Assert.Equal("U-300", row.Key);
        Assert.Equal(["number", "level", "kind", "upper", "foundedOn", "termYears"], row.Normalised.Select(note => note.Field));
    }

    [Fact]
    public void Every_mandatory_cell_that_is_empty_is_found() => Assert.Equal(
        UnionSheet.Columns.Where(column => column.Mandatory).Select(column => new CellFinding(column.Header, column.Field, TextRules.Empty.With("field", column.Field))),
        Read([null, "", "", " ", "", "", "", "", ""]).Refused);

    [Theory]
    [InlineData(0, "工会一", "number", "stream.key-invalid")]
    [InlineData(1, "a\u0000b", "name", "text.broken-character")]
    [InlineData(2, "0", "level", "sheet.code-unknown")]
    [InlineData(2, "7", "level", "sheet.code-unknown")]
    [InlineData(3, "5", "kind", "sheet.code-unknown")]
    [InlineData(3, "3", "kind", "union.kind-not-of-level")]
    [InlineData(4, "", "upper", "union.root-not-allowed")]
    [InlineData(4, "工会二", "upper", "stream.key-invalid")]
    [InlineData(5, "1998-02-29", "foundedOn", "sheet.not-a-date")]
    [InlineData(5, "1998/07/01", "foundedOn", "sheet.not-a-date")]
    [InlineData(5, "2014-07-01", "foundedOn", "union.founded-out-of-range")]
    [InlineData(5, "1899-12-31", "foundedOn", "union.founded-out-of-range")]
    [InlineData(6, "4", "termYears", "union.term-not-allowed")]
    [InlineData(6, "three", "termYears", "sheet.not-a-number")]
    [InlineData(7, "a\tb", "chair", "text.broken-character")]
    public void A_broken_cell_is_refused_by_field_and_rule(int cell, string typed, string field, string code)
    {
        var cells = (string?[])Good.Clone();
        cells[cell] = typed;
        var row = Read(cells);
        Assert.Null(row.Command);
        var finding = Assert.Single(row.Refused);
        Assert.Equal((field, code), (finding.Field, finding.Rule.Code));
        Assert.DoesNotContain("{", finding.Rule.EnglishText() + finding.Rule.ChineseText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "2014-06-30")]
    [InlineData(5, "1900-01-01")]
    [InlineData(6, "5")]
    [InlineData(2, "6")]
    public void The_last_value_inside_a_limit_is_read(int cell, string typed)
    {
        var cells = (string?[])Good.Clone();
        cells[cell] = typed;
        Assert.Empty(Read(cells).Refused);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(10)]
    public void A_row_has_as_many_cells_as_columns(int count) =>
        Assert.Equal(SheetRules.WrongColumns.With("count", count).With("expected", 9), Assert.Single(Read([.. Good.Append("").Take(count)]).Refused).Rule);

    private static SheetRow<UnionCommand.TakeOver> Read(string?[] cells) => UnionSheet.Read(cells, Today);
}
