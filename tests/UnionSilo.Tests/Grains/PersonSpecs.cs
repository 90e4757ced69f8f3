using System.Collections.Immutable;
using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionTesting;

namespace UnionSilo.Tests.Grains;

/// <summary>Personal data through a silo: masked, opened by a recorded look, searched for inside the own subtree, erased.</summary>
[Trait("F", "29"), Trait("F", "30")]
public sealed class PersonSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private static readonly UnionId Primary = new("U-100");
    private static readonly MemberId Person = new("01460000000070008000000000000001");
    private static readonly DateOnly Today = BusinessCalendar.DateOf(TimeProvider.System.GetUtcNow());
    private static readonly Operator Desk = new("op-2", District.Federation, Role.District);

    private static readonly MemberForm Form = new()
    {
        EmployerCode = "91350100M000100Y43",
        Name = "示例人",
        DocumentType = "2",
        DocumentNumber = "X00000001",
        Sex = "2",
        BornOn = "1990-01-01",
        Education = "2",
        Employment = "1",
        Household = "1",
        Residence = "110108",
        Mobile = "10000000001",
        JoinedOn = "2014-05-12",
        Migrant = "0",
    };

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_person_is_masked_opened_found_and_erased(string store)
    {
        var silo = await Start(store);
        var client = silo.Client;
        await Establish(client);
        var by = new CommandOptions { Operator = Desk };
        var entered = Accepted(await client.Members.Send(Person, new MemberCommand.Enter(Primary, Unit, Form), by, Cancel));
        Assert.Equal(("示**", null, true), (entered.View.NameMask, entered.View.Personal, entered.View.IsQualifiedOn(Today)));
        Assert.Equal(1, Accepted(await client.Members.Send(Person, new MemberCommand.Enter(Primary, Unit, Form), by, Cancel)).Version);
        Assert.Null((await client.Members.Get(Person, cancel: Cancel)).View.Personal);

        // A look is recorded, and opens the record.
        var looked = Accepted(await client.Members.Get(Person, "verification", Desk, Cancel));
        Assert.Equal(("示例人", "X00000001", "10000000001", 2L), (looked.View.Personal!.Name, looked.View.Personal.DocumentNumber, looked.View.Personal.Mobile, looked.Version));
        var look = Assert.Single((await client.MemberLooks.Page(new() { Member = Person }, cancel: Cancel)).Lines);
        Assert.Equal(("verification", Desk.Id, Primary), (look.Purpose, look.By, look.Union));
        var refused = await client.Members.Get(Person, "curiosity", Desk, Cancel);
        Assert.Equal((LookRules.PurposeUnknown.Code, null), (refused.Refusal?.Code, refused.View.Personal));

        // Personal values are searched for inside the own subtree, beginnings of names inside one unit.
        MemberQuery query = new() { On = Today, Within = District.Federation };
        foreach (var found in new[] { query with { Document = new(2, "x00000001") }, query with { Mobile = "１0000000001" }, query with { Name = "示例人" }, query with { Employer = Unit, NamePrefix = "示" } })
        {
            var line = Assert.Single((await client.Members.Page(found, by: Desk, cancel: Cancel)).Lines);
            Assert.Equal((Person, "示**"), (line.Id, line.NameMask));
        }

        Assert.Single((await client.Members.Page(new() { On = Today, Union = Primary, NamePrefix = "示例" }, by: Desk, cancel: Cancel)).Lines);
        Assert.Empty((await client.Members.Page(query with { Employer = Unit, NamePrefix = "例" }, by: Desk, cancel: Cancel)).Lines);
        Assert.Equal(SearchRules.UnitMissing, (await client.Members.Page(query with { NamePrefix = "示" }, by: Desk, cancel: Cancel)).Refusal);
        Assert.Equal(SearchRules.UnitMissing, (await client.Members.Page(query with { Union = District.Federation, NamePrefix = "示" }, by: Desk, cancel: Cancel)).Refusal);
        Assert.Equal(SearchRules.ScopeMissing, (await client.Members.Page(new() { On = Today, Name = "示例人" }, by: Desk, cancel: Cancel)).Refusal);
        Assert.Equal(SearchRules.OutsideOwnSubtree.Code, (await client.Members.Page(query with { Employer = Unit, NamePrefix = "示" }, by: District.Officer, cancel: Cancel)).Refusal?.Code);

        // Erased, nothing opens or finds the person any more, and the journal is whole.
        Accepted(await client.Members.Send(Person, new MemberCommand.Withdraw(), by, Cancel));
        var erased = Accepted(await client.Members.Send(Person, new MemberCommand.Erase(), by with { Reason = "request", DocumentRef = "D-1" }, Cancel));
        Assert.Equal((null, MemberStatus.Withdrawn), (erased.View.NameMask, erased.View.Status));
        Assert.Equal(MemberRules.Erased, (await client.Members.Get(Person, "verification", Desk, Cancel)).Refusal);
        Assert.Empty((await client.Members.Page(query with { Mobile = "10000000001" }, by: Desk, cancel: Cancel)).Lines);
        Assert.Empty((await client.Members.Page(query with { Employer = Unit, NamePrefix = "示" }, by: Desk, cancel: Cancel)).Lines);
        Assert.Equal(MemberRules.Erased, (await client.Members.Send(Person, new MemberCommand.Enter(Primary, Unit, Form), by, Cancel)).Refusal);
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "17"), Trait("F", "22"), Trait("F", "31")]
    public async Task Units_show_how_far_they_are_collected_and_both_unions_count_right_through_a_transfer(string store)
    {
        var silo = await Start(store);
        var client = silo.Client;
        await Establish(client);
        var (by, away) = (new CommandOptions { Operator = Desk }, new UnionId("U-200"));
        Accepted(await client.Unions.Send(away, new UnionCommand.TakeOver("示例联合工会", UnionLevel.Primary, UnionKind.Joint, District.Federation, Today, 3), by, Cancel));
        Accepted(await client.Send(Unit, new EmployerCommand.ReportMembers(3), cancel: Cancel));
        Accepted(await client.Members.Send(Person, new MemberCommand.Enter(Primary, Unit, Form), by, Cancel));
        Accepted(await client.Members.Send(new("01460000000070008000000000000002"), new MemberCommand.Enter(Primary, Unit, Form with { DocumentNumber = "X00000002", Mobile = "" }), by, Cancel));

        var line = Assert.Single(await client.Reports.Collection(District.Federation, Today, Cancel).ToListAsync(Cancel));
        Assert.Equal((Unit, 2L, 1L, 3L, -1L, "50.00%"), (line.Employer, line.Registered, line.Qualified, line.Reported, line.Difference, line.Rate?.ToString()));
        Assert.Equal("missing:mobile", Assert.Single((await client.Members.Page(new() { On = Today, Employer = Unit, Qualified = false }, by: Desk, cancel: Cancel)).Lines).Findings);

        Assert.Equal((2, 0), await Counts());
        Accepted(await client.Members.Send(Person, new MemberCommand.OfferTransfer(away), by, Cancel));
        Assert.Equal((2, 0), await Counts());
        Accepted(await client.Members.Send(Person, new MemberCommand.AcceptTransfer(Unit), by with { Operator = new("op-9", away, Role.Committee) }, Cancel));
        Assert.Equal((1, 1), await Counts());

        async Task<(long Home, long Away)> Counts() => (await Count(Primary), await Count(away));

        async Task<long> Count(UnionId union) => (await client.Reports.Count(MemberMeasures.Registered, union, new(Today, Today), Cancel)).Value;
    }

    private static async Task Establish(IUnionClient client)
    {
        var applicant = new Operator("op-3", Primary, Role.Officer);
        ImmutableArray<(UnionCommand Command, Operator By)> steps =
        [
            (new UnionCommand.Apply("示例工会", UnionLevel.Primary, UnionKind.Independent, District.Federation, [Unit], 100, 60, 3), applicant), (new UnionCommand.Verify(100, 60), Desk),
            (new UnionCommand.Approve(), Desk), (new UnionCommand.HoldElection(60, 60, 5), applicant), (new UnionCommand.ApproveResult(), Desk), (new UnionCommand.Complete(), Desk),
        ];
        foreach (var (command, by) in steps) Accepted(await client.Unions.Send(Primary, command, new() { Operator = by }, Cancel));
    }
}
