using UnionTesting;

namespace UnionPackages.Tests;

/// <summary>
/// The packages as <c>eng/pack</c> makes them of this working copy, and a solution of somebody else that is built from them in a folder far from it. What the packages rest on comes from where
/// this house has it from; the packages themselves come from their folder only.
/// </summary>
public sealed class PackedUnion : IAsyncLifetime
{
    /// <summary>What a clone of the published repository knows about itself, and a copy of another folder does not.</summary>
    public const string Origin = "https://github.com/union-actors/union-actors";

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
        // A remote of another name, so that whatever this copy came from is not asked.
        Directory.CreateDirectory(folder.File("config/git"));
        await File.WriteAllTextAsync(folder.File("config/git/config"), $"[remote \"published\"]\n\turl = {Origin}\n", cancel);
        await Command.Run(Path.Combine(Root, "eng", "pack"), ["--version", Version, "--output", Packages], Root, [("XDG_CONFIG_HOME", folder.File("config")), ("GitRepositoryRemoteName", "published")], cancel);

        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Consumers"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Consumers, Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "Consumers"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await File.WriteAllTextAsync(
            Path.Combine(Consumers, "NuGet.config"),
            $"""<?xml version="1.0" encoding="utf-8"?><configuration><packageSources><add key="here" value="{Packages}" /></packageSources></configuration>""",
            cancel);
        // Its own packages are unpacked into a folder that goes with this; those of others are read from where restore has put them.
        var known = (await Command.Run("dotnet", ["nuget", "locals", "global-packages", "--list"], Root, cancel: cancel)).Split(": ", 2)[1].Trim();
        (string, string?)[] caches = [("NUGET_PACKAGES", folder.File("cache")), ("NUGET_FALLBACK_PACKAGES", known)];
        await Command.Run("dotnet", ["build", "Consumers.slnx", "-c", "Release", "--nologo", "-v", "quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false", $"-p:UnionActorsVersion={Version}"], Consumers, caches, cancel);
        await Command.Run("dotnet", ["tool", "install", "union-silo", "--version", Version, "--tool-path", folder.File("tools"), "--configfile", "NuGet.config"], Consumers, caches, cancel);
    }

    /// <summary>How a program of the solution is started.</summary>
    public IReadOnlyList<string> Program(string name, params IEnumerable<string> arguments) => [Path.Combine(Consumers, name, "bin", "Release", "net10.0", name + ".dll"), .. arguments];

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
