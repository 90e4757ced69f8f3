using System.Reflection;
using System.Text.RegularExpressions;
using UnionDomain.Employers;
using UnionDomain.Tests.Employers;
using UnionDomain.Tests.Specs;
using UnionDomain.Tests.Unions;
using UnionDomain.Unions;

namespace UnionClient.Tests;

/// <summary>The specs of the rules run in memory in their own project, and here, word for word, on a silo.</summary>
[Trait("F", "110")]
public sealed partial class SameTestsTests(SpecSilo silo)
{
    [Fact]
    public void Every_spec_of_every_room_runs_here_too()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "UnionActors.sln"))) root = Path.GetDirectoryName(root)!;
        var written = Directory.EnumerateFiles(Path.Combine(root, "tests", "UnionDomain.Tests"), "*Specs.cs", SearchOption.AllDirectories).SelectMany(file => Test.Matches(File.ReadAllText(file))).Count();
        var compiled = typeof(SpecHost).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("UnionDomain.Tests", StringComparison.Ordinal) == true)
            .SelectMany(type => type.GetMethods()).Count(method => method.GetCustomAttribute<FactAttribute>() is not null);
        Assert.True(compiled > 200, $"{compiled} specs");
        Assert.Equal(written, compiled);
        // And there is no other way to run them than through a client.
        Assert.Single(typeof(SpecHost).Assembly.GetTypes(), type => type.GetInterfaces().Contains(typeof(ISpecHost)));
    }

    [Fact]
    public Task A_spec_leaves_its_event_in_the_file() => silo.Run(async host =>
    {
        var registered = EmployerExamples.Registered;
        await host.Given<Union, UnionState, UnionCommand, UnionEvent, UnionView>(
            UnionExamples.SubdistrictFederation.Stream, Calendar.Day(1, 1), [UnionExamples.SetUp(UnionExamples.SubdistrictFederation, UnionLevel.Subdistrict)]);
        var happened = await Send(host, new EmployerCommand.Register(
            registered.Code, registered.Name, registered.Kind, registered.Industry, registered.Area, registered.Federation, registered.Headcount));
        Assert.Null(happened.Refusal);
        Assert.Equal("registered", Assert.Single(happened.Events).Type);
        await using var file = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={silo.File};Mode=ReadOnly");
        await file.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = file.CreateCommand();
        command.CommandText = "SELECT group_concat(type) FROM journal WHERE stream = 'employer/E-100'";
        Assert.Equal("registered", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    });

    [Fact]
    public Task A_refused_spec_leaves_nothing_there() => silo.Run(async host =>
    {
        var happened = await Send(host, new EmployerCommand.Rename("Unit Two"));
        Assert.Equal(EmployerRules.Unknown, happened.Refusal);
        Assert.Empty(happened.Events);
    });

    private static Task<Happened> Send(ISpecHost host, EmployerCommand command) => host.When<Employer, EmployerState, EmployerCommand, EmployerEvent, EmployerView>(
        EmployerExamples.Subject.Stream, command, Operators.Subdistrict, Calendar.Today, null, null);

    [GeneratedRegex(@"^\s*\[(Fact|Theory)\b", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Test { get; }
}
