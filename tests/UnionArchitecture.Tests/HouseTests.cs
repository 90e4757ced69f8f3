using System.Reflection;
using System.Xml.Linq;

namespace UnionArchitecture.Tests;

public sealed class HouseTests
{
    // The clocks that nobody can set. TimeProvider.System is named where a host is put together, and nowhere else.
    private static readonly string[] Clocks =
    [
        "System.DateTime.get_Now/0", "System.DateTime.get_UtcNow/0", "System.DateTime.get_Today/0",
        "System.DateTimeOffset.get_Now/0", "System.DateTimeOffset.get_UtcNow/0",
        "System.Environment.get_TickCount/0", "System.Environment.get_TickCount64/0",
    ];

    private static readonly string[] ForbiddenSuffixes = ["Manager", "Helper", "Service", "Dto", "Impl", "Data", "Info", "Utils"];

    // A grain without an aggregate has no base of the kernel to inherit its work from.
    private static readonly string[] GrainsWithMembers = ["UnionGrains.Feed.FeedGrain", "UnionGrains.Imports.ImportGrain", "UnionGrains.Reports.FigureGrain"];

    // The consumers of the packages are another house.
    private static string[] Projects => [.. Repository.Tracked.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) && !file.Contains("/Consumers/", StringComparison.Ordinal))];

    [Fact]
    public void The_rules_reference_nothing_but_the_base_class_library()
    {
        var library = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Assert.EndsWith("Microsoft.NETCore.App", Path.GetDirectoryName(library), StringComparison.Ordinal);
        Assert.All(Product.Assembly("UnionDomain").GetReferencedAssemblies(), reference => Assert.True(File.Exists(Path.Combine(library, reference.Name + ".dll")), reference.Name));
        Assert.DoesNotContain(Project("UnionDomain/UnionDomain.csproj").Descendants(), item => item.Name.LocalName is "PackageReference" or "ProjectReference" or "FrameworkReference");
    }

    [Theory]
    [InlineData("UnionDomain", null)]
    [InlineData("UnionClient", "UnionDomain")]
    [InlineData("UnionGrains", "UnionClient")]
    [InlineData("UnionSilo", "UnionGrains")]
    public void Arrows_run_one_way(string floor, string? below)
    {
        Assert.Equal(below is null ? [] : [$"{below}/{below}.csproj"], References($"{floor}/{floor}.csproj"));
        var allowed = Product.Floors.TakeWhile(name => !string.Equals(name, floor, StringComparison.Ordinal)).ToList();
        Assert.All(
            Product.Assembly(floor).GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => name.StartsWith("Union", StringComparison.Ordinal)),
            name => Assert.Contains(name, allowed));
    }

    [Theory, MemberData(nameof(Floors))]
    public void No_code_asks_a_clock_that_nobody_can_set(string floor) => Assert.Empty(Product.ForeignMembers(floor).Intersect(Clocks, StringComparer.Ordinal));

    [Fact]
    public void The_rules_get_their_clock_from_outside() => Assert.DoesNotContain("System.TimeProvider.get_System/0", Product.ForeignMembers("UnionDomain"));

    [Theory, MemberData(nameof(Floors))]
    public void Only_the_client_makes_ids_that_tell_the_time(string floor)
    {
        if (floor != "UnionClient") Assert.DoesNotContain("System.Guid.CreateVersion7/0", Product.ForeignMembers(floor));
    }

    [Fact]
    public void The_rules_do_no_input_and_no_output_and_never_wait() => Assert.DoesNotContain(Product.ForeignTypes("UnionDomain"), name =>
        name.StartsWith("System.IO.", StringComparison.Ordinal)
        || name.StartsWith("System.Net.", StringComparison.Ordinal)
        || name.StartsWith("System.Data.", StringComparison.Ordinal)
        || name.StartsWith("System.Threading.Tasks.", StringComparison.Ordinal));

    [Fact]
    public void A_grain_of_a_room_is_a_single_line()
    {
        Type[] grains =
        [
            .. Product.Types("UnionGrains").Where(type => type.IsClass && !type.IsAbstract && typeof(Orleans.Grain).IsAssignableFrom(type)
                && type.Namespace != "UnionGrains.Kernel" && !GrainsWithMembers.Contains(type.FullName, StringComparer.Ordinal)),
        ];
        Assert.NotEmpty(grains);
        Assert.All(grains, grain => Assert.All(
            grain.GetMembers(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic),
            member => Assert.IsType<ConstructorInfo>(member, exactMatch: false)));
    }

    [Theory, MemberData(nameof(Floors))]
    public void No_type_has_a_name_that_says_nothing(string floor) => Assert.DoesNotContain(
        Product.Types(floor).Select(type => type.Name.Split('`')[0]),
        name => ForbiddenSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal)));

    [Theory, MemberData(nameof(Floors))]
    public void Undocumented_members_stay_errors(string floor)
    {
        Assert.DoesNotContain("1591", Repository.Read($"{floor}/{floor}.csproj"), StringComparison.Ordinal);
        Assert.DoesNotContain(Repository.Tracked.Where(file => file.StartsWith(floor + "/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)),
            file => Repository.Read(file).Contains("#pragma warning disable CS1591", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_package_has_its_version_in_one_place()
    {
        var pinned = Project("Directory.Packages.props").Descendants("PackageVersion").Select(item => item.Attribute("Include")!.Value).ToHashSet(StringComparer.Ordinal);
        var files = Projects.Concat(Repository.Tracked.Where(file => Path.GetFileName(file) is "Directory.Build.props" or "Directory.Build.targets"));
        var used = files.SelectMany(file => Project(file).Descendants("PackageReference").Select(item => (File: file, Item: item))).ToList();
        Assert.NotEmpty(used);
        Assert.All(used, use =>
        {
            Assert.Null(use.Item.Attribute("Version"));
            Assert.Null(use.Item.Attribute("VersionOverride"));
            Assert.Contains(use.Item.Attribute("Include")!.Value, pinned);
        });
    }

    [Fact]
    public void No_package_depends_on_a_project_that_is_none() => Assert.All(Projects.Where(Packable), project => Assert.All(References(project), below => Assert.True(Packable(below), $"{project} → {below}")));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("UnionActors.sln").Replace('\\', '/');
        Assert.All(Projects, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    public static TheoryData<string> Floors => [.. Product.Floors];

    private static XDocument Project(string file) => XDocument.Load(Repository.PathOf(file));

    private static bool Packable(string project) => Project(project).Descendants("IsPackable").Any(item => item.Value == "true");

    private static string[] References(string project) =>
    [
        .. Project(project).Descendants("ProjectReference").Select(item => Path.GetRelativePath(
            Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, item.Attribute("Include")!.Value.Replace('\\', '/'))).Replace('\\', '/')),
    ];
}
