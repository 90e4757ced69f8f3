extern alias Sample;

using Sample::ConsoleHost.Roll;
using UnionTesting;

namespace UnionSilo.Tests.Samples;

/// <summary>The generated roll holds what the source report tells, at every scale, and is the same every time.</summary>
[Trait("F", "100")]
public sealed class RollSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0.01", 83, 2_491, 2_348, 1_500, 5, 100)]
    [InlineData("0.013", 108, 3_239, 3_053, 1_950, 7, 130)]
    [InlineData("0.05", 416, 12_456, 11_742, 7_500, 25, 498)]
    [InlineData("0.37", 3_076, 92_176, 86_894, 55_500, 188, 3_686)]
    public void The_masses_follow_the_scale_half_up_and_the_rate_stays(string scale, int units, int registered, int entered, int cards, int unions, int members)
    {
        using var folder = new TemporaryFolder();
        var planted = RollGenerator.Write(new(folder.Path), decimal.Parse(scale, System.Globalization.CultureInfo.InvariantCulture), cancel: Cancel);
        Assert.Equal(
            (units, registered, entered, cards, unions, members),
            (planted.UnitsEntered, planted.Registered, planted.Entered, planted.CardsIssued, planted.UnionsNew, planted.MembersNew));
        Assert.All(planted.Traps, trap => Assert.True(trap.Value > 0, trap.Key));
    }

    [Fact]
    public void The_same_scale_gives_the_same_files()
    {
        using var one = new TemporaryFolder();
        using var other = new TemporaryFolder();
        foreach (var folder in (TemporaryFolder[])[one, other]) RollGenerator.Write(new(folder.Path), 0.01m, cancel: Cancel);
        foreach (var file in Directory.GetFiles(one.File("roll"))) Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(other.File(Path.Combine("roll", Path.GetFileName(file)))));
    }
}
