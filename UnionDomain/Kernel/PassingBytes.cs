using System.Buffers;
using System.Text.Json;

namespace UnionDomain.Kernel;

/// <summary>
/// Bytes that only pass through, on their way into a hash or a cipher. Each thread keeps a buffer for them, which is wiped after use: nothing personal is left to the collector.
/// </summary>
public sealed class PassingBytes : IBufferWriter<byte>, IDisposable
{
    [ThreadStatic]
    private static PassingBytes? free;

    private readonly ArrayBufferWriter<byte> bytes = new(2048);
    private readonly Utf8JsonWriter json;

    private PassingBytes() => json = new(bytes, new JsonWriterOptions { Encoder = UnionJson.Options.Encoder, SkipValidation = true });

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    /// <summary>The calling thread's buffer, empty. Dispose it on the same thread.</summary>
    public static PassingBytes Rent()
    {
        var rented = free ?? new();
        free = null;
        return rented;
    }

    /// <summary>Writes a value as it is stored.</summary>
    public void Json(object value)
    {
        json.Reset();
        JsonSerializer.Serialize(json, value, value.GetType(), UnionJson.Options);
    }

    /// <inheritdoc/>
    public void Advance(int count) => bytes.Advance(count);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => bytes.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => bytes.GetSpan(sizeHint);

    /// <summary>Wipes the buffer and gives it back.</summary>
    public void Dispose()
    {
        bytes.Clear();
        free = this;
    }
}
