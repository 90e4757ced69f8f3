using UnionClient;
using UnionClient.Imports;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;

namespace UnionSilo.Tests.Imports;

/// <summary>A file is planned before anything is written, cell by cell, and committed as it was seen.</summary>
[Trait("F", "23")]
public sealed class PlanSpecs(SharedPostgres postgres) : ImportTown(postgres)
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_plan_writes_nothing_and_its_commit_does_what_was_planned(string store)
    {
        await StartFilled(store);
        var people = People(12);
        await Client.Imports.Members(Members(people[..6]), Usual).Run(cancel: Cancel);
        people[1] = people[1] with { Remark = "补充" };
        people[2] = people[2] with { Union = "P-9" };
        var (file, before) = (Members(people), await Counts());
        var plan = await Client.Imports.Members(file, Usual).Plan(cancel: Cancel);
        Assert.Equal("6 new, 1 changed, 4 same, 1 refused", Short(plan.Summary));
        Assert.Equal(before, await Counts());
        var rows = await plan.Rows(Cancel).ToListAsync(Cancel);
        Assert.Equal(Enumerable.Range(1, 12), rows.Select(row => row.Row));
        Assert.Equal((RowKind.Refused, MemberRules.OnOtherRoll.Code), (rows[2].Kind, rows[2].Refused[0].Rule.Code));
        Assert.All(rows[6..], row => Assert.Equal((RowKind.New, 0L), (row.Kind, row.Version)));
        Assert.All(rows[..6], row => Assert.Equal(1, row.Version));

        var committed = await plan.Commit(cancel: Cancel);
        Assert.Equal("6 new, 1 changed, 4 same, 1 refused", Short(committed));
        Assert.Contains(ImportRules.RefusedInPlan.With("rule", MemberRules.OnOtherRoll.Code).ChineseText().TrimEnd('。'), await System.IO.File.ReadAllTextAsync(committed.ErrorFile!, Cancel), StringComparison.Ordinal);
        Assert.Equal(rows[6..].Select(row => row.Key!).Order(), (await Client.Members.List(new() { On = new(2014, 6, 30) }, Cancel).Select(line => line.Id.Value).ToListAsync(Cancel)).Except(rows[..6].Select(row => row.Key!)).Order());

        // Twice is once, and what the plan did is undone by it.
        before = await Counts();
        Assert.Equal("6 new, 1 changed, 4 same, 1 refused", Short(await Client.Imports.Open(plan.Path).Commit(cancel: Cancel)));
        Assert.Equal(before, await Counts());
        Assert.Equal("7 undone, 0 kept, 5 nothing", Short(await Client.Imports.Open(plan.Path).Undo(cancel: Cancel)));
        Assert.Equal(6, (await Client.Reports.Count(MemberMeasures.Registered, Federation, Period.Half(2014, 1), Cancel)).Value);
        await Sound();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Each_cell_is_told_and_no_value_is_shown(string store)
    {
        await StartFilled(store);
        var people = People(3);
        await Client.Imports.Members(Members(people[..2]), Usual).Run(cancel: Cancel);
        people[0] = people[0] with { Residence = people[0].Residence == "110101" ? "110102" : "110101", Remark = "补充", Mobile = "1" };
        var file = Members(people);
        var plan = await Client.Imports.Members(file, Usual).Plan(cancel: Cancel);
        var rows = await plan.Rows(Cancel).ToListAsync(Cancel);
        // The phone is wrong, and its row is taken all the same.
        Assert.Equal("SSSSSSSSSSSSSSCWSSSN", rows[0].Cells);
        Assert.Equal((CellKind.Changed, CellKind.Warned, CellKind.New, CellKind.Same), (rows[0].Cell(14), rows[0].Cell(15), rows[0].Cell(19), rows[0].Cell(4)));
        Assert.Equal("SSSSSSSSSSSSSSSSSSSS", rows[1].Cells);
        Assert.Equal(RowKind.New, rows[2].Kind);
        Assert.Equal((CellKind.New, CellKind.New, CellKind.Same), (rows[2].Cell(2), rows[2].Cell(4), rows[2].Cell(19)));

        var text = await System.IO.File.ReadAllTextAsync(plan.Path, Cancel);
        Assert.All(people, person => Assert.All(
            [person.Name, person.DocumentNumber, person.Mobile.PadRight(11, '0'), person.BirthOn], value => Assert.DoesNotContain(value, System.Text.RegularExpressions.Regex.Unescape(text), StringComparison.Ordinal)));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(plan.Path));
        Assert.Empty(await Client.MemberLooks.List(new(), Cancel).ToListAsync(Cancel));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "24")]
    public async Task A_row_whose_record_was_changed_since_is_refused_by_name_and_the_others_go_on(string store)
    {
        await StartFilled(store);
        var people = People(8);
        var keys = await Client.Imports.Members(Members(people[..4]), Usual).Select(row => new MemberId(row.Key!)).ToListAsync(Cancel);
        for (var i = 0; i < 4; i++) people[i] = people[i] with { Remark = "补充" };
        var plan = await Client.Imports.Members(Members(people), Usual).Plan(cancel: Cancel);
        Assert.Equal("4 new, 4 changed, 0 same, 0 refused", Short(plan.Summary));

        Assert.Null((await Client.Members.Send(keys[1], new MemberCommand.Withdraw(), ByDepartment, Cancel)).Refusal);
        await Client.Imports.Members(Members([people[5]]), Usual).Run(cancel: Cancel);
        var errors = new List<string>();
        var committed = await plan.Commit(cancel: Cancel);
        Assert.Equal("3 new, 3 changed, 0 same, 2 refused", Short(committed));
        errors.AddRange(await System.IO.File.ReadAllLinesAsync(committed.ErrorFile!, Cancel));
        Assert.Equal(3, errors.Count);
        Assert.Contains(CommandRules.VersionMoved.With("expected", 1).With("actual", 2).ChineseText().TrimEnd('。'), errors[1], StringComparison.Ordinal);
        Assert.Contains("一人只能有一个会籍", errors[2], StringComparison.Ordinal);
        Assert.Equal(MemberStatus.Withdrawn, (await Client.Members.Get(keys[1], cancel: Cancel)).View.Status);
        await Sound();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres"), Trait("F", "25")]
    public async Task By_its_plan_a_row_is_found_whatever_its_record_says_by_now(string store)
    {
        await StartFilled(store);
        var people = People(3);
        var keys = await Client.Imports.Members(Members(people), Usual).Select(row => new MemberId(row.Key!)).ToListAsync(Cancel);
        for (var i = 0; i < 3; i++) people[i] = people[i] with { Remark = "补充" };
        var plan = await Client.Imports.Members(Members(people), Usual).Plan(cancel: Cancel);
        Assert.Equal("0 new, 3 changed, 0 same, 0 refused", Short(await plan.Commit(cancel: Cancel)));
        Assert.Null((await Client.Members.Send(keys[1], new MemberCommand.Collect(null, UnionTesting.CardTown.Form(99)), ByDepartment, Cancel)).Refusal);

        Assert.Equal("2 undone, 0 kept, 1 nothing", Short(await Client.Imports.Members(plan.File, Usual with { Id = plan.Id }).Undo(cancel: Cancel)));
        var undone = await plan.Undo(cancel: Cancel);
        Assert.Equal("2 undone, 1 kept, 0 nothing", Short(undone));
        Assert.Equal(UndoRules.ChangedSince.With("stream", keys[1].Stream).With("change", "collected").With("version", 3), Assert.Single(undone.KeptRows).Why);
        await System.IO.File.AppendAllTextAsync(plan.File, "\n", Cancel);
        Assert.Equal(ImportRules.FileChanged, (await plan.Undo(cancel: Cancel)).Refusal);
        await Sound();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task A_file_that_was_changed_since_is_refused_as_a_whole(string store)
    {
        await StartFilled(store);
        var file = Members(People(3));
        var plan = await Client.Imports.Members(file, Usual).Plan(cancel: Cancel);
        await System.IO.File.AppendAllTextAsync(file, Line(People(4)[3]) + "\n", Cancel);
        var before = await Counts();
        Assert.Equal(ImportRules.FileChanged, (await plan.Commit(cancel: Cancel)).Refusal);
        Assert.Equal(before, await Counts());

        // A plan that was cut off, or is none.
        var lines = await System.IO.File.ReadAllLinesAsync(plan.Path, Cancel);
        await System.IO.File.WriteAllLinesAsync(plan.Path, lines[..^1], Cancel);
        Assert.Equal(ImportRules.PlanUnreadable, Assert.Throws<RefusedException>(() => Client.Imports.Open(plan.Path)).Refusal);
        await System.IO.File.WriteAllTextAsync(plan.Path, "{}", Cancel);
        Assert.Equal(ImportRules.PlanUnreadable, Assert.Throws<RefusedException>(() => Client.Imports.Open(plan.Path)).Refusal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.Imports.Members(new MemoryStream(), Usual).Plan(cancel: Cancel));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_that_rest_on_each_other_are_planned_as_they_will_be_committed(string store)
    {
        await Start(store);
        var small = Usual with { WindowRows = 1 };
        var unions = await Client.Imports.Unions(File("unions", FewUnions), small).Plan(cancel: Cancel);
        Assert.Equal("4 new, 0 changed, 0 same, 0 refused", Short(unions.Summary));
        Assert.Equal("4 new, 0 changed, 0 same, 0 refused", Short(await unions.Commit(cancel: Cancel)));
        var employers = await Client.Imports.Employers(File("employers", FewEmployers), small).Plan(cancel: Cancel);
        Assert.Equal("3 new, 0 changed, 0 same, 0 refused", Short(employers.Summary));
        Assert.Equal("3 new, 0 changed, 0 same, 0 refused", Short(await employers.Commit(cancel: Cancel)));
        Assert.Equal(3, (await Client.Reports.Count(EmployerMeasures.Units, Federation, Period.Half(2014, 1), Cancel)).Value);

        var people = People(3);
        var file = Members(
        [
            people[0], people[1], people[0], people[0] with { Remark = "补充" }, people[2], people[0] with { Remark = "补充" },
            people[1] with { DocumentNumber = people[0].DocumentNumber, Sex = people[0].Sex, BirthOn = people[0].BirthOn }, people[0] with { Union = "P-2", Unit = Units[1] },
        ]);
        RowKind[] expected = [RowKind.New, RowKind.New, RowKind.Same, RowKind.Changed, RowKind.New, RowKind.Same, RowKind.Refused, RowKind.Refused];
        foreach (var rows in new[] { 1, 3, 500 })
        {
            var plan = await Client.Imports.Members(file, Usual with { WindowRows = rows }).Plan(cancel: Cancel);
            Assert.Equal(expected, await plan.Rows(Cancel).Select(row => row.Kind).ToListAsync(Cancel));
        }

        var last = await Client.Imports.Members(file, small).Plan(cancel: Cancel);
        Assert.Equal([0, 0, 1, 1, 0, 2, 2, 2], await last.Rows(Cancel).Select(row => row.Version).ToListAsync(Cancel));
        Assert.Equal("3 new, 1 changed, 2 same, 2 refused", Short(await last.Commit(cancel: Cancel)));
        Assert.Equal("3 new, 1 changed, 2 same, 2 refused", Short(await Client.Imports.Open(last.Path, Usual).Commit(cancel: Cancel)));
        await Sound();
    }

    [Fact]
    public async Task Cells_of_unions_and_units_are_compared_too()
    {
        await StartFilled("sqlite");
        var unions = await Client.Imports.Unions(File("unions", FewUnions.Replace("书店工会,4,1,S-01,2002-05-01,3,,", "书局工会,4,1,S-01,2002-05-01,5,示例人,", StringComparison.Ordinal)), Usual).Plan(cancel: Cancel);
        Assert.Equal("SSSSSSSSS", (await unions.Rows(Cancel).FirstAsync(Cancel)).Cells);
        Assert.Equal("SCSSSSCNS", (await unions.Rows(Cancel).LastAsync(Cancel)).Cells);
        var employers = await Client.Imports.Employers(File("employers", FewEmployers.Replace("110108,40,20,5,1,P-1,,", "110105,41,,5,1,Ｐ-1,示例人,10000000", StringComparison.Ordinal).Replace("F,110108,30", "Z,110108,30", StringComparison.Ordinal)), Usual).Plan(cancel: Cancel);
        var rows = await employers.Rows(Cancel).ToListAsync(Cancel);
        Assert.Equal("SSSSCCCSSWNN", rows[0].Cells);
        Assert.Equal((RowKind.Refused, 'R'), (rows[1].Kind, rows[1].Cells[3]));
        Assert.Equal("SSSSSSSSSSSS", rows[2].Cells);
    }
}
