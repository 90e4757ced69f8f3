using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using UnionDomain;
using UnionDomain.Kernel;

namespace UnionClient.Tests;

/// <summary>
/// An old client with a new silo and a new client with an old silo. For every released version a folder of <c>Contracts</c> holds each message as that version wrote it, and the members it knew. What it wrote must be read
/// to equal values for ever, and what is written today must hold all that it reads. With UNION_RECORD_CONTRACT=VERSION a folder for a new version is written; one that exists is never written again.
/// </summary>
public sealed class ContractTests : BothEnds
{
    private const string Messages = "messages.txt";
    private const string Members = "members.txt";

    public ContractTests()
    {
        if (Environment.GetEnvironmentVariable("UNION_RECORD_CONTRACT") is { Length: > 0 } version) Record(Path.Combine(Folder, version));
    }

    public static TheoryData<string> Versions => [.. Directory.EnumerateDirectories(Folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];

    private static string Folder
    {
        get
        {
            var root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root, "UnionActors.sln"))) root = Path.GetDirectoryName(root)!;
            return Path.Combine(root, "tests", "UnionClient.Tests", "Contracts");
        }
    }

    [Theory, MemberData(nameof(Versions))]
    public void What_a_former_version_wrote_is_read_to_equal_values_on_both_sides(string version)
    {
        var recorded = Recorded(version);
        Assert.NotEmpty(recorded);
        foreach (var (name, bytes, json) in recorded)
            foreach (var host in new[] { Silo, Client })
            {
                var read = host.Services.GetRequiredService<Serializer>().Deserialize<object>(Convert.FromBase64String(bytes))!;
                Assert.Equal("", Lacks(JsonNode.Parse(json), JsonNode.Parse(Json(read)), name, values: true));
            }
    }

    [Theory, MemberData(nameof(Versions))]
    public void What_is_written_today_holds_all_that_a_former_version_reads(string version)
    {
        var today = Today().ToDictionary(message => message.Name, message => message.Value, StringComparer.Ordinal);
        foreach (var (name, _, json) in Recorded(version))
        {
            Assert.True(today.TryGetValue(name, out var value), $"{name} is gone: a client of {version} still sends or reads it.");
            Assert.Equal("", Lacks(JsonNode.Parse(json), JsonNode.Parse(Json(value!)), name, values: false));
        }

        Assert.Empty(File.ReadAllLines(Path.Combine(Folder, version, Members)).Except(MembersToday(), StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Versions))]
    public void What_a_later_version_adds_to_a_message_is_passed_over(string version)
    {
        var tried = 0;
        foreach (var (name, _, json) in Recorded(version))
        {
            if (!UnionWire.Names.TryGetValue(name, out var type)) continue;
            var later = JsonNode.Parse(json)!;
            later.AsObject()["fromTheFuture"] = new JsonObject { ["kind"] = "new", ["n"] = 1 };
            Assert.Equal("", Lacks(JsonNode.Parse(json), JsonNode.Parse(Json(later.Deserialize(type, UnionJson.Options)!)), name, values: true));
            tried++;
        }

        Assert.True(tried > 20);
    }

    [Fact]
    public void A_member_that_is_gone_renamed_or_of_another_kind_is_noticed()
    {
        static string Between(string former, string today, bool values = false) => Lacks(JsonNode.Parse(former), JsonNode.Parse(today), "m", values);
        Assert.Equal("", Between("""{"a":1,"b":[{"c":"x"}]}""", """{"new":true,"a":2,"b":[{"c":"y","d":1},{"c":"z"}]}"""));
        Assert.Equal("m.a is gone", Between("""{"a":1}""", """{"b":1}"""));
        Assert.Equal("m.a was Number and is String", Between("""{"a":1}""", """{"a":"1"}"""));
        Assert.Equal("m.b[0].c is gone", Between("""{"b":[{"c":"x"}]}""", """{"b":[{"d":"x"}]}"""));
        Assert.Equal("m.a was 1 and is 2", Between("""{"a":1}""", """{"a":2}""", values: true));
        Assert.Equal("m.a holds 1 instead of 2", Between("""{"a":[1,2]}""", """{"a":[1]}""", values: true));
    }

    private static (string Name, string Bytes, string Json)[] Recorded(string version) =>
        [.. File.ReadLines(Path.Combine(Folder, version, Messages)).Select(line => line.Split('\t')).Select(parts => (parts[0], parts[1], parts[2]))];

    /// <summary>The first thing of a former message that today's lacks; empty when it lacks nothing.</summary>
    private static string Lacks(JsonNode? former, JsonNode? today, string path, bool values)
    {
        if (former is null) return "";
        var (was, now) = (former.GetValueKind(), today?.GetValueKind() ?? JsonValueKind.Null);
        if (Plain(was) != Plain(now)) return $"{path} was {was} and is {now}";
        switch (former)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    if (!today!.AsObject().TryGetPropertyValue(name, out var there)) return $"{path}.{name} is gone";
                    if (Lacks(value, there, $"{path}.{name}", values) is { Length: > 0 } lack) return lack;
                }

                return "";
            case JsonArray items:
                if (values && items.Count != today!.AsArray().Count) return FormattableString.Invariant($"{path} holds {today.AsArray().Count} instead of {items.Count}");
                return items.Take(today!.AsArray().Count).Select((item, i) => Lacks(item, today[i], FormattableString.Invariant($"{path}[{i}]"), values)).FirstOrDefault(lack => lack.Length > 0, "");
            default:
                return values && former.ToJsonString() != today!.ToJsonString() ? $"{path} was {former.ToJsonString()} and is {today.ToJsonString()}" : "";
        }

        static JsonValueKind Plain(JsonValueKind kind) => kind == JsonValueKind.False ? JsonValueKind.True : kind;
    }

    /// <summary>One of every message, each of its members filled, as it is written today.</summary>
    private static IEnumerable<(string Name, object Value)> Today()
    {
        foreach (var room in Rooms.All)
        {
            foreach (var (name, type) in room.Commands.Cases)
            {
                yield return ($"envelope {room.Kind} {name}", Activator.CreateInstance(
                    typeof(Envelope<>).MakeGenericType(room.Commands.Base), [.. typeof(Envelope<>).MakeGenericType(room.Commands.Base).GetConstructors()[0].GetParameters()
                        .Select(parameter => Samples.Of(parameter.ParameterType == room.Commands.Base ? type : parameter.ParameterType))])!);
            }

            yield return ($"reply {room.Kind}", Samples.Of(typeof(Reply<>).MakeGenericType(room.View)));
            yield return ($"outcome {room.Kind}", Samples.Of(typeof(BulkOutcome<>).MakeGenericType(room.View)));
        }

        foreach (var (name, type) in UnionWire.Names.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (type.IsAbstract) continue;
            yield return (name, Samples.Of(type));
            if (name.EndsWith(".line", StringComparison.Ordinal)) yield return ($"page {name}", Samples.Of(typeof(Page<>).MakeGenericType(type)));
        }

        foreach (var type in Contracts().Where(type => !type.IsGenericTypeDefinition)) yield return ($"contract {AliasOf(type)}", Samples.Of(type));
    }

    /// <summary>What Orleans numbers by itself: contract, number, type and name of each member.</summary>
    private static IEnumerable<string> MembersToday() => Contracts().SelectMany(type => type.GetProperties().Where(member => member.GetCustomAttribute<IdAttribute>() is not null)
        .Select(member => FormattableString.Invariant($"{AliasOf(type)} {member.GetCustomAttribute<IdAttribute>()!.Id} {member.PropertyType} {member.Name}"))).Order(StringComparer.Ordinal);

    private static IEnumerable<Type> Contracts() =>
        typeof(IUnionClient).Assembly.GetExportedTypes().Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null).OrderBy(AliasOf, StringComparer.Ordinal);

    private static string AliasOf(Type type) => type.GetCustomAttribute<AliasAttribute>()!.Alias;

    private static string Json(object value) => value is UnionFault fault
        ? JsonSerializer.Serialize(new { fault.Code, fault.Retryable, fault.Message }, UnionJson.Options)
        : JsonSerializer.Serialize(value, value.GetType(), UnionJson.Options);

    private void Record(string version)
    {
        if (Directory.Exists(version)) return;
        Directory.CreateDirectory(version);
        var serializer = Client.Services.GetRequiredService<Serializer>();
        File.WriteAllText(Path.Combine(version, Messages), string.Concat(Today().Select(message => $"{message.Name}\t{Convert.ToBase64String(serializer.SerializeToArray<object>(message.Value))}\t{Json(message.Value)}\n")));
        File.WriteAllText(Path.Combine(version, Members), string.Concat(MembersToday().Select(member => member + "\n")));
    }
}
