using System.Collections.Immutable;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;
using UnionDomain.Members;

namespace UnionDomain.CardBatches;

/// <summary>How far a batch has come.</summary>
public enum CardBatchStatus
{
    /// <summary>Nothing was ever recorded.</summary>
    None = 0,

    /// <summary>Takes lines.</summary>
    Open = 1,

    /// <summary>Takes no more lines; its members let theirs go to the bank, one by one.</summary>
    Closed = 2,

    /// <summary>The file was made of all its lines.</summary>
    Exported = 3,

    /// <summary>The bank has the file.</summary>
    Sent = 4,

    /// <summary>The bank has answered every line; members are told.</summary>
    Reconciled = 5,

    /// <summary>Every member was told: nothing is left to be done.</summary>
    Settled = 6,

    /// <summary>Closed, and every line is void: nothing goes to the bank.</summary>
    Void = 7,
}

/// <summary>Lines of which the bank says the same.</summary>
/// <param name="Result">The result.</param>
/// <param name="BankOn">The bank's date.</param>
/// <param name="Lines">The lines.</param>
public sealed record CardResults(CardResult Result, DateOnly BankOn, LineSet Lines);

/// <summary>What is known of a batch of cards: who stands on which line, never a name or a number.</summary>
public sealed record CardBatchState
{
    /// <summary>Number of the batch.</summary>
    public CardBatchId Id { get; init; }

    /// <summary>How far it has come.</summary>
    public CardBatchStatus Status { get; init; }

    /// <summary>The federation that applies with the bank.</summary>
    public UnionId Union { get; init; }

    /// <summary>Most lines it takes.</summary>
    public int Limit { get; init; }

    /// <summary>The batch whose rejected lines it repeats.</summary>
    public CardBatchId? Former { get; init; }

    /// <summary>The member on each line, from line 1 on; a line keeps its number and its member for ever.</summary>
    public ImmutableArray<MemberId> Members { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Lines that stand for nobody any more.</summary>
    public LineSet Void { get; init; }

    /// <summary>Lines whose members let them go to the bank.</summary>
    public LineSet Cleared { get; init; }

    /// <summary>Lines whose members were told the result, or that the line is void.</summary>
    public LineSet Told { get; init; }

    /// <summary>What the bank answered.</summary>
    public ImmutableArray<CardResults> Results { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Keyed hash of the whole reply.</summary>
    public string? ReplyHash { get; init; }

    /// <summary>The date in the file to the bank.</summary>
    public DateOnly? ExportedOn { get; init; }

    /// <summary>When the bank got the file.</summary>
    public DateOnly? SentOn { get; init; }

    /// <summary>The date of the bank's reply.</summary>
    public DateOnly? RepliedOn { get; init; }

    /// <summary>The newest date of anything; nothing is dated before it.</summary>
    public DateOnly? NewestOn { get; init; }

    /// <summary>Every line that stands for somebody.</summary>
    [JsonIgnore]
    public LineSet Live => LineSet.To(Members.Length).Without(Void);

    /// <summary>Live lines whose members have not let them go.</summary>
    [JsonIgnore]
    public LineSet Open => Live.Without(Cleared);

    /// <summary>Lines whose members are still to be told: that the bank has answered, or that the line is void.</summary>
    [JsonIgnore]
    public LineSet Untold => (Status is CardBatchStatus.Reconciled or CardBatchStatus.Settled ? LineSet.To(Members.Length) : Void).Without(Told);

    /// <summary>How many lines the bank produced a card for. With <see cref="Rejected"/> it is what was sent, whatever becomes of a line later.</summary>
    [JsonIgnore]
    public int Produced => Results.Where(results => results.Result == CardResult.Produced).Sum(results => results.Lines.Count);

    /// <summary>How many lines the bank rejected.</summary>
    [JsonIgnore]
    public int Rejected => Results.Where(results => results.Result != CardResult.Produced).Sum(results => results.Lines.Count);
}
