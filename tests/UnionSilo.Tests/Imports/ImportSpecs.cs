extern alias Sample;
using System.Globalization;
using System.Text.Json;
using Sample::ConsoleHost.Roll;
using UnionClient.Imports;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionTestKit;

namespace UnionSilo.Tests.Imports;

/// <summary>Files of the templates through the client into either database.</summary>
public sealed class ImportSpecs(SharedPostgres postgres, ITestOutputHelper output) : ImportTown(postgres)
{
    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "23")]
    public async Task A_file_is_new_once_and_the_same_ever_after(string store)
    {
        await Start(store);
        Assert.Equal("new 4", await Tell(Client.Imports.Unions(File("unions", FewUnions), Usual)));
        Assert.Equal("new 3", await Tell(Client.Imports.Employers(File("employers", FewEmployers), Usual)));
        var members = Members(People(50));
        Assert.Equal("new 50", await Tell(Client.Imports.Members(members, Usual)));

        var before = await Count("journal");
        Assert.Equal("same 4", await Tell(Client.Imports.Unions(File("unions", FewUnions), Usual)));
        Assert.Equal("same 3", await Tell(Client.Imports.Employers(File("employers", FewEmployers), Usual)));
        Assert.Equal("same 50", await Tell(Client.Imports.Members(members, Usual)));
        Assert.Equal(before, await Count("journal"));
        Assert.Equal(50, (await Client.Reports.Count(MemberMeasures.Registered, Federation, Period.Half(2014, 1), Cancel)).Value);

        // A unit counts at the nearest federation above its union, or at the one it names.
        var units = await Client.Employers.List(new(), Cancel).ToListAsync(Cancel);
        Assert.All(units, unit => Assert.Equal(new UnionId("S-01"), unit.Federation));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "23")]
    public async Task What_differs_is_recorded_and_told_as_changed(string store)
    {
        await StartFilled(store);
        var people = People(6);
        await Client.Imports.Members(Members(people), Usual).Run(cancel: Cancel);

        Assert.Equal("same 3, changed 1", await Tell(Client.Imports.Unions(File("unions", FewUnions.Replace("书店工会", "书局工会", StringComparison.Ordinal)), Usual)));
        Assert.Equal("changed 2, same 1", await Tell(Client.Imports.Employers(File(
            "employers", FewEmployers.Replace("110108,40,", "110108,41,", StringComparison.Ordinal).Replace("云杉书店", "云杉书局", StringComparison.Ordinal)), Usual)));
        people[2] = people[2] with { Residence = people[2].Residence == "110101" ? "110102" : "110101" };
        people[4] = people[4] with { Remark = "已更新" };
        var outcomes = await Client.Imports.Members(Members(people), Usual).ToListAsync(Cancel);
        Assert.Equal([RowKind.Same, RowKind.Same, RowKind.Changed, RowKind.Same, RowKind.Changed, RowKind.Same], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal(6, outcomes.Select(outcome => outcome.Key).Distinct().Count());
    }

    [Fact, Trait("F", "16"), Trait("F", "21")]
    public async Task A_record_with_wrong_cells_is_a_member_with_findings_and_put_right_by_sending_the_file_of_errors()
    {
        await StartFilled("sqlite");
        var people = People(4);
        var number = people[1].DocumentNumber;
        people[1] = people[1] with { DocumentNumber = number[..17] + (number[17] == '0' ? '1' : '0') };
        people[2] = people[2] with { Education = "", Sex = people[2].Sex == "1" ? "2" : "1" };
        people[3] = people[3] with { Unit = MadeUpCodes.Unit(99) };
        var file = Members(people);
        var outcomes = await Client.Imports.Members(file, Usual).ToListAsync(Cancel);
        Assert.All(outcomes, outcome => Assert.Equal(RowKind.New, outcome.Kind));
        Assert.Empty(outcomes[0].Findings);
        Assert.Equal(["证件号码 resident-id.wrong-check-digit"], Told(outcomes[1].Findings));
        Assert.Equal(["性别 member-form.sex-disagrees", "学历 member-form.missing"], Told(outcomes[2].Findings));
        Assert.Equal(["单位代码 member.employer-unknown"], Told(outcomes[3].Findings));
        Assert.Equal((4, 1), await Registered());

        // Corrected, the row finds the person who was entered without a valid number.
        var errors = Path.ChangeExtension(file, ".errors.csv");
        var text = await System.IO.File.ReadAllTextAsync(errors, Cancel);
        Assert.Contains("新增，待完善", text, StringComparison.Ordinal);
        await System.IO.File.WriteAllTextAsync(errors, text.Replace(people[1].DocumentNumber, number, StringComparison.Ordinal), Cancel);
        var again = await Client.Imports.Members(errors, Usual).ToListAsync(Cancel);
        Assert.Equal([RowKind.Changed, RowKind.Same, RowKind.Same], again.Select(outcome => outcome.Kind));
        Assert.Equal(outcomes.Skip(1).Select(outcome => outcome.Key), again.Select(outcome => outcome.Key));
        Assert.Equal((4, 2), await Registered());
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "15"), Trait("F", "23")]
    public async Task One_number_is_one_person_within_a_window_as_between_files(string store)
    {
        await StartFilled(store);
        var people = People(3);
        MemberRow[] window =
        [
            people[0],
            people[0], // the same row
            people[0] with { Remark = "补充" }, // the same person, more told
            people[1] with { DocumentNumber = people[0].DocumentNumber, Sex = people[0].Sex, BirthOn = people[0].BirthOn }, // another person's number
            people[0] with { Union = "P-2", Unit = Units[1] }, // the same person in another union
            people[2],
        ];
        string[] expected = ["New", "Same", "Changed", "Refused member.document-held", "Refused member.on-other-roll", "New"];
        var file = Members(window);
        var outcomes = await Client.Imports.Members(file, Usual).ToListAsync(Cancel);
        Assert.Equal(expected, outcomes.Select(Short));
        Assert.All(outcomes.Take(5), outcome => Assert.Equal(outcomes[0].Key, outcome.Key));
        Assert.Equal("证件号码", outcomes[3].Refused[0].Column);

        // Between files, and with one row per call, it comes to the same.
        var before = await Count("journal");
        foreach (var options in (ImportOptions[])[Usual, Usual with { WindowRows = 1 }])
        {
            var again = await Client.Imports.Members(file, options).ToListAsync(Cancel);
            Assert.Equal([outcomes[0].Key, outcomes[5].Key], again.Select(outcome => outcome.Key).Distinct());
            // The first and the third row differ, so each brings its own back: also when each row is a call, they are taken in their order.
            Assert.Equal(["Changed", "Same", "Changed", "Refused member.document-held", "Refused member.on-other-roll", "Same"], again.Select(Short));
        }

        Assert.Equal(2, (await Client.Reports.Count(MemberMeasures.Registered, Federation, Period.Half(2014, 1), Cancel)).Value);
        Assert.Equal(before + 4, await Count("journal"));
    }

    [Fact, Trait("F", "15"), Trait("F", "23")]
    public async Task Two_imports_at_once_make_nobody_twice()
    {
        await StartFilled("sqlite");
        var file = Members(People(400));
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Client.Imports.Members(file, Usual with { WindowRows = 20 }).Run(cancel: Cancel)));
        Assert.Equal(400, both.Sum(summary => summary.New));
        Assert.Equal(400, both.Sum(summary => summary.Same));
        Assert.Equal(400, (await Client.Reports.Count(MemberMeasures.Registered, Federation, Period.Half(2014, 1), Cancel)).Value);
    }

    [Fact, Trait("F", "23")]
    public async Task Under_the_same_id_an_import_tells_again_what_it_told()
    {
        await StartFilled("sqlite");
        var people = People(5);
        await Client.Imports.Members(Members(people[..2]), Usual).Run(cancel: Cancel);
        people[1] = people[1] with { Remark = "已更新" };
        var (file, resumed) = (Members(people), Usual with { Id = Guid.CreateVersion7() });
        RowKind[] expected = [RowKind.Same, RowKind.Changed, RowKind.New, RowKind.New, RowKind.New];
        for (var time = 1; time <= 2; time++) Assert.Equal(expected, (await Client.Imports.Members(file, resumed).ToListAsync(Cancel)).Select(outcome => outcome.Kind));
        Assert.Equal("same 5", await Tell(Client.Imports.Members(file, Usual)));
    }

    [Theory, Trait("F", "23")]
    [InlineData("members", "工会编号", "", "text.empty")]
    [InlineData("members", "工会编号", "P 1", "stream.key-invalid")]
    [InlineData("members", "工会编号", "P-9", "member.union-unknown")]
    [InlineData("members", "工会编号", "S-01", "member.wrong-level")]
    [InlineData("members", "姓名", "甲\u0007乙", "text.broken-character")]
    [InlineData("members", "姓名", "甲*60", "member-form.name-too-long")]
    [InlineData("members", "出生日期", "2013-01-01", "member.too-young")]
    [InlineData("employers", "单位代码", "91350100M000100Y44", "credit-code.wrong-check")]
    [InlineData("employers", "单位名称", "", "text.empty")]
    [InlineData("employers", "单位性质", "9", "sheet.code-unknown")]
    [InlineData("employers", "职工人数", "多", "sheet.not-a-number")]
    [InlineData("employers", "女职工人数", "9000", "employer.part-exceeds-headcount")]
    [InlineData("employers", "建会方式", "2", "employer.coverage-kind-mismatch")]
    [InlineData("employers", "工会编号", "P-9", "employer.union-not-active")]
    [InlineData("unions", "层级", "7", "sheet.code-unknown")]
    [InlineData("unions", "成立日期", "2014-02-30", "sheet.not-a-date")]
    [InlineData("unions", "上级工会编号", "S-9", "union.unknown-parent")]
    [InlineData("unions", "任期年", "4", "union.term-not-allowed")]
    public async Task A_bad_cell_is_refused_by_its_column_and_rule_and_the_good_rows_go_on(string template, string column, string cell, string rule)
    {
        await StartFilled("sqlite");
        var (header, row, good) = template switch
        {
            "members" => (MemberRow.Header, Line(People(1)[0] with { DocumentNumber = "", DocumentType = "2" }), Line(People(2)[1])),
            "employers" => (EmployerHeader, $"{Units[3]},云杉茶社,5,F,110108,40,20,5,1,P-1,,", FewEmployers.Split('\n')[1].Trim()),
            _ => (UnionHeader, "P-3,云杉茶社工会,4,1,S-01,2001-05-01,5,,", FewUnions.Split('\n')[1].Trim()),
        };
        var cells = row.Split(',');
        cells[Array.IndexOf(header.Split(','), column)] = cell == "甲*60" ? new('甲', 60) : cell;
        var source = File("bad", $"{header}\n{string.Join(',', cells)}\n{good}\n");
        var import = template switch { "members" => Client.Imports.Members(source, Usual), "employers" => Client.Imports.Employers(source, Usual), _ => Client.Imports.Unions(source, Usual) };
        var outcomes = await import.ToListAsync(Cancel);
        Assert.Equal(RowKind.Refused, outcomes[0].Kind);
        Assert.Contains(outcomes[0].Refused, reason => reason.Column == column && reason.Rule.Code.StartsWith(rule, StringComparison.Ordinal));
        Assert.NotEqual(RowKind.Refused, outcomes[1].Kind);
        Assert.Equal((1, 2), (outcomes[0].Row, outcomes[1].Row));
    }

    [Fact, Trait("F", "23")]
    public async Task Full_width_digits_are_read_and_the_row_says_so()
    {
        await StartFilled("sqlite");
        var wide = People(1)[0] with { DocumentNumber = string.Concat(People(1)[0].DocumentNumber.Select(c => (char)(c + 0xFEE0))) };
        var outcome = Assert.Single(await Client.Imports.Members(Members([wide]), Usual).ToListAsync(Cancel));
        Assert.Equal((RowKind.New, "证件号码 member-form.normalised"), (outcome.Kind, Assert.Single(Told(outcome.Warnings))));
        Assert.Empty(outcome.Findings);
    }

    [Fact, Trait("F", "24")]
    public async Task An_import_without_anybody_in_charge_is_a_mistake_of_the_program()
    {
        await Start("sqlite");
        Assert.Throws<InvalidOperationException>(() => Client.Imports.Unions(File("unions", FewUnions)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "23"), Trait("F", "15")]
    public async Task The_generated_roll_is_imported_row_by_row(string store)
    {
        await Start(store);
        RollGenerator.Write(new(Folder.Path), 0.01m, cancel: Cancel);
        using var planted = JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(Roll("planted.json"), Cancel));
        var (rows, traps) = (planted.RootElement.GetProperty("rows"), planted.RootElement.GetProperty("traps"));
        var before = Usual with { On = HalfYearDays.UnitsOn };
        Assert.Equal($"new {rows.GetProperty("unions.csv")}", await Tell(Client.Imports.Unions(Roll("unions.csv"), before)));
        Assert.Equal($"new {rows.GetProperty("employers.csv")}", await Tell(Client.Imports.Employers(Roll("employers.csv"), before)));
        await TakeOverTheEstablished();

        var old = await Client.Imports.Members(Roll("members.csv"), Usual with { On = HalfYearDays.MembersOn }).Run(cancel: Cancel);
        Assert.Equal((rows.GetProperty("members.csv").GetInt64(), 0L, 0L, 0L), (old.New, old.Refused, old.Changed, old.Same));
        var summary = await Client.Imports.Members(Roll("members-new.csv"), Usual with { On = HalfYearDays.MembersOn }).Run(cancel: Cancel);
        var refused = Sum("duplicate-number", "unknown-union", "union-of-wrong-level", "closed-union");
        Assert.Equal(rows.GetProperty("members-new.csv").GetInt32() - refused, summary.New);
        Assert.Equal((refused, 0L, 0L), (summary.Refused, summary.Changed, summary.Same));
        Assert.Equal(Sum("wrong-checksum", "missing-field", "sex-disagrees", "birth-disagrees", "document-expired", "fifteen-digits", "unknown-code"), old.WithFindings + summary.WithFindings);
        Assert.Equal(summary.Refused + summary.WithFindings + 1, (await System.IO.File.ReadAllLinesAsync(summary.ErrorFile!, Cancel)).Length);
        Assert.Equal(
            $"new {Sum("member-joined-on-the-day-after")}, changed {Sum("card-issued-on-the-day-after")}", await Tell(Client.Imports.Members(Roll("members-later.csv"), Usual with { On = HalfYearDays.LaterOn })));

        var journal = await Count("journal");
        var again = await Client.Imports.Members(Roll("members-new.csv"), Usual with { On = HalfYearDays.MembersOn }).Run(cancel: Cancel);
        Assert.Equal((summary.New, 0L, 0L, refused), (again.Same, again.New, again.Changed, again.Refused));
        Assert.Equal(journal, await Count("journal"));

        long Sum(params string[] kinds) => kinds.Sum(kind => traps.GetProperty(kind).GetInt64());
    }

    private static string Short(RowOutcome outcome) => string.Join(' ', [outcome.Kind.ToString(), .. outcome.Refused.Select(reason => reason.Rule.Code)]);

    private static IEnumerable<string> Told(IEnumerable<RowFinding> findings) => findings.Select(finding => $"{finding.Column} {finding.Rule.Code}");

    private static async Task<string> Tell(UnionClient.Imports.Import import)
    {
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var outcome in import)
        {
            var kind = outcome.Kind == RowKind.Refused ? $"refused {outcome.Refused[0].Rule.Code}" : outcome.Kind.ToString().ToLowerInvariant();
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        return string.Join(", ", kinds.Select(kind => $"{kind.Key} {kind.Value}"));
    }

    private string Roll(string name) => Path.Combine(Folder.Path, "roll", name);

    private async Task<(long Registered, long Entered)> Registered() => (
        (await Client.Reports.Count(MemberMeasures.Registered, Federation, Period.Half(2014, 1), Cancel)).Value,
        (await Client.Reports.Count(MemberMeasures.Entered, Federation, Period.Half(2014, 1), Cancel)).Value);

    // Rows are what is tried here: that unions come about step by step is tried elsewhere.
    private async Task TakeOverTheEstablished()
    {
        foreach (var line in (await System.IO.File.ReadAllLinesAsync(Roll("establishments.csv"), Cancel)).Skip(1))
        {
            var cells = line.Split(',');
            var on = DateOnly.ParseExact(cells[^1], "yyyy-MM-dd", CultureInfo.InvariantCulture);
            var taken = await Client.Unions.Send(
                new(cells[0]), new UnionCommand.TakeOver(cells[1], UnionLevel.Primary, (UnionKind)int.Parse(cells[2], CultureInfo.InvariantCulture), new(cells[3]), on, int.Parse(cells[7], CultureInfo.InvariantCulture)),
                new() { Operator = Department, BusinessOn = on }, Cancel);
            Assert.Null(taken.Refusal);
        }

        foreach (var line in (await System.IO.File.ReadAllLinesAsync(Roll("closures.csv"), Cancel)).Skip(1))
        {
            var closed = await Client.Unions.Send(
                new(line.Split(',')[0]), new UnionCommand.Close(ClosingReason.UnitEnded), new() { Operator = Department, BusinessOn = HalfYearDays.ClosedOn, DocumentRef = "示例〔2014〕3号" }, Cancel);
            Assert.Null(closed.Refusal);
        }

        output.WriteLine("unions are ready");
    }
}
