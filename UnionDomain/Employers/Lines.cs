using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <summary>One employing unit in a list.</summary>
public sealed record EmployerLine : ILine<EmployerLine>
{
    /// <inheritdoc/>
    public static ReadModel Model { get; } = new("employer_row",
        new("employer_id", ColumnType.Text, IsKey: true),
        new("code", ColumnType.Text),
        new("name", ColumnType.Text),
        new("kind", ColumnType.Number),
        new("industry", ColumnType.Text),
        new("area", ColumnType.Text),
        new("federation", ColumnType.Text),
        new("headcount", ColumnType.Number),
        new("women", ColumnType.Number),
        new("migrants", ColumnType.Number),
        new("members_reported", ColumnType.Number),
        new("status", ColumnType.Number),
        new("coverage_union", ColumnType.Text),
        new("coverage_kind", ColumnType.Number),
        new("covered_on", ColumnType.Date),
        new("registered_on", ColumnType.Date),
        new("closed_on", ColumnType.Date));

    /// <summary>Its surrogate key.</summary>
    public required EmployerId Id { get; init; }

    /// <summary>Credit code or legacy number.</summary>
    public required string Code { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required EmployerKind Kind { get; init; }

    /// <summary>Industry, one letter A–T.</summary>
    public required string Industry { get; init; }

    /// <summary>Area (GB/T 2260).</summary>
    public required string Area { get; init; }

    /// <summary>The federation it counts at.</summary>
    public required UnionId Federation { get; init; }

    /// <summary>Employees.</summary>
    public required int Headcount { get; init; }

    /// <summary>Women among them; null when not told.</summary>
    public int? Women { get; init; }

    /// <summary>Migrant workers among them; null when not told.</summary>
    public int? Migrants { get; init; }

    /// <summary>Where it stands.</summary>
    public required EmployerStatus Status { get; init; }

    /// <summary>Members by the unit's own count; null when never reported.</summary>
    public int? MembersReported { get; init; }

    /// <summary>What covers it, if anything.</summary>
    public Coverage? Coverage { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateOnly RegisteredOn { get; init; }

    /// <summary>When it was closed.</summary>
    public DateOnly? ClosedOn { get; init; }

    /// <inheritdoc/>
    public static EmployerLine Of(ImmutableArray<object?> values) => new()
    {
        Id = new((string)values[0]!),
        Code = (string)values[1]!,
        Name = (string)values[2]!,
        Kind = (EmployerKind)(long)values[3]!,
        Industry = (string)values[4]!,
        Area = (string)values[5]!,
        Federation = new((string)values[6]!),
        Headcount = (int)(long)values[7]!,
        Women = (int?)(long?)values[8],
        Migrants = (int?)(long?)values[9],
        MembersReported = (int?)(long?)values[10],
        Status = (EmployerStatus)(long)values[11]!,
        Coverage = values[12] is string union ? new(new(union), (CoverageKind)(long)values[13]!, (DateOnly)values[14]!) : null,
        RegisteredOn = (DateOnly)values[15]!,
        ClosedOn = (DateOnly?)values[16],
    };

    /// <summary>The row of a state; none while nothing is recorded. Of a registration that was undone only its key is left, and no query finds it.</summary>
    internal static Row? RowOf(EmployerState employer)
    {
        if (employer.Status == EmployerStatus.None)
            return employer.UndoneOn is null ? null : new(Model, [employer.Id.Value, .. Model.Columns.Skip(1).Select(column => column.Name == "status" ? (object?)0L : null)]);
        var view = EmployerView.Of(employer);
        return new(Model,
        [
            view.Id.Value, view.Code, view.Name, (long)view.Kind, view.Industry, view.Area, view.Federation.Value, (long)view.Headcount, (long?)view.Women, (long?)view.Migrants,
            (long?)view.MembersReported, (long)view.Status, view.Coverage?.Union.Value, (long?)view.Coverage?.Kind, view.Coverage?.On, view.RegisteredOn, view.ClosedOn,
        ]);
    }
}

/// <summary>Asks for employing units; every property that is given must hold.</summary>
public sealed record EmployerQuery : IQuery<EmployerLine>
{
    /// <summary>At a federation in the subtree of this one, itself included.</summary>
    public UnionId? Within { get; init; }

    /// <summary>The date of the tree for <see cref="Within"/>; the newest tree unless given.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>With this code.</summary>
    public string? Code { get; init; }

    /// <summary>The name begins so.</summary>
    public string? NamePrefix { get; init; }

    /// <summary>Standing here.</summary>
    public EmployerStatus? Status { get; init; }

    /// <summary>Covered by this union.</summary>
    public UnionId? CoveredBy { get; init; }

    /// <summary>Covered in this way.</summary>
    public CoverageKind? CoverageKind { get; init; }

    /// <summary>Only units that nothing covers.</summary>
    public bool Uncovered { get; init; }

    /// <summary>Only units that are not closed.</summary>
    public bool NotClosed { get; init; }

    /// <summary>At least so many employees.</summary>
    public int? HeadcountFrom { get; init; }

    /// <summary>At most so many employees.</summary>
    public int? HeadcountTo { get; init; }

    /// <summary>Where organising is to begin: units nothing covers with at least <see cref="RulePack.TargetHeadcount"/> employees.</summary>
    public static EmployerQuery Targets(UnionId within, RulePack rules) => new() { Within = within, Uncovered = true, NotClosed = true, HeadcountFrom = rules.TargetHeadcount };

    /// <summary>Units of a joint union that have grown to <see cref="RulePack.MinIndependentHeadcount"/> employees. A list to work on: nothing moves by itself.</summary>
    public static EmployerQuery ShouldBecomeIndependent(UnionId within, RulePack rules) => new()
    {
        Within = within,
        CoverageKind = Employers.CoverageKind.Joint,
        NotClosed = true,
        HeadcountFrom = rules.MinIndependentHeadcount,
    };

    /// <inheritdoc/>
    public IEnumerable<Condition> Where()
    {
        if (Within is { } scope) yield return new("federation", Comparison.Within, scope.Value, AsOf);
        if (Code is { } code) yield return new("code", Comparison.Equal, code);
        if (NamePrefix is { } prefix) yield return new("name", Comparison.StartsWith, prefix);
        // A unit whose registration was undone is found by nobody.
        yield return Status is { } status ? new("status", Comparison.Equal, (long)status) : new("status", Comparison.AtLeast, (long)EmployerStatus.Registered);
        if (CoveredBy is { } union) yield return new("coverage_union", Comparison.Equal, union.Value);
        if (CoverageKind is { } kind) yield return new("coverage_kind", Comparison.Equal, (long)kind);
        if (Uncovered) yield return new("coverage_union", Comparison.Equal, null);
        if (NotClosed) yield return new("closed_on", Comparison.Equal, null);
        if (HeadcountFrom is { } from) yield return new("headcount", Comparison.AtLeast, (long)from);
        if (HeadcountTo is { } to) yield return new("headcount", Comparison.AtMost, (long)to);
    }
}
