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
    public async Task<IReadOnlyList<RowOutcome>> Employers(ImportWindow window)
    {
        var (on, roll) = (On(window), window.Federation is { } given ? new UnionId(given) : window.Operator.Union);
        var rows = Rows<EmployerCommand>(window, row =>
        {
            var read = EmployerSheet.Read(row.Cells, roll, on);
            return new(read.Command, read.Key.Length == 0 ? [] : [new(Employer.CodeClaim, read.Key)], read.Refused, [], read.Normalised);
        });
        var unions = rows.Select(row => (row.Command as EmployerCommand.Record)?.Union).OfType<UnionId>().Distinct().ToList();
        var federations = await Federations(unions);
        foreach (var row in rows)
            if (row.Command is EmployerCommand.Record { Union: { } union } record && federations.TryGetValue(union, out var federation)) row.Command = record with { Federation = federation };
        return await new RollWindow<EmployerCommand, EmployerView>(window, rows, reads, GrainFactory.GetGrain<IEmployerBulkGrain>(0), EmployerSheet.Columns, EmployerSheet.FieldOf).Send([]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RowOutcome>> Unions(ImportWindow window)
    {
        var on = On(window);
        var rows = Rows<UnionCommand>(window, row =>
        {
            var read = UnionSheet.Read(row.Cells, on);
            return new(read.Command, [], read.Refused, [], read.Normalised) { Key = read.Key };
        });
        return new RollWindow<UnionCommand, UnionView>(window, rows, reads, GrainFactory.GetGrain<IUnionBulkGrain>(0), UnionSheet.Columns, UnionSheet.FieldOf).Send([]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RowOutcome>> Members(ImportWindow window)
    {
        var on = On(window);
        var units = new Dictionary<RollRow<MemberCommand>, ClaimKey>(window.Rows.Count);
        var rows = Rows<MemberCommand>(window, row =>
        {
            var read = MemberSheet.Read(row.Cells, on);
            var told = new RollRow<MemberCommand>(read.Command, read.Command is null ? [] : [.. read.Form.Keys(kernel.Vault.Search.Hash)], read.Refused, read.Findings, []);
            if (read.Command is not null && read.Form.EmployerCode.Length > 0) units.Add(told, new(Employer.CodeClaim, read.Form.EmployerCode));
            return told;
        });
        return new RollWindow<MemberCommand, MemberView>(window, rows, reads, GrainFactory.GetGrain<IMemberBulkGrain>(0), MemberSheet.Columns, MemberSheet.FieldOf).Send(
            [.. units.Values.Distinct()],
            holders =>
            {
                foreach (var (row, unit) in units)
                {
                    if (holders.TryGetValue(unit, out var employer)) row.Command = (MemberCommand.Enter)row.Command! with { Employer = new(employer) };
                    else row.Findings = row.Findings.Insert(0, MemberSheet.EmployerUnknown);
                }
            });
    }

    private DateOnly On(ImportWindow window) => window.On ?? BusinessCalendar.Today(kernel.Clock);

    private List<RollRow<TCommand>> Rows<TCommand>(ImportWindow window, Func<ImportRow, RollRow<TCommand>> read)
        where TCommand : class
    {
        var rows = new List<RollRow<TCommand>>(window.Rows.Count);
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
