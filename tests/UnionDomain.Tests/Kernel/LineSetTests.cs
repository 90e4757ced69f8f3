using System.Text.Json;
using CsCheck;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Kernel;

public sealed class LineSetTests
{
    private static readonly Gen<int[]> Lines = Gen.Int[1, 40].Array[0, 25];

    [Theory]
    [InlineData("", 0)]
    [InlineData("1", 1)]
    [InlineData("1-3", 3)]
    [InlineData("2,4-6,8", 5)]
    [InlineData("1000000000", 1)]
    public void A_set_is_read_and_written_back(string text, int count)
    {
        Assert.True(LineSet.TryParse(text, out var set, out _));
        Assert.Equal((text, count), (set.Value, set.Count));
        Assert.Equal(set, JsonSerializer.Deserialize<LineSet>(JsonSerializer.Serialize(set, UnionJson.Options), UnionJson.Options));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2-2")]
    [InlineData("3-2")]
    [InlineData("1,2")]
    [InlineData("3,1")]
    [InlineData("1,1")]
    [InlineData("1,")]
    [InlineData("1-3,2-5")]
    [InlineData(" 1")]
    [InlineData("１")]
    [InlineData("1000000001")]
    [InlineData("99999999999999999999")]
    public void What_is_no_ascending_ranges_is_refused(string text)
    {
        Assert.False(LineSet.TryParse(text, out _, out var refusal));
        Assert.Equal(LineSetRules.NotRanges, refusal);
    }

    [Fact]
    public void Lines_count_from_one() => Assert.Throws<ArgumentOutOfRangeException>(() => LineSet.Of(0, 1));

    [Fact]
    public void A_sentence_names_twenty_ranges()
    {
        Assert.Equal("1-20", LineSet.To(20).Named());
        Assert.EndsWith(",39", LineSet.Of(Enumerable.Range(0, 20).Select(i => (2 * i) + 1)).Named(), StringComparison.Ordinal);
        Assert.EndsWith(",39,…", LineSet.Of(Enumerable.Range(0, 21).Select(i => (2 * i) + 1)).Named(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_a_set() => Gen.Select(Lines, Lines).Sample((left, right) =>
    {
        var (a, b) = (LineSet.Of(left), LineSet.Of(right));
        Assert.Equal(left.Distinct().Order(), a.Lines);
        Assert.Equal(left.Union(right).Order(), a.With(b).Lines);
        Assert.Equal(left.Except(right).Order(), a.Without(b).Lines);
        Assert.Equal(left.Intersect(right).Order(), a.And(b).Lines);
        Assert.Equal(a.Lines.Count(), a.Count);
        Assert.Equal(left.DefaultIfEmpty().Max(), a.Last);
        Assert.True(LineSet.TryParse(a.Value, out var read, out _) && read == a && read.GetHashCode() == a.GetHashCode());
        Assert.All(Enumerable.Range(1, 41), line => Assert.Equal(left.Contains(line), a.Contains(line)));
        Assert.Equal(a == b, left.ToHashSet().SetEquals(right));
    });
}
