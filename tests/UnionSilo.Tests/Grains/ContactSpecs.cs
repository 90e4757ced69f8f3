using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;
using UnionTesting;

namespace UnionSilo.Tests.Grains;

/// <summary>Contacts of units and chairs of unions on a silo: sealed on their way in, masked on their way out, opened only once the look is recorded.</summary>
[Trait("F", "29")]
public sealed class ContactSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private static readonly Operator Auditor = District.Officer with { Role = Role.Audit };

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_contact_is_masked_until_a_look_is_recorded(string store)
    {
        var silo = await Start(store);
        // The unit was registered before anything personal was told: its key is made with the contact.
        var registered = District.Registration(1);
        var row = new EmployerCommand.Record(
            registered.Code, registered.Name, registered.Kind, registered.Industry, registered.Area, registered.Federation, registered.Headcount, Contact: new("示例员", "010-55550000"));
        var recorded = Accepted(await silo.Client.Send(Unit, row, cancel: Cancel));
        Assert.Equal((3, new Contact("示**", "010****0000")), (recorded.Version, recorded.View.Contact));
        Assert.Equal(3, Accepted(await silo.Client.Send(Unit, row, cancel: Cancel)).Version);
        Assert.Equal(recorded.View.Contact, (await silo.Client.Employers.Get(Unit, cancel: Cancel)).View.Contact);

        var refused = await silo.Client.Employers.Get(Unit, "curiosity", Auditor, Cancel);
        Assert.Equal((LookRules.PurposeUnknown.Code, recorded.View.Contact, 3L), (refused.Refusal?.Code, refused.View.Contact, refused.Version));
        var looked = Accepted(await silo.Client.Employers.Get(Unit, "audit", Auditor, Cancel));
        Assert.Equal((4, new Contact("示例员", "01055550000")), (looked.Version, looked.View.Contact));
        // An activation that reads the stream anew opens it with the key of the store, and knows the equal contact again.
        await silo.DisposeAsync();
        var next = await Start(store);
        Assert.Equal(4, Accepted(await next.Client.Send(Unit, row, cancel: Cancel)).Version);
        Assert.Equal((5, new Contact("示例员", "01055550000")), (Accepted(await next.Client.Employers.Get(Unit, "contact", District.Officer, Cancel)) is var again ? (again.Version, again.View.Contact) : default));
        Assert.Equal(recorded.View.Contact, (await next.Client.Employers.Get(Unit, cancel: Cancel)).View.Contact);
        Assert.Empty(await Verify());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_chair_is_masked_until_a_look_is_recorded(string store)
    {
        var silo = await Start(store);
        var union = new UnionId("U-2");
        var row = new UnionCommand.TakeOver("示例街道总工会", UnionLevel.Subdistrict, UnionKind.Federation, District.Federation, new(1998, 7, 1), 5, new("示例员"));
        var taken = Accepted(await silo.Client.Unions.Send(union, row, new() { Operator = District.Officer }, Cancel));
        Assert.Equal((2, new Contact("示**")), (taken.Version, taken.View.Chair));
        Assert.Equal(2, Accepted(await silo.Client.Unions.Send(union, row, new() { Operator = District.Officer }, Cancel)).Version);
        var looked = Accepted(await silo.Client.Unions.Get(union, "audit", Auditor, Cancel));
        Assert.Equal((3, new Contact("示例员")), (looked.Version, looked.View.Chair));
        Assert.Equal(taken.View.Chair, (await silo.Client.Unions.Get(union, cancel: Cancel)).View.Chair);
        Assert.Empty(await Verify());
    }
}
