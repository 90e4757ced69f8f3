using System.Security.Cryptography;
using System.Text;
using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace ConsoleHost;

/// <summary>
/// A small made-up district and how it came to be in the first half of 2014. Every step is a command with an id derived from its name,
/// so a second run, or one after a crash, repeats what was done and adds what is missing.
/// </summary>
internal sealed class SmallDistrict(IUnionClient union, Action<string> told)
{
    public static readonly UnionId District = new("D-01");

    private static readonly Operator City = new("op-city", new("C-00"), Role.Municipal, Rights.Backdate);
    private static readonly Operator Department = new("op-district", District, Role.District, Rights.Backdate);
    private static readonly Operator Street = new("op-street", new("S-01"), Role.Subdistrict, Rights.Backdate);
    private static readonly Operator Officer = new("op-officer", new("P-00"), Role.Officer, Rights.Backdate);

    private static readonly (string Id, string Name)[] Subdistricts = [("S-01", "东园街道总工会"), ("S-02", "西湖街道总工会"), ("S-03", "南山镇总工会")];

    private static readonly (string Id, string Code, string Name, string Federation, int Headcount)[] Units =
    [
        ("E-01", "91350100M000100Y43", "晨光机械厂", "S-01", 320), ("E-02", "110108000000016", "青禾食品店", "S-01", 6),
        ("E-03", "110108000000024", "云杉书店", "S-01", 4), ("E-04", "110108000000032", "白鹭印刷社", "S-01", 9),
        ("E-05", "110108000000049", "石桥电子公司", "S-02", 86), ("E-06", "110108000000057", "四季花店", "S-02", 3),
        ("E-07", "110108000000065", "听雨茶社", "S-02", 8), ("E-08", "110108000000073", "远山物流公司", "S-03", 140),
        ("E-09", "110108000000081", "麦田幼儿园", "S-03", 26),
    ];

    private static readonly (string Id, string Name, string Upper, UnionKind Kind, string[] Units, int Members, int Month)[] Unions =
    [
        ("P-01", "晨光机械厂工会", "S-01", UnionKind.Independent, ["E-01"], 210, 2),
        ("P-02", "东园商户联合工会", "S-01", UnionKind.Joint, ["E-02", "E-03", "E-04"], 17, 3),
        ("P-03", "石桥电子公司工会", "S-02", UnionKind.Independent, ["E-05"], 61, 4),
        ("P-04", "西湖商户联合工会", "S-02", UnionKind.Joint, ["E-06", "E-07"], 10, 5),
        ("P-05", "麦田幼儿园工会", "S-03", UnionKind.Independent, ["E-09"], 25, 6),
    ];

    /// <summary>Founds the federations, registers the units, establishes the unions and covers their units.</summary>
    public async Task Found(CancellationToken cancel)
    {
        await Unite(District, new UnionCommand.SetUpFederation("示例区总工会", UnionLevel.District, UnionKind.Federation), Department, On(1, 2), cancel);
        foreach (var (id, name) in Subdistricts)
            await Unite(new(id), new UnionCommand.SetUpFederation(name, UnionLevel.Subdistrict, UnionKind.Federation, District), Department, On(1, 3), cancel);

        foreach (var (id, code, name, federation, headcount) in Units)
            await Employ(new(id), new EmployerCommand.Register(code, name, EmployerKind.Private, "F", "110108", new(federation), headcount), Department, On(1, 10), cancel);

        foreach (var (id, name, upper, kind, units, members, month) in Unions)
        {
            var employees = Units.Where(unit => units.Contains(unit.Id)).Sum(unit => unit.Headcount);
            await Unite(new(id), new UnionCommand.Apply(name, UnionLevel.Primary, kind, new(upper), [.. units.Select(EmployerId.Of)], employees, members, 3), Officer, On(month, 3), cancel);
            await Unite(new(id), new UnionCommand.Verify(employees, members), Street, On(month, 6), cancel);
            await Unite(new(id), new UnionCommand.Approve(), Department, On(month, 10), cancel);
            await Unite(new(id), new UnionCommand.HoldElection(members, members - 1, 5), Officer, On(month, 17), cancel);
            await Unite(new(id), new UnionCommand.ApproveResult(), Department, On(month, 20), cancel);
            await Unite(new(id), new UnionCommand.Complete(), Department, On(month, 24), cancel);
            foreach (var unit in units)
                await Employ(new(unit), new EmployerCommand.Cover(new(id), kind == UnionKind.Joint ? CoverageKind.Joint : CoverageKind.Independent), Department, On(month, 24), cancel);
        }

        // One shop grew past the threshold: it appears in a list to work on, and nothing moves by itself.
        await Employ(new("E-04"), new EmployerCommand.ReportHeadcount(14), Officer, On(6, 20), cancel);
    }

    /// <summary>A command that the rules refuse: one unit alone is no joint union.</summary>
    public Task<Reply<UnionView>> TryAlone(CancellationToken cancel) => union.Unions.Validate(
        new("P-99"), new UnionCommand.Apply("远山物流公司联合工会", UnionLevel.Primary, UnionKind.Joint, new("S-03"), [new("E-08")], 140, 90, 3), new() { Operator = Officer, BusinessOn = On(6, 25) }, cancel);

    private async Task Unite(UnionId id, UnionCommand command, Operator by, DateOnly on, CancellationToken cancel)
    {
        var reply = await union.Unions.Send(id, command, With(id.Stream, command, by, on), cancel);
        Tell(id.ToString(), command, reply.Refusal);
    }

    private async Task Employ(EmployerId id, EmployerCommand command, Operator by, DateOnly on, CancellationToken cancel)
    {
        var reply = await union.Employers.Send(id, command, With(id.Stream, command, by, on), cancel);
        Tell(id.ToString(), command, reply.Refusal);
    }

    private void Tell(string id, object command, Refusal? refusal)
    {
        // The sample's own steps are all lawful: a refusal here is a mistake of the sample, and must be seen.
        if (refusal is not null) throw new InvalidOperationException($"{id} {command.GetType().Name}: {refusal}");
        told($"{id} {command.GetType().Name}");
    }

    private static CommandOptions With(StreamId stream, object command, Operator by, DateOnly on) =>
        new() { CommandId = Derived($"{stream} {command.GetType().Name}"), Operator = by, BusinessOn = on, DocumentRef = $"示工字〔{on.Year}〕{on.DayOfYear}号" };

    private static Guid Derived(string step) => new(SHA256.HashData(Encoding.UTF8.GetBytes(step)).AsSpan(0, 16), bigEndian: true);

    private static DateOnly On(int month, int day) => new(2014, month, day);
}
