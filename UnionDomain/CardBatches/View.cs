using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.CardBatches;

/// <summary>What an application sees of a batch. Who stands on a line is listed by <see cref="CardBatchLineQuery"/>.</summary>
public sealed record CardBatchView
{
    /// <summary>Number of the batch; empty while nothing is recorded.</summary>
    public CardBatchId Id { get; init; }

    /// <summary>How far it has come.</summary>
    public CardBatchStatus Status { get; init; }

    /// <summary>The federation that applies with the bank.</summary>
    public UnionId Union { get; init; }

    /// <summary>Most lines it takes.</summary>
    public int Limit { get; init; }

    /// <summary>The batch whose rejected lines it repeats.</summary>
    public CardBatchId? Former { get; init; }

    /// <summary>How many lines it ever had; they are numbered from 1 without a gap.</summary>
    public int Lines { get; init; }

    /// <summary>Lines that stand for nobody any more.</summary>
    public LineSet Void { get; init; }

    /// <summary>Lines whose members have not let them go to the bank.</summary>
    public LineSet Open { get; init; }

    /// <summary>Lines whose members are still to be told: that the bank has answered, or that the line is void.</summary>
    public LineSet Untold { get; init; }

    /// <summary>What the bank answered.</summary>
    public ImmutableArray<CardResults> Results { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How many lines the bank produced a card for.</summary>
    public int Produced { get; init; }

    /// <summary>How many lines the bank rejected.</summary>
    public int Rejected { get; init; }

    /// <summary>The date in the file to the bank.</summary>
    public DateOnly? ExportedOn { get; init; }

    /// <summary>When the bank got the file.</summary>
    public DateOnly? SentOn { get; init; }

    /// <summary>The date of the bank's reply.</summary>
    public DateOnly? RepliedOn { get; init; }

    /// <summary>The newest date of anything; nothing is dated before it.</summary>
    public DateOnly? NewestOn { get; init; }

    /// <summary>The view of a state.</summary>
    public static CardBatchView Of(CardBatchState batch) => new()
    {
        Id = batch.Id,
        Status = batch.Status,
        Union = batch.Union,
        Limit = batch.Limit,
        Former = batch.Former,
        Lines = batch.Members.Length,
        Void = batch.Void,
        Open = batch.Open,
        Untold = batch.Untold,
        Results = batch.Results,
        Produced = batch.Produced,
        Rejected = batch.Rejected,
        ExportedOn = batch.ExportedOn,
        SentOn = batch.SentOn,
        RepliedOn = batch.RepliedOn,
        NewestOn = batch.NewestOn,
    };
}
