using UnionTesting;

namespace UnionPackages.Tests;

/// <summary>
/// The packages as <c>eng/pack</c> makes them of these sources, in a clone of their own, and a solution of somebody else that is built from them in a folder far from it. What the packages rest on
/// comes from where this house has it from; the packages themselves come from their folder only.
/// </summary>
public sealed class PackedUnion : IAsyncLifetime
{
    /// <summary>Where the clone comes from.</summary>
    public const string Origin = "https://github.com/union-actors/union-actors";

    /// <summary>The commit that the clone stands at.</summary>
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder folder = new();

    /// <summary>The version of the packages: of this run alone, so that no cache holds another content of it.</summary>
    public string Version { get; } = $"0.0.0-test.g{Guid.NewGuid():N}";

    /// <summary>Where the packages lie.</summary>
    public string Packages => folder.File("packages");

    /// <summary>The solution of somebody else.</summary>
    public string Consumers => folder.File("consumers");

    /// <summary>A folder for what a test writes.</summary>
    public string Work => folder.File("work");

    /// <summary>The tool of the command line, as it was installed.</summary>
    public string UnionSilo => folder.File(Path.Combine("tools", "union-silo"));

    private static string Root
    {
        get
        {
            var above = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(above.FullName, "UnionActors.sln"))) above = above.Parent ?? throw new InvalidOperationException("Run these tests where they were built.");
            return above.FullName;
        }
    }

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        Directory.CreateDirectory(Work);
        var clone = Clone();
        await Command.Run(Path.Combine(clone, "eng", "pack"), ["--version", Version, "--output", Packages], clone, cancel: cancel);

        Copy(Path.Combine(AppContext.BaseDirectory, "Consumers"), Consumers, _ => true);
        await File.WriteAllTextAsync(
            Path.Combine(Consumers, "NuGet.config"),
            $"""<?xml version="1.0" encoding="utf-8"?><configuration><packageSources><add key="here" value="{Packages}" /></packageSources></configuration>""",
            cancel);
        // Its own packages are unpacked into a folder that goes with this; those of others are read from where restore has put them.
        var known = (await Command.Run("dotnet", ["nuget", "locals", "global-packages", "--list"], clone, cancel: cancel)).Split(": ", 2)[1].Trim();
        (string, string?)[] caches = [("NUGET_PACKAGES", folder.File("cache")), ("NUGET_FALLBACK_PACKAGES", known)];
        await Command.Run("dotnet", ["build", "Consumers.slnx", "-c", "Release", "--nologo", "-v", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false", $"-p:UnionActorsVersion={Version}"], Consumers, caches, cancel);
        await Command.Run("dotnet", ["tool", "install", "union-silo", "--version", Version, "--tool-path", folder.File("tools"), "--configfile", "NuGet.config"], Consumers, caches, cancel);
    }

    /// <summary>How a program of the solution is started.</summary>
    public IReadOnlyList<string> Program(string name, params IEnumerable<string> arguments) => [Path.Combine(Consumers, name, "bin", "Release", "net10.0", name + ".dll"), .. arguments];

    /// <summary>
    /// The sources of this working copy as a clone of the published repository has them. The copy itself may come from anywhere: from another folder, from an archive without any history. What is
    /// written of git is what a build reads of it: the commit and where it came from.
    /// </summary>
    private string Clone()
    {
        var clone = folder.File("clone");
        Copy(Root, clone, name => name is not (".git" or "bin" or "obj" or "artifacts" or "half-year"));
        var git = Path.Combine(clone, ".git");
        foreach (var part in new[] { "objects", "refs" }) Directory.CreateDirectory(Path.Combine(git, part));
        File.WriteAllText(Path.Combine(git, "HEAD"), $"{Commit}\n");
        File.WriteAllText(Path.Combine(git, "config"), $"[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = {Origin}\n");
        return clone;
    }

    private static void Copy(string from, string to, Func<string, bool> taken)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos().Where(entry => taken(entry.Name)))
        {
            var copy = Path.Combine(to, entry.Name);
            if (entry is DirectoryInfo) Copy(entry.FullName, copy, taken);
            else File.Copy(entry.FullName, copy);
        }
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
