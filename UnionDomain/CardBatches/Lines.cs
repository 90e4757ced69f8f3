using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.CardBatches;

/// <summary>One batch in a list.</summary>
public sealed record CardBatchLine : ILine<CardBatchLine>
{
    /// <inheritdoc/>
    public static ReadModel Model { get; } = new("card_batch",
        new("batch_id", ColumnType.Text, IsKey: true),
        new("union_id", ColumnType.Text),
        new("status", ColumnType.Number),
        new("line_limit", ColumnType.Number),
        new("former_id", ColumnType.Text),
        new("lines", ColumnType.Number),
        new("voided", ColumnType.Number),
        new("produced", ColumnType.Number),
        new("rejected", ColumnType.Number),
        new("untold", ColumnType.Number),
        new("sent_on", ColumnType.Date),
        new("replied_on", ColumnType.Date));

    /// <summary>Number of the batch.</summary>
    public required CardBatchId Id { get; init; }

    /// <summary>The federation that applies with the bank.</summary>
    public required UnionId Union { get; init; }

    /// <summary>How far it has come.</summary>
    public required CardBatchStatus Status { get; init; }

    /// <summary>Most lines it takes.</summary>
    public required int Limit { get; init; }

    /// <summary>The batch whose rejected lines it repeats.</summary>
    public CardBatchId? Former { get; init; }

    /// <summary>How many lines it ever had.</summary>
    public required int Lines { get; init; }

    /// <summary>How many of them stand for nobody any more.</summary>
    public required int Void { get; init; }

    /// <summary>How many the bank produced a card for.</summary>
    public required int Produced { get; init; }

    /// <summary>How many the bank rejected.</summary>
    public required int Rejected { get; init; }

    /// <summary>Of how many lines the members are still to be told.</summary>
    public required int Untold { get; init; }

    /// <summary>When the bank got the file.</summary>
    public DateOnly? SentOn { get; init; }

    /// <summary>The date of the bank's reply.</summary>
    public DateOnly? RepliedOn { get; init; }

    /// <inheritdoc/>
    public static CardBatchLine Of(ImmutableArray<object?> values) => new()
    {
        Id = new((string)values[0]!),
        Union = new((string)values[1]!),
        Status = (CardBatchStatus)(long)values[2]!,
        Limit = (int)(long)values[3]!,
        Former = values[4] is string former ? new(former) : null,
        Lines = (int)(long)values[5]!,
        Void = (int)(long)values[6]!,
        Produced = (int)(long)values[7]!,
        Rejected = (int)(long)values[8]!,
        Untold = (int)(long)values[9]!,
        SentOn = (DateOnly?)values[10],
        RepliedOn = (DateOnly?)values[11],
    };

    /// <summary>The row of a state; none while nothing is recorded.</summary>
    internal static Row? RowOf(CardBatchState batch)
    {
        return batch.Status == CardBatchStatus.None ? null : new(Model,
        [
            batch.Id.Value, batch.Union.Value, (long)batch.Status, (long)batch.Limit, batch.Former?.Value, (long)batch.Members.Length, (long)batch.Void.Count, (long)batch.Produced, (long)batch.Rejected,
            (long)batch.Untold.Count, batch.SentOn, batch.RepliedOn,
        ]);
    }
}

/// <summary>Asks for batches; every property that is given must hold.</summary>
public sealed record CardBatchQuery : IQuery<CardBatchLine>
{
    /// <summary>Of federations in the subtree of this one, itself included.</summary>
    public UnionId? Within { get; init; }

    /// <summary>The date of the tree for <see cref="Within"/>; the newest tree unless given.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>That have come so far.</summary>
    public CardBatchStatus? Status { get; init; }

    /// <summary>That repeat this one.</summary>
    public CardBatchId? Former { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Condition> Where()
    {
        if (Within is { } scope) yield return new("union_id", Comparison.Within, scope.Value, AsOf);
        if (Status is { } status) yield return new("status", Comparison.Equal, (long)status);
        if (Former is { } former) yield return new("former_id", Comparison.Equal, former.Value);
    }
}

/// <summary>Who stands on a line. What became of it says the view of the batch.</summary>
public sealed record CardBatchMemberLine : ILine<CardBatchMemberLine>
{
    /// <inheritdoc/>
    public static ReadModel Model { get; } = new("card_batch_line",
        new("batch_id", ColumnType.Text, IsKey: true),
        new("line", ColumnType.Number, IsKey: true),
        new("member_id", ColumnType.Text));

    /// <summary>The batch.</summary>
    public required CardBatchId Batch { get; init; }

    /// <summary>The line, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The member.</summary>
    public required MemberId Member { get; init; }

    /// <inheritdoc/>
    public static CardBatchMemberLine Of(ImmutableArray<object?> values) => new() { Batch = new((string)values[0]!), Line = (int)(long)values[1]!, Member = new((string)values[2]!) };

    /// <summary>The row of a line.</summary>
    internal static Row RowOf(CardBatchState batch, int line) => new(Model, [batch.Id.Value, (long)line, batch.Members[line - 1].Value]);
}

/// <summary>Asks who stands on the lines of a batch; every property that is given must hold.</summary>
public sealed record CardBatchLineQuery : IQuery<CardBatchMemberLine>
{
    /// <summary>Of this batch.</summary>
    public CardBatchId? Batch { get; init; }

    /// <summary>From this line on.</summary>
    public int? From { get; init; }

    /// <summary>To this line, it included.</summary>
    public int? Through { get; init; }

    /// <summary>Of this member.</summary>
    public MemberId? Member { get; init; }

    /// <inheritdoc/>
    public IEnumerable<Condition> Where()
    {
        if (Batch is { } batch) yield return new("batch_id", Comparison.Equal, batch.Value);
        if (From is { } first) yield return new("line", Comparison.AtLeast, (long)first);
        if (Through is { } last) yield return new("line", Comparison.AtMost, (long)last);
        if (Member is { } member) yield return new("member_id", Comparison.Equal, member.Value);
    }
}
