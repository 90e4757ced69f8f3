using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using UnionClient;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionFaults;

/// <summary>One command to a ledger: adds an amount, and may take a key or give it back, keep a person's key or erase it.</summary>
public sealed record LedgerCommand(Guid Id, long Amount = 1, string? Take = null, string? Free = null, WrappedKey? Person = null, bool Erases = false);

/// <summary>What happened, as it is stored.</summary>
public sealed record LedgerEvent(long Amount, ImmutableArray<string> At, string? Take = null, string? Free = null);

/// <summary>
/// What a grain does around the journal, with nothing of Orleans: reads, decides the next command while the former is written, and after a
/// failure begins again with a new token. Senders repeat with the same command id until the outcome is certain, as clients do.
/// </summary>
public sealed class Ledger(Journal journal, string stream, params ImmutableArray<string> unions)
{
    /// <summary>The read model: one row per ledger.</summary>
    public static readonly ReadModel Rows = new("ledger_row", new("id", ColumnType.Text, IsKey: true), new("sum", ColumnType.Number));

    /// <summary>Rows that many ledgers write.</summary>
    public static readonly ReadModel Shared = new("ledger_shared", new("id", ColumnType.Text, IsKey: true), new("sum", ColumnType.Number));

    /// <summary>What is counted.</summary>
    public static readonly Measure Amount = new("test.amount", MeasureKind.Flow, "Amounts", "金额", "元");

    private static readonly DateOnly Day = new(2025, 3, 1);
    private static readonly Refusal Taken = new("test.taken", "Held by {holder}.", "由{holder}持有。");
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock gate = new();
    private Task<Activation>? current;

    /// <summary>The tables of both read models, in the words of both databases.</summary>
    public static IReadOnlyList<string> Tables { get; } =
    [
        "CREATE TABLE ledger_row (id text NOT NULL PRIMARY KEY, sum bigint, version bigint NOT NULL)",
        "CREATE TABLE ledger_shared (id text NOT NULL PRIMARY KEY, sum bigint, version bigint NOT NULL)",
    ];

    /// <summary>The stream.</summary>
    public string Stream => stream;

    /// <summary>The faults senders have met, by code.</summary>
    public ConcurrentDictionary<string, int> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>One append as a ledger makes it.</summary>
    public static Append Append(string stream, long expected, ActivationToken token, LedgerCommand command, long sum, params ImmutableArray<string> unions)
    {
        var stored = new StoredEvent("changed", 1, JsonSerializer.SerializeToUtf8Bytes(new LedgerEvent(command.Amount, unions, command.Take, command.Free)));
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            Stream = stream,
            ExpectedVersion = expected,
            Token = token,
            CommandId = command.Id,
            CommandHash = command.Amount,
            Operator = "system:test@",
            BusinessOn = Day,
            RecordedAt = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero),
            Consequences = new(
                [stored],
                [new(Rows, [stream, sum]), .. unions.Select(union => new Row(Shared, [union, sum]))],
                [.. unions.Select(union => (0, new Fact(Amount, new(union), command.Amount)))],
                [.. Changes(command)],
                [])
            { Erases = command.Erases },
            Key = command.Person,
        };
    }

    /// <summary>How many commands the stream holds.</summary>
    public async Task<long> Count()
    {
        var activation = await Activate();
        lock (gate) return activation.Version;
    }

    /// <summary>Sends a command until its outcome is certain.</summary>
    /// <returns>Null when it is durable; the holder when its key is taken.</returns>
    public async Task<string?> Send(LedgerCommand command)
    {
        while (true)
        {
            Activation? activation = null;
            try
            {
                activation = await Activate();
                var outcome = await Decide(activation, command);
                if (outcome.Committed) return null;
                Forget(activation);
                if (outcome.Holder is { } holder) return holder;
                Count(outcome.Fault!.Code);
            }
            catch (UnionFault fault) when (fault.Retryable)
            {
                if (fault.Code != "overloaded") Forget(activation);
                Count(fault.Code);
                await Task.Delay(Pause);
            }
        }
    }

    private static IEnumerable<ClaimChange> Changes(LedgerCommand command)
    {
        if (command.Take is { } taken) yield return ClaimChange.Take(new("test", taken), Taken);
        if (command.Free is { } freed) yield return ClaimChange.Release(new("test", freed));
    }

    private Task<AppendOutcome> Decide(Activation at, LedgerCommand command)
    {
        lock (gate)
        {
            if (at.Token.Fenced) throw UnionClient.Faults.Fenced();
            if (at.Applied.TryGetValue(command.Id, out var former)) return former;
            if (!journal.TryReserve()) throw UnionClient.Faults.Overloaded();
            if (command.Take is { } wanted && at.Held.Contains(wanted)) command = command with { Take = null };
            if (command.Free is { } freed && !at.Held.Contains(freed)) command = command with { Free = null };
            var outcome = journal.Append(Append(stream, at.Version, at.Token, command, at.Sum + command.Amount, unions));
            at.Apply(command.Id, new(command.Amount, unions, command.Take, command.Free), outcome);
            return outcome;
        }
    }

    private Task<Activation> Activate()
    {
        lock (gate) return current ??= Read();
    }

    private void Forget(Activation? former)
    {
        lock (gate)
        {
            if (former is null ? current is { IsCompleted: true, IsCompletedSuccessfully: false } : current is { IsCompletedSuccessfully: true } now && now.Result == former) current = null;
            former?.Token.Fence();
        }
    }

    private async Task<Activation> Read()
    {
        await Task.Yield(); // The gate is held.
        var activation = new Activation();
        var done = Task.FromResult(AppendOutcome.Done);
        StreamSlice slice;
        do
        {
            slice = await journal.Read(stream, activation.Version, 1_000, CancellationToken.None);
            foreach (var entry in slice.Entries) activation.Apply(entry.CommandId, JsonSerializer.Deserialize<LedgerEvent>(entry.Event.Json.Span)!, done);
        }
        while (slice.More);
        return activation;
    }

    private void Count(string code) => Faults.AddOrUpdate(code, 1, (_, count) => count + 1);

    private sealed class Activation
    {
        public ActivationToken Token { get; } = new();

        public Dictionary<Guid, Task<AppendOutcome>> Applied { get; } = [];

        public HashSet<string> Held { get; } = [];

        public long Version { get; private set; }

        public long Sum { get; private set; }

        public void Apply(Guid id, LedgerEvent happened, Task<AppendOutcome> outcome)
        {
            Version++;
            Sum += happened.Amount;
            if (happened.Take is { } taken) Held.Add(taken);
            if (happened.Free is { } freed) Held.Remove(freed);
            Applied[id] = outcome;
        }
    }
}
