using System.Collections.Immutable;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.CardBatches;

/// <summary>What happened to a batch of cards. Storage format: names and meanings are for ever.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Opened), "opened"), JsonDerivedType(typeof(LinesAdded), "lines-added"), JsonDerivedType(typeof(LinesVoided), "lines-voided"), JsonDerivedType(typeof(Closed), "closed")]
[JsonDerivedType(typeof(LinesCleared), "lines-cleared"), JsonDerivedType(typeof(Exported), "exported"), JsonDerivedType(typeof(Sent), "sent"), JsonDerivedType(typeof(Reconciled), "reconciled")]
[JsonDerivedType(typeof(LinesTold), "lines-told")]
public abstract record CardBatchEvent
{
    private CardBatchEvent() { }

    /// <summary>The batch takes up to <paramref name="Limit"/> lines.</summary>
    public sealed record Opened(CardBatchId Batch, UnionId Union, int Limit, CardBatchId? Former, DateOnly On) : CardBatchEvent;

    /// <summary>Members got the next lines, from <paramref name="First"/> on.</summary>
    public sealed record LinesAdded(int First, ImmutableArray<MemberId> Members, DateOnly On) : CardBatchEvent;

    /// <summary>Lines stand for nobody any more; a file that was made is void.</summary>
    public sealed record LinesVoided(LineSet Lines, DateOnly On) : CardBatchEvent;

    /// <summary>It takes no more lines.</summary>
    public sealed record Closed(DateOnly On) : CardBatchEvent;

    /// <summary>Members let their lines go to the bank.</summary>
    public sealed record LinesCleared(LineSet Lines, DateOnly On) : CardBatchEvent;

    /// <summary>The file was made of so many lines.</summary>
    public sealed record Exported(int Lines, DateOnly On) : CardBatchEvent;

    /// <summary>The bank has the file.</summary>
    public sealed record Sent(DateOnly On) : CardBatchEvent;

    /// <summary>The bank answered every line; <paramref name="ReplyHash"/> tells this reply from every other.</summary>
    public sealed record Reconciled(DateOnly RepliedOn, ImmutableArray<CardResults> Results, [property: Personal] string ReplyHash, DateOnly On) : CardBatchEvent;

    /// <summary>Members were told the result, or that the line is void.</summary>
    public sealed record LinesTold(LineSet Lines, DateOnly On) : CardBatchEvent;
}
