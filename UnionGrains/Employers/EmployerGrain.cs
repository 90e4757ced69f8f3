using UnionClient.Employers;
using UnionDomain.Employers;
using UnionGrains.Kernel;

namespace UnionGrains.Employers;

/// <summary>One employing unit.</summary>
[GrainType("union.employer")]
public sealed class EmployerGrain(AggregateKernel kernel) : AggregateGrain<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(kernel), IEmployerGrain;

/// <summary>Lists employing units.</summary>
[GrainType("union.employers-list")]
public sealed class EmployerListGrain(IReadSide reads, Vault vault, Journal journal) : ListGrain<EmployerQuery, EmployerLine>(reads, vault, journal), IEmployerListGrain;

/// <summary>Takes windows of commands to employing units.</summary>
[GrainType("union.employers-bulk")]
public sealed class EmployerBulkGrain(AggregateKernel kernel) : BulkGrain<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(kernel), IEmployerBulkGrain;
