using System.Globalization;
using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionTestKit;

/// <summary>How large a <see cref="TestDistrict"/> is.</summary>
public sealed record TestDistrictPlan
{
    /// <summary>Subdistrict federations under the district federation; default 1.</summary>
    public int Subdistricts { get; init; } = 1;

    /// <summary>Joint primary unions under each subdistrict; default 1.</summary>
    public int UnionsEach { get; init; } = 1;

    /// <summary>Employing units that each union covers; default 1.</summary>
    public int UnitsEach { get; init; } = 1;

    /// <summary>Members at each unit; default 3.</summary>
    public int MembersEach { get; init; } = 3;
}

/// <summary>
/// A small district of made-up names and numbers: the federation, its subdistricts, unions, units and members with qualified records. Nobody in it was ever alive: numbers of documents are of
/// births 1901–1912.
/// </summary>
public sealed class TestDistrict
{
    private const string Area = "110108";

    private TestDistrict(IReadOnlyList<UnionId> subdistricts, IReadOnlyList<UnionId> unions, IReadOnlyList<EmployerId> units, IReadOnlyList<MemberId> members) =>
        (Subdistricts, Unions, Units, Members) = (subdistricts, unions, units, members);

    /// <summary>The district federation (区总工会).</summary>
    public static UnionId Federation { get; } = new("T-1");

    /// <summary>A department of the district federation.</summary>
    public static Operator Desk { get; } = new("desk-1", Federation, Role.District);

    /// <summary>Commands of the desk.</summary>
    public static CommandOptions ByDesk { get; } = new() { Operator = Desk };

    /// <summary>The subdistrict federations, in the order of their numbers.</summary>
    public IReadOnlyList<UnionId> Subdistricts { get; }

    /// <summary>The primary unions.</summary>
    public IReadOnlyList<UnionId> Unions { get; }

    /// <summary>The units; the n-th is covered by the union <c>n / UnitsEach</c>.</summary>
    public IReadOnlyList<EmployerId> Units { get; }

    /// <summary>The members; the n-th is of the unit <c>n / MembersEach</c>.</summary>
    public IReadOnlyList<MemberId> Members { get; }

    /// <summary>An officer (工会干部) of a union.</summary>
    public static Operator Officer(UnionId union) => new($"officer-{union}", union, Role.Officer);

    /// <summary>The committee of a union.</summary>
    public static Operator Committee(UnionId union) => new($"committee-{union}", union, Role.Committee);

    /// <summary>Somebody of a subdistrict federation.</summary>
    public static Operator Subdistrict(UnionId union) => new($"subdistrict-{union}", union, Role.Subdistrict);

    /// <summary>The key of the n-th made-up person, from 1; the members of a district are the first ones.</summary>
    public static MemberId Person(int n) => new(string.Create(CultureInfo.InvariantCulture, $"014600000000700880000000{n:00000000}"));

    /// <summary>The sheet of the n-th made-up person, without fault.</summary>
    /// <param name="n">From 1.</param>
    /// <param name="unit">The code of the employing unit; that of the first unit unless given.</param>
    public static MemberForm Form(int n, string? unit = null)
    {
        var (man, (number, birth)) = (n % 2 == 0, MadeUpCodes.Resident(n, n % 2 == 0));
        return new()
        {
            EmployerCode = unit ?? MadeUpCodes.Unit(1),
            Name = "示例人",
            DocumentType = "1",
            DocumentNumber = number,
            Sex = man ? "1" : "2",
            BornOn = birth.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Education = "2",
            Employment = "1",
            Household = "1",
            Residence = Area,
            Mobile = MadeUpCodes.Mobile(n),
            JoinedOn = "2010-05-12",
            Migrant = "0",
            CardConsent = "1",
        };
    }

    /// <summary>Sets the district up through a client.</summary>
    /// <param name="client">The client.</param>
    /// <param name="on">The business date; not after the union's today.</param>
    /// <param name="plan">How many of each.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">Something of the kind is recorded already, otherwise.</exception>
    public static async Task<TestDistrict> Found(IUnionClient client, DateOnly on, TestDistrictPlan? plan = null, CancellationToken cancel = default)
    {
        plan ??= new();
        var desk = ByDesk with { BusinessOn = on };
        (await client.Unions.Send(Federation, new UnionCommand.SetUpFederation("示例区总工会", UnionLevel.District, UnionKind.Federation), desk, cancel)).OrThrow();
        var subdistricts = Numbered(plan.Subdistricts, n => new UnionId($"T-1{n:00}"));
        foreach (var (n, id) in subdistricts.Index())
            (await client.Unions.Send(id, new UnionCommand.SetUpFederation($"示例街道{n + 1}总工会", UnionLevel.Subdistrict, UnionKind.Federation, Federation), desk, cancel)).OrThrow();
        var unions = Numbered(plan.Subdistricts * plan.UnionsEach, n => new UnionId($"T-2{n:0000}"));
        foreach (var (n, id) in unions.Index())
            (await client.Unions.Send(id, new UnionCommand.TakeOver($"示例联合工会{n + 1}", UnionLevel.Primary, UnionKind.Joint, subdistricts[n / plan.UnionsEach], on, 3), desk, cancel)).OrThrow();
        var units = Numbered(unions.Count * plan.UnitsEach, n => new EmployerId($"T-3{n:00000}"));
        await foreach (var outcome in client.Employers.Bulk.Send(
            units.Index().Select(unit => new BulkRow<EmployerId, EmployerCommand>(
                unit.Item,
                new EmployerCommand.Record(
                    MadeUpCodes.Unit(unit.Index + 1), $"示例单位{unit.Index + 1}", EmployerKind.Private, "C", Area, subdistricts[unit.Index / plan.UnitsEach / plan.UnionsEach], 100,
                    Union: unions[unit.Index / plan.UnitsEach], Coverage: CoverageKind.Joint),
                desk)).ToAsyncEnumerable(),
            cancel: cancel)) outcome.OrThrow();
        var members = Numbered(units.Count * plan.MembersEach, n => Person(n));
        await foreach (var outcome in client.Members.Bulk.Send(
            members.Index().Select(member => new BulkRow<MemberId, MemberCommand>(
                member.Item,
                new MemberCommand.Enter(
                    unions[member.Index / plan.MembersEach / plan.UnitsEach], units[member.Index / plan.MembersEach], Form(member.Index + 1, MadeUpCodes.Unit((member.Index / plan.MembersEach) + 1))),
                desk)).ToAsyncEnumerable(),
            cancel: cancel)) outcome.OrThrow();
        return new(subdistricts, unions, units, members);
    }

    private static List<TId> Numbered<TId>(int count, Func<int, TId> id) => [.. Enumerable.Range(1, count).Select(id)];
}
