using System.Text.Json;
using Orleans.Storage;
using UnionDomain.Kernel;

namespace UnionSilo.Hosting;

/// <summary>
/// Writes snapshots as plain JSON without class names, so that a renamed class reads them still. A damaged one reads as none: thrown here it would
/// also stop the next one from being written over it.
/// </summary>
internal sealed class SnapshotSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, UnionJson.Options));

    public T Deserialize<T>(BinaryData input)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(input.ToMemory().Span, UnionJson.Options)!;
        }
        catch (JsonException)
        {
            return default!;
        }
    }
}
