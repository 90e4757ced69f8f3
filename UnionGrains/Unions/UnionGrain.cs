using UnionClient.Unions;
using UnionDomain.Unions;
using UnionGrains.Kernel;

namespace UnionGrains.Unions;

/// <summary>One union.</summary>
[GrainType("union.union")]
public sealed class UnionGrain(AggregateKernel kernel) : AggregateGrain<Union, UnionState, UnionCommand, UnionEvent, UnionView>(kernel), IUnionGrain;

/// <summary>Lists unions.</summary>
[GrainType("union.unions-list")]
public sealed class UnionListGrain(IReadSide reads, Vault vault, Journal journal) : ListGrain<UnionQuery, UnionLine>(reads, vault, journal), IUnionListGrain;

/// <summary>Takes windows of commands to unions.</summary>
[GrainType("union.unions-bulk")]
public sealed class UnionBulkGrain(AggregateKernel kernel) : BulkGrain<Union, UnionState, UnionCommand, UnionEvent, UnionView>(kernel), IUnionBulkGrain;
