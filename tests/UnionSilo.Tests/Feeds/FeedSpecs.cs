using System.Text.Json;
using UnionClient;
using UnionClient.Feed;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Feeds;

/// <summary>What the feed tells, and to whom.</summary>
[Collection(nameof(FeedServer))]
public sealed class FeedSpecs(FeedServer postgres) : SiloSpecs(postgres)
{
    private static readonly Operator Top = new("op-9", District.Federation, Role.District);
    private static readonly UnionId City = new("U-0");
    private static readonly Operator Mayor = new("op-8", City, Role.District);
    private static readonly UnionId West = new("U-10");
    private static readonly UnionId East = new("U-20");
    private static readonly UnionId WestPrimary = new("U-110");
    private static readonly UnionId EastPrimary = new("U-120");
    private static readonly MemberId Person = CardTown.Person(1);

    private static DateOnly Today => CardTown.Today;

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "108")]
    public async Task An_event_tells_what_happened_by_whom_when_and_under_which_command(string store)
    {
        var client = (await Start(store)).Client;
        var (id, sent) = (Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        await client.Employers.Send(Unit, new EmployerCommand.ReportHeadcount(77), new() { Operator = District.Officer, CommandId = id, Reason = "示例原因", DocumentRef = "D-1" }, Cancel);
        var answered = TimeProvider.System.GetUtcNow();

        var told = await Read(client);
        Assert.Equal(["union/U-1 1 federation-set-up", "employer/E-0001 1 registered", "employer/E-0001 2 headcount-reported"], told.Select(Line));
        var newest = told[^1];
        Assert.Equal((1, id, "op-1", Role.District, new UnionId("U-desk"), "示例原因", "D-1", Today), (newest.Schema, newest.CommandId, newest.By, newest.Role, newest.For, newest.Reason, newest.DocumentRef, newest.BusinessOn));
        Assert.Equal((District.Federation, (UnionId?)null), (newest.Union, newest.FormerUnion));
        Assert.InRange(newest.RecordedAt, sent, answered);
        Assert.Equal(77, newest.Data.GetProperty("headcount").GetInt32());
        Assert.Equal(["registered", "headcount-reported"], (await Read(client, new() { Kinds = ["employer"] })).Select(happened => happened.Type));
        // From every token on it tells what follows, once.
        foreach (var (happened, n) in told.Select((happened, n) => (happened, n)))
            Assert.Equal(told.Skip(n + 1).Select(Line), (await Read(client, from: happened.Token)).Select(Line));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "29")]
    public async Task Nothing_personal_is_told_neither_open_nor_masked_nor_sealed_nor_hashed(string store)
    {
        var silo = await Start(store);
        await Establish(silo.Client);
        await silo.Client.Members.Send(Person, new MemberCommand.Enter(WestPrimary, Unit, CardTown.Form(1)), CardTown.ByDesk, Cancel);
        var contact = await silo.Client.Unions.Send(WestPrimary, new UnionCommand.TakeOver("示例联合工会", UnionLevel.Primary, UnionKind.Joint, West, new(1990, 1, 1), 3, new("示例人")), CardTown.ByDesk, Cancel);
        Assert.Null(contact.Refusal);

        var told = await Read(silo.Client, by: Mayor);
        var stored = (await silo.Stored(Person.Stream.ToString(), Cancel))[0].Event;
        var record = JsonDocument.Parse(stored.Json).RootElement.GetProperty("record");
        var entered = Assert.Single(told, happened => happened.Type == "entered").Data;
        foreach (var personal in new[] { "sealed", "nameMask", "documentMask", "mobileMask", "documentHash", "nameHash", "mobileHash", "contentHash" })
        {
            Assert.NotEqual(JsonValueKind.Null, record.GetProperty(personal).ValueKind);
            Assert.False(entered.GetProperty("record").TryGetProperty(personal, out _), personal);
        }

        Assert.Equal(1990, entered.GetProperty("record").GetProperty("birthYear").GetInt32());
        Assert.Equal("{}", Assert.Single(told, happened => happened.Type == "chair-named").Data.GetProperty("chair").GetRawText());
        var all = JsonSerializer.Serialize(told, UnionJson.Options);
        foreach (var secret in new[] { "示例人", "示**", CardTown.Document(1), "1.A" }) Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Everybody_is_told_what_happens_in_the_own_subtree_and_nobody_what_happens_beside_it(string store)
    {
        var client = (await Start(store)).Client;
        await Establish(client);
        Operator west = new("op-4", West, Role.Subdistrict), east = new("op-5", East, Role.Subdistrict);
        await client.Members.Send(Person, new MemberCommand.Enter(WestPrimary, Unit, CardTown.Form(1)), CardTown.ByDesk, Cancel);
        await Accept(client.Members.Send(Person, new MemberCommand.OfferTransfer(EastPrimary), CardTown.ByDesk, Cancel));
        await Accept(client.Members.Send(Person, new MemberCommand.AcceptTransfer(), new() { Operator = new("op-6", District.Federation, Role.District) }, Cancel));
        await Accept(client.Members.Send(Person, new MemberCommand.RecordActivity(), CardTown.ByDesk, Cancel));
        var member = new FeedQuery { Kinds = ["member"] };
        Assert.Equal(["entered", "transfer-offered", "transfer-accepted"], (await Read(client, member, by: west)).Select(happened => happened.Type));
        var arrived = await Read(client, member, by: east);
        Assert.Equal(["transfer-accepted", "activity-recorded"], arrived.Select(happened => happened.Type));
        Assert.Equal((EastPrimary, WestPrimary), (arrived[0].Union, arrived[0].FormerUnion));
        Assert.Equal(["transfer-accepted", "activity-recorded"], (await Read(client, member with { Within = EastPrimary }, by: Mayor)).Select(happened => happened.Type));

        // A union that moves is seen to leave and to arrive.
        await Accept(client.Unions.Send(WestPrimary, new UnionCommand.Move(East), CardTown.ByDesk, Cancel));
        Assert.Contains((await Read(client, by: west)).Select(Line), line => line.EndsWith(" moved", StringComparison.Ordinal));
        Assert.Contains((await Read(client, by: east)).Select(Line), line => line.EndsWith(" moved", StringComparison.Ordinal));

        // Who stands at the top of one tree hears nothing of the other.
        Assert.All(await Read(client, by: Top), happened => Assert.Equal(District.Federation, happened.Union));

        // Nobody reads beside or above the own place; without an operator nobody reads.
        foreach (var beside in new[] { East, City, District.Federation, new UnionId("U-none") })
            Assert.Equal(SearchRules.OutsideOwnSubtree.Code, (await client.Feed.Page(new() { Within = beside }, by: west, cancel: Cancel)).Refusal?.Code);
        Assert.Equal(FeedRules.OperatorMissing, (await client.Feed.Page(cancel: Cancel)).Refusal);
        var unknown = await Assert.ThrowsAsync<UnionFault>(() => client.Feed.Page(new() { Kinds = ["from-the-future"] }, by: Top, cancel: Cancel));
        Assert.Equal(("unknown-case", false), (unknown.Code, unknown.Retryable));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task The_token_passes_over_what_is_not_told(string store)
    {
        var client = (await Start(store)).Client;
        await Establish(client);
        for (var n = 2; n < 30; n++) Accepted(await client.Send(District.Unit(n), District.Registration(n), cancel: Cancel));
        var (pages, next, told) = (0, (FeedToken?)null, new List<FeedEvent>());
        var query = new FeedQuery { Within = West };
        while (true)
        {
            var page = await client.Feed.Page(query, next, 1, Mayor, Cancel);
            Assert.Null(page.Refusal);
            told.AddRange(page.Events);
            (next, pages) = (page.Next, pages + 1);
            if (!page.More) break;
        }

        Assert.Equal((await Read(client, query, by: Mayor)).Select(Line), told.Select(Line));
        Assert.Equal(["union/U-10 1 taken-over", "union/U-110 1 taken-over"], told.Select(Line));
        Assert.InRange(pages, 2, 4);
        Assert.Empty((await client.Feed.Page(query, next, 1, Mayor, Cancel)).Events);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Who_follows_hears_of_what_happens_later_and_stops_when_told_to(string store)
    {
        var client = (await Start(store)).Client;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var heard = System.Threading.Channels.Channel.CreateUnbounded<FeedEvent>();
        var following = Task.Run(async () =>
        {
            await foreach (var happened in client.Feed.Read(follow: true, by: Top, cancel: stop.Token)) await heard.Writer.WriteAsync(happened, Cancel);
        }, Cancel);
        Assert.Equal("union/U-1 1 federation-set-up", Line(await heard.Reader.ReadAsync(Cancel)));
        Assert.Equal("employer/E-0001 1 registered", Line(await heard.Reader.ReadAsync(Cancel)));
        for (var n = 2; n < 5; n++)
        {
            Accepted(await client.Send(Unit, new EmployerCommand.ReportHeadcount(n), cancel: Cancel));
            Assert.Equal($"employer/E-0001 {n} headcount-reported", Line(await heard.Reader.ReadAsync(Cancel)));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a token")]
    [InlineData("0123456789abcdef.1.2")]
    [InlineData("0123456789abcdef.0.2.3")]
    [InlineData("0123456789abcdef.1.-2.3")]
    [InlineData("0123456789abcdef.1.2.99999999999999999999")]
    public async Task A_text_that_is_no_token_is_refused(string text) =>
        Assert.Equal(FeedRules.TokenUnreadable, (await (await Start("sqlite")).Client.Feed.Page(from: new(text), by: Top, cancel: Cancel)).Refusal);

    private static string Line(FeedEvent happened) => $"{happened.Stream} {happened.Version} {happened.Type}";

    private static async Task<List<FeedEvent>> Read(IUnionClient client, FeedQuery? query = null, FeedToken? from = null, Operator? by = null) =>
        await client.Feed.Read(query, from, by: by ?? Top, cancel: Cancel).ToListAsync(Cancel);

    private static async Task Accept<TView>(Task<Reply<TView>> sent)
        where TView : class => Accepted(await sent);

    /// <summary>A second tree beside that of the specs' district. It stands for long, so that who moves today stood elsewhere yesterday.</summary>
    private static async Task Establish(IUnionClient client)
    {
        var founded = new DateOnly(1990, 1, 1);
        await Accept(client.Unions.Send(City, new UnionCommand.TakeOver("示例区总工会", UnionLevel.District, UnionKind.Federation, null, founded, 5), CardTown.ByDesk, Cancel));
        foreach (var (union, primary) in new[] { (West, WestPrimary), (East, EastPrimary) })
        {
            await Accept(client.Unions.Send(union, new UnionCommand.TakeOver("示例街道总工会", UnionLevel.Subdistrict, UnionKind.Federation, City, founded, 5), CardTown.ByDesk, Cancel));
            await Accept(client.Unions.Send(primary, new UnionCommand.TakeOver("示例联合工会", UnionLevel.Primary, UnionKind.Joint, union, founded, 3), CardTown.ByDesk, Cancel));
        }
    }
}
