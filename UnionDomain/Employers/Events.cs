using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <summary>What happened to an employing unit. Storage format: names and meanings are for ever.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Registered), "registered"), JsonDerivedType(typeof(OperationStarted), "operation-started"), JsonDerivedType(typeof(HeadcountReported), "headcount-reported")]
[JsonDerivedType(typeof(CodeCorrected), "code-corrected"), JsonDerivedType(typeof(Renamed), "renamed"), JsonDerivedType(typeof(Relocated), "relocated")]
[JsonDerivedType(typeof(Suspended), "suspended"), JsonDerivedType(typeof(Resumed), "resumed"), JsonDerivedType(typeof(Closed), "closed")]
[JsonDerivedType(typeof(Covered), "covered"), JsonDerivedType(typeof(CoverageEnded), "coverage-ended")]
[JsonDerivedType(typeof(Reclassified), "reclassified"), JsonDerivedType(typeof(MembersReported), "members-reported")]
[JsonDerivedType(typeof(ContactRecorded), "contact-recorded"), JsonDerivedType(typeof(ContactLookedAt), "contact-looked-at")]
[JsonDerivedType(typeof(RegistrationUndone), "registration-undone"), JsonDerivedType(typeof(RecordUndone), "record-undone")]
public abstract record EmployerEvent
{
    private EmployerEvent() { }

    /// <summary>The unit was registered.</summary>
    public sealed record Registered(
        EmployerId Employer, string Code, string Name, EmployerKind Kind, string Industry, string Area, UnionId Federation, int Headcount, int? Women, int? Migrants, DateOnly On) : EmployerEvent;

    /// <summary>It began its work.</summary>
    public sealed record OperationStarted(DateOnly On) : EmployerEvent;

    /// <summary>Its employees were counted.</summary>
    public sealed record HeadcountReported(int Headcount, int? Women, int? Migrants, DateOnly On) : EmployerEvent;

    /// <summary>It has another code.</summary>
    public sealed record CodeCorrected(string Code) : EmployerEvent;

    /// <summary>It has another name.</summary>
    public sealed record Renamed(string Name) : EmployerEvent;

    /// <summary>It moved.</summary>
    public sealed record Relocated(string Area, UnionId Federation, DateOnly On) : EmployerEvent;

    /// <summary>It suspended its work.</summary>
    public sealed record Suspended(DateOnly On) : EmployerEvent;

    /// <summary>It works again.</summary>
    public sealed record Resumed(DateOnly On) : EmployerEvent;

    /// <summary>It ended.</summary>
    public sealed record Closed(DateOnly On) : EmployerEvent;

    /// <summary>A union covers it; a coverage by another one has ended the day before.</summary>
    public sealed record Covered(UnionId Union, CoverageKind Kind, DateOnly On) : EmployerEvent;

    /// <summary>No union covers it any more.</summary>
    public sealed record CoverageEnded(DateOnly On) : EmployerEvent;

    /// <summary>It is of another kind or industry than was recorded.</summary>
    public sealed record Reclassified(EmployerKind Kind, string Industry) : EmployerEvent;

    /// <summary>It counted the members of its union.</summary>
    public sealed record MembersReported(int Members, DateOnly On) : EmployerEvent;

    /// <summary>It named whom to speak to.</summary>
    public sealed record ContactRecorded(SealedContact Contact) : EmployerEvent;

    /// <summary>Somebody looked at the contact.</summary>
    public sealed record ContactLookedAt(string Purpose, DateOnly On) : EmployerEvent;

    /// <summary>A registration was undone: it counts on no day any more. <paramref name="Command"/> is the one that caused it.</summary>
    public sealed record RegistrationUndone(Guid Command, DateOnly On) : EmployerEvent;

    /// <summary>What the command <paramref name="Command"/> had brought up to date was undone: the former content stands again, since <paramref name="FormerOn"/>.</summary>
    public sealed record RecordUndone(
        Guid Command, string Name, EmployerKind Kind, string Industry, string Area, UnionId Federation, int Headcount, int? Women, int? Migrants, EmployerStatus Status, Coverage? Coverage,
        Coverage? FormerCoverage, SealedContact? Contact, DateOnly FormerOn, DateOnly On) : EmployerEvent;
}
