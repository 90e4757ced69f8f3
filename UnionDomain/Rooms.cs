using System.Collections.Frozen;
using System.Collections.Immutable;
using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionDomain;

/// <summary>Every room of the house. What is not listed here does not exist on the wire, in the store or in a report.</summary>
public static class Rooms
{
    /// <summary>All rooms, by kind of stream.</summary>
    public static readonly ImmutableArray<Room> All =
    [
        Room<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>.Instance,
        Room<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>.Instance,
        Room<Member, MemberState, MemberCommand, MemberEvent, MemberView>.Instance,
        Room<Union, UnionState, UnionCommand, UnionEvent, UnionView>.Instance,
    ];

    /// <summary>The room of each kind of stream.</summary>
    public static readonly FrozenDictionary<string, Room> ByKind = All.ToFrozenDictionary(room => room.Kind, StringComparer.Ordinal);

    /// <summary>Everything a report can count, by id: what the rooms count, and the change of all that stands.</summary>
    public static readonly FrozenDictionary<string, Measure> Measures = All.SelectMany(room => room.Measures)
        .SelectMany(measure => measure.Change is { } change ? new[] { measure, change } : [measure]).ToFrozenDictionary(measure => measure.Id, StringComparer.Ordinal);
}
