using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionTesting;

namespace UnionSilo.Tests.Grains;

/// <summary>A command that was made for one version of a record is taken at that version alone, on every way.</summary>
[Trait("F", "23")]
public sealed class ExpectedVersionSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Another_version_is_refused_on_every_way_and_nothing_is_written(string store)
    {
        var silo = await Start(store);
        await new CardTown(silo.Client, Cancel).Found();
        var moved = CommandRules.VersionMoved.With("expected", 0).With("actual", 1);
        var old = With(0);
        Assert.Equal((moved, 1), await silo.Client.Employers.Send(Unit, Report(200).Command, old, Cancel) is var sent ? (sent.Refusal, sent.Version) : default);
        Assert.Equal((moved, 1), await silo.Client.Employers.Validate(Unit, Report(200).Command, old, Cancel) is var judged ? (judged.Refusal, judged.Version) : default);
        var outcomes = await Bulk(silo, new(Unit, Report(200).Command, old), new(Unit, Report(201).Command, With(1)), new(Unit, Report(202).Command, With(1)), new(Unit, Report(203).Command, With(2)));
        Assert.Equal(["command.version-moved", null, "command.version-moved", null], outcomes.Select(outcome => outcome.Refusal?.Code));
        Assert.Equal(3, (await silo.Stored(Stream, Cancel)).Count);

        // Those that begin a stream go in windows of their own.
        Assert.Equal(CommandRules.VersionMoved.Code, (await Enter(silo, 1, 1)).Refusal?.Code);
        Assert.Equal(1, Accepted(await Enter(silo, 1, 0)).Version);
        Assert.Equal(moved, (await Enter(silo, 1, 0)).Refusal);
        Assert.Single(await silo.Stored(CardTown.Person(1).Stream.ToString(), Cancel));
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "24")]
    public async Task A_repeat_of_an_applied_command_is_answered_as_applied_whatever_happened_since(string store)
    {
        var silo = await Start(store);
        var with = With(1);
        Assert.Equal(2, Accepted(await silo.Client.Employers.Send(Unit, Report(200).Command, with, Cancel)).Version);
        Assert.Equal(3, Accepted(await silo.Client.Employers.Send(Unit, Report(300).Command, With(2), Cancel)).Version);
        Assert.Equal(3, Accepted(await silo.Client.Employers.Send(Unit, Report(200).Command, with, Cancel)).Version);
        Assert.Equal((null, 2L, true), (await Bulk(silo, new BulkRow<EmployerId, EmployerCommand>(Unit, Report(200).Command, with)))[0] is var told ? (told.Refusal, told.Version, told.Repeated) : default);
        Assert.Equal(3, (await silo.Stored(Stream, Cancel)).Count);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_many_who_edit_what_they_all_saw_one_is_taken(string store)
    {
        var silo = await Start(store);
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => silo.Client.Employers.Send(Unit, Report(200 + n).Command, With(1), Cancel)));
        Assert.Single(replies, reply => reply.Accepted);
        Assert.All(replies.Where(reply => !reply.Accepted), reply => Assert.Equal(CommandRules.VersionMoved.With("expected", 1).With("actual", 2), reply.Refusal));
        Assert.Equal(2, (await silo.Stored(Stream, Cancel)).Count);
    }

    private static CommandOptions With(long version) => new() { Operator = District.Officer, CommandId = Guid.CreateVersion7(), ExpectedVersion = version };

    private static async Task<List<BulkOutcome<EmployerView>>> Bulk(RunningUnion silo, params BulkRow<EmployerId, EmployerCommand>[] rows) =>
        await silo.Client.Employers.Bulk.Send(rows.ToAsyncEnumerable(), cancel: Cancel).ToListAsync(Cancel);

    private static Task<Reply<MemberView>> Enter(RunningUnion silo, int n, long version) => silo.Client.Members.Send(
        CardTown.Person(n), new MemberCommand.Enter(CardTown.Primary, District.Unit(1), CardTown.Form(n)), CardTown.ByDesk with { ExpectedVersion = version }, Cancel);
}
