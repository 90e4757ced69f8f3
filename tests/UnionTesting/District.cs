using System.Globalization;
using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace UnionTesting;

/// <summary>One made-up district federation with employing units, for tests that care for the way of commands and not for the rules.</summary>
public static class District
{
    public static readonly UnionId Federation = new("U-1");
    public static readonly Operator Officer = new("op-1", new("U-desk"), Role.District);
    public static readonly UnionCommand.SetUpFederation Founding = new("示例区总工会", UnionLevel.District, UnionKind.Federation);

    /// <summary>Founds the federation that every unit counts at.</summary>
    public static Task<Reply<UnionView>> Found(this IUnionClient client) => client.Unions.Send(Federation, Founding, new() { Operator = Officer });

    /// <summary>The n-th unit.</summary>
    public static EmployerId Unit(int n) => new(string.Create(CultureInfo.InvariantCulture, $"E-{n:0000}"));

    /// <summary>Registers the n-th unit with its own code and a hundred employees.</summary>
    public static EmployerCommand.Register Registration(int n) =>
        new(string.Create(CultureInfo.InvariantCulture, $"工法证字第{n:000000}号"), $"示例单位{n}", EmployerKind.Private, "C", "110108", Federation, 100);

    /// <summary>Sends one command to a unit.</summary>
    public static Task<Reply<EmployerView>> Send(this IUnionClient client, EmployerId unit, EmployerCommand command, Guid? id = null, CancellationToken cancel = default) =>
        client.Employers.Send(unit, command, new() { Operator = Officer, CommandId = id }, cancel);
}
