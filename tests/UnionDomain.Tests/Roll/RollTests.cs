using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ConsoleHost.Roll;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Tests.Roll;

/// <summary>The roll that the sample generates, read back by a reader and judged by rules that the generator does not know.</summary>
public sealed class RollTests : IDisposable
{
    private static readonly Period Half = Period.Half(2014, 1);
    private static readonly HashSet<string> PilotStreets = [.. RollPlan.Streets.Take(RollPlan.Pilots).Select(street => street.Id)];

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("roll-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void The_same_scale_writes_the_same_bytes()
    {
        Write(0.01m, into: "once");
        Write(0.010m, into: "twice");

        var files = Directory.GetFiles(PathOf("", "once"));
        Assert.Equal(13, files.Length);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(PathOf(Path.GetFileName(file), "twice"))));
    }

    [Fact]
    public void The_bytes_are_the_same_on_every_machine()
    {
        Write(0.01m);

        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.GetFiles(PathOf("")).Order(StringComparer.Ordinal)) all.AppendData(File.ReadAllBytes(file));
        Assert.Equal("16f2b482e9235e8b667e42d47156ff9bafbf5699c519cd6ed8d52ff83c638cc0", Convert.ToHexStringLower(all.GetHashAndReset()));
    }

    [Fact]
    public void At_full_scale_the_figures_of_the_half_year_are_planted()
    {
        var planted = Write(1m);

        Assert.Equal(
            (8_314, 234_848, 249_123, 150_000, 508, 9_963),
            (planted.UnitsEntered, planted.Entered, planted.Registered, planted.CardsIssued, planted.UnionsNew, planted.MembersNew));
        Assert.Equal("94.27%", Percentage.Of(planted.Entered, planted.Registered)!.Value.ToString());
        Recount(planted);
    }

    [Theory]
    [InlineData("0.01", 83, 2_348, 2_491, 1_500, 5, 100)]
    [InlineData("0.013", 108, 3_053, 3_239, 1_950, 7, 130)]
    [InlineData("0.05", 416, 11_742, 12_456, 7_500, 25, 498)]
    [InlineData("0.25", 2_079, 58_712, 62_281, 37_500, 127, 2_491)]
    public void An_independent_recount_finds_what_was_planted(string scale, int units, int entered, int registered, int cards, int unionsNew, int membersNew)
    {
        var planted = Write(decimal.Parse(scale, CultureInfo.InvariantCulture));

        Assert.Equal(
            (units, entered, registered, cards, unionsNew, membersNew),
            (planted.UnitsEntered, planted.Entered, planted.Registered, planted.CardsIssued, planted.UnionsNew, planted.MembersNew));
        Recount(planted);
    }

    [Fact]
    public void The_file_of_planted_figures_says_what_was_returned()
    {
        var planted = Write(0.01m);

        using var json = JsonDocument.Parse(File.ReadAllBytes(PathOf("planted.json")));
        var figures = json.RootElement.GetProperty("figures");
        Assert.Equal(0.01m, json.RootElement.GetProperty("scale").GetDecimal());
        Assert.Equal(planted.UnitsEntered, figures.GetProperty("member.units-entered").GetInt32());
        Assert.Equal(planted.Entered, figures.GetProperty("member.entered").GetInt32());
        Assert.Equal(planted.Registered, figures.GetProperty("member.registered").GetInt32());
        Assert.Equal(planted.Entered, figures.GetProperty("member.collection-rate").GetProperty("part").GetInt32());
        Assert.Equal(planted.Registered, figures.GetProperty("member.collection-rate").GetProperty("whole").GetInt32());
        Assert.Equal(planted.CardsIssued, figures.GetProperty("card.issued").GetInt32());
        Assert.Equal(planted.CardsBefore, figures.GetProperty("card.issued.before").GetInt32());
        Assert.Equal(planted.CardsProduced, figures.GetProperty("card.produced").GetInt32());
        Assert.Equal(planted.CardsReplaced, figures.GetProperty("card.replaced").GetInt32());
        Assert.Equal(planted.UnionsNew, figures.GetProperty("organising.unions-new").GetInt32());
        Assert.Equal(planted.MembersNew, figures.GetProperty("organising.members-new").GetInt32());
        Assert.Equal(planted.Traps, json.RootElement.GetProperty("traps").EnumerateObject().ToDictionary(trap => trap.Name, trap => trap.Value.GetInt32(), StringComparer.Ordinal));
        Assert.Equal(planted.Rows, json.RootElement.GetProperty("rows").EnumerateObject().ToDictionary(file => file.Name, file => file.Value.GetInt32(), StringComparer.Ordinal));
    }

    [Fact]
    public void Only_the_owner_may_read_the_files_and_none_is_left_unfinished()
    {
        Write(0.01m);

        Assert.Empty(Directory.GetFiles(PathOf(""), "*.part"));
        Assert.All(Directory.GetFiles(PathOf("")), file =>
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        });
    }

    [Fact]
    public void A_run_that_was_stopped_leaves_no_file_that_looks_whole()
    {
        Write(0.01m);
        var whole = File.ReadAllBytes(PathOf("members.csv"));
        using var cancel = new CancellationTokenSource();
        var stopping = new Told(told => { if (told.Rows == 2_000) cancel.Cancel(); });

        Assert.Throws<OperationCanceledException>(() => RollGenerator.Write(directory, 0.02m, stopping, cancel.Token));

        Assert.False(File.Exists(PathOf("planted.json")));
        Assert.False(File.Exists(PathOf("members.csv.part")));
        Assert.Equal(whole, File.ReadAllBytes(PathOf("members.csv")));
        File.WriteAllText(PathOf("members.csv.part"), "what a killed run leaves");
        Write(0.01m);
        Assert.Equal(whole, File.ReadAllBytes(PathOf("members.csv")));
    }

    [Fact]
    public void Progress_only_rises_and_ends_at_the_whole()
    {
        var told = new List<RollProgress>();
        Write(0.01m, new Told(told.Add));

        Assert.True(told.Count > 3);
        Assert.Equal(told.Select(progress => progress.Rows).Order(), told.Select(progress => progress.Rows));
        Assert.Equal(told[^1].Of, told[^1].Rows);
    }

    [Theory]
    [InlineData("0.0099")]
    [InlineData("1.01")]
    public void A_scale_outside_its_bounds_is_a_bug(string scale) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(decimal.Parse(scale, CultureInfo.InvariantCulture)));

    private PlantedRoll Write(decimal scale, IProgress<RollProgress>? progress = null, string into = ".") =>
        RollGenerator.Write(directory.CreateSubdirectory(into), scale, progress, TestContext.Current.CancellationToken);

    private void Recount(PlantedRoll planted)
    {
        var units = Units();
        var (unions, established) = Unions(units);
        var closed = Read("closures.csv").Select(row => row["工会编号"]).ToHashSet(StringComparer.Ordinal);
        var ours = unions.Where(union => union.Value.District == RollPlan.District).Select(union => union.Key).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(33, unions.Count(union => union.Value.Level < 4) + closed.Count);
        Assert.Equal(planted.UnionsNew, established.Count(union => ours.Contains(union.Key) && Half.Contains(union.Value)));

        // Everybody by number; whoever has no valid one, by the place in the file.
        var (people, refused, mobiles, years) = (new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal), 0, new HashSet<string>(StringComparer.Ordinal), new HashSet<int>());
        foreach (var row in Read("members.csv").Concat(Read("members-new.csv")))
        {
            Assert.True(units.ContainsKey(row["单位代码"]));
            if (!unions.TryGetValue(row["工会编号"], out var union) || union.Level < 4 || closed.Contains(row["工会编号"]) || !people.TryAdd(ValidNumber(row) ?? $"nobody {people.Count}", row))
            {
                refused++;
                continue;
            }

            if (row["证件号码"].Length == 18 && ResidentId.TryParse(row["证件号码"], Half.To, out var id, out _)) years.Add(id.BirthOn.Year);
            Assert.True(row["手机号"].Length == 0 || mobiles.Add(row["手机号"]));
            Assert.True(Date(row["入会日期"]) <= Half.To);
            if (established.TryGetValue(row["工会编号"], out var completed)) Assert.InRange(Date(row["入会日期"]), completed, Half.To);
        }

        foreach (var row in Read("members-corrected.csv"))
        {
            Assert.True(Qualified(people[ValidNumber(row)!]) && mobiles.Add(row["手机号"]));
            people[ValidNumber(row)!] = row;
        }

        // Whoever is told of later either joins on that day, or agrees to a card on it.
        Assert.All(Read("members-later.csv"), row => Assert.True(
            people.TryGetValue(ValidNumber(row)!, out var known) ? (known["同意办理京卡"], row["同意办理京卡"]) is (not "1", "1") : Date(row["入会日期"]) == HalfYearDays.LaterOn));
        var left = Read("leavings.csv").Select(row => row["证件号码"]).ToHashSet(StringComparer.Ordinal);
        Assert.All(Read("transfers.csv"), row => Assert.Equal("", row["接收日期"]));

        var roll = people.Where(person => ours.Contains(person.Value["工会编号"]) && !left.Contains(person.Key)).ToDictionary(StringComparer.Ordinal);
        var entered = roll.Values.Where(Qualified).ToList();
        Assert.Equal(planted.Registered, roll.Count);
        Assert.Equal(planted.Entered, entered.Count);
        Assert.Equal(planted.UnitsEntered, entered.Select(row => row["单位代码"]).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(planted.MembersNew, roll.Values.Count(row => established.TryGetValue(row["工会编号"], out var on) && Half.Contains(on) && Half.Contains(Date(row["入会日期"]))));
        Assert.Equal(refused, Traps("duplicate-number", "unknown-union", "union-of-wrong-level", "closed-union"));
        Assert.Equal(roll.Count - entered.Count, Traps("wrong-checksum", "missing-field", "sex-disagrees", "birth-disagrees", "document-expired", "fifteen-digits", "unknown-code"));
        Assert.Equal(Enumerable.Range(1901, 12), years.Order());
        Assert.All(planted.Traps, trap => Assert.True(trap.Value >= 1, trap.Key));
        Assert.All(planted.Rows, file => Assert.Equal(file.Value, Read(file.Key).Count()));
        RecountCards(planted, people, roll, [.. ours.Where(union => unions[union].Level == 4 && PilotStreets.Contains(unions[union].Upper))]);

        int Traps(params ReadOnlySpan<string> kinds)
        {
            var sum = 0;
            foreach (var kind in kinds) sum += planted.Traps[kind];
            return sum;
        }
    }


    // A card counts once, whatever it was replaced by, while its holder is on the roll and the bank has not cancelled it.
    private void RecountCards(PlantedRoll planted, Dictionary<string, Dictionary<string, string>> people, Dictionary<string, Dictionary<string, string>> roll, HashSet<string> pilots)
    {
        var cancelled = Read("notices.csv").Where(row => row["通知"] == "X").Select(row => row["卡号"]).ToHashSet(StringComparer.Ordinal);
        var (issued, before, produced, replaced, numbers) = (0, 0, 0, 0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var row in Read("cards.csv"))
        {
            var person = people[row["证件号码"]];
            var made = new[] { (row["结果"], row["卡号或说明"]), (row["再次结果"], row["再次卡号"]) }.Where(answer => answer.Item1 == "00").Select(answer => answer.Item2).ToList();
            Assert.All(made, number => Assert.True(CardNumber.TryParse(number, out _, out _) && numbers.Add(number)));
            if (made.Count == 0 || person["同意办理京卡"] != "1" || !(roll.ContainsKey(row["证件号码"]) || person["工会编号"].StartsWith('P'))) continue;
            if (pilots.Contains(person["工会编号"]) && row["结果"] == "00") before++;
            else produced++;
            if (made.Count == 2) replaced++;
            if (roll.ContainsKey(row["证件号码"]) && !cancelled.Contains(made[^1])) issued++;
        }

        Assert.Equal((planted.CardsIssued, planted.CardsBefore, planted.CardsProduced, planted.CardsReplaced), (issued, before, produced, replaced));
        Assert.Equal(people.Values.Count(person => person["同意办理京卡"] == "1") + Read("members-later.csv").Count(row => row["同意办理京卡"] == "1"), Read("cards.csv").Count());
    }

    private Dictionary<string, int> Units()
    {
        var units = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in Read("employers.csv"))
        {
            Assert.True(UnitCode.TryParse(row["单位代码"], out _, out _), row["单位代码"]);
            var headcount = int.Parse(row["职工人数"], CultureInfo.InvariantCulture);
            if (row["建会方式"] == "1") Assert.InRange(headcount, 10, int.MaxValue);
            if (row["建会方式"] == "2") Assert.InRange(headcount, 1, 9);
            units.Add(row["单位代码"], headcount);
        }

        return units;
    }

    private (Dictionary<string, (int Level, string Upper, string District)> Unions, Dictionary<string, DateOnly> Established) Unions(Dictionary<string, int> units)
    {
        var unions = new Dictionary<string, (int Level, string Upper, string District)>(StringComparer.Ordinal);
        foreach (var row in Read("unions.csv"))
        {
            var upper = row["上级工会编号"];
            Assert.True(upper.Length == 0 ? row["层级"] == "2" : unions[upper].Level < 4);
            Assert.True(Date(row["成立日期"]) < HalfYearDays.UnitsOn);
            Assert.True(new UnionId(row["工会编号"]).Stream.HasValidKey());
            unions.Add(row["工会编号"], (int.Parse(row["层级"], CultureInfo.InvariantCulture), upper, upper.Length == 0 ? row["工会编号"] : unions[upper].District));
        }

        var established = new Dictionary<string, DateOnly>(StringComparer.Ordinal);
        foreach (var row in Read("establishments.csv"))
        {
            var codes = row["单位代码"].Split(';');
            var steps = new[] { "申请日期", "核实日期", "批准日期", "选举日期", "结果批复日期", "完成日期" }.Select(step => Date(row[step])).ToArray();
            Assert.Equal(steps.Order(), steps);
            Assert.True(steps[0] > HalfYearDays.UnitsOn);
            var upper = row["上级工会编号"];
            Assert.Equal(3, unions[upper].Level);
            Assert.Equal(row["职工人数"], codes.Sum(code => units[code]).ToString(CultureInfo.InvariantCulture));
            Assert.True(row["类型"] == "1" ? units[codes.Single()] >= 10 : codes.Length >= 2 && codes.All(code => units[code] <= 9));
            Assert.InRange(int.Parse(row["会员人数"], CultureInfo.InvariantCulture), 1, int.Parse(row["职工人数"], CultureInfo.InvariantCulture));
            unions.Add(row["工会编号"], (4, upper, unions[upper].District));
            established.Add(row["工会编号"], steps[^1]);
        }

        return (unions, established);
    }

    private static string? ValidNumber(Dictionary<string, string> row)
    {
        if (row["证件类型"] == "1") return ResidentId.TryParse(row["证件号码"], Half.To, out var id, out _) ? id.Value : null;
        return OtherDocument.TryParse((OtherDocumentKind)int.Parse(row["证件类型"], CultureInfo.InvariantCulture), row["证件号码"], out var other, out _) ? other.Value : null;
    }

    private static bool Qualified(Dictionary<string, string> row)
    {
        string[] mandatory = ["姓名", "性别", "出生日期", "学历", "就业状态", "户籍类型", "现居住地", "手机号", "是否农民工"];
        if (ValidNumber(row) is null || mandatory.Any(field => row[field].Length == 0)) return false;
        if (row["证件类型"] == "1" && ResidentId.TryParse(row["证件号码"], Half.To, out var id, out _)
            && (row["性别"] != ((int)id.Sex).ToString(CultureInfo.InvariantCulture) || Date(row["出生日期"]) != id.BirthOn)) return false;
        return Code("学历", 1, 5) && Code("就业状态", 1, 4) && Code("户籍类型", 1, 4) && Code("是否农民工", 0, 1)
            && AreaCode.TryParse(row["现居住地"], Half.To, out _, out _)
            && row["手机号"].Length == 11 && row["手机号"][0] == '1'
            && row["姓名"].EnumerateRunes().Count() is >= 1 and <= 50
            && (row["证件有效期至"] is "" or "长期" || Date(row["证件有效期至"]) >= Half.To);

        bool Code(string field, int fewest, int most) => int.Parse(row[field], CultureInfo.InvariantCulture) is var code && code >= fewest && code <= most;
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string PathOf(string file, string into = ".") => Path.Combine(directory.FullName, into, "roll", file);

    // No field holds a line break, so a line is a row.
    private IEnumerable<Dictionary<string, string>> Read(string file)
    {
        using var lines = File.ReadLines(PathOf(file)).GetEnumerator();
        Assert.True(lines.MoveNext());
        var header = Cells(lines.Current);
        while (lines.MoveNext()) yield return header.Zip(Cells(lines.Current)).ToDictionary(StringComparer.Ordinal);
    }

    private static List<string> Cells(string line)
    {
        var (cells, cell, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (quoted && line[i] == '"' && i + 1 < line.Length && line[i + 1] == '"') cell.Append(line[i++]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] != ',' || quoted) cell.Append(line[i]);
            else
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }

    private sealed class Told(Action<RollProgress> told) : IProgress<RollProgress>
    {
        public void Report(RollProgress value) => told(value);
    }
}
