using UnionDomain.Members;

namespace UnionClient.Members;

/// <summary>The grain of a member.</summary>
[Alias("union.member-grain")]
public interface IMemberGrain : IAggregateGrain<MemberCommand, MemberView>;

/// <summary>Lists members.</summary>
[Alias("union.members-list")]
public interface IMemberListGrain : IListGrain<MemberQuery, MemberLine>;

/// <summary>Lists looks at members' personal fields.</summary>
[Alias("union.member-looks-list")]
public interface IMemberLookListGrain : IListGrain<MemberLookQuery, MemberLookLine>;

/// <summary>Takes windows of commands to members.</summary>
[Alias("union.members-bulk")]
public interface IMemberBulkGrain : IBulkGrain<MemberCommand, MemberView>;

/// <summary>Lists members' cards.</summary>
[Alias("union.cards-list")]
public interface ICardListGrain : IListGrain<CardQuery, CardLine>;
