using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Configuration;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Reports;
using UnionDomain.Unions;
using UnionSilo.Persistence;
using UnionTesting;

namespace UnionClient.Tests;

/// <summary>An application in a host of its own, through a gateway, on either database.</summary>
public sealed class GatewayTests : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int gateway = FreePort.Next();
    private readonly Interference interference = new();
    private PostgresServer? server;
    private RunningUnion? silo;
    private IHost? application;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Commands_lists_and_figures_work_as_in_the_same_process(string store)
    {
        var wire = new Wiretap();
        var client = await Connect(store, builder => builder.Services.AddSingleton<IOutgoingGrainCallFilter>(provider => wire.Into(provider.GetRequiredService<Serializer>())));
        Assert.True((await client.Unions.Send(District.Federation, District.Founding, cancel: Cancel)).Accepted);
        for (var n = 1; n <= 25; n++) Assert.True((await client.Employers.Send(District.Unit(n), District.Registration(n), cancel: Cancel)).Accepted);

        var held = await client.Employers.Send(District.Unit(99), District.Registration(7), cancel: Cancel);
        Assert.Equal("employer.code-held", held.Refusal?.Code);
        Assert.Equal("employer/E-0007", held.Refusal!.Arguments.Single(argument => argument.Name == "holder").Value);
        Assert.Equal(0, (await client.Employers.Get(District.Unit(99), cancel: Cancel)).Version);
        Assert.True((await client.Employers.Validate(District.Unit(1), new EmployerCommand.ReportHeadcount(90), cancel: Cancel)).Accepted);
        Assert.Equal(100, (await client.Employers.Get(District.Unit(1), cancel: Cancel)).View.Headcount);

        // Pages follow on each other and end; the whole list is the same lines.
        var query = new EmployerQuery { Within = District.Federation };
        var (all, sizes, next) = (new List<EmployerLine>(), new List<int>(), (string?)null);
        do
        {
            var page = await client.Employers.Page(query, next, 10, cancel: Cancel);
            (sizes, next) = ([.. sizes, page.Lines.Count], page.Next);
            all.AddRange(page.Lines);
        }
        while (next is not null);
        Assert.Equal([10, 10, 5], sizes);
        Assert.Equal(Enumerable.Range(1, 25).Select(District.Unit), all.Select(line => line.Id));
        Assert.Equal(all, await client.Employers.List(query, Cancel).ToListAsync(Cancel));
        Assert.Empty(await client.Employers.List(new() { NamePrefix = "没有" }, Cancel).ToListAsync(Cancel));
        foreach (var most in (int[])[0, 1_001]) await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.Employers.Page(query, most: most, cancel: Cancel));

        // A figure, its parts and its records add up.
        var today = BusinessCalendar.Today(TimeProvider.System);
        var period = new Period(new(today.Year, 1, 1), today);
        var whole = await client.Reports.Count(EmployerMeasures.Headcount, District.Federation, period, Cancel);
        Assert.Equal(2_500, whole.Value);
        Assert.Equal(whole.Value, (await client.Reports.Split(EmployerMeasures.Headcount, District.Federation, period, Cancel)).Sum(part => part.Value));
        Assert.Equal(whole.Value, (await client.Reports.Open(EmployerMeasures.Headcount, District.Federation, period, Cancel).ToListAsync(Cancel)).Sum(line => line.Value));
        // A report of one's own areas holds the figure with its change; the areas of the work report are read unless others are given.
        ReportArea area = new("headcount", "职工", [new(EmployerMeasures.Headcount, IsRound: true)]);
        var told = Assert.Single(await client.Reports.Read(District.Federation, period, [area], Cancel));
        Assert.Equal((whole, 2_500L, "2000余人", "净增2000余人"), (told.Figure, told.Change!.Value, told.Wording, told.ChangeWording));
        Assert.Equal(2_500, (await client.Reports.Open(told.Measure.Change!, District.Federation, period, Cancel).ToListAsync(Cancel)).Sum(line => line.Value));
        Assert.Equal(WorkReport.Areas.SelectMany(area => area.Entries.Select(entry => entry.Measure.Id)), (await client.Reports.Read(District.Federation, period, cancel: Cancel)).Select(line => line.Figure.Measure));
        // Headcounts are kept for no subject; who has an amount of a flow is no question.
        Assert.Empty(await client.Reports.Subjects(EmployerMeasures.Headcount, District.Federation, today, Cancel).ToListAsync(Cancel));
        Assert.Throws<ArgumentException>(() => client.Reports.Subjects(UnionMeasures.New, District.Federation, today, Cancel));
        // Nothing of all this carried the name of a class or an assembly.
        Assert.Contains("union.employer.do.register", wire.Text, StringComparison.Ordinal);
        Assert.Contains("union.employer.view", wire.Text, StringComparison.Ordinal);
        Assert.Contains("union.employers.line", wire.Text, StringComparison.Ordinal);
        foreach (var name in (string[])["UnionDomain", "UnionClient", "UnionGrains", "UnionSilo", "PublicKeyToken"]) Assert.DoesNotContain(name, wire.Text, StringComparison.Ordinal);

        var unknown = new Measure("nobody.counts-this", MeasureKind.Flow, "Nothing", "无", "个");
        Assert.Equal("unknown-case", (await Assert.ThrowsAsync<UnionFault>(() => client.Reports.Count(unknown, District.Federation, period, Cancel))).Code);
    }

    [Fact]
    public async Task A_command_that_only_a_newer_client_knows_is_a_lasting_fault_and_harms_nobody()
    {
        // The newer client: its renaming has a name that the silo never heard of.
        var newer = await Connect("sqlite", builder => builder.Services.Configure<TypeManifestOptions>(manifest =>
        {
            manifest.WellKnownTypeAliases.Remove("union.employer.do.rename");
            manifest.WellKnownTypeAliases["union.employer.do.from-the-future"] = typeof(EmployerCommand.Rename);
        }));
        await newer.Unions.Send(District.Federation, District.Founding, cancel: Cancel);
        await newer.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel);
        var fault = await Assert.ThrowsAsync<UnionFault>(() => newer.Employers.Send(District.Unit(1), new EmployerCommand.Rename("示例"), cancel: Cancel));
        Assert.Equal(("unknown-case", false), (fault.Code, fault.Retryable));
        Assert.Contains("'union.employer.do.from-the-future'", fault.Message, StringComparison.Ordinal);
        Assert.True((await newer.Employers.Send(District.Unit(1), new EmployerCommand.ReportHeadcount(90), cancel: Cancel)).Accepted);
        Assert.Equal(2, (await silo!.Stored("employer/E-0001", Cancel)).Count);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_asked_for_again()
    {
        var client = await Connect("sqlite");
        await client.Unions.Send(District.Federation, District.Founding, cancel: Cancel);
        var never = new TaskCompletionSource();
        interference.On = (n, call) => n == 1 ? never.Task : call.Invoke();
        Assert.Equal(1, (await client.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel)).Version);
        Assert.Equal(2, interference.Arrived.Count);
        Assert.Single(interference.Arrived.Distinct());
        never.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (application is not null)
        {
            await application.StopAsync();
            application.Dispose();
        }

        if (silo is not null) await silo.DisposeAsync();
        SqliteConnection.ClearAllPools();
        server?.Dispose();
        folder.Dispose();
    }

    private async Task<IUnionClient> Connect(string store, Action<HostApplicationBuilder>? more = null)
    {
        if (store == "postgres")
        {
            server = PostgresServer.Create();
            var database = server.CreateDatabase();
            Schema.Postgres(database).Upgrade();
            silo = await RunningUnion.Postgres(database, gateway);
        }
        else
        {
            silo = await RunningUnion.Embedded(folder.File("union.db"), gateway, builder => builder.Services.AddSingleton<IIncomingGrainCallFilter>(interference));
        }

        application = await RunningUnion.ClientOf([gateway], options => (options.Operator, options.AttemptTime) = (District.Officer, TimeSpan.FromSeconds(1)), more);
        return application.Services.GetRequiredService<IUnionClient>();
    }

    /// <summary>Hears every request and every answer as the bytes that Orleans makes of them.</summary>
    private sealed class Wiretap : IOutgoingGrainCallFilter
    {
        private readonly System.Text.StringBuilder heard = new();
        private Serializer? serializer;

        public string Text => heard.ToString();

        public Wiretap Into(Serializer made)
        {
            serializer = made;
            return this;
        }

        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            // Orleans' own calls tell of its manifest, which names classes and is not read by name.
            if (context.InterfaceMethod?.DeclaringType?.Assembly != typeof(IUnionClient).Assembly)
            {
                await context.Invoke();
                return;
            }

            heard.Append(((GrainReference)context.Grain).InterfaceType).Append(((GrainReference)context.Grain).GrainId);
            heard.Append(System.Text.Encoding.UTF8.GetString(serializer!.SerializeToArray<object>(context.Request)));
            await context.Invoke();
            if (context.Response is { Exception: null } answer) heard.Append(System.Text.Encoding.UTF8.GetString(serializer.SerializeToArray<object>(answer)));
        }
    }
}
