using System.Collections.Immutable;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <summary>What may be asked of a union. Every command is dated with its business date; steps of the establishment follow one another without a gap.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(SetUpFederation), "set-up-federation"), JsonDerivedType(typeof(Apply), "apply"), JsonDerivedType(typeof(Verify), "verify")]
[JsonDerivedType(typeof(Approve), "approve"), JsonDerivedType(typeof(Return), "return"), JsonDerivedType(typeof(Reject), "reject")]
[JsonDerivedType(typeof(HoldElection), "hold-election"), JsonDerivedType(typeof(ApproveResult), "approve-result"), JsonDerivedType(typeof(Complete), "complete")]
[JsonDerivedType(typeof(Rename), "rename"), JsonDerivedType(typeof(Move), "move"), JsonDerivedType(typeof(Close), "close"), JsonDerivedType(typeof(Split), "split")]
[JsonDerivedType(typeof(AcceptMerger), "accept-merger"), JsonDerivedType(typeof(DeclineMerger), "decline-merger"), JsonDerivedType(typeof(WithdrawMerger), "withdraw-merger")]
[JsonDerivedType(typeof(MergeInto), "merge-into"), JsonDerivedType(typeof(CompleteMerger), "complete-merger")]
[JsonDerivedType(typeof(TakeOver), "take-over"), JsonDerivedType(typeof(LookAtChair), "look-at-chair")]
[JsonDerivedType(typeof(Undo), "undo")]
public abstract record UnionCommand
{
    private UnionCommand() { }

    /// <summary>
    /// Sets up a federation or industrial union (levels 1–3), active at once, for the term of federations (<see cref="RulePack.FederationTermYears"/>).
    /// Given by the upper federation's role; a root by its own level's. Refused by <c>union.needs-establishment</c>, <c>union.kind-not-of-level</c>,
    /// <c>union.role-not-allowed</c>, <c>union.already-exists</c> and the rules of a place (<see cref="Move"/>).
    /// </summary>
    /// <param name="Name">Its name, 1–100 characters.</param>
    /// <param name="Level">1–3.</param>
    /// <param name="Kind">Federation, or industrial on level 3.</param>
    /// <param name="Upper">The upper federation; none for a municipality or a district that is the root.</param>
    public sealed record SetUpFederation(string Name, UnionLevel Level, UnionKind Kind, UnionId? Upper = null) : UnionCommand;

    /// <summary>
    /// Applies to establish a union of levels 4–6, and again after a return (TUL 11–12). An independent union names its one unit (at least
    /// <see cref="RulePack.MinIndependentHeadcount"/> employees), a joint union at least <see cref="RulePack.MinJointUnits"/>; associations, branches and groups name none.
    /// </summary>
    /// <param name="Name">Its name, 1–100 characters.</param>
    /// <param name="Level">4–6.</param>
    /// <param name="Kind">Independent or joint; association on level 4.</param>
    /// <param name="Upper">The upper union, which will approve it.</param>
    /// <param name="Employers">The units it shall cover, each once, at most 2,000.</param>
    /// <param name="Employees">Employees of those units, 1–9,999,999.</param>
    /// <param name="Members">Members who found it, 1 to the number of employees.</param>
    /// <param name="TermYears">Term of its committee: one of <see cref="RulePack.PrimaryTermYears"/> (TUL 16).</param>
    /// <param name="SplitFrom">The union it is split off from, if any.</param>
    public sealed record Apply(
        string Name, UnionLevel Level, UnionKind Kind, UnionId Upper, ImmutableArray<EmployerId> Employers, int Employees, int Members, int TermYears, UnionId? SplitFrom = null) : UnionCommand
    {
        /// <summary>The units it shall cover, each once.</summary>
        public ImmutableArray<EmployerId> Employers { get; init => field = value.IsDefault ? [] : value; } = Employers.IsDefault ? [] : Employers;
    }

    /// <summary>
    /// The subdistrict counted employees and members on the spot. A federation of the district or municipality verifies what stands directly under it; the committee of
    /// the primary union verifies its branches and groups. Never the applicant.
    /// </summary>
    /// <param name="Employees">Employees found, 1–9,999,999; an independent union needs <see cref="RulePack.MinIndependentHeadcount"/>.</param>
    /// <param name="Members">Members found, 1 to the number of employees.</param>
    public sealed record Verify(int Employees, int Members) : UnionCommand;

    /// <summary>The upper union approves the establishment (批复; TUL 12). Never the applicant.</summary>
    public sealed record Approve : UnionCommand;

    /// <summary>The upper union gives the application back with a reason; it may be submitted again.</summary>
    public sealed record Return : UnionCommand;

    /// <summary>The upper union rejects the application with a reason, for good.</summary>
    public sealed record Reject : UnionCommand;

    /// <summary>
    /// The founding election, held on the business date. Refused below two thirds of those due (<see cref="RulePack.Quorum"/>);
    /// a committee outside <see cref="RulePack.CommitteeSizes"/> is a warning.
    /// </summary>
    /// <param name="Due">Members or delegates due to attend, from 1.</param>
    /// <param name="Present">Those present, 0 to those due.</param>
    /// <param name="Elected">Members elected to the committee, from 1.</param>
    public sealed record HoldElection(int Due, int Present, int Elected) : UnionCommand;

    /// <summary>The upper union approves the election's result. Never the applicant.</summary>
    public sealed record ApproveResult : UnionCommand;

    /// <summary>The upper union completes the establishment: the union is active and counts as new on this business date.</summary>
    public sealed record Complete : UnionCommand;

    /// <summary>Gives an active union another name.</summary>
    /// <param name="Name">The new name, 1–100 characters.</param>
    public sealed record Rename(string Name) : UnionCommand;

    /// <summary>
    /// Puts an active union under another upper union from the business date on. Refused by <c>union.parent-cycle</c>, <c>union.unknown-parent</c>,
    /// <c>union.parent-not-active</c>, <c>union.wrong-level</c>.
    /// </summary>
    /// <param name="Parent">The new upper union.</param>
    public sealed record Move(UnionId Parent) : UnionCommand;

    /// <summary>Closes an active union; needs a document. Units below it must have been moved first: list them with <see cref="UnionQuery.ActiveUnder"/>.</summary>
    /// <param name="Why">The reason.</param>
    public sealed record Close(ClosingReason Why) : UnionCommand;

    /// <summary>
    /// Records that a union was split off; needs a document. That union's application must have named this one. The units' coverage is moved by the employers
    /// themselves on the same business date.
    /// </summary>
    /// <param name="Into">The union split off, active.</param>
    /// <param name="Employers">The units that go with it, each once, 1–2,000.</param>
    public sealed record Split(UnionId Into, ImmutableArray<EmployerId> Employers) : UnionCommand
    {
        /// <summary>The units that go with it.</summary>
        public ImmutableArray<EmployerId> Employers { get; init => field = value.IsDefault ? [] : value; } = Employers.IsDefault ? [] : Employers;
    }

    /// <summary>First half of a merger, on the union that stays: it is ready to take in another one of the same level.</summary>
    /// <param name="Source">The union that may merge into this one.</param>
    public sealed record AcceptMerger(UnionId Source) : UnionCommand;

    /// <summary>On the union that would go: it will not use the acceptance that is open now.</summary>
    /// <param name="Target">The union that accepted it.</param>
    public sealed record DeclineMerger(UnionId Target) : UnionCommand;

    /// <summary>On the union that stays: takes back an acceptance that the other union declined.</summary>
    /// <param name="Source">The union that declined.</param>
    public sealed record WithdrawMerger(UnionId Source) : UnionCommand;

    /// <summary>Second half of a merger, on the union that goes; needs a document. From the business date on it stands under the other one.</summary>
    /// <param name="Target">The union that accepted it.</param>
    public sealed record MergeInto(UnionId Target) : UnionCommand;

    /// <summary>Ends a merger, on the union that stays, once the other one has merged.</summary>
    /// <param name="Source">The union that merged into this one.</param>
    public sealed record CompleteMerger(UnionId Source) : UnionCommand;

    /// <summary>
    /// One row of the template 工会组织表: takes a union of any level that exists already onto the roll, active since its founding; it never counts as newly established.
    /// It stands under its upper union since its founding, or since that of the upper one if that is later, so that figures of former dates find it there.
    /// Of a recorded active union it brings name, term and chair up to date; an equal row changes nothing, and a chair that is not told stays.
    /// Given by a federation. Refused by <c>union.kind-not-of-level</c>, <c>union.root-not-allowed</c>, <c>union.founded-out-of-range</c>, <c>union.term-not-allowed</c>, the rules of a
    /// place (<see cref="Move"/>), for a recorded one by <c>union.not-active</c>, and by <c>union.recorded-otherwise</c> when level, kind, upper union or founding date differ.
    /// </summary>
    /// <param name="Name">Its name, 1–100 characters.</param>
    /// <param name="Level">1–6.</param>
    /// <param name="Kind">One that its level has.</param>
    /// <param name="Upper">The upper union, active; none for a municipality or a district that is the root.</param>
    /// <param name="FoundedOn">When it was founded (成立日期): from 1900 to the business date.</param>
    /// <param name="TermYears">Term of its committee: one of <see cref="RulePack.PrimaryTermYears"/>; of a federation <see cref="RulePack.FederationTermYears"/> (TUL 16).</param>
    /// <param name="Chair">Its chair (主席), by name; personal. Not told unless given.</param>
    public sealed record TakeOver(
        string Name, UnionLevel Level, UnionKind Kind, UnionId? Upper, DateOnly FoundedOn, int TermYears, Contact? Chair = null) : UnionCommand
    {
        /// <summary>The chair as sealed at the door; never on the wire.</summary>
        [JsonIgnore]
        public SealedContact? SealedChair { get; init; }

        /// <summary>Why the chair's name could not be sealed; never on the wire.</summary>
        [JsonIgnore]
        public Refusal? ChairUnfit { get; init; }
    }

    /// <summary>
    /// Records that somebody looked at the chair's name; given by whoever asks for the view with a purpose. Every look is recorded, the second as well as the first.
    /// Refused by <c>look.purpose-unknown</c>.
    /// </summary>
    /// <param name="Purpose">One of <see cref="LookRules.Purposes"/>.</param>
    public sealed record LookAtChair(string Purpose) : UnionCommand;

    /// <summary>
    /// Undoes what an import's row recorded (<see cref="TakeOver"/>), as if it had not been: a union that came onto the roll counts on no day any more, stands nowhere in the tree and in no
    /// list; of a recorded one the former name, term and chair stand again. Nothing where that command did nothing here, or is undone. Given by a federation. Refused by
    /// <c>undo.changed-since</c>, <c>undo.rested-on</c>, <c>undo.not-undoable</c>.
    /// </summary>
    /// <param name="Command">The id of the command that recorded it.</param>
    /// <param name="RestedOnBy">A record that rests on the union, for example a lower union: it is kept on the roll for it. Whoever undoes an import looks for one; none unless given.</param>
    public sealed record Undo(Guid Command, string? RestedOnBy = null) : UnionCommand;
}
