using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization;
using UnionDomain;
using UnionDomain.Kernel;

namespace UnionClient.Tests;

/// <summary>Names on the wire are for ever: a silo and a client of different versions must understand each other.</summary>
public sealed class WireTests : BothEnds
{
    private static readonly string[] Inside = ["UnionDomain", "UnionClient", "UnionGrains", "UnionSilo", "PublicKeyToken", "Version="];

    public static TheoryData<string> Commands => [.. Rooms.All.SelectMany(room => room.Commands.Cases.Select(command => $"{room.Kind} {command.Name}"))];

    public static TheoryData<string> Others =>
    [
        .. Rooms.All.Select(room => $"union.{room.Kind}.view"),
        .. UnionWire.Names.Keys.Where(name => name.EndsWith(".line", StringComparison.Ordinal) || name.EndsWith(".query", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        "union.figure", "union.figure-query", "union.fact-line", "union.subject-value", "union.refusal", "union.feed-event",
    ];

    [Theory, MemberData(nameof(Commands))]
    public void A_command_crosses_under_its_pinned_name(string command)
    {
        var (kind, name) = (command.Split(' ')[0], command.Split(' ')[1]);
        var room = Rooms.ByKind[kind];
        var asked = Samples.Of(room.Commands.Cases.Single(one => one.Name == name).Case);
        var envelope = Activator.CreateInstance(
            typeof(Envelope<>).MakeGenericType(room.Commands.Base), Guid.CreateVersion7(), asked, Samples.Of(typeof(Operator)), new DateOnly(2014, 6, 30), "示例", "示例", 7L)!;
        var read = Cross(Client, Silo, envelope, $"union.{kind}.do.{name}", $"union.{kind}.command");
        Assert.Equal(room.Write(asked).Json.ToArray(), room.Write(read.GetType().GetProperty("Command")!.GetValue(read)!).Json.ToArray());
        foreach (var property in envelope.GetType().GetProperties().Where(property => property.Name != "Command")) Assert.Equal(property.GetValue(envelope), property.GetValue(read));

        var envelopes = Array.CreateInstance(envelope.GetType(), 1);
        envelopes.SetValue(envelope, 0);
        var window = Activator.CreateInstance(typeof(BulkWindow<>).MakeGenericType(room.Commands.Base), new[] { "E-1" }, envelopes, true)!;
        Assert.Equal(Json(window), Json(Cross(Client, Silo, window, $"union.{kind}.do.{name}", "union.bulk-window", "union.envelope")));
    }

    [Theory, MemberData(nameof(Others))]
    public void Views_lines_queries_and_figures_cross_under_their_pinned_names(string name)
    {
        var type = UnionWire.Names[name];
        var value = Samples.Of(type);
        Assert.Equal(Json(value), Json(Cross(Silo, Client, value, name)));
        var message = name.EndsWith(".view", StringComparison.Ordinal) ? Samples.Of(typeof(Reply<>).MakeGenericType(type)) : Samples.Of(typeof(Page<>).MakeGenericType(type));
        Assert.Equal(Json(message), Json(Cross(Silo, Client, message, name)));
        if (!name.EndsWith(".view", StringComparison.Ordinal)) return;
        var outcome = Samples.Of(typeof(BulkOutcome<>).MakeGenericType(type));
        Assert.Equal(Json(outcome), Json(Cross(Silo, Client, outcome, name, "union.bulk-outcome")));
    }

    [Fact]
    public void A_fault_keeps_its_code_on_the_way()
    {
        var fault = (UnionFault)Cross(Silo, Client, Faults.StoreFull(), "union.fault");
        Assert.Equal(("store-full", true, Faults.StoreFull().Message), (fault.Code, fault.Retryable, fault.Message));
    }

    [Fact]
    public void Names_on_the_wire_are_never_changed()
    {
        var contracts = typeof(IUnionClient).Assembly.GetExportedTypes();
        string[] names =
        [
            .. UnionWire.Names.Keys.Order(StringComparer.Ordinal),
            .. contracts.SelectMany(type => type.GetCustomAttributes<AliasAttribute>().Select(alias => $"contract {alias.Alias}")).Order(StringComparer.Ordinal),
            .. contracts.Where(type => type.IsInterface).SelectMany(type => type.GetMethods().SelectMany(method => method.GetCustomAttributes<AliasAttribute>()
                .Select(alias => $"method {type.GetCustomAttribute<AliasAttribute>()!.Alias} {alias.Alias}({method.GetParameters().Length})"))).Order(StringComparer.Ordinal),
        ];
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "UnionActors.sln"))) root = Path.GetDirectoryName(root)!;
        var pinned = Path.Combine(root, "tests", "UnionClient.Tests", "Pinned", "wire.txt");
        var text = string.Concat(names.Select(name => name + "\n"));
        if (Environment.GetEnvironmentVariable("UNION_UPDATE_DOCS") == "1") File.WriteAllText(pinned, text);
        Assert.Equal(File.Exists(pinned) ? File.ReadAllText(pinned) : "", text);
    }

    [Fact]
    public void Every_type_of_a_contract_has_a_name_that_is_no_class_name() =>
        Assert.All(
            typeof(IUnionClient).Assembly.GetExportedTypes().Where(type => (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)) || type.GetCustomAttribute<GenerateSerializerAttribute>() is not null),
            type => Assert.NotNull(type.GetCustomAttribute<AliasAttribute>()));

    private static object Cross(IHost from, IHost to, object value, params string[] names)
    {
        var bytes = from.Services.GetRequiredService<Serializer>().SerializeToArray<object>(value);
        var text = Encoding.UTF8.GetString(bytes);
        foreach (var name in names) Assert.Contains(name, text, StringComparison.Ordinal);
        foreach (var name in Inside) Assert.DoesNotContain(name, text, StringComparison.Ordinal);
        return to.Services.GetRequiredService<Serializer>().Deserialize<object>(bytes)!;
    }

    private static string Json(object value) => JsonSerializer.Serialize(value, value.GetType(), UnionJson.Options);
}
