using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <summary>What an application sees of an employing unit.</summary>
public sealed record EmployerView
{
    /// <summary>Its surrogate key; empty while nothing is recorded.</summary>
    public EmployerId Id { get; init; }

    /// <summary>Where it stands.</summary>
    public EmployerStatus Status { get; init; }

    /// <summary>Credit code or legacy number.</summary>
    public string Code { get; init; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is.</summary>
    public EmployerKind Kind { get; init; }

    /// <summary>Industry, one letter A–T.</summary>
    public string Industry { get; init; } = "";

    /// <summary>Area (GB/T 2260).</summary>
    public string Area { get; init; } = "";

    /// <summary>The federation it counts at.</summary>
    public UnionId Federation { get; init; }

    /// <summary>Employees.</summary>
    public int Headcount { get; init; }

    /// <summary>Women among them; null when not told.</summary>
    public int? Women { get; init; }

    /// <summary>Migrant workers among them; null when not told.</summary>
    public int? Migrants { get; init; }

    /// <summary>Members by the unit's own count; null when never reported.</summary>
    public int? MembersReported { get; init; }

    /// <summary>Whom to speak to: masked unless a look is recorded; null when not told.</summary>
    public Contact? Contact { get; init; }

    /// <summary>What covers it, if anything.</summary>
    public Coverage? Coverage { get; init; }

    /// <summary>When it was registered.</summary>
    public DateOnly? RegisteredOn { get; init; }

    /// <summary>When it was closed.</summary>
    public DateOnly? ClosedOn { get; init; }

    /// <summary>The view of a state.</summary>
    public static EmployerView Of(EmployerState employer) => new()
    {
        Id = employer.Id,
        Status = employer.Status,
        Code = employer.Code,
        Name = employer.Name,
        Kind = employer.Kind,
        Industry = employer.Industry,
        Area = employer.Area,
        Federation = employer.Federation,
        Headcount = employer.Headcount,
        Women = employer.Women,
        Migrants = employer.Migrants,
        MembersReported = employer.MembersReported,
        Contact = employer.Contact?.Mask,
        Coverage = employer.Coverage,
        RegisteredOn = employer.Registration?.On,
        ClosedOn = employer.ClosedOn,
    };
}
