using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel;

/// <summary>A value with one canonical written form, which is also how it stands in JSON, as a value and as a key.</summary>
/// <typeparam name="TSelf">The value itself.</typeparam>
public interface IWritten<TSelf> where TSelf : struct, IWritten<TSelf>
{
    /// <summary>The canonical text; reading it again gives an equal value. For personal numbers this is the full number: never log it.</summary>
    string Value { get; }

    /// <summary>Reads a text; on a refusal <paramref name="value"/> is the default and means nothing.</summary>
    static abstract bool TryParse(ReadOnlySpan<char> text, out TSelf value, [NotNullWhen(false)] out Refusal? refusal);
}

/// <summary>Writes an <see cref="IWritten{TSelf}"/> as a JSON string and judges the string again when it is read.</summary>
/// <typeparam name="T">The value.</typeparam>
public sealed class WrittenJsonConverter<T> : JsonConverter<T> where T : struct, IWritten<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Parse(reader.GetString()) : throw new JsonException("A string was expected.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value);

    // The exception carries the code alone: the text may be a personal number.
    private static T Parse(string? text) => T.TryParse(text, out var value, out var refusal) ? value : throw new JsonException(refusal.Code);
}
