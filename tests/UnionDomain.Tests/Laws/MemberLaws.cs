using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;
using static UnionDomain.Tests.Members.MemberExamples;
using MemberRoom = UnionDomain.Kernel.Room<UnionDomain.Members.Member, UnionDomain.Members.MemberState, UnionDomain.Members.MemberCommand, UnionDomain.Members.MemberEvent, UnionDomain.Members.MemberView>;

namespace UnionDomain.Tests.Laws;

/// <summary>What holds after any sequence of commands to two people and two unions. A failure prints its seed.</summary>
public sealed class MemberLaws
{
    private const int Sequences = 2_000;

    private static readonly Operator Federation = new("op-31", new("U-2"), Role.District, Rights.Backdate);
    private static readonly Operator OtherFederation = new("op-32", new("U-2"), Role.District, Rights.Backdate);
    private static readonly Operator[] Everybody = [Federation, Federation, OtherFederation, OtherFederation, HomeOfficer, HomeCommittee, AwayOfficer, Operators.Member, Operators.Auditor];

    private static readonly Gen<Step> OneStep = Gen.Select(Gen.Int[0, 31], Gen.Int[0, 1], Gen.Int[0, 11], Gen.Int[0, 8], Gen.Int[0, 9], (what, who, with, by, days) => new Step(what, who, with, by, days));

    [Fact, Trait("F", "16"), Trait("F", "17"), Trait("F", "19"), Trait("F", "22")]
    public void Any_sequence_keeps_states_rows_facts_and_claims_in_agreement()
    {
        var seen = new ConcurrentDictionary<Type, bool>();
        OneStep.Array[40].Sample(steps => Run(steps, seen), iter: Sequences);
        Assert.Equal([], MemberRoom.Instance.EventCodec.Cases.Where(c => !c.Name.StartsWith("card-", StringComparison.Ordinal) && !seen.ContainsKey(c.Case)).Select(c => c.Name));
    }

    private static void Run(Step[] steps, ConcurrentDictionary<Type, bool> seen)
    {
        var house = new InMemoryUnion(new StoppedClock(Calendar.Today));
        house.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(new UnionId("U-3").Stream, Calendar.Day(1, 1), UnionExamples.SetUp(new("U-3"), UnionLevel.Subdistrict));
        house.Given<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(Unit.Stream, Calendar.Day(1, 1), UnionExamples.Registered(Unit, 40));
        foreach (var union in new[] { Home, Away })
            house.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(union.Stream, Calendar.Day(1, 1), UnionExamples.Active(UnionExamples.Applied(union)));
        var people = new[] { Subject, Second };
        var histories = people.ToDictionary(id => id, _ => new List<(DateOnly On, MemberState State, Guid Command)>());
        var states = people.ToDictionary(id => id, _ => Member.Initial);
        var events = people.ToDictionary(id => id, _ => ImmutableArray<MemberEvent>.Empty);
        var day = Calendar.Day(4, 7);
        foreach (var step in steps)
        {
            if (day.AddDays(step.Days) <= Calendar.Today) day = day.AddDays(step.Days);
            var (id, commandId) = (people[step.Who], Guid.CreateVersion7());
            var former = histories[id].Where(entry => entry.Command != default).Select(entry => entry.Command).ToList();
            var command = step.What < 30 ? Command(step, day) : new MemberCommand.Undo(former.Count == 0 ? commandId : former[^(1 + (step.With % Math.Min(2, former.Count)))]);
            var first = Send(house, id, command, step, day, commandId);
            if (first.Refusal is not null) continue;
            // What is undone never was, on any day.
            if (command is MemberCommand.Undo { Command: var undone } && !first.Events.IsEmpty)
            {
                var at = histories[id].FindIndex(entry => entry.Command == undone);
                histories[id].RemoveRange(at, histories[id].Count - at);
            }

            foreach (var happened in first.Events)
            {
                seen.TryAdd(happened.GetType(), true);
                states[id] = Member.Evolve(states[id], happened);
            }

            events[id] = [.. events[id], .. first.Events];
            if (!first.Events.IsEmpty) histories[id].Add((day, states[id], command is MemberCommand.Enter or MemberCommand.Collect or MemberCommand.RecordActivity ? commandId : default));
            if (command is MemberCommand.LookAt) continue;
            var second = Send(house, id, command, step, day, Guid.CreateVersion7());
            Assert.True(second.Refusal is null && second.Events.IsEmpty, $"{command} twice: {second.Refusal} {string.Join(' ', second.Events)}");
        }

        // Stored and read again, events give the same state, and a snapshot of it too.
        foreach (var id in people.Where(id => !events[id].IsEmpty))
        {
            var state = Json(states[id]);
            Assert.Equal(state, Json(events[id].Select(MemberRoom.Instance.EventCodec.Write).Select(MemberRoom.Instance.EventCodec.Read).Aggregate(Member.Initial, Member.Evolve)));
            Assert.Equal(state, Json(JsonSerializer.Deserialize<MemberState>(state, UnionJson.Options)));
            // Where the feed says that a stream stands, its list finds it.
            Assert.Equal(states[id].Union, events[id].Select(happened => Member.Place(happened, id.Stream)).Last(place => place is not null));
        }

        // Rows written one by one are the rows of the final states.
        Assert.Equal(Texts(people.SelectMany(id => Member.Rows(Member.Initial, states[id]))), Texts(Member.ReadModels.SelectMany(house.Rows)));

        // Whoever stands with a document is the only one who does.
        var documents = states.Values.Where(state => state.Status != MemberStatus.Rejected).Select(state => state.Record.DocumentHash).OfType<string>().ToList();
        Assert.Equal(documents.Distinct(StringComparer.Ordinal).Count(), documents.Count);

        // On every day the facts add up to what the state of that day counts as.
        for (var on = Calendar.Day(4, 7); on <= Calendar.Day(10, 31); on = on.AddDays(3))
        {
            var said = people.SelectMany(id => histories[id].Where(entry => entry.On <= on).TakeLast(1)).SelectMany(entry => MemberStocks.Of(entry.State)).Where(stretch => stretch.End > on)
                .GroupBy(stretch => (stretch.Measure.Id, stretch.Union.Value, stretch.Subject)).ToDictionary(group => group.Key, group => (long)group.Count());
            var counted = house.Facts.Where(fact => fact.BusinessOn <= on && fact.Measure.StartsWith("member.", StringComparison.Ordinal))
                .GroupBy(fact => (fact.Measure, fact.Union.Value, fact.Subject)).ToDictionary(group => group.Key, group => group.Sum(fact => fact.Value));
            Assert.Equal(said.OrderBy(s => s.Key), counted.Where(c => c.Value != 0).OrderBy(c => c.Key));
            // A person is counted in one place, also while a transfer is under way.
            Assert.All(people, id => Assert.True(MemberStocks.Of(states[id]).Count(stretch => stretch.Measure != MemberMeasures.Entered) <= 1));
        }

        // Nobody begins twice; who was entered by mistake may begin once more.
        Assert.All(house.Facts.Where(fact => fact.Measure == MemberMeasures.New.Id).GroupBy(fact => fact.Stream), begun => Assert.InRange(begun.Sum(fact => fact.Value), 0, 1));
    }

    private static Outcome<MemberEvent, MemberView> Send(InMemoryUnion house, MemberId id, MemberCommand command, Step step, DateOnly on, Guid commandId)
    {
        var by = command switch
        {
            MemberCommand.Apply => Operators.Member,
            MemberCommand.Expel => HomeCommittee,
            _ => Everybody[step.By],
        };
        return house.Send<Member, MemberState, MemberCommand, MemberEvent, MemberView>(id.Stream, command, by, on, "reason", "D-1", commandId);
    }

    private static MemberCommand Command(Step step, DateOnly day)
    {
        var union = step.With % 2 == 0 ? Home : Away;
        var unit = step.With % 3 == 0 ? (EmployerId?)null : Unit;
        var mine = step.Who == 0 ? Form : Form with { DocumentNumber = OtherNumber, Sex = "1", BornOn = "1912-02-29", Name = "另一人" };
        var sheet = (step.With % 6) switch
        {
            0 => mine with { DocumentNumber = null },
            1 => Form,
            2 => mine with { DocumentValidUntil = day.AddDays(20).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) },
            3 => mine with { Mobile = "1" },
            _ => mine,
        };
        return step.What switch
        {
            0 or 1 => new MemberCommand.Apply(union, unit, sheet),
            2 or 3 => new MemberCommand.Admit(),
            4 => new MemberCommand.Reject(),
            5 or 6 or 7 => new MemberCommand.Enter(union, unit, sheet),
            8 or 9 or 10 => new MemberCommand.Collect(unit, sheet),
            11 or 12 or 13 => new MemberCommand.OfferTransfer(union, unit),
            14 or 15 or 16 => new MemberCommand.AcceptTransfer(unit),
            17 => new MemberCommand.RefuseTransfer(),
            18 => new MemberCommand.RecallTransfer(),
            19 => new MemberCommand.Retain((RetentionGround)(1 + (step.With % 3)), step.With % 3 == 2 ? new UnionId("U-3") : null),
            20 or 21 => new MemberCommand.Reinstate(union, unit),
            22 => new MemberCommand.Withdraw(),
            23 => step.With < 4 ? new MemberCommand.Expel() : new MemberCommand.Withdraw(),
            24 => step.With < 2 ? new MemberCommand.RecordDeath() : new MemberCommand.RecordActivity(),
            25 => new MemberCommand.RecordActivity(),
            26 or 27 => new MemberCommand.Educate(day.AddDays(step.With)),
            28 => new MemberCommand.LookAt("verification"),
            _ => step.With < 3 ? new MemberCommand.Erase() : new MemberCommand.RecordActivity(),
        };
    }

    private static IEnumerable<string> Texts(IEnumerable<Row> rows) => rows.Select(row => $"{row.Model} {JsonSerializer.Serialize(row.Values)}").Order(StringComparer.Ordinal);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, UnionJson.Options);

    private sealed record Step(int What, int Who, int With, int By, int Days);
}
