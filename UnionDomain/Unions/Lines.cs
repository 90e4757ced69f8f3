using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <summary>One union in a list.</summary>
public sealed record UnionLine : ILine<UnionLine>
{
    /// <inheritdoc/>
    public static ReadModel Model { get; } = new("union_row",
        new("union_id", ColumnType.Text, IsKey: true),
        new("name", ColumnType.Text),
        new("level", ColumnType.Number),
        new("kind", ColumnType.Number),
        new("status", ColumnType.Number),
        new("parent", ColumnType.Text),
        new("term_years", ColumnType.Number),
        new("employees", ColumnType.Number),
        new("members", ColumnType.Number),
        new("applied_on", ColumnType.Date),
        new("elected_on", ColumnType.Date),
        new("established_on", ColumnType.Date),
        new("closed_on", ColumnType.Date),
        new("merged_into", ColumnType.Text),
        new("merged_on", ColumnType.Date));

    /// <summary>Number of the union.</summary>
    public required UnionId Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its level.</summary>
    public required UnionLevel Level { get; init; }

    /// <summary>Its kind.</summary>
    public required UnionKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public required UnionStatus Status { get; init; }

    /// <summary>The upper union, also the one applied to.</summary>
    public UnionId? Parent { get; init; }

    /// <summary>Length of its committee's term in years.</summary>
    public required int TermYears { get; init; }

    /// <summary>Employees: verified, else applied for.</summary>
    public required int Employees { get; init; }

    /// <summary>Members: verified, else applied for.</summary>
    public required int Members { get; init; }

    /// <summary>When the newest application was submitted.</summary>
    public DateOnly? AppliedOn { get; init; }

    /// <summary>When the founding election was held.</summary>
    public DateOnly? ElectedOn { get; init; }

    /// <summary>When it became active; its founding when it existed before.</summary>
    public DateOnly? EstablishedOn { get; init; }

    /// <summary>When it was closed.</summary>
    public DateOnly? ClosedOn { get; init; }

    /// <summary>The union it was merged into.</summary>
    public UnionId? MergedInto { get; init; }

    /// <summary>When it was merged.</summary>
    public DateOnly? MergedOn { get; init; }

    /// <inheritdoc/>
    public static UnionLine Of(ImmutableArray<object?> values) => new()
    {
        Id = new((string)values[0]!),
        Name = (string)values[1]!,
        Level = (UnionLevel)(long)values[2]!,
        Kind = (UnionKind)(long)values[3]!,
        Status = (UnionStatus)(long)values[4]!,
        Parent = values[5] is string parent ? new UnionId(parent) : null,
        TermYears = (int)(long)values[6]!,
        Employees = (int)(long)values[7]!,
        Members = (int)(long)values[8]!,
        AppliedOn = (DateOnly?)values[9],
        ElectedOn = (DateOnly?)values[10],
        EstablishedOn = (DateOnly?)values[11],
        ClosedOn = (DateOnly?)values[12],
        MergedInto = values[13] is string target ? new UnionId(target) : null,
        MergedOn = (DateOnly?)values[14],
    };

    /// <summary>The row of a state; none while nothing is recorded. Of a union whose coming onto the roll was undone only its key is left, and no query finds it.</summary>
    internal static Row? RowOf(UnionState union)
    {
        if (union.Status == UnionStatus.None)
            return union.UndoneOn is null ? null : new(Model, [union.Id.Value, .. Model.Columns.Skip(1).Select(column => column.Name == "status" ? (object?)0L : null)]);
        var view = UnionView.Of(union);
        return new(Model,
        [
            view.Id.Value, view.Name, (long)view.Level, (long)view.Kind, (long)view.Status, view.Parent?.Value, (long)view.TermYears, (long)view.Employees, (long)view.Members,
            view.AppliedOn, view.ElectedOn, view.EstablishedOn, view.ClosedOn, view.MergedInto?.Value, view.MergedOn,
        ]);
    }
}

/// <summary>Asks for unions; every property that is given must hold.</summary>
public sealed record UnionQuery : IQuery<UnionLine>
{
    /// <summary>In the subtree of this union, itself included.</summary>
    public UnionId? Within { get; init; }

    /// <summary>The date of the tree for <see cref="Within"/>; the newest tree unless given.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Directly under this union.</summary>
    public UnionId? Parent { get; init; }

    /// <summary>Of this level.</summary>
    public UnionLevel? Level { get; init; }

    /// <summary>Of this kind.</summary>
    public UnionKind? Kind { get; init; }

    /// <summary>Standing here.</summary>
    public UnionStatus? Status { get; init; }

    /// <summary>The name begins so.</summary>
    public string? NamePrefix { get; init; }

    /// <summary>Established on this day or later.</summary>
    public DateOnly? EstablishedFrom { get; init; }

    /// <summary>Established on this day or earlier.</summary>
    public DateOnly? EstablishedTo { get; init; }

    /// <summary>The active unions directly under one; those under a closed or merged union still have to be moved.</summary>
    public static UnionQuery ActiveUnder(UnionId parent) => new() { Parent = parent, Status = UnionStatus.Active };

    /// <inheritdoc/>
    public IEnumerable<Condition> Where()
    {
        if (Within is { } scope) yield return new("union_id", Comparison.Within, scope.Value, AsOf);
        if (Parent is { } parent) yield return new("parent", Comparison.Equal, parent.Value);
        if (Level is { } level) yield return new("level", Comparison.Equal, (long)level);
        if (Kind is { } kind) yield return new("kind", Comparison.Equal, (long)kind);
        // A union whose coming onto the roll was undone is found by nobody.
        yield return Status is { } status ? new("status", Comparison.Equal, (long)status) : new("status", Comparison.AtLeast, (long)UnionStatus.Submitted);
        if (NamePrefix is { } prefix) yield return new("name", Comparison.StartsWith, prefix);
        if (EstablishedFrom is { } from) yield return new("established_on", Comparison.AtLeast, from);
        if (EstablishedTo is { } to) yield return new("established_on", Comparison.AtMost, to);
    }
}
