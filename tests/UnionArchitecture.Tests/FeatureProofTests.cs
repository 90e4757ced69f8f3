namespace UnionArchitecture.Tests;

public sealed class FeatureProofTests
{
    public static TheoryData<int> Built => [.. Feature.All.Where(feature => feature.Built).Select(feature => feature.Id)];

    [Theory, MemberData(nameof(Built))]
    public void A_feature_that_is_built_has_an_accepted_and_a_refused_case(int feature)
    {
        Assert.True(Feature.AllProofs[feature].Any(test => !test.Refused), $"F{feature} has no accepted case.");
        Assert.True(Feature.AllProofs[feature].Any(test => test.Refused), $"F{feature} has no refused case.");
    }

    [Fact]
    public void Every_proof_is_of_a_known_feature() => Assert.Empty(Feature.AllProofs.Select(proofs => proofs.Key).Except(Feature.All.Select(feature => feature.Id)));

    [Fact]
    public void A_test_is_read_with_its_features_and_its_outcome()
    {
        FeatureTest[] read =
        [
            .. FeatureTest.In("""
                [Trait("F", "1")]
                public sealed class TreeSpecs
                {
                    [Theory, InlineData(1), Trait("F", "2")]
                    public Task A_step_up_is_taken(int level) => Union.Given().When(level).Then();

                    [Fact]
                    public async Task A_cycle_is_a_mistake()
                    {
                        await Union.Given().ThenRefused(UnionRules.Cycle);
                    }

                    private static void Helping() => Refused("nothing");
                }

                public class OtherSpecs
                {
                    [Fact]
                    [Trait("F", "3")]
                    [Trait("Case", "refused")]
                    public void Nothing_is_sold() => Assert.Empty(Shop);

                    [Fact]
                    public void Nothing_is_proven() { }
                }
                """),
        ];
        Assert.Equal(
            [new("TreeSpecs", "A_step_up_is_taken", "1 2", false), new("TreeSpecs", "A_cycle_is_a_mistake", "1", true), new("OtherSpecs", "Nothing_is_sold", "3", true)],
            read);
    }
}
