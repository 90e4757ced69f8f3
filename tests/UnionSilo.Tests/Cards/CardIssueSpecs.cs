using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using UnionClient;
using UnionClient.CardBatches;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionSilo.Persistence;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Cards;

/// <summary>Ten thousand lines for four thousand people, driven by eight windows at once while a silo is killed: nobody gets two cards.</summary>
[Trait("F", "28")]
public sealed class CardIssueSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private const int Windows = 8;
    private const int LinesEach = 1_250;
    private const int People = 4_000;
    private const int LineOfTheSameNumber = 7;
    private const int DeadAfterSeconds = 10;

    private readonly SiloProcesses processes = new();
    private readonly TemporaryFolder bank = new();
    private readonly ConcurrentDictionary<CardBatchId, string[]> replies = []; // The bank answers a batch once.
    private int linesAsked;

    [Fact]
    public async Task Ten_thousand_cards_are_issued_from_eight_windows_while_a_silo_is_killed_and_nobody_gets_two()
    {
        using (var schema = new StringWriter())
            Assert.Equal(0, await UnionSilo.Commands.CommandLine.Run(["db", "upgrade", "--store", "postgres", "--connection", ConnectionString], new() { Output = schema, Error = schema }));
        int[] gateways = [FreePort.Next(), FreePort.Next()];
        string[] database = ["--store", "postgres", "--connection", ConnectionString];
        var doomed = await processes.Run(gateways[0], database, DeadAfterSeconds);
        var survivor = await processes.Run(gateways[1], database, DeadAfterSeconds);
        var windows = await Task.WhenAll(Enumerable.Range(0, Windows).Select(_ => RunningUnion.ClientOf(gateways, options =>
            (options.TotalTime, options.AttemptTime, options.LongestPause) = (TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200)))));
        var clients = windows.Select(window => window.Services.GetRequiredService<IUnionClient>()).ToList();
        var town = new CardTown(clients[0], Cancel);
        Accepted(await clients[0].Found());
        Accepted(await clients[0].Send(Unit, District.Registration(1), cancel: Cancel));
        await town.Found();
        await town.Settle(1, People);
        for (var n = 0; n < Windows; n++) await town.Fill(Batch(n), Standing(n));

        // Each batch is driven by two windows, and each window by turns drives two batches.
        var struck = new TaskCompletionSource();
        var issued = Task.WhenAll(clients.Select((client, n) => Task.Run(async () =>
        {
            await Issue(client, n, n % Windows, struck);
            await Issue(client, n, (n + 1) % Windows, struck);
        })));
        await await Task.WhenAny(struck.Task, issued);
        var (askedBefore, settledBefore) = (Volatile.Read(ref linesAsked), await Settled(clients[1]));
        Assert.False(doomed.HasExited);
        doomed.Kill();
        await doomed.WaitForExitAsync(Cancel);
        await Task.WhenAny(issued, survivor.WaitForExitAsync(Cancel));
        Assert.False(survivor.HasExited, "The other silo ended too.");
        await issued;
        Assert.True(settledBefore < Windows && askedBefore > 0 && linesAsked > askedBefore, $"The silo was killed too late: {settledBefore} batches were settled, {askedBefore} of {linesAsked} lines asked.");
        foreach (var window in windows)
        {
            await window.StopAsync(Cancel);
            window.Dispose();
        }

        await processes.End();
        await Audit(await Start("postgres").WaitAsync(TimeSpan.FromSeconds(45), Cancel));
    }

    public override async ValueTask DisposeAsync()
    {
        await processes.End();
        await base.DisposeAsync();
        bank.Dispose();
    }

    private static CardBatchId Batch(int n) => new(string.Create(CultureInfo.InvariantCulture, $"B-{n}"));

    // Everybody stands in two or three batches.
    private static IEnumerable<int> Standing(int batch) => Enumerable.Range(0, LinesEach).Select(line => 1 + (((batch * LinesEach) + line) % People));

    /// <summary>Drives one batch from wherever it stands to its end, as if nobody else did.</summary>
    private async Task Issue(IUnionClient client, int window, int number, TaskCompletionSource struck)
    {
        var (batch, progress) = (Batch(number), new Heard(lines =>
        {
            if (Interlocked.Add(ref linesAsked, lines) > Windows * LinesEach / 2) struck.TrySetResult();
        }));
        while (true)
        {
            await client.CardWork.Advance(batch, CardTown.ByDesk, progress, Cancel);
            switch ((await client.CardBatches.Get(batch, cancel: Cancel)).View.Status)
            {
                // Who asks for the next step may be overtaken, and then it is refused: what is to be done is looked up again.
                case CardBatchStatus.Open:
                    await client.CardBatches.Send(batch, new CardBatchCommand.Close(), CardTown.ByDesk, Cancel);
                    break;
                case CardBatchStatus.Closed:
                    await client.CardBatches.Send(batch, new CardBatchCommand.Export(), CardTown.ByDesk, Cancel);
                    break;
                case CardBatchStatus.Exported:
                    await client.CardBatches.Send(batch, new CardBatchCommand.MarkSent(), CardTown.ByDesk, Cancel);
                    break;
                case CardBatchStatus.Void:
                    return; // Everybody on it stood in other batches first.
                default:
                    await Exchange(client, batch, number, bank.File(string.Create(CultureInfo.InvariantCulture, $"{batch}-{window}")), progress);
                    return;
            }
        }
    }

    private async Task Exchange(IUnionClient client, CardBatchId batch, int number, string file, Heard progress)
    {
        Assert.Empty((await client.CardWork.WriteOrder(batch, file, "card", CardTown.ByDesk, progress, Cancel)).Findings);
        var order = await System.IO.File.ReadAllLinesAsync(file, Cancel);
        // A person's cards of two batches would have two numbers; by mistake one line of each batch has the same.
        var reply = replies.GetOrAdd(batch, _ => [.. MadeUpBank.Reply(order, CardTown.Today, (line, _) => line % 50 == 0 ? "02" : null, number)
            .Select(line => line.StartsWith($"D|{LineOfTheSameNumber}|00|", StringComparison.Ordinal) ? $"D|{LineOfTheSameNumber}|00|{MadeUpBank.Number("X9000000")}|{CardTown.Today:yyyyMMdd}" : line)]);
        Assert.Equal(reply.Length, order.Length);
        await System.IO.File.WriteAllLinesAsync(file + "-reply", reply, Cancel);
        var taken = await client.CardWork.TakeReply(file + "-reply", CardTown.ByBank, progress, Cancel);
        Assert.True(taken.IsTaken, taken.Refusal?.ToString());
        Assert.All(taken.Work!.Findings, finding => Assert.Equal((LineOfTheSameNumber, CardRules.NumberHeld.Code), (finding.Line, finding.Rule.Code)));
    }

    private static async Task<int> Settled(IUnionClient client) => await client.CardBatches.List(new() { Status = CardBatchStatus.Settled }, Cancel).CountAsync(Cancel);

    private async Task Audit(RunningUnion silo)
    {
        var client = silo.Client;
        var (live, produced, rejected, waiting) = (0, 0, 0, 0);
        for (var n = 0; n < Windows; n++)
        {
            var batch = (await client.CardBatches.Get(Batch(n), cancel: Cancel)).View;
            var lines = await client.CardBatchLines.List(new() { Batch = batch.Id }, Cancel).ToListAsync(Cancel);
            // No hole in the numbers, everybody on the own line, and what was sent is what was answered.
            Assert.Equal(Enumerable.Range(1, LinesEach), lines.Select(line => line.Line));
            Assert.Equal(Standing(n).Select(CardTown.Person), lines.Select(line => line.Member));
            Assert.Equal((LinesEach, batch.Lines - batch.Void.Count), (batch.Lines, batch.Produced + batch.Rejected));
            Assert.True(batch.Untold.Without(LineSet.Of(LineOfTheSameNumber)).IsEmpty, $"{batch.Id}: {batch.Untold} are not told.");
            Assert.Equal(batch.Void.Count == LinesEach ? CardBatchStatus.Void : batch.Untold.IsEmpty ? CardBatchStatus.Settled : CardBatchStatus.Reconciled, batch.Status);
            Assert.Equal(LineSet.Empty, batch.Open);
            live += batch.Lines - batch.Void.Count;
            produced += batch.Produced;
            rejected += batch.Rejected;
            waiting += batch.Untold.Count;
        }

        // Everybody is on one line that is not void, and has one card unless the bank said no or the number was somebody else's.
        Assert.Equal((People, People), (live, produced + rejected));
        var cards = await client.Cards.List(new(), Cancel).ToListAsync(Cancel);
        Assert.Equal(People, cards.Count);
        Assert.Equal(produced - waiting, cards.Count(card => card.Status == CardStatus.Produced));
        Assert.Equal(rejected, cards.Count(card => card.Order == CardOrderStatus.BankRejected));
        Assert.Equal(waiting, cards.Count(card => card.Order == CardOrderStatus.SentToBank));
        Assert.Equal(produced - waiting, (await client.Reports.Count(CardMeasures.Issued, District.Federation, new(CardTown.Today, CardTown.Today), Cancel)).Value);
        Assert.Equal((produced - waiting, produced - waiting, produced - waiting), await Numbers());
        Assert.Empty(await Verify());
    }

    /// <summary>How many cards the journal knows, of how many people, and how many numbers are held.</summary>
    private async Task<(long Cards, long Holders, long Numbers)> Numbers()
    {
        await using var database = Database.Postgres(ConnectionString);
        await using var command = database.Source.CreateCommand(
            "SELECT (SELECT count(*) FROM journal WHERE type = 'card-produced'), (SELECT count(DISTINCT stream) FROM journal WHERE type = 'card-produced'), (SELECT count(DISTINCT key) FROM claim WHERE kind = 'card-number')");
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await reader.ReadAsync(Cancel));
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    private sealed class Heard(Action<int> heard) : IProgress<CardWorkProgress>
    {
        private long former;

        public void Report(CardWorkProgress value)
        {
            // Each call counts from the beginning.
            heard((int)(value.Lines > former ? value.Lines - former : value.Lines));
            former = value.Lines;
        }
    }
}
