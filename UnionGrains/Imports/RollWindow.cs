using System.Collections.Immutable;
using UnionClient;
using UnionClient.Imports;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionGrains.Imports;

/// <summary>One row on its way to its stream.</summary>
/// <param name="command">What follows from it; null: it is refused.</param>
/// <param name="keys">The claims by which its stream is found, the surest first; the first is what it will hold.</param>
/// <param name="refused">Why it is refused.</param>
/// <param name="findings">What is wrong with it all the same.</param>
/// <param name="normalised">What was read otherwise than it was typed.</param>
internal sealed class RollRow<TState, TCommand>(
    TCommand? command, ImmutableArray<ClaimKey> keys, ImmutableArray<CellFinding> refused, ImmutableArray<CellFinding> findings, ImmutableArray<CellFinding> normalised)
    where TCommand : class
{
    public TCommand? Command { get; set; } = command;

    public ImmutableArray<ClaimKey> Keys => keys;

    public ImmutableArray<CellFinding> Refused => refused;

    public ImmutableArray<CellFinding> Findings { get; set; } = findings;

    public ImmutableArray<CellFinding> Normalised => normalised;

    /// <summary>The command's id.</summary>
    public Guid Id { get; set; }

    /// <summary>The key of its stream; empty until it is found.</summary>
    public string Key { get; set; } = "";

    /// <summary>Whether nobody held one of its keys.</summary>
    public bool IsFresh { get; set; }

    /// <summary>Compares its cells with what is recorded, one kind per column; null: they cannot be compared.</summary>
    public Func<RollRow<TState, TCommand>, TState, ISeal?, CellKind[]>? Compare { get; init; }
}

/// <summary>What may be done with a window of rows, whatever room they speak of.</summary>
internal interface IRollWindow
{
    /// <summary>Sends the rows; one outcome for each, in their order.</summary>
    /// <exception cref="UnionFault">A row could not be tried; the window repeated tells the same outcomes for the others.</exception>
    Task<IReadOnlyList<RowOutcome>> Send();

    /// <summary>What <see cref="Send"/> would do now; nothing is written. Of the first rows, which were planned before, nothing is told.</summary>
    /// <exception cref="UnionFault">A row could not be tried.</exception>
    Task<IReadOnlyList<PlannedRow>> Plan(int before);

    /// <summary>Sends the rows to where they were planned, each at its version.</summary>
    /// <exception cref="UnionFault">A row could not be tried; the window repeated tells the same outcomes for the others.</exception>
    Task<IReadOnlyList<RowOutcome>> Commit(IReadOnlyList<PlannedPlace> places);

    /// <summary>Undoes what the rows did, the last one first: at the streams they were planned for, where that is known, and at those they speak of.</summary>
    /// <exception cref="UnionFault">A row could not be tried; the window repeated tells the same outcomes for the others.</exception>
    Task<IReadOnlyList<UndoneRow>> Undo(IReadOnlyList<string?> keys);
}

/// <summary>
/// Rows of one room: each goes to the stream that holds one of its keys, or to a new one. Rows of one window that speak of the same go to the same stream, one after the other.
/// </summary>
internal sealed class RollWindow<TDecider, TState, TCommand, TEvent, TView>(
    AggregateKernel kernel, ImportWindow window, List<RollRow<TState, TCommand>> rows, IReadSide reads, IBulkGrain<TCommand, TView> bulk, ImmutableArray<SheetColumn> columns,
    Func<Refusal, string> fieldOf, Func<Guid, string?, TCommand> undo) : IRollWindow
    where TDecider : IAggregate<TState, TCommand, TEvent, TView>
    where TCommand : class
    where TEvent : class
    where TView : class
{
    private const string Holder = "holder";

    private readonly RowOutcome?[] outcomes = new RowOutcome?[rows.Count];

    /// <summary>Keys of other rooms to be looked up with the same query.</summary>
    public ImmutableArray<ClaimKey> Others { get; init; } = [];

    /// <summary>Hears who holds what, by the keys of the streams, before anything is sent.</summary>
    public Action<IReadOnlyDictionary<ClaimKey, string>>? Found { get; init; }

    public async Task<IReadOnlyList<RowOutcome>> Send()
    {
        // Somebody else took a key between the look and the commit: the row goes where it would have gone a moment later.
        if (await Try(await Place()) is { Count: > 0 } overtaken) await Try(overtaken);
        return outcomes!;
    }

    public async Task<IReadOnlyList<PlannedRow>> Plan(int before)
    {
        var sent = await Place();
        var cells = new CellKind[rows.Count][];
        var told = sent.Count == 0 ? [] : await new SetWise<TDecider, TState, TCommand, TEvent, TView>(kernel, Bulk(sent)).Plan((n, state, seal) => cells[sent[n]] = rows[sent[n]].Compare!(rows[sent[n]], state, seal));
        var taken = await Holding([.. told.SelectMany(one => one.Claims).Where(claim => claim.IfHeld is not null).Select(claim => claim.Key).Distinct()]);
        var versions = new long[rows.Count];
        for (var n = 0; n < sent.Count; n++)
        {
            var (row, (outcome, version, claims)) = (rows[sent[n]], told[n]);
            if (outcome.Fault is { } fault) throw new UnionFault(fault.Code, fault.Retryable, fault.Message);
            var stream = new StreamId(TDecider.Kind, row.Key).ToString();
            // What others hold, or a row above takes, would be refused by its holder.
            if (claims.FirstOrDefault(claim => claim.IfHeld is not null && taken.TryGetValue(claim.Key, out var holder) && holder != stream) is { IfHeld: { } held } lost)
                outcome = outcome with { Refusal = held.With(Holder, taken[lost.Key]), Events = 0, Version = version };
            else
                foreach (var claim in claims)
                    if (claim.IfHeld is not null) taken[claim.Key] = stream;
                    else taken.Remove(claim.Key);
            versions[sent[n]] = version;
            outcomes[sent[n]] = Outcome(window.Rows[sent[n]].Number, row, outcome);
        }

        return [.. Enumerable.Range(before, rows.Count - before).Select(i => Planned(rows[i], outcomes[i]!, versions[i], cells[i]))];
    }

    public async Task<IReadOnlyList<RowOutcome>> Commit(IReadOnlyList<PlannedPlace> places)
    {
        Found?.Invoke(await Holders(Others));
        var sent = new List<int>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var (row, place, number) = (rows[i], places[i], window.Rows[i].Number);
            if (place.Command != row.Id) outcomes[i] = Refused(number, ImportRules.FileChanged);
            else if (row.Command is null) outcomes[i] = Unfit(i);
            else if (place.Kind == RowKind.Refused) outcomes[i] = Refused(number, ImportRules.RefusedInPlan.With("rule", place.Rule ?? ""));
            else if (place.Kind == RowKind.Same) outcomes[i] = new() { Row = number, Kind = RowKind.Same, Key = place.Key, Findings = Told(row.Findings), Warnings = Told(row.Normalised) };
            else
            {
                row.Key = place.Key!;
                sent.Add(i);
            }
        }

        await Try(sent, places);
        return outcomes!;
    }

    public async Task<IReadOnlyList<UndoneRow>> Undo(IReadOnlyList<string?> keys)
    {
        var holders = await Holders([.. rows.SelectMany(row => row.Keys).Distinct()]);
        var told = new UndoneRow[rows.Count];
        var (asked, streams, sent) = (new List<int>(), new List<string>(), new List<Envelope<TCommand>>());
        // What a later row did rests on what an earlier one of the same stream did.
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            told[i] = new() { Row = window.Rows[i].Number, Kind = UndoKind.Nothing };
            foreach (var key in Streams(rows[i], holders, keys.Count > 0 ? keys[i] : null))
            {
                asked.Add(i);
                streams.Add(key);
                sent.Add(new(UndoId.Of(rows[i].Id), undo(rows[i].Id, await RestedOnBy(new(TDecider.Kind, key))), window.Operator, window.On));
            }
        }

        if (sent.Count == 0) return told;
        var answers = await bulk.Send(new(streams, sent, Views: false));
        for (var n = 0; n < answers.Count; n++)
        {
            var (i, answer) = (asked[n], answers[n]);
            if (answer.Fault is { } fault) throw new UnionFault(fault.Code, fault.Retryable, fault.Message);
            // Under this id nothing else is ever asked: that others rest on it now does not make the repeat another command.
            var repeated = answer.Repeated || answer.Refusal?.Code == CommandRules.IdReused.Code;
            if (repeated || answer.Events > 0) told[i] = told[i] with { Kind = UndoKind.Undone, Key = streams[n], Why = null, Repeated = repeated };
            else if (answer.Refusal is { } why && told[i].Kind == UndoKind.Nothing) told[i] = told[i] with { Kind = UndoKind.Kept, Key = streams[n], Why = why };
        }

        return told;
    }

    /// <summary>Finds where each row goes; those that are refused as they stand are told at once, the others are given back.</summary>
    private async Task<List<int>> Place()
    {
        var holders = await Holders([.. rows.SelectMany(row => row.Keys).Concat(Others).Distinct()]);
        Found?.Invoke(holders);
        var taken = new Dictionary<ClaimKey, string>(rows.Count);
        var sent = new List<int>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Command is null) outcomes[i] = Unfit(i);
            else
            {
                Place(rows[i], holders, taken);
                sent.Add(i);
            }
        }

        return sent;
    }

    private static void Place(RollRow<TState, TCommand> row, Dictionary<ClaimKey, string> holders, Dictionary<ClaimKey, string> taken)
    {
        if (row.Keys.IsEmpty) return;
        foreach (var key in row.Keys)
        {
            if (!taken.TryGetValue(key, out var stream) && !holders.TryGetValue(key, out stream)) continue;
            row.Key = stream;
            break;
        }

        if (row.Key.Length == 0) (row.Key, row.IsFresh) = (row.Id.ToString("N"), true);
        taken[row.Keys[0]] = row.Key;
    }

    // The stream that the row began, if it did, the one it was planned for, and those that hold its keys now.
    private static IEnumerable<string> Streams(RollRow<TState, TCommand> row, Dictionary<ClaimKey, string> holders, string? planned)
    {
        if (row.Command is null) return [];
        if (row.Keys.IsEmpty) return [row.Key];
        return row.Keys.Select(key => holders.GetValueOrDefault(key)).Prepend(planned).OfType<string>().Prepend(row.Id.ToString("N")).Distinct(StringComparer.Ordinal);
    }

    private async ValueTask<string?> RestedOnBy(StreamId stream)
    {
        foreach (var (kind, model, where) in UnionDomain.Resting.On(stream))
            if (await reads.List(model, where, null, 1, CancellationToken.None) is [var row]) return new StreamId(kind, (string)row[0]!).ToString();
        return null;
    }

    /// <summary>Sends rows; those are given back whose key was taken meanwhile, with the stream that holds it. Planned ones go where they were planned and nowhere else.</summary>
    private async Task<List<int>> Try(List<int> sent, IReadOnlyList<PlannedPlace>? places = null)
    {
        if (sent.Count == 0) return [];
        var told = await bulk.Send(Bulk(sent, places));
        var overtaken = new List<int>();
        for (var n = 0; n < sent.Count; n++)
        {
            var (row, outcome) = (rows[sent[n]], told[n]);
            if (outcome.Fault is { } fault) throw new UnionFault(fault.Code, fault.Retryable, fault.Message);
            var holder = outcome.Refusal?.Arguments.FirstOrDefault(argument => argument.Name == Holder).Value;
            if (row.IsFresh && !string.IsNullOrEmpty(holder))
            {
                (row.Key, row.IsFresh) = (StreamId.Parse(holder).Key, false);
                overtaken.Add(sent[n]);
            }

            outcomes[sent[n]] = Outcome(window.Rows[sent[n]].Number, row, outcome);
        }

        return overtaken;
    }

    private BulkWindow<TCommand> Bulk(List<int> sent, IReadOnlyList<PlannedPlace>? places = null) => new(
        [.. sent.Select(i => rows[i].Key)],
        [.. sent.Select(i => new Envelope<TCommand>(rows[i].Id, rows[i].Command!, window.Operator, window.On, ExpectedVersion: places?[i].Version))],
        Views: false);

    private RowOutcome Unfit(int i) => new() { Row = window.Rows[i].Number, Kind = RowKind.Refused, Refused = Told(rows[i].Refused), Warnings = Told(rows[i].Normalised) };

    private static RowOutcome Refused(int number, Refusal rule) => new() { Row = number, Kind = RowKind.Refused, Refused = [new("", "", rule)] };

    private RowOutcome Outcome(int number, RollRow<TState, TCommand> row, BulkOutcome<TView> told) => new()
    {
        Row = number,
        Kind = told.Refusal is not null ? RowKind.Refused : told.Events == 0 ? RowKind.Same : told.Version == told.Events ? RowKind.New : RowKind.Changed,
        Key = told.Refusal is null || told.Version > 0 ? row.Key : null,
        Refused = told.Refusal is { } refusal ? [Told(refusal)] : [],
        Findings = Told(row.Findings),
        Warnings = [.. Told(row.Normalised), .. told.Warnings.Select(Told)],
    };

    private PlannedRow Planned(RollRow<TState, TCommand> row, RowOutcome outcome, long version, CellKind[]? cells)
    {
        cells ??= new CellKind[columns.Length];
        foreach (var finding in outcome.Findings.Concat(outcome.Warnings)) Mark(finding, CellKind.Warned);
        foreach (var finding in outcome.Refused) Mark(finding, CellKind.Refused);
        return new()
        {
            Row = outcome.Row,
            Kind = outcome.Kind,
            Key = outcome.Key,
            Version = version,
            Command = row.Id,
            Cells = string.Concat(cells.Select(cell => cell.ToString()[0])),
            Refused = outcome.Refused,
            Findings = outcome.Findings,
            Warnings = outcome.Warnings,
        };

        void Mark(RowFinding finding, CellKind kind)
        {
            for (var i = 0; i < columns.Length; i++)
                if (columns[i].Field == finding.Field) cells[i] = kind;
        }
    }

    private async Task<Dictionary<ClaimKey, string>> Holders(ImmutableArray<ClaimKey> keys) =>
        (await Holding(keys)).ToDictionary(held => held.Key, held => StreamId.Parse(held.Value).Key);

    private async Task<Dictionary<ClaimKey, string>> Holding(ImmutableArray<ClaimKey> keys)
    {
        var holding = new Dictionary<ClaimKey, string>(keys.Length);
        if (keys.IsEmpty) return holding;
        var streams = await reads.Holders(keys, CancellationToken.None);
        for (var i = 0; i < keys.Length; i++)
            if (streams[i] is { } stream) holding.Add(keys[i], stream);
        return holding;
    }

    private static RowFinding[] Told(ImmutableArray<CellFinding> findings) => [.. findings.Select(finding => new RowFinding(finding.Field, finding.Header, finding.Rule))];

    private RowFinding Told(Refusal rule)
    {
        var field = fieldOf(rule);
        return new(field, columns.FirstOrDefault(column => column.Field == field)?.Header ?? "", rule);
    }
}
