using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ConsoleHost.Roll;
using UnionClient;
using UnionClient.Imports;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace ConsoleHost;

/// <summary>
/// Replays the half-year of the generated district through the client, as an application would: takes over its unions, units and members from the templates, establishes the new unions step by
/// step, and has cards made by the bank. Every command has an id of its own that is the same in every run, so a run that was cut off goes on and a second one changes nothing.
/// </summary>
internal sealed partial class HalfYear(IUnionClient union, DirectoryInfo directory, decimal scale)
{
    /// <summary>Begins a step of so much work; the answer tells how much of it is done.</summary>
    public delegate Action<double> Begin(string what, double of);

    // Accounts, never persons. The half-year lies in the past, so all of them may backdate.
    private static readonly Operator Department = new("desk-district", new(RollPlan.District), Role.District, Rights.Backdate);
    private static readonly Operator OtherDepartment = new("desk-other-district", new(RollPlan.OtherDistrict), Role.District, Rights.Backdate);
    private static readonly Operator Street = new("desk-street", new(RollPlan.Streets[0].Id), Role.Subdistrict, Rights.Backdate);
    private static readonly Operator Officer = new("desk-officer", new(RollPlan.Streets[0].Id), Role.Officer, Rights.Backdate);

    private const int UnionsUnderWay = 64;

    private string Folder => Path.Combine(directory.FullName, "roll");

    /// <summary>Does it all, or what a former run left to do.</summary>
    /// <exception cref="InvalidDataException">The folder holds a roll of another scale, or something was refused that is lawful.</exception>
    public async Task<PlantedRoll> Replay(Begin begin, CancellationToken cancel)
    {
        var planted = await Task.Run(() => Generate(begin, cancel), cancel);
        // Everything happens in its order: where a batch of a later round exists, nothing is left to be done of what came before.
        var batches = await union.CardBatches.List(new(), cancel).ToListAsync(cancel);
        // Files of the bank without a batch are those of a database that is gone.
        if (batches.Count == 0) Directory.Delete(BankFolder, recursive: true);
        var begun = batches.Select(batch => batch.Id).ToHashSet();
        var (pilot, main, late) = (Batch(CardRound.Pilot, RollPlan.District, 1), Batch(CardRound.Main, RollPlan.District, 1), Batch(CardRound.Late, RollPlan.District, 1));
        if (!begun.Contains(pilot))
        {
            await Import(begin, "unions.csv", union.Imports.Unions, HalfYearDays.UnitsOn, planted, refusals: false, cancel);
            await Import(begin, "employers.csv", union.Imports.Employers, HalfYearDays.UnitsOn, planted, refusals: false, cancel);
            await Establish(begin, planted, cancel);
            await Close(cancel);
            await Import(begin, "members.csv", union.Imports.Members, HalfYearDays.RollOn, planted, refusals: false, cancel);
        }

        if (!begun.Contains(main))
        {
            await Issue(begin, CardRound.Pilot, PilotStreets, RollPlan.District, begun, cancel);
            await TakeNotices(begin, HalfYearDays.PilotActivatedOn, cancel);
        }

        if (batches.TrueForAll(batch => batch.Former is null))
        {
            await Issue(begin, CardRound.Main, OtherStreets, RollPlan.District, begun, cancel);
            await Issue(begin, CardRound.Main, [RollPlan.OtherStreet.Id], RollPlan.OtherDistrict, begun, cancel);
            await TakeNotices(begin, HalfYearDays.ActivatedOn, cancel);
            await Import(begin, "members-corrected.csv", union.Imports.Members, HalfYearDays.CorrectedOn, planted, refusals: false, cancel);
        }

        if (!begun.Contains(ReplacementBatch(1)))
        {
            await Repeat(begin, cancel);
            await TakeNotices(begin, HalfYearDays.LostOn, cancel);
        }

        if (!begun.Contains(late))
        {
            await Replace(begin, begun, cancel);
            await TakeNotices(begin, HalfYearDays.CancelledOn, cancel);
            await Leave(cancel);
            await Transfer(cancel);
            await Import(begin, "members-new.csv", union.Imports.Members, HalfYearDays.MembersOn, planted, refusals: true, cancel);
        }

        await IssueLate(begin, begun, cancel);
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
        var summary = await import(Path.Combine(Folder, name), Under(name, on)).Run(new Told<ImportProgress>(told => tell(told.Summary.Rows)), cancel);
        if (summary.Refusal is { } whole) throw new InvalidDataException($"{name}: {whole}");
        // The roll of new members holds rows that must be refused; anywhere else a refusal is a mistake of the sample, and must be seen.
        if (!refusals && summary.Refused > 0) throw new InvalidDataException($"{name}: {summary.Refused} rows were refused, see {summary.ErrorFile}.");
    }

    private static ImportOptions Under(string name, DateOnly on) => new() { Id = Derived($"import {name}"), On = on, Operator = Department };

    private async Task Establish(Begin begin, PlantedRoll planted, CancellationToken cancel)
    {
        var tell = begin("Establishing unions", planted.Rows["establishments.csv"]);
        var units = new Dictionary<string, EmployerId>();
        await foreach (var unit in union.Employers.List(new(), cancel)) units[unit.Code] = unit.Id;
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
        await Send(new UnionCommand.Verify(application.Employees, application.Members), Street with { Union = application.Upper }, on[1]);
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

    private async Task Leave(CancellationToken cancel)
    {
        foreach (var row in Rows("leavings.csv"))
        {
            var member = await Find(row[0], Day(row[2]), cancel);
            await Send(member, row[1] == "退会" ? new MemberCommand.Withdraw() : new MemberCommand.Retain(RetentionGround.Retired), Department, Day(row[2]), cancel);
        }
    }

    // One side offers, the other accepts; most transfers are under way when the period ends.
    private async Task Transfer(CancellationToken cancel)
    {
        foreach (var row in Rows("transfers.csv"))
        {
            var member = await Find(row[0], Day(row[2]), cancel);
            await Send(member, new MemberCommand.OfferTransfer(new(row[1])), Department, Day(row[2]), cancel);
            if (row[3].Length > 0) await Send(member, new MemberCommand.AcceptTransfer(), OtherDepartment, Day(row[3]), cancel);
        }
    }

    private async Task<MemberId> Find(string number, DateOnly on, CancellationToken cancel)
    {
        foreach (var desk in (Operator[])[Department, OtherDepartment])
        {
            var query = new MemberQuery { On = on, Within = desk.Union, Document = new(number.StartsWith("XX", StringComparison.Ordinal) ? 2 : 1, number) };
            if ((await union.Members.Page(query, by: desk, cancel: cancel)).Lines is [var found]) return found.Id;
        }

        throw new InvalidDataException("Somebody who leaves is not on the roll.");
    }

    private async Task Send(MemberId member, MemberCommand command, Operator by, DateOnly on, CancellationToken cancel) =>
        Must(member.Stream, command, (await union.Members.Send(member, command, With(member.Stream, command.GetType().Name, by, on), cancel)).Refusal);

    // None of the sample's own columns holds a comma.
    private IEnumerable<string[]> Rows(string name) => File.ReadLines(Path.Combine(Folder, name)).Skip(1).Select(line => line.Split(','));

    private static void Must(StreamId stream, object command, Refusal? refusal)
    {
        if (refusal is not null) throw new InvalidDataException($"{stream} {command.GetType().Name}: {refusal}");
    }

    private static CommandOptions With(StreamId stream, object command, Operator by, DateOnly on) => With(stream, command.GetType().Name, by, on);

    private static CommandOptions With(StreamId stream, string step, Operator by, DateOnly on) =>
        new() { CommandId = Derived($"{stream} {step}"), Operator = by, BusinessOn = on, DocumentRef = Document(on) };

    private static string Document(DateOnly on) => $"示工字〔{on.Year}〕{on.DayOfYear}号";

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
