using UnionDomain.CardBatches;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionDomain.Tests.Pinned;

/// <summary>One example of every event, from which a missing golden file is written. Files are added, never edited.</summary>
public static class GoldenExamples
{
    private static readonly DateOnly On = new(2014, 5, 12);
    private static readonly UnionId Other = new("U-2");
    private static readonly Guid Command = new("0146f8f0-0000-7000-8000-000000000001");

    private static readonly UnionEvent[] Unions =
    [
        new UnionEvent.FederationSetUp(new("U-1"), "示例街道总工会", UnionLevel.Subdistrict, UnionKind.Federation, Other, 5, On),
        new UnionEvent.Applied(new("U-1"), "示例联合工会", UnionLevel.Primary, UnionKind.Joint, Other, UnionLevel.Subdistrict, [new("E-1"), new("E-2")], 18, 12, 3, new UnionId("U-3"), "op-1", On),
        new UnionEvent.Verified(18, 12, On),
        new UnionEvent.Approved(On),
        new UnionEvent.Returned(On),
        new UnionEvent.Rejected(On),
        new UnionEvent.ElectionHeld(12, 9, 3, On),
        new UnionEvent.ResultApproved(On),
        new UnionEvent.Completed(On),
        new UnionEvent.Renamed("示例工会"),
        new UnionEvent.Moved(Other, On),
        new UnionEvent.Closed(ClosingReason.LawfulDecision, "D-2014-1", On),
        new UnionEvent.SplitOff(Other, [new("E-1")], "D-2014-1", On),
        new UnionEvent.MergerAccepted(Other, 1, On),
        new UnionEvent.MergerDeclined(Other, 1, On),
        new UnionEvent.MergerWithdrawn(Other, On),
        new UnionEvent.Merged(Other, "D-2014-1", On),
        new UnionEvent.MergerCompleted(Other, On),
        new UnionEvent.TakenOver(new("U-1"), "示例联合工会", UnionLevel.Primary, UnionKind.Joint, Other, 3, new(1998, 7, 1), new(2001, 3, 1), On),
        new UnionEvent.TermChanged(5),
        new UnionEvent.ChairNamed(new("AAAA", new("示*"), "1.AAAA")),
        new UnionEvent.ChairLookedAt("audit", On),
        new UnionEvent.TakeOverUndone(Command, On),
        new UnionEvent.RecordUndone(Command, "示例工会", 3, new("AAAA", new("示*"), "1.AAAA"), On),
    ];

    private static readonly EmployerEvent[] Employers =
    [
        new EmployerEvent.Registered(new("E-1"), "91350100M000100Y43", "示例单位", EmployerKind.Private, "C", "110108", Other, 60, 20, 10, On),
        new EmployerEvent.OperationStarted(On),
        new EmployerEvent.HeadcountReported(70, 30, null, On),
        new EmployerEvent.CodeCorrected("81110108MC0000012N"),
        new EmployerEvent.Renamed("示例单位二"),
        new EmployerEvent.Relocated("110105", Other, On),
        new EmployerEvent.Suspended(On),
        new EmployerEvent.Resumed(On),
        new EmployerEvent.Closed(On),
        new EmployerEvent.Covered(Other, CoverageKind.Joint, On),
        new EmployerEvent.CoverageEnded(On),
        new EmployerEvent.Reclassified(EmployerKind.StateEnterprise, "M"),
        new EmployerEvent.MembersReported(48, On),
        new EmployerEvent.ContactRecorded(new("AAAA", new("示*", "100****0000"), "1.AAAA")),
        new EmployerEvent.ContactLookedAt("contact", On),
        new EmployerEvent.RegistrationUndone(Command, On),
        new EmployerEvent.RecordUndone(
            Command, "示例单位", EmployerKind.Private, "C", "110108", Other, 60, 20, 10, EmployerStatus.Operating, new(Other, CoverageKind.Joint, On), new(new("U-3"), CoverageKind.OrganiserOnly, On),
            new("AAAA", new("示*", "100****0000"), "1.AAAA"), On, On.AddDays(1)),
    ];

    // Sealed values and hashes of no key: only their place and form are pinned.
    private static readonly MemberRecord Record = new()
    {
        Findings = [new("inaccurate:mobile", "member-form.wrong-mobile")],
        Sex = Sex.Female,
        BirthYear = 1905,
        DocumentType = 1,
        DocumentValidUntil = new(2020, 1, 31),
        Education = 2,
        Skill = 0,
        Employment = 1,
        Household = 3,
        Residence = "110108",
        JoinedOn = On,
        Migrant = true,
        CardConsent = true,
        NameMask = "示*",
        DocumentMask = "110108********0008",
        MobileMask = "100****0001",
        DocumentHash = "1.AAAAAAAAAAAAAAAAAAAAAA",
        NameHash = "1.AAAAAAAAAAAAAAAAAAAAAB",
        MobileHash = "1.AAAAAAAAAAAAAAAAAAAAAC",
        RollHash = "1.AAAAAAAAAAAAAAAAAAAAAD",
        ContentHash = "1.AAAAAAAAAAAAAAAAAAAAAE",
        Sealed = "AAAA",
    };

    private static readonly MemberId Person = new("01460000000070008000000000000001");

    private static readonly CardBatchId Batch = new("B-2014-1");

    private static readonly MemberEvent[] Members =
    [
        new MemberEvent.Applied(Person, Other, new(new("E-1")), Record, "op-1", On),
        new MemberEvent.Admitted(On, true, On),
        new MemberEvent.Rejected(On),
        new MemberEvent.Entered(Person, Other, new(new("E-1"), new("inaccurate:employer", "member.employer-closed")), Record, On, false, On),
        new MemberEvent.Collected(new((EmployerId?)null, new("missing:employer", "member.employer-missing")), Record, On),
        new MemberEvent.TransferOffered(Other, new EmployerId("E-1"), On, "op-1", On),
        new MemberEvent.TransferAccepted(Other, new(new("E-1")), On),
        new MemberEvent.TransferRefused(On),
        new MemberEvent.TransferRecalled(On),
        new MemberEvent.Retained(RetentionGround.UnitClosed, Other, On),
        new MemberEvent.Reinstated(Other, new(new("E-1")), On),
        new MemberEvent.Withdrawn(On),
        new MemberEvent.Expelled("D-2014-1", On),
        new MemberEvent.Died("D-2014-1", On),
        new MemberEvent.ActivityRecorded(On),
        new MemberEvent.Educated(On, On),
        new MemberEvent.LookedAt(new(1, "verification", "op-1", Other, Other, On)),
        new MemberEvent.Erased("D-2014-1", On),
        new MemberEvent.EntryUndone(Command, On, On.AddDays(1)),
        new MemberEvent.SheetUndone(Command, new(new("E-1")), Record, On, On.AddDays(1)),
        new MemberEvent.CardConsentGiven(On),
        new MemberEvent.CardConsentWithdrawn(On),
        new MemberEvent.CardApplied("op-1", On),
        new MemberEvent.CardDataChecked(On),
        new MemberEvent.CardDataRejected(On),
        new MemberEvent.CardBatched(Batch, 1, On),
        new MemberEvent.CardSent(Batch, 1, On),
        new MemberEvent.CardLineReleased(Batch, 1, On),
        new MemberEvent.CardBankRejected(Batch, 1, CardResult.Other, "AAAA", On, On),
        new MemberEvent.CardProduced(Batch, 1, "1.AAAAAAAAAAAAAAAAAAAAAF", "************0014", "AAAA", On, On),
        new MemberEvent.CardDelivered(On),
        new MemberEvent.CardNoticed(CardNotice.Activated, On, On),
    ];

    private static readonly CardBatchEvent[] Batches =
    [
        new CardBatchEvent.Opened(Batch, Other, 500, new CardBatchId("B-2014-0"), On),
        new CardBatchEvent.LinesAdded(1, [Person, new("01460000000070008000000000000002")], On),
        new CardBatchEvent.LinesVoided(LineSet.Of(2, 4), On),
        new CardBatchEvent.Closed(On),
        new CardBatchEvent.LinesCleared(LineSet.Of(1, 3, 5, 6), On),
        new CardBatchEvent.Exported(4, On),
        new CardBatchEvent.Sent(On),
        new CardBatchEvent.Reconciled(On, [new(CardResult.Produced, On, LineSet.Of(1, 5, 6)), new(CardResult.NameDisagrees, On, LineSet.Of(3))], "1.AAAAAAAAAAAAAAAAAAAAAG", On),
        new CardBatchEvent.LinesTold(LineSet.Of(1, 3), On),
    ];

    /// <summary>The examples as they are stored.</summary>
    public static IEnumerable<(string Kind, StoredEvent Stored)> All =>
    [
        .. Unions.Select(e => (Union.Kind, Room<Union, UnionState, UnionCommand, UnionEvent, UnionView>.Instance.EventCodec.Write(e))),
        .. Employers.Select(e => (Employer.Kind, Room<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>.Instance.EventCodec.Write(e))),
        .. Batches.Select(e => (CardBatch.Kind, Room<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>.Instance.EventCodec.Write(e))),
        .. Members.Select(e => (Member.Kind, Room<Member, MemberState, MemberCommand, MemberEvent, MemberView>.Instance.EventCodec.Write(e))),
    ];
}
