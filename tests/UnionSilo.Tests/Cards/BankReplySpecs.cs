using System.Globalization;
using System.Text;
using UnionClient;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Cards;

/// <summary>Replies of the bank as files: taken as a whole or not at all.</summary>
[Trait("F", "27"), Trait("F", "28")]
public sealed class BankReplySpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private static readonly CardBatchId Batch = new("B-1");
    private static readonly string Date = Written(CardTown.Today);
    private static readonly string Tomorrow = Written(CardTown.Today.AddDays(1));

    private readonly TemporaryFolder bank = new();

    /// <summary>Everything that can be wrong with the reply to a batch of twelve lines of which the fourth is void: the rule, the lines it names, and how the right file becomes that one.</summary>
    private static IEnumerable<(string Code, string Lines, Func<string[], IEnumerable<string>> Spoil)> Malformed()
    {
        yield return ("bank-file.empty", "0", _ => []);
        yield return ("bank-file.header-invalid", "1", file => ["", .. file[1..]]);
        yield return ("bank-file.header-invalid", "1", file => file[1..]);
        yield return ("bank-file.header-invalid", "1", file => [$"H|B 1|{Date}", .. file[1..]]);
        yield return ("bank-file.header-invalid", "1", file => ["H|B-1|20140230", .. file[1..]]);
        yield return ("bank-file.header-invalid", "1", file => [$"H|B-1|{Date}|12", .. file[1..]]);
        yield return ("bank-file.trailer-invalid", "12", file => file[..^1]);
        yield return ("bank-file.trailer-invalid", "13", file => [.. file[..^1], "T|11|eleven|0"]);
        yield return ("bank-file.trailer-invalid", "13", file => [.. file[..^1], "T|11|11|-0"]);
        yield return ("bank-file.after-trailer", "14,15", file => [.. file, "", file[1]]);
        yield return ("bank-file.totals-wrong", "13", file => [.. file[..^1], "T|12|10|1"]);
        yield return ("bank-file.totals-wrong", "13", file => [.. file[..^1], "T|11|11|0"]);
        yield return ("bank-file.totals-wrong", "13", file => [.. file[..^1], "T|11|10|2"]);
        yield return ("bank-file.line-invalid", "3", file => With(file, 3, "D|2|00"));
        yield return ("bank-file.line-invalid", "3", file => With(file, 3, "E" + file[2][1..]));
        yield return ("bank-file.line-number-invalid", "3", file => With(file, 3, file[2].Replace("D|2|", "D|0|", StringComparison.Ordinal)));
        yield return ("bank-file.line-number-invalid", "3", file => With(file, 3, file[2].Replace("D|2|", "D|100001|", StringComparison.Ordinal)));
        yield return ("bank-file.line-number-invalid", "3", file => With(file, 3, file[2].Replace("D|2|", "D|２|", StringComparison.Ordinal)));
        yield return ("bank-file.line-repeated", "3", file => With(file, 3, file[2].Replace("D|2|", "D|1|", StringComparison.Ordinal)));
        yield return ("bank-file.result-unknown", "3", file => With(file, 3, $"D|2|06||{Date}"));
        yield return ("bank-file.result-unknown", "3", file => With(file, 3, $"D|2|0||{Date}"));
        yield return ("bank-file.date-invalid", "3", file => With(file, 3, file[2].Replace(Date, "20141301", StringComparison.Ordinal)));
        yield return ("bank-file.date-invalid", "3", file => With(file, 3, file[2].Replace(Date, CardTown.Today.ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        yield return ("bank-file.date-after-header", "3", file => With(file, 3, file[2].Replace(Date, Tomorrow, StringComparison.Ordinal)));
        yield return ("bank-file.card-number-invalid", "3", file => With(file, 3, $"D|2|00||{Date}"));
        yield return ("bank-file.card-number-invalid", "3", file => With(file, 3, $"D|2|00|9999990000000013|{Date}"));
        yield return ("bank-file.card-number-invalid", "3", file => With(file, 3, $"D|2|00|999999000000001|{Date}"));
        yield return ("bank-file.card-number-repeated", "3", file => With(file, 3, file[1].Replace("D|1|", "D|2|", StringComparison.Ordinal)));
        yield return ("bank-file.card-number-not-expected", "3", file => With(file, 3, file[2].Replace("|00|", "|01|", StringComparison.Ordinal)));
        yield return ("bank-file.text-missing", "3", file => With(file, 3, $"D|2|99| |{Date}"));
        yield return ("bank-file.text-missing", "3", file => With(file, 3, $"D|2|99|{new string('示', 101)}|{Date}"));
        yield return ("bank-file.line-too-long", "3", file => With(file, 3, file[2] + new string('0', 100_000)));
        yield return ("bank-file.broken-character", "3", file => With(file, 3, file[2] + "\0"));
        yield return ("bank-file.broken-character", "3", file => With(file, 3, file[2].Replace('|', '\r')));
        yield return ("bank-file.line-number-invalid bank-file.too-many-lines", "0,100001,100002", file => [.. file[..^1], .. Enumerable.Range(13, 100_000).Select(line => $"D|{line}|01||{Date}"), file[^1]]);
        yield return ("bank-file.line-number-invalid bank-file.result-unknown bank-file.date-invalid", "2,3,4", file => [file[0], "D|x" + file[1][3..], $"D|2|77||{Date}", file[3].Replace(Date, "0", StringComparison.Ordinal), .. file[4..]]);
    }

    /// <summary>What only the batch can tell.</summary>
    private static IEnumerable<(string Code, string? Lines, Func<string[], IEnumerable<string>> Spoil)> Refused()
    {
        yield return ("card-batch.unknown", null, file => [$"H|B-9|{Date}", .. file[1..]]);
        yield return ("card-batch.not-sent", null, file => [$"H|B-2|{Date}", .. file[1..]]);
        yield return ("card-batch.lines-unknown", "13", file => With(file, 12, file[11].Replace("D|12|", "D|13|", StringComparison.Ordinal)));
        yield return ("card-batch.lines-unknown", "4,99999", file => [.. file[..^1], $"D|4|01||{Date}", $"D|99999|01||{Date}", "T|13|10|3"]);
        yield return ("card-batch.lines-missing", "2-3", file => [file[0], file[1], .. file[4..^1], "T|9|8|1"]);
        yield return ("card-batch.reply-dates", null, file => file.Select(line => line.Replace(Date, Tomorrow, StringComparison.Ordinal)));
        yield return ("card-batch.reply-dates", null, file => file.Select(line => line.Replace(Date, Written(CardTown.Today.AddDays(-1)), StringComparison.Ordinal)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_malformed_reply_is_refused_as_a_whole_with_its_lines_named_and_changes_nothing(string store)
    {
        var (client, file) = await Sent(store);
        var before = await Seen(client);
        foreach (var (code, lines, spoil) in Malformed())
        {
            var summary = await Take(client, spoil(file));
            Assert.Equal((false, null, code, lines), (summary.IsTaken, summary.Refusal, string.Join(' ', summary.Findings.Select(finding => finding.Rule.Code).Distinct()), LineSetOf(summary.Findings.Select(finding => finding.Line))));
            Assert.DoesNotContain("999999", string.Join(' ', summary.Findings), StringComparison.Ordinal);
        }

        foreach (var (code, lines, spoil) in Refused())
        {
            var summary = await Take(client, spoil(file));
            Assert.Equal((false, code, 0), (summary.IsTaken, summary.Refusal?.Code, summary.Findings.Length));
            Assert.Equal(summary.Refusal, (await client.CardWork.PlanReply(await Save(spoil(file)), CardTown.ByBank, Cancel)).Refusal);
            if (lines is not null) Assert.Equal(lines, summary.Refusal!.Arguments.First(argument => argument.Name == "lines").Value);
        }

        // Planned, a reply says what it would do, and does nothing.
        var planned = await client.CardWork.PlanReply(await Save(file), CardTown.ByBank, Cancel);
        Assert.Equal((10, 1, false, null), (planned.Produced, planned.Rejected, planned.IsTaken, planned.Refusal));
        Assert.Equal(BankFileRules.Empty.Code, Assert.Single((await client.CardWork.PlanReply(await Save([]), CardTown.ByBank, Cancel)).Findings).Rule.Code);
        Assert.Equal(before, await Seen(client));

        // Half a character, as a line that was cut off leaves it.
        await System.IO.File.WriteAllBytesAsync(bank.File("reply"), [.. Encoding.UTF8.GetBytes(file[0] + "\nD|1|99|"), 0xE7, 0xA4, .. Encoding.UTF8.GetBytes($"|{Date}\nT|1|0|1\n")], Cancel);
        Assert.Equal("bank-file.broken-character", Assert.Single((await client.CardWork.TakeReply(bank.File("reply"), CardTown.ByBank, cancel: Cancel)).Findings).Rule.Code);
        Assert.Equal("card-batch.role-not-allowed", (await client.CardWork.TakeReply(await Save(file), CardTown.ByDesk, cancel: Cancel)).Refusal?.Code);
        Assert.Equal(before, await Seen(client));

        // Lines may end as they like, and stand in any order: it is the same reply, and another one is none.
        await System.IO.File.WriteAllTextAsync(bank.File("reply"), string.Join("\r\n", file), Cancel);
        var taken = await client.CardWork.TakeReply(bank.File("reply"), CardTown.ByBank, cancel: Cancel);
        Assert.Equal((10, 1, 11, CardBatchStatus.Settled), (taken.Produced, taken.Rejected, taken.Work!.Told, taken.Work.Batch.Status));
        var after = await Seen(client);
        Assert.NotEqual(before, after);
        foreach (var same in (IEnumerable<string[]>)[file, [file[0], .. file[1..^1].Reverse(), file[^1]]])
        {
            var again = await Take(client, same);
            Assert.Equal((true, 0), (again.IsTaken, again.Work!.Asked));
        }

        Assert.Equal("card-batch.answered-otherwise", (await Take(client, With(file, 3, $"D|2|00|{MadeUpBank.Number(CardTown.Document(2), 1)}|{Date}"))).Refusal?.Code);
        Assert.Equal(after, await Seen(client));
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_member_whose_number_somebody_else_has_is_not_told_and_stays_on_the_list(string store)
    {
        var (client, file) = await Sent(store);
        var town = new CardTown(client, Cancel);
        Assert.True((await Take(client, file)).Work!.IsDone);
        await town.Settle(21, 2);
        await town.Fill(new("B-3"), [21, 22]);
        var order = await town.Order(new("B-3"), bank.File("order-3"));
        var reply = MadeUpBank.Reply(order, CardTown.Today);
        reply[1] = $"D|1|00|{MadeUpBank.Number(CardTown.Document(2))}|{Date}";
        for (var time = 0; time < 2; time++)
        {
            var taken = await Take(client, reply);
            Assert.Equal((true, time == 0 ? 1 : 0, 1, CardBatchStatus.Reconciled), (taken.IsTaken, taken.Work!.Told, taken.Work.Waiting, taken.Work.Batch.Status));
            Assert.Equal((1, CardRules.NumberHeld.With("holder", CardTown.Person(2).Stream)), Assert.Single(taken.Work.Findings) is var finding ? (finding.Line, finding.Rule) : default);
        }

        // Somebody decides: the line is void after the answer, and its member told so.
        Accepted(await client.CardBatches.Send(new("B-3"), new CardBatchCommand.VoidLines(LineSet.Of(1)), CardTown.ByDesk with { Reason = "the number is another's" }, Cancel));
        var told = await client.CardWork.Advance(new("B-3"), CardTown.ByDesk, cancel: Cancel);
        Assert.Equal((1, CardBatchStatus.Settled, 2), (told.Told, told.Batch.Status, told.Batch.Produced));
        Assert.Empty(await Verify());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        bank.Dispose();
    }

    /// <summary>A batch of twelve lines lies before the bank, the fourth of them void, and one of two lines was made but not sent. The right reply.</summary>
    private async Task<(IUnionClient Client, string[] Reply)> Sent(string store)
    {
        var client = (await Start(store)).Client;
        var town = new CardTown(client, Cancel);
        await town.Found();
        await town.Settle(1, 14);
        await town.Fill(Batch, Enumerable.Range(1, 12));
        Accepted(await client.Members.Send(CardTown.Person(4), new MemberCommand.WithdrawCardConsent(), CardTown.ByDesk, Cancel));
        var order = await town.Order(Batch, bank.File("order"));
        await town.Fill(new("B-2"), [13, 14]);
        await town.Send(new("B-2"), new CardBatchCommand.Close());
        await client.CardWork.Advance(new("B-2"), CardTown.ByDesk, cancel: Cancel);
        await town.Send(new("B-2"), new CardBatchCommand.Export());
        return (client, MadeUpBank.Reply(order, CardTown.Today, (line, _) => line == 9 ? "99" : null));
    }

    /// <summary>The version of everything that a reply could have changed.</summary>
    private static async Task<string> Seen(IUnionClient client)
    {
        var versions = new List<long> { (await client.CardBatches.Get(Batch, cancel: Cancel)).Version, (await client.CardBatches.Get(new("B-2"), cancel: Cancel)).Version, (await client.CardBatches.Get(new("B-9"), cancel: Cancel)).Version };
        for (var n = 1; n <= 14; n++) versions.Add((await client.Members.Get(CardTown.Person(n), cancel: Cancel)).Version);
        return string.Join(' ', versions);
    }

    private async Task<UnionClient.CardBatches.BankReplySummary> Take(IUnionClient client, IEnumerable<string> file) => await client.CardWork.TakeReply(await Save(file), CardTown.ByBank, cancel: Cancel);

    private async Task<string> Save(IEnumerable<string> file)
    {
        await System.IO.File.WriteAllLinesAsync(bank.File("reply"), file, Cancel);
        return bank.File("reply");
    }

    private static IEnumerable<string> With(string[] file, int line, string instead) => [.. file[..(line - 1)], instead, .. file[line..]];

    private static string LineSetOf(IEnumerable<int> lines) => string.Join(',', lines.Distinct().Order());

    private static string Written(DateOnly on) => on.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
