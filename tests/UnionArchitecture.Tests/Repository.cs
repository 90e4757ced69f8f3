using System.Diagnostics;

namespace UnionArchitecture.Tests;

/// <summary>The working copy that these tests were built from.</summary>
internal static class Repository
{
    private static readonly Lazy<IReadOnlyList<string>> Files = new(Ask);

    public static string Root { get; } = FindRoot();

    /// <summary>What is tracked, or new and not ignored; by path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Tracked => Files.Value;

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "UnionActors.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("These tests look at the repository; run them where they were built.");
        return folder.FullName;
    }

    private static List<string> Ask()
    {
        // A container often works on a folder of another user, which git refuses unless told that it is meant.
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start)!;
        var listed = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return [.. listed.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Where(file => File.Exists(PathOf(file)))];
    }
}
