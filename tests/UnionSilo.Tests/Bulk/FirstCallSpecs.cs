using UnionClient;
using UnionClient.Members;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Bulk;

/// <summary>The first calls to a person go past the activation: many callers share a window, and nobody notices.</summary>
public sealed class FirstCallSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
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

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "19"), Trait("F", "24")]
    public async Task Two_calls_to_a_person_activate_no_grain_and_the_third_does(string store)
    {
        var silo = await Begin(store);
        await Stored(silo, 100);
        var shown = await Task.WhenAll(Enumerable.Range(1, 100).Select(n => silo.Client.Members.Get(CardTown.Person(n), cancel: Cancel)));
        for (var n = 1; n <= shown.Length; n++) Assert.Equal((CardTown.Person(n), 1, MemberStatus.Active), (shown[n - 1].View.Id, shown[n - 1].Version, shown[n - 1].View.Status));
        var id = Guid.CreateVersion7();
        var changed = await Task.WhenAll(Enumerable.Range(1, 100).Select(n => silo.Client.Members.Send(CardTown.Person(n), new MemberCommand.RecordActivity(), CardTown.ByDesk with { CommandId = n == 7 ? id : null }, Cancel)));
        for (var n = 1; n <= changed.Length; n++) Assert.Equal((CardTown.Person(n), 2, CardTown.Today), (Accepted(changed[n - 1]).View.Id, changed[n - 1].Version, changed[n - 1].View.LastActiveOn));

        // Two persons may share one count; three pairs of a hundred do not.
        Assert.InRange(Enumerable.Range(1, 100).Count(n => silo.Active.Holds(CardTown.Person(n).Stream.ToString())), 0, 2);

        var third = await silo.Client.Members.Get(CardTown.Person(7), cancel: Cancel);
        Assert.True(silo.Active.Holds(CardTown.Person(7).Stream.ToString()));
        Assert.Equal((changed[6].View, changed[6].Version), (third.View, third.Version));
        Assert.Equal((changed[6].View, 2), Accepted(await silo.Client.Members.Send(CardTown.Person(7), new MemberCommand.RecordActivity(), CardTown.ByDesk with { CommandId = id }, Cancel)) is var again ? (again.View, again.Version) : default);
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "19"), Trait("F", "24")]
    public async Task Who_is_active_is_left_to_the_grain_which_reads_nothing_again(string store)
    {
        var silo = await Begin(store);
        await Stored(silo, 2);
        var active = silo.Get<IGrainFactory>().GetGrain<IMemberGrain>(CardTown.Person(1).Stream.ToString());
        await active.Get();
        var read = silo.Store.RowsRead;
        var shown = await silo.Client.Members.Get(CardTown.Person(1), cancel: Cancel);
        var changed = Accepted(await silo.Client.Members.Send(CardTown.Person(1), new MemberCommand.RecordActivity(), CardTown.ByDesk, Cancel));
        Assert.Equal((1, 2, CardTown.Today), (shown.Version, changed.Version, changed.View.LastActiveOn));
        Assert.Equal((changed.View, 2), await active.Get() is var now ? (now.View, now.Version) : default);
        Assert.Equal(read, silo.Store.RowsRead);

        // Beside somebody who is not, in one window.
        var both = await Task.WhenAll(Enumerable.Range(1, 2).Select(n => silo.Client.Members.Get(CardTown.Person(n), cancel: Cancel)));
        Assert.Equal([2, 1], both.Select(reply => reply.Version));
        Assert.Equal((read + 1, false), (silo.Store.RowsRead, silo.Active.Holds(CardTown.Person(2).Stream.ToString())));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "19")]
    public async Task A_recorded_look_and_a_question_are_calls_to_the_grain(string store)
    {
        var silo = await Begin(store);
        await Stored(silo, 2);
        var opened = Accepted(await silo.Client.Members.Get(CardTown.Person(1), MemberPurposes.All.Keys.First(), CardTown.Desk, Cancel));
        Assert.Equal((CardTown.Form(1).Mobile, 2), (opened.View.Personal?.Mobile, opened.Version));
        Accepted(await silo.Client.Members.Validate(CardTown.Person(2), new MemberCommand.RecordActivity(), CardTown.ByDesk, Cancel));
        for (var n = 1; n <= 2; n++) Assert.True(silo.Active.Holds(CardTown.Person(n).Stream.ToString()));
        var read = silo.Store.RowsRead;
        Assert.Equal([2, 1], (await Task.WhenAll(Enumerable.Range(1, 2).Select(n => silo.Client.Members.Get(CardTown.Person(n), cancel: Cancel)))).Select(reply => reply.Version));
        Assert.Equal(read, silo.Store.RowsRead);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "19")]
    public async Task Nobody_and_a_key_that_names_nobody_are_answered_as_their_grains_answer(string store)
    {
        var silo = await Begin(store);
        foreach (var id in (MemberId[])[CardTown.Person(404), new("no key")])
        {
            var past = await silo.Client.Members.Get(id, cancel: Cancel);
            Assert.False(silo.Active.Holds(id.Stream.ToString()));
            var grain = await silo.Get<IGrainFactory>().GetGrain<IMemberGrain>(id.Stream.ToString()).Get();
            Assert.Equal((grain.View, grain.Version, grain.Refusal), (past.View, past.Version, past.Refusal));
            var refused = await silo.Client.Members.Send(id, new MemberCommand.RecordActivity(), CardTown.ByDesk, Cancel);
            var there = await silo.Get<IGrainFactory>().GetGrain<IMemberGrain>(id.Stream.ToString()).Send(new(Guid.CreateVersion7(), new MemberCommand.RecordActivity(), CardTown.Desk));
            Assert.NotNull(refused.Refusal);
            Assert.Equal((there.View, there.Version, there.Refusal), (refused.View, refused.Version, refused.Refusal));
        }
    }

    [Fact, Trait("F", "19"), Trait("F", "106")]
    public async Task Whoever_is_active_on_another_silo_shows_at_once_what_a_first_call_changed()
    {
        var (silo, other) = (await Begin("postgres"), await Start("postgres"));
        await Stored(silo, 50);
        var grains = Enumerable.Range(1, 50).Select(n => other.Get<IGrainFactory>().GetGrain<IMemberGrain>(CardTown.Person(n).Stream.ToString())).ToList();
        await On(other.Get<ILocalSiloDetails>().SiloAddress, () => Task.WhenAll(grains.Select(grain => grain.Get())));
        Assert.Equal(50, Enumerable.Range(1, 50).Count(n => other.Active.Holds(CardTown.Person(n).Stream.ToString())));
        // A window is decided where its caller stands.
        var past = await Task.WhenAll(Enumerable.Range(1, 50).Select(n => silo.Client.Members.Send(CardTown.Person(n), new MemberCommand.RecordActivity(), CardTown.ByDesk, Cancel)));
        Assert.DoesNotContain(Enumerable.Range(1, 50), n => silo.Active.Holds(CardTown.Person(n).Stream.ToString()));
        var there = await Task.WhenAll(Enumerable.Range(1, 50).Select(n => other.Client.Members.Get(CardTown.Person(n), cancel: Cancel)));
        Assert.Equal(past.Select(reply => (Accepted(reply).View, 2L)), there.Select(reply => (reply.View, reply.Version)));
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "19")]
    public async Task A_window_of_looks_that_breaks_is_asked_of_each_grain(string store)
    {
        var silo = await Begin(store);
        await Stored(silo, 50);
        var broken = 0;
        silo.Store.OnRead = requests => Interlocked.Increment(ref broken) <= 2 ? throw new IOException("gone for a moment") : Task.CompletedTask;
        var replies = await Task.WhenAll(Enumerable.Range(1, 50).Select(n => silo.Client.Members.Get(CardTown.Person(n), cancel: Cancel)));
        Assert.True(broken > 2);
        Assert.All(replies, reply => Assert.Equal(1, reply.Version));
    }

    private static async Task Stored(RunningUnion silo, int count)
    {
        var rows = Enumerable.Range(1, count).Select(n => new BulkRow<MemberId, MemberCommand>(CardTown.Person(n), new MemberCommand.Enter(CardTown.Primary, District.Unit(1), CardTown.Form(n)), CardTown.ByDesk));
        Assert.All(await silo.Client.Members.Bulk.Send(rows.ToAsyncEnumerable(), cancel: Cancel).ToListAsync(Cancel), outcome => Assert.True(outcome.Accepted));
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
