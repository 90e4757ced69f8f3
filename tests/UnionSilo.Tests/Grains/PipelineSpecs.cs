using UnionClient;
using UnionDomain.Employers;
using UnionGrains.Kernel;
using UnionTesting;

namespace UnionSilo.Tests.Grains;

/// <summary>A grain decides the next command while the former is being written, and nobody ever sees what is not durable.</summary>
public sealed class PipelineSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Two_thousand_commands_at_once_are_each_applied_once_however_often_they_are_sent(string store)
    {
        var silo = await Start(store);
        var commands = Enumerable.Range(0, 2_000).Select(n => (Id: Guid.CreateVersion7(), Asked: new EmployerCommand.ReportHeadcount(1_000 + n))).ToList();
        var during = await Task.WhenAll(commands.Concat(commands).Select(command => silo.Client.Send(Unit, command.Asked, command.Id, Cancel)));
        var after = await Task.WhenAll(commands.Select(command => silo.Client.Send(Unit, command.Asked, command.Id, Cancel)));
        Assert.All(during, reply => Accepted(reply));
        Assert.All(after, reply => Assert.Equal(2_001, Accepted(reply).Version));
        var stored = await Sound(silo, Stream, commands.Select(command => command.Id));
        // First answers tell the version of their own command.
        for (var n = 0; n < commands.Count; n++)
            Assert.Equal(commands[n].Id, stored[(int)during[n].Version - 1].CommandId);
        var today = UnionDomain.Kernel.BusinessCalendar.Today(TimeProvider.System);
        var counted = await silo.Client.Reports.Count(EmployerMeasures.Headcount, District.Federation, new(today, today), Cancel);
        Assert.Equal(after[0].View.Headcount, counted.Value);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_commit_that_fails_takes_everything_behind_it_along_and_nothing_else(string store)
    {
        var silo = await Start(store);
        var gate = Hold(silo, _ => throw new GroupNotCommittedException(NotCommitted.Full));
        var envelopes = Enumerable.Range(0, 6).Select(n => Report(200 + n)).ToList();
        var first = Grain(silo).Send(envelopes[0]);
        await gate.Reached;
        var behind = envelopes.Skip(1).Select(envelope => Grain(silo).Send(envelope)).ToList();
        var shown = await Grain(silo).Get();
        Assert.Equal((1, 100), (shown.Version, shown.View.Headcount));
        gate.Open();
        Assert.Equal("store-full", (await Fault(first)).Code);
        foreach (var send in behind) Assert.Equal("fenced", (await Fault(send)).Code);
        Assert.Single(await silo.Stored(Stream, Cancel));

        Assert.Equal((1, 100), (await silo.Client.Employers.Get(Unit, cancel: Cancel)) is var read ? (read.Version, read.View.Headcount) : default);
        foreach (var envelope in envelopes) Accepted(await silo.Client.Send(Unit, envelope.Command, envelope.CommandId, Cancel));
        await Sound(silo, Stream, envelopes.Select(envelope => envelope.CommandId));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task While_a_commit_is_under_way_reads_show_the_state_before_and_answers_wait(string store)
    {
        var silo = await Start(store);
        var gate = Hold(silo, commit => commit.Apply());
        var accepted = Grain(silo).Send(Report(200));
        await gate.Reached;
        Task<Reply<EmployerView>>[] waiting =
        [
            Grain(silo).Send(Report(200)), // nothing to do any more
            Grain(silo).Send(Command(new EmployerCommand.EndCoverage(new("U-9")))), // refused
            Grain(silo).Validate(Report(300)),
            Grain(silo).Validate(Command(new EmployerCommand.EndCoverage(new("U-9")))),
        ];
        var shown = await Grain(silo).Get();
        Assert.Equal((1, 100), (shown.Version, shown.View.Headcount));
        Assert.All([accepted, .. waiting], task => Assert.False(task.IsCompleted));
        gate.Open();
        foreach (var reply in await Task.WhenAll([accepted, .. waiting])) Assert.Equal((2, 200), (reply.Version, reply.View.Headcount));
        Assert.Equal([null, null, "employer.not-covered", null, "employer.not-covered"], (await Task.WhenAll([accepted, .. waiting])).Select(reply => reply.Refusal?.Code));
        Assert.Equal(2, (await silo.Stored(Stream, Cancel)).Count);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_rests_on_a_commit_that_fails_is_no_answer(string store)
    {
        var silo = await Start(store);
        var gate = Hold(silo, _ => throw new GroupNotCommittedException(NotCommitted.Full));
        var asked = Report(200);
        var failing = Grain(silo).Send(asked);
        await gate.Reached;
        Task[] resting =
        [
            Grain(silo).Send(asked), // the same command once more
            Grain(silo).Send(Report(200)),
            Grain(silo).Send(Command(new EmployerCommand.EndCoverage(new("U-9")))),
            Grain(silo).Validate(Report(300)),
        ];
        await Grain(silo).Get();
        gate.Open();
        Assert.Equal("store-full", (await Fault(failing)).Code);
        foreach (var task in resting) Assert.Equal("fenced", (await Fault(task)).Code);
        Assert.Equal(2, Accepted(await silo.Client.Send(Unit, asked.Command, asked.CommandId, Cancel)).Version);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_command_id_means_one_content_for_ever(string store)
    {
        var silo = await Start(store);
        var id = Guid.CreateVersion7();
        var gate = Hold(silo, commit => commit.Apply());
        var accepted = Grain(silo).Send(Report(200, id));
        await gate.Reached;
        var other = Grain(silo).Send(Report(300, id));
        await Grain(silo).Get();
        Assert.False(other.IsCompleted);
        gate.Open();
        Accepted(await accepted);
        Refused((await other).Refusal);
        Refused((await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(300), id, Cancel)).Refusal);
        Refused((await silo.Client.Employers.Validate(Unit, new EmployerCommand.Suspend(), new() { Operator = District.Officer, CommandId = id }, Cancel)).Refusal);
        await silo.Rest(Cancel);
        Refused((await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(300), id, Cancel)).Refusal);
        Assert.Equal(2, Accepted(await silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(200), id, Cancel)).Version);
        Assert.Equal(2, (await silo.Stored(Stream, Cancel)).Count);

        void Refused(UnionDomain.Kernel.Refusal? refusal) => Assert.Equal(UnionDomain.Kernel.CommandRules.IdReused.With("id", id), refusal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Without_a_slot_nothing_is_decided_and_the_client_comes_again(string store)
    {
        var silo = await Start(store, limits => limits.Slots = 4);
        var gate = Hold(silo, commit => commit.Apply());
        var open = new List<Task<Reply<EmployerView>>> { Grain(silo).Send(Report(200)) };
        await gate.Reached;
        for (var n = 1; n < 4; n++) open.Add(Grain(silo).Send(Report(200 + n)));
        var patient = Enumerable.Range(0, 50).Select(n => silo.Client.Send(Unit, new EmployerCommand.ReportHeadcount(300 + n), cancel: Cancel)).ToList();
        Assert.Equal("overloaded", (await Fault(Grain(silo).Send(Report(299)))).Code);
        Assert.Equal("overloaded", (await Fault(Grain(silo, District.Unit(2)).Send(Command(District.Registration(2))))).Code);
        Assert.Equal(1, (await Grain(silo).Get()).Version);
        gate.Open();
        Assert.All(await Task.WhenAll([.. open, .. patient]), reply => Accepted(reply));
        Assert.Equal(55, (await silo.Stored(Stream, Cancel)).Count);
        Assert.Empty(await silo.Stored("employer/E-0002", Cancel));
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_two_that_register_one_code_at_once_exactly_one_wins(string store)
    {
        var silo = await Start(store);
        var pairs = await Task.WhenAll(Enumerable.Range(2, 200).Select(n => Task.WhenAll(
            silo.Client.Send(District.Unit(n), District.Registration(n), cancel: Cancel),
            silo.Client.Send(District.Unit(n + 1_000), District.Registration(n), cancel: Cancel))));
        for (var n = 2; n < 202; n++)
        {
            var pair = pairs[n - 2];
            var loser = Assert.Single(pair, reply => !reply.Accepted);
            var (winner, lost) = loser == pair[1] ? (District.Unit(n), District.Unit(n + 1_000)) : (District.Unit(n + 1_000), District.Unit(n));
            Assert.Equal(EmployerRules.CodeHeld.With("code", District.Registration(n).Code).With("holder", winner.Stream), loser.Refusal);
            Assert.Equal(0, loser.Version);
            Assert.Equal(0, (await silo.Client.Employers.Get(lost, cancel: Cancel)).Version);
        }

        // Whoever lost registers under a code of its own.
        Assert.Equal(1, Accepted(await silo.Client.Send(District.Unit(pairs[0][0].Accepted ? 1_002 : 2), District.Registration(5_000), cancel: Cancel)).Version);
        Assert.Empty(await Verify());
    }
}
