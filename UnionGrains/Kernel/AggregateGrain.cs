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

    private static readonly Room<TDecider, TState, TCommand, TEvent, TView> Room = Room<TDecider, TState, TCommand, TEvent, TView>.Instance;

    private readonly ActivationToken token = new();
    private readonly AppliedCommands applied = new();
    private readonly Dictionary<Guid, UnderWay> underWay = [];
    private (TState State, long Version) committed = (TDecider.Initial, 0); // what replies and reads may show
    private (TState State, long Version) decided = (TDecider.Initial, 0);   // what the next command is decided on
    private UnderWay? newest;
    private ActiveStream active = new();
    private StreamId self;
    private string stream = "";
    private long snapshotAt;
    private UnionFault? fault;
    private (Operator? By, string Text) signed = (null, "");

    /// <inheritdoc/>
    public Task<Reply<TView>> Send(Envelope<TCommand> envelope) => Handle(envelope, write: true);

    /// <inheritdoc/>
    public Task<Reply<TView>> Validate(Envelope<TCommand> envelope) => Handle(envelope, write: false);

    /// <inheritdoc/>
    public Task<Reply<TView>> Get(string? purpose = null)
    {
        Fence();
        return Task.FromResult(Shown());
    }

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        stream = this.GetPrimaryKeyString();
        self = StreamId.Parse(stream);
        // Registered before the read: whatever is committed elsewhere from here on raises what this activation must have seen.
        active = kernel.Active.Register(stream);
        try
        {
            await Replay(cancellationToken);
            while (decided.Version < active.AtLeast) await ReadOn(decided.Version, NextReads, cancellationToken);
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
            kernel.Active.Unregister(stream, active);
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
                await snapshots.Write(this.GetGrainId(), TDecider.SnapshotSchema, committed.State, committed.Version, applied);
        }
        finally
        {
            kernel.Active.Unregister(stream, active);
        }
    }

    private async Task Replay(CancellationToken cancel)
    {
        var more = await ReadOn(0, FirstRead, cancel);
        if (more && kernel.Snapshots is { } snapshots && await snapshots.Read<TState>(this.GetGrainId(), TDecider.SnapshotSchema) is var (state, snapshot) && snapshot.Version > decided.Version)
        {
            committed = decided = (state, snapshot.Version);
            snapshotAt = snapshot.Version;
            foreach (var (id, command) in snapshot.Commands) applied.Add(id, command);
            applied.Forget(snapshot.ForgottenUntil);
        }

        while (more) more = await ReadOn(decided.Version, NextReads, cancel);
    }

    private async Task<bool> ReadOn(long after, int most, CancellationToken cancel)
    {
        var slice = await kernel.Journal.Read(stream, after, most, cancel);
        var (state, version) = decided;
        foreach (var entry in slice.Entries)
        {
            state = TDecider.Evolve(state, Room.EventCodec.Read(entry.Event));
            version = entry.Version;
            applied.Add(entry.CommandId, new(entry.Version, entry.CommandHash));
        }

        committed = decided = (state, version);
        return slice.More;
    }

    private Task<Reply<TView>> Handle(Envelope<TCommand> envelope, bool write)
    {
        Fence();
        List<StreamId>? needed = null;
        foreach (var other in TDecider.Needs(decided.State, envelope.Command))
            if (other != self) (needed ??= []).Add(other);
        return needed is null && !IsForgotten(envelope.CommandId) ? Decide(envelope, Knowledge.None, write) : Prepare(envelope, needed, write);
    }

    /// <summary>What must be awaited before the decision: views of other aggregates, and a look into the journal for an id that may be an old one.</summary>
    private async Task<Reply<TView>> Prepare(Envelope<TCommand> envelope, List<StreamId>? needed, bool write)
    {
        var knowledge = Knowledge.None;
        if (needed is not null)
        {
            knowledge = await kernel.Rooms.Gather(needed);
            Fence();
        }

        if (IsForgotten(envelope.CommandId))
        {
            var found = await kernel.Journal.FindCommand(stream, envelope.CommandId);
            Fence();
            if (found is { } former) return Repeated(envelope, new(former.Version, former.Hash), HashOf(envelope));
        }

        return await Decide(envelope, knowledge, write);
    }

    private bool IsForgotten(Guid commandId) => applied.MayBeForgotten(commandId) && applied.Find(commandId) is null;

    /// <summary>Decides on the newest state. Nothing here awaits before the events are handed to the journal: commands of one grain are decided one after the other.</summary>
    private Task<Reply<TView>> Decide(Envelope<TCommand> envelope, Knowledge knowledge, bool write)
    {
        var hash = HashOf(envelope);
        if (applied.Find(envelope.CommandId) is { } former) return RepeatedOnceSettled(envelope, former, hash);
        if (write && !kernel.Journal.TryReserve()) throw Faults.Overloaded();
        var reserved = write;
        try
        {
            var now = Instant();
            var today = BusinessCalendar.DateOf(now);
            var occasion = new Occasion
            {
                Self = self,
                BusinessOn = envelope.BusinessOn ?? today,
                Today = today,
                At = now,
                Operator = envelope.Operator,
                Reason = envelope.Reason,
                DocumentRef = envelope.DocumentRef,
                ClosedThrough = kernel.Journal.ClosedThrough,
                Knowledge = knowledge,
            };
            var decision = Judge.Decide<TDecider, TState, TCommand, TEvent>(decided.State, envelope.Command, occasion);
            if (!write || decision.Refusal is not null || decision.Events.IsEmpty) return Answered(decision.Refusal, decision.Warnings);

            var own = Decided(envelope, occasion, decision.Events, hash);
            reserved = false; // the journal gives the slot back
            return Committed(own, decision.Warnings);
        }
        finally
        {
            if (reserved) kernel.Journal.Release();
        }
    }

    /// <summary>Answers without an event. A refusal, too, may rest on events that are still being committed.</summary>
    private async Task<Reply<TView>> Answered(Refusal? refusal, ImmutableArray<Refusal> warnings)
    {
        if (newest is { } last) await Settled(last);
        kernel.Numbers.Count(TDecider.Kind, refusal is null ? "nothing" : "refused");
        return Shown() with { Refusal = refusal, Warnings = warnings };
    }

    /// <summary>Evolves in memory and hands the events to the journal, without waiting for it.</summary>
    private UnderWay Decided(Envelope<TCommand> envelope, Occasion occasion, ImmutableArray<TEvent> events, long hash)
    {
        var (next, consequences) = Room.Apply(decided.State, events);
        var append = new Append
        {
            Stream = stream,
            ExpectedVersion = decided.Version,
            Token = token,
            CommandId = envelope.CommandId,
            CommandHash = hash,
            Operator = Signature(envelope.Operator),
            Reason = envelope.Reason,
            DocumentRef = envelope.DocumentRef,
            BusinessOn = occasion.BusinessOn,
            RecordedAt = occasion.At,
            Consequences = consequences,
            Outbox = consequences.Effects.IsEmpty ? [] : [.. consequences.Effects.Select((effect, n) => kernel.Rooms.Outgoing(n, effect.Event, effect.Effect))],
        };
        var own = new UnderWay(append, next, kernel.Journal.Append(append));
        decided = (next, append.NextVersion);
        applied.Add(envelope.CommandId, new(append.NextVersion, hash));
        underWay.Add(envelope.CommandId, own);
        return newest = own;
    }

    private async Task<Reply<TView>> Committed(UnderWay own, ImmutableArray<Refusal> warnings)
    {
        var outcome = await own.Outcome;
        underWay.Remove(own.Append.CommandId);
        if (outcome.Committed)
        {
            Advance(own);
            if (newest == own) newest = null;
            kernel.Numbers.Count(TDecider.Kind, "accepted");
            return new() { View = TDecider.View(own.State), Version = own.Append.NextVersion, Warnings = warnings };
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
        if (underWay.TryGetValue(envelope.CommandId, out var own)) await Settled(own);
        return Repeated(envelope, former, hash);
    }

    private Reply<TView> Repeated(Envelope<TCommand> envelope, AppliedCommand former, long hash)
    {
        kernel.Numbers.Count(TDecider.Kind, "repeated");
        return former.Hash == hash ? Shown() : Shown() with { Refusal = CommandRules.IdReused.With("id", envelope.CommandId) };
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
        if (durable.Append.NextVersion > committed.Version) committed = (durable.State, durable.Append.NextVersion);
    }

    private Reply<TView> Shown() => new() { View = TDecider.View(committed.State), Version = committed.Version };

    /// <summary>Is this activation still good? Asked on entry and after each await.</summary>
    private void Fence()
    {
        if (fault is null && decided.Version < active.AtLeast) fault = Faults.Behind();
        if (fault is null) return;
        Undo(fault);
        throw new UnionFault(fault.Code, fault.Retryable, fault.Message);
    }

    private void Undo(UnionFault why)
    {
        token.Fence();
        fault ??= why;
        DeactivateOnIdle();
    }

    private long HashOf(Envelope<TCommand> envelope) => kernel.Hash.Of(Room.CommandCodec.Write(envelope.Command));

    // Most commands of a stream come from one operator.
    private string Signature(Operator by)
    {
        if (!by.Equals(signed.By)) signed = (by, $"{by.Role}:{by.Id}@{by.Union}");
        return signed.Text;
    }

    // Both databases keep microseconds: what is compared later must survive them.
    private DateTimeOffset Instant()
    {
        var now = kernel.Clock.GetUtcNow();
        return new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    private sealed record UnderWay(Append Append, TState State, Task<AppendOutcome> Outcome);
}
