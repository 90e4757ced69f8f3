using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>
/// What may be asked of a person's membership. Every command is dated with its business date. Sheets travel in the clear inside the command and are sealed before anything is decided.
/// Every command may be refused by <c>member.role-not-allowed</c>, <c>member.unknown</c>, <c>member.erased</c> and, where it changes something, <c>occasion.before-former</c>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(Apply), "apply"), JsonDerivedType(typeof(Admit), "admit"), JsonDerivedType(typeof(Reject), "reject"), JsonDerivedType(typeof(Enter), "enter")]
[JsonDerivedType(typeof(Collect), "collect"), JsonDerivedType(typeof(OfferTransfer), "offer-transfer"), JsonDerivedType(typeof(AcceptTransfer), "accept-transfer")]
[JsonDerivedType(typeof(RefuseTransfer), "refuse-transfer"), JsonDerivedType(typeof(RecallTransfer), "recall-transfer"), JsonDerivedType(typeof(Retain), "retain")]
[JsonDerivedType(typeof(Reinstate), "reinstate"), JsonDerivedType(typeof(Withdraw), "withdraw"), JsonDerivedType(typeof(Expel), "expel"), JsonDerivedType(typeof(RecordDeath), "record-death")]
[JsonDerivedType(typeof(RecordActivity), "record-activity"), JsonDerivedType(typeof(Educate), "educate"), JsonDerivedType(typeof(LookAt), "look-at"), JsonDerivedType(typeof(Erase), "erase")]
[JsonDerivedType(typeof(Undo), "undo")]
public abstract partial record MemberCommand
{
    private MemberCommand() { }

    /// <summary>
    /// Applies for membership (入会申请), also again after having left. By the person or an officer. Refused by <c>member.already-member</c>, <c>member.on-other-roll</c>,
    /// <c>member.applied-already</c>, <c>member.deceased</c>, <c>member.too-young</c>, <c>member.document-held</c>, <c>member.roll-held</c>, by what cannot be kept of the sheet, and by the
    /// rules of a union with members: <c>member.union-unknown</c>, <c>member.wrong-level</c>, <c>member.union-not-active</c>.
    /// </summary>
    /// <param name="Union">The union, of levels 4–6 and active.</param>
    /// <param name="Employer">The employing unit; none is a finding, not a refusal.</param>
    /// <param name="Form">The sheet.</param>
    public sealed record Apply(UnionId Union, EmployerId? Employer = null, MemberForm? Form = null) : MemberCommand
    {
        /// <summary>The sheet as it is decided on; never on the wire.</summary>
        [JsonIgnore]
        public SealedForm? Sealed { get; init; }
    }

    /// <summary>The committee of the union, or a federation, admits the applicant. Refused by <c>member.not-applying</c>, <c>member.own-submission</c> and the rules of a union with members.</summary>
    public sealed record Admit : MemberCommand;

    /// <summary>The committee of the union, or a federation, rejects the applicant with a reason. The document is free again. Refused by <c>member.not-applying</c>, <c>member.own-submission</c>.</summary>
    public sealed record Reject : MemberCommand;

    /// <summary>
    /// Takes a person who is a member already onto the roll, active at once; for a member of that union it records the sheet again, and nothing when nothing changed. By an officer
    /// or a federation. Refused by <c>member.document-held</c> where the same number comes with another name, <c>member.on-other-roll</c> (transfer instead), <c>member.applying</c>, <c>member.left</c>, <c>member.deceased</c> and as <see cref="Apply"/>.
    /// </summary>
    /// <param name="Union">The union, of levels 4–6 and active.</param>
    /// <param name="Employer">The employing unit; none is a finding, not a refusal.</param>
    /// <param name="Form">The sheet.</param>
    public sealed record Enter(UnionId Union, EmployerId? Employer = null, MemberForm? Form = null) : MemberCommand
    {
        /// <summary>The sheet as it is decided on; never on the wire.</summary>
        [JsonIgnore]
        public SealedForm? Sealed { get; init; }
    }

    /// <summary>
    /// Records the sheet of an applicant, active or retained member (会员信息采集). It alters no standing. By the union or a federation. Refused by <c>member.not-standing</c>,
    /// <c>member.document-held</c>, <c>member.roll-held</c> and by what cannot be kept of the sheet.
    /// </summary>
    /// <param name="Employer">The employing unit; the present one unless given.</param>
    /// <param name="Form">The sheet.</param>
    public sealed record Collect(EmployerId? Employer = null, MemberForm? Form = null) : MemberCommand
    {
        /// <summary>The sheet as it is decided on; never on the wire.</summary>
        [JsonIgnore]
        public SealedForm? Sealed { get; init; }
    }

    /// <summary>
    /// First half of a transfer (会籍接转), by the member's own union or a federation: the other one may accept for <see cref="RulePack.TransferOfferDays"/> days. The member counts here until
    /// then. Refused by <c>member.not-active</c>, <c>member.transfer-to-own</c>, <c>member.transfer-open</c>, <c>member.not-own-union</c> and the rules of a union with members.
    /// </summary>
    /// <param name="To">The other union.</param>
    /// <param name="Employer">The unit there, if known.</param>
    public sealed record OfferTransfer(UnionId To, EmployerId? Employer = null) : MemberCommand;

    /// <summary>
    /// Second half, by the other union or a federation, never by the operator who offered: from the business date on the member counts there. Refused by <c>member.transfer-none</c>,
    /// <c>member.transfer-expired</c>, <c>member.transfer-both-sides</c>, <c>member.not-own-union</c>, <c>member.not-active</c> and the rules of a union with members.
    /// </summary>
    /// <param name="Employer">The unit there; the offered one unless given.</param>
    public sealed record AcceptTransfer(EmployerId? Employer = null) : MemberCommand;

    /// <summary>The other union refuses with a reason; the member stays. Refused as <see cref="AcceptTransfer"/>.</summary>
    public sealed record RefuseTransfer : MemberCommand;

    /// <summary>The own union takes its offer back. Refused by <c>member.transfer-none</c>, <c>member.transfer-expired</c>, <c>member.not-own-union</c>.</summary>
    public sealed record RecallTransfer : MemberCommand;

    /// <summary>
    /// Retains membership (保留会籍; MM). Refused by <c>member.not-standing</c>, <c>member.ground-unknown</c>, and where the unit closed by <c>member.holding-union-missing</c>,
    /// <c>member.holding-union-not-active</c>; otherwise by <c>member.holding-union-not-expected</c>.
    /// </summary>
    /// <param name="Ground">Why.</param>
    /// <param name="At">The upper union that holds it, where the unit closed.</param>
    public sealed record Retain(RetentionGround Ground, UnionId? At = null) : MemberCommand;

    /// <summary>
    /// A retained member works again, and is active in the union of that unit. A retired one does not transfer: a warning (<c>member.retired-stays</c>).
    /// Refused by <c>member.not-retained</c> and the rules of a union with members.
    /// </summary>
    /// <param name="Union">The union, of levels 4–6 and active.</param>
    /// <param name="Employer">The employing unit.</param>
    public sealed record Reinstate(UnionId Union, EmployerId? Employer = null) : MemberCommand;

    /// <summary>The member leaves (退会). By the member, the union or a federation. Refused by <c>member.not-standing</c>.</summary>
    public sealed record Withdraw : MemberCommand;

    /// <summary>The committee expels the member (开除会籍); needs a reason and a document. Refused by <c>member.not-standing</c>.</summary>
    public sealed record Expel : MemberCommand;

    /// <summary>The member died; needs a document. Refused by <c>member.not-standing</c>.</summary>
    public sealed record RecordDeath : MemberCommand;

    /// <summary>The member paid dues or took part on the business date: what <see cref="Educate"/> began ends. Refused by <c>member.not-active</c>.</summary>
    public sealed record RecordActivity : MemberCommand;

    /// <summary>
    /// The member paid no dues and took no part, and was talked to (Constitution): unless activity is recorded until that day, membership is deemed withdrawn from the next one.
    /// Sooner than <see cref="RulePack.LapseMonths"/> after the last activity is a warning (<c>member.active-lately</c>). Refused by <c>member.not-active</c>, <c>member.education-ended</c>.
    /// </summary>
    /// <param name="Until">The last day, not before the business date.</param>
    public sealed record Educate(DateOnly Until) : MemberCommand;

    /// <summary>Records a look at the personal fields; the kernel sends it before it shows them. Refused by <c>look.purpose-unknown</c>, <c>member.not-own-union</c>.</summary>
    /// <param name="Purpose">One of <see cref="MemberPurposes"/>.</param>
    public sealed record LookAt(string Purpose) : MemberCommand;

    /// <summary>
    /// Undoes what an import's row recorded (<see cref="Enter"/>), as if it had not been: an entry counts on no day any more, its keys are free and no list shows it; where a sheet was
    /// recorded again the former one stands. Nothing where that command did nothing here, or is undone. By an officer or a federation. Refused by <c>undo.changed-since</c>,
    /// <c>undo.not-undoable</c>, and by <c>member.document-held</c> and <c>member.roll-held</c> where others hold meanwhile what the former sheet held.
    /// </summary>
    /// <param name="Command">The id of the command that recorded it.</param>
    public sealed record Undo(Guid Command) : MemberCommand;

    /// <summary>
    /// Destroys the key of a person who left or was rejected, for good; counts stay. By a district or municipal federation, with a reason and a document (PIPL 47).
    /// Refused by <c>member.still-standing</c>.
    /// </summary>
    public sealed record Erase : MemberCommand;
}
