using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Bulk;

/// <summary>Single commands that begin a person's stream: many callers share a window, and nobody notices.</summary>
public sealed class BeginningSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "15"), Trait("F", "24")]
    public async Task Everybody_who_enters_at_once_is_answered_for_himself_and_activates_no_grain(string store)
    {
        var silo = await Begin(store);
        var replies = await Task.WhenAll(Enumerable.Range(1, 2_500).Select(n => Enter(silo, n)));
        for (var n = 1; n <= replies.Length; n++)
        {
            var reply = Accepted(replies[n - 1]);
            Assert.Equal((CardTown.Person(n), 1, MemberStatus.Active, CardTown.Primary), (reply.View.Id, reply.Version, reply.View.Status, reply.View.Union));
            Assert.False(silo.Active.Holds(CardTown.Person(n).Stream.ToString()));
        }

        // The same document under another key, a union that is none, and a key that names nobody.
        var held = await silo.Client.Members.Send(CardTown.Person(9_001), new MemberCommand.Enter(CardTown.Primary, District.Unit(1), CardTown.Form(7)), CardTown.ByDesk, Cancel);
        Assert.Equal((MemberRules.DocumentHeld.With("holder", CardTown.Person(7).Stream), 0), (held.Refusal, held.Version));
        var astray = await silo.Client.Members.Send(CardTown.Person(9_002), new MemberCommand.Enter(new("U-9"), District.Unit(1), CardTown.Form(9_002)), CardTown.ByDesk, Cancel);
        Assert.Equal((MemberRules.UnionUnknown.Code, MemberStatus.None), (astray.Refusal?.Code, astray.View.Status));
        var nameless = await silo.Client.Members.Send(new("no key"), new MemberCommand.Enter(CardTown.Primary, District.Unit(1), CardTown.Form(9_003)), CardTown.ByDesk, Cancel);
        Assert.Equal(OccasionRules.KeyInvalid, nameless.Refusal);
        Assert.Equal((replies[6].View, 1), await silo.Client.Members.Get(CardTown.Person(7), cancel: Cancel) is var read ? (read.View, read.Version) : default);
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "24")]
    public async Task A_repeat_is_applied_once_and_shows_what_stands_now(string store)
    {
        var silo = await Begin(store);
        var (id, next) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Enter(silo, 1, id)));
        Assert.All(replies, reply => Assert.Equal(1, Accepted(reply).Version));
        Accepted(await silo.Client.Members.Send(CardTown.Person(1), new MemberCommand.RecordActivity(), CardTown.ByDesk with { CommandId = next }, Cancel));
        var later = Accepted(await Enter(silo, 1, id));
        Assert.Equal((2, CardTown.Today), (later.Version, later.View.LastActiveOn));
        var other = await silo.Client.Members.Send(CardTown.Person(1), new MemberCommand.Enter(CardTown.Primary, null, CardTown.Form(1)), CardTown.ByDesk with { CommandId = id }, Cancel);
        Assert.Equal(CommandRules.IdReused.With("id", id), other.Refusal);
        Assert.Equal(id, (await Sound(silo, CardTown.Person(1).Stream.ToString(), [next]))[0].CommandId);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "24")]
    public async Task What_breaks_for_a_window_is_asked_of_each_grain(string store)
    {
        var silo = await Begin(store);
        var broken = 0;
        silo.Store.OnRead = requests => requests.Any(request => request.Stream.StartsWith("member/", StringComparison.Ordinal)) && Interlocked.Increment(ref broken) <= 2
            ? throw new IOException("gone for a moment")
            : Task.CompletedTask;
        var replies = await Task.WhenAll(Enumerable.Range(1, 50).Select(n => Enter(silo, n)));
        Assert.True(broken > 2);
        Assert.All(replies, reply => Assert.Equal(1, Accepted(reply).Version));
        Assert.Empty(await Verify());
    }

    private async Task<RunningUnion> Begin(string store)
    {
        var silo = await Start(store);
        await new CardTown(silo.Client, Cancel).Found();
        return silo;
    }

    private static Task<Reply<MemberView>> Enter(RunningUnion silo, int n, Guid? id = null) =>
        silo.Client.Members.Send(CardTown.Person(n), new MemberCommand.Enter(CardTown.Primary, District.Unit(1), CardTown.Form(n)), CardTown.ByDesk with { CommandId = id }, Cancel);
}
