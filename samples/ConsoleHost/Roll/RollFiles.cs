namespace ConsoleHost.Roll;

/// <summary>The tables of a roll, open side by side: people are written to several of them at once.</summary>
internal sealed class RollFiles(string folder) : IDisposable
{
    /// <summary>Every table and its header.</summary>
    private static readonly (string Name, string Header)[] Tables =
    [
        ("unions.csv", "工会编号,工会名称,层级,类型,上级工会编号,成立日期,任期年,主席,备注"),
        ("employers.csv", "单位代码,单位名称,单位性质,行业门类,注册地,职工人数,女职工人数,农民工人数,建会方式,工会编号,联系人,联系电话"),
        ("establishments.csv", "工会编号,工会名称,类型,上级工会编号,单位代码,职工人数,会员人数,任期年,申请日期,核实日期,批准日期,选举日期,结果批复日期,完成日期"),
        ("closures.csv", "工会编号,撤销日期"),
        ("members.csv", MemberRow.Header),
        ("members-corrected.csv", MemberRow.Header),
        ("members-new.csv", MemberRow.Header),
        ("members-later.csv", MemberRow.Header),
        ("leavings.csv", "证件号码,变动,日期"),
        ("transfers.csv", "证件号码,转入工会编号,提出日期,接收日期"),
        ("cards.csv", "证件号码,结果,卡号或说明,再次结果,再次卡号"),
        ("notices.csv", "日期,通知,卡号"),
    ];

    private readonly CsvFile[] files = Array.ConvertAll(Tables, table => new CsvFile(Path.Combine(folder, table.Name), table.Header));

    public CsvFile this[string name] => files[Array.FindIndex(Tables, table => table.Name == name)];

    /// <summary>Gives all files their names; the rows of each.</summary>
    public IEnumerable<KeyValuePair<string, int>> Complete()
    {
        for (var i = 0; i < files.Length; i++)
        {
            files[i].Complete();
            yield return new(Tables[i].Name, files[i].Rows);
        }
    }

    public void Dispose()
    {
        foreach (var file in files) file.Dispose();
    }
}
