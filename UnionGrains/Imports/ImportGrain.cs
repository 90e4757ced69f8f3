using Orleans.Concurrency;
using UnionClient.Employers;
using UnionClient.Imports;
using UnionClient.Members;
using UnionClient.Unions;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionGrains.Kernel;

namespace UnionGrains.Imports;

/// <summary>
/// Takes windows of rows: finds the streams they speak of with one query, and sends the rooms' commands by the set-wise path. What a row means is said by the templates
/// (<see cref="EmployerSheet"/>, <see cref="UnionSheet"/>, <see cref="MemberSheet"/>), what follows from it by the rooms.
/// </summary>
[StatelessWorker(MostWindows), GrainType("union.imports")]
public sealed class ImportGrain(AggregateKernel kernel, IReadSide reads) : Grain, IImportGrain
{
    private const int MostWindows = 8;
    private const int MostLevels = 6;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RowOutcome>> Employers(ImportWindow window) => await (await Of(ImportTemplate.Employers, window)).Send();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RowOutcome>> Unions(ImportWindow window) => await (await Of(ImportTemplate.Unions, window)).Send();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RowOutcome>> Members(ImportWindow window) => await (await Of(ImportTemplate.Members, window)).Send();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlannedRow>> Plan(ImportTemplate template, ImportWindow window, int before) => await (await Of(template, window)).Plan(before);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RowOutcome>> Commit(ImportTemplate template, ImportWindow window, IReadOnlyList<PlannedPlace> places) => await (await Of(template, window)).Commit(places);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UndoneRow>> Undo(ImportTemplate template, ImportWindow window, IReadOnlyList<string?> keys) => await (await Of(template, window)).Undo(keys);

    /// <inheritdoc/>
    public Task<long> Mark(string digest) => Task.FromResult(kernel.Hash.Of("import-file", digest));

    private async ValueTask<IRollWindow> Of(ImportTemplate template, ImportWindow window) => template switch
    {
        ImportTemplate.Employers => await OfEmployers(window),
        ImportTemplate.Unions => OfUnions(window),
        _ => OfMembers(window),
    };

    private async Task<IRollWindow> OfEmployers(ImportWindow window)
    {
        var (on, roll) = (On(window), window.Federation is { } given ? new UnionId(given) : window.Operator.Union);
        var rows = Rows<EmployerState, EmployerCommand>(window, row =>
        {
            var read = EmployerSheet.Read(row.Cells, roll, on);
            return new(read.Command, read.Key.Length == 0 ? [] : [new(Employer.CodeClaim, read.Key)], read.Refused, [], read.Normalised)
            {
                Compare = (told, employer, seal) => Employer.Compare(employer, seal, (EmployerCommand.Record)told.Command!),
            };
        });
        var unions = rows.Select(row => (row.Command as EmployerCommand.Record)?.Union).OfType<UnionId>().Distinct().ToList();
        var federations = await Federations(unions);
        foreach (var row in rows)
            if (row.Command is EmployerCommand.Record { Union: { } union } record && federations.TryGetValue(union, out var federation)) row.Command = record with { Federation = federation };
        return new RollWindow<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(
            kernel, window, rows, reads, GrainFactory.GetGrain<IEmployerBulkGrain>(0), EmployerSheet.Columns, EmployerSheet.FieldOf, (command, by) => new EmployerCommand.Undo(command, by));
    }

    private RollWindow<Union, UnionState, UnionCommand, UnionEvent, UnionView> OfUnions(ImportWindow window)
    {
        var on = On(window);
        var rows = Rows<UnionState, UnionCommand>(window, row =>
        {
            var read = UnionSheet.Read(row.Cells, on);
            return new(read.Command, [], read.Refused, [], read.Normalised)
            {
                Key = read.Key,
                Compare = (told, union, seal) => Union.Compare(union, seal, new(told.Key), (UnionCommand.TakeOver)told.Command!),
            };
        });
        return new(kernel, window, rows, reads, GrainFactory.GetGrain<IUnionBulkGrain>(0), UnionSheet.Columns, UnionSheet.FieldOf, (command, by) => new UnionCommand.Undo(command, by));
    }

    private RollWindow<Member, MemberState, MemberCommand, MemberEvent, MemberView> OfMembers(ImportWindow window)
    {
        var on = On(window);
        var units = new Dictionary<RollRow<MemberState, MemberCommand>, ClaimKey>(window.Rows.Count);
        var rows = Rows<MemberState, MemberCommand>(window, row =>
        {
            var read = MemberSheet.Read(row.Cells, on);
            var told = new RollRow<MemberState, MemberCommand>(read.Command, read.Command is null ? [] : [.. read.Form.Keys(kernel.Vault.Search.Hash)], read.Refused, read.Findings, [])
            {
                Compare = (told, member, seal) => MemberCells.Compare(member, seal, (MemberCommand.Enter)told.Command!, read.Form),
            };
            if (read.Command is not null && read.Form.EmployerCode.Length > 0) units.Add(told, new(Employer.CodeClaim, read.Form.EmployerCode));
            return told;
        });
        return new(kernel, window, rows, reads, GrainFactory.GetGrain<IMemberBulkGrain>(0), MemberSheet.Columns, MemberSheet.FieldOf, (command, _) => new MemberCommand.Undo(command))
        {
            Others = [.. units.Values.Distinct()],
            Found = holders =>
            {
                foreach (var (row, unit) in units)
                {
                    if (holders.TryGetValue(unit, out var employer)) row.Command = (MemberCommand.Enter)row.Command! with { Employer = new(employer) };
                    else row.Findings = row.Findings.Insert(0, MemberSheet.EmployerUnknown);
                }
            },
        };
    }

    private DateOnly On(ImportWindow window) => window.On ?? BusinessCalendar.Today(kernel.Clock);

    private List<RollRow<TState, TCommand>> Rows<TState, TCommand>(ImportWindow window, Func<ImportRow, RollRow<TState, TCommand>> read)
        where TCommand : class
    {
        var rows = new List<RollRow<TState, TCommand>>(window.Rows.Count);
        foreach (var row in window.Rows)
        {
            var told = read(row);
            told.Id = RowId.Of(window.Import, row, kernel.Hash);
            rows.Add(told);
        }

        return rows;
    }

    /// <summary>The nearest federation at or above each union.</summary>
    private async Task<Dictionary<UnionId, UnionId>> Federations(IReadOnlyList<UnionId> unions)
    {
        var found = new Dictionary<UnionId, UnionId>(unions.Count);
        var climbing = unions.ToDictionary(union => union);
        for (var level = 0; level < MostLevels && climbing.Count > 0; level++)
        {
            var known = await kernel.Rooms.Gather([.. climbing.Values.Distinct().Select(union => union.Stream)]);
            var higher = new Dictionary<UnionId, UnionId>();
            foreach (var (union, at) in climbing)
            {
                if (known.Of<UnionView>(at.Stream) is not { } view) continue;
                if (view.Level <= UnionLevel.Subdistrict) found.Add(union, at);
                else if (view.Parent is { } parent) higher.Add(union, parent);
            }

            climbing = higher;
        }

        return found;
    }
}
