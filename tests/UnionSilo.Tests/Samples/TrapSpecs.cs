extern alias Sample;

using Sample::ConsoleHost;
using Sample::ConsoleHost.Roll;
using UnionTesting;

namespace UnionSilo.Tests.Samples;

/// <summary>
/// What the roll holds so that it is not counted would be seen if it were: each kind of trap is written once as if it were none, and the report must show ✗ where it belongs. What a kind
/// does not change before the cards were made, it shares with the others: the union as it stood then, and what it spoils is among those who were entered later.
/// </summary>
[Trait("F", "24"), Trait("F", "28"), Trait("F", "100"), Trait("F", "101")]
public sealed class TrapSpecs(TrapSpecs.Spring spring) : IClassFixture<TrapSpecs.Spring>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Every kind, the figure that it would spoil, and whether it lies in what happens after the cards were made.</summary>
    public static TheoryData<string, string, bool> Kinds => new()
    {
        { "employer-with-unqualified-members-only", "member.units-entered", false },
        { "union-completed-on-the-day-before", "organising.unions-new", false },
        { "union-completed-on-the-day-after", "organising.unions-new", false },
        { "union-of-another-district", "organising.unions-new", false },
        { "member-of-another-district", "member.entered", false },
        { "card-of-another-district", "card.issued", false },
        { "card-rejected", "card.issued", false },
        { "card-lost-and-replaced", "card.issued", false },
        { "member-without-consent", "card.issued", false },
        { "card-issued-on-the-day-after", "card.issued", false },
        { "birth-disagrees", "member.entered", true },
        { "document-expired", "member.entered", true },
        { "fifteen-digits", "member.entered", true },
        { "missing-field", "member.entered", true },
        { "sex-disagrees", "member.entered", true },
        { "unknown-code", "member.collection-rate", true },
        { "wrong-checksum", "member.collection-rate", true },
        { "card-cancelled", "card.issued", true },
        { "notice-of-a-replaced-card", "card.issued", true },
        { "card-of-a-retained-member", "card.issued", true },
        { "card-of-a-withdrawn-member", "card.issued", true },
        { "retained-member", "member.entered", true },
        { "withdrawn-member", "member.entered", true },
        { "transfer-under-way", "member.entered", true },
        { "transfer-under-way-from-another-district", "member.collection-rate", true },
        { "duplicate-number", "member.entered", true },
        { "unknown-union", "member.entered", true },
        { "union-of-wrong-level", "member.entered", true },
        { "closed-union", "member.entered", true },
        { "employer-without-members", "member.units-entered", true },
        { "new-member-of-an-old-union", "organising.members-new", true },
        { "member-joined-on-the-day-after", "member.entered", true },
    };

    [Fact]
    public void Every_kind_of_trap_in_the_roll_is_sprung_here()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(RollGenerator.Write(new(folder.Path), Spring.Scale, cancel: Cancel).Traps.Keys, Kinds.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_trap_that_is_sprung_spoils_a_figure(string kind, string figure, bool late)
    {
        using var folder = new TemporaryFolder();
        if (late) await spring.Share(folder, Cancel);
        var planted = RollGenerator.Write(new(folder.Path), Spring.Scale, cancel: Cancel, sprung: kind);
        await using var union = await RunningUnion.Embedded(folder.File("union.db"));
        Assert.Equal(planted.ToString(), (await new HalfYear(union.Client, new(folder.Path), Spring.Scale).Replay((_, _) => _ => { }, Cancel)).ToString());
        Assert.Contains(figure, (await HalfYearFigures.Read(union.Client, planted, Cancel)).Where(line => !line.Ok).Select(line => line.Id));
    }

    /// <summary>The half-year up to where the cards were made, once.</summary>
    public sealed class Spring : IDisposable
    {
        public const decimal Scale = 0.01m;

        private readonly TemporaryFolder shared = new();
        private readonly SemaphoreSlim once = new(1);
        private bool made;

        /// <summary>Puts a copy into a folder.</summary>
        public async Task Share(TemporaryFolder folder, CancellationToken cancel)
        {
            await once.WaitAsync(cancel);
            try
            {
                if (!made) await Make(cancel);
                made = true;
            }
            finally
            {
                once.Release();
            }

            Directory.CreateDirectory(folder.File("bank"));
            foreach (var file in Directory.GetFiles(shared.Path, "*", SearchOption.AllDirectories)) File.Copy(file, folder.File(Path.GetRelativePath(shared.Path, file)));
        }

        public void Dispose()
        {
            shared.Dispose();
            once.Dispose();
        }

        private async Task Make(CancellationToken cancel)
        {
            await using (var union = await RunningUnion.Embedded(shared.File("union.db")))
                await Assert.ThrowsAsync<FarEnoughException>(() => new HalfYear(union.Client, new(shared.Path), Scale).Replay((step, _) => step == "Importing members-corrected.csv" ? throw new FarEnoughException() : _ => { }, cancel));
            Directory.Delete(shared.File("roll"), recursive: true);
        }

        private sealed class FarEnoughException : Exception;
    }
}
