global using BatchSpec = UnionDomain.Tests.Specs.Spec<
    UnionDomain.CardBatches.CardBatch, UnionDomain.CardBatches.CardBatchState, UnionDomain.CardBatches.CardBatchCommand, UnionDomain.CardBatches.CardBatchEvent, UnionDomain.CardBatches.CardBatchView>;
using UnionDomain.CardBatches;
using UnionDomain.Kernel;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using static UnionDomain.Tests.Specs.Calendar;

namespace UnionDomain.Tests.CardBatches;

/// <summary>The batches the specs speak of; the subject is <see cref="Subject"/>.</summary>
public static class BatchExamples
{
    public static readonly CardBatchId Subject = new("B-1");
    public static readonly CardBatchId Former = new("B-0");

    /// <summary>Opened on 2 June for five lines.</summary>
    public static CardBatchEvent.Opened Opened { get; } = new(Subject, UnionExamples.DistrictFederation, 5, null, Day(6, 2));

    /// <summary>Lines 1 to 3 on 3 June.</summary>
    public static CardBatchEvent ThreeLines { get; } = new CardBatchEvent.LinesAdded(1, [Person(1), Person(2), Person(3)], Day(6, 3));

    public static CardBatchEvent[] Closed { get; } = [Opened, ThreeLines, new CardBatchEvent.Closed(Day(6, 4))];

    public static CardBatchEvent[] Cleared { get; } = [.. Closed, new CardBatchEvent.LinesCleared(LineSet.To(3), Day(6, 5))];

    public static CardBatchEvent[] Exported { get; } = [.. Cleared, new CardBatchEvent.Exported(3, Day(6, 6))];

    public static CardBatchEvent[] Sent { get; } = [.. Exported, new CardBatchEvent.Sent(Day(6, 9))];

    /// <summary>Lines 1 and 3 were produced, line 2 was rejected.</summary>
    public static CardBatchEvent.Reconciled Answer { get; } = new(Day(6, 16), [new(Domain(0), Day(6, 12), LineSet.Of(1, 3)), new(Domain(1), Day(6, 13), LineSet.Of(2))], "t.reply", Day(6, 17));

    public static CardBatchEvent[] Reconciled { get; } = [.. Sent, Answer];

    public static MemberId Person(int n) => new($"0146000000007000800000000000{n:0000}");

    extension(CardBatch)
    {
        /// <summary>What happened to the subject so far; federations and a primary union stand around.</summary>
        public static BatchSpec Given(params ReadOnlySpan<CardBatchEvent> events) => new BatchSpec(Subject.Stream, Operators.District).WithFederations().WithUnits(40)
            .And(UnionExamples.Other, UnionExamples.Active(UnionExamples.Applied(UnionExamples.Other)))
            .And(Room<CardBatch, CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>.Instance, Subject.Stream, events);
    }

    private static UnionDomain.Members.CardResult Domain(int code) => (UnionDomain.Members.CardResult)code;
}
