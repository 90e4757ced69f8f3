using UnionDomain.Employers;

namespace UnionClient.Employers;

/// <summary>The grain of an employing unit.</summary>
[Alias("union.employer-grain")]
public interface IEmployerGrain : IAggregateGrain<EmployerCommand, EmployerView>;

/// <summary>Lists employing units.</summary>
[Alias("union.employers-list")]
public interface IEmployerListGrain : IListGrain<EmployerQuery, EmployerLine>;

/// <summary>Takes windows of commands to employing units.</summary>
[Alias("union.employers-bulk")]
public interface IEmployerBulkGrain : IBulkGrain<EmployerCommand, EmployerView>;
