using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <summary>What may be asked of an employing unit.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(Register), "register"), JsonDerivedType(typeof(StartOperating), "start-operating"), JsonDerivedType(typeof(ReportHeadcount), "report-headcount")]
[JsonDerivedType(typeof(CorrectCode), "correct-code"), JsonDerivedType(typeof(Rename), "rename"), JsonDerivedType(typeof(Relocate), "relocate")]
[JsonDerivedType(typeof(Suspend), "suspend"), JsonDerivedType(typeof(Resume), "resume"), JsonDerivedType(typeof(Close), "close")]
[JsonDerivedType(typeof(Cover), "cover"), JsonDerivedType(typeof(EndCoverage), "end-coverage")]
public abstract record EmployerCommand
{
    private EmployerCommand() { }

    /// <summary>Registers a unit. Refused by <c>employer.code-held</c> when another record holds the code.</summary>
    /// <param name="Code">Credit code or legacy number (单位代码).</param>
    /// <param name="Name">Its name, 1–100 characters.</param>
    /// <param name="Kind">What it is, 1–8.</param>
    /// <param name="Industry">Industry, one letter A–T (GB/T 4754).</param>
    /// <param name="Area">Area of registration, a known code (GB/T 2260).</param>
    /// <param name="Federation">The federation of its territory or affiliation; it counts there.</param>
    /// <param name="Headcount">Employees, 0–9,999,999.</param>
    /// <param name="Women">Women among them; none unless told.</param>
    /// <param name="Migrants">Migrant workers among them; none unless told.</param>
    public sealed record Register(
        string Code, string Name, EmployerKind Kind, string Industry, string Area, UnionId Federation, int Headcount, int? Women = null, int? Migrants = null) : EmployerCommand;

    /// <summary>The registered unit has begun its work.</summary>
    public sealed record StartOperating : EmployerCommand;

    /// <summary>Reports the employees of the unit as of the business date.</summary>
    /// <param name="Headcount">Employees, 0–9,999,999.</param>
    /// <param name="Women">Women among them; none unless told.</param>
    /// <param name="Migrants">Migrant workers among them; none unless told.</param>
    public sealed record ReportHeadcount(int Headcount, int? Women = null, int? Migrants = null) : EmployerCommand;

    /// <summary>Puts a wrong or replaced code right; the former one is free again.</summary>
    /// <param name="Code">Credit code or legacy number.</param>
    public sealed record CorrectCode(string Code) : EmployerCommand;

    /// <summary>Gives the unit another name.</summary>
    /// <param name="Name">The new name, 1–100 characters.</param>
    public sealed record Rename(string Name) : EmployerCommand;

    /// <summary>The unit moved: from the business date on it counts at another federation.</summary>
    /// <param name="Area">The new area (GB/T 2260).</param>
    /// <param name="Federation">The federation it counts at.</param>
    public sealed record Relocate(string Area, UnionId Federation) : EmployerCommand;

    /// <summary>The unit suspended its work; its coverage stays.</summary>
    public sealed record Suspend : EmployerCommand;

    /// <summary>The suspended unit works again.</summary>
    public sealed record Resume : EmployerCommand;

    /// <summary>The unit ended. Its coverage ends with it; its code is never given to another.</summary>
    public sealed record Close : EmployerCommand;

    /// <summary>A union covers the unit from the business date on (TUL 11).</summary>
    /// <param name="Union">An active union of that kind.</param>
    /// <param name="Kind">How it covers the unit.</param>
    /// <param name="Transfer">Whether the coverage by another union moves; without it a covered unit refuses.</param>
    public sealed record Cover(UnionId Union, CoverageKind Kind, bool Transfer = false) : EmployerCommand;

    /// <summary>The union no longer covers the unit from the business date on.</summary>
    /// <param name="Union">The union that covers it.</param>
    public sealed record EndCoverage(UnionId Union) : EmployerCommand;
}
