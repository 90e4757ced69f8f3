using UnionClient.CardBatches;
using UnionDomain.CardBatches;
using UnionGrains.Kernel;

namespace UnionGrains.CardBatches;

/// <summary>One batch of cards.</summary>
[GrainType("union.card-batch")]
public sealed class CardBatchGrain(AggregateKernel kernel) : AggregateGrain<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>(kernel), ICardBatchGrain;

/// <summary>Lists batches of cards.</summary>
[GrainType("union.card-batches-list")]
public sealed class CardBatchListGrain(IReadSide reads, Vault vault, Journal journal) : ListGrain<CardBatchQuery, CardBatchLine>(reads, vault, journal), ICardBatchListGrain;

/// <summary>Lists who stands on the lines of a batch.</summary>
[GrainType("union.card-batch-lines-list")]
public sealed class CardBatchLineListGrain(IReadSide reads, Vault vault, Journal journal) : ListGrain<CardBatchLineQuery, CardBatchMemberLine>(reads, vault, journal), ICardBatchLineListGrain;

/// <summary>Takes windows of commands to batches of cards.</summary>
[GrainType("union.card-batches-bulk")]
public sealed class CardBatchBulkGrain(AggregateKernel kernel) : BulkGrain<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>(kernel), ICardBatchBulkGrain;
