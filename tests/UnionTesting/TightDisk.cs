using System.Diagnostics;
using System.Globalization;

namespace UnionTesting;

/// <summary>A small file system in memory, mounted on a temporary folder. Only root may mount.</summary>
public sealed class TightDisk : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private TightDisk(int mebibytes)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m,mode=1777"), "tmpfs", folder.Path))
        {
            folder.Dispose();
            throw new UnauthorizedAccessException();
        }
    }

    /// <summary>Where it is mounted. Everybody may create folders there.</summary>
    public string Path => folder.Path;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>A new disk, or null where this process may not mount one.</summary>
    public static TightDisk? TryMount(int mebibytes)
    {
        try
        {
            return new(mebibytes);
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A new folder on the disk that belongs to the owner of a process.</summary>
    public string FolderOf(int process, string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(path);
        if (!Run("chown", string.Create(CultureInfo.InvariantCulture, $"--reference=/proc/{process}"), path)) throw new InvalidOperationException("The folder cannot be given to the server.");
        return path;
    }

    /// <summary>Fills the disk to the last byte, also while others write to it.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 * 1024];
        try
        {
            while (true) ballast.Write(block);
        }
        catch (IOException)
        {
            // No space is left: as wanted.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "-l", Path);
        folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
