using UnionClient.Members;
using UnionDomain.Members;
using UnionGrains.Kernel;

namespace UnionGrains.Members;

/// <summary>One member.</summary>
[GrainType("union.member")]
public sealed class MemberGrain(AggregateKernel kernel) : AggregateGrain<Member, MemberState, MemberCommand, MemberEvent, MemberView>(kernel), IMemberGrain;

/// <summary>Lists members.</summary>
[GrainType("union.members-list")]
public sealed class MemberListGrain(IReadSide reads, Vault vault, Journal journal) : ListGrain<MemberQuery, MemberLine>(reads, vault, journal), IMemberListGrain;

/// <summary>Lists looks at members' personal fields.</summary>
[GrainType("union.member-looks-list")]
public sealed class MemberLookListGrain(IReadSide reads, Vault vault, Journal journal) : ListGrain<MemberLookQuery, MemberLookLine>(reads, vault, journal), IMemberLookListGrain;

/// <summary>Takes windows of commands to members.</summary>
[GrainType("union.members-bulk")]
public sealed class MemberBulkGrain(AggregateKernel kernel) : BulkGrain<Member, MemberState, MemberCommand, MemberEvent, MemberView>(kernel), IMemberBulkGrain;

/// <summary>Lists members' cards.</summary>
[GrainType("union.cards-list")]
public sealed class CardListGrain(IReadSide reads, Vault vault, Journal journal) : ListGrain<CardQuery, CardLine>(reads, vault, journal), ICardListGrain;
