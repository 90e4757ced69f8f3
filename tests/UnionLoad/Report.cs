using System.Globalization;
using Spectre.Console;

namespace UnionLoad;

/// <summary>What is to be reached: a multiple of another system's rate, or a rate.</summary>
internal sealed record Goal(Room Room, Store Store, Case Case, Contender? Than, double AtLeast)
{
    public static readonly Goal[] All =
    [
        new(Room.Employers, Store.Postgres, Case.Warm, Contender.Stock, 6),
        new(Room.Employers, Store.Postgres, Case.First, Contender.Stock, 4),
        new(Room.Employers, Store.Postgres, Case.Cold, Contender.Stock, 4),
        new(Room.Employers, Store.Postgres, Case.Hot, null, 50_000),
        new(Room.Employers, Store.Postgres, Case.Bulk, Contender.Stock, 8),
        new(Room.Employers, Store.Sqlite, Case.Warm, Contender.Limit, 0.6),
        new(Room.Employers, Store.Sqlite, Case.First, Contender.Limit, 0.6),
        new(Room.Employers, Store.Sqlite, Case.Cold, Contender.Limit, 0.6),
        new(Room.Employers, Store.Sqlite, Case.Hot, Contender.Limit, 0.6),
        new(Room.Employers, Store.Sqlite, Case.Bulk, Contender.Limit, 0.6),
        new(Room.Members, Store.Postgres, Case.Warm, Contender.Stock, 6),
        new(Room.Members, Store.Postgres, Case.First, Contender.Stock, 3.5),
        new(Room.Members, Store.Postgres, Case.Cold, Contender.Stock, 4),
        new(Room.Members, Store.Postgres, Case.Bulk, Contender.Stock, 8),
        new(Room.Members, Store.Postgres, Case.Bulk, Contender.Limit, 0.6),
        new(Room.Members, Store.Sqlite, Case.Bulk, Contender.Limit, 0.6),
    ];
}

/// <summary>The table at the end.</summary>
internal static class Report
{
    public static void Show(IReadOnlyList<ResultRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var title in (string[])["room", "case", "system", "commands/s", "p50 ms", "p99 ms", "silo µs", "db µs", "union / stock", "union / limit", "goal"])
            table.AddColumn(new TableColumn(title) { Alignment = title is "room" or "case" or "system" or "goal" ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (var row in rows)
        {
            var union = row.System == Contender.Union;
            table.AddRow(
                row.Room.Name(), row.Case.Name(), row.System.Name(), Text($"{row.Rate:N0}"), Text($"{row.P50Ms:N1}"), Text($"{row.P99Ms:N1}"), Text($"{row.CpuUs.Silo:N1}"), Text($"{row.CpuUs.Db:N1}"),
                union ? Ratio(Contender.Stock) : "", union ? Ratio(Contender.Limit) : "", union ? Verdict() : "");

            string Ratio(Contender than) => Times(than) is { } times ? Text($"{times:N2}") : "";

            double? Times(Contender than) => rows.FirstOrDefault(other => other.Case == row.Case && other.System == than) is { } other ? row.Rate / other.Rate : null;

            string Verdict() => string.Join(", ", Goal.All.Where(goal => (goal.Room, goal.Store, goal.Case) == (row.Room, row.Store, row.Case)).Select(goal =>
            {
                var (reached, wanted) = goal.Than is { } than ? (Times(than), Text($"≥ {goal.AtLeast:0.#} × {than.Name()}")) : (row.Rate, Text($"≥ {goal.AtLeast:N0}/s"));
                return reached is not { } value ? wanted : value >= goal.AtLeast ? $"{wanted}: met" : $"{wanted}: missed";
            }));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("Medians. Client, silo and load generator share one process: the column silo holds them all, and the writer of the limit.");

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
