namespace UnionDomain.Kernel;

/// <summary>
/// The tree of unions in time: one edge per union and stretch of days. A union stands under its parent from <c>valid_from</c> to the day before <c>valid_to</c>.
/// A merged union stands under the one it was merged into from the day of the merger, so that everything counted at it follows.
/// </summary>
public static class UnionTree
{
    /// <summary>The day on which an open edge ends.</summary>
    public static readonly DateOnly Open = DateOnly.MaxValue;

    /// <summary>The day on which an edge ends that was undone: it stands for no day.</summary>
    public static readonly DateOnly Never = DateOnly.MinValue;

    /// <summary>The table of the edges.</summary>
    public static readonly ReadModel Model = new("union_parent",
        new("union_id", ColumnType.Text, IsKey: true),
        new("valid_from", ColumnType.Date, IsKey: true),
        new("parent", ColumnType.Text),
        new("valid_to", ColumnType.Date));

    /// <summary>One edge as a row.</summary>
    public static Row Edge(UnionId union, DateOnly validFrom, UnionId parent, DateOnly validTo) => new(Model, [union.Value, validFrom, parent.Value, validTo]);

    /// <summary>
    /// The unions at or under a scope with the days on which they were: intervals from the first day to the day before the second.
    /// </summary>
    public static IReadOnlyList<(UnionId Union, DateOnly From, DateOnly To)> Under(UnionId scope, IEnumerable<Row> edges) =>
        [.. Parts(scope, edges).Select(place => (place.Union, place.From, place.To))];

    /// <summary>The same, each with the part of the scope to which it belonged on those days: the scope itself, or the union directly under it.</summary>
    public static IReadOnlyList<(UnionId Part, UnionId Union, DateOnly From, DateOnly To)> Parts(UnionId scope, IEnumerable<Row> edges)
    {
        var children = edges.Select(row => (Union: new UnionId((string)row.Values[0]!), From: (DateOnly)row.Values[1]!, Parent: new UnionId((string)row.Values[2]!), To: (DateOnly)row.Values[3]!))
            .ToLookup(edge => edge.Parent);
        var found = new List<(UnionId, UnionId, DateOnly, DateOnly)>();
        var open = new Stack<(UnionId Part, UnionId Union, DateOnly From, DateOnly To)>([(scope, scope, DateOnly.MinValue, Open)]);
        while (open.TryPop(out var at))
        {
            found.Add(at);
            foreach (var (union, from, _, to) in children[at.Union])
            {
                var (first, end) = (from > at.From ? from : at.From, to < at.To ? to : at.To);
                if (first < end) open.Push((at.Union == scope ? union : at.Part, union, first, end));
            }
        }

        return found;
    }
}
