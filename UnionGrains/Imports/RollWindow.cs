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
internal sealed class RollRow<TCommand>(
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
}

/// <summary>
/// Rows of one room: each goes to the stream that holds one of its keys, or to a new one. Rows of one window that speak of the same go to the same stream, one after the other.
/// </summary>
internal sealed class RollWindow<TCommand, TView>(
    ImportWindow window, List<RollRow<TCommand>> rows, IReadSide reads, IBulkGrain<TCommand, TView> bulk, ImmutableArray<SheetColumn> columns, Func<Refusal, string> fieldOf)
    where TCommand : class
    where TView : class
{
    private const string Holder = "holder";

    private readonly RowOutcome?[] outcomes = new RowOutcome?[rows.Count];

    /// <summary>One outcome per row, in their order.</summary>
    /// <param name="others">Keys of other rooms to be looked up with the same query.</param>
    /// <param name="found">Hears who holds what, by the keys of the streams, before anything is sent.</param>
    /// <exception cref="UnionFault">A row could not be tried; the window repeated tells the same outcomes for the others.</exception>
    public async Task<IReadOnlyList<RowOutcome>> Send(ImmutableArray<ClaimKey> others, Action<IReadOnlyDictionary<ClaimKey, string>>? found = null)
    {
        var holders = await Holders([.. rows.SelectMany(row => row.Keys).Concat(others).Distinct()]);
        found?.Invoke(holders);
        var taken = new Dictionary<ClaimKey, string>(rows.Count);
        var sent = new List<int>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Command is not null)
            {
                Place(rows[i], holders, taken);
                sent.Add(i);
            }
            else outcomes[i] = new() { Row = window.Rows[i].Number, Kind = RowKind.Refused, Refused = Told(rows[i].Refused), Warnings = Told(rows[i].Normalised) };
        }

        // Somebody else took a key between the look and the commit: the row goes where it would have gone a moment later.
        if (await Try(sent) is { Count: > 0 } overtaken) await Try(overtaken);
        return outcomes!;
    }

    private static void Place(RollRow<TCommand> row, Dictionary<ClaimKey, string> holders, Dictionary<ClaimKey, string> taken)
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

    /// <summary>Sends rows; those are given back whose key was taken meanwhile, with the stream that holds it.</summary>
    private async Task<List<int>> Try(List<int> sent)
    {
        if (sent.Count == 0) return [];
        var told = await bulk.Send(new(
            [.. sent.Select(i => rows[i].Key)],
            [.. sent.Select(i => new Envelope<TCommand>(rows[i].Id, rows[i].Command!, window.Operator, window.On))],
            Views: false));
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

    private RowOutcome Outcome(int number, RollRow<TCommand> row, BulkOutcome<TView> told) => new()
    {
        Row = number,
        Kind = told.Refusal is not null ? RowKind.Refused : told.Events == 0 ? RowKind.Same : told.Version == told.Events ? RowKind.New : RowKind.Changed,
        Key = told.Refusal is null || told.Version > 0 ? row.Key : null,
        Refused = told.Refusal is { } refusal ? [Told(refusal)] : [],
        Findings = Told(row.Findings),
        Warnings = [.. Told(row.Normalised), .. told.Warnings.Select(Told)],
    };

    private async Task<Dictionary<ClaimKey, string>> Holders(ImmutableArray<ClaimKey> keys)
    {
        var holders = new Dictionary<ClaimKey, string>(keys.Length);
        if (keys.IsEmpty) return holders;
        var streams = await reads.Holders(keys, CancellationToken.None);
        for (var i = 0; i < keys.Length; i++)
            if (streams[i] is { } stream) holders.Add(keys[i], StreamId.Parse(stream).Key);
        return holders;
    }

    private static RowFinding[] Told(ImmutableArray<CellFinding> findings) => [.. findings.Select(finding => new RowFinding(finding.Field, finding.Header, finding.Rule))];

    private RowFinding Told(Refusal rule)
    {
        var field = fieldOf(rule);
        return new(field, columns.FirstOrDefault(column => column.Field == field)?.Header ?? "", rule);
    }
}
