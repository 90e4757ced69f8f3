using System.Collections.Immutable;
using UnionClient;
using UnionDomain;
using UnionDomain.Kernel;
using UnionGrains.Kernel;

namespace UnionGrains.Feed;

/// <summary>
/// Knows at which union a stream stood before and after each of its events. The journal's rows do not say: it is read from the events before them, at no cost to those who write.
/// What was found is remembered for the next page.
/// </summary>
public sealed class StreamPlaces(IJournalStore store)
{
    private const int Remembered = 20_000;
    private const int LongestRead = 1_000;

    private readonly Lock guard = new();
    private Dictionary<StreamId, Known> newer = [];
    private Dictionary<StreamId, Known> older = [];

    /// <summary>What one event told, and where its stream stood.</summary>
    /// <param name="Told">The event as it is told.</param>
    /// <param name="Before">The union before it; null when there was none.</param>
    /// <param name="After">The union after it; null when there is none.</param>
    public readonly record struct Stood(StoredEvent Told, UnionId? Before, UnionId? After);

    /// <summary>Tells each row, in their order; the rows of one stream follow on each other in its versions.</summary>
    /// <exception cref="UnionFault">A row is known only to a newer version.</exception>
    public async Task<IReadOnlyList<Stood>> Of(ImmutableArray<FeedRow> rows)
    {
        var at = new Dictionary<StreamId, Known>(rows.Length);
        foreach (var row in rows)
            if (!at.ContainsKey(row.Stream)) at[row.Stream] = row.Version == 1 ? default : Find(row.Stream, row.Version - 1);
        await ReadUp(at, rows);

        var stood = new List<Stood>(rows.Length);
        foreach (var row in rows)
        {
            var before = at[row.Stream].Union;
            var (told, place) = Understood(() => RoomOf(row.Stream).Tell(row.Event, row.Stream));
            var after = place ?? before;
            at[row.Stream] = new(row.Version, after);
            stood.Add(new(told, before, after));
        }

        Remember(at);
        return stood;
    }

    /// <summary>Reads what lies between what is known of each stream and its first row.</summary>
    private async Task ReadUp(Dictionary<StreamId, Known> at, ImmutableArray<FeedRow> rows)
    {
        var behind = rows.DistinctBy(row => row.Stream).Where(row => at[row.Stream].Version < row.Version - 1).ToList();
        while (behind.Count > 0)
        {
            var slices = await store.Read(
                [.. behind.Select(row => new StreamRequest(row.Stream.ToString(), at[row.Stream].Version, (int)Math.Min(LongestRead, row.Version - 1 - at[row.Stream].Version)))], CancellationToken.None);
            for (var i = 0; i < slices.Count; i++)
            {
                var stream = behind[i].Stream;
                foreach (var entry in slices[i].Entries)
                    at[stream] = new(entry.Version, Understood(() => RoomOf(stream).Place(entry.Event, stream)) ?? at[stream].Union);
                // A hole is for `verify` to find; nothing is waited for.
                if (slices[i].Entries.IsEmpty) at[stream] = at[stream] with { Version = behind[i].Version - 1 };
            }

            behind.RemoveAll(row => at[row.Stream].Version >= row.Version - 1);
        }
    }

    // Newer than asked for is of no use: a former reader was further.
    private Known Find(StreamId stream, long version)
    {
        lock (guard)
            return (newer.TryGetValue(stream, out var known) || older.TryGetValue(stream, out known)) && known.Version <= version ? known : default;
    }

    private void Remember(Dictionary<StreamId, Known> found)
    {
        lock (guard)
        {
            foreach (var (stream, known) in found) newer[stream] = known;
            if (newer.Count >= Remembered) (older, newer) = (newer, []);
        }
    }

    private static Room RoomOf(StreamId stream) => Rooms.ByKind.TryGetValue(stream.Kind, out var room) ? room : throw new UnknownCaseException(stream.Kind, 0);

    private static T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (UnknownCaseException unknown)
        {
            throw Faults.UnknownCase(unknown.Type);
        }
    }

    private readonly record struct Known(long Version, UnionId? Union);
}
