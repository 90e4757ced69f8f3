using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Configuration;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionTesting;

namespace UnionClient.Tests;

/// <summary>What a client says when a silo of a later version tells something that it does not know.</summary>
public sealed class NewerSiloTests : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int gateway = FreePort.Next();
    private RunningUnion? silo;
    private IHost? application;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_that_knows_a_view_under_a_newer_name_only_is_a_lasting_fault_and_harms_no_other_room()
    {
        var client = await Connect(builder => builder.Services.PostConfigure<TypeManifestOptions>(manifest =>
        {
            manifest.WellKnownTypeAliases.Remove("union.employer.view");
            manifest.WellKnownTypeAliases["union.employer.view-from-the-future"] = typeof(EmployerView);
        }));
        Assert.True((await client.Unions.Send(District.Federation, District.Founding, cancel: Cancel)).Accepted);
        var fault = await Assert.ThrowsAsync<UnionFault>(() => client.Employers.Send(District.Unit(1), District.Registration(1), cancel: Cancel));
        Assert.Equal(("unknown-case", false), (fault.Code, fault.Retryable));
        // Everything else is read.
        Assert.Empty((await client.Employers.Page(new(), cancel: Cancel)).Lines);
        Assert.Equal(1, (await client.Unions.Get(District.Federation, cancel: Cancel)).Version);
    }

    [Fact]
    public async Task A_value_that_this_client_has_no_word_for_is_a_lasting_fault_that_names_its_place_only()
    {
        var client = await Connect(_ => { }, builder => builder.Services.AddSingleton<IOutgoingGrainCallFilter, Untold>());
        var fault = await Assert.ThrowsAsync<UnionFault>(() => client.Unions.Get(District.Federation, cancel: Cancel));
        Assert.Equal(("unknown-case", false), (fault.Code, fault.Retryable));
        Assert.Contains("'$.status'", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("from-the-future", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_a_newer_silo_is_told_in_its_own_words()
    {
        await Connect(_ => { });
        var newer = new Refusal("union.from-the-future", "The union {union} is of the future.", "工会{union}属于未来。", "TUL 99").With("union", "U-1");
        var bytes = silo!.Get<Serializer>().SerializeToArray<object>(newer);
        var read = Assert.IsType<Refusal>(application!.Services.GetRequiredService<Serializer>().Deserialize<object>(bytes));
        Assert.Equal((newer, "The union U-1 is of the future.", "工会U-1属于未来。", "TUL 99"), (read, read.EnglishText(), read.ChineseText(), read.Source));
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
        folder.Dispose();
    }

    private async Task<IUnionClient> Connect(Action<HostApplicationBuilder> newer, Action<HostApplicationBuilder>? more = null)
    {
        silo = await RunningUnion.Embedded(folder.File("union.db"), gateway, newer);
        application = await RunningUnion.ClientOf([gateway], options => options.Operator = District.Officer, more);
        return application.Services.GetRequiredService<IUnionClient>();
    }

    /// <summary>Reads what came as a client reads a status that was invented later.</summary>
    private sealed class Untold : IOutgoingGrainCallFilter
    {
        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            await context.Invoke();
            if (context.InterfaceMethod?.Name == nameof(Unions.IUnionGrain.Get)) JsonSerializer.Deserialize<EmployerLineStatus>("""{"status":"from-the-future"}""", UnionJson.Options);
        }
    }

    private sealed record EmployerLineStatus(EmployerStatus Status);
}
