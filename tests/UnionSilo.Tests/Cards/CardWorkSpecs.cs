using UnionClient.CardBatches;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
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
