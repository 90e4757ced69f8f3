using System.Collections.Immutable;
using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionDomain;

/// <summary>What rests on a union or a unit, so that it must not go. Asked of lists it is advisory: who comes to rest on it at the same moment is not seen.</summary>
public static class Resting
{
    /// <summary>The rows that would rest on a stream, each with the kind of the stream that its first column names.</summary>
    public static IEnumerable<(string Kind, ReadModel Model, ImmutableArray<Condition> Where)> On(StreamId stream)
    {
        var key = stream.Key;
        return stream.Kind switch
        {
            "union" =>
            [
                (Member.Kind, MemberLine.Model, [Is("union_id", key), Stands]), (Member.Kind, MemberLine.Model, [Is("transfer_to", key), Stands]),
                (Union.Kind, UnionLine.Model, [Is("parent", key), Stands]), (Union.Kind, UnionTree.Model, [Is("parent", key), new("valid_to", Comparison.AtLeast, UnionTree.Never.AddDays(1))]),
                (Employer.Kind, EmployerLine.Model, [Is("coverage_union", key), Stands]), (Employer.Kind, EmployerLine.Model, [Is("federation", key), Stands]),
                (CardBatch.Kind, CardBatchLine.Model, [Is("union_id", key)]),
            ],
            "employer" => [(Member.Kind, MemberLine.Model, [Is("employer_id", key), Stands])],
            _ => [],
        };
    }

    private static Condition Stands { get; } = new("status", Comparison.AtLeast, 1L);

    private static Condition Is(string column, string key) => new(column, Comparison.Equal, key);
}
