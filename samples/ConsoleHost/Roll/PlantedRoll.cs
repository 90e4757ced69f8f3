using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ConsoleHost.Roll;

/// <summary>
/// What a generated roll holds, counted row by row while it was written: the figures as they must come out at the end of the period, what must not be counted by kind, and the rows of each file.
/// </summary>
internal sealed record PlantedRoll
{
    public required decimal Scale { get; init; }

    /// <summary>member.units-entered: units with at least one qualified member.</summary>
    public required int UnitsEntered { get; init; }

    /// <summary>member.entered, and the part of member.collection-rate: members whose record is qualified.</summary>
    public required int Entered { get; init; }

    /// <summary>member.registered, and the whole of member.collection-rate: members on the roll.</summary>
    public required int Registered { get; init; }

    /// <summary>card.issued: cards of members on the roll that were produced and not cancelled.</summary>
    public required int CardsIssued { get; init; }

    /// <summary>The part of card.issued that was there before the period.</summary>
    public required int CardsBefore { get; init; }

    /// <summary>card.produced: cards made in the period for members of the district that had none.</summary>
    public required int CardsProduced { get; init; }

    /// <summary>card.replaced: cards made in the period in place of lost ones.</summary>
    public required int CardsReplaced { get; init; }

    /// <summary>organising.unions-new.</summary>
    public required int UnionsNew { get; init; }

    /// <summary>organising.members-new.</summary>
    public required int MembersNew { get; init; }

    /// <summary>What must not be counted, or not there or not twice, by kind.</summary>
    public required ImmutableSortedDictionary<string, int> Traps { get; init; }

    /// <summary>What must be counted although it is unusual, by kind.</summary>
    public required ImmutableSortedDictionary<string, int> Unusual { get; init; }

    /// <summary>The rows of each file, its header not counted.</summary>
    public required ImmutableSortedDictionary<string, int> Rows { get; init; }

    /// <summary>The roll that a directory holds whole; null when it holds none.</summary>
    /// <exception cref="InvalidDataException">It is none that this program wrote.</exception>
    internal static PlantedRoll? Read(DirectoryInfo directory)
    {
        var file = Path.Combine(directory.FullName, "roll", "planted.json");
        try
        {
            return File.Exists(file) ? Read(file) : null;
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{file} was not written by this version of the sample: give another --dir, or --fresh.", wrong);
        }
    }

    private static PlantedRoll Read(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var (root, figures) = (json.RootElement, json.RootElement.GetProperty("figures"));
        return new()
        {
            Scale = root.GetProperty("scale").GetDecimal(),
            UnitsEntered = figures.GetProperty("member.units-entered").GetInt32(),
            Entered = figures.GetProperty("member.entered").GetInt32(),
            Registered = figures.GetProperty("member.registered").GetInt32(),
            CardsIssued = figures.GetProperty("card.issued").GetInt32(),
            CardsBefore = figures.GetProperty("card.issued.before").GetInt32(),
            CardsProduced = figures.GetProperty("card.produced").GetInt32(),
            CardsReplaced = figures.GetProperty("card.replaced").GetInt32(),
            UnionsNew = figures.GetProperty("organising.unions-new").GetInt32(),
            MembersNew = figures.GetProperty("organising.members-new").GetInt32(),
            Traps = Counts("traps"),
            Unusual = Counts("unusual"),
            Rows = Counts("rows"),
        };

        ImmutableSortedDictionary<string, int> Counts(string name) =>
            root.GetProperty(name).EnumerateObject().ToImmutableSortedDictionary(count => count.Name, count => count.Value.GetInt32(), StringComparer.Ordinal);
    }

    internal void WriteTo(WholeFile file)
    {
        using (var json = new Utf8JsonWriter(file.Stream, new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            // 0.10 and 0.1 are the same scale and write the same bytes.
            json.WriteNumber("scale", Scale / 1.0000000000000000000000000000m);
            json.WriteStartObject("figures");
            json.WriteNumber("member.units-entered", UnitsEntered);
            json.WriteNumber("member.entered", Entered);
            json.WriteNumber("member.registered", Registered);
            json.WriteStartObject("member.collection-rate");
            json.WriteNumber("part", Entered);
            json.WriteNumber("whole", Registered);
            json.WriteEndObject();
            json.WriteNumber("card.issued", CardsIssued);
            json.WriteNumber("card.issued.before", CardsBefore);
            json.WriteNumber("card.produced", CardsProduced);
            json.WriteNumber("card.replaced", CardsReplaced);
            json.WriteNumber("organising.unions-new", UnionsNew);
            json.WriteNumber("organising.members-new", MembersNew);
            json.WriteEndObject();
            WriteCounts("traps", Traps);
            WriteCounts("unusual", Unusual);
            WriteCounts("rows", Rows);
            json.WriteEndObject();

            void WriteCounts(string name, ImmutableSortedDictionary<string, int> counts)
            {
                json.WriteStartObject(name);
                foreach (var (key, count) in counts) json.WriteNumber(key, count);
                json.WriteEndObject();
            }
        }

        file.Stream.WriteByte((byte)'\n');
        file.Complete();
    }
}
