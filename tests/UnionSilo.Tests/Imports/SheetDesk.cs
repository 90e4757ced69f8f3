using System.Text;
using UnionClient;
using UnionClient.Imports;

namespace UnionSilo.Tests.Imports;

/// <summary>Takes the rows of a file with three columns in the place of a silo.</summary>
internal sealed class SheetDesk
{
    public const string Header = "编号,名称,备注";

    private static readonly string[] Columns = Header.Split(',');

    /// <summary>The rows that were sent: number of the row, and its cells behind bars.</summary>
    public Dictionary<int, string> Sent { get; } = [];

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Gb18030(string text) => CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(text);

    public Import Of(ImportSource source, string? errors = null) => new(source, new() { ErrorFile = errors }, Columns, 1, cells => cells[0], (rows, _) =>
    {
        foreach (var row in rows) Sent.Add(row.Number, string.Join('|', row.Cells));
        return Task.FromResult<IReadOnlyList<RowOutcome>>([.. rows.Select(row => new RowOutcome { Row = row.Number, Kind = RowKind.New })]);
    });

    public Import Of(byte[] file) => Of(ImportSource.Of(new MemoryStream(file)));

    /// <summary>What the file is refused with; null when it is read. Then <see cref="Sent"/> and the refused rows tell what of.</summary>
    public async Task<(string? File, string Rows)> Read(ImportSource source)
    {
        var rows = new List<string>();
        try
        {
            await foreach (var outcome in Of(source).WithCancellation(TestContext.Current.CancellationToken))
                if (outcome.Kind == RowKind.Refused) rows.Add($"{outcome.Row} {outcome.Refused.Single().Rule.Code} {outcome.Refused.Single().Column}".TrimEnd());
            return (null, string.Join(", ", rows));
        }
        catch (RefusedException refused)
        {
            return (refused.Refusal.Code, string.Join(", ", rows));
        }
    }

    public Task<(string? File, string Rows)> Read(byte[] file) => Read(ImportSource.Of(new MemoryStream(file)));
}
