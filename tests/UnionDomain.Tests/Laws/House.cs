using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;
using EmployerRoom = UnionDomain.Kernel.Room<
    UnionDomain.Employers.Employer, UnionDomain.Employers.EmployerState, UnionDomain.Employers.EmployerCommand, UnionDomain.Employers.EmployerEvent, UnionDomain.Employers.EmployerView>;
using UnionRoom = UnionDomain.Kernel.Room<UnionDomain.Unions.Union, UnionDomain.Unions.UnionState, UnionDomain.Unions.UnionCommand, UnionDomain.Unions.UnionEvent, UnionDomain.Unions.UnionView>;

namespace UnionDomain.Tests.Laws;

/// <summary>A house in memory that remembers what happened to every stream: city, district and two subdistricts stand in it.</summary>
public sealed class House
{
    private readonly Dictionary<UnionId, ImmutableArray<UnionEvent>> unions = [];
    private readonly Dictionary<EmployerId, ImmutableArray<EmployerEvent>> employers = [];
    private readonly Dictionary<StreamId, List<Guid>> commands = [];

    public House()
    {
        Given(UnionExamples.City, UnionExamples.SetUp(UnionExamples.City, UnionLevel.Municipal));
        Given(UnionExamples.DistrictFederation, UnionExamples.SetUp(UnionExamples.DistrictFederation, UnionLevel.District, UnionExamples.City));
        Given(UnionExamples.SubdistrictFederation, UnionExamples.SetUp(UnionExamples.SubdistrictFederation, UnionLevel.Subdistrict, UnionExamples.DistrictFederation));
        Given(UnionExamples.OtherSubdistrict, UnionExamples.SetUp(UnionExamples.OtherSubdistrict, UnionLevel.Subdistrict, UnionExamples.DistrictFederation));
    }

    public InMemoryUnion Memory { get; } = new(new StoppedClock(Calendar.Today));

    public IEnumerable<UnionState> Unions => unions.Values.Select(events => events.Aggregate(Union.Initial, Union.Evolve));

    public IEnumerable<EmployerState> Employers => employers.Values.Select(events => events.Aggregate(Employer.Initial, Employer.Evolve));

    public IEnumerable<object> Events => [.. unions.Values.SelectMany(e => e), .. employers.Values.SelectMany(e => e)];

    /// <summary>The newest command that changed a stream, or an older one; a new id when there is none.</summary>
    public Guid Newest(StreamId stream, int before = 0) => commands.TryGetValue(stream, out var ids) ? ids[Math.Max(0, ids.Count - 1 - before)] : Guid.NewGuid();

    public void Given(UnionId id, params ReadOnlySpan<UnionEvent> events)
    {
        Memory.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(id.Stream, Calendar.Day(1, 1), events);
        unions[id] = [.. unions.GetValueOrDefault(id, []), .. events];
    }

    public Outcome<UnionEvent, UnionView> Send(UnionId id, UnionCommand command, Operator by, DateOnly on, string? document = "D-1")
    {
        var commandId = Guid.NewGuid();
        var outcome = Memory.Send<Union, UnionState, UnionCommand, UnionEvent, UnionView>(id.Stream, command, by, on, "reason", document, commandId);
        if (!outcome.Events.IsEmpty && command is not (UnionCommand.Undo or UnionCommand.LookAtChair)) Remember(id.Stream, commandId);
        if (!outcome.Events.IsEmpty) unions[id] = [.. unions.GetValueOrDefault(id, []), .. outcome.Events];
        return outcome;
    }

    public Outcome<EmployerEvent, EmployerView> Send(EmployerId id, EmployerCommand command, Operator by, DateOnly on)
    {
        var commandId = Guid.NewGuid();
        var outcome = Memory.Send<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(id.Stream, command, by, on, "reason", "D-1", commandId);
        if (!outcome.Events.IsEmpty && command is not (EmployerCommand.Undo or EmployerCommand.LookAtContact)) Remember(id.Stream, commandId);
        if (!outcome.Events.IsEmpty) employers[id] = [.. employers.GetValueOrDefault(id, []), .. outcome.Events];
        return outcome;
    }

    /// <summary>The figure of a measure, counted from its records.</summary>
    public long Figure(Measure measure, UnionId scope, DateOnly from, DateOnly to) => Memory.Count(measure, scope, from, to).Value;

    /// <summary>What holds after any sequence of commands.</summary>
    public void Check()
    {
        foreach (var (_, events) in unions) SameAfterStoring<Union, UnionState, UnionCommand, UnionEvent, UnionView>(events);
        foreach (var (_, events) in employers) SameAfterStoring<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(events);

        // Where the feed says that a stream stands, its list finds it; a union is found under its upper one until it stands in the tree, and where it was taken over when that was undone.
        foreach (var (id, events) in employers)
            Assert.Equal(events.Aggregate(Employer.Initial, Employer.Evolve).Federation, events.Select(happened => Employer.Place(happened, id.Stream)).Last(place => place is not null));
        foreach (var (id, events) in unions)
        {
            var union = events.Aggregate(Union.Initial, Union.Evolve);
            Assert.Equal(union is { EstablishedOn: null, Application: { } applied } ? applied.Upper : id, events.Select(happened => Union.Place(happened, id.Stream)).Last(place => place is not null));
        }

        // Rows written one by one are the rows of the final states.
        IEnumerable<Row> rows = [.. Unions.SelectMany(union => Union.Rows(Union.Initial, union)), .. Employers.SelectMany(employer => Employer.Rows(Employer.Initial, employer))];
        IEnumerable<ReadModel> models = [.. UnionRoom.Instance.ReadModels, .. EmployerRoom.Instance.ReadModels];
        Assert.Equal(Texts(rows), Texts(models.SelectMany(Memory.Rows)));

        // Facts add up to what the states say.
        var said = new Dictionary<(string, UnionId), long>();
        foreach (var union in Unions)
        {
            if (union.Status == UnionStatus.Active) Say(UnionMeasures.Active, union.Id, 1);
            if (union is { EstablishedOn: not null, TakenOver: null, Level: UnionLevel.Primary, Kind: UnionKind.Independent or UnionKind.Joint }) Say(UnionMeasures.New, union.Id, 1);
        }

        foreach (var employer in Employers)
        {
            if (employer.Status is not (EmployerStatus.None or EmployerStatus.Closed)) Say(EmployerMeasures.Units, employer.Federation, 1);
            if (employer.Status is not (EmployerStatus.None or EmployerStatus.Closed)) Say(EmployerMeasures.Headcount, employer.Federation, employer.Headcount);
            if (employer is { MembersReported: { } members, Status: not EmployerStatus.Closed }) Say(EmployerMeasures.MembersReported, employer.Federation, members);
            if (employer.Coverage is { } coverage) Say(EmployerMeasures.Covered, coverage.Union, 1);
        }

        var counted = Memory.Facts.GroupBy(fact => (fact.Measure, fact.Union)).ToDictionary(group => group.Key, group => group.Sum(fact => fact.Value));
        Assert.Equal(said.Where(s => s.Value != 0).OrderBy(s => s.Key), counted.Where(c => c.Value != 0).OrderBy(c => c.Key));

        // Of a unit nothing is left at a federation it does not belong to.
        foreach (var reported in Memory.Facts.Where(fact => fact.Measure == EmployerMeasures.MembersReported.Id).GroupBy(fact => (fact.Subject, fact.Union)))
        {
            var employer = Employers.Single(one => one.Id.Value == reported.Key.Subject);
            var expected = employer.Status == EmployerStatus.Closed || employer.Federation != reported.Key.Union ? 0 : employer.MembersReported ?? 0;
            Assert.Equal(expected, reported.Sum(fact => fact.Value));
        }

        // No chain of upper unions comes back to where it began, and the days under each upper union follow one another.
        var parents = Unions.ToDictionary(union => union.Id, union => union.Parent);
        foreach (var union in Unions)
        {
            var steps = 0;
            for (UnionId? at = union.Id; at is { } id; at = parents.GetValueOrDefault(id)) Assert.True(++steps <= parents.Count, $"{union.Id} stands under itself");
            foreach (var (former, next) in Standing(union).Zip(Standing(union).Skip(1))) Assert.True(former.From < former.To && former.To == next.From);
        }

        void Say(Measure measure, UnionId union, long value) => said[(measure.Id, union)] = said.GetValueOrDefault((measure.Id, union)) + value;
    }

    private static IEnumerable<UnionEdge> Standing(UnionState union) => union.Edges.Where(edge => edge.To != UnionTree.Never);

    private void Remember(StreamId stream, Guid command)
    {
        if (!commands.TryGetValue(stream, out var ids)) commands[stream] = ids = [];
        ids.Add(command);
    }

    private static IEnumerable<string> Texts(IEnumerable<Row> rows) => rows.Select(row => $"{row.Model} {JsonSerializer.Serialize(row.Values)}").Order(StringComparer.Ordinal);

    private static void SameAfterStoring<TDecider, TState, TCommand, TEvent, TView>(ImmutableArray<TEvent> events)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TCommand : class
        where TEvent : class
        where TView : class
    {
        var codec = Room<TDecider, TState, TCommand, TEvent, TView>.Instance.EventCodec;
        var state = Json(events.Aggregate(TDecider.Initial, TDecider.Evolve));
        Assert.Equal(state, Json(events.Select(codec.Write).Select(codec.Read).Aggregate(TDecider.Initial, TDecider.Evolve)));
        Assert.Equal(state, Json(JsonSerializer.Deserialize<TState>(state, UnionJson.Options)));
    }

    private static string Json<T>(T value) => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(value, UnionJson.Options));
}
