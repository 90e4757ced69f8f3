using System.Text;
using UnionClient;
using UnionClient.Imports;
using UnionDomain.Kernel;
using UnionTesting;

namespace UnionSilo.Tests.Imports;

/// <summary>How a file is read, sent on and answered for, whoever takes its rows.</summary>
public sealed class ReadingSpecs : IDisposable
{
    private static readonly string[] Columns = ["编号", "名称", "备注"];

    private readonly TemporaryFolder folder = new();
    private readonly List<int> windows = [];
    private readonly List<string> sent = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Trait("F", "23")]
    [InlineData("", "sheet-file.empty")]
    [InlineData("\n", "sheet-file.empty")]
    [InlineData("编号,名称\n", "sheet-file.column-missing 备注 3")]
    [InlineData("名称,备注\n", "sheet-file.column-missing 编号 1")]
    [InlineData("编号,名称,备注,电话\n", "sheet-file.column-too-many 4 3")]
    [InlineData("编号,单位,备注\n", "sheet-file.column-unknown 2 名称")]
    [InlineData("编号,电话,名称,备注\n", "sheet-file.column-unknown 2 名称")]
    [InlineData("名称,编号,备注\n", "sheet-file.column-misplaced 名称 1 编号")]
    [InlineData("1,甲,乙\n", "sheet-file.column-unknown 1 编号")]
    [InlineData("\"编号,名称,备注\n", "sheet-file.quote-not-closed")]
    [InlineData("编号,名称,备注,行号,原因,结果\n", "sheet-file.column-too-many 4 3")]
    public async Task A_file_that_is_none_of_the_template_is_refused_and_nothing_is_sent(string file, string refusal)
    {
        var summary = await Of(file).Run(cancel: Cancel);
        Assert.Equal(refusal, string.Join(' ', [summary.Refusal!.Code, .. summary.Refusal.Arguments.Select(argument => argument.Value)]));
        Assert.Equal(0, summary.Rows);
        Assert.Empty(sent);
        await Assert.ThrowsAsync<RefusedException>(async () => await Of(file).ToListAsync(Cancel));
    }

    [Theory, Trait("F", "23")]
    [InlineData("编号,名称,备注\n1,甲,a\n2,乙,b", "1|甲|a 2|乙|b")]
    [InlineData("\uFEFF编号,名称,备注\r\n1,甲,a\r\n\r\n2,乙,b\r\n", "1|甲|a 2|乙|b")]
    [InlineData("编号,名称,备注\r1,甲,a\r2,乙,b\r", "1|甲|a 2|乙|b")]
    [InlineData("\"编号\", 名称 ,备注\n\"1\",\"甲\"\"甲,\",\"\"\n", "1|甲\"甲,|")]
    [InlineData("编号,名称,备注\n1,甲,\"a\nb\"\n2,乙,b\n", "1|甲|a\nb 2|乙|b")]
    [InlineData("编号,名称,备注\n1,甲\"x\",b\n", "1|甲\"x\"|b")]
    [InlineData("编号,名称,备注\n", "")]
    [InlineData("编号,名称,备注", "")]
    public async Task Rows_are_read_as_they_are_written(string file, string rows)
    {
        Assert.All(await Of(file).ToListAsync(Cancel), outcome => Assert.Equal(RowKind.New, outcome.Kind));
        Assert.Equal(rows, string.Join(' ', sent));
    }

    [Theory, Trait("F", "23")]
    [InlineData("1,甲", "sheet-file.cell-count")]
    [InlineData("1,甲,a,b,c", "sheet-file.cell-count")]
    [InlineData("1,\"甲,a", "sheet-file.quote-not-closed")]
    [InlineData("1,\"甲\"x,a", "sheet-file.quote-not-closed")]
    [InlineData("1,甲\0,a", "text.broken-character 名称")]
    [InlineData("1,甲,a\uFFFD", "text.broken-character 备注")]
    [InlineData("long", "sheet-file.cell-too-long 名称")]
    [InlineData("endless", "sheet-file.cell-too-long 名称")]
    public async Task A_row_that_cannot_be_read_is_refused_and_the_others_go_on(string row, string refusal)
    {
        if (row is "long" or "endless") row = $"1,{new string('甲', row == "long" ? SheetFile.LongestCell + 1 : 10_000_000)},a";
        var outcomes = await Of($"编号,名称,备注\n0,首,x\n{row}\n2,乙,\"b\"\"\"\n3,丙,c\n").ToListAsync(Cancel);
        Assert.Equal([1, 2, 3, 4], outcomes.Select(outcome => outcome.Row));
        Assert.Equal([RowKind.New, RowKind.Refused, RowKind.New, RowKind.New], outcomes.Select(outcome => outcome.Kind));
        var reason = Assert.Single(outcomes[1].Refused);
        Assert.Equal(refusal, $"{reason.Rule.Code} {reason.Column}".TrimEnd());
        Assert.Equal(["0|首|x", "2|乙|b\"", "3|丙|c"], sent);
    }

    [Fact, Trait("F", "23")]
    public async Task Outcomes_come_in_the_order_of_the_rows_whichever_window_answers_first()
    {
        var first = new TaskCompletionSource();
        var text = "编号,名称,备注\n" + string.Concat(Enumerable.Range(1, 100).Select(n => FormattableString.Invariant($"{n},甲,a\n")));
        var import = new Import(ImportSource.Of(new MemoryStream(Encoding.UTF8.GetBytes(text))), new() { WindowRows = 10 }, Columns, 4, cells => cells[0], async (rows, _) =>
        {
            if (rows[0].Number == 1) await first.Task;
            if (rows[0].Number == 31) first.SetResult(); // The fourth window is under way before the first has answered.
            return [.. rows.Select(row => new RowOutcome { Row = row.Number, Kind = RowKind.Same })];
        });
        Assert.Equal(Enumerable.Range(1, 100), (await import.ToListAsync(Cancel)).Select(outcome => outcome.Row));
    }

    [Fact, Trait("F", "23")]
    public async Task Long_rows_make_small_windows()
    {
        await Of("编号,名称,备注\n" + string.Concat(Enumerable.Range(1, 500).Select(n => FormattableString.Invariant($"{n},{new string('x', 9_000)},a\n")))).Run(cancel: Cancel);
        Assert.Equal(500, windows.Sum());
        Assert.All(windows, rows => Assert.InRange(rows, 1, 112));
    }

    [Fact, Trait("F", "24")]
    public async Task The_file_of_errors_keeps_what_was_typed_and_is_read_as_it_is()
    {
        var path = folder.File("roll.csv");
        await File.WriteAllTextAsync(path, "编号,名称,备注\n1,=1+1,-a\n2,\"+,\"\"\",@b\n3,'=c,'d\n4,好,\n5,甲\n", Cancel);
        var summary = await Of(path, refuse: _ => true).Run(cancel: Cancel);
        var errors = folder.File("roll.errors.csv");
        Assert.Equal((errors, 5L), (summary.ErrorFile, summary.Refused));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(errors));
        Assert.Equal([0xEF, 0xBB, 0xBF], (await File.ReadAllBytesAsync(errors, Cancel))[..3]);
        var lines = await File.ReadAllLinesAsync(errors, Cancel);
        Assert.Equal("编号,名称,备注,行号,结果,原因", lines[0]);
        Assert.Equal("1,'=1+1,'-a,1,未导入,“名称”为空", lines[1]);
        Assert.Equal("2,\"'+,\"\"\",'@b,2,未导入,“名称”为空", lines[2]);
        Assert.Equal("3,''=c,'d,3,未导入,“名称”为空", lines[3]);
        Assert.Equal("5,甲,,5,未导入,本行有2列，表头为3列", lines[5]);

        sent.Clear();
        Assert.Null((await Of(errors).Run(cancel: Cancel)).ErrorFile);
        Assert.Equal(["1|=1+1|-a", "2|+,\"|@b", "3|'=c|'d", "4|好|", "5|甲|"], sent);
        Assert.False(File.Exists(folder.File("roll.errors.errors.csv")));

        // A file that is there, perhaps corrected by somebody, is never replaced.
        Assert.Equal(folder.File("roll.errors-2.csv"), (await Of(path, refuse: _ => true).Run(cancel: Cancel)).ErrorFile);
        await Assert.ThrowsAsync<IOException>(() => Of(path, errors: errors).Run(cancel: Cancel));
        var own = folder.File("own.csv");
        Assert.Equal(own, (await Of(path, errors: own, refuse: row => row == 4).Run(cancel: Cancel)).ErrorFile);
        Assert.Equal(3, (await File.ReadAllLinesAsync(own, Cancel)).Length);
    }

    [Fact, Trait("F", "23")]
    public async Task What_fails_on_the_way_ends_the_import_by_its_name()
    {
        var import = new Import(ImportSource.Of(new MemoryStream("编号,名称,备注\n1,甲,a\n"u8.ToArray())), new(), Columns, 4, cells => cells[0], (_, _) => throw Faults.StoreFull());
        Assert.Equal("store-full", (await Assert.ThrowsAsync<UnionFault>(() => import.Run(cancel: Cancel))).Code);
    }

    [Fact, Trait("F", "23")]
    public async Task An_option_out_of_its_range_is_told_at_once()
    {
        await Task.CompletedTask;
        foreach (var options in (ImportOptions[])[new() { WindowRows = 0 }, new() { WindowRows = 1_001 }, new() { WindowsUnderWay = 17 }])
            Assert.Throws<System.ComponentModel.DataAnnotations.ValidationException>(() => new Import(ImportSource.Of(Stream.Null), options, Columns, 1, cells => cells[0], (_, _) => throw new InvalidOperationException()));
    }

    public void Dispose() => folder.Dispose();

    private Import Of(string text, Func<int, bool>? refuse = null, string? errors = null) => Of(
        File.Exists(text) ? ImportSource.File(text) : ImportSource.Of(new MemoryStream(Encoding.UTF8.GetBytes(text))), refuse, errors);

    private Import Of(ImportSource source, Func<int, bool>? refuse = null, string? errors = null) => new(source, new() { ErrorFile = errors }, Columns, 1, cells => cells[0], (rows, _) =>
    {
        windows.Add(rows.Count);
        sent.AddRange(rows.Select(row => string.Join('|', row.Cells)));
        return Task.FromResult<IReadOnlyList<RowOutcome>>(
        [
            .. rows.Select(row => refuse?.Invoke(row.Number) == true
                ? new RowOutcome { Row = row.Number, Kind = RowKind.Refused, Refused = [new("name", "名称", TextRules.Empty.With("field", "name"))] }
                : new RowOutcome { Row = row.Number, Kind = RowKind.New }),
        ]);
    });
}
