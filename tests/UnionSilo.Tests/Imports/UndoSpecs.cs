using UnionDomain.Kernel;
using UnionDomain.Members;

namespace UnionSilo.Tests.Imports;

/// <summary>A whole import is undone: what it made is as if it had never been, and what others rest on is kept and named.</summary>
[Trait("F", "25")]
public sealed class UndoSpecs(SharedPostgres postgres) : ImportTown(postgres)
{
    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Members_that_were_entered_are_gone_from_every_list_and_figure(string store)
    {
        await StartFilled(store);
        var first = People(40);
        await Client.Imports.Members(Members(first[..10]), Usual).Run(cancel: Cancel);
        var before = await Everything();
        var (claims, import, file) = (await Count("claim"), Named(), Members(first));
        Assert.Equal("30 new, 0 changed, 10 same, 0 refused", Short(await Client.Imports.Members(file, import).Run(cancel: Cancel)));
        Assert.NotEqual(before, await Everything());

        var undone = await Client.Imports.Members(file, import).Undo(cancel: Cancel);
        Assert.Equal("30 undone, 0 kept, 10 nothing", Short(undone));
        Assert.Null(undone.KeptFile);
        Assert.Equal(before, await Everything());
        Assert.Equal(claims, await Count("claim"));
        await Sound();

        // Twice is once; under the same id it does not come back, under another it does.
        var journal = await Count("journal");
        Assert.Equal("30 undone, 0 kept, 10 nothing", Short(await Client.Imports.Members(file, import).Undo(cancel: Cancel)));
        var again = await Client.Imports.Members(file, import with { ErrorFile = file + ".again.csv" }).ToListAsync(Cancel);
        Assert.Equal(30, again.Count(row => row.Refused.Any(reason => reason.Rule.Code == CommandRules.Undone.Code)));
        Assert.Equal(journal, await Count("journal"));
        Assert.Equal("30 new, 0 changed, 10 same, 0 refused", Short(await Client.Imports.Members(file, Usual).Run(cancel: Cancel)));
        await Sound();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Sheets_that_were_changed_are_as_they_were(string store)
    {
        await StartFilled(store);
        var people = People(6);
        var keys = await Client.Imports.Members(Members(people), Usual).Select(row => new MemberId(row.Key!)).ToListAsync(Cancel);
        var before = await Everything();
        var (import, changed) = (Named(), people.ToArray());
        changed[1] = changed[1] with { Residence = changed[1].Residence == "110101" ? "110102" : "110101", Remark = "已更新" };
        changed[2] = changed[2] with { Unit = Units[1], Mobile = "1" };
        changed[4] = changed[4] with { Education = "" };
        var file = Members(changed);
        Assert.Equal("0 new, 3 changed, 3 same, 0 refused", Short(await Client.Imports.Members(file, import).Run(cancel: Cancel)));
        Assert.NotEqual(before, await Everything());
        Assert.Equal("3 undone, 0 kept, 3 nothing", Short(await Client.Imports.Members(file, import).Undo(cancel: Cancel)));
        Assert.Equal(before, await Everything());
        await Sound();
        var opened = await Client.Members.Get(keys[2], "verification", Department, Cancel);
        Assert.Equal(people[2].Mobile, opened.View.Personal?.Mobile);
        Assert.Equal("0 new, 0 changed, 6 same, 0 refused", Short(await Client.Imports.Members(Members(people), Usual).Run(cancel: Cancel)));
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_was_changed_since_is_kept_and_named_and_a_look_is_no_change(string store)
    {
        await StartFilled(store);
        var (import, file) = (Named(), Members(People(5)));
        var keys = await Client.Imports.Members(file, import).Select(row => new MemberId(row.Key!)).ToListAsync(Cancel);
        Assert.Null((await Client.Members.Send(keys[1], new MemberCommand.RecordActivity(), ByDepartment, Cancel)).Refusal);
        Assert.NotNull((await Client.Members.Get(keys[2], "verification", Department, Cancel)).View.Personal);

        var undone = await Client.Imports.Members(file, import).Undo(cancel: Cancel);
        Assert.Equal("4 undone, 1 kept, 0 nothing", Short(undone));
        var kept = Assert.Single(undone.KeptRows);
        Assert.Equal((2, keys[1].Value), (kept.Row, kept.Key));
        Assert.Equal(UndoRules.ChangedSince.With("stream", keys[1].Stream).With("change", "activity-recorded").With("version", 2), kept.Why);
        var lines = await System.IO.File.ReadAllLinesAsync(undone.KeptFile!, Cancel);
        Assert.Equal(2, lines.Length);
        Assert.Contains(",2,保留,", lines[1], StringComparison.Ordinal);
        Assert.Equal(1, (await Client.Reports.Count(MemberMeasures.Registered, Federation, Period.Half(2014, 1), Cancel)).Value);
        // The look stays on record.
        Assert.Equal(keys[2], Assert.Single(await Client.MemberLooks.List(new(), Cancel).ToListAsync(Cancel)).Member);
        await Sound();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Rows_of_one_person_are_undone_the_last_one_first_however_far_apart_they_stand(string store)
    {
        await StartFilled(store);
        var before = await Everything();
        var people = People(4);
        var file = Members([people[0], people[1], people[0] with { Remark = "一" }, people[2], people[0] with { Remark = "二" }, people[3], people[0] with { Remark = "三" }]);
        var import = Named() with { WindowRows = 2 };
        Assert.Equal("4 new, 3 changed, 0 same, 0 refused", Short(await Client.Imports.Members(file, import).Run(cancel: Cancel)));
        Assert.Equal("7 undone, 0 kept, 0 nothing", Short(await Client.Imports.Members(file, import).Undo(cancel: Cancel)));
        Assert.Equal(before, await Everything());
        await Sound();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Unions_and_units_go_once_nothing_rests_on_them(string store)
    {
        await Start(store);
        var before = await Everything();
        var (unions, employers, members) = (Named(), Named(), Named());
        var (unionFile, employerFile, memberFile) = (File("unions", FewUnions), File("employers", FewEmployers), Members(People(5)));
        await Client.Imports.Unions(unionFile, unions).Run(cancel: Cancel);
        var between = await Everything();
        await Client.Imports.Employers(employerFile, employers).Run(cancel: Cancel);
        await Client.Imports.Members(memberFile, members).Run(cancel: Cancel);

        var kept = await Client.Imports.Employers(employerFile, employers).Undo(cancel: Cancel);
        Assert.Equal("2 undone, 1 kept, 0 nothing", Short(kept));
        Assert.Equal(UndoRules.RestedOn.Code, Assert.Single(kept.KeptRows).Why?.Code);
        Assert.StartsWith("member/", kept.KeptRows[0].Why!.Arguments[1].Value, StringComparison.Ordinal);
        kept = await Client.Imports.Unions(unionFile, unions).Undo(cancel: Cancel);
        Assert.Equal("1 undone, 3 kept, 0 nothing", Short(kept)); // P-2, on which nothing rests any more.
        await Sound();

        Assert.Equal("5 undone, 0 kept, 0 nothing", Short(await Client.Imports.Members(memberFile, members).Undo(cancel: Cancel)));
        Assert.Equal("3 undone, 0 kept, 0 nothing", Short(await Client.Imports.Employers(employerFile, employers).Undo(cancel: Cancel)));
        Assert.Equal("4 undone, 0 kept, 0 nothing", Short(await Client.Imports.Unions(unionFile, unions).Undo(cancel: Cancel)));
        Assert.Equal(before, await Everything());
        await Sound();

        await Client.Imports.Unions(unionFile, Usual).Run(cancel: Cancel);
        Assert.Equal(between, await Everything());
        Assert.Equal("3 new, 0 changed, 0 same, 0 refused", Short(await Client.Imports.Employers(employerFile, Usual).Run(cancel: Cancel)));
        Assert.Equal("5 new, 0 changed, 0 same, 0 refused", Short(await Client.Imports.Members(memberFile, Usual).Run(cancel: Cancel)));
        await Sound();
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task What_was_changed_of_unions_and_units_is_as_it_was(string store)
    {
        await StartFilled(store);
        await Client.Imports.Members(Members(People(3)), Usual).Run(cancel: Cancel);
        var before = await Everything();
        var (unions, employers) = (Named(), Named());
        var unionFile = File("unions", FewUnions.Replace("书店工会,4,1,S-01,2002-05-01,3", "书局工会,4,1,S-01,2002-05-01,5", StringComparison.Ordinal));
        var employerFile = File("employers", FewEmployers.Replace("110108,40,20,5,1,P-1", "110105,44,21,6,0,S-01", StringComparison.Ordinal).Replace("云杉书店", "云杉书局", StringComparison.Ordinal));
        Assert.Equal("0 new, 1 changed, 3 same, 0 refused", Short(await Client.Imports.Unions(unionFile, unions).Run(cancel: Cancel)));
        Assert.Equal("0 new, 2 changed, 1 same, 0 refused", Short(await Client.Imports.Employers(employerFile, employers).Run(cancel: Cancel)));
        Assert.NotEqual(before, await Everything());
        Assert.Equal("2 undone, 0 kept, 1 nothing", Short(await Client.Imports.Employers(employerFile, employers).Undo(cancel: Cancel)));
        Assert.Equal("1 undone, 0 kept, 3 nothing", Short(await Client.Imports.Unions(unionFile, unions).Undo(cancel: Cancel)));
        Assert.Equal(before, await Everything());
        await Sound();
    }

    [Fact]
    public async Task An_import_without_a_name_or_from_a_stream_is_not_undone()
    {
        await Start("sqlite");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.Imports.Unions(File("unions", FewUnions), Usual).Undo(cancel: Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.Imports.Unions(new MemoryStream(), Named()).Undo(cancel: Cancel));
        Assert.Equal("sheet-file.empty", (await Client.Imports.Unions(File("unions", ""), Named()).Undo(cancel: Cancel)).Refusal?.Code);
    }
}
