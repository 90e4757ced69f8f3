using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionTesting;
using UnionTestKit;

namespace UnionClient.Tests.Guides;

/// <summary>The examples of docs/client.md do what the guide says. UNION_UPDATE_DOCS=1 writes them into it (<c>./run-tests --update-docs</c>).</summary>
public sealed class ClientGuideTests : IAsyncLifetime
{
    private static readonly MemberId Person = TestDistrict.Person(4);

    private readonly List<string> told = [];
    private TestUnion union = null!;
    private TestDistrict district = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ClientGuide Guide => new(union.Client, told.Add);

    public async ValueTask InitializeAsync()
    {
        union = await TestUnion.Start(cancel: Cancel);
        district = await union.Found(cancel: Cancel);
    }

    public ValueTask DisposeAsync() => union.DisposeAsync();

    [Fact]
    public void The_guide_shows_these_examples() => Snippets.Same("docs/client.md", "tests/UnionClient.Tests/Guides/ClientGuide.cs");

    [Fact]
    public void The_client_is_registered_in_either_way()
    {
        Assert.Contains(ClientGuide.Register([]), service => service.ServiceType == typeof(IUnionClient));
        using var folder = new TemporaryFolder();
        using var host = ClientGuide.Embedded([$"--Union:Embedded:File={folder.File("union.db")}"]);
        Assert.NotNull(host.Services.GetService(typeof(IUnionClient)));
    }

    [Fact]
    public async Task Commands_are_accepted_refused_tried_and_repeated()
    {
        var primary = district.Unions[0];
        await Guide.Send(Person, primary, district.Units[0]);
        Assert.StartsWith("示** Active", told[^1], StringComparison.Ordinal);
        await Guide.Validate(Person, primary, TestDistrict.Officer(primary));
        Assert.Equal("member.transfer-to-own", told[^1]);
        await Guide.Again(Person, TestDistrict.Desk);
        Assert.Equal("2 2", told[^1]);
        await Guide.Expected(district.Members[0], TestDistrict.Desk);
        Assert.Equal("version 2", told[^1]);
    }

    [Fact]
    public async Task What_is_read_is_masked_unless_a_look_is_recorded()
    {
        await Guide.Get(district.Members[0], TestDistrict.Desk);
        Assert.Equal("示** 示例人", told[^1]);
        await Guide.List(TestDistrict.Federation, union.Clock.Today);
        Assert.StartsWith("0 lines", told[^1], StringComparison.Ordinal);
        await Guide.Search(TestDistrict.Federation, union.Clock.Today, TestDistrict.Desk);
        Assert.Equal("3 found", told[^1]);
        await Guide.Search(TestDistrict.Federation, union.Clock.Today, TestDistrict.Officer(district.Unions[0]));
        Assert.Equal("search.outside-own-subtree", told[^1]);
        await Guide.Token(Person, district.Unions[0], district.Units[0], TestDistrict.Form(4), union.Clock.Today, TestDistrict.Desk);
        Assert.Contains(Person.Value, told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_commands_and_files_are_told_row_by_row()
    {
        await Guide.Bulk(district.Members, TestDistrict.Desk);
        Assert.Empty(told);
        using var folder = new TemporaryFolder();
        var file = folder.File("employers.csv");
        await File.WriteAllTextAsync(
            file, $"{string.Join(',', EmployerSheet.Columns.Select(column => column.Header))}\n{MadeUpCodes.Unit(77)},示例单位,5,F,110108,40,20,5,2,{district.Unions[0]},,\n", Cancel);
        await Guide.Import(file, TestDistrict.Desk);
        Assert.StartsWith("1 new, 0 changed, 0 same, 0 refused", told[^1], StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Cancel)).Replace(MadeUpCodes.Unit(77), MadeUpCodes.Unit(78), StringComparison.Ordinal), Cancel);
        await Guide.Plan(file, TestDistrict.Desk);
        Assert.Equal(["row 1 would be New", "1 new, 1 undone, 0 kept"], told[^2..]);
    }

    [Fact]
    public async Task Figures_open_to_their_records()
    {
        await Guide.Report(TestDistrict.Federation);
        Assert.Equal(3, told.Count(line => line.StartsWith("member/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_happened_is_told_once_behind_the_last_token()
    {
        await Guide.Feed(null, TestDistrict.Desk, Cancel);
        // The federation, a subdistrict, a union, a unit and three members.
        Assert.Equal(7, told[..^1].Select(line => line.Split(' ')[0]).Distinct(StringComparer.Ordinal).Count());
        var kept = told[^1];
        told.Clear();
        await Guide.Feed(kept, TestDistrict.Desk, Cancel);
        Assert.Equal([kept], told);
    }

    [Fact]
    public async Task A_refusal_is_no_fault_but_a_script_may_want_it_thrown()
    {
        await Guide.Faults(Person, TestDistrict.Desk);
        Assert.Equal("member.unknown", Assert.Single(told));
        Assert.Equal("member.unknown", (await Assert.ThrowsAsync<RefusedException>(() => Guide.OrThrow(Person, TestDistrict.Desk))).Refusal.Code);
    }

    [Fact]
    public async Task A_test_of_an_application_has_a_whole_union() => Assert.Equal((20, 20L), await ClientGuide.Test());
}
