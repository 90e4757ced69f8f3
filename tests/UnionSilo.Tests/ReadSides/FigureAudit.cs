using System.Globalization;
using System.Text.Json;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Reports;
using UnionTesting;

namespace UnionSilo.Tests.ReadSides;

/// <summary>
/// An auditor of figures. It knows the definitions of what is counted and reads the journal as stored text; of the code that makes, keeps and sums facts it uses nothing. Every figure,
/// every part of it and every record behind it is judged against what the journal tells.
/// </summary>
internal sealed class FigureAudit
{
    private static readonly string[] Mandatory =
        ["employer", "employerCode", "name", "documentType", "documentNumber", "sex", "bornOn", "education", "employment", "household", "residence", "mobile", "joinedOn", "migrant"];

    private readonly IUnionClient client;
    private readonly Dictionary<StreamId, IReadOnlyList<Happened>> journal;
    private readonly Dictionary<StreamId, (long Version, MemberView? Member)> seen = [];
    private readonly IReadOnlyList<UnionId> unions;
    private readonly List<string> findings = [];

    private FigureAudit(IUnionClient client, Dictionary<StreamId, IReadOnlyList<Happened>> journal, IReadOnlyList<UnionId> unions) => (this.client, this.journal, this.unions) = (client, journal, unions);

    /// <summary>How many records were opened and judged, by measure.</summary>
    public Dictionary<string, int> Judged { get; } = new(StringComparer.Ordinal);

    /// <summary>What does not hold; empty: everything does.</summary>
    public IReadOnlyList<string> Findings => findings;

    private IEnumerable<StreamId> People => journal.Keys.Where(stream => stream.Kind == "member");

    /// <summary>Reads the journal once.</summary>
    public static async Task<FigureAudit> Begin(RunningUnion union, IReadOnlyList<UnionId> unions, IReadOnlyList<MemberId> members, CancellationToken cancel)
    {
        var told = new Dictionary<StreamId, IReadOnlyList<Happened>>();
        foreach (var stream in unions.Select(id => id.Stream).Concat(members.Select(id => id.Stream)))
            told[stream] = [.. (await union.Stored(stream.ToString(), cancel)).Select(entry => new Happened(entry.Version, entry.Event.Type, JsonElement.Parse(entry.Event.Json.Span)))];
        return new(union.Client, told, unions);
    }

    /// <summary>Judges the report of one union and period: its figures, their parts, and every record behind them and behind their changes.</summary>
    public async Task Judge(UnionId scope, Period period, CancellationToken cancel)
    {
        foreach (var line in await client.Reports.Read(scope, period, cancel: cancel))
        {
            await Judge(line.Measure, line.Figure, scope, period, cancel);
            if (line.Measure.Whole is { } whole) await Judge(whole, line.Figure with { Measure = whole.Id, Value = line.Figure.Whole!.Value, Whole = null }, scope, period, cancel);
            if (line.Measure.Change is { } change) await Judge(change, line.Change!, scope, period, cancel);
        }
    }

    private async Task Judge(Measure measure, Figure told, UnionId scope, Period period, CancellationToken cancel)
    {
        var what = $"{measure.Id} {scope} {period}";
        var split = await client.Reports.Split(measure, scope, period, cancel);
        var opened = await client.Reports.Open(measure, scope, period, cancel).ToListAsync(cancel);
        Judged[measure.Id] = Judged.GetValueOrDefault(measure.Id) + opened.Count;

        Must(told == await client.Reports.Count(measure, scope, period, cancel), $"{what}: the report does not tell the figure");
        Must(told.Value == opened.Sum(line => line.Value), $"{what}: {told.Value} is not the sum of its {opened.Count} records");
        var due = Number(measure, scope, period, _ => true);
        Must(told.Value == due, $"{what}: {told.Value} instead of {due}");
        if (measure.Kind != MeasureKind.Distinct && measure.Of?.Kind != MeasureKind.Distinct) Must(told.Value == split.Sum(part => part.Value), $"{what}: the parts do not add up");
        foreach (var part in split)
            Must(part.Value == Number(measure, scope, period, below => below == part.Scope), $"{what}: the part {part.Scope} is told with {part.Value}");
        foreach (var other in unions.Except(split.Select(part => part.Scope)))
            Must(Number(measure, scope, period, below => below == other) == 0, $"{what}: the part {other} is not told");

        foreach (var line in opened) await Judge(measure.Part ?? measure, line, scope, period, what, cancel);
        Complete(measure.Part ?? measure, opened, scope, period, what);
    }

    // --- One record ---------------------------------------------------------------------------------------------------------------

    private async Task Judge(Measure measure, FactLine line, UnionId scope, Period period, string what, CancellationToken cancel)
    {
        if (!journal.TryGetValue(line.Stream, out var events) || line.Version < 1 || line.Version > events.Count)
        {
            findings.Add($"{what}: {line} rests on no event");
            return;
        }

        // The record as an application opens it: the stream behind it stands, has come at least so far, and is what the journal says it is.
        if (!seen.TryGetValue(line.Stream, out var view)) seen[line.Stream] = view = await Look(line.Stream, cancel);
        Must(view.Version == events.Count, $"{what}: the client shows {line.Stream} at {view.Version}, the journal at {events.Count}");
        if (view.Member is { } member)
        {
            var now = At(line.Stream, long.MaxValue, DateOnly.MaxValue);
            Must((member.Union.Value, member.Employer?.Value ?? "", member.StatusOn(DateOnly.MaxValue) == MemberStatus.Active) == (now.Union, now.Unit, now.IsActive), $"{what}: the client shows another {line.Stream}");
        }

        var happened = events[(int)line.Version - 1];
        var stock = measure.Kind == MeasureKind.Change ? measure.Of! : measure;
        var after = PartOf(line.Union.Value, scope, measure.Kind == MeasureKind.Flow ? line.BusinessOn : period.To) is not null;
        var before = measure.Kind == MeasureKind.Change && PartOf(line.Union.Value, scope, period.From.AddDays(-1)) is not null;
        Must(after || before, $"{what}: {line} is of a union that is not below");
        switch (stock.Kind)
        {
            case MeasureKind.Flow:
                Must(period.Contains(line.BusinessOn) && Flow(measure, line.Stream, happened) is { } due && due == (line.Union.Value, line.Subject, line.BusinessOn, line.Value), $"{what}: {line} is not what {happened.Type} counts as");
                break;
            case MeasureKind.Stock:
                var sign = after ? 1 : -1;
                Must(line.Value * sign == Jump(stock, line, happened), $"{what}: {line} is not what {happened.Type} changes");
                if (measure.Kind == MeasureKind.Stock) Must(line.BusinessOn <= period.To, $"{what}: {line} is later");
                else if (after && before) Must(period.Contains(line.BusinessOn), $"{what}: {line} is not of the period");
                else Must(line.BusinessOn <= (after ? period.To : period.From.AddDays(-1)), $"{what}: {line} is later");
                break;
            case MeasureKind.Distinct:
                Must(line.Subject.Length > 0 && Math.Abs(line.Value) == 1 && Jump(stock.Of!, line, happened) > 0, $"{what}: {line} does not bring its subject");
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<(long, MemberView?)> Look(StreamId stream, CancellationToken cancel)
    {
        if (stream.Kind == "union") return ((await client.Unions.Get(new(stream.Key), cancel: cancel)).Version, null);
        var member = await client.Members.Get(new(stream.Key), cancel: cancel);
        return (member.Version, member.View);
    }

    // What an event changes about whether the person counts at this union and unit on this day and not on the day before: more than is known without it.
    private long Jump(Measure stock, FactLine line, Happened happened)
    {
        return line.BusinessOn < happened.On ? 0
            : line.BusinessOn == happened.On ? Counts(line.Version, line.BusinessOn) - Counts(line.Version - 1, line.BusinessOn)
            : Step(line.Version) - Step(line.Version - 1);

        long Step(long version) => Counts(version, line.BusinessOn) - Counts(version, line.BusinessOn.AddDays(-1));
        long Counts(long version, DateOnly on) => At(line.Stream, version, on) is var at && Is(stock, at) && (at.Union, at.Unit) == (line.Union.Value, line.Subject) ? 1 : 0;
    }

    // --- All of them --------------------------------------------------------------------------------------------------------------

    // Nothing is left out and nothing is there twice: person by person, subject by subject, event by event.
    private void Complete(Measure measure, List<FactLine> opened, UnionId scope, Period period, string what)
    {
        Must(opened.Select(line => (line.Stream, line.Version, line.N)).Distinct().Count() == opened.Count, $"{what}: a record is there twice");
        var due = Due(measure, scope, period).GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Sum(amount => amount.Value));
        var found = opened.GroupBy(line => KeyOf(measure, line)).ToDictionary(one => one.Key, one => one.Sum(line => line.Value));
        foreach (var key in due.Keys.Union(found.Keys))
            Must(due.GetValueOrDefault(key) == found.GetValueOrDefault(key), $"{what}: {key} counts {found.GetValueOrDefault(key)} instead of {due.GetValueOrDefault(key)}");
    }

    private static string KeyOf(Measure measure, FactLine line) => measure.Kind switch
    {
        MeasureKind.Flow => $"{line.Stream} {line.Version}",
        MeasureKind.Distinct => line.Subject,
        MeasureKind.Change when measure.Of!.Kind == MeasureKind.Distinct => line.Subject,
        _ => $"{line.Stream} at {line.Union} {line.Subject}",
    };

    private long Number(Measure measure, UnionId scope, Period period, Func<UnionId, bool> part) => measure.Kind == MeasureKind.Rate
        ? Number(measure.Part!, scope, period, part)
        : Due(measure, scope, period, part).Sum(one => one.Value);

    // What must be counted, under the key that its records are found by.
    private IEnumerable<(string Key, long Value)> Due(Measure measure, UnionId scope, Period period, Func<UnionId, bool>? part = null)
    {
        part ??= _ => true;
        switch (measure.Kind)
        {
            case MeasureKind.Flow:
                foreach (var (stream, events) in journal)
                    foreach (var happened in events)
                        if (Flow(measure, stream, happened) is { } flow && period.Contains(flow.On) && IsAmong(measure, flow.Union, period) && PartOf(flow.Union, scope, flow.On) is { } at && part(at))
                            yield return ($"{stream} {happened.Version}", flow.Value);
                break;
            case MeasureKind.Stock:
                foreach (var one in Holders(measure, scope, period.To, part)) yield return one;
                break;
            case MeasureKind.Distinct:
                foreach (var unit in Subjects(measure, scope, period.To, part)) yield return (unit, 1);
                break;
            case MeasureKind.Change:
                var before = Due(measure.Of!, scope, new(period.From.AddDays(-1), period.From.AddDays(-1)), part);
                foreach (var one in Due(measure.Of!, scope, period, part)) yield return one;
                foreach (var one in before) yield return (one.Key, -one.Value);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private IEnumerable<(string Key, long Value)> Holders(Measure stock, UnionId scope, DateOnly day, Func<UnionId, bool> part) =>
        from person in People
        let at = At(person, long.MaxValue, day)
        where Is(stock, at) && PartOf(at.Union, scope, day) is { } below && part(below)
        select ($"{person} at {at.Union} {at.Unit}", 1L);

    private IEnumerable<string> Subjects(Measure distinct, UnionId scope, DateOnly day, Func<UnionId, bool> part) => (
        from person in People
        let at = At(person, long.MaxValue, day)
        where at.Unit.Length > 0 && Is(distinct.Of!, at) && PartOf(at.Union, scope, day) is { } below && part(below)
        select at.Unit).Distinct();

    // --- The definitions -----------------------------------------------------------------------------------------------------------

    private static bool Is(Measure stock, Standing at) => stock.Id switch
    {
        "member.registered" => at.IsActive,
        "member.entered" => at.IsActive && at.IsQualified,
        "card.issued" => at.IsActive && at.HasCard,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // As what an event counts in a flow: where, for whom, when, how much.
    private (string Union, string Subject, DateOnly On, long Value)? Flow(Measure measure, StreamId stream, Happened happened)
    {
        var events = journal[stream];
        switch (measure.Id)
        {
            // A primary union, independent or joint, whose establishment was completed.
            case "organising.unions-new" when stream.Kind == "union" && happened.Type == "completed":
                var applied = events.Last(one => one.Type == "applied" && one.Version < happened.Version);
                return applied.Text("level") == "primary" && applied.Text("kind") is "independent" or "joint" ? (stream.Key, "", happened.On, 1) : null;
            // Somebody who never was a member before becomes one, of a union that was established in steps; it counts on the joining date.
            case "organising.members-new" when stream.Kind == "member" && happened.Type is "entered" or "admitted":
                if (events.Any(one => one.Version < happened.Version && one.Type is "entered" or "admitted")) return null;
                var (union, record) = (At(stream, happened.Version, happened.On).Union, events.Last(one => one.Version <= happened.Version && one.Type is "entered" or "applied").Data.GetProperty("record"));
                var joined = record.TryGetProperty("joinedOn", out var told) ? Day(told.GetString()!) : happened.On;
                return journal[new UnionId(union).Stream].Any(one => one.Type == "applied") ? (union, "", joined < happened.On ? joined : happened.On, 1) : null;
            // The bank produced a card for somebody who had none, or in the place of one.
            case "card.produced" or "card.replaced" when stream.Kind == "member" && happened.Type == "card-produced":
                var (before, now) = (At(stream, happened.Version - 1, happened.On), At(stream, happened.Version, happened.On));
                return before.HasCard == (measure.Id == "card.replaced") ? (now.Union, now.Unit, happened.On, 1) : null;
            default:
                return null;
        }
    }

    // New members count at unions that were established in the same period, wherever these stood.
    private bool IsAmong(Measure measure, string union, Period period) => measure.Among is not { } other
        || journal[new UnionId(union).Stream].Any(happened => Flow(other, new UnionId(union).Stream, happened) is { } flow && period.Contains(flow.On));

    // Where somebody stands at the end of a day by the first so many events.
    private Standing At(StreamId person, long version, DateOnly on)
    {
        var (status, union, unit, record, fault, until, card) = ("", "", "", default(JsonElement), false, DateOnly.MaxValue, false);
        foreach (var happened in journal[person].TakeWhile(happened => happened.Version <= version).Where(happened => happened.On <= on))
        {
            if (happened.Data.TryGetProperty("workplace", out var workplace))
                (unit, fault) = (workplace.TryGetProperty("employer", out var employer) ? employer.GetString()! : "", workplace.TryGetProperty("finding", out _));
            if (happened.Data.TryGetProperty("record", out var sheet) && sheet.ValueKind == JsonValueKind.Object) record = sheet;
            switch (happened.Type)
            {
                case "applied": (status, union, until) = ("applicant", happened.Text("union"), DateOnly.MaxValue); break;
                case "entered": (status, union) = ("active", happened.Text("union")); break;
                case "admitted": status = "active"; break;
                case "reinstated": (status, union) = ("active", happened.Text("union")); break;
                case "transfer-accepted": union = happened.Text("to"); break;
                case "retained": (status, union, until) = ("retained", happened.Text("at"), DateOnly.MaxValue); break;
                case "rejected" or "withdrawn" or "expelled" or "died": (status, until) = ("gone", DateOnly.MaxValue); break;
                case "educated": until = Day(happened.Text("until")); break;
                case "activity-recorded": until = DateOnly.MaxValue; break;
                case "card-produced": card = true; break;
                case "card-noticed" when happened.Text("kind") == "cancelled": card = false; break;
            }
        }

        return new(union, unit, status == "active" && on <= until, !fault && IsSound(record, on), card);
    }

    // Every mandatory column present and accurate, the number valid, the document not ended.
    private static bool IsSound(JsonElement record, DateOnly on) => record.ValueKind == JsonValueKind.Object && record.TryGetProperty("documentHash", out _)
        && !(record.TryGetProperty("findings", out var findings) && findings.EnumerateArray().Any(finding => Mandatory.Contains(finding.GetProperty("reason").GetString()!.Split(':')[1])))
        && !(record.TryGetProperty("documentValidUntil", out var until) && Day(until.GetString()!) < on);

    // The part of the scope to which a union belongs on a day: the scope itself or the union directly under it; null: it does not stand there.
    private UnionId? PartOf(string union, UnionId scope, DateOnly on)
    {
        if (union == scope.Value) return scope;
        for (var at = union; ParentOn(at, on) is { } parent; at = parent)
            if (parent == scope.Value) return new(at);
        return null;
    }

    private string? ParentOn(string union, DateOnly on)
    {
        string? parent = null;
        foreach (var happened in journal[new UnionId(union).Stream])
        {
            var (since, under) = happened.Type switch
            {
                "federation-set-up" => (happened.On, happened.Maybe("upper")),
                "taken-over" => (happened.Maybe("underSince") is { } day ? Day(day) : happened.On, happened.Maybe("upper")),
                "completed" => (happened.On, journal[new UnionId(union).Stream].Last(one => one.Type == "applied").Text("upper")),
                "moved" => (happened.On, happened.Text("parent")),
                "merged" => (happened.On, happened.Text("target")),
                _ => (DateOnly.MaxValue, null),
            };
            if (under is not null && since <= on) parent = under;
        }

        return parent;
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private void Must(bool holds, string otherwise)
    {
        if (!holds) findings.Add(otherwise);
    }

    private readonly record struct Standing(string Union, string Unit, bool IsActive, bool IsQualified, bool HasCard);

    private sealed record Happened(long Version, string Type, JsonElement Data)
    {
        public DateOnly On { get; } = Data.TryGetProperty("on", out var on) ? Day(on.GetString()!) : DateOnly.MaxValue;

        public string Text(string property) => Data.GetProperty(property).GetString()!;

        public string? Maybe(string property) => Data.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
