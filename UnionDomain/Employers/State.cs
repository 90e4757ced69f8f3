using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <summary>What a unit is (单位性质), with the numbers of the official template.</summary>
public enum EmployerKind
{
    /// <summary>State organ (机关).</summary>
    Organ = 1,

    /// <summary>Public institution (事业).</summary>
    PublicInstitution = 2,

    /// <summary>State-owned enterprise (国有企业).</summary>
    StateEnterprise = 3,

    /// <summary>Collective enterprise (集体).</summary>
    Collective = 4,

    /// <summary>Private enterprise (私营).</summary>
    Private = 5,

    /// <summary>Foreign, Hong Kong, Macao or Taiwan enterprise (外资及港澳台).</summary>
    Foreign = 6,

    /// <summary>Self-employed household (个体).</summary>
    SelfEmployed = 7,

    /// <summary>Social organisation (社会组织).</summary>
    SocialOrganisation = 8,
}

/// <summary>Where a unit stands in its life.</summary>
public enum EmployerStatus
{
    /// <summary>Nothing was ever recorded.</summary>
    None = 0,

    /// <summary>Registered.</summary>
    Registered = 1,

    /// <summary>At work.</summary>
    Operating = 2,

    /// <summary>Suspended (停业); what covers it stays.</summary>
    Suspended = 3,

    /// <summary>Closed.</summary>
    Closed = 4,
}

/// <summary>How a unit is covered (建会方式), with the numbers of the official template; uncovered is no coverage at all.</summary>
public enum CoverageKind
{
    /// <summary>By a union of its own (独立).</summary>
    Independent = 1,

    /// <summary>By a joint union (联合).</summary>
    Joint = 2,

    /// <summary>By an organiser alone (组织员).</summary>
    OrganiserOnly = 3,
}

/// <summary>What covers a unit since when.</summary>
/// <param name="Union">The union.</param>
/// <param name="Kind">How.</param>
/// <param name="On">First day.</param>
public sealed record Coverage(UnionId Union, CoverageKind Kind, DateOnly On);

/// <summary>An employing unit.</summary>
public sealed record EmployerState
{
    /// <summary>Its surrogate key.</summary>
    public EmployerId Id { get; init; }

    /// <summary>Where it stands.</summary>
    public EmployerStatus Status { get; init; }

    /// <summary>How it was registered.</summary>
    public EmployerEvent.Registered? Registration { get; init; }

    /// <summary>Its code now, in canonical form.</summary>
    public string Code { get; init; } = "";

    /// <summary>Its name now.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is now.</summary>
    public EmployerKind Kind { get; init; }

    /// <summary>Its industry now, one letter A–T.</summary>
    public string Industry { get; init; } = "";

    /// <summary>Its area now (GB/T 2260).</summary>
    public string Area { get; init; } = "";

    /// <summary>The federation it counts at now.</summary>
    public UnionId Federation { get; init; }

    /// <summary>Employees.</summary>
    public int Headcount { get; init; }

    /// <summary>Women among them; null when not told.</summary>
    public int? Women { get; init; }

    /// <summary>Migrant workers among them; null when not told.</summary>
    public int? Migrants { get; init; }

    /// <summary>Members by the unit's own count; null when never reported.</summary>
    public int? MembersReported { get; init; }

    /// <summary>Whom to speak to, sealed; null when not told.</summary>
    public SealedContact? Contact { get; init; }

    /// <summary>What covers it; at most one coverage at any time.</summary>
    public Coverage? Coverage { get; init; }

    /// <summary>The coverage that ended last.</summary>
    public Coverage? FormerCoverage { get; init; }

    /// <summary>When it was closed.</summary>
    public DateOnly? ClosedOn { get; init; }

    /// <summary>When its registration was undone: nothing of it counts.</summary>
    public DateOnly? UndoneOn { get; init; }

    /// <summary>The newest date of anything recorded; nothing is dated before it.</summary>
    public DateOnly? NewestOn { get; init; }
}
