using System.Globalization;
using UnionClient;
using UnionClient.CardBatches;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionTesting;

/// <summary>A district whose people shall have cards: everybody agrees and has a qualified record. Its desk works through the client, as an application would.</summary>
public sealed class CardTown(IUnionClient client, CancellationToken cancel)
{
    public static readonly UnionId Primary = new("U-100");
    public static readonly Operator Officer = new("op-2", Primary, Role.Officer);
    public static readonly Operator Desk = new("op-3", District.Federation, Role.District);
    public static readonly Operator Bank = new("bank-1", District.Federation, Role.Bank);

    public static readonly CommandOptions ByDesk = new() { Operator = Desk };
    public static readonly CommandOptions ByBank = new() { Operator = Bank };

    public static DateOnly Today => BusinessCalendar.Today(TimeProvider.System);

    /// <summary>The n-th person, from 1.</summary>
    public static MemberId Person(int n) => new(string.Create(CultureInfo.InvariantCulture, $"014600000000700880000000{n:00000000}"));

    /// <summary>The sheet of the n-th person, without fault.</summary>
    public static MemberForm Form(int n) => new()
    {
        EmployerCode = "91350100M000100Y43",
        Name = "示例人",
        DocumentType = "2",
        DocumentNumber = Document(n),
        Sex = "2",
        BornOn = "1990-01-01",
        Education = "2",
        Employment = "1",
        Household = "1",
        Residence = "110108",
        Mobile = string.Create(CultureInfo.InvariantCulture, $"1{n:0000000000}"),
        JoinedOn = "2014-05-12",
        Migrant = "0",
        CardConsent = "1",
    };

    /// <summary>The document of the n-th person.</summary>
    public static string Document(int n) => string.Create(CultureInfo.InvariantCulture, $"X{n:00000000}");

    /// <summary>The union and its unit; the federation stands already, and the unit too.</summary>
    public async Task Found() => Accepted((await client.Unions.Send(
        Primary, new UnionCommand.TakeOver("示例联合工会", UnionLevel.Primary, UnionKind.Joint, District.Federation, Today, 3), ByDesk, cancel)).Refusal);

    /// <summary>People enter, apply and are checked.</summary>
    public async Task Settle(int first, int count)
    {
        var rows = Enumerable.Range(first, count).SelectMany(n => (BulkRow<MemberId, MemberCommand>[])
        [
            new(Person(n), new MemberCommand.Enter(Primary, District.Unit(1), Form(n)), ByDesk),
            new(Person(n), new MemberCommand.ApplyForCard(), new() { Operator = Officer }),
            new(Person(n), new MemberCommand.CheckCardApplication(), ByDesk),
        ]);
        await foreach (var outcome in client.Members.Bulk.Send(rows.ToAsyncEnumerable(), cancel: cancel)) Accepted(outcome.Refusal, outcome.Fault);
    }

    /// <summary>Opens a batch and gives these people its lines.</summary>
    public async Task Fill(CardBatchId batch, IEnumerable<int> people, CardBatchId? former = null)
    {
        Accepted((await client.CardBatches.Send(batch, new CardBatchCommand.Open(District.Federation, 100_000, former), ByDesk, cancel)).Refusal);
        foreach (var chunk in people.Chunk(CardBatchCommand.AddLines.Most))
            Accepted((await client.CardBatches.Send(batch, new CardBatchCommand.AddLines([.. chunk.Select(Person)]), ByDesk, cancel)).Refusal);
    }

    /// <summary>Everything until the file of the batch lies before the bank: the lines of the file.</summary>
    public async Task<string[]> Order(CardBatchId batch, string file)
    {
        await Send(batch, new CardBatchCommand.Close());
        Done(await client.CardWork.Advance(batch, ByDesk, cancel: cancel));
        await Send(batch, new CardBatchCommand.Export());
        await Send(batch, new CardBatchCommand.MarkSent());
        Done(await client.CardWork.WriteOrder(batch, file, "card", ByDesk, cancel: cancel));
        return await File.ReadAllLinesAsync(file, cancel);
    }

    public async Task Send(CardBatchId batch, CardBatchCommand command) => Accepted((await client.CardBatches.Send(batch, command, ByDesk, cancel)).Refusal);

    private static void Done(CardWorkSummary summary)
    {
        if (!summary.IsDone) throw new InvalidOperationException($"{summary.Refusal} {summary.Waiting} lines wait: {string.Join(' ', summary.Findings.Take(5))}");
    }

    private static void Accepted(Refusal? refusal, BulkFault? fault = null)
    {
        if (refusal is not null || fault is not null) throw new InvalidOperationException($"Expected to be accepted: {refusal?.ToString() ?? fault!.ToString()}");
    }
}
