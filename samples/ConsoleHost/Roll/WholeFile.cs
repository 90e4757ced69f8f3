using System.Buffers;
using System.Text;

namespace ConsoleHost.Roll;

/// <summary>
/// A file that only its owner may read (mode 0600 on Unix) and that has its name only once it is whole: until then it is called <c>….part</c>.
/// </summary>
internal sealed class WholeFile : IDisposable
{
    private readonly string path;
    private readonly FileStream stream;

    public WholeFile(string path)
    {
        this.path = path;
        File.Delete(Unfinished); // What a killed run left.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        stream = new(Unfinished, options);
    }

    public Stream Stream => stream;

    private string Unfinished => path + ".part";

    /// <summary>Puts the file on the disk and gives it its name.</summary>
    public void Complete()
    {
        stream.Flush(flushToDisk: true);
        stream.Dispose();
        File.Move(Unfinished, path, overwrite: true);
    }

    public void Dispose()
    {
        stream.Dispose();
        File.Delete(Unfinished);
    }
}

/// <summary>A table as CSV (RFC 4180, UTF-8), its header first.</summary>
internal sealed class CsvFile : IDisposable
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    private readonly WholeFile file;
    private readonly StreamWriter text;

    public CsvFile(string path, string header)
    {
        file = new(path);
        text = new(file.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true) { NewLine = "\r\n" };
        text.WriteLine(header);
    }

    /// <summary>Rows written, the header not counted.</summary>
    public int Rows { get; private set; }

    public void Write(params ReadOnlySpan<string> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i > 0) text.Write(',');
            if (cells[i].AsSpan().ContainsAny(NeedsQuotes)) text.Write($"\"{cells[i].Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            else text.Write(cells[i]);
        }

        text.WriteLine();
        Rows++;
    }

    public void Complete()
    {
        text.Flush();
        file.Complete();
    }

    public void Dispose()
    {
        // A writer that is not complete must not write into a stream that is going away.
        if (file.Stream.CanWrite) text.Dispose();
        file.Dispose();
    }
}
