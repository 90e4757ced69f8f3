using UnionClient;
using UnionClient.Feed;
using UnionDomain.Kernel;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionSilo.Tests.Feeds;

/// <summary>Reads the feed page by page, remembers what it was told, and compares it with the journal's own rows.</summary>
internal sealed class FeedReader(int seed)
{
    public static readonly Operator Top = new("op-9", District.Federation, Role.District);

    private readonly Random random = new(seed);

    /// <summary>What was told since the last resumption's place, in the order of the feed.</summary>
    public List<(string Stream, long Version, FeedToken Token)> Told { get; private init; } = [];

    public FeedToken? Next { get; private set; }

    public int Pages { get; private set; }

    public int Resumptions { get; private set; }

    /// <summary>One page of any size; whether there is more.</summary>
    public async Task<bool> Page(IUnionClient client, CancellationToken cancel)
    {
        var page = await client.Feed.Page(from: Next, most: random.Next(1, 60), by: Top, cancel: cancel);
        Assert.Null(page.Refusal);
        Told.AddRange(page.Events.Select(happened => (happened.Stream.ToString(), happened.Version, happened.Token)));
        (Next, Pages) = (page.Next, Pages + 1);
        return page.More;
    }

    /// <summary>Reads to the newest event.</summary>
    public async Task<FeedReader> ReadOn(IUnionClient client, CancellationToken cancel)
    {
        while (await Page(client, cancel)) { }
        return this;
    }

    /// <summary>Now and then it loses what it has not kept and goes on with one of its last tokens.</summary>
    public bool Stumbles()
    {
        if (Told.Count == 0 || random.Next(4) > 0) return false;
        var kept = Math.Max(0, Told.Count - random.Next(1, 80));
        Next = Told[kept].Token;
        Told.RemoveRange(kept + 1, Told.Count - kept - 1);
        Resumptions++;
        return true;
    }

    /// <summary>The same reader as it was when it held that token, or as it is now.</summary>
    public FeedReader GoesOnWith(FeedToken token) => new(seed) { Told = [.. Told], Next = token };

    /// <summary>The reader's memory and the journal hold the same, each event once, those of a stream in their order.</summary>
    public async Task MissedAndRepeatedNothing(Database database, CancellationToken cancel)
    {
        Assert.Equal(Told.Count, Told.Select(told => (told.Stream, told.Version)).Distinct().Count());
        Assert.Equal(await Journal(database, cancel), Told.Select(told => $"{told.Stream} {told.Version}").Order(StringComparer.Ordinal));
        foreach (var stream in Told.GroupBy(told => told.Stream)) Assert.Equal(stream.Select(told => told.Version).Order(), stream.Select(told => told.Version));
    }

    /// <summary>What the journal holds, by its own table.</summary>
    public static async Task<List<string>> Journal(Database database, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT stream, version FROM journal";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancel)) rows.Add(FormattableString.Invariant($"{reader.GetString(0)} {reader.GetInt64(1)}"));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
