using System.Text;
using UnionDomain.CardBatches;

namespace UnionClient.CardBatches;

/// <summary>Files from and to the bank: UTF-8, one line after the other.</summary>
internal static class BankFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// The lines of a file without their ends. Of a line that is too long only as much is kept as refuses it, so that memory does not depend on what a file holds.
    /// </summary>
    public static IEnumerable<string> Lines(string file)
    {
        using var text = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: true, 1 << 16);
        var (line, any) = (new StringBuilder(), false);
        for (var read = text.Read(); read >= 0; read = text.Read())
        {
            any = true;
            if (read == '\r' && text.Peek() == '\n') continue;
            if (read != '\n')
            {
                if (line.Length <= BankReply.LongestLine) line.Append((char)read);
                continue;
            }

            yield return line.ToString();
            line.Clear();
            any = false;
        }

        if (any) yield return line.ToString();
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
