namespace UnionSilo.Hosting;

/// <summary>Files that only their owner may read (mode 0600 on Unix).</summary>
internal static class OwnFile
{
    /// <summary>Creates a file that does not exist yet.</summary>
    /// <exception cref="IOException">It exists, or cannot be created.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}
