using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using UnionTesting;

namespace UnionSilo.Tests.Imports;

/// <summary>Files that are made to exhaust whoever reads them: refused by name, in memory and time that do not depend on what they hold.</summary>
[Trait("F", "23")]
public sealed class HostileFileSpecs(ITestOutputHelper output) : IDisposable
{
    private const int MostMegabytes = 300;

    private readonly TemporaryFolder folder = new();
    private readonly SheetDesk desk = new();

    [Theory]
    [InlineData("rows", "2000000 rows ")]
    [InlineData("line", HostileFiles.Good + " 1 sheet-file.cell-too-long")]
    [InlineData("quotation", HostileFiles.Good + " 1 sheet-file.quote-not-closed")]
    [InlineData("hole", HostileFiles.Good + " 1 sheet-file.cell-too-long")]
    [InlineData("quotations", "0 rows  200000 sheet-file.quote-not-closed")]
    [InlineData("bomb", "0 rows  1 sheet-file.workbook-inflated")]
    [InlineData("texts", "0 rows  1 sheet-file.workbook-too-large")]
    [InlineData("roll", "300000 rows ")]
    public async Task It_is_read_in_little_memory_and_time(string kind, string expected)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "UnionSilo.Tests.dll"), "read-sheet", kind, folder.File("hostile")]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var told = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd().Split(';');
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        output.WriteLine($"{kind}: {told[0]}; at most {told[1]} MB resident, {told[2]} ms");
        Assert.StartsWith(expected, told[0], StringComparison.Ordinal);
        Assert.InRange(int.Parse(told[1], CultureInfo.InvariantCulture), 1, MostMegabytes);
    }

    [Theory]
    [InlineData(0xFFFF_FFF0, "sheet-file.workbook-too-large")]
    [InlineData(0x1000_0000, "sheet-file.workbook-inflated")]
    [InlineData(0x0000_0080, "sheet-file.workbook-broken")] // It unpacks to more than it says.
    public async Task A_workbook_that_tells_a_wrong_size_is_refused_before_anything_is_sent(uint size, string code)
    {
        var file = MadeUpWorkbook.Of(Enumerable.Range(2, 100).Select(n => MadeUpWorkbook.Row(n, MadeUpWorkbook.Inline(FormattableString.Invariant($"A{n}"), "1")))).Bytes();
        // In the directory the uncompressed size stands 22 bytes before the name.
        var name = file.AsSpan().LastIndexOf("xl/worksheets/sheet1.xml"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(name - 22), size);
        Assert.Equal((code, ""), await desk.Read(file));
        Assert.Empty(desk.Sent);
    }

    [Fact]
    public async Task A_workbook_with_more_parts_than_any_is_refused_unread()
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            for (var n = 0; n < 20_000; n++) zip.CreateEntry(FormattableString.Invariant($"part{n:000000}"));
        Assert.Equal(("sheet-file.workbook-broken", ""), await desk.Read(file.ToArray()));
    }

    [Theory]
    [InlineData("1,甲\0乙,a", "text.broken-character 名称")]
    [InlineData("\0\0\0\0", "sheet-file.cell-count")]
    public async Task Noughts_are_a_flaw_of_their_row(string row, string flaw)
    {
        Assert.Equal((null, $"1 {flaw}"), await desk.Read(SheetDesk.Utf8($"{SheetDesk.Header}\n{row}\n2,=1+1,１２\n")));
        Assert.Equal("2|=1+1|１２", Assert.Single(desk.Sent).Value);
    }

    [Fact]
    public async Task A_row_longer_than_any_is_refused_even_when_each_of_its_cells_is_not()
    {
        var cell = new string('x', 9_000);
        Assert.Equal((null, "1 sheet-file.row-too-long"), await desk.Read(Encoding.UTF8.GetBytes($"{SheetDesk.Header}\n{string.Join(',', Enumerable.Repeat(cell, 40))}\n2,乙,b\n")));
        Assert.Equal("2|乙|b", Assert.Single(desk.Sent).Value);
    }

    public void Dispose() => folder.Dispose();
}
