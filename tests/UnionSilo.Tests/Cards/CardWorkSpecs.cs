using UnionClient;
using UnionClient.CardBatches;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Cards;

/// <summary>The work between a batch, its members and the bank's files, through the client on both databases.</summary>
[Trait("F", "28")]
public sealed class CardWorkSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private static readonly CardBatchId First = new("B-1");
    private static readonly CardBatchId Second = new("B-2");

    private readonly TemporaryFolder bank = new();

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "27")]
    public async Task A_batch_goes_to_the_bank_and_back_and_its_rejected_lines_once_more(string store)
    {
        var silo = await Start(store);
        var (client, town) = (silo.Client, new CardTown(silo.Client, Cancel));
        await town.Found();
        await town.Settle(1, 40);
        await town.Fill(First, Enumerable.Range(1, 40));

        // Members take their lines; one agrees no more before the batch is closed, one after.
        Accepted(await client.Members.Send(CardTown.Person(7), new MemberCommand.WithdrawCardConsent(), CardTown.ByDesk, Cancel));
        var taken = await client.CardWork.Advance(First, CardTown.ByDesk, cancel: Cancel);
        Assert.Equal((41, 0, 1, 1, 0), (taken.Asked, taken.Cleared, taken.Voided, taken.Told, taken.Waiting));
        Assert.Equal(new CardLineFinding(7, CardRules.NotChecked.With("status", CardOrderStatus.None)), Assert.Single(taken.Findings));
        Accepted(await client.Members.Send(CardTown.Person(9), new MemberCommand.WithdrawCardConsent(), CardTown.ByDesk, Cancel));
        await town.Send(First, new CardBatchCommand.Close());
        var heard = new List<CardWorkProgress>();
        var cleared = await client.CardWork.Advance(First, CardTown.ByDesk, new Heard(heard), Cancel);
        Assert.Equal((40, 38, 1, 1, true), (cleared.Asked, cleared.Cleared, cleared.Voided, cleared.Told, cleared.IsDone));
        Assert.Equal([new(39, 39), new(40, 40)], heard);
        Assert.Equal(("7,9", "", ""), (cleared.Batch.Void.Value, cleared.Batch.Open.Value, cleared.Batch.Untold.Value));
        Assert.Equal(0, (await client.CardWork.Advance(First, CardTown.ByDesk, cancel: Cancel)).Asked);

        Assert.Equal(CardBatchRules.NotExported.With("status", CardBatchStatus.Closed), (await client.CardWork.WriteOrder(First, bank.File("order"), "card", CardTown.ByDesk, cancel: Cancel)).Refusal);
        var order = await town.Order(First, bank.File("order"));
        Assert.Equal(($"H|B-1|{CardTown.Today:yyyyMMdd}|38|{District.Federation}", 40, $"T|38|{(40 * 41 / 2) - 16}"), (order[0], order.Length, order[^1]));
        Assert.Equal("D|1|示例人|2|X00000001|10000000001", order[1]);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(bank.File("order")));
        Assert.Equal([("card", CardTown.Desk.Id)], (await client.MemberLooks.Page(new() { Member = CardTown.Person(1) }, cancel: Cancel)).Lines.Select(look => (look.Purpose, look.By)));

        // Every tenth line is rejected; the bank tells the same again.
        await System.IO.File.WriteAllLinesAsync(bank.File("reply"), MadeUpBank.Reply(order, CardTown.Today, (line, _) => line % 10 == 0 ? "99" : null), Cancel);
        var replied = await client.CardWork.TakeReply(bank.File("reply"), CardTown.ByBank, cancel: Cancel);
        Assert.Equal((34, 4, 38, 38, CardBatchStatus.Settled), (replied.Produced, replied.Rejected, replied.Work!.Asked, replied.Work.Told, replied.Work.Batch.Status));
        var again = await client.CardWork.TakeReply(bank.File("reply"), CardTown.ByBank, cancel: Cancel);
        Assert.Equal((34, 4, 0, 0, true), (again.Produced, again.Rejected, again.Work!.Asked, again.Work.Told, again.IsTaken));

        foreach (var n in (int[])[10, 20, 30, 40]) Accepted(await client.Members.Send(CardTown.Person(n), new MemberCommand.CheckCardApplication(), CardTown.ByDesk, Cancel));
        await town.Fill(Second, [10, 20, 30, 40, 11], First);
        var partly = await client.CardWork.Advance(Second, CardTown.ByDesk, cancel: Cancel);
        Assert.Equal("5", partly.Batch.Void.Value);
        order = await town.Order(Second, bank.File("order-2"));
        await System.IO.File.WriteAllLinesAsync(bank.File("reply-2"), MadeUpBank.Reply(order, CardTown.Today), Cancel);
        replied = await client.CardWork.TakeReply(bank.File("reply-2"), CardTown.ByBank, cancel: Cancel);
        Assert.Equal((4, 0, CardBatchStatus.Settled), (replied.Produced, replied.Rejected, replied.Work!.Batch.Status));
        Assert.Equal(38, (await client.Reports.Count(CardMeasures.Issued, District.Federation, new(CardTown.Today, CardTown.Today), Cancel)).Value);
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "27")]
    public async Task Notices_find_their_cards_by_number_and_the_same_file_again_changes_nothing(string store)
    {
        var silo = await Start(store);
        var (client, town) = (silo.Client, new CardTown(silo.Client, Cancel));
        await town.Found();
        await town.Settle(1, 1_100);
        await town.Fill(First, Enumerable.Range(1, 1_100));
        var order = await town.Order(First, bank.File("order"));
        await System.IO.File.WriteAllLinesAsync(bank.File("reply"), MadeUpBank.Reply(order, CardTown.Today), Cancel);
        Assert.True((await client.CardWork.TakeReply(bank.File("reply"), CardTown.ByBank, cancel: Cancel)).Work!.IsDone);

        // Everybody's card is activated, the first is lost twice and cancelled, the second activated only after it was cancelled; a number is nobody's.
        var date = CardTown.Today.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
        string[] file =
        [
            .. Enumerable.Range(1, 1_100).Where(n => n != 2).Select(n => Line("A", n)), Line("L", 1), Line("L", 1), Line("X", 1), Line("X", 2), Line("A", 2),
            $"X|{MadeUpBank.Number(CardTown.Document(3), 1)}|{date}", $"L|{MadeUpBank.Number(CardTown.Document(4))}|99991231",
        ];
        await System.IO.File.WriteAllLinesAsync(bank.File("notices"), file, Cancel);
        var heard = new List<CardWorkProgress>();
        var taken = await client.CardWork.TakeNotices(bank.File("notices"), CardTown.ByBank, new Heard(heard), Cancel);
        Assert.Equal((1_102, 1, 1, null), (taken.Recorded, taken.Unchanged, taken.Unknown, taken.Refusal));
        Assert.Equal([(1_104, CardRules.Cancelled.Code), (1_105, BankFileRules.CardUnknown.Code), (1_106, CardRules.BankDateInFuture.Code)], taken.Refused.Select(finding => (finding.Line, finding.Rule.Code)));
        Assert.Equal([500, 1_000, 1_106], heard.Select(progress => progress.Lines));
        Assert.Equal([CardStatus.Cancelled, CardStatus.Cancelled, CardStatus.Activated], (await client.Cards.List(new(), Cancel).Take(3).ToListAsync(Cancel)).Select(line => line.Status));
        Assert.Equal(1_098, await client.Cards.List(new() { Status = CardStatus.Activated }, Cancel).CountAsync(Cancel));
        var again = await client.CardWork.TakeNotices(bank.File("notices"), CardTown.ByBank, cancel: Cancel);
        Assert.Equal((0, 1_103, 3), (again.Recorded, again.Unchanged, again.Refused.Length));

        // Nothing of a malformed file is taken; and nobody searches outside the own subtree.
        await System.IO.File.WriteAllLinesAsync(bank.File("broken"), [Line("L", 5), "A|1234|20140630", Line("Z", 6)], Cancel);
        Assert.Equal([(2, BankFileRules.CardNumberInvalid), (3, BankFileRules.NoticeInvalid)], (await client.CardWork.TakeNotices(bank.File("broken"), CardTown.ByBank, cancel: Cancel)).Findings.Select(finding => (finding.Line, finding.Rule)));
        Assert.Equal(CardStatus.Activated, (await client.Members.Get(CardTown.Person(5), cancel: Cancel)).View.Card!.Status);
        await System.IO.File.WriteAllLinesAsync(bank.File("one"), [Line("L", 5)], Cancel);
        var stranger = await client.CardWork.TakeNotices(bank.File("one"), new() { Operator = new("bank-2", new("U-900"), Role.Bank) }, cancel: Cancel);
        Assert.Equal((SearchRules.OutsideOwnSubtree.Code, 0), (stranger.Refusal?.Code, stranger.Recorded));
        Assert.Empty(await Verify());

        string Line(string kind, int n) => $"{kind}|{MadeUpBank.Number(CardTown.Document(n))}|{date}";
    }

    [Fact]
    public async Task Of_a_batch_of_many_lines_the_batch_hears_in_few_commands()
    {
        const int people = 5_001;
        var silo = await Start("sqlite");
        var (client, town, heard) = (silo.Client, new CardTown(silo.Client, Cancel), new List<CardWorkProgress>());
        await town.Found();
        await town.Settle(1, people);
        await town.Fill(First, Enumerable.Range(1, people));
        var order = await town.Order(First, bank.File("order"));
        await System.IO.File.WriteAllLinesAsync(bank.File("reply"), MadeUpBank.Reply(order, CardTown.Today, (line, _) => line % 2 == 0 ? "01" : null), Cancel);
        var taken = await client.CardWork.TakeReply(bank.File("reply"), CardTown.ByBank, new Heard(heard), Cancel);
        Assert.Equal((2_501, 2_500, people, CardBatchStatus.Settled), (taken.Produced, taken.Rejected, taken.Work!.Told, taken.Work.Batch.Status));
        Assert.Equal([.. Enumerable.Range(1, 10).Select(n => 500L * n), people], heard.Select(progress => progress.Lines));
        // Opened, filled, closed, cleared twice, exported, sent, reconciled, told twice.
        Assert.Equal(10, (await client.CardBatches.Get(First, cancel: Cancel)).Version);
        Assert.Equal(2_501, (await client.Reports.Count(CardMeasures.Issued, District.Federation, new(CardTown.Today, CardTown.Today), Cancel)).Value);
        Assert.Empty(await Verify());
    }

    [Fact]
    public async Task Whoever_asks_wrongly_changes_nothing_and_is_told_line_by_line()
    {
        var silo = await Start("sqlite");
        var (client, town) = (silo.Client, new CardTown(silo.Client, Cancel));
        await town.Found();
        await town.Settle(1, 5);
        await town.Fill(First, Enumerable.Range(1, 5));
        Assert.Equal(CardBatchRules.Unknown, (await client.CardWork.Advance(Second, CardTown.ByDesk, cancel: Cancel)).Refusal);
        Assert.Equal(CardBatchRules.Unknown, (await client.CardWork.WriteOrder(Second, bank.File("order"), "card", CardTown.ByDesk, cancel: Cancel)).Refusal);

        // An officer gives out no lines, and nobody acts for yesterday without the right to: the lines wait, and are not given up.
        foreach (var (wrong, code) in ((CommandOptions, string)[])[(new() { Operator = CardTown.Officer }, MemberRules.RoleNotAllowed.Code), (CardTown.ByDesk with { BusinessOn = CardTown.Today.AddDays(-1) }, "occasion.backdate-not-allowed")])
        {
            var waiting = await client.CardWork.Advance(First, wrong, cancel: Cancel);
            Assert.Equal((5, 5, 0, false), (waiting.Asked, waiting.Waiting, waiting.Voided, waiting.IsDone));
            Assert.Equal(Enumerable.Range(1, 5).Select(line => (line, code)), waiting.Findings.Select(finding => (finding.Line, finding.Rule.Code)));
        }

        // What the bank needs is missing: there is no file before the line is void.
        await town.Send(First, new CardBatchCommand.Close());
        Assert.True((await client.CardWork.Advance(First, CardTown.ByDesk, cancel: Cancel)).IsDone);
        await town.Send(First, new CardBatchCommand.Export());
        Accepted(await client.Members.Send(CardTown.Person(3), new MemberCommand.Collect(District.Unit(1), CardTown.Form(3) with { Mobile = "" }), CardTown.ByDesk, Cancel));
        var curious = await client.CardWork.WriteOrder(First, bank.File("order"), "curiosity", CardTown.ByDesk, cancel: Cancel);
        Assert.Equal((5, 5), (curious.Waiting, curious.Findings.Count(finding => finding.Rule.Code == LookRules.PurposeUnknown.Code)));
        var missing = await client.CardWork.WriteOrder(First, bank.File("order"), "card", CardTown.ByDesk, cancel: Cancel);
        Assert.Equal(new CardLineFinding(3, BankFileRules.FieldMissing.With("field", "mobile")), Assert.Single(missing.Findings));
        Assert.False(System.IO.File.Exists(bank.File("order")));
        Accepted(await client.CardBatches.Send(First, new CardBatchCommand.VoidLines(LineSet.Of(3)), CardTown.ByDesk with { Reason = "no phone" }, Cancel));
        Assert.Equal(6, (await town.Order(First, bank.File("order"))).Length);
        Assert.Equal(CardOrderStatus.DataChecked, (await client.Members.Get(CardTown.Person(3), cancel: Cancel)).View.Card!.Order);
        Assert.Empty(await Verify());
    }

    [Fact]
    public async Task A_file_that_is_made_anew_while_it_is_written_is_the_new_one_and_two_never_write_one_file_at_once()
    {
        var silo = await Start("sqlite");
        var (client, town) = (silo.Client, new CardTown(silo.Client, Cancel));
        await town.Found();
        await town.Settle(1, 4);
        await town.Fill(First, Enumerable.Range(1, 4));
        await town.Send(First, new CardBatchCommand.Close());
        Assert.True((await client.CardWork.Advance(First, CardTown.ByDesk, cancel: Cancel)).IsDone);
        await town.Send(First, new CardBatchCommand.Export());
        var gate = new Gate();
        silo.Store.OnRead = requests => requests.Any(request => request.Stream == CardTown.Person(1).Stream.ToString()) ? gate.Wait() : Task.CompletedTask;
        var writing = client.CardWork.WriteOrder(First, bank.File("order"), "card", CardTown.ByDesk, cancel: Cancel);
        await gate.Reached;
        Accepted(await client.CardBatches.Send(First, new CardBatchCommand.VoidLines(LineSet.Of(2)), CardTown.ByDesk with { Reason = "moved away" }, Cancel));
        await town.Send(First, new CardBatchCommand.Export());
        gate.Open();
        Assert.Equal(3, (await writing).Asked);
        Assert.Equal(["H", "D|1", "D|3", "D|4", "T|3|8"], (await System.IO.File.ReadAllLinesAsync(bank.File("order"), Cancel)).Select(line => line[0] == 'D' ? line[..3] : line[0] == 'H' ? "H" : line));

        await using (new FileStream(bank.File("order") + ".part", FileMode.Create, FileAccess.Write, FileShare.None))
            await Assert.ThrowsAsync<IOException>(() => client.CardWork.WriteOrder(First, bank.File("order"), "card", CardTown.ByDesk, cancel: Cancel));
        // What was left by somebody who was killed is in nobody's way.
        Assert.True((await client.CardWork.WriteOrder(First, bank.File("order"), "card", CardTown.ByDesk, cancel: Cancel)).IsDone);
        Assert.False(System.IO.File.Exists(bank.File("order") + ".part"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(bank.File("order")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_member_that_cannot_be_read_stops_nobody_else_and_is_heard_of_in_the_end(string store)
    {
        var silo = await Start(store);
        var (client, town) = (silo.Client, new CardTown(silo.Client, Cancel));
        await town.Found();
        await town.Settle(1, 6);
        await town.Fill(First, Enumerable.Range(1, 6));
        Assert.True((await client.CardWork.Advance(First, CardTown.ByDesk, cancel: Cancel)).IsDone);
        await town.Send(First, new CardBatchCommand.Close());

        // A newer silo wrote what this one does not know.
        await using (var writer = await silo.Store.Inner.OpenWriter(0, Cancel))
        {
            Assert.True((await writer.Commit(
            [
                new()
                {
                    Stream = CardTown.Person(2).Stream.ToString(), ExpectedVersion = 4, Token = new(), CommandId = Guid.CreateVersion7(), CommandHash = 0, Operator = "District:op-3@U-1", BusinessOn = CardTown.Today,
                    RecordedAt = BusinessCalendar.StartOf(CardTown.Today), Consequences = new([new("of-tomorrow", 1, "{}"u8.ToArray())], [], [], [], []),
                },
            ], false, Cancel)).Committed);
        }

        Assert.Equal("unknown-case", (await Assert.ThrowsAsync<UnionFault>(() => client.CardWork.Advance(First, CardTown.ByDesk, cancel: Cancel))).Code);
        Assert.Equal("2", (await client.CardBatches.Get(First, cancel: Cancel)).View.Open.Value);
        Accepted(await client.CardBatches.Send(First, new CardBatchCommand.ClearLines(LineSet.Of(2)), CardTown.ByDesk, Cancel));
        await town.Send(First, new CardBatchCommand.Export());
        Assert.Equal("unknown-case", (await Assert.ThrowsAsync<UnionFault>(() => client.CardWork.WriteOrder(First, bank.File("order"), "card", CardTown.ByDesk, cancel: Cancel))).Code);
        Assert.False(System.IO.File.Exists(bank.File("order")));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "26")]
    public async Task Many_numbers_are_searched_for_at_once_inside_the_own_subtree(string store)
    {
        var silo = await Start(store);
        var (client, town) = (silo.Client, new CardTown(silo.Client, Cancel));
        await town.Found();
        await town.Settle(1, 20);
        await town.Fill(First, Enumerable.Range(1, 20));
        var order = await town.Order(First, bank.File("order"));
        await System.IO.File.WriteAllLinesAsync(bank.File("reply"), MadeUpBank.Reply(order, CardTown.Today), Cancel);
        Assert.True((await client.CardWork.TakeReply(bank.File("reply"), CardTown.ByBank, cancel: Cancel)).Work!.IsDone);
        var query = new CardQuery { Within = District.Federation, Numbers = [Number(4), Number(2), Number(99), Number(4)] };
        Assert.Equal([(CardTown.Person(2), Number(2)), (CardTown.Person(4), Number(4))], (await client.Cards.Page(query, by: CardTown.Desk, cancel: Cancel)).Lines.Select(line => (line.Member, line.Asked!.Value)));
        var (first, next) = await client.Cards.Page(query, most: 1, by: CardTown.Desk, cancel: Cancel) is var page ? (page.Lines, page.Next) : default;
        Assert.Equal([CardTown.Person(2), CardTown.Person(4)], first.Concat((await client.Cards.Page(query, next, by: CardTown.Desk, cancel: Cancel)).Lines).Select(line => line.Member));
        Assert.Empty((await client.Cards.Page(query with { Numbers = [] }, by: CardTown.Desk, cancel: Cancel)).Lines);
        Assert.Empty((await client.Cards.Page(query with { Status = CardStatus.Activated }, by: CardTown.Desk, cancel: Cancel)).Lines);
        Assert.Equal(SearchRules.ScopeMissing, (await client.Cards.Page(query with { Within = null }, by: CardTown.Desk, cancel: Cancel)).Refusal);
        Assert.Equal(SearchRules.OutsideOwnSubtree.Code, (await client.Cards.Page(query, by: CardTown.Officer, cancel: Cancel)).Refusal?.Code);
        Assert.Equal(SearchRules.TooMany.Code, (await client.Cards.Page(query with { Numbers = [.. Enumerable.Range(1, 1_001).Select(Number)] }, by: CardTown.Desk, cancel: Cancel)).Refusal?.Code);

        static CardNumber Number(int n)
        {
            Assert.True(CardNumber.TryParse(MadeUpBank.Number(CardTown.Document(n)), out var number, out _));
            return number;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        bank.Dispose();
    }

    private sealed class Heard(List<CardWorkProgress> heard) : IProgress<CardWorkProgress>
    {
        public void Report(CardWorkProgress value) => heard.Add(value);
    }
}
