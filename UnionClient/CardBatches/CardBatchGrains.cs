using UnionDomain.CardBatches;

namespace UnionClient.CardBatches;

/// <summary>The grain of a batch of cards.</summary>
[Alias("union.card-batch-grain")]
public interface ICardBatchGrain : IAggregateGrain<CardBatchCommand, CardBatchView>;

/// <summary>Lists batches of cards.</summary>
[Alias("union.card-batches-list")]
public interface ICardBatchListGrain : IListGrain<CardBatchQuery, CardBatchLine>;

/// <summary>Lists who stands on the lines of a batch.</summary>
[Alias("union.card-batch-lines-list")]
public interface ICardBatchLineListGrain : IListGrain<CardBatchLineQuery, CardBatchMemberLine>;

/// <summary>Takes windows of commands to batches of cards.</summary>
[Alias("union.card-batches-bulk")]
public interface ICardBatchBulkGrain : IBulkGrain<CardBatchCommand, CardBatchView>;
