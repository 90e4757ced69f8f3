using System.Collections.Immutable;
using Orleans.Concurrency;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>
/// The shell around a decider. Commands are decided one after the other and committed together: the next is decided while the former is being
/// written, and no reply and no read shows what is not yet durable. The key of the grain is its stream.
/// </summary>
[Reentrant]
public abstract class AggregateGrain<TDecider, TState, TCommand, TEvent, TView>(AggregateKernel kernel) : Grain, IAggregateGrain<TCommand, TView>
    where TDecider : IAggregate<TState, TCommand, TEvent, TView>
    where TCommand : class
    where TEvent : class
    where TView : class
{
    private const int FirstRead = 200;
    private const int NextReads = 5_000;

    private DecidingStream<TDecider, TState, TCommand, TEvent, TView> decided = null!; // what the next command is decided on
    private volatile Durable committed = new(TDecider.Initial, 0); // what replies and reads may show; a reference, so that others of this silo may look at it
    private UnderWay? newest; // of the commands under way; each knows the one before it
    private ActiveStream active = new();
    private long snapshotAt;
    private UnionFault? fault;

    /// <inheritdoc/>
    public Task<Reply<TView>> Send(Envelope<TCommand> envelope) => Handle(envelope, write: true);

    /// <inheritdoc/>
    public Task<Reply<TView>> Validate(Envelope<TCommand> envelope) => Handle(envelope, write: false);

    /// <inheritdoc/>
    public Task<Reply<TView>> Get(Look? look = null)
    {
        Fence();
        return look is not null && TDecider.Look(look.Purpose) is { } command ? Opened(new(look.Id, command, look.Operator)) : Task.FromResult(Shown());
    }

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = this.GetPrimaryKeyString();
        decided = new(kernel, StreamId.Parse(name), name);
        // Registered before the read: whatever is committed elsewhere from here on raises what this activation must have seen.
        active = kernel.Active.Register(decided.Name);
        try
        {
            await Replay(cancellationToken);
            while (decided.Version < active.AtLeast) await ReadOn(decided.Version, NextReads, cancellationToken);
            active.Look = Look;
        }
        catch (UnionFault failure)
        {
            // Thrown here, or deactivated here, it would reach callers as an anonymous rejection: whoever asks first is told, and ends the activation.
            fault = failure;
        }
        catch (UnknownCaseException failure)
        {
            fault = Faults.UnknownCase(failure.Type);
        }
        catch
        {
            kernel.Active.Unregister(decided.Name, active);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            if (newest is { } last && (await last.Outcome.WaitAsync(cancellationToken)).Committed) Advance(last);
            // A snapshot holds what is committed, so what was undone does not matter.
            if (kernel.Snapshots is { } snapshots && committed.Version - snapshotAt >= Snapshots.Worthwhile && fault is null)
                await snapshots.Write(this.GetGrainId(), TDecider.SnapshotSchema, committed.State, committed.Version, decided.Applied);
        }
        finally
        {
            kernel.Active.Unregister(decided.Name, active);
        }
    }

    private async Task Replay(CancellationToken cancel)
    {
        var more = await ReadOn(0, FirstRead, cancel);
        if (more && kernel.Snapshots is { } snapshots && await snapshots.Read<TState>(this.GetGrainId(), TDecider.SnapshotSchema, decided.Name, kernel.Journal, cancel) is var (state, snapshot) && snapshot.Version > decided.Version)
        {
            decided.Restore(state, snapshot);
            committed = new(state, snapshot.Version);
            snapshotAt = snapshot.Version;
        }

        while (more) more = await ReadOn(decided.Version, NextReads, cancel);
    }

    private async Task<bool> ReadOn(long after, int most, CancellationToken cancel)
    {
        var slice = await kernel.Journal.Read(decided.Name, after, most, cancel);
        decided.Replay(slice);
        committed = new(decided.State, decided.Version);
        return slice.More;
    }

    private Task<Reply<TView>> Handle(Envelope<TCommand> envelope, bool write)
    {
        Fence();
        var needed = decided.Needs(envelope.Command);
        return needed is null && !decided.IsForgotten(envelope.CommandId) && !decided.MustReadKey(envelope.Command) && !decided.MustReadPast(envelope.Command)
            ? Decide(envelope, Knowledge.None, write)
            : Prepare(envelope, needed, write);
    }

    /// <summary>What must be awaited before the decision: views of other aggregates, the stream's key, and a look into the journal for an id that may be an old one.</summary>
    private async Task<Reply<TView>> Prepare(Envelope<TCommand> envelope, List<StreamId>? needed, bool write)
    {
        var knowledge = Knowledge.None;
        if (needed is not null)
        {
            knowledge = await kernel.Rooms.Gather(needed);
            Fence();
        }

        if (decided.MustReadKey(envelope.Command)) await ReadKey();
        // Others decide meanwhile: what is known must reach as far as what is decided on.
        while (decided.MustReadPast(envelope.Command))
        {
            await decided.ReadPast(NextReads);
            Fence();
        }

        if (decided.IsForgotten(envelope.CommandId))
        {
            var found = await kernel.Journal.FindCommand(decided.Name, envelope.CommandId);
            Fence();
            if (found is { } former) return Repeated(envelope, new(former.Version, former.Hash), decided.HashOf(envelope));
        }

        return await Decide(envelope, knowledge, write);
    }

    private async Task ReadKey()
    {
        var key = await kernel.Journal.ReadKey(decided.Name);
        Fence();
        decided.TakeKey(key);
    }

    /// <summary>Decides on the newest state. Nothing here awaits before the events are handed to the journal: commands of one grain are decided one after the other.</summary>
    private Task<Reply<TView>> Decide(Envelope<TCommand> envelope, Knowledge knowledge, bool write)
    {
        var hash = decided.HashOf(envelope);
        if (decided.Applied.Find(envelope.CommandId) is { } former) return RepeatedOnceSettled(envelope, former, hash);
        if (write && !kernel.Journal.TryReserve()) throw Faults.Overloaded();
        var reserved = write;
        try
        {
            var decision = decided.Decide(envelope, knowledge, out var occasion);
            if (!write || decision.Refusal is not null || decision.Events.IsEmpty) return Answered(decision.Refusal, decision.Warnings);

            var append = decided.Apply(envelope, occasion, decision.Events, hash);
            var own = new UnderWay(append, decided.State, kernel.Journal.Append(append), newest);
            newest = own;
            reserved = false; // the journal gives the slot back
            return Committed(own, decision.Warnings);
        }
        finally
        {
            if (reserved) kernel.Journal.Release();
        }
    }

    /// <summary>Shows the personal fields once the look at them is durable.</summary>
    private async Task<Reply<TView>> Opened(Envelope<TCommand> look)
    {
        var reply = await Handle(look, write: true);
        if (!reply.Accepted) return reply;
        if (decided.MustReadKey()) await ReadKey();
        return decided.Seal is { } seal ? reply with { View = TDecider.Open(committed.State, seal) } : reply;
    }

    /// <summary>Answers without an event. A refusal, too, may rest on events that are still being committed.</summary>
    private async Task<Reply<TView>> Answered(Refusal? refusal, ImmutableArray<Refusal> warnings)
    {
        if (newest is { } last) await Settled(last);
        kernel.Numbers.Count(TDecider.Kind, refusal is null ? "nothing" : "refused");
        return Shown() with { Refusal = refusal, Warnings = warnings };
    }

    private async Task<Reply<TView>> Committed(UnderWay own, ImmutableArray<Refusal> warnings)
    {
        var outcome = await own.Outcome;
        own.Before = null; // Appends of one stream are settled in their order.
        if (outcome.Committed)
        {
            Advance(own);
            if (newest == own) newest = null;
            kernel.Numbers.Count(TDecider.Kind, "accepted");
            return new() { View = TDecider.View(own.State), Version = own.Append.NextVersion, Warnings = warnings, CommandId = own.Append.CommandId };
        }

        // Everything decided since rests on events that do not exist: only a new activation, after a new read, goes on.
        Undo(Faults.Fenced());
        if (outcome.Claim is not { } claim) throw outcome.Fault ?? Faults.Fenced();
        var refusal = own.Append.Consequences.Claims.First(change => change.Key == claim && change.IfHeld is not null).IfHeld!;
        kernel.Numbers.Count(TDecider.Kind, "refused");
        return Shown() with { Refusal = refusal.With("holder", outcome.Holder ?? "") };
    }

    /// <summary>A repeat in flight waits for that command's own commit.</summary>
    private async Task<Reply<TView>> RepeatedOnceSettled(Envelope<TCommand> envelope, AppliedCommand former, long hash)
    {
        for (var earlier = newest; earlier is not null; earlier = earlier.Before)
        {
            if (earlier.Append.CommandId != envelope.CommandId) continue;
            await Settled(earlier);
            break;
        }

        return Repeated(envelope, former, hash);
    }

    private Reply<TView> Repeated(Envelope<TCommand> envelope, AppliedCommand former, long hash)
    {
        kernel.Numbers.Count(TDecider.Kind, "repeated");
        return Shown() with { Refusal = decided.Repeats(envelope.CommandId, former, hash) };
    }

    /// <summary>Waits until what was decided is durable.</summary>
    private async Task Settled(UnderWay earlier)
    {
        if (!(await earlier.Outcome).Committed)
        {
            Undo(Faults.Fenced());
            throw Faults.Fenced();
        }

        Advance(earlier);
        Fence();
    }

    // Whoever wakes first moves the committed state on; it never moves back.
    private void Advance(UnderWay durable)
    {
        if (durable.Append.NextVersion > committed.Version) committed = new(durable.State, durable.Append.NextVersion);
    }

    // What another aggregate of this silo may know: asked on its thread, so only what never changes in place is read.
    private object? Look() => fault is null && committed is { Version: > 0 } seen && seen.Version >= active.AtLeast ? seen.View : null;

    private Reply<TView> Shown() => new() { View = TDecider.View(committed.State), Version = committed.Version };

    /// <summary>Is this activation still good? Asked on entry and after each await.</summary>
    private void Fence()
    {
        // What is decided here and not durable does not count: it may be what lost.
        if (fault is null && committed.Version < active.AtLeast) fault = Faults.Behind();
        if (fault is null)
        {
            if (kernel.Membership.IsConfirmed) return;
            throw Faults.NotConfirmed();
        }

        Undo(fault);
        throw new UnionFault(fault.Code, fault.Retryable, fault.Message);
    }

    private void Undo(UnionFault why)
    {
        decided.Token.Fence();
        fault ??= why;
        DeactivateOnIdle();
    }

    private sealed class Durable(TState state, long version)
    {
        private TView? view;

        public TState State => state;

        public long Version => version;

        // Unions and units are looked at thousands of times between two of their own commands. Who makes it twice at once does no harm.
        public TView View => view ??= TDecider.View(state);
    }

    private sealed class UnderWay(Append append, TState state, Task<AppendOutcome> outcome, UnderWay? before)
    {
        public Append Append => append;

        public TState State => state;

        public Task<AppendOutcome> Outcome => outcome;

        public UnderWay? Before { get; set; } = before;
    }
}
