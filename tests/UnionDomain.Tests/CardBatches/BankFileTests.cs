using System.Diagnostics;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;

namespace UnionDomain.Tests.CardBatches;

/// <summary>The files to and from the bank.</summary>
[Trait("F", "27")]
public sealed class BankFileTests
{
    private const string Card = "9999990000000014";
    private const string OtherCard = "9999990000000022";

    private static readonly string[] Good = ["H|B-1|20140616", $"D|1|00|{Card}|20140612", "D|2|01||20140613", "D|3|99|证件无法核实|20140613", "T|3|1|2"];

    private static readonly CardBatchView Batch = new() { Id = new("B-1"), Status = CardBatchStatus.Exported, Union = new("U-2"), Lines = 4, Void = LineSet.Of(2), ExportedOn = new(2014, 6, 6) };

    [Fact]
    public void The_file_to_the_bank_is_written() => Assert.Equal(
        ["H|B-1|20140606|3|U-2", "D|1|示例人|1|110108190101010008|10000000001", "D|3|示例·人|2|E10000000|10000000002", "D|4|示例人|1|110108190101010008|10000000001", "T|3|8"],
        BankOrder.Write(Batch, [Line(1), Line(3, "示例·人", 2, "E10000000", "10000000002"), Line(4)]));

    [Fact]
    public void Half_a_file_is_never_written()
    {
        Assert.Throws<ArgumentException>(() => BankOrder.Write(Batch with { ExportedOn = null }, []).ToList());
        Assert.Throws<ArgumentException>(() => BankOrder.Write(Batch, [Line(1), Line(3)]).ToList());
        Assert.Throws<ArgumentException>(() => BankOrder.Write(Batch, [Line(1), Line(2), Line(3), Line(4)]).ToList());
        Assert.Throws<ArgumentException>(() => BankOrder.Write(Batch, [Line(3), Line(1), Line(4)]).ToList());
        Assert.Throws<ArgumentException>(() => BankOrder.Write(Batch, [Line(1), Line(3), Line(4), Line(4)]).ToList());
    }

    [Theory]
    [InlineData("name", null)]
    [InlineData("name", "示例|人")]
    [InlineData("documentNumber", "")]
    [InlineData("mobile", "1\n2")]
    [InlineData("documentType", null)]
    public void A_line_needs_every_field(string field, string? text)
    {
        var view = Opened();
        view = field switch
        {
            "name" => view with { Personal = view.Personal! with { Name = text } },
            "documentNumber" => view with { Personal = view.Personal! with { DocumentNumber = text } },
            "mobile" => view with { Personal = view.Personal! with { Mobile = text } },
            _ => view with { DocumentType = null },
        };
        Assert.False(BankOrderLine.TryOf(1, view, out _, out var refusal));
        Assert.Equal((string.IsNullOrEmpty(text) ? BankFileRules.FieldMissing : BankFileRules.FieldBroken).With("field", field), refusal);
    }

    [Fact]
    public void A_member_who_was_not_opened_stands_in_no_file()
    {
        Assert.False(BankOrderLine.TryOf(1, Opened() with { Personal = null }, out _, out var refusal));
        Assert.Equal(BankFileRules.FieldMissing.With("field", "name"), refusal);
    }

    [Fact]
    public void A_reply_is_read()
    {
        Assert.True(BankReply.TryRead(Good, out var reply, out var findings));
        Assert.Empty(findings);
        Assert.Equal((new("B-1"), new(2014, 6, 16), 1, 2), (reply.Batch, reply.RepliedOn, reply.Produced, reply.Rejected));
        Assert.True(CardNumber.TryParse(Card, out var number, out _));
        Assert.Equal([new(1, CardResult.Produced, new(2014, 6, 12), number), new(2, CardResult.NameDisagrees, new(2014, 6, 13)), new(3, CardResult.Other, new(2014, 6, 13), Text: "证件无法核实")], reply.Lines);
        var told = reply.ToCommand();
        Assert.Equal([new(CardResult.Produced, new(2014, 6, 12), LineSet.Of(1)), new(CardResult.NameDisagrees, new(2014, 6, 13), LineSet.Of(2)), new(CardResult.Other, new(2014, 6, 13), LineSet.Of(3))], told.Results);
        Assert.Equal((2, null), (reply.Of(2)?.Line, reply.Of(4)));
        Assert.DoesNotContain(Card, $"{reply} {reply.Lines[0]} {reply.Lines[0].ToCommand(reply.Batch)} {System.Text.Json.JsonSerializer.Serialize(told, UnionJson.Options)}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_is_known_in_whatever_order_its_lines_stand_and_by_its_numbers()
    {
        string[] turned = [Good[0], Good[3], Good[1], Good[2], Good[4]];
        Assert.Equal(Digest(Good), Digest(turned));
        Assert.NotEqual(Digest(Good), Digest([Good[0], $"D|1|00|{OtherCard}|20140612", .. Good[2..]]));
        Assert.NotEqual(Digest(Good), Digest(["H|B-1|20140617", .. Good[1..]]));
        Assert.NotEqual(Digest(Good), Digest([.. Good[..3], "D|3|99|其他|20140613", Good[4]]));
    }

    public static TheoryData<string, int, string> Malformed => new()
    {
        { "", 0, "bank-file.empty" },
        { "X|B-1|20140616", 1, "bank-file.header-invalid" },
        { "H|B-1|20140616|3", 1, "bank-file.header-invalid" },
        { "H||20140616", 1, "bank-file.header-invalid" },
        { "H|B/1|20140616", 1, "bank-file.header-invalid" },
        { "H|B-1|20140631", 1, "bank-file.header-invalid" },
        { "H|B-1|2014-06-16", 1, "bank-file.header-invalid" },
        { "2:D|1|00|9999990000000014", 2, "bank-file.line-invalid" },
        { "2:D|1|00|9999990000000014|20140612|", 2, "bank-file.line-invalid" },
        { "2:E|1|00|9999990000000014|20140612", 2, "bank-file.line-invalid" },
        { "2:", 2, "bank-file.line-invalid" },
        { "2:D|0|00|9999990000000014|20140612", 2, "bank-file.line-number-invalid" },
        { "2:D|-1|00|9999990000000014|20140612", 2, "bank-file.line-number-invalid" },
        { "2:D| 1|00|9999990000000014|20140612", 2, "bank-file.line-number-invalid" },
        { "2:D|１|00|9999990000000014|20140612", 2, "bank-file.line-number-invalid" },
        { "2:D|100001|00|9999990000000014|20140612", 2, "bank-file.line-number-invalid" },
        { "2:D|99999999999|00|9999990000000014|20140612", 2, "bank-file.line-number-invalid" },
        { "3:D|1|01||20140613", 3, "bank-file.line-repeated" },
        { "2:D|1|0|9999990000000014|20140612", 2, "bank-file.result-unknown" },
        { "2:D|1|06||20140612", 2, "bank-file.result-unknown" },
        { "2:D|1|98||20140612", 2, "bank-file.result-unknown" },
        { "2:D|1|００|9999990000000014|20140612", 2, "bank-file.result-unknown" },
        { "2:D|1|00|9999990000000015|20140612", 2, "bank-file.card-number-invalid" },
        { "2:D|1|00|999999000000001|20140612", 2, "bank-file.card-number-invalid" },
        { "2:D|1|00|9999 9900 0000 0014|20140612", 2, "bank-file.card-number-invalid" },
        { "2:D|1|00|９９９９９９００００００００１４|20140612", 2, "bank-file.card-number-invalid" },
        { "2:D|1|00||20140612", 2, "bank-file.card-number-invalid" },
        { "3:D|2|00|9999990000000014|20140612", 3, "bank-file.card-number-repeated" },
        { "3:D|2|01|9999990000000022|20140612", 3, "bank-file.card-number-not-expected" },
        { "3:D|2|01|text|20140612", 3, "bank-file.card-number-not-expected" },
        { "4:D|3|99||20140613", 4, "bank-file.text-missing" },
        { "4:D|3|99| |20140613", 4, "bank-file.text-missing" },
        { $"4:D|3|99|{new string('x', 101)}|20140613", 4, "bank-file.text-missing" },
        { "4:D|3|99|证件|无法|20140613", 4, "bank-file.line-invalid" },
        { "3:D|2|01||20140229", 3, "bank-file.date-invalid" },
        { "3:D|2|01||", 3, "bank-file.date-invalid" },
        { "3:D|2|01||２０１４０６１３", 3, "bank-file.date-invalid" },
        { "3:D|2|01||20140617", 3, "bank-file.date-after-header" },
        { "3:D|2|01||2014\00613", 3, "bank-file.broken-character" },
        { "4:D|3|99|a\u0007b|20140613", 4, "bank-file.broken-character" },
        { "4:D|3|99|\ud800|20140613", 4, "bank-file.broken-character" },
        { $"4:D|3|99|{new string('x', 300)}|20140613", 4, "bank-file.line-too-long" },
        { "5:T|3|1", 5, "bank-file.trailer-invalid" },
        { "5:T|3|1|x", 5, "bank-file.trailer-invalid" },
        { "5:T|3|１|2", 5, "bank-file.trailer-invalid" },
        { "5:T|4|1|2", 5, "bank-file.totals-wrong" },
        { "5:T|3|2|1", 5, "bank-file.totals-wrong" },
        { "5:T|3|1|3", 5, "bank-file.totals-wrong" },
        { "5:", 5, "bank-file.line-invalid" },
        { "6:D|4|01||20140613", 6, "bank-file.after-trailer" },
        { "6:T|3|1|2", 6, "bank-file.after-trailer" },
    };

    [Theory, MemberData(nameof(Malformed))]
    public void Anything_malformed_refuses_the_whole_reply_and_names_the_line(string change, int line, string code)
    {
        List<string> file = [.. Good];
        if (change.Length == 0) file.Clear();
        else if (char.IsAsciiDigit(change[0]) && change[0] - '1' < file.Count) file[change[0] - '1'] = change[2..];
        else if (char.IsAsciiDigit(change[0])) file.Add(change[2..]);
        else file[0] = change;

        Assert.False(BankReply.TryRead(file, out var reply, out var findings));
        Assert.Null(reply);
        var finding = findings.First(f => f.Line == line);
        Assert.Equal(code, finding.Rule.Code);
        // What is told of a file repeats no number, name or text of it.
        foreach (var sentence in findings.Select(f => f.Rule.EnglishText() + f.Rule.ChineseText()))
        {
            Assert.DoesNotContain("{", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("99999", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain("证件", sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_was_cut_off_is_refused()
    {
        for (var kept = 0; kept < Good.Length; kept++) Assert.False(BankReply.TryRead(Good[..kept], out _, out _));
    }

    [Fact]
    public void Every_malformed_line_is_named()
    {
        Assert.False(BankReply.TryRead([Good[0], "D|x|00|1|20140612", Good[2], "D|2|07||1", Good[4]], out _, out var findings));
        Assert.Equal([2, 2, 4, 4, 4], findings.Select(finding => finding.Line));
    }

    [Fact]
    public void A_file_of_mistakes_and_one_without_end_are_given_up()
    {
        Assert.False(BankReply.TryRead(Endless("D|x"), out _, out var findings));
        Assert.Equal(BankReply.MostFindings, findings.Length);
        Assert.False(BankReply.TryRead(Endless("H|B-1|20140616"), out _, out findings));
        Assert.Equal(BankReply.MostFindings, findings.Length);
    }

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    public void A_reply_of_a_hundred_thousand_lines_takes_seconds(int lines, bool taken)
    {
        var watch = Stopwatch.StartNew();
        var read = BankReply.TryRead(Large(lines), out var reply, out var findings);
        var told = reply?.ToCommand();
        watch.Stop();
        Assert.Equal(taken, read);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        if (!taken) Assert.Contains(BankFileRules.TooManyLines.Code, findings.Select(finding => finding.Rule.Code));
        if (taken) Assert.Equal((100_000, 99_900, 2), (reply!.Lines.Length, reply.Produced, told!.Results.Length));
    }

    [Fact, Trait("F", "26")]
    public void Notices_are_read()
    {
        Assert.True(BankNotices.TryRead([$"A|{Card}|20140620", $"L|{OtherCard}|20140621", $"X|{Card}|20140622"], out var notices, out _));
        Assert.Equal([CardNotice.Activated, CardNotice.LossReported, CardNotice.Cancelled], notices.Select(notice => notice.Kind));
        Assert.Equal(new DateOnly(2014, 6, 21), notices[1].BankOn);
        Assert.Equal(new(CardNotice.Activated, new(2014, 6, 20), Card), notices[0].ToCommand());
        Assert.DoesNotContain(Card, $"{notices[0]} {notices[0].ToCommand()}", StringComparison.Ordinal);
    }

    [Theory, Trait("F", "26")]
    [InlineData("", "bank-file.notice-invalid")]
    [InlineData("F|9999990000000014|20140620", "bank-file.notice-invalid")]
    [InlineData("a|9999990000000014|20140620", "bank-file.notice-invalid")]
    [InlineData("A|9999990000000014", "bank-file.notice-invalid")]
    [InlineData("A|9999990000000015|20140620", "bank-file.card-number-invalid")]
    [InlineData("A|9999990000000014|20140631", "bank-file.date-invalid")]
    [InlineData("A|9999990000000014|2014\00620", "bank-file.broken-character")]
    public void A_malformed_notice_refuses_all_of_them(string line, string code)
    {
        Assert.False(BankNotices.TryRead([$"A|{Card}|20140620", line], out var notices, out var findings));
        Assert.Empty(notices);
        Assert.Equal((2, code), (Assert.Single(findings).Line, findings[0].Rule.Code));
    }

    [Fact]
    public void No_notices_are_no_file()
    {
        Assert.False(BankNotices.TryRead([], out _, out var findings));
        Assert.Equal(BankFileRules.Empty, Assert.Single(findings).Rule);
    }

    private static IEnumerable<string> Endless(string line)
    {
        while (true) yield return line;
    }

    private static IEnumerable<string> Large(int lines)
    {
        yield return "H|B-1|20140616";
        for (var line = 1; line <= lines; line++)
        {
            var payload = $"99999900{line:0000000}";
            yield return line % 1000 == 0 ? $"D|{line}|05||20140612" : $"D|{line}|00|{payload}{Luhn.CheckDigit(payload)}|20140612";
        }

        yield return $"T|{lines}|{lines - (lines / 1000)}|{lines / 1000}";
    }

    private static string Digest(IEnumerable<string> file) => BankReply.TryRead(file, out var reply, out _) ? reply.Digest : "";

    private static BankOrderLine Line(int line, string name = "示例人", int type = 1, string number = "110108190101010008", string mobile = "10000000001") =>
        BankOrderLine.TryOf(line, Opened() with { DocumentType = type, Personal = new() { Name = name, DocumentNumber = number, Mobile = mobile } }, out var order, out _) ? order : throw new UnreachableException();

    private static MemberView Opened() => new() { DocumentType = 1, Personal = new() { Name = "示例人", DocumentNumber = "110108190101010008", Mobile = "10000000001" } };
}
