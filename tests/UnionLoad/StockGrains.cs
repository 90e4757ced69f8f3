namespace UnionLoad;

/// <summary>An employer as one stored state of about 300 bytes.</summary>
internal sealed class StockEmployer
{
    public string Id { get; set; } = "";

    public string Code { get; set; } = "";

    public string Name { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Industry { get; set; } = "";

    public string Area { get; set; } = "";

    public string Federation { get; set; } = "";

    public int Headcount { get; set; }

    public string Status { get; set; } = "";

    public DateOnly RegisteredOn { get; set; }

    public DateOnly NewestOn { get; set; }

    public string Operator { get; set; } = "";

    public int Version { get; set; }
}

/// <summary>An employer as the documentation of Orleans would write it.</summary>
[Alias("union.load.stock")]
internal interface IStockEmployerGrain : IGrainWithStringKey
{
    [Alias("register")]
    Task<int> Register(string code, string name, string federation, int headcount);

    [Alias("report")]
    Task<int> ReportHeadcount(int headcount);

    [Alias("get")]
    Task<int> Get();
}

/// <summary>One write of the state per command, the next command after it.</summary>
internal sealed class StockEmployerGrain([PersistentState("employer", "stock")] IPersistentState<StockEmployer> stored) : Grain, IStockEmployerGrain
{
    public async Task<int> Register(string code, string name, string federation, int headcount)
    {
        var today = District.Today;
        stored.State = new()
        {
            Id = this.GetPrimaryKeyString(),
            Code = code,
            Name = name,
            Kind = "private",
            Industry = "C",
            Area = District.Area,
            Federation = federation,
            Headcount = headcount,
            Status = "registered",
            RegisteredOn = today,
            NewestOn = today,
            Operator = District.OperatorText,
            Version = 1,
        };
        await stored.WriteStateAsync();
        return stored.State.Version;
    }

    public async Task<int> ReportHeadcount(int headcount)
    {
        stored.State.Headcount = headcount;
        stored.State.NewestOn = District.Today;
        stored.State.Version++;
        await stored.WriteStateAsync();
        return stored.State.Version;
    }

    public Task<int> Get() => Task.FromResult(stored.State.Version);
}

/// <summary>A sheet as it was typed.</summary>
[GenerateSerializer, Immutable, Alias("union.load.stock-sheet")]
internal sealed record StockSheet
{
    [Id(0)]
    public string Union { get; init; } = "";

    [Id(1)]
    public string Employer { get; init; } = "";

    [Id(2)]
    public string EmployerCode { get; init; } = "";

    [Id(3)]
    public string Name { get; init; } = "";

    [Id(4)]
    public string DocumentType { get; init; } = "";

    [Id(5)]
    public string DocumentNumber { get; init; } = "";

    [Id(6)]
    public string DocumentValidUntil { get; init; } = "";

    [Id(7)]
    public string Sex { get; init; } = "";

    [Id(8)]
    public string BornOn { get; init; } = "";

    [Id(9)]
    public string Nation { get; init; } = "";

    [Id(10)]
    public string Politics { get; init; } = "";

    [Id(11)]
    public string Education { get; init; } = "";

    [Id(12)]
    public string Skill { get; init; } = "";

    [Id(13)]
    public string Employment { get; init; } = "";

    [Id(14)]
    public string Household { get; init; } = "";

    [Id(15)]
    public string Residence { get; init; } = "";

    [Id(16)]
    public string Mobile { get; init; } = "";

    [Id(17)]
    public string JoinedOn { get; init; } = "";

    [Id(18)]
    public bool Migrant { get; init; }

    [Id(19)]
    public bool CardConsent { get; set; }

    public static StockSheet Of(long member, long changes)
    {
        var form = Roll.Form(member, changes);
        return new()
        {
            Union = Roll.Union(member).Value,
            Employer = Roll.Employer(member).Value,
            EmployerCode = form.EmployerCode!,
            Name = form.Name!,
            DocumentType = form.DocumentType!,
            DocumentNumber = form.DocumentNumber!,
            DocumentValidUntil = form.DocumentValidUntil!,
            Sex = form.Sex!,
            BornOn = form.BornOn!,
            Nation = form.Nation!,
            Politics = form.Politics!,
            Education = form.Education!,
            Skill = form.Skill!,
            Employment = form.Employment!,
            Household = form.Household!,
            Residence = form.Residence!,
            Mobile = form.Mobile!,
            JoinedOn = form.JoinedOn!,
            Migrant = form.Migrant == "1",
            CardConsent = form.CardConsent == "1",
        };
    }
}

/// <summary>A member as one stored state of about 650 bytes: the same content as the house's, readable by everybody.</summary>
internal sealed class StockMember
{
    public string Id { get; set; } = "";

    public StockSheet Sheet { get; set; } = new();

    public string Status { get; set; } = "";

    public DateOnly BegunOn { get; set; }

    public DateOnly NewestOn { get; set; }

    public string Operator { get; set; } = "";

    public int Version { get; set; }
}

/// <summary>A member as the documentation of Orleans would write it.</summary>
[Alias("union.load.stock-member")]
internal interface IStockMemberGrain : IGrainWithStringKey
{
    [Alias("enter")]
    Task<int> Enter(StockSheet sheet);

    [Alias("collect")]
    Task<int> Collect(StockSheet sheet);

    [Alias("consent")]
    Task<int> Consent(bool given);

    [Alias("get")]
    Task<int> Get();
}

/// <summary>One write of the state per command; nobody else is asked, nothing is judged or sealed.</summary>
internal sealed class StockMemberGrain([PersistentState("member", "stock")] IPersistentState<StockMember> stored) : Grain, IStockMemberGrain
{
    public async Task<int> Enter(StockSheet sheet)
    {
        stored.State = new()
        {
            Id = this.GetPrimaryKeyString(),
            Sheet = sheet,
            Status = "active",
            BegunOn = District.Today,
            NewestOn = District.Today,
            Operator = District.OperatorText,
            Version = 1,
        };
        await stored.WriteStateAsync();
        return stored.State.Version;
    }

    public async Task<int> Collect(StockSheet sheet)
    {
        stored.State.Sheet = sheet;
        stored.State.NewestOn = District.Today;
        stored.State.Version++;
        await stored.WriteStateAsync();
        return stored.State.Version;
    }

    public async Task<int> Consent(bool given)
    {
        stored.State.Sheet.CardConsent = given;
        stored.State.NewestOn = District.Today;
        stored.State.Version++;
        await stored.WriteStateAsync();
        return stored.State.Version;
    }

    public Task<int> Get() => Task.FromResult(stored.State.Version);
}

/// <summary>The room that is measured, as stock grains.</summary>
internal interface IStockSubject
{
    /// <summary>The first command of an actor.</summary>
    Task Add(IGrainFactory grains, long actor);

    /// <summary>A command that changes it.</summary>
    Task Change(IGrainFactory grains, long actor, long changes);

    /// <summary>A short command that changes it.</summary>
    Task ChangeLightly(IGrainFactory grains, long actor, long changes);

    /// <summary>Reads it.</summary>
    Task Look(IGrainFactory grains, long actor);
}

/// <summary>Employers as stock grains.</summary>
internal sealed class StockEmployers : IStockSubject
{
    public Task Add(IGrainFactory grains, long actor) => Grain(grains, actor).Register(District.Code(actor), District.Name(actor), District.Federation(actor), District.Registered);

    public Task Change(IGrainFactory grains, long actor, long changes) => Grain(grains, actor).ReportHeadcount((int)(changes % 100_000) + District.Registered + 1);

    public Task ChangeLightly(IGrainFactory grains, long actor, long changes) => Change(grains, actor, changes);

    public Task Look(IGrainFactory grains, long actor) => Grain(grains, actor).Get();

    private static IStockEmployerGrain Grain(IGrainFactory grains, long actor) => grains.GetGrain<IStockEmployerGrain>($"employer/{District.Key(actor)}");
}

/// <summary>Members as stock grains.</summary>
internal sealed class StockMembers : IStockSubject
{
    public Task Add(IGrainFactory grains, long actor) => Grain(grains, actor).Enter(StockSheet.Of(actor, 0));

    public Task Change(IGrainFactory grains, long actor, long changes) => Grain(grains, actor).Collect(StockSheet.Of(actor, changes + 1));

    public Task ChangeLightly(IGrainFactory grains, long actor, long changes) => Grain(grains, actor).Consent(changes % 2 == 1);

    public Task Look(IGrainFactory grains, long actor) => Grain(grains, actor).Get();

    private static IStockMemberGrain Grain(IGrainFactory grains, long actor) => grains.GetGrain<IStockMemberGrain>($"member/{District.Key(actor)}");
}
