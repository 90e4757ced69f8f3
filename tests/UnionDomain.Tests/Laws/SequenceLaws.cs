using System.Collections.Concurrent;
using CsCheck;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Employers;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;

namespace UnionDomain.Tests.Laws;

/// <summary>What holds after any sequence of commands to unions and employers that know one another. A failure prints its seed.</summary>
public sealed class SequenceLaws
{
    private const int Sequences = 2_000;

    private static readonly Operator[] Everybody =
        [Operators.Applicant, Operators.Officer, Operators.Committee, Operators.Subdistrict, Operators.District, Operators.Municipal, Operators.Auditor, Operators.Member];

    private static readonly UnionId[] Unions = [new("U-10"), new("U-11"), new("U-12"), new("U-13"), new("U-14"), UnionExamples.SubdistrictFederation, UnionExamples.OtherSubdistrict];
    private static readonly UnionId SplitOff = new("U-15");
    private static readonly UnionId TakenOver = new("U-16");
    private static readonly EmployerId[] Employers = [new("E-1"), new("E-2"), new("E-3")];
    private static readonly string[] Codes = [EmployerExamples.Code, EmployerExamples.OtherCode, "M000100Y4", "no code"];

    private static readonly Gen<Step> OneStep = Gen.Select(Gen.Int[0, 60], Gen.Int[0, 6], Gen.Int[0, 6], Gen.Int[0, 60], Gen.Int[0, 63], Gen.Int[-8, 8], (what, on, with, number, by, days) => new Step(what, on, with, number, by, days));

    [Fact, Trait("F", "1"), Trait("F", "11")]
    public void Any_sequence_keeps_states_rows_facts_and_tree_in_agreement()
    {
        var seen = new ConcurrentDictionary<Type, bool>();
        OneStep.Array[60].Sample(
            steps =>
            {
                var house = new House();
                // Four unions are active from the start, so that mergers and coverage happen often; the fifth number is free.
                foreach (var (id, kind) in new[] { (Unions[0], UnionKind.Independent), (Unions[1], UnionKind.Joint), (Unions[2], UnionKind.Joint) })
                    Establish(house, id, kind);
                Establish(house, Unions[3], UnionKind.Joint, UnionLevel.Branch, Unions[0]);
                Establish(house, SplitOff, UnionKind.Joint, origin: Unions[1]);
                foreach (var (unit, code) in Employers.Zip(Codes).Take(2))
                    house.Send(unit, new EmployerCommand.Register(code, "Unit", EmployerKind.Private, "C", "110108", UnionExamples.SubdistrictFederation, 12), Operators.Subdistrict, Calendar.Day(1, 5));
                house.Send(Employers[0], new EmployerCommand.Cover(Unions[1], CoverageKind.Joint), Operators.Subdistrict, Calendar.Day(1, 5));
                for (var i = 0; i < steps.Length; i++) Take(house, steps[i], Calendar.Day(1, 12).AddDays(Math.Min(i * 2, 150) + Math.Min(steps[i].Days, 0)));
                house.Check();
                foreach (var happened in house.Events) seen.TryAdd(happened.GetType(), true);
            },
            iter: Sequences);
        Assert.Equal([], Rooms.All.Where(room => room.Kind is "union" or "employer").SelectMany(room => room.Events.Cases).Where(c => !seen.ContainsKey(c.Case)).Select(c => c.Name));
    }

    private static void Establish(House house, UnionId id, UnionKind kind, UnionLevel level = UnionLevel.Primary, UnionId? upper = null, UnionId? origin = null)
    {
        var day = Calendar.Day(1, 2);
        house.Given(
            id, new UnionEvent.Applied(id, $"Union {id}", level, kind, upper ?? UnionExamples.SubdistrictFederation, UnionLevel.Subdistrict, [], 40, 30, 3, origin, "op-1", day), new UnionEvent.Verified(40, 30, day),
            new UnionEvent.Approved(day), new UnionEvent.ElectionHeld(30, 30, 5, day), new UnionEvent.ResultApproved(day), new UnionEvent.Completed(day));
    }

    // Sends the command twice: whatever was accepted changes nothing the second time.
    private static void Take(House house, Step step, DateOnly on)
    {
        var by = step.By < 56 ? null : Everybody[step.By % Everybody.Length];
        if (step.What is < 34 or (> 51 and < 59))
        {
            var (command, operatorOf) = step.What > 55 ? (new UnionCommand.Undo(house.Newest(TakenOver.Stream, step.With % 2), step.Number == 1 ? "union/U-10" : null), Operators.District) : UnionStep(step);
            var id = command is UnionCommand.Apply or UnionCommand.Verify or UnionCommand.Approve or UnionCommand.HoldElection or UnionCommand.ApproveResult or UnionCommand.Complete
                or UnionCommand.Return or UnionCommand.Reject
                ? Unions[4]
                : command is UnionCommand.TakeOver ? (step.On < 4 ? TakenOver : Unions[step.On])
                : command is UnionCommand.LookAtChair or UnionCommand.Undo ? TakenOver
                : command is UnionCommand.Split ? Unions[1] : Often(step) ? Unions[1 + (step.On % 2)] : Unions[step.On];
            var document = step.Number == 0 ? null : "D-1";
            var first = house.Send(id, command, by ?? operatorOf, on, document);
            if (first.Refusal is not null) return;
            var second = house.Send(id, command, by ?? operatorOf, on, document);
            // Whoever looks twice has looked twice.
            if (command is UnionCommand.LookAtChair) Assert.Equal(first.Events.Length, second.Events.Length);
            else Assert.True(second.Refusal is null && second.Events.IsEmpty, $"{command} twice: {second.Refusal} {string.Join(' ', second.Events)}");
        }
        else
        {
            var id = Employers[step.On % Employers.Length];
            var command = step.What > 58 ? new EmployerCommand.Undo(house.Newest(id.Stream, step.With % 2), step.Number == 1 ? "member/x" : null) : EmployerStep(step);
            var first = house.Send(id, command, by ?? Operators.Subdistrict, on);
            if (first.Refusal is not null) return;
            var second = house.Send(id, command, by ?? Operators.Subdistrict, on);
            if (command is EmployerCommand.LookAtContact) Assert.Equal(first.Events.Length, second.Events.Length);
            else Assert.True(second.Refusal is null && second.Events.IsEmpty, $"{command} twice: {second.Refusal} {string.Join(' ', second.Events)}");
        }
    }

    private static (UnionCommand Command, Operator By) UnionStep(Step step)
    {
        var other = Often(step) ? Unions[2 - (step.On % 2)] : Unions[step.With];
        var units = step.Number % 3 == 0 ? Employers : Employers[..2];
        return step.What switch
        {
            0 => (new UnionCommand.SetUpFederation("Federation", UnionLevel.Subdistrict, UnionKind.Industrial, UnionExamples.DistrictFederation), Operators.District),
            1 => (new UnionCommand.SetUpFederation(step.Number % 5 == 0 ? "" : "Federation", (UnionLevel)(step.With + 1), (UnionKind)(step.On + 1), other), Operators.Municipal),
            2 or 3 or 4 => (Apply(step, units), Operators.Applicant),
            5 or 6 => (new UnionCommand.Verify(40, 20 + (step.Number / 20)), Operators.Subdistrict),
            7 or 8 => (new UnionCommand.Approve(), Operators.District),
            9 => (new UnionCommand.Return(), Operators.District),
            10 => (step.Number < 30 ? new UnionCommand.Reject() : new UnionCommand.Return(), Operators.District),
            11 or 12 => (new UnionCommand.HoldElection(30, step.Number, 5), Operators.Officer),
            13 or 14 => (new UnionCommand.ApproveResult(), Operators.District),
            15 or 16 => (new UnionCommand.Complete(), Operators.District),
            17 => (new UnionCommand.Rename($"Name {step.Number % 3}"), Operators.District),
            18 or 19 => (new UnionCommand.Move(other), Operators.District),
            20 => (step.Number < 8 ? new UnionCommand.Close((ClosingReason)(step.With % 4)) : new UnionCommand.Move(other), Operators.District),
            21 => (new UnionCommand.Split(Unions[4], [.. units]), Operators.District),
            22 or 23 or 24 => (new UnionCommand.AcceptMerger(other), Operators.District),
            25 => (new UnionCommand.DeclineMerger(other), Operators.District),
            26 => (new UnionCommand.WithdrawMerger(other), Operators.District),
            27 or 28 => (new UnionCommand.MergeInto(other), Operators.District),
            29 or 30 => (new UnionCommand.CompleteMerger(other), Operators.District),
            52 or 53 or 54 => (TakeOver(step), Operators.District),
            55 => (new UnionCommand.LookAtChair(step.With == 0 ? "no purpose" : LookRules.Purposes[step.With % 4]), Operators.District),
            _ => (new UnionCommand.Split(SplitOff, [Employers[step.With % 2]]), Operators.District),
        };
    }

    // Three mergers in four are between the same two joint unions, so that both halves of the handshake meet.
    private static bool Often(Step step) => step.What is >= 22 and <= 30 && step.Number % 4 != 0;

    // Most applications are for a joint union split off from another one; some are broken.
    private static UnionCommand.Apply Apply(Step step, EmployerId[] units) => new(
        "Union", step.Number % 11 == 0 ? UnionLevel.Branch : UnionLevel.Primary, step.With < 5 ? UnionKind.Joint : UnionKind.Independent, step.On < 5 ? UnionExamples.SubdistrictFederation : Unions[step.On],
        [.. units], 40, 30, step.Number == 1 ? 4 : 3, step.With < 5 ? Unions[1] : null);

    // Most rows are of the same joint union, with another name, term or chair; some are broken or of another one.
    private static UnionCommand.TakeOver TakeOver(Step step) => new(
        $"Union {step.Number % 2}", step.Number % 13 == 0 ? UnionLevel.Branch : UnionLevel.Primary, UnionKind.Joint, step.With == 0 ? Unions[step.On] : UnionExamples.SubdistrictFederation,
        new(2014 - (step.Number % 17 == 0 ? 60 : 0), 1, 4), step.Number % 3 == 0 ? 5 : 3, step.With < 3 ? null : new Contact($"Chair {step.With}"));

    private static EmployerCommand EmployerStep(Step step) => step.What switch
    {
        34 or 35 => new EmployerCommand.Register(
            Codes[step.With % 4], "Unit", EmployerKind.Private, "C", "110108", step.Number % 2 == 0 ? UnionExamples.SubdistrictFederation : UnionExamples.OtherSubdistrict, step.Number, step.With),
        36 or 37 => step.With < 4 ? new EmployerCommand.StartOperating() : new EmployerCommand.Suspend(),
        38 or 39 => new EmployerCommand.ReportHeadcount(step.Number, step.With, step.With),
        40 => new EmployerCommand.CorrectCode(Codes[step.With % 4]),
        41 => new EmployerCommand.Rename($"Name {step.Number % 3}"),
        42 => new EmployerCommand.Relocate("110105", step.Number % 2 == 0 ? UnionExamples.SubdistrictFederation : Unions[step.With]),
        43 => new EmployerCommand.Resume(),
        48 or 49 => new EmployerCommand.Record(
            Codes[step.With % 4], $"Unit {step.Number % 2}", (EmployerKind)(4 + (step.Number % 3)), "C", "110108", step.With == 5 ? Unions[step.On] : UnionExamples.SubdistrictFederation,
            12 + (step.Number / 30), null, null, step.With < 3 ? null : Unions[2], step.With < 3 ? null : CoverageKind.Joint, step.On < 3 ? null : new Contact($"Contact {step.On}", "010-55550000")),
        50 => new EmployerCommand.ReportMembers(step.Number - 1),
        51 => new EmployerCommand.LookAtContact(step.With == 0 ? "no purpose" : LookRules.Purposes[step.With % 4]),
        44 => step.Number < 12 ? new EmployerCommand.Close() : new EmployerCommand.EndCoverage(Unions[step.With]),
        _ => new EmployerCommand.Cover(Unions[step.With], (CoverageKind)(1 + (step.Number % 3)), step.Number % 2 == 0),
    };

    private sealed record Step(int What, int On, int With, int Number, int By, int Days);
}
