using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Employers;

/// <summary>What may be asked of an employing unit.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(Register), "register"), JsonDerivedType(typeof(StartOperating), "start-operating"), JsonDerivedType(typeof(ReportHeadcount), "report-headcount")]
[JsonDerivedType(typeof(CorrectCode), "correct-code"), JsonDerivedType(typeof(Rename), "rename"), JsonDerivedType(typeof(Relocate), "relocate")]
[JsonDerivedType(typeof(Suspend), "suspend"), JsonDerivedType(typeof(Resume), "resume"), JsonDerivedType(typeof(Close), "close")]
[JsonDerivedType(typeof(Cover), "cover"), JsonDerivedType(typeof(EndCoverage), "end-coverage")]
[JsonDerivedType(typeof(Record), "record"), JsonDerivedType(typeof(ReportMembers), "report-members"), JsonDerivedType(typeof(LookAtContact), "look-at-contact")]
[JsonDerivedType(typeof(Undo), "undo")]
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

    /// <summary>
    /// One row of the template 单位信息表: takes a unit onto the roll, at work, or brings what is recorded up to date: exactly what differs happens, from the business date on,
    /// and an equal row changes nothing. What covers the unit is what the row says: another union takes the coverage over, none ends it. A contact that is not told stays.
    /// Given by a federation. Refused by <c>employer.closed</c>, <c>employer.code-differs</c>, <c>employer.coverage-incomplete</c>, the rules of <see cref="Register"/>,
    /// <see cref="Cover"/> and <see cref="Relocate"/>, <c>contact.phone-invalid</c>, and <c>occasion.before-former</c> when the row is older than what is recorded.
    /// </summary>
    /// <param name="Code">Credit code or legacy number (单位代码); a recorded one is changed by <see cref="CorrectCode"/> alone.</param>
    /// <param name="Name">Its name, 1–100 characters.</param>
    /// <param name="Kind">What it is, 1–8.</param>
    /// <param name="Industry">Industry, one letter A–T (GB/T 4754).</param>
    /// <param name="Area">Area of registration, a known code (GB/T 2260).</param>
    /// <param name="Federation">
    /// The federation it counts at, of levels 1–3. The template does not name it: for a covered unit whoever reads the template gives the nearest federation at or above the
    /// covering union, for an uncovered one the federation whose roll is taken over.
    /// </param>
    /// <param name="Headcount">Employees, 0–9,999,999.</param>
    /// <param name="Women">Women among them; not told unless given.</param>
    /// <param name="Migrants">Migrant workers among them; not told unless given.</param>
    /// <param name="Union">The union that covers it; none unless given, and only together with <paramref name="Coverage"/>.</param>
    /// <param name="Coverage">How it covers the unit (建会方式); none unless given.</param>
    /// <param name="Contact">Whom to speak to (联系人, 联系电话); personal. Not told unless given.</param>
    public sealed record Record(
        string Code, string Name, EmployerKind Kind, string Industry, string Area, UnionId Federation, int Headcount, int? Women = null, int? Migrants = null,
        UnionId? Union = null, CoverageKind? Coverage = null, Contact? Contact = null) : EmployerCommand
    {
        /// <summary>The contact as it was sealed at the door; never on the wire.</summary>
        [JsonIgnore]
        public SealedContact? SealedContact { get; init; }

        /// <summary>Why the contact could not be sealed; never on the wire.</summary>
        [JsonIgnore]
        public Refusal? ContactUnfit { get; init; }
    }

    /// <summary>The unit reports how many members its union has, as of the business date; the roll counts them itself.</summary>
    /// <param name="Members">Members by the unit's own count, 0–9,999,999.</param>
    public sealed record ReportMembers(int Members) : EmployerCommand;

    /// <summary>
    /// Records that somebody looked at the contact; given by whoever asks for the view with a purpose. Every look is recorded, the second as well as the first.
    /// Refused by <c>look.purpose-unknown</c>.
    /// </summary>
    /// <param name="Purpose">One of <see cref="LookRules.Purposes"/>.</param>
    public sealed record LookAtContact(string Purpose) : EmployerCommand;

    /// <summary>
    /// Undoes what an import's row recorded (<see cref="Record"/>), as if it had not been: a registration counts on no day any more, its code is free and no list shows it; where a
    /// recorded unit was brought up to date the former content stands again. Nothing where that command did nothing here, or is undone. Given by a federation. Refused by
    /// <c>undo.changed-since</c>, <c>undo.rested-on</c>, <c>undo.not-undoable</c>.
    /// </summary>
    /// <param name="Command">The id of the command that recorded it.</param>
    /// <param name="RestedOnBy">A record that rests on the unit, for example a member: a registration is kept for it. Whoever undoes an import looks for one; none unless given.</param>
    public sealed record Undo(Guid Command, string? RestedOnBy = null) : EmployerCommand;
}
