using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;
using UnionTestKit;

namespace UnionClient.Tests;

/// <summary>The union that tests of applications start: it is what it says, and leaves nothing behind.</summary>
public sealed class TestKitTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_union_for_a_test_keeps_what_it_was_told_over_a_restart_and_goes_with_its_files()
    {
        var union = await TestUnion.Start(cancel: Cancel);
        var folder = Path.GetDirectoryName(union.File)!;
        var district = await union.Found(new() { Subdistricts = 2, UnionsEach = 2, UnitsEach = 2, MembersEach = 5 }, Cancel);
        Assert.Equal((2, 4, 8, 40), (district.Subdistricts.Count, district.Unions.Count, district.Units.Count, district.Members.Count));
        await union.Restart(Cancel);
        var lines = await union.Client.Members.List(new() { On = union.Clock.Today, Within = TestDistrict.Federation }, Cancel).ToListAsync(Cancel);
        Assert.Equal(district.Members, lines.Select(line => line.Id));
        Assert.All(lines, line => Assert.Equal((MemberStatus.Active, ""), (line.Status, line.Findings)));
        Assert.Equal([.. Enumerable.Repeat(5, 8)], lines.GroupBy(line => line.Employer).Select(group => group.Count()));
        // A unit with members counts at one federation: the subdistrict of its union.
        foreach (var subdistrict in district.Subdistricts)
            Assert.Equal(20, (await union.Client.Reports.Count(MemberMeasures.Entered, subdistrict, Period.Year(2025), Cancel)).Value);
        await union.DisposeAsync();
        await union.DisposeAsync();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Today_is_what_the_test_says_and_two_unions_know_nothing_of_each_other()
    {
        await using var first = await TestUnion.Start(new DateOnly(2025, 6, 30), cancel: Cancel);
        await using var second = await TestUnion.Start(cancel: Cancel);
        Assert.Equal(TestUnion.FirstDay, second.Clock.Today);
        var district = await first.Found(cancel: Cancel);
        Assert.Equal(0, (await second.Client.Unions.Get(TestDistrict.Federation, cancel: Cancel)).Version);
        var tomorrow = TestDistrict.ByDesk with { BusinessOn = new DateOnly(2025, 7, 1) };
        Assert.False((await first.Client.Members.Send(district.Members[0], new MemberCommand.RecordActivity(), tomorrow, Cancel)).Accepted);
        first.Clock.Advance(TimeSpan.FromHours(12));
        Assert.Equal(new(2025, 7, 1), first.Clock.Today);
        Assert.True((await first.Client.Members.Send(district.Members[0], new MemberCommand.RecordActivity(), tomorrow, Cancel)).Accepted);
    }

    [Fact]
    public void Made_up_numbers_are_of_nobody_and_have_true_check_digits()
    {
        for (var n = 1; n <= 2_000; n++)
        {
            var (number, birth) = MadeUpCodes.Resident(n, n % 2 == 0);
            Assert.True(ResidentId.TryParse(number, new(2025, 3, 3), out _, out _), number);
            Assert.InRange(birth.Year, 1901, 1912);
            Assert.True(UnitCode.TryParse(MadeUpCodes.Unit(n), out _, out _), MadeUpCodes.Unit(n));
            Assert.True(CardNumber.TryParse(MadeUpCodes.Card(n), out _, out _), MadeUpCodes.Card(n));
        }

        Assert.Equal(2_000, Enumerable.Range(1, 2_000).Select(MadeUpCodes.Unit).Distinct(StringComparer.Ordinal).Count());
    }
}
