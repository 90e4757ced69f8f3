using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using UnionClient;
using UnionClient.Employers;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Bulk;

/// <summary>
/// The law of all paths: whatever sequence of commands goes to a stream, partly through its grain, partly by bulk, partly as a first call past the activation, on whichever silo – the outcomes
/// are those of the decider in memory, and nobody who reads ever goes back.
/// </summary>
[Trait("F", "24"), Trait("F", "106")]
public sealed class AllPathsLaw(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private const int Sequences = 2_000;
    private const int Least = 20;

    private static readonly EmployerId Blocker = new("E-blocker");
    private static readonly DateOnly Today = BusinessCalendar.Today(TimeProvider.System);
    private static readonly UnionClientOptions Options = new();
    private static readonly Operator Backdater = District.Officer with { Rights = Rights.Backdate };

    private readonly ConcurrentDictionary<RunningUnion, FirstCalls<EmployerCommand, EmployerView>> firsts = [];
    private int passed; // first calls that were answered without their grain
    private int shown;

    private enum Path
    {
        Grain,
        Bulk,
        First,
        Both,
    }

    [Theory, InlineData("postgres"), InlineData("sqlite")]
    public async Task Any_sequence_has_the_outcomes_of_the_decider_on_whichever_path_it_goes(string store)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("UNION_SEED"), CultureInfo.InvariantCulture, out var told) ? told : Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed} (UNION_SEED repeats it)");
        try
        {
            await Hold(store, new(seed));
        }
        catch (Exception broken)
        {
            throw new InvalidOperationException($"The law is broken: seed {seed}, UNION_SEED repeats it.", broken);
        }
    }

    private async Task Hold(string store, Random random)
    {
        RunningUnion[] silos = store == "postgres" ? [await Start(store), await Start(store)] : [await Start(store)];
        var memory = new InMemoryUnion(TimeProvider.System);
        memory.Send<Union, UnionState, UnionCommand, UnionEvent, UnionView>(District.Federation.Stream, District.Founding, District.Officer);
        memory.Send<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(Blocker.Stream, District.Registration(999_999), District.Officer);
        Accepted(await silos[0].Client.Send(Blocker, District.Registration(999_999), cancel: Cancel));
        var sequences = Enumerable.Range(0, Sequences).Select(n => new Sequence(n, random, memory)).ToList();
        var (shared, reads) = (0, 0);
        for (var round = 0; sequences.Any(sequence => sequence.Segments.Count > round); round++)
        {
            var segments = sequences.Where(sequence => sequence.Segments.Count > round).Select(sequence => (Sequence: sequence, Segment: sequence.Segments[round])).ToList();
            var looks = segments.Where(_ => random.Next(8) == 0).Select(one => Look(one.Sequence, silos[random.Next(silos.Length)])).ToList();
            reads += looks.Count;
            var bulks = silos.Select((silo, at) => SendBulk(silo, silos, [.. segments.Where(one => one.Segment.Path is not (Path.Grain or Path.First) && one.Segment.Silo % silos.Length == at)])).ToList();
            var singles = segments.Where(one => one.Segment.Path != Path.Bulk).Select(one => SendSingly(one.Sequence, one.Segment, silos)).ToList();
            shared += segments.Count(one => one.Segment.Path == Path.Both);
            await Task.WhenAll([.. looks, .. bulks, .. singles]);
            foreach (var (sequence, segment) in segments) sequence.Floor = segment.Steps[^1].Version;
        }

        foreach (var chunk in sequences.Chunk(500))
            foreach (var (sequence, read) in await Task.WhenAll(chunk.Select(async sequence => (sequence, await silos[sequence.Number % silos.Length].Client.Employers.Get(sequence.Id, cancel: Cancel)))))
                Assert.Equal((sequence.Last.Version, Json(sequence.Last.View)), (read.Version, Json(read.View)));
        foreach (var sequence in sequences.Where(_ => random.Next(20) == 0))
            Assert.Equal(sequence.Events.Order(), (await silos[0].Stored(sequence.Id.Stream.ToString(), Cancel)).Select(entry => entry.CommandId).Distinct().Order());
        Assert.Empty(await Verify());

        // It proves nothing unless it mixed.
        var mixed = sequences.Count(sequence => sequence.Changes(Path.Grain) && sequence.Changes(Path.Bulk) && sequence.Changes(Path.First));
        var refused = sequences.Sum(sequence => sequence.Segments.SelectMany(segment => segment.Steps).Count(step => step.Refusal is not null));
        TestContext.Current.SendDiagnosticMessage($"{mixed} sequences mixed, {shared} segments on two paths at once, {reads} reads meanwhile, {refused} refusals, {passed} first calls and {shown} first looks past the grains");
        Assert.All(sequences, sequence => Assert.True(sequence.Segments.Sum(segment => segment.Steps.Count) >= Least));
        Assert.True(mixed >= Sequences * 3 / 10, $"only {mixed} sequences were changed on all paths");
        Assert.True(shared > 100 && reads > 1_000 && refused > Sequences && passed > 500 && shown > 500, $"{shared} {reads} {refused} {passed} {shown}");
    }

    private async Task SendBulk(RunningUnion silo, RunningUnion[] silos, List<(Sequence Sequence, Segment Segment)> segments)
    {
        var steps = segments.SelectMany(one => one.Segment.Steps.Select(step => (one.Sequence, one.Segment, Step: step))).ToList();
        var n = 0;
        var reads = new List<Task>();
        await foreach (var outcome in silo.Client.Employers.Bulk.Send(
            steps.Select(one => new BulkRow<EmployerId, EmployerCommand>(one.Sequence.Id, one.Step.Command, one.Step.With)).ToAsyncEnumerable(), new() { WindowRows = 400, Views = true }, Cancel))
        {
            var (sequence, segment, step) = steps[n];
            Assert.Equal(n++, outcome.Row);
            Assert.Null(outcome.Fault);
            Assert.Equal((step.Said, true), ($"{outcome.Refusal}", outcome.Tried));
            if (segment.Path == Path.Both) continue;
            if (!step.Repeats) Assert.Equal((step.Version, step.Events, Json(step.View)), (outcome.Version, outcome.Events, Json(outcome.View!)));
            // What a reply said, every silo shows at once.
            if (ReferenceEquals(step, segment.Steps[^1]) && sequence.Number % 4 == 0)
            {
                sequence.Floor = step.Version;
                reads.Add(Look(sequence, silos[^1]));
            }
        }

        Assert.Equal(steps.Count, n);
        await Task.WhenAll(reads);
    }

    private async Task SendSingly(Sequence sequence, Segment segment, RunningUnion[] silos)
    {
        foreach (var step in segment.Steps)
        {
            var silo = silos[(segment.Silo + step.Number) % silos.Length];
            var past = segment.Path == Path.First ? await First(silo).Send(sequence.Id.Value, Options.Enclose(step.Command, step.With)) : null;
            if (past is not null) Interlocked.Increment(ref passed);
            var reply = past ?? await silo.Client.Employers.Send(sequence.Id, step.Command, step.With, Cancel);
            Assert.Equal(step.Said, $"{reply.Refusal}");
            if (segment.Path == Path.Both) continue;
            Assert.Equal((step.Version, Json(step.View)), (reply.Version, Json(reply.View)));
            sequence.Floor = step.Version;
            if (step.Number % 5 == 0) await Look(sequence, silos[step.Number % silos.Length]);
        }
    }

    private async Task Look(Sequence sequence, RunningUnion silo)
    {
        var floor = sequence.Floor;
        var past = await First(silo).Show(sequence.Id.Value);
        if (past is not null) Interlocked.Increment(ref shown);
        var first = past?.Version ?? floor;
        var second = (await silo.Client.Employers.Get(sequence.Id, cancel: Cancel)).Version;
        var third = (await silo.Client.Employers.Get(sequence.Id, cancel: Cancel)).Version;
        Assert.True(floor <= first && first <= second && second <= third && third <= sequence.Last.Version, $"{sequence.Id}: {floor}, then {first}, then {second}, then {third}");
    }

    // Windows that gather what is sent at once, as a client has them.
    private FirstCalls<EmployerCommand, EmployerView> First(RunningUnion silo) => firsts.GetOrAdd(silo, one =>
        new(_ => false, n => one.Get<IGrainFactory>().GetGrain<IEmployerBulkGrain>(n), TimeProvider.System));

    // Read once more, as it comes off the wire.
    private static string Json(EmployerView view) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize<EmployerView>(JsonSerializer.Serialize(view, UnionJson.Options), UnionJson.Options), UnionJson.Options);

    /// <summary>One command with what the decider in memory says of it.</summary>
    private sealed record Step(int Number, EmployerCommand Command, CommandOptions With, string Said, Refusal? Refusal, long Version, int Events, EmployerView View, bool Repeats);

    private sealed record Segment(Path Path, int Silo, List<Step> Steps);

    /// <summary>The commands to one unit.</summary>
    private sealed class Sequence
    {
        private long floor;

        public Sequence(int number, Random random, InMemoryUnion memory)
        {
            (Number, Id) = (number, District.Unit(number + 1_000));
            var applied = new List<Step>();
            var (path, usual) = ((Path)random.Next(3), random.Next(10) < 3);
            for (var n = 0; n < Least;)
            {
                // Three sequences in ten stay on one path.
                if (!usual) path = (Path)random.Next(3);
                var both = random.Next(12) == 0;
                var segment = new Segment(both ? Path.Both : path, random.Next(2), []);
                for (var left = both ? 1 : random.Next(1, 5); left > 0; left--) segment.Steps.Add(Next(n++));
                Segments.Add(segment);
            }

            Step Next(int n)
            {
                var what = n == 0 ? 0 : random.Next(100);
                if (applied.Count > 0 && what >= 92)
                {
                    // An old id once more, sometimes with another content.
                    var old = applied[random.Next(applied.Count)];
                    if (what < 97) return old with { Number = n, Said = "", Version = Last.Version, Events = 0, View = Last.View, Repeats = true };
                    var refusal = CommandRules.IdReused.With("id", old.With.CommandId!.Value);
                    return old with { Number = n, Command = new EmployerCommand.Rename("另一个名称"), Said = $"{refusal}", Refusal = refusal, Version = Last.Version, Events = 0, View = Last.View };
                }

                var command = Command(what, random, number);
                var with = new CommandOptions
                {
                    CommandId = Guid.CreateVersion7(),
                    Operator = random.Next(20) == 0 ? Backdater with { Role = Role.Member } : Backdater,
                    BusinessOn = Today.AddDays(random.Next(15) == 0 ? -30 : 0),
                    Reason = random.Next(10) == 0 ? "示例" : null,
                };
                var outcome = memory.Send<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(Id.Stream, command, with.Operator, with.BusinessOn, with.Reason);
                Last = new(n, command, with, $"{outcome.Refusal}", outcome.Refusal, outcome.Version, outcome.Events.Length, outcome.View, false);
                if (outcome.Events.Length > 0) applied.Add(Last);
                return Last;
            }
        }

        public int Number { get; }

        public EmployerId Id { get; }

        public List<Segment> Segments { get; } = [];

        /// <summary>What was decided last.</summary>
        public Step Last { get; private set; } = null!;

        /// <summary>No read may show less from now on.</summary>
        public long Floor
        {
            get => Volatile.Read(ref floor);
            set => Volatile.Write(ref floor, value);
        }

        /// <summary>The commands that caused something.</summary>
        public IEnumerable<Guid> Events => Segments.SelectMany(segment => segment.Steps).Where(step => step.Events > 0).Select(step => step.With.CommandId!.Value);

        public bool Changes(Path path) => Segments.Any(segment => segment.Path == path && segment.Steps.Any(step => step.Events > 0));

        private static EmployerCommand Command(int what, Random random, int number) => what switch
        {
            < 8 => District.Registration(10_000 + number) with { Headcount = what < 4 ? 100 : random.Next(90, 110) },
            < 16 => new EmployerCommand.StartOperating(),
            < 40 => new EmployerCommand.ReportHeadcount(random.Next(-1, 40), random.Next(3) == 0 ? random.Next(30) : null),
            < 52 => new EmployerCommand.CorrectCode(District.Registration((what % 4) switch { 0 => 999_999, 1 => 10_000 + number, 2 => 20_000 + number, _ => 30_000 + number }).Code),
            < 62 => new EmployerCommand.Rename($"示例单位{random.Next(4)}"),
            < 70 => new EmployerCommand.Relocate(random.Next(2) == 0 ? "110105" : "110108", random.Next(4) == 0 ? new("U-77") : District.Federation),
            < 78 => new EmployerCommand.Suspend(),
            < 86 => new EmployerCommand.Resume(),
            < 87 => new EmployerCommand.Close(),
            < 90 => new EmployerCommand.Cover(new("U-77"), CoverageKind.Joint),
            _ => new EmployerCommand.EndCoverage(District.Federation),
        };
    }
}
