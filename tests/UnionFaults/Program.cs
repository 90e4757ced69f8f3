using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using UnionFaults;
using UnionGrains.Kernel;
using UnionSilo.Persistence;

// A second process for tests: they kill it while it acknowledges, or stall it inside a transaction.
switch (args)
{
    case ["acknowledge", var file]:
        await Acknowledge(file);
        return 0;
    case ["append", var connection, var silo, var stream]:
        await Append(connection, silo, stream);
        return 0;
    default:
        await Console.Error.WriteLineAsync("UnionFaults acknowledge FILE | append CONNECTION SILO STREAM");
        return 2;
}

// Sixteen writers to a SQLite journal until somebody kills this process. Every line written says that a command is durable.
static async Task Acknowledge(string file)
{
    await using var store = new SqliteJournalStore(new() { File = file });
    store.TakeFile();
    await using var journal = new Journal(store, new(), TimeProvider.System, NullLogger<Journal>.Instance);
    await journal.Start(CancellationToken.None);
    await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
    {
        var ledger = new Ledger(journal, string.Create(CultureInfo.InvariantCulture, $"ledger/{writer}"), "U-1");
        // The last commands of the former process are sent again: it may have died before anybody heard of them.
        for (var n = Math.Max(0, await ledger.Count() - 4); ; n += 4)
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Tell(ledger, writer, n + i)));
    })));
}

static async Task Tell(Ledger ledger, int writer, long n)
{
    await ledger.Send(new(CommandIds.Of(writer, n)));
    Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{writer} {n}"));
}

// Appends once to a PostgreSQL journal and says what became of it.
static async Task Append(string connection, string silo, string stream)
{
    await using var store = new PostgresJournalStore(new() { ConnectionString = connection, SiloName = silo, Writers = 1 });
    await using var journal = new Journal(store, new(), TimeProvider.System, NullLogger<Journal>.Instance);
    await journal.Start(CancellationToken.None);
    if (!journal.TryReserve()) throw new System.Diagnostics.UnreachableException();
    Console.Out.WriteLine("appending");
    var outcome = await journal.Append(Ledger.Append(stream, 0, new(), new(CommandIds.Of(-1, 0)), 1, "U-stalled"));
    Console.Out.WriteLine(outcome.Committed ? "committed" : outcome.Fault?.Code ?? "claimed");
}
