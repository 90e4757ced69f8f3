using System.Collections.Immutable;
using System.Globalization;
using UnionTestKit;

namespace ConsoleHost.Roll;

/// <summary>How a union of the roll came about; it decides what its members count for.</summary>
internal enum Founding
{
    /// <summary>Stood long before the period.</summary>
    Standing,

    /// <summary>Stood long before the period; no record of its members is qualified.</summary>
    Unqualified,

    /// <summary>Stood before the period and is closed in it: nobody can be entered there any more.</summary>
    Closed,

    /// <summary>Stood long before the period in another district: nothing of it counts here.</summary>
    Elsewhere,

    /// <summary>Completed on the day before the period: not new.</summary>
    DayBefore,

    /// <summary>Completed in the period: new.</summary>
    InPeriod,

    /// <summary>Completed on the day after the period: not new yet.</summary>
    DayAfter,

    /// <summary>Completed in the period in another district.</summary>
    NewElsewhere,
}

/// <summary>An employing unit and how many members the roll enters for it.</summary>
internal sealed record RollUnit(string Code, string Name, int Headcount, int Members);

/// <summary>A primary union, independent for one unit or joint for several; founded or completed on <paramref name="On"/>.</summary>
internal sealed record RollUnion(string Id, string Name, string Upper, Founding Founding, DateOnly On, ImmutableArray<RollUnit> Units)
{
    public bool IsJoint => Units.Length > 1;

    /// <summary>Established step by step around the period, and therefore not in the table of unions.</summary>
    public bool IsEstablished => Founding >= Founding.DayBefore;

    public bool IsElsewhere => Founding is Founding.Elsewhere or Founding.NewElsewhere;

    public int Headcount => Units.Sum(unit => unit.Headcount);

    public int Members => Units.Sum(unit => unit.Members);
}

/// <summary>
/// Who exists in the made-up district: one federation, 29 subdistricts and townships, their unions and units, and how many members each unit has; and a little of the district beside it.
/// The figures of the half-year come out exactly by construction; those that are masses follow the scale, half up.
/// </summary>
internal sealed class RollPlan
{
    public const string District = "D-01";
    public const string OtherDistrict = "D-02";

    public static readonly DateOnly FirstDay = new(2014, 1, 1);
    public static readonly DateOnly LastDay = new(2014, 6, 30);

    public static readonly ImmutableArray<(string Id, string Name)> Streets =
    [
        .. "云杉 白鹭 青禾 晨光 石桥 听雨 远山 麦田 松涛 柳岸 竹溪 桂香 荷塘 梅岭 兰亭 菊园 枫林 槐荫 榆钱 桑梓 芦湾 苇泊".Split(' ')
            .Concat("稻香 谷雨 清泉 花渡 星野 月湖 霜溪".Split(' '))
            .Select((name, i) => (string.Create(CultureInfo.InvariantCulture, $"S-{i + 1:00}"), name)),
    ];

    /// <summary>The only street of the other district.</summary>
    public static readonly (string Id, string Name) OtherStreet = ("S-30", "邻溪");

    /// <summary>Of the streets the first are subdistricts, the others townships.</summary>
    public const int Subdistricts = 22;

    /// <summary>In so many streets, the first ones, cards were issued in the month before the period.</summary>
    public const int Pilots = 6;

    /// <summary>How many there are of whatever is there only to be left out, at every scale.</summary>
    public const int Few = 6;

    private static readonly DateOnly OldestUnion = new(2000, 1, 1);
    private static readonly DateOnly YoungestUnion = new(2013, 6, 30);
    private static readonly string[] Trades = ["食品店", "书店", "印刷社", "电子公司", "花店", "茶社", "物流公司", "幼儿园", "机械厂", "设计室", "诊所", "超市"];

    private readonly Dictionary<char, int> placed = [];
    private Dice dice = new(2014);
    private int units;

    public RollPlan(decimal scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 0.01m);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, 1m);
        Scale = scale;
        (UnitsEntered, Registered) = (Mass(8_314), Mass(249_123));
        Entered = (int)Math.Round(Registered * 0.9427m, MidpointRounding.AwayFromZero); // The rate is no mass: it is the same at every scale, as nearly as whole persons can make it.
        var (newUnions, newMembers) = (Mass(508), Mass(9_963));
        const int fewAtTheEdges = 40, unqualifiedUnits = 4, membersOfEach = 2;

        // What stood before the period is what the unions established around it leave of the totals; the day after it counts for nothing.
        var sizes = Sizes.Of(newUnions);
        var (edge, edgeUnits) = (new[] { 1, Sizes.JointNew }, 1 + Sizes.JointNew);
        var standing = Found(Founding.Standing, Sizes.OfStanding(UnitsEntered - sizes.Sum() - edgeUnits), Registered - newMembers - fewAtTheEdges - (unqualifiedUnits * membersOfEach));
        var unqualified = Enumerable.Range(0, unqualifiedUnits).SelectMany(_ => Found(Founding.Unqualified, [1], membersOfEach));
        Unions =
        [
            .. standing, .. unqualified, .. Found(Founding.Closed, [1], 0), .. Found(Founding.DayBefore, edge, fewAtTheEdges),
            .. Found(Founding.InPeriod, sizes, newMembers), .. Found(Founding.DayAfter, edge, fewAtTheEdges), .. Found(Founding.Elsewhere, [1, 1], 4 * Few), .. Found(Founding.NewElsewhere, [1], Few),
        ];
        Unorganised = [.. Enumerable.Range(0, 6).Select(i => (Streets[i].Id, Unit(Streets[i].Name, headcount: 20 + (15 * i), members: 0)))];
    }

    public decimal Scale { get; }

    /// <summary>A number that follows the scale, half up.</summary>
    public int Mass(int atFullScale) => (int)Math.Round(atFullScale * Scale, MidpointRounding.AwayFromZero);

    /// <summary>Units with at least one qualified member at the end of the period.</summary>
    public int UnitsEntered { get; }

    /// <summary>Members on the roll at the end of the period.</summary>
    public int Registered { get; }

    /// <summary>Those of them whose record is qualified.</summary>
    public int Entered { get; }

    /// <summary>Cards that count at the end of the period.</summary>
    public int Cards => Mass(150_000);

    /// <summary>The primary unions, by their ids.</summary>
    public ImmutableArray<RollUnion> Unions { get; }

    /// <summary>Units without a union, each with the federation of its territory.</summary>
    public ImmutableArray<(string Federation, RollUnit Unit)> Unorganised { get; }

    // Joint unions take what their small units have; the independent ones share the rest by weight.
    private List<RollUnion> Found(Founding how, int[] sizes, int members)
    {
        var small = Array.ConvertAll(sizes, size => Enumerable.Range(0, size > 1 ? size : 0).Select(_ => dice.Between(2, 6)).ToArray());
        var shares = Share(members - small.Sum(each => each.Sum()), Array.ConvertAll(sizes, size => size > 1 ? 0 : dice.Between(5, 24)));
        return [.. sizes.Select((size, i) => size > 1 ? Joint(how, small[i], OnOf(how, i, sizes.Length)) : Independent(how, shares[i], OnOf(how, i, sizes.Length)))];
    }

    private RollUnion Independent(Founding how, int members, DateOnly on)
    {
        var (id, street) = Next(how);
        var unit = Unit(street.Name, Math.Max(10, members + dice.Below(members + 1)), members);
        return new(id, $"{unit.Name}工会", street.Id, how, on, [unit]);
    }

    private RollUnion Joint(Founding how, int[] members, DateOnly on)
    {
        var (id, street) = Next(how);
        return new(id, $"{street.Name}商户联合工会（{id}）", street.Id, how, on, [.. members.Select(count => Unit(street.Name, dice.Between(count, 9), count))]);
    }

    private RollUnit Unit(string street, int headcount, int members)
    {
        units++;
        return new(MadeUpCodes.Unit(units), string.Create(CultureInfo.InvariantCulture, $"{street}第{units}{Trades[units % Trades.Length]}"), headcount, members);
    }

    // P: stood before the period began, N: established around it, X: of the other district.
    private (string Id, (string Id, string Name) Street) Next(Founding how)
    {
        var letter = how is Founding.Elsewhere or Founding.NewElsewhere ? 'X' : how >= Founding.DayBefore ? 'N' : 'P';
        var number = placed[letter] = placed.GetValueOrDefault(letter) + 1;
        return (string.Create(CultureInfo.InvariantCulture, $"{letter}-{number:00000}"), letter == 'X' ? OtherStreet : Streets[number % Streets.Length]);
    }

    // The first and the last new union are completed on the very ends of the period.
    private DateOnly OnOf(Founding how, int ordinal, int count) => how switch
    {
        Founding.DayBefore => FirstDay.AddDays(-1),
        Founding.DayAfter => LastDay.AddDays(1),
        Founding.InPeriod when ordinal == 0 => FirstDay,
        Founding.InPeriod when ordinal == count - 1 => LastDay,
        Founding.InPeriod or Founding.NewElsewhere => dice.Between(FirstDay.AddDays(Establishment.Days), LastDay),
        _ => dice.Between(OldestUnion, YoungestUnion),
    };

    private static int[] Share(long total, int[] weights)
    {
        var (whole, seen, given) = (weights.Sum(), 0, 0L);
        return Array.ConvertAll(weights, weight =>
        {
            seen += weight;
            var before = given;
            given = total * seen / whole;
            return (int)(given - before);
        });
    }

    /// <summary>How many units each union of a group covers; one unit is an independent union.</summary>
    private static class Sizes
    {
        public const int JointNew = 3;

        // Two independent, three joint, and so on.
        public static int[] Of(int unions) => [.. Enumerable.Range(0, unions).Select(i => i % 5 < 2 ? 1 : JointNew)];

        // One joint union of five units to five independent ones, until the units are used up.
        public static int[] OfStanding(int units)
        {
            var sizes = new List<int>();
            for (var left = units; left > 0; left -= sizes[^1]) sizes.Add(left >= 5 && sizes.Count % 6 == 0 ? 5 : 1);
            return [.. sizes];
        }
    }
}

/// <summary>The dates of the six steps that establish a union, ending with the day it is completed.</summary>
internal static class Establishment
{
    /// <summary>Days from the application to the completion.</summary>
    public const int Days = 21;

    /// <summary>Applied, verified, approved, elected, result approved, completed.</summary>
    public static IEnumerable<DateOnly> Steps(DateOnly completed) => new[] { Days, 18, 14, 7, 4, 0 }.Select(before => completed.AddDays(-before));
}
