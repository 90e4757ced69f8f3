global using EmployerSpec = UnionDomain.Tests.Specs.Spec<
    UnionDomain.Employers.Employer, UnionDomain.Employers.EmployerState, UnionDomain.Employers.EmployerCommand, UnionDomain.Employers.EmployerEvent, UnionDomain.Employers.EmployerView>;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.Employers;

/// <summary>The units the specs speak of. The subject is <see cref="Subject"/>.</summary>
public static class EmployerExamples
{
    public static readonly EmployerId Subject = new("E-100");

    /// <summary>The synthetic code of the standard's form; no real unit has it.</summary>
    public const string Code = "91350100M000100Y43";

    /// <summary>Another synthetic code.</summary>
    public const string OtherCode = "81110108MC0000012N";

    public static EmployerEvent.Registered Registered { get; } =
        new(Subject, Code, "Unit One", EmployerKind.Private, "C", "110108", UnionExamples.SubdistrictFederation, 60, 20, 10, Day(2, 3));

    extension(Employer)
    {
        /// <summary>What happened to the subject so far; below city, district and two subdistricts.</summary>
        public static EmployerSpec Given(params ReadOnlySpan<EmployerEvent> events) => new EmployerSpec(Subject.Stream, Operators.Subdistrict)
            .WithFederations()
            .And(Room<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>.Instance, Subject.Stream, events);
    }
}
