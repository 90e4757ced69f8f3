using ConsoleHost.Bank;
using ConsoleHost.Roll;
using UnionClient;
using UnionClient.CardBatches;
using UnionClient.Imports;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Members;

namespace ConsoleHost;

/// <content>
/// The cards. What is left to do is always asked of the lists: who may apply, whose application waits, whose card is to be handed over. So a run that was cut off goes on where it was.
/// </content>
internal sealed partial class HalfYear
{
    private static readonly Operator BankGateway = new("bank-gateway", new(RollPlan.District), Role.Bank, Rights.Backdate);

    private static readonly IReadOnlyList<string> PilotStreets = [.. RollPlan.Streets.Take(RollPlan.Pilots).Select(street => street.Id)];
    private static readonly IReadOnlyList<string> OtherStreets = [.. RollPlan.Streets.Skip(RollPlan.Pilots).Select(street => street.Id)];

    private readonly SimulatedBank bank = new(Path.Combine(directory.FullName, "roll"), Path.Combine(directory.FullName, "bank"));

    private string BankFolder => Directory.CreateDirectory(Path.Combine(directory.FullName, "bank")).FullName;

    private int MostLines => Math.Max(500, (int)(10_000 * scale));

    /// <summary>First cards for everybody of some streets who has agreed.</summary>
    private async Task Issue(Begin begin, CardRound round, IReadOnlyList<string> streets, string federation, HashSet<CardBatchId> begun, CancellationToken cancel)
    {
        if (!begun.Contains(Batch(round, federation, 1)))
        {
            var agreed = new List<MemberId>();
            foreach (var street in streets)
            {
                // Whoever has applied before has an application, or a card, by now.
                var applied = await union.Cards.List(new() { Within = new(street) }, cancel).Where(card => card.Order != CardOrderStatus.Applied).Select(card => card.Member).ToHashSetAsync(cancellationToken: cancel);
                await foreach (var member in union.Members.List(new() { On = round.Applied, Within = new(street), Qualified = true }, cancel))
                    if (member.CardConsent && !applied.Contains(member.Id)) agreed.Add(member.Id);
            }

            await Apply(begin, round, agreed, cancel);
        }

        var waiting = new List<MemberId>();
        foreach (var street in streets)
            waiting.AddRange(await union.Cards.List(new() { Within = new(street), Order = CardOrderStatus.DataChecked }, cancel).Where(card => card is { Status: CardStatus.None, Result: null }).Select(card => card.Member).ToListAsync(cancel));
        await Order(begin, round, federation, waiting, n => Batch(round, federation, n), cancel);
        await Deliver(begin, round, federation, cancel);
    }

    /// <summary>What the bank could not read, put right, in batches that repeat the former ones.</summary>
    private async Task Repeat(Begin begin, CancellationToken cancel)
    {
        var round = CardRound.Repeated;
        var formers = await union.CardBatches.List(new() { Within = new(RollPlan.District) }, cancel).Where(batch => batch is { Rejected: > 0, Former: null }).ToListAsync(cancel);
        var right = new List<MemberId>();
        foreach (var former in formers)
            right.AddRange(await union.Cards.List(new() { Batch = former.Id, Order = CardOrderStatus.BankRejected }, cancel).Where(card => card.Result == CardResult.Format).Select(card => card.Member).ToListAsync(cancel));
        await Send(begin, $"Checking again, {round.Name}", right.Select(member => (member, (MemberCommand)new MemberCommand.CheckCardApplication(), Department, round.Checked)), right.Count, round.Name, cancel);

        var tell = Making(begin, round, formers.Sum(former => former.Rejected));
        foreach (var former in formers)
        {
            var waiting = await union.Cards.List(new() { Batch = former.Id, Order = CardOrderStatus.DataChecked }, cancel).Where(card => card.Result is not null).Select(card => card.Member).ToListAsync(cancel);
            await Order(tell, round, RollPlan.District, waiting, n => n == 1 ? new($"{former.Id}-R") : null, former.Id, cancel);
        }

        tell(double.MaxValue);
        await Deliver(begin, round, RollPlan.District, cancel);
    }

    /// <summary>A new card in place of every one that was lost.</summary>
    private async Task Replace(Begin begin, HashSet<CardBatchId> begun, CancellationToken cancel)
    {
        var (round, lost) = (CardRound.Replaced, new CardQuery { Within = new(RollPlan.District), Status = CardStatus.LossReported });
        if (!begun.Contains(ReplacementBatch(1)))
            await Apply(begin, round, await union.Cards.List(lost, cancel).Where(card => card.Order is CardOrderStatus.None or CardOrderStatus.Applied).Select(card => card.Member).ToListAsync(cancel), cancel);

        var waiting = await union.Cards.List(lost with { Order = CardOrderStatus.DataChecked }, cancel).Select(card => card.Member).ToListAsync(cancel);
        await Order(begin, round, RollPlan.District, waiting, ReplacementBatch, cancel);
        await Deliver(begin, round, RollPlan.District, cancel);
    }

    /// <summary>Those who agreed only after the period: the sheets that differ from those of the roll.</summary>
    private async Task IssueLate(Begin begin, HashSet<CardBatchId> begun, CancellationToken cancel)
    {
        var round = CardRound.Late;
        if (!begun.Contains(Batch(round, RollPlan.District, 1)))
        {
            var changed = new List<MemberId>();
            await foreach (var row in union.Imports.Members(Path.Combine(Folder, "members-later.csv"), Under("members-later.csv", HalfYearDays.LaterOn)).WithCancellation(cancel))
            {
                if (row.Kind == RowKind.Refused) throw new InvalidDataException($"members-later.csv: row {row.Row} was refused, {row.Refused[0].Rule}");
                if (row.Kind == RowKind.Changed) changed.Add(new(row.Key!));
            }

            await Apply(begin, round, changed, cancel);
        }

        var waiting = await union.Cards.List(new() { Within = new(RollPlan.District), Order = CardOrderStatus.DataChecked }, cancel).Select(card => card.Member).ToListAsync(cancel);
        await Order(begin, round, RollPlan.District, waiting, n => Batch(round, RollPlan.District, n), cancel);
        await Deliver(begin, round, RollPlan.District, cancel);
    }

    // Nobody checks what they submitted themselves.
    private Task Apply(Begin begin, CardRound round, IReadOnlyCollection<MemberId> members, CancellationToken cancel) =>
        Send(begin, $"Applying for cards, {round.Name}", members.SelectMany(member => new (MemberId, MemberCommand, Operator, DateOnly)[]
        {
            (member, new MemberCommand.ApplyForCard(), Officer, round.Applied), (member, new MemberCommand.CheckCardApplication(), Department, round.Checked),
        }), 2 * members.Count, round.Name, cancel);

    private async Task Order(Begin begin, CardRound round, string federation, IReadOnlyCollection<MemberId> waiting, Func<int, CardBatchId> name, CancellationToken cancel)
    {
        var tell = Making(begin, round, waiting.Count);
        await Order(tell, round, federation, waiting, n => name(n), null, cancel);
        tell(double.MaxValue);
    }

    /// <summary>Puts those who wait into batches, and brings each batch to its end before the next one is opened.</summary>
    private async Task Order(
        Action<double> tell, CardRound round, string federation, IReadOnlyCollection<MemberId> waiting, Func<int, CardBatchId?> name, CardBatchId? former, CancellationToken cancel)
    {
        for (var n = 1; name(n) is { } id; n++)
        {
            var view = (await union.CardBatches.Get(id, cancel: cancel)).View;
            if (view.Status == CardBatchStatus.None && waiting.Count == 0) return;
            if (view.Status is CardBatchStatus.None or CardBatchStatus.Open)
            {
                await Tell(id, new CardBatchCommand.Open(new(federation), MostLines, former), "");
                // Of a batch that was being filled when the run was cut off.
                var held = view.Lines == 0 ? [] : await union.CardBatchLines.List(new() { Batch = id }, cancel).Select(line => line.Member).ToHashSetAsync(cancellationToken: cancel);
                var members = waiting.Where(member => !held.Contains(member)).ToList();
                foreach (var some in members.Take(MostLines - view.Lines).Chunk(1_000)) await Tell(id, new CardBatchCommand.AddLines([.. some]), some[0].Value);
                waiting = members.Skip(MostLines - view.Lines).ToList();
            }

            await Finish(tell, round, id, cancel);
        }

        async Task Tell(CardBatchId id, CardBatchCommand command, string which) =>
            Must(id.Stream, command, (await union.CardBatches.Send(id, command, With(id.Stream, command.GetType().Name + which, Department, round.Ordered), cancel)).Refusal);
    }

    /// <summary>Brings a batch from wherever it stands to where every member was told.</summary>
    private async Task Finish(Action<double> tell, CardRound round, CardBatchId id, CancellationToken cancel)
    {
        CardBatchView view;
        var by = With(id.Stream, "", Department, round.Ordered);
        var order = Path.Combine(BankFolder, $"{id}.order.txt");

        while ((view = (await union.CardBatches.Get(id, cancel: cancel)).View).Status is not (CardBatchStatus.Settled or CardBatchStatus.Void))
            switch (view.Status)
            {
                case CardBatchStatus.Open:
                    Done(await union.CardWork.Advance(id, by, Heard(), cancel));
                    await Order(new CardBatchCommand.Close());
                    break;
                case CardBatchStatus.Closed:
                    Done(await union.CardWork.Advance(id, by, Heard(), cancel));
                    await Order(new CardBatchCommand.Export());
                    break;
                case CardBatchStatus.Exported:
                    await Order(new CardBatchCommand.MarkSent());
                    break;
                default:
                    if (!File.Exists(order)) Done(await union.CardWork.WriteOrder(id, order, "card", by, Heard(), cancel));
                    var reply = await union.CardWork.TakeReply(bank.Answer(id.Value, round.Answered), by with { Operator = BankGateway, BusinessOn = round.Answered }, Heard(), cancel);
                    if (reply.Work is not { } work) throw new InvalidDataException($"{id}: the bank's reply was not taken, {reply.Refusal ?? reply.Findings[0].Rule}");
                    Done(work);
                    break;
            }

        // Everybody in a batch is as ready for a card as when it was checked: whatever is void, or waits, is a mistake of the sample.
        void Done(CardWorkSummary work)
        {
            if (work is not { IsDone: true, Voided: 0 }) throw new InvalidDataException($"{id}: {work.Refusal ?? work.Findings[0].Rule}");
        }

        IProgress<CardWorkProgress> Heard()
        {
            var before = 0L;
            return new Told<CardWorkProgress>(work =>
            {
                tell(work.Lines - before);
                before = work.Lines;
            });
        }

        async Task Order(CardBatchCommand command) =>
            Must(id.Stream, command, (await union.CardBatches.Send(id, command, With(id.Stream, command.GetType().Name, Department, round.Ordered), cancel)).Refusal);
    }

    /// <summary>Every card is asked for four times: for its line, to let it go, for the file to the bank, with the bank's answer. What is told here adds up.</summary>
    private static Action<double> Making(Begin begin, CardRound round, int cards)
    {
        if (cards == 0) return _ => { };
        var (tell, of, done) = (begin($"Cards at the bank, {round.Name}", 4 * cards), 4.0 * cards, 0.0);
        return more => tell(done = Math.Min(of, done + more));
    }

    private async Task Deliver(Begin begin, CardRound round, string federation, CancellationToken cancel)
    {
        var cards = await union.Cards.List(new() { Within = new(federation), Status = CardStatus.Produced }, cancel).Where(card => card.ProducedOn == round.Answered).Select(card => card.Member).ToListAsync(cancel);
        await Send(begin, $"Handing cards over, {round.Name}", cards.Select(member => (member, (MemberCommand)new MemberCommand.DeliverCard(), Officer, round.Delivered)), cards.Count, round.Name, cancel);
    }

    private async Task TakeNotices(Begin begin, DateOnly on, CancellationToken cancel)
    {
        if (bank.Notices(on) is not { } file) return;
        var tell = begin($"Notices of the bank, {on:O}", File.ReadLines(file).Count());
        var summary = await union.CardWork.TakeNotices(file, new() { Operator = BankGateway, BusinessOn = on, DocumentRef = Document(on) }, new Told<CardWorkProgress>(work => tell(work.Lines)), cancel);
        // Nobody holds a number any more that was replaced.
        if (summary.Refused.FirstOrDefault(finding => finding.Rule.Code != BankFileRules.CardUnknown.Code) is { } refused) throw new InvalidDataException($"{file}: line {refused.Line}, {refused.Rule}");
        if (!summary.Findings.IsEmpty) throw new InvalidDataException($"{file}: {summary.Findings[0].Rule}");
    }

    /// <summary>Sends commands to members in bulk; each must be accepted.</summary>
    private async Task Send(Begin begin, string what, IEnumerable<(MemberId Member, MemberCommand Command, Operator By, DateOnly On)> commands, int of, string step, CancellationToken cancel)
    {
        if (of == 0) return;
        var tell = begin(what, of);
        var rows = commands.Select(row => new BulkRow<MemberId, MemberCommand>(row.Member, row.Command, With(row.Member.Stream, $"{step} {row.Command.GetType().Name}", row.By, row.On)));
        await foreach (var outcome in union.Members.Bulk.Send(rows.ToAsyncEnumerable(), cancel: cancel))
        {
            if (outcome.Refusal is { } refusal) throw new InvalidDataException($"{what}: {refusal}");
            if (outcome.Fault is { } fault) throw new IOException($"{what}: {fault.Message}");
            if ((outcome.Row + 1) % 500 == 0 || outcome.Row + 1 == of) tell(outcome.Row + 1);
        }
    }

    private static CardBatchId Batch(CardRound round, string federation, int n) => new(FormattableString.Invariant($"{round.Name}-{federation}-{n:000}"));

    private static CardBatchId ReplacementBatch(int n) => new($"{Batch(CardRound.Replaced, RollPlan.District, n)}-R");
}
