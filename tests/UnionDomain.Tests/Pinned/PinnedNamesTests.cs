using System.Reflection;
using System.Text;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Pinned;

/// <summary>
/// Names on disk and wire are for ever: the files beside this test are reviewed like code. With UNION_UPDATE_DOCS=1 they, and the generated documents, are written anew;
/// golden events are only ever added.
/// </summary>
public sealed class PinnedNamesTests
{
    private static readonly string Root = FindRoot();
    private static readonly bool Update = Environment.GetEnvironmentVariable("UNION_UPDATE_DOCS") == "1";

    public static TheoryData<string> GoldenEvents => [.. Directory.Exists(GoldenFolder) ? Directory.EnumerateFiles(GoldenFolder, "*.json").Select(Path.GetFileName).OfType<string>() : []];

    private static string GoldenFolder => Path.Combine(Root, "tests", "UnionDomain.Tests", "Golden", "events");

    private static IEnumerable<Refusal> Refusals => typeof(Refusal).Assembly.GetExportedTypes().Where(type => type.Name.EndsWith("Rules", StringComparison.Ordinal))
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static)).Where(rule => rule.FieldType == typeof(Refusal))
        .Select(rule => (Refusal)rule.GetValue(null)!).OrderBy(refusal => refusal.Code, StringComparer.Ordinal);

    [Fact]
    public void Events_keep_their_names() => Same("events.txt", Rooms.All.SelectMany(room => room.Events.Cases.Select(c => $"{room.Kind} {c.Name} {SchemaOf(c.Case)}")));

    [Fact]
    public void Commands_keep_their_names() => Same("commands.txt", Rooms.All.SelectMany(room => room.Commands.Cases.Select(c => $"{room.Kind} {c.Name}")));

    [Fact]
    public void Streams_keep_their_names() => Same("streams.txt", Rooms.All.Select(room => room.Kind));

    [Fact]
    public void Refusals_keep_their_codes() => Same("refusals.txt", Refusals.Select(refusal => refusal.Code));

    [Fact]
    public void Read_models_keep_their_tables_and_columns() => Same(
        "read-models.txt",
        Rooms.All.SelectMany(room => room.ReadModels).SelectMany(model => model.Columns.Select(column => $"{model.Table} {column.Name} {column.Type}{(column.IsKey ? " key" : "")}")));

    [Fact]
    public void The_list_of_refusals_is_true()
    {
        var text = new StringBuilder("# Refusals\n\nEvery rule that can say no, by its stable code. Generated from the rules; a test keeps it true.\n\n| code | 中文 | English | source |\n|-|-|-|-|\n");
        foreach (var refusal in Refusals) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{refusal.Code}` | {refusal.Chinese} | {refusal.English} | {refusal.Source} |\n");
        SameText(Path.Combine(Root, "docs", "refusals.md"), text.ToString());
    }

    [Fact]
    public void Every_event_has_a_golden_file_of_its_newest_schema()
    {
        if (Update)
        {
            Directory.CreateDirectory(GoldenFolder);
            foreach (var (kind, stored) in GoldenExamples.All)
            {
                var path = Path.Combine(GoldenFolder, $"{kind}.{stored.Type}.{stored.Schema}.json");
                if (!File.Exists(path)) File.WriteAllText(path, Encoding.UTF8.GetString(stored.Json.Span) + "\n");
            }
        }

        Assert.Equal([], Rooms.All.SelectMany(room => room.Events.Cases.Select(c => $"{room.Kind}.{c.Name}.{SchemaOf(c.Case)}.json")).Where(name => !File.Exists(Path.Combine(GoldenFolder, name))));
    }

    [Theory, MemberData(nameof(GoldenEvents))]
    public void A_golden_event_is_read_and_written_back_unchanged(string file)
    {
        var parts = file.Split('.');
        var json = File.ReadAllText(Path.Combine(GoldenFolder, file)).TrimEnd('\n');
        var stored = new StoredEvent(parts[1], int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(json));
        var lifted = Rooms.ByKind[parts[0]].Lift(stored);
        // An event of a former schema is lifted; one of the newest is written back byte by byte.
        if (lifted.Schema == stored.Schema) Assert.Equal(json, Encoding.UTF8.GetString(lifted.Json.Span));
        Assert.True(lifted.Schema >= stored.Schema);
    }

    [Fact]
    public void An_event_of_a_newer_version_is_a_fault_that_names_it()
    {
        var unknown = Assert.Throws<UnknownCaseException>(() => Rooms.ByKind["union"].Lift(new("from-the-future", 1, "{}"u8.ToArray())));
        Assert.Equal(("from-the-future", 1), (unknown.Type, unknown.Schema));
        Assert.Throws<UnknownCaseException>(() => Rooms.ByKind["union"].Lift(new("approved", 99, "{}"u8.ToArray())));
    }

    private static int SchemaOf(Type type) => type.GetCustomAttribute<SchemaAttribute>()?.Number ?? 1;

    private static void Same(string file, IEnumerable<string> names) =>
        SameText(Path.Combine(Root, "tests", "UnionDomain.Tests", "Pinned", file), string.Concat(names.Select(name => name + "\n")));

    private static void SameText(string path, string text)
    {
        if (Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", text);
    }

    private static string FindRoot()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "UnionActors.sln"))) at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("The tests run outside the repository.");
        return at;
    }
}
