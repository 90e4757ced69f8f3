using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionSilo.Tests.ReadSides;

/// <summary>A room of the tests: counts what it is told, and takes and gives back keys.</summary>
public abstract class Tally : IAggregate<int, TallyEvent, TallyEvent, TallyView>
{
    public static readonly Measure Flow = new("test.flow", MeasureKind.Flow, "What flowed", "流量", "件");
    public static readonly Measure Stock = new("test.stock", MeasureKind.Stock, "What stands", "存量", "件");

    private static readonly Refusal Taken = new("key.taken", "The key is held by {holder}.", "该键已被{holder}占用。");

    public static Room<Tally, int, TallyEvent, TallyEvent, TallyView> Room => Room<Tally, int, TallyEvent, TallyEvent, TallyView>.Instance;

    public static string Kind => "tally";

    public static int Initial => 0;

    public static TallyView View(int state) => new(state);

    public static Decision<TallyEvent> Decide(int state, TallyEvent command, Occasion occasion) => command;

    public static int Evolve(int state, TallyEvent happened) => state + 1;

    public static IEnumerable<Fact> Facts(TallyEvent happened, int before, int after) => happened is TallyEvent.Counted e
        ? [new(Flow, e.Union, e.Value), new(Stock, e.Union, e.Value)]
        : [];

    public static IEnumerable<ClaimChange> Claims(TallyEvent happened, int before, int after) => happened switch
    {
        TallyEvent.Took e => [ClaimChange.Take(new("test-key", e.Key), Taken)],
        TallyEvent.GaveBack e => [ClaimChange.Release(new("test-key", e.Key))],
        _ => [],
    };
}

public sealed record TallyView(int Events);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(Counted), "counted"), JsonDerivedType(typeof(Took), "took"), JsonDerivedType(typeof(GaveBack), "gave-back")]
public abstract record TallyEvent
{
    private TallyEvent() { }

    public sealed record Counted(UnionId Union, long Value) : TallyEvent;

    public sealed record Took(string Key) : TallyEvent;

    public sealed record GaveBack(string Key) : TallyEvent;
}
