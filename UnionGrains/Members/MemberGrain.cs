using UnionClient.Members;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionGrains.Kernel;

namespace UnionGrains.Members;

/// <summary>One member.</summary>
[GrainType("union.member")]
public sealed class MemberGrain(AggregateKernel kernel) : AggregateGrain<Member, MemberState, MemberCommand, MemberEvent, MemberView>(kernel), IMemberGrain;

/// <summary>Lists members.</summary>
[GrainType("union.members-list")]
public sealed class MemberListGrain(IReadSide reads, Vault vault, Journal journal) : ListGrain<MemberQuery, MemberLine>(reads, vault, journal), IMemberListGrain
{
    // A federation is no unit: beginnings of names are looked for only where few people are.
    /// <inheritdoc/>
    protected override async Task<Refusal?> Refused(MemberQuery query)
    {
        if (await base.Refused(query) is { } refusal) return refusal;
        if (query is not { NamePrefix: not null, Employer: null, Union: { } union }) return null;
        var primary = await Reads.List(
            UnionLine.Model, [new("union_id", Comparison.Equal, union.Value), new("level", Comparison.AtLeast, (long)UnionLevel.Primary)], null, 1, CancellationToken.None);
        return primary.Count > 0 ? null : SearchRules.UnitMissing;
    }
}

/// <summary>Lists looks at members' personal fields.</summary>
[GrainType("union.member-looks-list")]
public sealed class MemberLookListGrain(IReadSide reads, Vault vault, Journal journal) : ListGrain<MemberLookQuery, MemberLookLine>(reads, vault, journal), IMemberLookListGrain;

/// <summary>Takes windows of commands to members.</summary>
[GrainType("union.members-bulk")]
public sealed class MemberBulkGrain(AggregateKernel kernel) : BulkGrain<Member, MemberState, MemberCommand, MemberEvent, MemberView>(kernel), IMemberBulkGrain;
