using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionGrains.Kernel;

namespace UnionLoad;

/// <summary>The room that is measured: what its commands are in each case.</summary>
internal interface ISubject
{
    /// <summary>Events that stand before those of the actors.</summary>
    int Founded { get; }

    /// <summary>Everything that stands before a run, with the first actors.</summary>
    IAsyncEnumerable<Append> Found(Request request);

    /// <summary>The first command of the n-th new actor; what the rules said against it.</summary>
    Task<Refusal?> Add(IUnionClient client, long n);

    /// <summary>The first commands of new actors in one call, in the order of the register; what the rules said against the first they refused.</summary>
    Task<Refusal?> AddMany(IUnionClient client, long first, int count);

    /// <summary>A command that changes an actor, another way than those before; what the rules said against it.</summary>
    Task<Refusal?> Change(IUnionClient client, long actor, long changes);

    /// <summary>A command without anything personal that changes an actor; what the rules said against it.</summary>
    Task<Refusal?> ChangeLightly(IUnionClient client, long actor, long changes);

    /// <summary>The version of an actor, as a read shows it.</summary>
    Task<long> Look(IUnionClient client, long actor, CancellationToken cancel = default);

    /// <summary>Sends rows as one window.</summary>
    static async Task<Refusal?> Send<TId, TCommand, TView>(BulkClient<TId, TCommand, TView> bulk, IEnumerable<BulkRow<TId, TCommand>> rows, int count)
        where TId : struct, IStringId<TId>
        where TCommand : class
        where TView : class
    {
        await foreach (var outcome in bulk.Send(rows.ToAsyncEnumerable(), new() { WindowRows = count }))
        {
            if (outcome.Fault is { } fault) throw new InvalidDataException($"Fault: {fault.Code}.");
            if (outcome.Refusal is { } refusal) return refusal;
        }

        return null;
    }

    static ISubject Of(Request request) => request.Room == Room.Members ? new MemberSubject(request.Seeded) : new EmployerSubject(request.Seeded);
}

/// <summary>Employers of the district: registered, and then with another headcount.</summary>
internal sealed class EmployerSubject(int seeded) : ISubject
{
    public int Founded => 1 + District.Subdistricts;

    public async IAsyncEnumerable<Append> Found(Request request)
    {
        var (federations, knowledge) = District.Federate();
        foreach (var federation in federations) yield return federation;
        for (var employer = 0L; employer < seeded; employer++) yield return District.Unit(employer, knowledge).Append;
        await Task.CompletedTask;
    }

    public Task<Refusal?> Add(IUnionClient client, long n) => Send(client, seeded + n, District.Register(seeded + n));

    public Task<Refusal?> AddMany(IUnionClient client, long first, int count) =>
        ISubject.Send(client.Employers.Bulk, Enumerable.Range(0, count).Select(n => new BulkRow<EmployerId, EmployerCommand>(District.Id(seeded + first + n), District.Register(seeded + first + n))), count);

    public Task<Refusal?> Change(IUnionClient client, long actor, long changes) =>
        Send(client, actor, new EmployerCommand.ReportHeadcount((int)(changes % 100_000) + District.Registered + 1));

    public Task<Refusal?> ChangeLightly(IUnionClient client, long actor, long changes) => Change(client, actor, changes);

    public async Task<long> Look(IUnionClient client, long actor, CancellationToken cancel = default) => (await client.Employers.Get(District.Id(actor), cancel: cancel)).Version;

    private static async Task<Refusal?> Send(IUnionClient client, long employer, EmployerCommand command) => (await client.Employers.Send(District.Id(employer), command)).Refusal;
}

/// <summary>Members on the roll: entered with a full sheet, and then with another phone on it.</summary>
internal sealed class MemberSubject(int seeded) : ISubject
{
    public int Founded => Roll.Founded;

    public async IAsyncEnumerable<Append> Found(Request request)
    {
        var vault = await Roll.OpenVault(request);
        var (unions, knowledge) = Roll.Found();
        foreach (var union in unions) yield return union;
        for (var member = 0L; member < seeded; member++) yield return Roll.Entered(member, knowledge, vault);
    }

    public Task<Refusal?> Add(IUnionClient client, long n) => Send(client, seeded + Roll.Anywhere(n), Roll.Enter(seeded + Roll.Anywhere(n)));

    public Task<Refusal?> AddMany(IUnionClient client, long first, int count) =>
        ISubject.Send(client.Members.Bulk, Enumerable.Range(0, count).Select(n => new BulkRow<MemberId, MemberCommand>(Roll.Id(seeded + first + n), Roll.Enter(seeded + first + n))), count);

    public Task<Refusal?> Change(IUnionClient client, long actor, long changes) => Send(client, actor, Roll.Collect(actor, changes + 1));

    public Task<Refusal?> ChangeLightly(IUnionClient client, long actor, long changes) => Send(client, actor, Roll.Consent(changes));

    public async Task<long> Look(IUnionClient client, long actor, CancellationToken cancel = default) => (await client.Members.Get(Roll.Id(actor), cancel: cancel)).Version;

    private static async Task<Refusal?> Send(IUnionClient client, long member, MemberCommand command) => (await client.Members.Send(Roll.Id(member), command)).Refusal;
}
