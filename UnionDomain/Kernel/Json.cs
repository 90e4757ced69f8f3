using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel;

/// <summary>How everything of the house is written as JSON. The settings are a storage format: never change them.</summary>
public static class UnionJson
{
    /// <summary>Camel case, Chinese left readable, nothing written for null, enums by name.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}

/// <summary>The schema number of a stored event; 1 unless written.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SchemaAttribute(int number) : Attribute
{
    /// <summary>The number new events are stored with.</summary>
    public int Number { get; } = number;
}

/// <summary>Lifts one stored event by one schema number.</summary>
/// <param name="Type">The pinned name of the event.</param>
/// <param name="FromSchema">The number it lifts from.</param>
/// <param name="Lift">A pure change of the JSON.</param>
public sealed record Upcast(string Type, int FromSchema, Func<JsonObject, JsonObject> Lift);

/// <summary>One event as it is stored: pinned name, schema number and UTF-8 JSON.</summary>
public readonly record struct StoredEvent(string Type, int Schema, ReadOnlyMemory<byte> Json);

/// <summary>
/// Writes and reads the cases of one closed hierarchy under the names pinned by <see cref="JsonDerivedTypeAttribute"/>.
/// </summary>
public sealed class CaseCodec<TBase>
    where TBase : class
{
    private readonly FrozenDictionary<Type, (string Name, int Schema)> names;
    private readonly FrozenDictionary<string, (Type Case, int Schema)> cases;
    private readonly ImmutableArray<Upcast> upcasts;

    /// <summary>Reads the pinned names of the hierarchy.</summary>
    public CaseCodec(ImmutableArray<Upcast> upcasts)
    {
        this.upcasts = upcasts;
        var pinned = typeof(TBase).GetCustomAttributes<JsonDerivedTypeAttribute>()
            .Select(a => (Case: a.DerivedType, Name: (string)a.TypeDiscriminator!, Schema: a.DerivedType.GetCustomAttribute<SchemaAttribute>()?.Number ?? 1)).ToList();
        names = pinned.ToFrozenDictionary(p => p.Case, p => (p.Name, p.Schema));
        cases = pinned.ToFrozenDictionary(p => p.Name, p => (p.Case, p.Schema), StringComparer.Ordinal);
    }

    /// <summary>The pinned names and their types.</summary>
    public IEnumerable<(string Name, Type Case)> Cases => cases.Select(c => (c.Key, c.Value.Case)).OrderBy(c => c.Key, StringComparer.Ordinal);

    /// <summary>The pinned name of a case.</summary>
    public string NameOf(TBase value) => names[value.GetType()].Name;

    /// <summary>The case as it is stored.</summary>
    public StoredEvent Write(TBase value) => Write(value, UnionJson.Options);

    internal StoredEvent Write(TBase value, JsonSerializerOptions options)
    {
        var (name, schema) = names[value.GetType()];
        return new(name, schema, JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options));
    }

    /// <summary>The stored case, lifted to its newest schema.</summary>
    /// <exception cref="UnknownCaseException">It was written by a newer version.</exception>
    public TBase Read(StoredEvent stored)
    {
        if (!cases.TryGetValue(stored.Type, out var known) || stored.Schema > known.Schema) throw new UnknownCaseException(stored.Type, stored.Schema);
        if (stored.Schema == known.Schema) return (TBase)JsonSerializer.Deserialize(stored.Json.Span, known.Case, UnionJson.Options)!;

        var json = JsonNode.Parse(stored.Json.Span)!.AsObject();
        for (var schema = stored.Schema; schema < known.Schema; schema++)
            json = upcasts.Single(upcast => upcast.Type == stored.Type && upcast.FromSchema == schema).Lift(json);
        return (TBase)json.Deserialize(known.Case, UnionJson.Options)!;
    }
}

/// <summary>A stored event or a command that only a newer version of this software knows.</summary>
public sealed class UnknownCaseException(string type, int schema) : Exception($"The case '{type}' with schema {schema} is not known to this version.")
{
    /// <summary>The pinned name.</summary>
    public string Type { get; } = type;

    /// <summary>Its schema number.</summary>
    public int Schema { get; } = schema;
}
