using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace UnionDomain.Tests.Pinned;

/// <summary>One example of every event, from which a missing golden file is written. Files are added, never edited.</summary>
public static class GoldenExamples
{
    private static readonly DateOnly On = new(2014, 5, 12);
    private static readonly UnionId Other = new("U-2");

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
    ];

    /// <summary>The examples as they are stored.</summary>
    public static IEnumerable<(string Kind, StoredEvent Stored)> All =>
    [
        .. Unions.Select(e => (Union.Kind, Room<Union, UnionState, UnionCommand, UnionEvent, UnionView>.Instance.EventCodec.Write(e))),
        .. Employers.Select(e => (Employer.Kind, Room<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>.Instance.EventCodec.Write(e))),
    ];
}
