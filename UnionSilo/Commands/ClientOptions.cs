using System.CommandLine;
using System.Globalization;
using UnionClient;
using UnionDomain.Kernel;

namespace UnionSilo.Commands;

/// <summary>The options of a command that works as a client and says in whose name.</summary>
internal sealed class ClientOptions
{
    private const string AccountVariable = "USER";

    private readonly ConnectionOptions connection = new();
    private readonly Option<string> account = new("--operator")
    {
        Description = "The account in whose name it is done. Default: the name of the user.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(AccountVariable) is { Length: > 0 } user ? user : "union-silo",
    };

    private readonly Option<Role> role;
    private readonly Option<string> federation;

    public ClientOptions(Role usual, string federationIs)
    {
        role = new("--role") { Description = $"The capacity in which it is done. Default: {usual}.", DefaultValueFactory = _ => usual };
        federation = new("--federation") { Description = federationIs, Required = true };
    }

    /// <summary>Adds the options to a command and checks that they fit together.</summary>
    public void AddTo(Command command)
    {
        connection.AddTo(command);
        foreach (var option in (Option[])[account, role, federation]) command.Add(option);
        MustBeUnion(command, federation);
    }

    /// <summary>Who does it. The command line is the operator's own desk: rights are granted where authentication is.</summary>
    public Operator Operator(ParseResult parsed) => new(parsed.GetValue(account)!, Federation(parsed), parsed.GetValue(role), Rights.Backdate);

    /// <summary>The federation it is done for.</summary>
    public UnionId Federation(ParseResult parsed) => new(parsed.GetValue(federation)!);

    /// <inheritdoc cref="ConnectionOptions.Use"/>
    public Task<T> Use<T>(ParseResult parsed, Func<IUnionClient, Task<T>> work, CancellationToken cancel) => connection.Use(parsed, work, cancel);

    /// <summary>An option that is a date.</summary>
    public static Option<string?> Date(Command command, string name, string description)
    {
        var option = new Option<string?>(name) { Description = $"{description}, yyyy-MM-dd." };
        command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(option) is { } text && DateOf(text) is null) result.AddError($"{name} is no date written yyyy-MM-dd.");
        });
        return option;
    }

    /// <summary>The date that such an option was given; null when it was not.</summary>
    public static DateOnly? DateOf(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    /// <summary>Checks that an option, where it is given, is the number of a union.</summary>
    public static void MustBeUnion<T>(Command command, Option<T> option) => command.Validators.Add(result =>
    {
        if (result.GetValue(option) is string number && !new UnionId(number).Stream.HasValidKey()) result.AddError($"{option.Name} is no number of a union.");
    });
}
