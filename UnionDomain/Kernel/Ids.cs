using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel;

/// <summary>An identifier that is written as a plain string on disk and wire.</summary>
public interface IStringId<TSelf>
    where TSelf : struct, IStringId<TSelf>
{
    /// <summary>The identifier as text: 1–64 characters of <c>A–Z a–z 0–9 . _ -</c>.</summary>
    string Value { get; }

    /// <summary>Wraps a text that is known to be an identifier.</summary>
    static abstract TSelf Of(string value);
}

/// <summary>Number of a union organisation (工会编号). It is the key of the union's stream <c>union/…</c> and never changes.</summary>
[JsonConverter(typeof(StringIdConverter<UnionId>))]
public readonly record struct UnionId(string Value) : IStringId<UnionId>, IComparable<UnionId>
{
    /// <inheritdoc/>
    public static UnionId Of(string value) => new(value);

    /// <summary>By characters, so that sets and dictionaries of unions are stored in one order everywhere.</summary>
    public int CompareTo(UnionId other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Before the other one.</summary>
    public static bool operator <(UnionId left, UnionId right) => left.CompareTo(right) < 0;

    /// <summary>Before the other one, or the same.</summary>
    public static bool operator <=(UnionId left, UnionId right) => left.CompareTo(right) <= 0;

    /// <summary>After the other one.</summary>
    public static bool operator >(UnionId left, UnionId right) => left.CompareTo(right) > 0;

    /// <summary>After the other one, or the same.</summary>
    public static bool operator >=(UnionId left, UnionId right) => left.CompareTo(right) >= 0;

    /// <summary>The union's stream.</summary>
    public StreamId Stream => new("union", Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Surrogate key of an employing unit (单位): stays when the unit's code changes. It is the key of the stream <c>employer/…</c>.</summary>
[JsonConverter(typeof(StringIdConverter<EmployerId>))]
public readonly record struct EmployerId(string Value) : IStringId<EmployerId>
{
    /// <inheritdoc/>
    public static EmployerId Of(string value) => new(value);

    /// <summary>The employer's stream.</summary>
    public StreamId Stream => new("employer", Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>
/// Surrogate key of one person (会员), for life: a UUIDv7 in lower case, with or without hyphens. It is the key of the stream <c>member/…</c> and says nothing about the person.
/// </summary>
[JsonConverter(typeof(StringIdConverter<MemberId>))]
public readonly record struct MemberId(string Value) : IStringId<MemberId>
{
    /// <inheritdoc/>
    public static MemberId Of(string value) => new(value);

    /// <summary>The key of a person by a UUID of version 7.</summary>
    public static MemberId Of(Guid value) => new(value.ToString("N"));

    /// <summary>The member's stream.</summary>
    public StreamId Stream => new("member", Value);

    /// <summary>Whether it is a UUID of version 7 in lower case: no number of a document can be one.</summary>
    public bool IsValid() =>
        Value is { Length: 32 or 36 } && Guid.TryParseExact(Value, Value.Length == 32 ? "N" : "D", out var id) && id.Version == 7
        && !Value.AsSpan().ContainsAnyInRange('A', 'F');

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Number of a batch of Jing Cards (制卡批次), as it stands in the bank's files. It is the key of the stream <c>card-batch/…</c>.</summary>
[JsonConverter(typeof(StringIdConverter<CardBatchId>))]
public readonly record struct CardBatchId(string Value) : IStringId<CardBatchId>
{
    /// <inheritdoc/>
    public static CardBatchId Of(string value) => new(value);

    /// <summary>The batch's stream.</summary>
    public StreamId Stream => new("card-batch", Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Name of one stream of events, and key of the grain that owns it: <c>kind/key</c>.</summary>
/// <param name="Kind">The kind of aggregate, pinned for ever, for example <c>union</c>.</param>
/// <param name="Key">The aggregate's own identifier.</param>
public readonly record struct StreamId(string Kind, string Key)
{
    /// <summary>The longest key accepted, in characters.</summary>
    public const int LongestKey = 64;

    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The stream as it is stored: <c>kind/key</c>.</summary>
    public override string ToString() => $"{Kind}/{Key}";

    /// <summary>Splits a stored stream name at its first slash.</summary>
    public static StreamId Parse(string stream)
    {
        var slash = stream.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? new(stream[..slash], stream[(slash + 1)..]) : throw new FormatException("A stream is written kind/key.");
    }

    /// <summary>Whether the key has 1–64 characters of <c>A–Z a–z 0–9 . _ -</c>, so that no personal text can become a key.</summary>
    public bool HasValidKey() => Key is { Length: >= 1 and <= LongestKey } && !Key.AsSpan().ContainsAnyExcept(KeyCharacters);
}

/// <summary>Writes an <see cref="IStringId{TSelf}"/> as a plain JSON string, also as the key of an object.</summary>
public sealed class StringIdConverter<TId> : JsonConverter<TId>
    where TId : struct, IStringId<TId>
{
    /// <inheritdoc/>
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TId.Of(reader.GetString() ?? "");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TId.Of(reader.GetString() ?? "");

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value);
}
