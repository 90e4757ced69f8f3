using ConsoleHost;
using ConsoleHost.Roll;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionTesting;

namespace UnionSilo.Tests.Samples;

/// <summary>The sample's half-year comes to what was planted, and a second run changes nothing.</summary>
[Trait("F", "5"), Trait("F", "22"), Trait("F", "23"), Trait("F", "24"), Trait("F", "100"), Trait("F", "101")]
public sealed class HalfYearSpecs(SharedPostgres postgres) : IDisposable
{
    private static readonly UnionId District = new(RollPlan.District);
    private static readonly Period Half = Period.Half(2014, 1);

    private readonly TemporaryFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_half_year_counts_what_was_planted_and_once(string store)
    {
        await using var union = store == "sqlite" ? await RunningUnion.Embedded(folder.File("union.db")) : await RunningUnion.Postgres(postgres.Database());
        var planted = await Replay();
        await MustHold();

        // Every figure opens to records that add up to it.
        foreach (var measure in (Measure[])[MemberMeasures.UnitsEntered, MemberMeasures.Entered, UnionMeasures.New, MemberMeasures.New])
            Assert.Equal(await Count(measure), (await union.Client.Reports.Open(measure, District, Half, Cancel).Select(line => line.Value).SumAsync(Cancel), null));

        var person = await union.Client.Members.List(new() { On = Half.To, Union = new("N-00001") }, Cancel).FirstAsync(Cancel);
        var version = (await union.Client.Members.Get(person.Id, cancel: Cancel)).Version;
        await Replay();
        await MustHold();
        Assert.Equal((1, 1), (version, (await union.Client.Members.Get(person.Id, cancel: Cancel)).Version));

        Task<PlantedRoll> Replay() => new HalfYear(union.Client, new(folder.Path), 0.01m).Replay((_, _) => _ => { }, Cancel);

        async Task MustHold()
        {
            Assert.Equal((planted.UnitsEntered, null), await Count(MemberMeasures.UnitsEntered));
            Assert.Equal((planted.Entered, null), await Count(MemberMeasures.Entered));
            Assert.Equal((planted.Entered, planted.Registered), await Count(MemberMeasures.CollectionRate));
            Assert.Equal((planted.UnionsNew, null), await Count(UnionMeasures.New));
            Assert.Equal((planted.MembersNew, null), await Count(MemberMeasures.New));
        }

        async Task<(long Value, long? Whole)> Count(Measure measure) => await union.Client.Reports.Count(measure, District, Half, Cancel) is var figure ? (figure.Value, figure.Whole) : default;
    }

    public void Dispose() => folder.Dispose();
}
