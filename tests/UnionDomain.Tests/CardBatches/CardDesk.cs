using System.Text.Json;
using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;
using UnionDomain.Tests.Members;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;

namespace UnionDomain.Tests.CardBatches;

/// <summary>
/// A district that gets its members cards, as an application would: it has no memory but the house itself, and can be cut off after every single command. The bank stands beside it.
/// </summary>
internal sealed class CardDesk
{
    public static readonly UnionId District = UnionExamples.DistrictFederation;
    public static readonly CardBatchId First = new("B-1");
    public static readonly CardBatchId Second = new("B-2");

    private static readonly DateOnly Today = Calendar.Today;

    // What the bank holds: it answers a batch once, and says the same whenever it is asked again.
    private readonly Dictionary<CardBatchId, (List<string> Order, List<string> Reply)> bank = [];
    private readonly List<(object Command, Func<Refusal?> Again)> sent = [];

    public CardDesk(int members)
    {
        foreach (var (id, level, upper) in new[] { (UnionExamples.City, UnionLevel.Municipal, (UnionId?)null), (District, UnionLevel.District, UnionExamples.City), (UnionExamples.SubdistrictFederation, UnionLevel.Subdistrict, District) })
            House.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(id.Stream, Calendar.Day(1, 1), UnionExamples.SetUp(id, level, upper));
        House.Given<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(MemberExamples.Unit.Stream, Calendar.Day(1, 1), UnionExamples.Registered(MemberExamples.Unit, 40));
        House.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(MemberExamples.Home.Stream, Calendar.Day(1, 1), UnionExamples.Active(UnionExamples.Applied(MemberExamples.Home)));
        Members = [.. Enumerable.Range(1, members).Select(BatchExamples.Person)];
        foreach (var (member, n) in Members.Select((member, n) => (member, n + 1)))
        {
            Assert.Null(Send(member, new MemberCommand.Enter(MemberExamples.Home, MemberExamples.Unit, MemberExamples.Form with { DocumentType = "2", DocumentNumber = $"E1000{n:0000}" }), Operators.District));
            Assert.Null(Send(member, new MemberCommand.ApplyForCard(), Operators.Applicant));
            Assert.Null(Send(member, new MemberCommand.CheckCardApplication(), Operators.District));
        }

        sent.Clear();
    }

    public InMemoryUnion House { get; } = new(new StoppedClock(Today));

    public MemberId[] Members { get; }

    /// <summary>Every command is given twice, and must change nothing the second time.</summary>
    public bool Twice { get; init; }

    /// <summary>Somebody who agrees no more, between the closing of the first batch and its file.</summary>
    public MemberId? Withdraws { get; init; }

    /// <summary>Everything, from wherever it stands; each step is one command.</summary>
    public IEnumerable<object?> Everything() => Batch(First, null).Concat(Batch(Second, First));

    /// <summary>All of one batch, one command at a time.</summary>
    public IEnumerable<object?> Batch(CardBatchId batch, CardBatchId? former)
    {
        yield return Tell(batch, new CardBatchCommand.Open(District, 100, former));
        if (View(batch).Status == CardBatchStatus.Open)
        {
            if (former is not null)
                foreach (var line in House.List(new CardQuery { Order = CardOrderStatus.BankRejected, Batch = former }).ToList()) yield return Ask(line.Member, new MemberCommand.CheckCardApplication(), Operators.District);
            var waiting = House.List(new CardQuery { Order = CardOrderStatus.DataChecked }).Where(line => former is null || line.Line?.Batch == former).Select(line => line.Member).ToList();
            yield return Tell(batch, new CardBatchCommand.AddLines([.. waiting]));
            foreach (var step in Lines(batch, null)) yield return step;
            yield return Tell(batch, new CardBatchCommand.Close());
        }

        if (View(batch).Status == CardBatchStatus.Closed)
        {
            if (Withdraws is { } unwilling && former is null) yield return Ask(unwilling, new MemberCommand.WithdrawCardConsent(), Operators.Member);
            foreach (var step in Lines(batch, null)) yield return step;
            yield return Tell(batch, new CardBatchCommand.Export());
        }

        if (View(batch).Status == CardBatchStatus.Exported) yield return Tell(batch, new CardBatchCommand.MarkSent());
        if (View(batch).Status is CardBatchStatus.Sent or CardBatchStatus.Reconciled or CardBatchStatus.Settled)
        {
            Assert.True(BankReply.TryRead(Answer([.. BankOrder.Write(View(batch), Order(batch))], rejects: former is null), out var reply, out _));
            yield return Tell(reply.Batch, reply.ToCommand(), Operators.Bank);
            foreach (var step in Lines(batch, reply)) yield return step;
        }
    }

    /// <summary>Gives every command again that was ever given, in the order told.</summary>
    public void SendAgain(Func<IEnumerable<(object Command, Func<Refusal?> Again)>, IEnumerable<(object Command, Func<Refusal?> Again)>> inOrder)
    {
        foreach (var (_, again) in inOrder([.. sent]).ToList()) again();
    }

    public CardBatchView View(CardBatchId batch) =>
        House.Send<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>(batch.Stream, new CardBatchCommand.Close(), Operators.Auditor).View;

    public MemberView View(MemberId member) =>
        House.Send<Member, MemberState, MemberCommand, MemberEvent, MemberView>(member.Stream, new MemberCommand.DeliverCard(), Operators.Auditor).View;

    /// <summary>Everything that can be seen in the end, looks left out.</summary>
    public string Seen() => string.Join('\n', Members.Select(member => Text(View(member) with { Looks = 0 })).Append(Text(View(First))).Append(Text(View(Second)))
        .Concat(House.Facts.GroupBy(fact => (fact.Measure, fact.Union.Value, fact.Subject)).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Sum(fact => fact.Value)}")));

    // One round over what is due, by the rules of the work.
    private IEnumerable<object?> Lines(CardBatchId batch, BankReply? reply)
    {
        while (true)
        {
            var view = View(batch);
            var heard = new Dictionary<CardAnswer, List<int>>();
            foreach (var line in CardWork.Due(view).Lines)
            {
                Refusal? refusal = null;
                MemberCommand? asked = null;
                foreach (var command in CardWork.Ask(view, line, reply))
                {
                    (asked, refusal) = (command, Ask(On(batch, line), command, command is MemberCommand.RecordCardResult ? Operators.Bank : Operators.District));
                    yield return command;
                    if (refusal is not null) break;
                }

                if (asked is not null) heard.TryAdd(CardWork.Heard(asked, refusal), []);
                if (asked is not null) heard[CardWork.Heard(asked, refusal)].Add(line);
            }

            if (heard.TryGetValue(CardAnswer.Void, out var voided)) yield return Tell(batch, new CardBatchCommand.VoidLines(LineSet.Of(voided)));
            if (heard.TryGetValue(CardAnswer.Clear, out var cleared)) yield return Tell(batch, new CardBatchCommand.ClearLines(LineSet.Of(cleared)));
            if (heard.TryGetValue(CardAnswer.Tell, out var told)) yield return Tell(batch, new CardBatchCommand.TellLines(LineSet.Of(told)));
            // Lines that became void have somebody to be told.
            if (voided is null) yield break;
        }
    }

    private IEnumerable<BankOrderLine> Order(CardBatchId batch)
    {
        var view = View(batch);
        foreach (var line in LineSet.To(view.Lines).Without(view.Void).Lines)
        {
            var opened = House.Look<Member, MemberState, MemberCommand, MemberEvent, MemberView>(On(batch, line).Stream, "card", Operators.District).View;
            Assert.True(BankOrderLine.TryOf(line, opened, out var order, out _));
            yield return order;
        }
    }

    // The bank makes a card of every line but, the first time, of each third; a number is the bank's own.
    private List<string> Answer(List<string> order, bool rejects)
    {
        var batch = new CardBatchId(order[0].Split('|')[1]);
        if (bank.TryGetValue(batch, out var known))
        {
            Assert.Equal(known.Order, order);
            return known.Reply;
        }

        List<string> reply = [$"H|{batch}|20140630"];
        var produced = 0;
        foreach (var line in order[1..^1].Select(text => text.Split('|')))
        {
            var payload = $"99999900{(int)(line[4][^1] - '0') + (rejects ? 0 : 50):0000000}";
            var made = !rejects || (line[4][^1] - '0') % 3 != 0;
            reply.Add(made ? $"D|{line[1]}|00|{payload}{Luhn.CheckDigit(payload)}|20140629" : $"D|{line[1]}|01||20140629");
            if (made) produced++;
        }

        reply.Add($"T|{order.Count - 2}|{produced}|{order.Count - 2 - produced}");
        bank[batch] = (order, reply);
        return reply;
    }

    private MemberId On(CardBatchId batch, int line) => House.List(new CardBatchLineQuery { Batch = batch, From = line, Through = line }).Single().Member;

    private Refusal? Ask(MemberId member, MemberCommand command, Operator by)
    {
        sent.Add((command, () => Send(member, command, by)));
        return Send(member, command, by);
    }

    private CardBatchCommand Tell(CardBatchId batch, CardBatchCommand command, Operator? by = null)
    {
        sent.Add((command, Once));
        Once();
        return command;

        Refusal? Once()
        {
            var first = House.Send<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>(batch.Stream, command, by ?? Operators.District, Today, "by the work");
            if (Twice) Assert.Empty(House.Send<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>(batch.Stream, command, by ?? Operators.District, Today, "by the work").Events);
            return first.Refusal;
        }
    }

    private Refusal? Send(MemberId member, MemberCommand command, Operator by)
    {
        var first = House.Send<Member, MemberState, MemberCommand, MemberEvent, MemberView>(member.Stream, command, by, Today, "reason");
        if (!Twice) return first.Refusal;
        var second = House.Send<Member, MemberState, MemberCommand, MemberEvent, MemberView>(member.Stream, command, by, Today, "reason");
        Assert.Empty(second.Events);
        Assert.Equal(first.Refusal?.Code, second.Refusal?.Code);
        return first.Refusal;
    }

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, UnionJson.Options);
}
