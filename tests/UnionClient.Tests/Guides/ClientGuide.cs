using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using UnionClient.Feed;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionSilo.Hosting;
using UnionTestKit;

namespace UnionClient.Tests.Guides;

/// <summary>The examples of docs/client.md, as they are shown there.</summary>
/// <param name="client">The client.</param>
/// <param name="show">What an application would do with what it is told.</param>
internal sealed class ClientGuide(IUnionClient client, Action<string> show)
{
    public static IServiceCollection Register(string[] args)
    {
        // <register>
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddUnionClient();                       // Union:Client of the configuration
        builder.Services.AddHealthChecks().AddUnion();  // the check "union"
        // </register>
        return builder.Services;
    }

    public static IHost Embedded(string[] args)
    {
        // <embedded>
        var builder = Host.CreateApplicationBuilder(args);
        builder.AddEmbeddedUnion();                     // Union:Embedded and Union:Client of the configuration
        // </embedded>
        return builder.Build();
    }

    public async Task Send(MemberId person, UnionId primary, EmployerId unit)
    {
        // <send>
        var clerk = new Operator("clerk-7", primary, Role.Officer);
        var form = new MemberForm { Name = "示例人", EmployerCode = "110108900000015" };
        var reply = await client.Members.Send(person, new MemberCommand.Enter(primary, unit, form), new() { Operator = clerk });
        if (reply.Refusal is { } refusal) show(refusal.ChineseText());
        else show($"{reply.View.NameMask} {reply.View.Status}, {reply.View.Findings.Length} findings");
        // </send>
    }

    public async Task Validate(MemberId person, UnionId primary, Operator clerk)
    {
        // <validate>
        var would = await client.Members.Validate(person, new MemberCommand.OfferTransfer(primary), new() { Operator = clerk });
        if (!would.Accepted) show(would.Refusal!.Code);
        // </validate>
    }

    public async Task Again(MemberId person, Operator clerk)
    {
        // <again>
        var id = Guid.CreateVersion7(); // kept by the application before it sends
        var first = await client.Members.Send(person, new MemberCommand.Withdraw(), new() { Operator = clerk, CommandId = id });
        var again = await client.Members.Send(person, new MemberCommand.Withdraw(), new() { Operator = clerk, CommandId = id });
        show($"{first.Version} {again.Version}"); // applied once
        // </again>
    }

    public async Task Expected(MemberId member, Operator clerk)
    {
        // <expected>
        var seen = await client.Members.Get(member);
        var sent = await client.Members.Send(member, new MemberCommand.RecordActivity(), new() { Operator = clerk, ExpectedVersion = seen.Version });
        show(sent.Refusal?.Code ?? $"version {sent.Version}"); // command.version-moved: somebody was faster
        // </expected>
    }

    public async Task Get(MemberId member, Operator clerk)
    {
        // <get>
        var masked = await client.Members.Get(member);
        var opened = await client.Members.Get(member, purpose: "verification", by: clerk); // recorded before it is shown
        show($"{masked.View.NameMask} {opened.View.Personal?.Name}");
        // </get>
    }

    public async Task List(UnionId federation, DateOnly today)
    {
        // <list>
        var unqualified = new MemberQuery { On = today, Within = federation, Qualified = false };
        await foreach (var line in client.Members.List(unqualified)) show($"{line.Id} {line.Findings}");
        var page = await client.Members.Page(unqualified, most: 50);
        show($"{page.Lines.Count} lines, the next page after {page.Next}");
        // </list>
    }

    public async Task Search(UnionId federation, DateOnly today, Operator clerk)
    {
        // <search>
        var found = await client.Members.Page(new() { On = today, Within = federation, Name = "示例人" }, by: clerk);
        show(found.Refusal?.Code ?? $"{found.Lines.Count} found"); // somebody else's people are not searched
        // </search>
    }

    public async Task Token(MemberId person, UnionId primary, EmployerId unit, MemberForm form, DateOnly today, Operator clerk)
    {
        // <token>
        var entered = await client.Members.Send(person, new MemberCommand.Enter(primary, unit, form), new() { Operator = clerk });
        var token = entered.Token?.ToString(); // travels with the next page or message

        if (!ReadToken.TryParse(token, out var seen)) return;
        var page = await client.Members.Page(new() { On = today, Union = primary }, atLeast: seen);
        // </token>
        show(string.Join(' ', page.Lines.Select(line => line.Id)));
    }

    public async Task Bulk(IReadOnlyList<MemberId> members, Operator clerk)
    {
        // <bulk>
        var rows = members.Select(member => new BulkRow<MemberId, MemberCommand>(member, new MemberCommand.RecordActivity(), new() { Operator = clerk }));
        await foreach (var outcome in client.Members.Bulk.Send(rows.ToAsyncEnumerable()))
            if (!outcome.Accepted) show($"row {outcome.Row}: {outcome.Refusal?.Code ?? outcome.Fault?.Code}");
        // </bulk>
    }

    public async Task Import(string file, Operator clerk)
    {
        // <import>
        var import = client.Imports.Employers(file, new() { Operator = clerk });
        var summary = await import.Run();
        show($"{summary.New} new, {summary.Changed} changed, {summary.Same} same, {summary.Refused} refused; see {summary.ErrorFile}");
        // </import>
    }

    public async Task Plan(string file, Operator clerk)
    {
        // <plan>
        var plan = await client.Imports.Employers(file, new() { Operator = clerk }).Plan(); // writes nothing but the plan
        await foreach (var row in plan.Rows()) show($"row {row.Row} would be {row.Kind}");
        var committed = await plan.Commit(); // as it was seen: a row whose record was changed since is refused by name
        var undone = await plan.Undo();      // and all of it taken back, but for what something rests on
        // </plan>
        show($"{committed.New} new, {undone.Undone} undone, {undone.Kept} kept");
    }

    public async Task Report(UnionId federation)
    {
        // <report>
        foreach (var line in await client.Reports.Read(federation, Period.Half(2025, 1)))
            show($"{line.Chinese}: {line.Wording} {line.ChangeWording}");
        await foreach (var record in client.Reports.Open(MemberMeasures.Entered, federation, Period.Half(2025, 1)))
            show($"{record.Stream} {record.Value}");
        // </report>
    }

    public async Task Feed(string? kept, Operator clerk, CancellationToken stopping)
    {
        // <feed>
        var place = kept is null ? (FeedToken?)null : new FeedToken(kept);
        await foreach (var happened in client.Feed.Read(from: place, by: clerk, cancel: stopping)) // follow: true waits for more
        {
            show($"{happened.Stream} {happened.Version} {happened.Type}");
            kept = happened.Token.Value; // kept together with what was made of the event
        }
        // </feed>
        show(kept ?? "nothing yet");
    }

    public async Task Faults(MemberId person, Operator clerk)
    {
        // <faults>
        try
        {
            var reply = await client.Members.Send(person, new MemberCommand.Withdraw(), new() { Operator = clerk });
            show(reply.Refusal?.Code ?? "done"); // a refusal is no fault
        }
        catch (UnionFault fault)
        {
            show($"{fault.Code}, retryable: {fault.Retryable}"); // the client itself has repeated it within Union:Client:TotalTime
        }
        // </faults>
    }

    public async Task OrThrow(MemberId person, Operator clerk)
    {
        // <or-throw>
        var view = await client.Members.Send(person, new MemberCommand.Withdraw(), new() { Operator = clerk }).OrThrow(); // RefusedException
        // </or-throw>
        show($"{view.Status}");
    }

    public static async Task<(int Members, long Collected)> Test()
    {
        // <testing>
        await using var union = await TestUnion.Start();
        var district = await union.Found(new() { UnitsEach = 2, MembersEach = 10 });
        union.Clock.Today = new(2025, 6, 30);
        var collected = await union.Client.Reports.Count(MemberMeasures.Entered, TestDistrict.Federation, Period.Half(2025, 1));
        // </testing>
        return (district.Members.Count, collected.Value);
    }
}
