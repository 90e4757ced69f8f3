extern alias Sample;

using Sample::ConsoleHost;
using Sample::ConsoleHost.Roll;
using UnionDomain.Kernel;
using UnionDomain.Reports;
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
        var figures = await MustHold();

        // Every figure opens to records that add up to it.
        foreach (var figure in figures.Select(figure => figure.Line.Figure).Where(figure => figure.Whole is null))
            Assert.Equal(figure.Value, await union.Client.Reports.Open(WorkReport.Areas.SelectMany(area => area.Entries).Single(entry => entry.Measure.Id == figure.Measure).Measure, District, Half, Cancel).Select(line => line.Value).SumAsync(Cancel));

        var person = await union.Client.Members.List(new() { On = Half.To, Union = new("N-00001") }, Cancel).FirstAsync(Cancel);
        var version = (await union.Client.Members.Get(person.Id, cancel: Cancel)).Version;
        var files = Readable();
        await Replay();
        await MustHold();
        Assert.Equal(version, (await union.Client.Members.Get(person.Id, cancel: Cancel)).Version);
        Assert.Equal(files, Readable());
        if (!OperatingSystem.IsWindows()) Assert.Equal([UnixFileMode.UserRead | UnixFileMode.UserWrite], files.Select(File.GetUnixFileMode).Distinct());

        Task<PlantedRoll> Replay() => new HalfYear(union.Client, new(folder.Path), 0.01m).Replay((_, _) => _ => { }, Cancel);

        // What names somebody, so that its owner may read it and nobody else.
        IReadOnlyList<string> Readable() => [.. ((string[])["roll", "bank"]).SelectMany(part => Directory.GetFiles(folder.File(part))).Order(StringComparer.Ordinal)];

        async Task<IReadOnlyList<HalfYearFigure>> MustHold()
        {
            var counted = await HalfYearFigures.Read(union.Client, planted, Cancel);
            Assert.All(counted, figure => Assert.True(figure.Ok, $"{figure.Id}: {figure.Counted} counted, {figure.Planted} planted"));
            return counted;
        }
    }

    public void Dispose() => folder.Dispose();
}
