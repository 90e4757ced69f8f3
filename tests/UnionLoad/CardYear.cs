using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UnionClient;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionSilo.Hosting;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionLoad;

/// <summary>One step of a year of cards, as it was measured; commands are those that changed something.</summary>
internal sealed record CardStep(string Step, long Commands, double Seconds, double Rate, ProcessorMicroseconds CpuUs);

/// <summary>
/// Gets cards for many people through the client alone, from the sheet to the bank's notices, and measures every step. Silo and client are one process, which is this one.
/// </summary>
internal sealed class CardYear(Store store, string? connection, int people, int limit, FileInfo? json)
{
    private readonly List<CardStep> steps = [];
    private ProcessorTime processor = null!;

    public async Task<int> Run(CancellationToken cancel)
    {
        using IPlace place = store == Store.Postgres ? new PostgresPlace(connection) : new SqlitePlace(connection);
        using var folder = new TemporaryFolder();
        Console.WriteLine(place.Description);
        var database = place.CreateTemplate("cards");
        if (store == Store.Postgres) Schema.Postgres(database).Upgrade();
        processor = store == Store.Postgres ? await ProcessorTime.Of(database, cancel) : new(0);
        var builder = Host.CreateApplicationBuilder();
        Child.Log(builder.Logging);
        if (store == Store.Sqlite) builder.AddEmbeddedUnion(union => union.File = database);
        else
        {
            builder.AddPostgresUnion(union =>
                (union.ConnectionString, union.MasterKey, union.SiloPort, union.GatewayPort) = (database, Roll.MasterKey, 0, 0));
        }

        using (var host = builder.Build())
        {
            await host.StartAsync(cancel);
            await Measure(host.Services.GetRequiredService<IUnionClient>(), folder, cancel);
            await host.StopAsync(cancel);
        }

        if (json is not null) await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(steps, Child.Json), cancel);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{steps.Sum(step => step.Commands):N0} commands in {steps.Sum(step => step.Seconds):N1} s, peak {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB"));
        return 0;
    }

    private async Task Measure(IUnionClient client, TemporaryFolder folder, CancellationToken cancel)
    {
        var town = new CardTown(client, cancel);
        var (everybody, officer) = (Enumerable.Range(1, people).ToList(), new CommandOptions { Operator = CardTown.Officer });
        await client.Found();
        await client.Send(UnionTesting.District.Unit(1), UnionTesting.District.Registration(1), cancel: cancel);
        await town.Found();
        await Bulk("enter", CardTown.ByDesk, n => new MemberCommand.Enter(CardTown.Primary, UnionTesting.District.Unit(1), CardTown.Form(n)));
        await Bulk("apply", officer, _ => new MemberCommand.ApplyForCard());
        await Bulk("check", CardTown.ByDesk, _ => new MemberCommand.CheckCardApplication());
        List<(CardBatchId Id, int First, int Count)> batches = [.. everybody.Chunk(limit).Select((chunk, n) => (new CardBatchId(string.Create(CultureInfo.InvariantCulture, $"B-{n:000}")), chunk[0], chunk.Length))];
        await Step("fill", people, async () =>
        {
            foreach (var (batch, first, count) in batches) await town.Fill(batch, Enumerable.Range(first, count));
        });
        await Step("take and send", 2L * people, async () =>
        {
            foreach (var (batch, _, _) in batches)
            {
                await town.Send(batch, new CardBatchCommand.Close());
                var summary = await client.CardWork.Advance(batch, CardTown.ByDesk, cancel: cancel);
                if (!summary.IsDone || summary.Voided > 0) throw new InvalidDataException($"{batch}: {summary.Voided} void, {summary.Waiting} wait.");
            }
        });
        await Step("order (looks)", people, async () =>
        {
            foreach (var (batch, _, _) in batches)
            {
                await town.Send(batch, new CardBatchCommand.Export());
                await town.Send(batch, new CardBatchCommand.MarkSent());
                var summary = await client.CardWork.WriteOrder(batch, folder.File($"{batch}"), "card", CardTown.ByDesk, cancel: cancel);
                if (!summary.IsDone) throw new InvalidDataException($"{batch}: no file.");
            }
        });
        foreach (var (batch, _, _) in batches)
            await File.WriteAllLinesAsync(folder.File($"{batch}-reply"), MadeUpBank.Reply(await File.ReadAllLinesAsync(folder.File($"{batch}"), cancel), CardTown.Today, (line, _) => line % 33 == 0 ? "05" : null), cancel);
        await Step("reply", people, async () =>
        {
            foreach (var (batch, _, _) in batches)
            {
                var summary = await client.CardWork.TakeReply(folder.File($"{batch}-reply"), CardTown.ByBank, cancel: cancel);
                if (summary.Work is not { IsDone: true, Batch.Status: CardBatchStatus.Settled }) throw new InvalidDataException($"{batch}: {summary.Refusal}");
            }
        });
        await Step("reply again", 0, async () =>
        {
            foreach (var (batch, _, _) in batches) await client.CardWork.TakeReply(folder.File($"{batch}-reply"), CardTown.ByBank, cancel: cancel);
        });
        var holders = batches.SelectMany(batch => Enumerable.Range(0, batch.Count).Where(n => (n + 1) % 33 != 0).Select(n => batch.First + n)).ToList();
        await Bulk("deliver", CardTown.ByDesk, _ => new MemberCommand.DeliverCard(), holders);
        var date = CardTown.Today.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(folder.File("notices"), holders.Select(n => $"A|{MadeUpBank.Number(CardTown.Document(n))}|{date}"), cancel);
        await Step("notices", holders.Count, async () =>
        {
            var summary = await client.CardWork.TakeNotices(folder.File("notices"), CardTown.ByBank, cancel: cancel);
            if (summary.Recorded != holders.Count) throw new InvalidDataException($"{summary.Recorded} of {holders.Count} notices recorded.");
        });
        var issued = (await client.Reports.Count(CardMeasures.Issued, UnionTesting.District.Federation, new(CardTown.Today, CardTown.Today), cancel)).Value;
        if (issued != holders.Count) throw new InvalidDataException($"{issued} cards count, {holders.Count} were produced.");

        Task Bulk(string step, CommandOptions with, Func<int, MemberCommand> command, List<int>? whom = null) => Step(step, (whom ?? everybody).Count, async () =>
        {
            await foreach (var outcome in client.Members.Bulk.Send((whom ?? everybody).Select(n => new BulkRow<MemberId, MemberCommand>(CardTown.Person(n), command(n), with)).ToAsyncEnumerable(), cancel: cancel))
                if (!outcome.Accepted || outcome.Events == 0) throw new InvalidDataException($"{step}: {outcome.Refusal} {outcome.Fault}");
        });
    }

    private async Task Step(string step, long commands, Func<Task> work)
    {
        var (before, begun) = (processor.Read(), Stopwatch.GetTimestamp());
        await work();
        var (used, seconds) = (processor.Read() - before, Stopwatch.GetElapsedTime(begun).TotalSeconds);
        var each = Math.Max(commands, 1);
        steps.Add(new(step, commands, seconds, commands / seconds, new(0, used.Own.TotalMicroseconds / each, used.Database.TotalMicroseconds / each)));
        var (_, _, _, rate, cpu) = steps[^1];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step,-16} {commands,10:N0} commands {seconds,7:N1} s {rate,8:N0}/s {cpu.Silo,7:N0} µs silo {cpu.Db,7:N0} µs db"));
    }
}
