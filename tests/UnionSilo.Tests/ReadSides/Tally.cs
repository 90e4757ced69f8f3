using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionSilo.Tests.ReadSides;

/// <summary>A room of the tests: counts what it is told, and takes and gives back keys.</summary>
public abstract class Tally : IAggregate<int, TallyEvent, TallyEvent, TallyView>
{
    public static readonly Measure Flow = new("test.flow", MeasureKind.Flow, "What flowed", "流量", "件");
    public static readonly Measure Stock = new("test.stock", MeasureKind.Stock, "What stands", "存量", "件");

    /// <summary>Counts at unions where something flowed in the same period.</summary>
    public static readonly Measure Gained = new("test.gained", MeasureKind.Flow, "What was gained where something flowed", "增量", "件") { Among = Flow };

    public static readonly Measure Subjects = new("test.subjects", MeasureKind.Distinct, "Subjects that have something", "对象", "个") { Of = Stock };
    public static readonly Measure Share = new("test.share", MeasureKind.Rate, "Subjects per thing", "占比", "%") { Part = Subjects, Whole = Stock };
    public static readonly Measure Turnover = new("test.turnover", MeasureKind.Rate, "Gained per thing that stands", "周转率", "%") { Part = Gained, Whole = Stock };

    private static readonly Refusal Taken = new("key.taken", "The key is held by {holder}.", "该键已被{holder}占用。");

    public static Room<Tally, int, TallyEvent, TallyEvent, TallyView> Room => Room<Tally, int, TallyEvent, TallyEvent, TallyView>.Instance;

    public static string Kind => "tally";

    public static int Initial => 0;

    public static TallyView View(int state) => new(state);

    public static Decision<TallyEvent> Decide(int state, TallyEvent command, Occasion occasion) => command;

    public static int Evolve(int state, TallyEvent happened) => state + 1;

    public static IEnumerable<Fact> Facts(TallyEvent happened, int before, int after) => happened switch
    {
        TallyEvent.Counted e => [new(Flow, e.Union, e.Value), new(Stock, e.Union, e.Value)],
        TallyEvent.Held e => [new(Stock, e.Union, e.Value) { Subject = e.Subject, On = e.On }, new(Gained, e.Union, e.Value) { On = e.On }],
        _ => [],
    };

    public static bool Erases(TallyEvent happened) => happened is TallyEvent.Forgot;

    public static IEnumerable<ClaimChange> Claims(TallyEvent happened, int before, int after) => happened switch
    {
        TallyEvent.Took e => [ClaimChange.Take(new("test-key", e.Key), Taken)],
        TallyEvent.GaveBack e => [ClaimChange.Release(new("test-key", e.Key))],
        _ => [],
    };
}

public sealed record TallyView(int Events);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Counted), "counted"), JsonDerivedType(typeof(Held), "held"), JsonDerivedType(typeof(Took), "took"), JsonDerivedType(typeof(GaveBack), "gave-back"), JsonDerivedType(typeof(Forgot), "forgot")]
public abstract record TallyEvent
{
    private TallyEvent() { }

    public sealed record Counted(UnionId Union, long Value) : TallyEvent;

    public sealed record Held(UnionId Union, string Subject, long Value, DateOnly? On) : TallyEvent;

    public sealed record Took(string Key) : TallyEvent;

    public sealed record GaveBack(string Key) : TallyEvent;

    public sealed record Forgot : TallyEvent;
}
