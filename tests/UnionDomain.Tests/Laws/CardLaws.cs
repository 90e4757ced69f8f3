using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;
using static UnionDomain.Tests.Members.MemberExamples;
using BatchRoom = UnionDomain.Kernel.Room<
    UnionDomain.CardBatches.CardBatch, UnionDomain.CardBatches.CardBatchState, UnionDomain.CardBatches.CardBatchCommand, UnionDomain.CardBatches.CardBatchEvent, UnionDomain.CardBatches.CardBatchView>;
using MemberRoom = UnionDomain.Kernel.Room<UnionDomain.Members.Member, UnionDomain.Members.MemberState, UnionDomain.Members.MemberCommand, UnionDomain.Members.MemberEvent, UnionDomain.Members.MemberView>;

namespace UnionDomain.Tests.Laws;

/// <summary>What holds after any sequence of commands to the cards of three people and to a batch, sensible or not. A failure prints its seed.</summary>
public sealed class CardLaws
{
    private const int Sequences = 2_000;

    private static readonly string[] Numbers = ["9999990000000014", "9999990000000022", "9999990000000030", "9999990000000048"];
    private static readonly CardBatchId[] Batches = [new("B-1"), new("B-2")];
    private static readonly MemberId[] People = [Subject, Second, new("01460000000070008000000000000003")];
    private static readonly Operator District = new("op-31", new("U-2"), Role.District, Rights.Backdate);

    private static readonly Gen<Step> OneStep = Gen.Select(Gen.Int[0, 39], Gen.Int[0, 2], Gen.Int[0, 23], Gen.Int[0, 20], Gen.Int[0, 6], (what, who, with, by, days) => new Step(what, who, with, by, days));

    [Fact, Trait("F", "26"), Trait("F", "27"), Trait("F", "28")]
    public void Any_sequence_gives_nobody_two_cards_and_no_number_twice()
    {
        var seen = new ConcurrentDictionary<Type, bool>();
        OneStep.Array[60].Sample(steps => Run(steps, seen), iter: Sequences);
        Assert.Equal([], MemberRoom.Instance.EventCodec.Cases.Where(c => c.Name.StartsWith("card-", StringComparison.Ordinal)).Concat(BatchRoom.Instance.EventCodec.Cases).Where(c => !seen.ContainsKey(c.Case)).Select(c => c.Name));
    }

    private static void Run(Step[] steps, ConcurrentDictionary<Type, bool> seen)
    {
        var house = new InMemoryUnion(new StoppedClock(Calendar.Today));
        foreach (var (id, level, upper) in new[] { (new UnionId("U-1"), UnionLevel.Municipal, (UnionId?)null), (new("U-2"), UnionLevel.District, new("U-1")), (new("U-3"), UnionLevel.Subdistrict, new("U-2")) })
            house.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(id.Stream, Calendar.Day(1, 1), UnionExamples.SetUp(id, level, upper));
        foreach (var unit in new[] { Unit, OtherUnit })
            house.Given<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(unit.Stream, Calendar.Day(1, 1), UnionExamples.Registered(unit, 40));
        foreach (var union in new[] { Home, Away })
            house.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(union.Stream, Calendar.Day(1, 1), UnionExamples.Active(UnionExamples.Applied(union)));
        var members = People.ToDictionary(id => id, _ => (State: Member.Initial, Events: ImmutableArray<MemberEvent>.Empty, Days: new List<(DateOnly On, MemberState State)>()));
        var batch = (State: CardBatch.Initial, Events: ImmutableArray<CardBatchEvent>.Empty);
        var day = Calendar.Day(4, 7);
        foreach (var id in People) Take(id, new MemberCommand.Enter(Home, Unit, Sheet(id)), District);
        // One has a card, one has an application at the bank, one a checked one: so that much can happen.
        foreach (var id in People) (_, _) = (Take(id, new MemberCommand.ApplyForCard(), Operators.Applicant), Take(id, new MemberCommand.CheckCardApplication(), District));
        for (var line = 1; line <= 2; line++) (_, _) = (Take(People[line - 1], new MemberCommand.TakeCardLine(Batches[0], line), District), Take(People[line - 1], new MemberCommand.SendCardLine(Batches[0], line), District));
        Take(People[0], new MemberCommand.RecordCardResult(Batches[0], 1, CardResult.Produced, day, Numbers[0]), Operators.Bank);
        foreach (var step in steps)
        {
            if (day.AddDays(step.Days / 3) <= Calendar.Today) day = day.AddDays(step.Days / 3);
            if (step.What >= 26) TakeBatch(BatchCommand(step, day, batch.State), step);
            else
            {
                var command = MemberCommandOf(step, day);
                Take(People[step.Who], command, By(command, step));
            }
        }

        foreach (var (_, member) in members)
        {
            var state = Json(member.State);
            Assert.Equal(state, Json(member.Events.Select(MemberRoom.Instance.EventCodec.Write).Select(MemberRoom.Instance.EventCodec.Read).Aggregate(Member.Initial, Member.Evolve)));
            Assert.Equal(state, Json(JsonSerializer.Deserialize<MemberState>(state, UnionJson.Options)));
            // A line is held while the application stands in a batch, and never one that has ended.
            var card = member.State.Card;
            if (card.Order is CardOrderStatus.Batched or CardOrderStatus.SentToBank) Assert.DoesNotContain(card.Ended, ended => ended.Of == card.Line);
            Assert.Equal(card.Ended.Select(ended => ended.Of).Distinct().Count(), card.Ended.Length);
            Assert.Equal(card.Ended.Count(ended => ended.Result == CardResult.Produced), card.Former.Length + (card.Status == CardStatus.None ? 0 : 1));
            // Benefits are a matter of membership, the card's state one of the bank.
            Assert.Equal(card.IsLive && member.State.StatusOn(day) == MemberStatus.Active, member.State.HasCardBenefitsOn(day));
            // The bank alone moved the card.
            foreach (var (before, after) in member.Days.Zip(member.Days.Skip(1)).Where(pair => pair.First.State.Card.Status != pair.Second.State.Card.Status))
                Assert.True(after.State.Card.Status is CardStatus.Delivered || after.State.Card.Notices.Length > before.State.Card.Notices.Length || after.State.Card.Ended.Length > before.State.Card.Ended.Length);
        }

        var batchState = Json(batch.State);
        if (!batch.Events.IsEmpty) Assert.Equal(batchState, Json(batch.Events.Select(BatchRoom.Instance.EventCodec.Write).Select(BatchRoom.Instance.EventCodec.Read).Aggregate(CardBatch.Initial, CardBatch.Evolve)));
        if (!batch.Events.IsEmpty) Assert.Equal(batchState, Json(JsonSerializer.Deserialize<CardBatchState>(batchState, UnionJson.Options)));
        Assert.True(batch.State.Members.Length <= batch.State.Limit && batch.State.Members.Distinct().Count() == batch.State.Members.Length);
        if (batch.State.ReplyHash is not null) Assert.Equal(batch.Events.OfType<CardBatchEvent.Exported>().Last().Lines, batch.State.Produced + batch.State.Rejected);
        if (batch.State.Status == CardBatchStatus.Settled) Assert.True(batch.State.Untold.IsEmpty);

        // Rows written one by one are the rows of the final states.
        Assert.Equal(Texts(members.Values.SelectMany(member => Member.Rows(Member.Initial, member.State)).Concat(CardBatch.Rows(CardBatch.Initial, batch.State))),
            Texts(Member.ReadModels.Concat(CardBatch.ReadModels).SelectMany(house.Rows)));

        // No number twice, not even one that was given up.
        var numbers = members.Values.SelectMany(member => member.State.Card.Former.Append(member.State.Card.NumberHash)).OfType<string>().ToList();
        Assert.Equal(numbers.Distinct(StringComparer.Ordinal).Count(), numbers.Count);

        // On every day the figure is the number of active members with a card that was not cancelled, at their unions and units.
        for (var on = Calendar.Day(4, 7); on <= Calendar.Day(9, 30); on = on.AddDays(5))
        {
            var said = members.Values.SelectMany(member => member.Days.Where(entry => entry.On <= on).TakeLast(1)).Select(entry => entry.State)
                .Where(state => state.Card.IsLive && state.StatusOn(on) == MemberStatus.Active)
                .GroupBy(state => (state.Union.Value, state.Workplace.Employer?.Value ?? "")).ToDictionary(group => group.Key, group => (long)group.Count());
            var counted = house.Facts.Where(fact => fact.BusinessOn <= on && fact.Measure == CardMeasures.Issued.Id).GroupBy(fact => (fact.Union.Value, fact.Subject)).ToDictionary(group => group.Key, group => group.Sum(fact => fact.Value));
            Assert.Equal(said.OrderBy(s => s.Key), counted.Where(c => c.Value != 0).OrderBy(c => c.Key));
        }

        bool Take(MemberId id, MemberCommand command, Operator by)
        {
            var first = house.Send<Member, MemberState, MemberCommand, MemberEvent, MemberView>(id.Stream, command, by, day, "reason", "D-1");
            if (first.Refusal is not null) return false;
            foreach (var happened in first.Events)
            {
                seen.TryAdd(happened.GetType(), true);
                var (state, events, days) = members[id];
                state = Member.Evolve(state, happened);
                days.Add((day, state));
                members[id] = (state, events.Add(happened), days);
            }

            var second = house.Send<Member, MemberState, MemberCommand, MemberEvent, MemberView>(id.Stream, command, by, day, "reason", "D-1");
            Assert.True(second.Refusal is null && second.Events.IsEmpty, $"{command} twice: {second.Refusal} {string.Join(' ', second.Events)}");
            return true;
        }

        void TakeBatch(CardBatchCommand command, Step step)
        {
            var by = command is CardBatchCommand.Reconcile ? Operators.Bank : step.By == 0 ? Operators.Officer : District;
            var first = house.Send<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>(Batches[0].Stream, command, by, day, "reason");
            if (first.Refusal is not null) return;
            foreach (var happened in first.Events)
            {
                seen.TryAdd(happened.GetType(), true);
                batch = (CardBatch.Evolve(batch.State, happened), batch.Events.Add(happened));
            }

            var second = house.Send<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>(Batches[0].Stream, command, by, day, "reason");
            Assert.True(second.Refusal is null && second.Events.IsEmpty, $"{command} twice: {second.Refusal} {string.Join(' ', second.Events)}");
        }
    }

    // Mostly who may do it, now and then somebody who may not.
    private static Operator By(MemberCommand command, Step step) => step.By == 0 ? Operators.Auditor : command switch
    {
        MemberCommand.RecordCardResult or MemberCommand.RecordCardNotice => step.By == 1 ? District : Operators.Bank,
        MemberCommand.ApplyForCard => step.By == 1 ? District : Operators.Applicant,
        _ => District,
    };

    private static MemberCommand MemberCommandOf(Step step, DateOnly day)
    {
        var (batch, line) = (Batches[step.With % 2], 1 + (step.With % 3));
        var number = step.With == 23 ? null : Numbers[step.With / 2 % 4];
        var bankOn = day.AddDays(-(step.With % 3));
        return step.What switch
        {
            0 => new MemberCommand.GiveCardConsent(),
            1 => step.With < 8 ? new MemberCommand.WithdrawCardConsent() : new MemberCommand.GiveCardConsent(),
            2 or 3 or 4 => new MemberCommand.ApplyForCard(),
            5 or 6 or 7 => new MemberCommand.CheckCardApplication(),
            8 => step.With < 8 ? new MemberCommand.RejectCardApplication() : new MemberCommand.CheckCardApplication(),
            9 or 10 => new MemberCommand.TakeCardLine(batch, line, step.With == 22 ? Batches[1] : null),
            11 or 12 => new MemberCommand.SendCardLine(batch, line),
            13 => step.With < 10 ? new MemberCommand.ReleaseCardLine(batch, line) : new MemberCommand.SendCardLine(batch, line),
            14 or 15 => new MemberCommand.RecordCardResult(batch, line, CardResult.Produced, bankOn, number),
            16 => new MemberCommand.RecordCardResult(batch, line, step.With < 12 ? CardResult.NameDisagrees : CardResult.Other, bankOn, Text: step.With < 12 ? null : "说明"),
            17 => new MemberCommand.DeliverCard(),
            18 or 19 => new MemberCommand.RecordCardNotice((CardNotice)(step.With < 3 ? 4 : 1 + (step.With % 3)), bankOn, number),
            20 => new MemberCommand.OfferTransfer(step.With % 2 == 0 ? Away : Home, OtherUnit),
            21 => new MemberCommand.AcceptTransfer(),
            22 => step.With < 6 ? new MemberCommand.Retain(RetentionGround.Unemployed) : new MemberCommand.Collect(OtherUnit, Sheet(People[step.Who])),
            23 => new MemberCommand.Reinstate(Home, Unit),
            24 => step.With < 3 ? new MemberCommand.Withdraw() : step.With < 6 ? new MemberCommand.Educate(day.AddDays(9)) : new MemberCommand.RecordActivity(),
            _ => step.With < 2 ? new MemberCommand.Erase() : new MemberCommand.Collect(Unit, Sheet(People[step.Who]) with { CardConsent = step.With % 4 == 0 ? "0" : "1" }),
        };
    }

    private static CardBatchCommand BatchCommand(Step step, DateOnly day, CardBatchState batch)
    {
        var some = LineSet.Of(Enumerable.Range(1, 4).Where(line => (step.With >> (line - 1) & 1) == 1));
        var all = LineSet.To(batch.Members.Length).Without(batch.Void);
        return step.What switch
        {
            26 or 27 => new CardBatchCommand.Open(new("U-2"), step.With == 0 ? 2 : 3),
            28 or 29 => new CardBatchCommand.AddLines([.. People.Take(1 + (step.With % 3))]),
            30 => step.With < 8 ? new CardBatchCommand.VoidLines(some) : new CardBatchCommand.ClearLines(all),
            31 => step.With < 12 ? new CardBatchCommand.Close() : new CardBatchCommand.AddLines([.. People]),
            32 or 33 => new CardBatchCommand.ClearLines(step.With < 8 ? some : all),
            34 => new CardBatchCommand.Export(),
            35 => new CardBatchCommand.MarkSent(),
            36 or 37 => new CardBatchCommand.Reconcile(day, [new(CardResult.Produced, day, step.With < 4 ? some : all.Without(some)), new(CardResult.Format, day, step.With < 4 ? LineSet.Empty : all.And(some))], $"{step.With}"),
            _ => new CardBatchCommand.TellLines(step.With < 8 ? some : LineSet.To(batch.Members.Length)),
        };
    }

    private static MemberForm Sheet(MemberId id) => Form with { DocumentType = "2", DocumentNumber = $"E1000000{Array.IndexOf(People, id)}", DocumentValidUntil = id == Second ? "2014-06-15" : "长期", JoinedOn = "2014-04-01" };

    private static IEnumerable<string> Texts(IEnumerable<Row> rows) => rows.Select(row => $"{row.Model} {JsonSerializer.Serialize(row.Values)}").Order(StringComparer.Ordinal);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, UnionJson.Options);

    private sealed record Step(int What, int Who, int With, int By, int Days);
}
