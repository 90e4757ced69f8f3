using System.Collections.Immutable;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionGrains.Kernel;

/// <summary>
/// What a silo knows of one stream while it decides on it: the newest decided state, the commands applied, the key of its personal fields.
/// An activation keeps one for its life, the set-wise path one for a window: the same code decides in both.
/// </summary>
internal sealed class DecidingStream<TDecider, TState, TCommand, TEvent, TView>(AggregateKernel kernel, StreamId self, string name)
    where TDecider : IAggregate<TState, TCommand, TEvent, TView>
    where TCommand : class
    where TEvent : class
    where TView : class
{
    private static readonly Room<TDecider, TState, TCommand, TEvent, TView> Room = Room<TDecider, TState, TCommand, TEvent, TView>.Instance;

    private static Signed? signed; // of the newest command of any stream: most come from few operators

    private byte[]? key;
    private WrappedKey? unborn; // made here and not in the journal yet
    private bool keyAsked;
    private (Guid Id, int Events) newest; // of what was replayed
    private List<PastEvent<TEvent>>? past; // the whole stream as far as it was read, while a command wants to know

    public StreamId Self => self;

    public string Name => name;

    /// <summary>One after another, the appends of one token commit or fail together.</summary>
    public ActivationToken Token { get; } = new();

    public AppliedCommands Applied { get; } = new();

    public TState State { get; private set; } = TDecider.Initial;

    public long Version { get; private set; }

    /// <summary>Keeps every event that is replayed or decided from here on, for a command that undoes an earlier one.</summary>
    public void KeepPast() => past ??= [];

    /// <summary>Takes in what the journal holds.</summary>
    public void Replay(StreamSlice slice)
    {
        var (state, version) = (State, Version);
        foreach (var entry in slice.Entries)
        {
            var happened = Room.EventCodec.Read(entry.Event);
            past?.Add(new(entry.Version, entry.CommandId, happened));
            state = TDecider.Evolve(state, happened);
            version = entry.Version;
            // The events of one command follow on each other.
            Applied.Add(entry.CommandId, new(entry.Version, entry.CommandHash, entry.CommandId == newest.Id ? ++newest.Events : (newest = (entry.CommandId, 1)).Events));
        }

        (State, Version) = (state, version);
    }

    /// <summary>Begins at a snapshot.</summary>
    public void Restore(TState state, Snapshot snapshot)
    {
        (State, Version) = (state, snapshot.Version);
        foreach (var (id, command) in snapshot.Commands) Applied.Add(id, command);
        Applied.Forget(snapshot.ForgottenUntil);
    }

    /// <summary>The other aggregates that the command wants to know, or null.</summary>
    public List<StreamId>? Needs(TCommand command)
    {
        List<StreamId>? needed = null;
        foreach (var other in TDecider.Needs(State, command))
            if (other != Self) (needed ??= []).Add(other);
        return needed;
    }

    /// <summary>Whether the command's id may be an old one of which only the journal knows.</summary>
    public bool IsForgotten(Guid commandId) => Applied.MayBeForgotten(commandId) && Applied.Find(commandId) is null;

    /// <summary>Whether the key must be read before the command can be sealed.</summary>
    public bool MustReadKey(TCommand command) => MustReadKey() && TDecider.IsPersonal(command);

    /// <summary>Whether the key was neither read nor made yet.</summary>
    public bool MustReadKey() => key is null && !keyAsked && Version > 0;

    /// <summary>Takes the key that the journal holds; null: there is none.</summary>
    public void TakeKey(WrappedKey? wrapped)
    {
        keyAsked = true;
        if (wrapped is not null) key ??= kernel.Vault.Unwrap(wrapped);
    }

    /// <summary>Whether the stream must be read once more, because the command undoes an earlier one and not all of it is known.</summary>
    public bool MustReadPast(TCommand command) => TDecider.Undoes(command) is not null && (past is null || past.Count < Version);

    /// <summary>Reads the whole stream, as far as it is durable.</summary>
    public async Task ReadPast(int most)
    {
        var read = new List<PastEvent<TEvent>>();
        for (var more = true; more;)
        {
            var slice = await kernel.Journal.Read(name, read.Count, most, CancellationToken.None);
            foreach (var entry in slice.Entries) read.Add(new(entry.Version, entry.CommandId, Room.EventCodec.Read(entry.Event)));
            more = slice.More;
        }

        past = read;
    }

    /// <summary>Seals and opens under the stream's key; null when it has none, or none any more.</summary>
    public ISeal? Seal => key is null ? null : new StreamSeal(Self, key, kernel.Vault.Search);

    /// <summary>The keyed hash of a command's content, as it was given.</summary>
    public long HashOf(Envelope<TCommand> envelope) => kernel.Hash.Of(Room.CommandCodec.NameOf(envelope.Command), envelope.Command);

    /// <summary>Why a command is refused that was applied before; null when the repeat asks the same, and it still stands.</summary>
    public Refusal? Repeats(Guid commandId, AppliedCommand former, long hash) =>
        former.Hash != hash ? CommandRules.IdReused.With("id", commandId)
        : Applied.Find(UndoId.Of(commandId)) is { } undone && undone.Version > former.Version ? CommandRules.Undone.With("id", commandId)
        : null;

    /// <summary>Decides on the newest state.</summary>
    public Decision<TEvent> Decide(Envelope<TCommand> envelope, Knowledge knowledge, out Occasion occasion)
    {
        var now = Instant();
        var today = BusinessCalendar.DateOf(now);
        occasion = new()
        {
            Self = Self,
            BusinessOn = envelope.BusinessOn ?? today,
            Today = today,
            At = now,
            Operator = envelope.Operator,
            Reason = envelope.Reason,
            DocumentRef = envelope.DocumentRef,
            ClosedThrough = kernel.Journal.ClosedThrough,
            Knowledge = knowledge,
            Past = TDecider.Undoes(envelope.Command) is { } undone ? Room.Past(past!, undone) : null,
        };
        return CommandRules.CheckVersion(envelope.ExpectedVersion, Version) is { } moved
            ? moved
            : Judge.Decide<TDecider, TState, TCommand, TEvent>(State, Sealed(envelope.Command, occasion.BusinessOn), occasion);
    }

    /// <summary>Evolves in memory; the append says what must become durable for it.</summary>
    public Append Apply(Envelope<TCommand> envelope, Occasion occasion, ImmutableArray<TEvent> events, long hash)
    {
        var (next, consequences) = Room.Apply(State, events);
        var append = new Append
        {
            Stream = name,
            ExpectedVersion = Version,
            Token = Token,
            CommandId = envelope.CommandId,
            CommandHash = hash,
            Operator = Signature(envelope.Operator),
            Reason = envelope.Reason,
            DocumentRef = envelope.DocumentRef,
            BusinessOn = occasion.BusinessOn,
            RecordedAt = occasion.At,
            Consequences = consequences,
            Key = unborn is not null && TDecider.IsPersonal(envelope.Command) ? unborn : null,
            Outbox = consequences.Effects.IsEmpty ? [] : [.. consequences.Effects.Select((effect, n) => kernel.Rooms.Outgoing(n, effect.Event, effect.Effect))],
        };
        if (append.Key is not null) unborn = null;
        if (consequences.Erases) (key, unborn, keyAsked) = (null, null, true);
        if (past is not null)
            foreach (var happened in events) past.Add(new(past.Count + 1, envelope.CommandId, happened));
        (State, Version) = (next, append.NextVersion);
        Applied.Add(envelope.CommandId, new(append.NextVersion, hash, events.Length));
        return append;
    }

    private TCommand Sealed(TCommand command, DateOnly businessOn)
    {
        if (!TDecider.IsPersonal(command)) return command;
        if (key is null) (unborn, key) = kernel.Vault.NewKey();
        return TDecider.Seal(command, Seal!, businessOn);
    }

    private static string Signature(Operator by)
    {
        if (signed is not { } known || !known.By.Equals(by)) signed = known = new(by, $"{by.Role}:{by.Id}@{by.Union}");
        return known.Text;
    }

    // Both databases keep microseconds: what is compared later must survive them.
    private DateTimeOffset Instant()
    {
        var now = kernel.Clock.GetUtcNow();
        return new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    private sealed record Signed(Operator By, string Text);
}
