using System.Text;
using UnionClient.Imports;
using UnionDomain.CardBatches;

namespace UnionClient.CardBatches;

/// <summary>Files from and to the bank: UTF-8, one line after the other.</summary>
internal static class BankFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // A longer line is refused; what is kept of it is more than the longest has, however many bytes its characters take.
    private const int MostBytesOfLine = 3 * (BankReply.LongestLine + 1);

    /// <summary>The lines of a file without their ends, however long the file or a line of it is.</summary>
    public static IEnumerable<string> Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var begun = new byte[Encoding.UTF8.Preamble.Length];
        var read = stream.ReadAtLeast(begun, begun.Length, throwOnEndOfStream: false);
        var marked = begun.AsSpan().SequenceEqual(Encoding.UTF8.Preamble);
        foreach (var line in new Lines(stream, marked ? default : begun.AsMemory(0, read), Encoding.UTF8, MostBytesOfLine, returnEnds: false).All()) yield return line.Text;
    }

    /// <summary>Writes a file that only its owner may read, and that has its name only once it is whole and on the disk; one of that name is replaced.</summary>
    /// <exception cref="IOException">It cannot be written, or somebody else is writing it.</exception>
    public static async Task Write(string file, IEnumerable<string> lines, CancellationToken cancel)
    {
        // What somebody left who was killed is written over; whoever writes it now keeps all others out until it has its name.
        var unfinished = file + ".part";
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None,
            BufferSize = 1 << 16,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        await using var stream = new FileStream(unfinished, options);
        try
        {
            stream.SetLength(0);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(stream.SafeFileHandle, OwnerOnly); // Whoever left it may have made it otherwise.
            await using (var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true) { NewLine = "\n" })
                foreach (var line in lines) await text.WriteLineAsync(line.AsMemory(), cancel);
            stream.Flush(flushToDisk: true);
            File.Move(unfinished, file, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }
}
