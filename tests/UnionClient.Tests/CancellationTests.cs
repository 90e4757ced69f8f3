using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using UnionDomain;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionTesting;
using UnionTestKit;

namespace UnionClient.Tests;

/// <summary>Whoever has given up is let go: every method of the client that waits takes a token and heeds it.</summary>
public sealed class CancellationTests : IAsyncLifetime
{
    private static readonly CancellationToken GivenUp = new(canceled: true);

    private TestUnion union = null!;

    /// <summary>Every method of every part of the client that answers later.</summary>
    public static TheoryData<string> Methods => [.. Parts(typeof(IUnionClient), "").SelectMany(part => Waiting(part.Type).Select(method => $"{part.Path}{method}"))];

    public async ValueTask InitializeAsync() => union = await TestUnion.Start(configure: builder => builder.Services.Configure<UnionClientOptions>(options => options.Operator = TestDistrict.Desk), cancel: TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => union.DisposeAsync();

    [Theory, MemberData(nameof(Methods))]
    public async Task A_call_that_was_given_up_ends_as_such(string path)
    {
        object part = union.Client;
        var names = path.Split('.');
        foreach (var name in names[..^1]) part = (part.GetType().GetProperty(name) ?? throw new MissingMemberException(path)).GetValue(part)!;
        var method = Named(part.GetType(), names[^1]);
        Assert.Contains(method.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Call(part, method));
    }

    [Fact]
    public async Task An_import_that_was_given_up_ends_as_such()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("employers.csv");
        await File.WriteAllTextAsync(file, $"{string.Join(',', EmployerSheet.Columns.Select(column => column.Header))}\n", TestContext.Current.CancellationToken);
        var import = union.Client.Imports.Employers(file, new() { Id = Guid.CreateVersion7() });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import.Run(cancel: GivenUp));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await import.ToListAsync(GivenUp));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import.Plan(cancel: GivenUp));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import.Undo(cancel: GivenUp));
        var plan = await import.Plan(cancel: TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await plan.Rows(GivenUp).ToListAsync(CancellationToken.None));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plan.Commit(cancel: GivenUp));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plan.Undo(cancel: GivenUp));
    }

    private static IEnumerable<(string Path, Type Type)> Parts(Type type, string path) => type.GetProperties()
        .Where(property => property.PropertyType.Assembly == typeof(IUnionClient).Assembly && property.PropertyType.Name.Contains("Client", StringComparison.Ordinal))
        .SelectMany(property => Parts(property.PropertyType, $"{path}{property.Name}.").Prepend(($"{path}{property.Name}.", property.PropertyType)));

    // By name and number of parameters: that tells overloads apart.
    private static IEnumerable<string> Waiting(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && (typeof(Task).IsAssignableFrom(method.ReturnType) || Items(method.ReturnType) is not null))
        .Select(method => $"{method.Name}({method.GetParameters().Length})");

    private static MethodInfo Named(Type type, string name) => type.GetMethods().Single(method => $"{method.Name}({method.GetParameters().Length})" == name);

    private static Type? Items(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>) ? type.GetGenericArguments()[0] : null;

    private static async Task Call(object part, MethodInfo method)
    {
        object? answer;
        try
        {
            answer = method.Invoke(part, [.. method.GetParameters().Select(Argument)]);
        }
        catch (TargetInvocationException thrown)
        {
            throw thrown.InnerException!;
        }

        if (answer is Task task) await task;
        else await (Task)typeof(CancellationTests).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(Items(method.ReturnType)!).Invoke(null, [answer])!;
    }

    private static async Task Read<T>(IAsyncEnumerable<T> items) => _ = await items.CountAsync(CancellationToken.None);

    private static object? Argument(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(CancellationToken)) return GivenUp;
        if (parameter.HasDefaultValue) return parameter.DefaultValue;
        if (type == typeof(CommandOptions)) return TestDistrict.ByDesk;
        if (type == typeof(Measure)) return MemberMeasures.Entered;
        if (type == typeof(Period)) return Period.Year(2025);
        if (type == typeof(string)) return Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        if (type == typeof(Stream)) return new MemoryStream();
        if (Items(type) is { } item) return typeof(AsyncEnumerable).GetMethod(nameof(AsyncEnumerable.Empty))!.MakeGenericMethod(item).Invoke(null, []);
        if (Rooms.All.FirstOrDefault(room => room.Commands.Base == type) is { } room) return Samples.Of(room.Commands.Cases[0].Case);
        return Samples.Of(type);
    }
}
