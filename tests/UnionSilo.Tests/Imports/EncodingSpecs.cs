using System.Text;
using UnionClient.Imports;
using UnionDomain.Kernel;
using UnionTesting;
using static UnionSilo.Tests.Imports.SheetDesk;

namespace UnionSilo.Tests.Imports;

/// <summary>In which encodings a CSV is read, and how it is told in which it is.</summary>
[Trait("F", "23")]
public sealed class EncodingSpecs : IDisposable
{
    private const string File = $"{Header}\r\n1,云杉,a\r\n2,\"𠀀·龘\r\n二\",€\r\n";

    private readonly TemporaryFolder folder = new();
    private readonly SheetDesk desk = new();

    public static TheoryData<string, byte[]> Readable => new()
    {
        { "utf-8", Utf8(File) },
        { "utf-8 with mark", [.. Encoding.UTF8.Preamble, .. Utf8(File)] },
        { "gb18030", Gb18030(File) },
        { "gb18030 with mark", Gb18030("\uFEFF" + File) },
    };

    [Theory, MemberData(nameof(Readable), DisableDiscoveryEnumeration = true)]
    public async Task A_file_is_read_in_the_encoding_it_has(string encoding, byte[] file)
    {
        Assert.Equal((null, ""), await desk.Read(file));
        Assert.Equal(["1|云杉|a", "2|𠀀·龘\n二|€"], desk.Sent.Values);
        Assert.NotEmpty(encoding);
    }

    [Fact]
    public async Task The_encoding_may_be_stated()
    {
        Assert.Equal((null, ""), await desk.Read(ImportSource.Of(new MemoryStream(Gb18030(File))).In(CsvEncoding.Gb18030)));
        Assert.Equal(("sheet-file.not-utf8", ""), await desk.Read(ImportSource.Of(new MemoryStream(Gb18030(File))).In(CsvEncoding.Utf8)));
        Assert.Equal(("sheet-file.column-unknown", ""), await desk.Read(ImportSource.Of(new MemoryStream(Utf8("1,2,3\n"))).In(CsvEncoding.Gb18030)));
        // A mark is certain, whatever is stated.
        desk.Sent.Clear();
        Assert.Equal((null, ""), await desk.Read(ImportSource.Of(new MemoryStream([.. Encoding.UTF8.Preamble, .. Utf8(File)])).In(CsvEncoding.Gb18030)));
    }

    [Fact]
    public async Task A_broken_character_is_a_flaw_of_its_row_and_never_another_encoding()
    {
        Assert.Equal((null, "1 text.broken-character 名称"), await desk.Read([.. Utf8($"{Header}\n1,云"), 0xB1, .. Utf8("杉,a\n2,乙,b\n")]));
        Assert.Equal("2|乙|b", Assert.Single(desk.Sent).Value);

        // Half a character before a comma, before a line's end, and at the end of the file; with a digit behind it a sequence of four bytes is begun.
        desk.Sent.Clear();
        byte[] half = [.. Gb18030($"{Header}\n1,云"), 0xB1, (byte)',', (byte)'a', (byte)'\n', .. Gb18030("2,乙,b"), 0xB1, (byte)'\n', .. Gb18030("3,丙,c"), 0x81, 0x31, (byte)'\n', .. Gb18030("4,丁,d\n5,戊,"), 0xFE];
        Assert.Equal((null, "1 text.broken-character 名称, 2 text.broken-character 备注, 3 text.broken-character 备注, 5 text.broken-character 备注"), await desk.Read(half));
        Assert.Equal("4|丁|d", Assert.Single(desk.Sent).Value);
    }

    [Fact]
    public async Task Rows_in_another_encoding_than_the_header_are_refused_one_by_one()
    {
        Assert.Equal((null, "2 text.broken-character 名称"), await desk.Read([.. Utf8($"{Header}\n1,甲,a\n"), .. Gb18030("2,云杉书店,b\n"), .. Utf8("3,丙,c\n")]));
        Assert.Equal(["1|甲|a", "3|丙|c"], desk.Sent.Values);
    }

    [Theory]
    [InlineData("utf-16", "sheet-file.utf16")]
    [InlineData("utf-16BE", "sheet-file.utf16")]
    [InlineData("utf-32", "sheet-file.utf16")]
    [InlineData("utf-32BE", "sheet-file.not-text")]
    public async Task Text_of_wide_characters_is_refused_by_its_name(string encoding, string code)
    {
        var of = Encoding.GetEncoding(encoding);
        Assert.Equal((code, ""), await desk.Read([.. of.Preamble, .. of.GetBytes(File)]));
        Assert.Equal(("sheet-file.not-text", ""), await desk.Read(of.GetBytes(File))); // Without a mark its noughts tell.
        Assert.Empty(desk.Sent);
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_refused_by_that_name()
    {
        var dice = new Random(1);
        var noise = new byte[5_000];
        dice.NextBytes(noise);
        Assert.Equal(("sheet-file.not-text", ""), await desk.Read(noise));
        Assert.Equal(("sheet-file.not-text", ""), await desk.Read([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]));
        Assert.Equal(("sheet-file.column-unknown", ""), await desk.Read(Utf8("%PDF-1.7\n")));
    }

    [Theory, Trait("F", "24")]
    [InlineData("utf-8")]
    [InlineData("gb18030")]
    [InlineData("xlsx")]
    public async Task A_file_of_errors_is_corrected_and_read_again_however_a_spreadsheet_saves_it(string format)
    {
        var path = folder.File("roll.xlsx");
        string[][] rows = [["编号", "名称", "备注"], ["110108190101010008", "", "=1+1"], ["2", "乙", "b"], ["0012", "", "1901-02-03"], ["13800000000", "", "3-1"]];
        await System.IO.File.WriteAllBytesAsync(path, MadeUpWorkbook.Shared(rows).Bytes(), TestContext.Current.CancellationToken);
        var import = new Import(ImportSource.File(path), new(), Header.Split(','), 1, cells => cells[0], (sent, _) => Task.FromResult<IReadOnlyList<RowOutcome>>(
        [
            .. sent.Select(row => row.Cells[1].Length > 0
                ? new RowOutcome { Row = row.Number, Kind = RowKind.New }
                : new() { Row = row.Number, Kind = RowKind.Refused, Refused = [new("name", "名称", TextRules.Empty.With("field", "name"))] }),
        ]));
        var summary = await import.Run(cancel: TestContext.Current.CancellationToken);
        Assert.Equal((folder.File("roll.errors.csv"), 3L, 1L), (summary.ErrorFile, summary.Refused, summary.New));

        // Opened in a spreadsheet every cell is a text that stays what it is, because of the apostrophe where it would not.
        var lines = await System.IO.File.ReadAllLinesAsync(summary.ErrorFile!, TestContext.Current.CancellationToken);
        Assert.Equal($"{Header},行号,结果,原因", lines[0]);
        Assert.Equal("'110108190101010008,,'=1+1,1,未导入,“名称”为空", lines[1]);
        Assert.Equal("'0012,,'1901-02-03,3,未导入,“名称”为空", lines[2]);
        Assert.Equal("13800000000,,'3-1,4,未导入,“名称”为空", lines[3]);
        string[][] corrected = [.. lines.Select(line => line.Replace(",,", ",丙,", StringComparison.Ordinal).Split(','))];
        var text = string.Concat(corrected.Select(row => string.Join(',', row) + "\r\n"));
        Assert.Equal((null, ""), await desk.Read(format switch { "utf-8" => Utf8(text), "gb18030" => Gb18030(text), _ => MadeUpWorkbook.Shared(corrected).Bytes() }));
        Assert.Equal(["110108190101010008|丙|=1+1", "0012|丙|1901-02-03", "13800000000|丙|3-1"], desk.Sent.Values);
    }

    public void Dispose() => folder.Dispose();
}
