using System.Collections.Immutable;

namespace ConsoleHost.Roll;

/// <summary>How far the roll is written, in rows of all its files.</summary>
internal readonly record struct RollProgress(long Rows, long Of);

/// <summary>
/// Writes the roll of a made-up district as of the first half of 2014, always the same for the same scale, and what was planted in it. It knows no rule of the union and no report.
/// <list type="bullet">
/// <item><c>unions.csv</c>: the federations and the unions that stood before the period (template 工会组织表);</item>
/// <item><c>employers.csv</c>: the units; one whose union is yet to be established names the federation of its territory (单位信息表);</item>
/// <item><c>establishments.csv</c>: the unions established step by step, and on which days;</item>
/// <item><c>closures.csv</c>: the union closed in the period;</item>
/// <item><c>members.csv</c>: the members as of the last day of the period (会员信息采集表); <c>members-later.csv</c>: those who joined on the day after it;</item>
/// <item><c>planted.json</c>: what must come out. It is written last: a roll that has it is whole.</item>
/// </list>
/// </summary>
internal sealed class RollGenerator
{
    /// <summary>The day as of which unions and units are entered: before the first application of a union to be established.</summary>
    public static readonly DateOnly UnitsOn = new(2013, 12, 1);

    /// <summary>The day on which the union of <c>closures.csv</c> is closed.</summary>
    public static readonly DateOnly ClosedOn = new(2014, 3, 31);

    /// <summary>The day as of which <c>members.csv</c> is entered, after the unions were established and closed.</summary>
    public static readonly DateOnly MembersOn = RollPlan.LastDay;

    /// <summary>The day as of which <c>members-later.csv</c> is entered.</summary>
    public static readonly DateOnly LaterOn = RollPlan.LastDay.AddDays(1);

    private const int OneOfEvery = 80; // Of so many qualified records one is written unusually.
    private const int EachRefused = 6; // Rows of every kind that are refused.

    private readonly RollPlan plan;
    private readonly IProgress<RollProgress>? progress;
    private readonly CancellationToken cancel;
    private readonly long rowsPlanned;
    private readonly SortedDictionary<string, int> traps = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> rows = new(StringComparer.Ordinal);
    private readonly List<MemberRow> originals = [];
    private long people;
    private long rowsWritten;
    private int unitsEntered, entered, registered, unionsNew, membersNew, unqualified;

    private RollGenerator(decimal scale, IProgress<RollProgress>? progress, CancellationToken cancel)
    {
        (plan, this.progress, this.cancel) = (new(scale), progress, cancel);
        rowsPlanned = 1 + RollPlan.Streets.Length + plan.Unions.Length + 1 + plan.Unions.Sum(union => union.Units.Length + union.Members) + plan.Unorganised.Length + (4 * EachRefused);
    }

    /// <summary>Writes the files into the folder <c>roll</c> of a directory; what is there is replaced. A scale lies between 0.01 and 1.</summary>
    public static PlantedRoll Write(DirectoryInfo directory, decimal scale, IProgress<RollProgress>? progress = null, CancellationToken cancel = default)
    {
        var generator = new RollGenerator(scale, progress, cancel);
        var folder = directory.CreateSubdirectory("roll").FullName;
        var proof = Path.Combine(folder, "planted.json");
        File.Delete(proof); // What it vouches for is about to change.

        generator.WriteFile(folder, "unions.csv", "工会编号,工会名称,层级,类型,上级工会编号,成立日期,任期年,主席,备注", generator.Unions);
        generator.WriteFile(folder, "employers.csv", "单位代码,单位名称,单位性质,行业门类,注册地,职工人数,女职工人数,农民工人数,建会方式,工会编号,联系人,联系电话", generator.Employers);
        generator.WriteFile(folder, "establishments.csv", "工会编号,工会名称,类型,上级工会编号,单位代码,职工人数,会员人数,任期年,申请日期,核实日期,批准日期,选举日期,结果批复日期,完成日期", generator.Establishments);
        generator.WriteFile(folder, "closures.csv", "工会编号,撤销日期", generator.Closures);
        generator.WriteFile(folder, "members.csv", MemberRow.Header, generator.Members);
        generator.WriteFile(folder, "members-later.csv", MemberRow.Header, generator.Later);

        var planted = generator.Planted(scale);
        using var file = new WholeFile(proof);
        planted.WriteTo(file);
        progress?.Report(new(generator.rowsWritten, generator.rowsPlanned));
        return planted;
    }

    private void WriteFile(string folder, string name, string header, Action<CsvFile> write)
    {
        using var file = new CsvFile(Path.Combine(folder, name), header);
        write(file);
        file.Complete();
        rows[name] = file.Rows;
    }

    // Names and phones of officers stay out: nothing here needs them.
    private void Unions(CsvFile file)
    {
        file.Write(RollPlan.District, "示例区总工会", "2", "3", "", "1984-05-01", "5", "", "");
        Advance();
        for (var i = 0; i < RollPlan.Streets.Length; i++)
        {
            var (id, name) = RollPlan.Streets[i];
            file.Write(id, $"{name}{(i < RollPlan.Subdistricts ? "街道" : "镇")}总工会", "3", "3", RollPlan.District, "1990-05-01", "5", "", "");
            Advance();
        }

        foreach (var union in plan.Unions.Where(union => !union.IsEstablished))
        {
            file.Write(union.Id, union.Name, "4", Kind(union), union.Upper, MemberRow.Text(union.On), Term(union), "", union.IsJoint ? "单位均为9人以下,\"两分法\"" : "");
            Advance();
        }
    }

    private void Employers(CsvFile file)
    {
        foreach (var union in plan.Unions)
            foreach (var unit in union.Units)
                Write(unit, union.IsEstablished ? "0" : Kind(union), union.IsEstablished ? union.Upper : union.Id);
        foreach (var (federation, unit) in plan.Unorganised) Write(unit, "0", federation);

        void Write(RollUnit unit, string way, string union)
        {
            file.Write(
                unit.Code, unit.Name, unit.Headcount > 100 ? "3" : "5", unit.Headcount > 9 ? "C" : "F", "110108",
                MemberRow.Text(unit.Headcount), MemberRow.Text(unit.Headcount * 2 / 5), MemberRow.Text(unit.Headcount / 4), way, union, "", "");
            if (unit.Members == 0) Trap("employer-without-members");
            Advance();
        }
    }

    private void Establishments(CsvFile file)
    {
        foreach (var union in plan.Unions.Where(union => union.IsEstablished))
        {
            file.Write(
            [
                union.Id, union.Name, Kind(union), union.Upper, string.Join(';', union.Units.Select(unit => unit.Code)), MemberRow.Text(union.Headcount),
                MemberRow.Text(union.Members), Term(union), .. Establishment.Steps(union.On).Select(MemberRow.Text),
            ]);
            Advance();
            if (union.Founding == Founding.InPeriod) unionsNew++;
            else Trap(union.Founding == Founding.DayBefore ? "union-completed-on-the-day-before" : "union-completed-on-the-day-after");
        }
    }

    private void Closures(CsvFile file)
    {
        foreach (var union in plan.Unions.Where(union => union.Founding == Founding.Closed))
        {
            file.Write(union.Id, MemberRow.Text(ClosedOn));
            Advance();
        }
    }

    private void Members(CsvFile file)
    {
        // The first member of every unit is qualified, so that the unit counts; the unqualified ones are spread evenly over all others.
        var others = plan.Unions.Where(union => union.Founding is Founding.Standing or Founding.DayBefore or Founding.InPeriod).Sum(union => union.Members - union.Units.Length);
        var spoiled = plan.Registered - plan.Entered - plan.Unions.Where(union => union.Founding == Founding.Unqualified).Sum(union => union.Members);
        var other = 0L;

        foreach (var union in plan.Unions.Where(union => union.Founding != Founding.DayAfter))
            foreach (var unit in union.Units)
                for (var i = 0; i < unit.Members; i++)
                {
                    var qualified = union.Founding != Founding.Unqualified && (i == 0 || other++ * spoiled / others == other * spoiled / others);
                    Enter(file, MemberRow.Of(people++, union, unit), union, qualified, firstOfUnit: i == 0);
                }

        Refused(file);
    }

    private void Enter(CsvFile file, MemberRow row, RollUnion union, bool qualified, bool firstOfUnit)
    {
        registered++;
        if (union.Founding == Founding.InPeriod) membersNew++;
        else if (string.CompareOrdinal(row.JoinedOn, MemberRow.Text(RollPlan.FirstDay)) >= 0) Trap("new-member-of-an-old-union");

        if (!qualified)
        {
            if (firstOfUnit) Trap("employer-with-unqualified-members-only");
            Write(file, Twisted(row, Twist.Harmful, unqualified++));
            return;
        }

        if (firstOfUnit) unitsEntered++;
        if (++entered % OneOfEvery == 0) row = Twisted(row, Twist.Harmless, entered / OneOfEvery);
        else if (!firstOfUnit && union.Founding == Founding.Standing && originals.Count < EachRefused) originals.Add(row);
        Write(file, row);
    }

    private MemberRow Twisted(MemberRow row, Twist[] twists, int ordinal)
    {
        var twist = twists[ordinal % twists.Length];
        Trap(twist.Kind);
        return twist.Write(row, ordinal / twists.Length);
    }

    // These stand at the end of the file, so that a number is held before a second row claims it. Whoever wins, the figures are the same:
    // both rows are of old unions, and both of units with other members.
    private void Refused(CsvFile file)
    {
        var standing = plan.Unions.Where(union => union.Founding == Founding.Standing).TakeLast(EachRefused).ToArray();
        var closed = plan.Unions.Single(union => union.Founding == Founding.Closed);
        for (var i = 0; i < EachRefused; i++)
        {
            var (union, original) = (standing[i], originals[i]);
            Refuse("duplicate-number", union, row => row with { DocumentNumber = original.DocumentNumber, Sex = original.Sex, BirthOn = original.BirthOn });
            Refuse("unknown-union", union, row => row with { Union = "P-99999" });
            Refuse("union-of-wrong-level", union, row => row with { Union = union.Upper });
            Refuse("closed-union", closed, row => row);
        }

        void Refuse(string kind, RollUnion union, Func<MemberRow, MemberRow> spoil)
        {
            Trap(kind);
            Write(file, spoil(MemberRow.Of(people++, union, union.Units[0])));
        }
    }

    private void Later(CsvFile file)
    {
        foreach (var union in plan.Unions.Where(union => union.Founding == Founding.DayAfter))
            foreach (var unit in union.Units)
                for (var i = 0; i < unit.Members; i++)
                {
                    Trap("member-joined-on-the-day-after");
                    Write(file, MemberRow.Of(people++, union, unit));
                }
    }

    private PlantedRoll Planted(decimal scale) => new()
    {
        Scale = scale,
        UnitsEntered = unitsEntered,
        Entered = entered,
        Registered = registered,
        UnionsNew = unionsNew,
        MembersNew = membersNew,
        Traps = traps.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Rows = rows.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    private static string Kind(RollUnion union) => union.IsJoint ? "2" : "1";

    private static string Term(RollUnion union) => union.IsJoint ? "3" : "5";

    private void Trap(string kind) => traps[kind] = traps.GetValueOrDefault(kind) + 1;

    private void Write(CsvFile file, MemberRow row)
    {
        row.WriteTo(file);
        Advance();
    }

    private void Advance()
    {
        if (++rowsWritten % 1_000 != 0) return;
        cancel.ThrowIfCancellationRequested();
        progress?.Report(new(rowsWritten, rowsPlanned));
    }
}
