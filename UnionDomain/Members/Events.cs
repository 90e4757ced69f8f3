using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>What happened to a person's membership. Storage format: names and meanings are for ever.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Applied), "applied"), JsonDerivedType(typeof(Admitted), "admitted"), JsonDerivedType(typeof(Rejected), "rejected"), JsonDerivedType(typeof(Entered), "entered")]
[JsonDerivedType(typeof(Collected), "collected"), JsonDerivedType(typeof(TransferOffered), "transfer-offered"), JsonDerivedType(typeof(TransferAccepted), "transfer-accepted")]
[JsonDerivedType(typeof(TransferRefused), "transfer-refused"), JsonDerivedType(typeof(TransferRecalled), "transfer-recalled"), JsonDerivedType(typeof(Retained), "retained")]
[JsonDerivedType(typeof(Reinstated), "reinstated"), JsonDerivedType(typeof(Withdrawn), "withdrawn"), JsonDerivedType(typeof(Expelled), "expelled"), JsonDerivedType(typeof(Died), "died")]
[JsonDerivedType(typeof(ActivityRecorded), "activity-recorded"), JsonDerivedType(typeof(Educated), "educated"), JsonDerivedType(typeof(LookedAt), "looked-at"), JsonDerivedType(typeof(Erased), "erased")]
[JsonDerivedType(typeof(EntryUndone), "entry-undone"), JsonDerivedType(typeof(SheetUndone), "sheet-undone")]
public abstract partial record MemberEvent
{
    private MemberEvent() { }

    /// <summary>An application was submitted by the account <paramref name="By"/>.</summary>
    public sealed record Applied(MemberId Member, UnionId Union, Workplace Workplace, MemberRecord Record, string By, DateOnly On) : MemberEvent;

    /// <summary>The applicant was admitted; <paramref name="BegunOn"/> is the day from which membership is counted, <paramref name="CountsAsNew"/> whether the report counts it.</summary>
    public sealed record Admitted(DateOnly BegunOn, bool CountsAsNew, DateOnly On) : MemberEvent;

    /// <summary>The applicant was rejected.</summary>
    public sealed record Rejected(DateOnly On) : MemberEvent;

    /// <summary>A member was taken onto the roll.</summary>
    public sealed record Entered(MemberId Member, UnionId Union, Workplace Workplace, MemberRecord Record, DateOnly BegunOn, bool CountsAsNew, DateOnly On) : MemberEvent;

    /// <summary>A sheet was recorded; <paramref name="Record"/> is null when only the unit changed.</summary>
    public sealed record Collected(Workplace Workplace, MemberRecord? Record, DateOnly On) : MemberEvent;

    /// <summary>A transfer was offered by the account <paramref name="By"/>; it may be accepted through <paramref name="Until"/>.</summary>
    public sealed record TransferOffered(UnionId To, EmployerId? Employer, DateOnly Until, string By, DateOnly On) : MemberEvent;

    /// <summary>The transfer was accepted; the member is on the other roll.</summary>
    public sealed record TransferAccepted(UnionId To, Workplace Workplace, DateOnly On) : MemberEvent;

    /// <summary>The transfer was refused.</summary>
    public sealed record TransferRefused(DateOnly On) : MemberEvent;

    /// <summary>The offer was taken back.</summary>
    public sealed record TransferRecalled(DateOnly On) : MemberEvent;

    /// <summary>Membership is retained, held by <paramref name="At"/>.</summary>
    public sealed record Retained(RetentionGround Ground, UnionId At, DateOnly On) : MemberEvent;

    /// <summary>A retained member is active again.</summary>
    public sealed record Reinstated(UnionId Union, Workplace Workplace, DateOnly On) : MemberEvent;

    /// <summary>The member left.</summary>
    public sealed record Withdrawn(DateOnly On) : MemberEvent;

    /// <summary>The member was expelled.</summary>
    public sealed record Expelled(string DocumentRef, DateOnly On) : MemberEvent;

    /// <summary>The member died.</summary>
    public sealed record Died(string DocumentRef, DateOnly On) : MemberEvent;

    /// <summary>Dues were paid or the member took part.</summary>
    public sealed record ActivityRecorded(DateOnly On) : MemberEvent;

    /// <summary>The member was talked to and has until then.</summary>
    public sealed record Educated(DateOnly Until, DateOnly On) : MemberEvent;

    /// <summary>Somebody looked at the personal fields.</summary>
    public sealed record LookedAt(MemberLooked Look) : MemberEvent;

    /// <summary>
    /// An entry was undone: it counts on no day any more. <paramref name="Command"/> is the one that caused it, <paramref name="CountedOn"/> the day on which it counted as new, null if it never did.
    /// </summary>
    public sealed record EntryUndone(Guid Command, DateOnly? CountedOn, DateOnly On) : MemberEvent;

    /// <summary>
    /// A recorded sheet was undone: what stood before stands again, since <paramref name="FormerOn"/>. <paramref name="Command"/> is the one that recorded it; <paramref name="Record"/> is null
    /// when only the unit had changed.
    /// </summary>
    public sealed record SheetUndone(Guid Command, Workplace Workplace, MemberRecord? Record, DateOnly FormerOn, DateOnly On) : MemberEvent;

    /// <summary>The key was destroyed.</summary>
    public sealed record Erased(string DocumentRef, DateOnly On) : MemberEvent;
}
