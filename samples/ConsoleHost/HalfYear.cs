using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ConsoleHost.Roll;
using UnionClient;
using UnionClient.Imports;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace ConsoleHost;

/// <summary>
/// Replays the half-year of the generated district through the client, as an application would: takes over its unions, units and members from the templates and establishes the
/// new unions step by step. Every command has an id of its own that is the same in every run, so a run that was cut off goes on and a second one changes nothing.
/// </summary>
internal sealed class HalfYear(IUnionClient union, DirectoryInfo directory, decimal scale)
{
    /// <summary>Begins a step of so much work; the answer tells how much of it is done.</summary>
    public delegate Action<double> Begin(string what, double of);

    // Accounts, never persons. The half-year lies in the past, so all of them may backdate.
    private static readonly Operator Department = new("desk-district", new(RollPlan.District), Role.District, Rights.Backdate);
    private static readonly Operator Street = new("desk-street", new(RollPlan.Streets[0].Id), Role.Subdistrict, Rights.Backdate);
    private static readonly Operator Officer = new("desk-officer", new(RollPlan.Streets[0].Id), Role.Officer, Rights.Backdate);

    private const int UnionsUnderWay = 64;

    private string Folder => Path.Combine(directory.FullName, "roll");

    /// <summary>Does it all, or what a former run left to do.</summary>
    /// <exception cref="InvalidDataException">The folder holds a roll of another scale, or something was refused that is lawful.</exception>
    public async Task<PlantedRoll> Replay(Begin begin, CancellationToken cancel)
    {
        var planted = await Task.Run(() => Generate(begin, cancel), cancel);
        await Import(begin, "unions.csv", union.Imports.Unions, RollGenerator.UnitsOn, planted, refusals: false, cancel);
        await Import(begin, "employers.csv", union.Imports.Employers, RollGenerator.UnitsOn, planted, refusals: false, cancel);
        await Establish(begin, planted, cancel);
        await Close(cancel);
        await Import(begin, "members.csv", union.Imports.Members, RollGenerator.MembersOn, planted, refusals: true, cancel);
        await Import(begin, "members-later.csv", union.Imports.Members, RollGenerator.LaterOn, planted, refusals: false, cancel);
        return planted;
    }

    private PlantedRoll Generate(Begin begin, CancellationToken cancel)
    {
        if (PlantedRoll.Read(directory) is { } former)
            return former.Scale == scale ? former : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{Folder} holds a roll of scale {former.Scale}: give that scale, another --dir, or --fresh."));
        Action<double>? tell = null;
        return RollGenerator.Write(directory, scale, new Told<RollProgress>(told => (tell ??= begin("Writing the roll", told.Of))(told.Rows)), cancel);
    }

    private async Task Import(
        Begin begin, string name, Func<ImportSource, ImportOptions, Import> import, DateOnly on, PlantedRoll planted, bool refusals, CancellationToken cancel)
    {
        var tell = begin($"Importing {name}", planted.Rows[name]);
        var options = new ImportOptions { Id = Derived($"import {name}"), On = on, Operator = Department };
        var summary = await import(Path.Combine(Folder, name), options).Run(new Told<ImportProgress>(told => tell(told.Summary.Rows)), cancel);
        if (summary.Refusal is { } whole) throw new InvalidDataException($"{name}: {whole}");
        // The roll of members holds rows that must be refused; anywhere else a refusal is a mistake of the sample, and must be seen.
        if (!refusals && summary.Refused > 0) throw new InvalidDataException($"{name}: {summary.Refused} rows were refused, see {summary.ErrorFile}.");
    }

    private async Task Establish(Begin begin, PlantedRoll planted, CancellationToken cancel)
    {
        var tell = begin("Establishing unions", planted.Rows["establishments.csv"]);
        var units = new Dictionary<string, EmployerId>();
        await foreach (var unit in union.Employers.List(new() { Within = new(RollPlan.District) }, cancel)) units[unit.Code] = unit.Id;
        var done = 0;
        await Parallel.ForEachAsync(Rows("establishments.csv").Select(row => Application.Of(row, units)), new ParallelOptions { MaxDegreeOfParallelism = UnionsUnderWay, CancellationToken = cancel },
            async (application, _) =>
            {
                await Establish(application, cancel);
                tell(Interlocked.Increment(ref done));
            });
    }

    private async Task Establish(Application application, CancellationToken cancel)
    {
        var (id, on) = (application.Union, application.On);
        await Send(new UnionCommand.Apply(application.Name, UnionLevel.Primary, application.Kind, application.Upper, [.. application.Units], application.Employees, application.Members, application.TermYears), Officer, on[0]);
        await Send(new UnionCommand.Verify(application.Employees, application.Members), Street, on[1]);
        await Send(new UnionCommand.Approve(), Department, on[2]);
        await Send(new UnionCommand.HoldElection(application.Members, application.Members, application.Committee), Officer, on[3]);
        await Send(new UnionCommand.ApproveResult(), Department, on[4]);
        await Send(new UnionCommand.Complete(), Department, on[5]);
        foreach (var unit in application.Units)
        {
            var cover = new EmployerCommand.Cover(id, application.Kind == UnionKind.Joint ? CoverageKind.Joint : CoverageKind.Independent);
            Must(unit.Stream, cover, (await union.Employers.Send(unit, cover, With(unit.Stream, cover, Department, on[5]), cancel)).Refusal);
        }

        async Task Send(UnionCommand command, Operator by, DateOnly day) =>
            Must(id.Stream, command, (await union.Unions.Send(id, command, With(id.Stream, command, by, day), cancel)).Refusal);
    }

    private async Task Close(CancellationToken cancel)
    {
        foreach (var row in Rows("closures.csv"))
        {
            var (id, close) = (new UnionId(row[0]), new UnionCommand.Close(ClosingReason.UnitEnded));
            Must(id.Stream, close, (await union.Unions.Send(id, close, With(id.Stream, close, Department, Day(row[1])), cancel)).Refusal);
        }
    }

    // None of the sample's own columns holds a comma.
    private IEnumerable<string[]> Rows(string name) => File.ReadLines(Path.Combine(Folder, name)).Skip(1).Select(line => line.Split(','));

    private static void Must(StreamId stream, object command, Refusal? refusal)
    {
        if (refusal is not null) throw new InvalidDataException($"{stream} {command.GetType().Name}: {refusal}");
    }

    private static CommandOptions With(StreamId stream, object command, Operator by, DateOnly on) =>
        new() { CommandId = Derived($"{stream} {command.GetType().Name}"), Operator = by, BusinessOn = on, DocumentRef = $"示工字〔{on.Year}〕{on.DayOfYear}号" };

    private static Guid Derived(string step) => new(SHA256.HashData(Encoding.UTF8.GetBytes(step)).AsSpan(0, 16), bigEndian: true);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>One row of <c>establishments.csv</c>.</summary>
    private sealed record Application(UnionId Union, string Name, UnionKind Kind, UnionId Upper, IReadOnlyList<EmployerId> Units, int Employees, int Members, int TermYears, IReadOnlyList<DateOnly> On)
    {
        /// <summary>Fewest members of a committee for a union of this size.</summary>
        public int Committee => Members <= 200 ? 3 : Members <= 1_000 ? 7 : 15;

        public static Application Of(string[] row, IReadOnlyDictionary<string, EmployerId> units) => new(
            new(row[0]), row[1], (UnionKind)Number(row[2]), new(row[3]), [.. row[4].Split(';').Select(code => units[code])], Number(row[5]), Number(row[6]), Number(row[7]), [.. row[8..14].Select(Day)]);

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Tells at once, on the thread that reports.</summary>
    private sealed class Told<T>(Action<T> hear) : IProgress<T>
    {
        public void Report(T value) => hear(value);
    }
}
