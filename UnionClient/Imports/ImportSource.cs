using System.Text;

namespace UnionClient.Imports;

/// <summary>What is imported: a file by its path, or a stream that is read once and left open. UTF-8, with or without BOM.</summary>
public sealed class ImportSource
{
    private readonly Stream? stream;

    private ImportSource(string? path, Stream? stream) => (Path, this.stream) = (path, stream);

    /// <summary>The path of the file; null for a stream.</summary>
    public string? Path { get; }

    /// <summary>A file.</summary>
    public static ImportSource File(string path) => new(System.IO.Path.GetFullPath(path), null);

    /// <summary>A stream.</summary>
    public static ImportSource Of(Stream stream) => new(null, stream);

    /// <summary>A file.</summary>
    public static implicit operator ImportSource(string path) => File(path);

    /// <summary>A stream.</summary>
    public static implicit operator ImportSource(Stream stream) => Of(stream);

    internal Opened Open() => new(
        stream ?? new FileStream(Path!, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite, Options = FileOptions.Asynchronous | FileOptions.SequentialScan }), leaveOpen: stream is not null);

    /// <summary>The text under way, and how much of it is read.</summary>
    internal sealed class Opened(Stream stream, bool leaveOpen) : IDisposable
    {
        public StreamReader Text { get; } = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen);

        public long BytesRead => stream.CanSeek ? stream.Position : 0;

        public long? Bytes => stream.CanSeek ? stream.Length : null;

        public void Dispose() => Text.Dispose();
    }
}
