using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using UnionDomain;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Members;

namespace UnionClient.CardBatches;

/// <summary>
/// Does the work between a batch of cards, its members and the bank's files, by the rules of <see cref="CardWork"/>. It keeps nothing: every call may be repeated, cut off at any point or made by
/// several at once, and goes on where the work stands. Filling, closing, exporting and sending a batch are commands of <see cref="IUnionClient.CardBatches"/>.
/// </summary>
public sealed class CardWorkClient
{
    private const int LinesOfPage = 1_000;
    private const int LinesToldAtOnce = 5_000;
    private const int LinesBetweenReports = 500;

    private static readonly FrozenDictionary<Type, string> Steps = Rooms.All.Single(room => room.Commands.Base == typeof(MemberCommand)).Commands.Cases.ToFrozenDictionary(one => one.Case, one => one.Name);

    private readonly IUnionClient client;
    private readonly UnionClientOptions options;

    internal CardWorkClient(IUnionClient client, UnionClientOptions options) => (this.client, this.options) = (client, options);

    /// <summary>
    /// Asks the members of all due lines and tells the batch what they answered, until nothing is due at the batch's present status. By a district or municipal federation.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="with">Operator, business date, document and reason of every command; lines become void for what their members answered unless it gives another reason. Its command id is not used.</param>
    /// <param name="progress">Hears how far it is, every few hundred lines and at the end.</param>
    /// <param name="cancel">Gives up; what was sent may still be applied. Call again to go on.</param>
    /// <exception cref="UnionFault">Something broke; see its code. Call again to go on.</exception>
    public async Task<CardWorkSummary> Advance(CardBatchId batch, CommandOptions with, IProgress<CardWorkProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(with);
        var view = (await client.CardBatches.Get(batch, cancel: cancel)).View;
        if (view.Status == CardBatchStatus.None) return new() { Batch = view, Refusal = CardBatchRules.Unknown };
        var work = new Work(this, view, null, with, progress, cancel);
        // Whoever stands on a line that became void is to be told so.
        for (var due = CardWork.Due(view); !due.IsEmpty; due = CardWork.Due(work.Batch).And(due.And(work.Batch.Void).Without(work.Released)))
            await work.Ask(due);
        return work.Summary();
    }

    /// <summary>
    /// Writes the file of an exported batch to the bank: every member on it is opened with a look that is recorded first. The file is readable by its owner only, and is written as a whole or
    /// not at all; one of that name is replaced. The same batch gives the same file. By an operator who may look at the members.
    /// </summary>
    /// <param name="batch">The batch; refused by <c>card-batch.unknown</c> and <c>card-batch.not-exported</c>.</param>
    /// <param name="file">The file.</param>
    /// <param name="purpose">Why the members are looked at: one of their room's purposes.</param>
    /// <param name="with">Who looks. The rest is not used: a look is of today.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Gives up; nothing is written.</param>
    /// <returns>With findings there is no file: their lines cannot stand in it.</returns>
    /// <exception cref="UnionFault">Something broke; see its code. Nothing was written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task<CardWorkSummary> WriteOrder(
        CardBatchId batch, string file, string purpose, CommandOptions with, IProgress<CardWorkProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(with);
        var view = (await client.CardBatches.Get(batch, cancel: cancel)).View;
        if (view.Status == CardBatchStatus.None) return new() { Batch = view, Refusal = CardBatchRules.Unknown };
        if (view.ExportedOn is null) return new() { Batch = view, Refusal = CardBatchRules.NotExported.With("status", view.Status) };
        var live = LineSet.To(view.Lines).Without(view.Void);
        var (orders, findings, of, asked) = (new List<BankOrderLine>(live.Count), new List<CardLineFinding>(), live.Count, 0);
        var lines = new Queue<int>();
        BulkFault? broken = null;
        await foreach (var opened in client.Members.Bulk.Look(Members(cancel), purpose, with.Operator, cancel: cancel))
        {
            var (line, order) = (lines.Dequeue(), (BankOrderLine?)null);
            if (opened.Fault is { } fault) broken ??= fault;
            else if ((opened.Refusal ?? (BankOrderLine.TryOf(line, opened.View!, out order, out var unfit) ? null : unfit)) is { } refusal) findings.Add(new(line, refusal));
            else orders.Add(order!);
            if (++asked % LinesBetweenReports == 0 || asked == of) progress?.Report(new(asked, of));
        }

        if (broken is not null) throw new UnionFault(broken.Code, broken.Retryable, broken.Message);
        if (findings.Count == 0)
        {
            // Lines became void meanwhile, and the file was made anew: an old one must not take the place of the new one.
            var now = (await client.CardBatches.Get(batch, cancel: cancel)).View;
            if ((now.ExportedOn, now.Void) != (view.ExportedOn, view.Void)) return await WriteOrder(batch, file, purpose, with, progress, cancel);
            await BankFile.Write(file, BankOrder.Write(view, orders), cancel);
        }

        return new() { Batch = view, Asked = asked, Waiting = findings.Count, Findings = [.. findings.Take(CardWorkSummary.MostFindings)] };

        async IAsyncEnumerable<MemberId> Members([EnumeratorCancellation] CancellationToken left)
        {
            await foreach (var standing in Standing(batch, live, left))
            {
                lines.Enqueue(standing.Line);
                yield return standing.Member;
            }
        }
    }

    /// <summary>
    /// Takes the bank's reply: as a whole or not at all. Then every member on it is told, and the batch keeps who was. The same reply again changes nothing and goes on where the telling was.
    /// By the bank.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="asBank">The bank's operator, business date, document and reason. Its command id is not used.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Gives up; what was sent may still be applied. Call again to go on.</param>
    /// <exception cref="UnionFault">Something broke; see its code. Call again to go on.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<BankReplySummary> TakeReply(string file, CommandOptions asBank, IProgress<CardWorkProgress>? progress = null, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(asBank);
        if (!BankReply.TryRead(BankFile.Read(file), out var reply, out var findings)) return new() { Findings = findings };
        // An id made of what stands in the file would say something about it.
        var taken = await client.CardBatches.Send(reply.Batch, reply.ToCommand(), asBank with { CommandId = null }, cancel);
        if (taken.Refusal is { } refusal) return new() { Refusal = refusal };
        var work = new Work(this, taken.View, reply, asBank, progress, cancel);
        // Void lines are told of by the federation.
        if (taken.View.Untold.Without(taken.View.Void) is { IsEmpty: false } due) await work.Ask(due);
        return new() { Produced = reply.Produced, Rejected = reply.Rejected, Work = work.Summary() };
    }

    /// <summary>
    /// What <see cref="TakeReply"/> would find now: which lines of the file are wrong, whether the batch would take it, and how many cards were produced. Nothing is written and nobody is told.
    /// A reply that was taken is not undone: the bank corrects its word by notices of its own.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="asBank">The bank's operator, business date, document and reason. Its command id is not used.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="UnionFault">Something broke; see its code.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<BankReplySummary> PlanReply(string file, CommandOptions asBank, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(asBank);
        if (!BankReply.TryRead(BankFile.Read(file), out var reply, out var findings)) return new() { Findings = findings };
        var judged = await client.CardBatches.Validate(reply.Batch, reply.ToCommand(), asBank with { CommandId = null }, cancel);
        return judged.Refusal is { } refusal ? new() { Refusal = refusal } : new() { Produced = reply.Produced, Rejected = reply.Rejected };
    }

    /// <summary>
    /// Takes the bank's later notices: all of the file is read before anything is taken. Holders are found inside the subtree of the union that the bank's operator acts for.
    /// The notices of one card are taken in their order; the same file again changes nothing. By the bank.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="asBank">The bank's operator, business date, document and reason. Its command id is not used.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Gives up; what was sent may still be applied. Call again to go on.</param>
    /// <exception cref="UnionFault">Something broke; see its code. Call again to go on.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<BankNoticesSummary> TakeNotices(string file, CommandOptions asBank, IProgress<CardWorkProgress>? progress = null, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(asBank);
        if (!BankNotices.TryRead(BankFile.Read(file), out var notices, out var findings)) return new() { Findings = findings };
        var by = asBank.Operator ?? options.Operator ?? throw UnionClientOptions.NoOperator();
        var summary = new BankNoticesSummary();
        var refused = new List<BankFileFinding>();
        var asked = new Queue<int>();
        var done = 0;
        BulkFault? broken = null;
        try
        {
            await foreach (var outcome in client.Members.Bulk.Send(Rows(cancel), cancel: cancel))
            {
                var line = asked.Dequeue();
                if (outcome.Fault is { } fault) broken ??= fault;
                else if (outcome.Refusal is { } refusal) refused.Add(new(line, refusal));
                else summary = outcome.Events > 0 ? summary with { Recorded = summary.Recorded + 1 } : summary with { Unchanged = summary.Unchanged + 1 };
                Did();
            }
        }
        catch (RefusedException noSearch)
        {
            return summary with { Refusal = noSearch.Refusal };
        }

        return broken is null ? summary with { Refused = [.. refused.OrderBy(finding => finding.Line)] } : throw new UnionFault(broken.Code, broken.Retryable, broken.Message);

        async IAsyncEnumerable<BulkRow<MemberId, MemberCommand>> Rows([EnumeratorCancellation] CancellationToken left)
        {
            var at = 0;
            foreach (var some in notices.Chunk(CardQuery.MostNumbers))
            {
                var page = await client.Cards.Page(new() { Within = by.Union, Numbers = [.. some.Select(notice => notice.Number).Distinct()] }, most: CardQuery.MostNumbers, by: by, cancel: left);
                if (page.Refusal is { } refusal) throw new RefusedException(refusal);
                var holders = page.Lines.ToDictionary(line => line.Asked!.Value, line => line.Member);
                foreach (var notice in some)
                {
                    at++;
                    if (holders.TryGetValue(notice.Number, out var holder))
                    {
                        asked.Enqueue(at);
                        yield return new(holder, notice.ToCommand(), asBank with { CommandId = null });
                        continue;
                    }

                    refused.Add(new(at, BankFileRules.CardUnknown));
                    summary = summary with { Unknown = summary.Unknown + 1 };
                    Did();
                }
            }
        }

        void Did()
        {
            if (++done % LinesBetweenReports == 0 || done == notices.Length) progress?.Report(new(done, notices.Length));
        }
    }

    /// <summary>Who stands on these lines, ascending.</summary>
    private async IAsyncEnumerable<CardBatchMemberLine> Standing(CardBatchId batch, LineSet lines, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var from = From(lines, 1); from > 0;)
        {
            var page = await client.CardBatchLines.Page(new() { Batch = batch, From = from, Through = lines.Last }, most: LinesOfPage, cancel: cancel);
            foreach (var line in page.Lines)
                if (lines.Contains(line.Line)) yield return line;
            if (page.Lines.Count == 0) yield break;
            from = From(lines, page.Lines[^1].Line + 1);
        }

        static int From(LineSet lines, int first)
        {
            foreach (var range in lines.Ranges)
                if (range.Last >= first) return Math.Max(first, range.First);
            return 0;
        }
    }

    /// <summary>The work of one call at one batch.</summary>
    private sealed class Work(CardWorkClient owner, CardBatchView batch, BankReply? reply, CommandOptions with, IProgress<CardWorkProgress>? progress, CancellationToken cancel)
    {
        private readonly List<CardLineFinding> findings = [];
        private readonly Dictionary<CardAnswer, List<int>> heard = new() { [CardAnswer.Void] = [], [CardAnswer.Clear] = [], [CardAnswer.Tell] = [] };
        private readonly SortedSet<string> reasons = new(StringComparer.Ordinal); // of the lines heard to be void
        private CardWorkSummary summary = new() { Batch = batch };
        private int of;

        /// <summary>The newest view of the batch.</summary>
        public CardBatchView Batch { get; private set; } = batch;

        /// <summary>Void lines whose members were asked to release them.</summary>
        public LineSet Released { get; private set; }

        public CardWorkSummary Summary() =>
            summary with { Batch = Batch, Findings = [.. findings.OrderBy(finding => finding.Line).Take(CardWorkSummary.MostFindings)] };

        /// <summary>Asks the members of these lines, and tells the batch.</summary>
        public async Task Ask(LineSet lines)
        {
            var (view, asked) = (Batch, new Queue<(int Line, MemberCommand Command, bool IsLast)>());
            lines = LineSet.Of(lines.Lines.Where(line => !CardWork.Ask(view, line, reply).IsEmpty));
            of += lines.Count;
            BulkFault? broken = null;
            BulkOutcome<MemberView>? answer = null;
            MemberCommand? answered = null;
            await foreach (var outcome in owner.client.Members.Bulk.Send(Rows(cancel), cancel: cancel))
            {
                var (line, command, isLast) = asked.Dequeue();
                // What follows on a refusal was not meant.
                if (answer is null or { Accepted: true }) (answer, answered) = (outcome, command);
                if (!isLast) continue;
                if (answer.Fault is { } fault) broken ??= fault;
                else await Hear(line, answered!, answer.Refusal);
                answer = null;
                if ((summary = summary with { Asked = summary.Asked + 1 }).Asked % LinesBetweenReports == 0 || summary.Asked == of) progress?.Report(new(summary.Asked, of));
            }

            await Tell();
            if (broken is not null) throw new UnionFault(broken.Code, broken.Retryable, broken.Message);
            Released = Released.With(lines.And(view.Void));

            async IAsyncEnumerable<BulkRow<MemberId, MemberCommand>> Rows([EnumeratorCancellation] CancellationToken left)
            {
                await foreach (var standing in owner.Standing(view.Id, lines, left))
                {
                    var commands = CardWork.Ask(view, standing.Line, reply);
                    foreach (var command in commands)
                    {
                        asked.Enqueue((standing.Line, command, command == commands[^1]));
                        yield return new(standing.Member, command, with with { CommandId = CardWork.CommandId(view.Id, Steps[command.GetType()], standing.Line) });
                    }
                }
            }
        }

        private async Task Hear(int line, MemberCommand asked, Refusal? refusal)
        {
            var answer = CardWork.Heard(asked, refusal);
            if (answer == CardAnswer.Wait) summary = summary with { Waiting = summary.Waiting + 1 };
            if (refusal is not null && answer is CardAnswer.Wait or CardAnswer.Void && findings.Count < CardWorkSummary.MostFindings) findings.Add(new(line, refusal!));
            if (answer == CardAnswer.Void) reasons.Add(refusal!.Code);
            if (!heard.TryGetValue(answer, out var lines)) return;
            lines.Add(line);
            if (lines.Count == LinesToldAtOnce) await Tell();
        }

        private async Task Tell()
        {
            if (await Tell(CardAnswer.Void, "void-lines", lines => new CardBatchCommand.VoidLines(lines), view => LineSet.To(view.Lines).Without(view.Void)) is var voided and > 0)
                summary = summary with { Voided = summary.Voided + voided };
            if (await Tell(CardAnswer.Clear, "clear-lines", lines => new CardBatchCommand.ClearLines(lines), view => view.Open) is var cleared and > 0)
                summary = summary with { Cleared = summary.Cleared + cleared };
            if (await Tell(CardAnswer.Tell, "tell-lines", lines => new CardBatchCommand.TellLines(lines), view => view.Untold) is var told and > 0)
                summary = summary with { Told = summary.Told + told };
        }

        private async Task<int> Tell(CardAnswer answer, string step, Func<LineSet, CardBatchCommand> command, Func<CardBatchView, LineSet> due)
        {
            var lines = LineSet.Of(heard[answer]);
            heard[answer].Clear();
            while (!lines.IsEmpty)
            {
                var options = with with { CommandId = CardWork.CommandId(Batch.Id, $"{step} {lines.Value}", lines.Ranges[0].First) };
                // A line is void for what its member answered.
                if (answer == CardAnswer.Void) options = options with { Reason = with.Reason ?? string.Join(' ', reasons) };
                var told = await owner.client.CardBatches.Send(Batch.Id, command(lines), options, cancel);
                Batch = told.View;
                if (told.Accepted) return lines.Count;
                // Somebody else may have told of some of them; what is left is told once more.
                var left = lines.And(due(told.View));
                if (left == lines) summary = summary with { Refusal = summary.Refusal ?? told.Refusal };
                if (left == lines) return 0;
                lines = left;
            }

            return 0;
        }
    }
}
