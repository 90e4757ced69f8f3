using System.Text.RegularExpressions;

namespace UnionArchitecture.Tests;

/// <summary>The repository stands alone: whoever has it needs nothing of the machine on which it was written.</summary>
public sealed class TreeTests
{
    // Written in pieces, or this file would be the first that is found.
    private static readonly Regex Foreign = new(
        string.Join('|', @"(?<![\w.\-/}])/wo" + @"rk\b", @"\.\./sha" + "red", @"nuget\.o" + "rg", @"npm" + @"js\.(org|com)", @"pypi\.o" + "rg", @"crates\.i" + "o", @"proxy\.go" + "lang", @"gh" + @"cr\.io", @"docker\.i" + "o"),
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    [Fact]
    public void No_file_names_a_registry_or_a_folder_outside()
    {
        Assert.Contains("README.md", Repository.Tracked);
        Assert.Empty(Repository.Tracked
            .Select(file => (File: file, Text: Repository.Read(file)))
            .Where(file => !file.Text.Contains('\0', StringComparison.Ordinal))
            .SelectMany(file => Foreign.Matches(file.Text).Select(match => $"{file.File}: {match.Value}")));
    }

    [Fact]
    public void What_is_to_be_run_can_be_run()
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in (string[])["run-tests", ".ci/run", "eng/pack", "eng/public-api"]) Assert.True(File.GetUnixFileMode(Repository.PathOf(file)).HasFlag(UnixFileMode.UserExecute), file);
    }
}
