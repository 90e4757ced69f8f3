using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using UnionClient;
using UnionClient.Imports;
using UnionDomain.Kernel;
using UnionSilo.Hosting;

namespace UnionSilo.Commands;

/// <summary><c>union-silo import employers|unions|members FILE</c>: a file of an official template.</summary>
internal static class Import
{
    private const string AccountVariable = "USER";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Command()
    {
        var command = new Command("import", "Imports a file of an official template (CSV, UTF-8). It may be cut off and begun again at any time; what is recorded already stays as it is.");
        AddTemplates(command, plans: false);
        var plan = new Command("plan", "Tells what an import would do, and writes nothing but a plan beside the file. The plan is committed with `import commit` and undone with `import undo`.");
        AddTemplates(plan, plans: true);
        command.Add(plan);
        command.Add(ImportPlans.Commit());
        command.Add(ImportPlans.Undo());
        return command;
    }

    private static void AddTemplates(Command command, bool plans)
    {
        command.Add(Make("employers", "Units, from the template 单位信息表; their unions are recorded before.", plans, (imports, file, options) => imports.Employers(file, options)));
        command.Add(Make("unions", "Unions, from the template 工会组织表; upper unions stand above their lower ones.", plans, (imports, file, options) => imports.Unions(file, options)));
        command.Add(Make("members", "Members, from the template 会员信息采集表; unions and units are recorded before.", plans, (imports, file, options) => imports.Members(file, options)));
    }

    private static Command Make(string name, string description, bool plans, Func<ImportClient, ImportSource, ImportOptions, UnionClient.Imports.Import> begin)
    {
        var command = new Command(
            name, description + (plans ? " Exit code 0: every row would be taken; 1: some would be refused." : " Exit code 0: every row was taken; 1: some were refused, and stand in the file of errors."));
        var file = new Argument<string>("file") { Description = "The file." };
        var store = new StoreOptions();
        var cluster = new Option<string>("--cluster-id") { Description = "The cluster to connect to (postgres). Default: union.", DefaultValueFactory = _ => "union" };
        var on = new Option<string?>("--on") { Description = "The business date, yyyy-MM-dd. Default: today." };
        var account = new Option<string>("--operator")
        {
            Description = "The account in whose name it is done. Default: the name of the user.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(AccountVariable) is { Length: > 0 } user ? user : "import",
        };
        var role = new Option<Role>("--role") { Description = "The capacity in which it is done. Default: District.", DefaultValueFactory = _ => Role.District };
        var federation = new Option<string>("--federation")
        {
            Description = "Number of the federation that it is done for; units count at it whose row names no union.",
            Required = true,
        };
        var errors = new Option<string?>("--errors") { Description = "The file for rows that were refused or have findings. Default: beside the file, name.errors.csv." };
        command.Add(file);
        store.AddTo(command);
        foreach (var option in (Option[])[cluster, on, account, role, federation, errors]) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(on) is { } text && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) result.AddError("--on is no date written yyyy-MM-dd.");
            if (result.GetValue(federation) is { } number && !new UnionId(number).Stream.HasValidKey()) result.AddError("--federation is no number of a union.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file)!;
            if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.");
            var union = new UnionId(parsed.GetValue(federation)!);
            var options = new ImportOptions
            {
                On = parsed.GetValue(on) is { } date ? DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
                // The command line is the operator's own desk: rights are granted where authentication is.
                Operator = new(parsed.GetValue(account)!, union, parsed.GetValue(role), Rights.Backdate),
                Federation = union,
                ErrorFile = parsed.GetValue(errors),
            };
            using var host = Host(store, parsed, parsed.GetValue(cluster)!);
            await Start(host, cancel);
            try
            {
                var import = begin(host.Services.GetRequiredService<IUnionClient>().Imports, path, options);
                return plans
                    ? await ImportPlans.Plan(import, parsed.InvocationConfiguration, cancel)
                    : await Tell(await ProgressBar.Show(import.Run, cancel), parsed.InvocationConfiguration);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("Given up. What was sent is recorded; import the file again to go on.");
                return ExitCode.Failed;
            }
            finally
            {
                await host.StopAsync(CancellationToken.None);
            }
        });
        return command;
    }

    /// <summary>On a file the union itself, in this process; on PostgreSQL a client of the silos that run.</summary>
    internal static IHost Host(StoreOptions store, ParseResult parsed, string cluster)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        if (!store.IsPostgres(parsed)) builder.AddEmbeddedUnion(union => union.File = store.File(parsed));
        else
        {
            builder.AddUnionClient(client =>
            {
                client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "union"));
                client.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = ("Npgsql", store.ConnectionString(parsed)));
            });
        }

        return builder.Build();
    }

    // Orleans itself would go on looking for a gateway for minutes.
    internal static async Task Start(IHost host, CancellationToken cancel)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(Patience);
            await host.StartAsync(limit.Token).WaitAsync(limit.Token);
            if (host.Services.GetService<IUnionConnection>() is { } connection) await connection.WhenOpen(Patience, limit.Token);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested
            && failure is OperationCanceledException or UnionFault or SiloUnavailableException or OrleansMessageRejectionException or Orleans.Runtime.Messaging.ConnectionFailedException)
        {
            throw new IOException("No silo of this cluster answers: start one with `union-silo run`, or name its --cluster-id.", failure);
        }
    }

    internal static async Task<int> Tell(ImportSummary summary, InvocationConfiguration console)
    {
        if (summary.Refusal is { } refusal)
        {
            await console.Error.WriteLineAsync($"{refusal.EnglishText()} {refusal.ChineseText()}");
            return ExitCode.Findings;
        }

        await console.Output.WriteLineAsync(FormattableString.Invariant(
            $"{summary.Rows} rows: {summary.New} new, {summary.Changed} changed, {summary.Same} same, {summary.Refused} refused; {summary.WithFindings} taken with findings."));
        if (summary.ErrorFile is { } file) await console.Output.WriteLineAsync($"To be put right: {file}");
        return summary.Refused == 0 ? ExitCode.Ok : ExitCode.Findings;
    }
}
