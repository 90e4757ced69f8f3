using UnionClient;
using UnionClient.Unions;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionGrains.Kernel;
using UnionTesting;

namespace UnionSilo.Tests.Grains;

/// <summary>Each room through a silo: one accepted, one refused, one whose commit fails.</summary>
public sealed class RoomSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private static readonly Operator City = District.Officer with { Role = Role.Municipal };

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public Task Unions(string store) => Room<UnionCommand, UnionView>(
        store,
        (silo, id, command) => silo.Get<IGrainFactory>().GetGrain<IUnionGrain>("union/U-2").Send(new Envelope<UnionCommand>(id, command, City)),
        new UnionCommand.SetUpFederation("示例街道总工会", UnionLevel.Subdistrict, UnionKind.Federation, District.Federation),
        (new UnionCommand.SetUpFederation("示例街道总工会", UnionLevel.Subdistrict, UnionKind.Federation, new UnionId("U-none")), UnionRules.AlreadyExists),
        new UnionCommand.Rename("示例街道工会联合会"));

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public Task Employers(string store) => Room<EmployerCommand, EmployerView>(
        store,
        (silo, id, command) => Grain(silo, District.Unit(2)).Send(new Envelope<EmployerCommand>(id, command, City)),
        District.Registration(2),
        (District.Registration(3), EmployerRules.RegisteredOtherwise),
        new EmployerCommand.Rename("示例单位"));

    private async Task Room<TCommand, TView>(
        string store, Func<RunningUnion, Guid, TCommand, Task<Reply<TView>>> send, TCommand first, (TCommand Command, Refusal Rule) refused, TCommand second)
    {
        var silo = await Start(store);
        Assert.Equal(1, Accepted(await send(silo, Guid.CreateVersion7(), first)).Version);
        var refusal = await send(silo, Guid.CreateVersion7(), refused.Command);
        Assert.Equal((refused.Rule.Code, 1L), (refusal.Refusal?.Code, refusal.Version));

        var failed = 0;
        silo.Store.OnCommit = commit => Interlocked.Exchange(ref failed, 1) == 0 ? throw new GroupNotCommittedException(NotCommitted.Full) : commit.Apply();
        var id = Guid.CreateVersion7();
        Assert.Equal("store-full", (await Fault(send(silo, id, second))).Code);
        Reply<TView>? reply = null;
        while (reply is null)
        {
            try
            {
                reply = await send(silo, id, second);
            }
            catch (UnionFault fault) when (fault.Retryable)
            {
                // The fenced activation is still on its way out.
            }
        }

        Assert.Equal(2, Accepted(reply).Version);
        Assert.Empty(await Verify());
    }
}
