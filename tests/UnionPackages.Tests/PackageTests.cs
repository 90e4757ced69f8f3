using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;
using UnionTesting;

namespace UnionPackages.Tests;

public sealed class PackageTests(PackedUnion packed) : IClassFixture<PackedUnion>
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    private static readonly Dictionary<string, string> Libraries = new(StringComparer.Ordinal)
    {
        ["UnionActors.Domain"] = "UnionDomain",
        ["UnionActors.Client"] = "UnionClient",
        ["UnionActors.Grains"] = "UnionGrains",
        ["UnionActors.Silo"] = "UnionSilo",
        ["UnionActors.Testing"] = "UnionTestKit",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Ids => [.. Libraries.Keys];

    [Fact]
    public void These_packages_are_made_and_no_others() => Assert.Equal(
        Libraries.Keys.Append("union-silo").SelectMany(id => new[] { $"{id}.{packed.Version}.nupkg", $"{id}.{packed.Version}.snupkg" }).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(packed.Packages).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Ids)), InlineData("union-silo")]
    public async Task A_package_says_what_it_is_and_where_it_comes_from(string id)
    {
        await using var package = await Open(id, "nupkg");
        Assert.NotNull(package.GetEntry("README.md"));
        Assert.NotNull(package.GetEntry("LICENSE"));
        var metadata = (await XDocument.LoadAsync(await package.GetEntry($"{id}.nuspec")!.OpenAsync(Cancel), LoadOptions.None, Cancel)).Root!.Elements().Single();
        string Said(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal("MIT", Said("license"));
        Assert.Equal("README.md", Said("readme"));
        Assert.InRange(Said("description").Length, 40, 400);
        var repository = metadata.Elements().Single(element => element.Name.LocalName == "repository");
        Assert.Equal(PackedUnion.Commit, repository.Attribute("commit")!.Value);
        Assert.Equal(PackedUnion.Origin, repository.Attribute("url")!.Value);
    }

    [Theory, MemberData(nameof(Ids))]
    public async Task A_library_is_documented_and_its_sources_are_found(string id)
    {
        var name = Libraries[id];
        await using var package = await Open(id, "nupkg");
        var documentation = await XDocument.LoadAsync(await package.GetEntry($"lib/net10.0/{name}.xml")!.OpenAsync(Cancel), LoadOptions.None, Cancel);
        Assert.NotEmpty(documentation.Descendants("summary"));

        await using var symbols = await Open(id, "snupkg");
        using var content = new MemoryStream();
        await using (var stored = await symbols.GetEntry($"lib/net10.0/{name}.pdb")!.OpenAsync(Cancel)) await stored.CopyToAsync(content, Cancel);
        content.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(content);
        var pdb = provider.GetMetadataReader();
        // The same sources give the same file wherever they lie.
        Assert.All(pdb.Documents, document => Assert.StartsWith("/_", pdb.GetString(pdb.GetDocument(document).Name), StringComparison.Ordinal));
        var links = pdb.CustomDebugInformation.Select(pdb.GetCustomDebugInformation).Where(information => pdb.GetGuid(information.Kind) == SourceLink).Select(information => Encoding.UTF8.GetString(pdb.GetBlobBytes(information.Value)));
        Assert.Contains($"https://raw.githubusercontent.com/union-actors/union-actors/{PackedUnion.Commit}/*", Assert.Single(links), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UnionActors.Domain")]
    [InlineData("UnionActors.Client", "UnionActors.Domain")]
    [InlineData("UnionActors.Grains", "UnionActors.Client")]
    [InlineData("UnionActors.Silo", "UnionActors.Grains")]
    [InlineData("UnionActors.Testing", "UnionActors.Silo")]
    public async Task A_package_rests_on_the_floor_below(string id, params string[] below)
    {
        await using var package = await Open(id, "nupkg");
        var nuspec = await XDocument.LoadAsync(await package.GetEntry($"{id}.nuspec")!.OpenAsync(Cancel), LoadOptions.None, Cancel);
        var rests = nuspec.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value).ToList();
        Assert.Equal(below, rests.Where(other => other.StartsWith("UnionActors.", StringComparison.Ordinal)));
        if (id == "UnionActors.Domain") Assert.Empty(rests);
        // An application that only calls in gets neither a silo nor a database.
        if (id == "UnionActors.Client") Assert.DoesNotContain(rests, other => other.Contains("Npgsql", StringComparison.Ordinal) || other.Contains("Sqlite", StringComparison.Ordinal) || other.Contains("Server", StringComparison.Ordinal));
    }

    [Fact, Trait("F", "110")]
    public async Task An_application_embeds_the_union_and_tests_itself_with_it()
    {
        var said = await Command.Run("dotnet", packed.Program("Embedded", packed.Work), packed.Work, cancel: Cancel);
        Assert.Contains("示例区总工会 stands at version 1.", said, StringComparison.Ordinal);
        Assert.Contains("A test has 3 members.", said, StringComparison.Ordinal);
    }

    [Fact, Trait("F", "110")]
    public async Task A_console_and_a_web_application_call_the_silo_of_the_tool()
    {
        var (gateway, web) = (FreePort.Next(), FreePort.Next());
        await using var silo = Command.Start(packed.UnionSilo, ["run", "--file", Path.Combine(packed.Work, "silo.db"), "--gateway-port", $"{gateway}", "--silo-port", "0", "--health-port", "0"], packed.Work);
        await silo.Until("union-silo is ready", Cancel);
        (string, string?)[] connection =
        [
            ("Union__Client__Gateways__0", $"127.0.0.1:{gateway}"), ("Union__Client__Operator__Id", "desk"), ("Union__Client__Operator__Union", "D-1"), ("Union__Client__Operator__Role", "District"),
        ];

        var said = await Command.Run("dotnet", packed.Program("Console"), packed.Work, connection, Cancel);
        Assert.Contains("示例区总工会 stands at version 1.", said, StringComparison.Ordinal);
        Assert.Contains("Refused: union.", said, StringComparison.Ordinal);
        Assert.Contains("D-1 示例区总工会", said, StringComparison.Ordinal);

        await using var site = Command.Start("dotnet", packed.Program("Web", "--urls", $"http://127.0.0.1:{web}"), packed.Work, connection);
        await site.Until("Application started", Cancel);
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{web}") };
        using var made = await http.PostAsJsonAsync("/unions/S-1", new { Name = "示例街道总工会", Upper = "D-1" }, Cancel);
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        using var refused = await http.PostAsJsonAsync("/unions/S-2", new { Name = "", Upper = "D-1" }, Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("示例街道总工会", await http.GetStringAsync("/unions", Cancel), StringComparison.Ordinal);
        Assert.Equal("Healthy", await http.GetStringAsync("/health", Cancel));
    }

    private async Task<ZipArchive> Open(string id, string kind) => await ZipFile.OpenReadAsync(Path.Combine(packed.Packages, $"{id}.{packed.Version}.{kind}"), Cancel);
}
