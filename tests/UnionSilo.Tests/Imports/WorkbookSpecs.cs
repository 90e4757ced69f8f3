using System.IO.Compression;
using System.Text;
using UnionClient.Imports;
using UnionDomain.Kernel;
using UnionTesting;
using static UnionSilo.Tests.Imports.MadeUpWorkbook;

namespace UnionSilo.Tests.Imports;

/// <summary>XLSX workbooks of a template: what stands in their cells, and what is refused.</summary>
[Trait("F", "23")]
public sealed class WorkbookSpecs
{
    private const string Styles = """
        <styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
          <numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="165" formatCode="[Red]0.00&quot;day&quot;_d"/></numFmts>
          <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
          <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="49"/></cellXfs>
        </styleSheet>
        """;

    private readonly SheetDesk desk = new();

    [Fact]
    public async Task Shared_texts_are_read_however_many_there_are()
    {
        string[][] rows = [["编号", "名称", "备注"], .. Enumerable.Range(1, 60_000).Select(n => new[] { FormattableString.Invariant($"M{n}"), "云杉书店", FormattableString.Invariant($"备注第{n}行，共享文本 <&> \" ' 也在其中") })];
        Assert.Equal((null, ""), await desk.Read(Shared(rows).Bytes()));
        Assert.Equal(rows.Skip(1).Select(row => string.Join('|', row)), desk.Sent.Values);
        Assert.Equal(Enumerable.Range(1, 60_000), desk.Sent.Keys);
    }

    [Theory]
    [InlineData("<c r=\"B2\" t=\"inlineStr\"><is><t>甲</t></is></c>", "甲")]
    [InlineData("<c r=\"B2\" t=\"inlineStr\"><is><r><rPr><b/></rPr><t>甲</t></r><r><t xml:space=\"preserve\"> 乙</t></r><rPh sb=\"0\" eb=\"1\"><t>jia</t></rPh></is></c>", "甲 乙")]
    [InlineData("<c r=\"B2\" t=\"str\"><v>甲&amp;&#x4E59;_x0041__x005F_</v></c>", "甲&乙A_")]
    [InlineData("<c r=\"B2\"><v>12</v></c>", "12")]
    [InlineData("<c r=\"B2\" t=\"n\"><v>1.234E3</v></c>", "1234")]
    [InlineData("<c r=\"B2\"><v>0.5</v></c>", "0.5")]
    [InlineData("<c r=\"B2\"><v>1E-99</v></c>", "1E-99")]
    [InlineData("<c r=\"B2\"><v>-3</v></c>", "-3")]
    [InlineData("<c r=\"B2\"><v>110108010101001</v></c>", "110108010101001")] // A document's number of fifteen digits is not rounded.
    [InlineData("<c r=\"B2\" t=\"inlineStr\"><is><t>110108190101010008</t></is></c>", "110108190101010008")]
    [InlineData("<c r=\"B2\" t=\"inlineStr\"><is><t>１１０１０８</t></is></c>", "１１０１０８")] // Full-width digits are the column's business.
    [InlineData("<c r=\"B2\" t=\"inlineStr\"><is><t>=1+1</t></is></c>", "=1+1")]
    [InlineData("<c r=\"B2\" t=\"b\"><v>1</v></c>", "1")]
    [InlineData("<c r=\"B2\" t=\"b\"><v>0</v></c>", "0")]
    [InlineData("<c r=\"B2\" s=\"1\"><v>41820</v></c>", "2014-06-30")]
    [InlineData("<c r=\"B2\" s=\"2\"><v>59</v></c>", "1900-02-28")]
    [InlineData("<c r=\"B2\" s=\"2\"><v>60</v></c>", "1900-02-29")] // There is no such day: refused by the column.
    [InlineData("<c r=\"B2\" s=\"2\"><v>61</v></c>", "1900-03-01")]
    [InlineData("<c r=\"B2\" s=\"1\"><v>41820.5</v></c>", "2014-06-30 12:00:00")]
    [InlineData("<c r=\"B2\" s=\"0\"><v>41820</v></c>", "41820")]
    [InlineData("<c r=\"B2\" s=\"3\"><v>41820</v></c>", "41820")]
    [InlineData("<c r=\"B2\" t=\"d\"><v>2014-06-30T00:00:00</v></c>", "2014-06-30")]
    [InlineData("<c r=\"B2\" t=\"d\"><v>2014-06-30</v></c>", "2014-06-30")]
    [InlineData("<c r=\"B2\" s=\"1\"/>", "")]
    [InlineData("<c r=\"B2\"><v/></c>", "")]
    [InlineData("<c t=\"inlineStr\"><is><t>甲</t></is></c>", "甲")]
    public async Task A_cell_is_read_as_its_column_would_be_typed(string cell, string typed)
    {
        Assert.Equal((null, ""), await desk.Read((Of(Row(2, Inline("A2", "1"), cell, Inline("C2", "x"))) with { Styles = Styles }).Bytes()));
        Assert.Equal($"1|{typed}|x", desk.Sent[1]);
    }

    [Theory]
    [InlineData("<c r=\"B2\"><f>A2</f><v>7</v></c>", "cell-formula")]
    [InlineData("<c r=\"B2\" t=\"str\"><f t=\"shared\" si=\"0\"/><v>甲</v></c>", "cell-formula")]
    [InlineData("<c r=\"B2\" t=\"e\"><v>#N/A</v></c>", "cell-error")]
    [InlineData("<c r=\"B2\"><v>1.10108190101010E+17</v></c>", "number-rounded")]
    [InlineData("<c r=\"B2\"><v>1000000000000000</v></c>", "number-rounded")]
    [InlineData("<c r=\"B2\"><v>1E+300</v></c>", "number-rounded")]
    [InlineData("<c r=\"B2\"><v>twelve</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"B2\" t=\"s\"><v>9</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"B2\" t=\"s\"><v>-1</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"B2\" t=\"s\"><v>99999999999</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"B2\" t=\"b\"><v>yes</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"B2\" t=\"picture\"><v>1</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"B2\" s=\"1\"><v>-1</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"B2\" s=\"1\"><v>2958466</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"B2\" s=\"1\"><v>1E28</v></c>", "cell-unreadable")]
    public async Task A_cell_that_cannot_be_taken_refuses_its_row_and_the_others_go_on(string cell, string code)
    {
        var workbook = Of(Row(2, Inline("A2", "1"), cell, Inline("C2", "x")), Row(3, Inline("A3", "2"), Inline("B3", "乙"))) with { Styles = Styles };
        Assert.Equal((null, $"1 sheet-file.{code} 名称"), await desk.Read(workbook.Bytes()));
        Assert.Equal("2|乙|", Assert.Single(desk.Sent).Value);
    }

    [Theory]
    [InlineData("<c r=\"A3\"><v>1</v></c>", "cell-unreadable")] // A cell of another row.
    [InlineData("<c r=\"B2\"><v>1</v></c><c r=\"A2\"><v>1</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"B2\"><v>1</v></c><c r=\"B2\"><v>1</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"XFE2\"><v>1</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"2\"><v>1</v></c>", "cell-unreadable")]
    [InlineData("<c r=\"D2\"><v>1</v></c>", "cell-count")]
    public async Task Cells_in_the_wrong_place_refuse_their_row(string cells, string code)
    {
        Assert.Equal((null, $"1 sheet-file.{code}"), await desk.Read(Of(Row(2, cells), Row(3, Inline("A3", "2"), Inline("B3", "乙"), "<c r=\"E3\" s=\"0\"/>")).Bytes()));
        Assert.Equal("2|乙|", Assert.Single(desk.Sent).Value);
    }

    [Fact]
    public async Task A_cell_of_ten_megabytes_refuses_its_row_alone()
    {
        var workbook = Of(Row(2, Inline("A2", "1"), Inline("B2", Long(10_000_000))), Row(3, Inline("A3", "2"), Inline("B3", new('乙', SheetFile.LongestCell))), Row(4, Inline("B4", Long(SheetFile.LongestCell + 1))));
        Assert.Equal((null, "1 sheet-file.cell-too-long 名称, 3 sheet-file.cell-too-long 名称"), await desk.Read(workbook.Bytes()));
        Assert.Equal(2, Assert.Single(desk.Sent).Key);
    }

    [Theory]
    [InlineData("_x0000_")]
    [InlineData("\uFFFD")]
    public async Task A_broken_character_refuses_its_row(string character)
    {
        Assert.Equal((null, "1 text.broken-character 名称"), await desk.Read(Of(Row(2, Inline("A2", "1"), Inline("B2", $"甲{character}"))).Bytes()));
    }

    [Fact]
    public async Task Rows_have_the_numbers_they_have_in_the_sheet_below_the_header()
    {
        var workbook = new MadeUpWorkbook { Rows = $"""<row r="2"><c r="A2" s="0"/></row>{Row(3, Inline("A3", "编号"), Inline("B3", " 名称 "), Inline("C3", "备注"), "<c r=\"D3\" s=\"0\"/>")}{Row(5, Inline("A5", "甲"))}<row><c><v>7</v></c></row>{Row(9)}{Row(10, Inline("C10", "丙"))}""" };
        Assert.Equal((null, ""), await desk.Read(workbook.Bytes()));
        Assert.Equal([(2, "甲||"), (3, "7||"), (7, "||丙")], desk.Sent.Select(row => (row.Key, row.Value)));
    }

    [Fact]
    public async Task The_first_sheet_that_is_shown_is_read_and_days_are_counted_as_the_workbook_says()
    {
        var other = Of(Row(2, Inline("A2", "1"), "<c r=\"B2\" s=\"1\"><v>0</v></c>"));
        var workbook = other with
        {
            Rows = "",
            Styles = Styles,
            Properties = "<workbookPr date1904=\"1\"/>",
            Sheets = """<sheet name="hidden" sheetId="1" state="hidden" r:id="rId1"/><sheet name="shown" sheetId="2" r:id="rId2"/><sheet name="third" sheetId="3" r:id="rId1"/>""",
            Parts = new() { ["xl/worksheets/sheet2.xml"] = part => part.Write(Encoding.UTF8.GetBytes($"<worksheet><sheetData>{other.Rows}</sheetData></worksheet>")) },
        };
        Assert.Equal((null, ""), await desk.Read(workbook.Bytes()));
        Assert.Equal("1|1904-01-01|", desk.Sent[1]);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("编号", "column-missing")]
    [InlineData("编号,名称", "column-missing")]
    [InlineData("名称,备注", "column-missing")]
    [InlineData("编号,名称,备注,电话", "column-too-many")]
    [InlineData("编号,名称,备注,,电话", "column-too-many")]
    [InlineData("编号,单位,备注", "column-unknown")]
    [InlineData("名称,编号,备注", "column-misplaced")]
    [InlineData("1,甲,乙", "column-unknown")]
    public async Task A_workbook_that_is_none_of_the_template_is_refused_as_the_same_csv_is(string header, string code)
    {
        Assert.Equal(($"sheet-file.{code}", ""), await desk.Read(Shared([header.Split(','), ["1", "甲", "a"]]) is var workbook && header.Length > 0 ? workbook.Bytes() : new MadeUpWorkbook().Bytes()));
        Assert.Equal(($"sheet-file.{code}", ""), await desk.Read(SheetDesk.Utf8(header)));
        Assert.Empty(desk.Sent);
    }

    [Fact]
    public async Task A_workbook_of_only_a_header_is_a_file_without_rows()
    {
        Assert.Equal((null, ""), await desk.Read(Of().Bytes()));
        Assert.Empty(desk.Sent);
    }

    [Fact]
    public async Task Any_workbook_that_is_cut_off_is_refused_as_a_whole()
    {
        var whole = Shared([["编号", "名称", "备注"], .. Enumerable.Range(1, 50).Select(n => new[] { FormattableString.Invariant($"{n}"), "甲", "乙" })]).Bytes();
        for (var length = 4; length < whole.Length; length += 7) Assert.Equal(("sheet-file.workbook-broken", ""), await desk.Read(whole[..length]));
        Assert.Empty(desk.Sent);
        Assert.Equal((null, ""), await desk.Read(whole));
    }

    [Fact]
    public async Task A_sheet_that_makes_no_sense_from_a_row_on_is_read_down_to_it()
    {
        string[] wrong = ["<row r=\"4\"><c r=\"A4\"></row>", "<row r=\"3\"/>", "<row r=\"0\"/>", "<row r=\"1048577\"/>", "<row r=\"x\"/>", "<row r=\"4\"><c r=\"A4\"><v>&undefined;</v></c></row>",
            string.Concat(Enumerable.Repeat("<a>", 100)), string.Concat(Enumerable.Range(0, 3_000).Select(n => FormattableString.Invariant($"<a{n}/>")))];
        foreach (var rows in wrong)
        {
            desk.Sent.Clear();
            Assert.Equal((null, "3 sheet-file.workbook-cut"), await desk.Read(Of(Row(2, Inline("A2", "1")), Row(3, Inline("A3", "2")), rows, Row(5, Inline("A5", "4"))).Bytes()));
            Assert.Equal([1, 2], desk.Sent.Keys);
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE worksheet [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><worksheet><sheetData/></worksheet>", "workbook-declaration")]
    [InlineData("<!DOCTYPE worksheet SYSTEM \"file:///etc/passwd\"><worksheet/>", "workbook-declaration")]
    [InlineData("<worksheet><!-- a comment --></worksheet>", "workbook-declaration")]
    [InlineData("<worksheet><sheetData><row><c t=\"str\"><v><![CDATA[x]]></v></c></row></sheetData></worksheet>", "workbook-declaration")]
    [InlineData("no markup at all", "workbook-broken")]
    [InlineData("<worksheet>", "workbook-broken")]
    [InlineData("", "workbook-broken")]
    public async Task Markup_that_no_spreadsheet_program_writes_is_refused(string sheet, string code) =>
        Assert.Equal(($"sheet-file.{code}", ""), await desk.Read(new MadeUpWorkbook { Sheet = sheet }.Bytes()));

    [Fact]
    public async Task A_tag_that_never_ends_is_not_held()
    {
        Assert.Equal(("sheet-file.workbook-broken", ""), await desk.Read(new MadeUpWorkbook { Sheet = $"<worksheet a=\"{Long(100_000)}\"/>" }.Bytes()));
        Assert.Equal(("sheet-file.workbook-broken", ""), await desk.Read(new MadeUpWorkbook { Sheet = $"<worksheet a='>{Long(100_000)}'/>" }.Bytes()));
        Assert.Equal(("sheet-file.empty", ""), await desk.Read(new MadeUpWorkbook { Sheet = $"<worksheet a='>' b=\"'\">{Long(100_000)}</worksheet>" }.Bytes()));
    }

    [Theory]
    [InlineData("_rels/.rels")]
    [InlineData("xl/workbook.xml")]
    [InlineData("xl/_rels/workbook.xml.rels")]
    [InlineData("xl/worksheets/sheet1.xml")]
    [InlineData("xl/sharedStrings.xml")]
    [InlineData("xl/styles.xml")]
    public async Task A_part_that_was_altered_or_is_missing_refuses_the_file(string part)
    {
        var whole = (Of(Row(2, Inline("A2", "1"))) with { Styles = Styles, Strings = "<sst/>", Level = CompressionLevel.NoCompression }).Bytes();
        var altered = whole.ToArray();
        // Stored, a part begins behind its name; what reads it might not notice, the checksum does.
        var name = whole.AsSpan().IndexOf(Encoding.UTF8.GetBytes(part));
        altered[name + part.Length + 2] ^= 0x01;
        Assert.Equal(("sheet-file.workbook-broken", ""), await desk.Read(altered));

        var gone = whole.ToArray();
        foreach (var at in (int[])[name, whole.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes(part))]) gone[at] = (byte)'?';
        Assert.Equal(("sheet-file.workbook-broken", ""), await desk.Read(gone));
        Assert.Empty(desk.Sent);
    }

    [Fact]
    public async Task A_zip_of_something_else_is_no_workbook()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true)) zip.CreateEntry("members.csv").Open().Dispose();
        Assert.Equal(("sheet-file.workbook-broken", ""), await desk.Read(file.ToArray()));
    }

    [Fact]
    public async Task A_workbook_of_before_2007_or_a_locked_one_is_refused_by_that_name() =>
        Assert.Equal(("sheet-file.old-workbook", ""), await desk.Read([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]));

    [Fact]
    public async Task A_workbook_may_come_from_a_stream_that_cannot_seek()
    {
        var whole = Of(Row(2, Inline("A2", "1"))).Bytes();
        Assert.Equal((null, ""), await desk.Read(ImportSource.Of(new OneWay(new MemoryStream(whole)))));
        Assert.Equal("1||", desk.Sent[1]);
        Assert.Equal(("sheet-file.workbook-too-large", ""), await desk.Read(ImportSource.Of(new OneWay(new Repeated(whole, 70 << 20, whole, [])))));
    }

    [Fact]
    public async Task A_workbook_may_begin_somewhere_in_a_stream()
    {
        var stream = new MemoryStream([1, 2, 3, .. Of(Row(2, Inline("A2", "1"))).Bytes()]) { Position = 3 };
        Assert.Equal((null, ""), await desk.Read(ImportSource.Of(stream)));
        Assert.Equal("1||", desk.Sent[1]);
    }

    private static string Long(int length) => string.Create(length, 0, static (text, _) =>
    {
        var dice = new Random(5); // So that it does not pack as a bomb does.
        for (var i = 0; i < text.Length; i++) text[i] = (char)('a' + dice.Next(26));
    });
}
