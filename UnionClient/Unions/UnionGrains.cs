using UnionDomain.Unions;

namespace UnionClient.Unions;

/// <summary>The grain of a union.</summary>
[Alias("union.union-grain")]
public interface IUnionGrain : IAggregateGrain<UnionCommand, UnionView>;

/// <summary>Lists unions.</summary>
[Alias("union.unions-list")]
public interface IUnionListGrain : IListGrain<UnionQuery, UnionLine>;

/// <summary>Takes windows of commands to unions.</summary>
[Alias("union.unions-bulk")]
public interface IUnionBulkGrain : IBulkGrain<UnionCommand, UnionView>;
