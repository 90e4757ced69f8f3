using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Cards;

/// <summary>Drivers that are cut off, again and again, and others beside them.</summary>
[Trait("F", "28")]
public sealed class CutOffSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private const int People = 1_100;

    private static readonly CardBatchId Batch = new("B-1");

    private readonly TemporaryFolder bank = new();

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_driver_that_is_cut_off_goes_on_and_two_at_once_do_no_harm(string store)
    {
        var silo = await Start(store);
        var (client, town, cuts) = (silo.Client, new CardTown(silo.Client, Cancel), 0);
        await town.Found();
        await town.Settle(1, People);
        await town.Fill(Batch, Enumerable.Range(1, People));
        foreach (var n in (int[])[1, 1_000, People]) Accepted(await client.Members.Send(CardTown.Person(n), new MemberCommand.WithdrawCardConsent(), CardTown.ByDesk, Cancel));

        var taken = await Through(cancel => client.CardWork.Advance(Batch, CardTown.ByDesk, cancel: cancel));
        Assert.Equal($"1,1000,{People}", taken.Batch.Void.Value);
        await town.Send(Batch, new CardBatchCommand.Close());
        var cleared = await Through(cancel => client.CardWork.Advance(Batch, CardTown.ByDesk, cancel: cancel));
        Assert.Equal((LineSet.Empty, LineSet.Empty, $"1,1000,{People}"), (cleared.Batch.Open, cleared.Batch.Untold, cleared.Batch.Void.Value));
        await town.Send(Batch, new CardBatchCommand.Export());
        await town.Send(Batch, new CardBatchCommand.MarkSent());

        // Whoever is cut off leaves no file, and no half of one.
        var number = 0;
        await Through(async cancel =>
        {
            var file = bank.File($"order-{Interlocked.Increment(ref number)}");
            try
            {
                return await client.CardWork.WriteOrder(Batch, file, "card", CardTown.ByDesk, cancel: cancel);
            }
            catch (OperationCanceledException)
            {
                Assert.False(System.IO.File.Exists(file) || System.IO.File.Exists(file + ".part"));
                throw;
            }
        });
        var orders = Directory.GetFiles(bank.File("."), "order-*").Select(System.IO.File.ReadAllLines).ToList();
        Assert.All(orders, order => Assert.Equal(orders[0], order));
        Assert.Equal(People - 3 + 2, orders[0].Length);

        await System.IO.File.WriteAllLinesAsync(bank.File("reply"), MadeUpBank.Reply(orders[0], CardTown.Today, (line, _) => line % 2 == 0 ? "05" : null), Cancel);
        var replied = await Through(cancel => client.CardWork.TakeReply(bank.File("reply"), CardTown.ByBank, cancel: cancel));
        Assert.Equal((true, CardBatchStatus.Settled, 549, 548), (replied.IsTaken, replied.Work!.Batch.Status, replied.Produced, replied.Rejected));
        Assert.True(cuts >= 8, $"Only {cuts} calls were cut off.");
        Assert.Equal(549, (await client.Reports.Count(CardMeasures.Issued, District.Federation, new(CardTown.Today, CardTown.Today), Cancel)).Value);
        Assert.Equal(549, await client.Cards.List(new() { Status = CardStatus.Produced }, Cancel).CountAsync(Cancel));
        Assert.Empty(await Verify());

        // Two do it at once; both are cut off after the first touch of the database, after the second, the fourth and so on, until they come through. What it came to is told by a call that finds nothing to do.
        async Task<T> Through<T>(Func<CancellationToken, Task<T>> work)
        {
            for (var touches = 1; ; touches *= 2)
            {
                using var cut = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
                var left = touches;
                Task Touch() => Interlocked.Decrement(ref left) == 0 ? cut.CancelAsync() : Task.CompletedTask;
                silo.Store.OnRead = _ => Touch();
                silo.Store.OnCommit = async commit =>
                {
                    await Touch();
                    return await commit.Apply();
                };
                var both = new[] { work(cut.Token), work(cut.Token) };
                try
                {
                    await Task.WhenAll(both);
                }
                catch (OperationCanceledException)
                {
                    cuts++;
                    continue;
                }
                finally
                {
                    silo.Store.OnRead = _ => Task.CompletedTask;
                    silo.Store.OnCommit = commit => commit.Apply();
                }

                return await work(Cancel);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        bank.Dispose();
    }
}
