using System.Globalization;
using UnionClient;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionTesting;

namespace UnionSilo.Tests.ReadSides;

/// <summary>
/// A small city whose year holds whatever a figure must get right: unions on every level that are founded, move, merge and close, people who join, move between unions, leave
/// and come back, records that become qualified and end, cards that are made, replaced, cancelled and made too late.
/// </summary>
internal sealed class ReportTown(IUnionClient client, CancellationToken cancel)
{
    public static readonly UnionId City = new("M-1");

    private const int People = 24;

    private static readonly UnionId District = UnionTesting.District.Federation;
    private static readonly UnionId Other = new("D-2");

    private static readonly Operator Municipal = By("op-m", Role.Municipal);
    private static readonly Operator Desk = By("op-d", Role.District);
    private static readonly Operator Street = By("op-s", Role.Subdistrict);
    private static readonly Operator Officer = By("op-o", Role.Officer);
    private static readonly Operator Committee = By("op-c", Role.Committee);
    private static readonly Operator Bank = By("bank-1", Role.Bank);

    /// <summary>Every union of the city, by level.</summary>
    public static IReadOnlyList<UnionId> Unions { get; } =
        [City, District, Other, new("S-1"), new("S-2"), new("S-3"), new("A-1"), new("P-1"), new("P-2"), new("P-3"), new("P-4"), new("P-5"), new("P-6"), new("N-1"), new("N-2"), new("G-1"), new("G-2")];

    /// <summary>Everybody who was ever heard of.</summary>
    public static IReadOnlyList<MemberId> Members { get; } = [.. Enumerable.Range(1, People).Select(CardTown.Person)];

    /// <summary>Replays the year, day by day.</summary>
    public async Task Live()
    {
        await Found();
        await Winter();
        await Spring();
        await Summer();
    }

    private async Task Found()
    {
        await Union(City, "2013-01-05", new UnionCommand.SetUpFederation("示例市总工会", UnionLevel.Municipal, UnionKind.Federation), Municipal);
        await Union(District, "2013-01-05", new UnionCommand.SetUpFederation("示例区总工会", UnionLevel.District, UnionKind.Federation, City), Municipal);
        await Union(Other, "2013-01-05", new UnionCommand.SetUpFederation("示例二区总工会", UnionLevel.District, UnionKind.Federation, City), Municipal);
        foreach (var (street, over) in ((string, UnionId)[])[("S-1", District), ("S-2", District), ("S-3", Other)])
            await Union(new(street), "2013-01-10", new UnionCommand.SetUpFederation($"示例{street}街道总工会", UnionLevel.Subdistrict, UnionKind.Federation, over), Municipal);
        await TakeOver("A-1", UnionLevel.Primary, UnionKind.Association, "S-1", "2012-02-01");
        await TakeOver("P-1", UnionLevel.Primary, UnionKind.Joint, "S-1", "2012-05-01");
        await TakeOver("P-2", UnionLevel.Primary, UnionKind.Independent, "S-1", "2013-03-01");
        await TakeOver("P-3", UnionLevel.Primary, UnionKind.Joint, "S-2", "2013-04-01");
        await TakeOver("P-4", UnionLevel.Primary, UnionKind.Joint, "S-2", "2013-04-01");
        await TakeOver("P-5", UnionLevel.Primary, UnionKind.Joint, "S-3", "2013-05-01");
        await TakeOver("P-6", UnionLevel.Primary, UnionKind.Joint, "A-1", "2013-05-01");
        await TakeOver("G-1", UnionLevel.Branch, UnionKind.Independent, "P-1", "2013-06-01");
        for (var unit = 1; unit <= 7; unit++) Accepted((await client.Send(UnionTesting.District.Unit(unit), UnionTesting.District.Registration(unit), cancel: cancel)).Refusal);
    }

    private async Task Winter()
    {
        await Enter(1, "P-1", 1, "2013-11-05", "2013-10-01");
        await Enter(2, "P-1", 1, "2014-01-10", "2014-01-02");
        await Enter(3, "P-1", 1, "2014-01-10", "2013-12-02", sheet => sheet with { Mobile = null });
        await Enter(4, "P-2", 3, "2014-01-12", "2013-09-01");
        await Enter(5, "P-2", 3, "2014-01-12", "2013-09-01", sheet => sheet with { DocumentValidUntil = "2014-05-31" });
        await Enter(6, "P-4", 4, "2014-01-12", "2013-09-01");
        await Enter(7, "P-4", 4, "2014-01-12", "2013-09-01");
        await Enter(8, "P-5", 5, "2014-01-15", "2013-09-01");
        await Enter(9, "P-5", 5, "2014-01-15", "2013-09-01");
        await Member(15, "2014-01-20", new MemberCommand.Apply(new("P-1"), Unit(1), Sheet(15, "2014-01-20")), Officer);
        await Enter(16, "G-1", 2, "2014-01-20", "2013-09-01");
        await Enter(17, "P-6", 2, "2014-01-20", "2013-09-01");
        await Enter(18, "P-3", 2, "2014-01-20", "2013-09-01");
        await Enter(19, "P-3", 2, "2014-01-20", "2013-09-01");
        await Enter(20, "P-3", null, "2014-01-20", "2013-09-01");
        await Enter(23, "P-4", 4, "2014-01-20", "2013-09-01");
        await Enter(24, "P-3", 4, "2014-01-20", "2013-09-01");
        foreach (var (person, made) in ((int, string)[])[(1, "2014-02-20"), (2, "2014-02-01"), (9, "2014-02-01"), (4, "2014-03-03"), (17, "2014-02-20")]) await Card(person, "B-1", made);
        await Send(24, "B-1", "2014-02-01");
        await Member(15, "2014-02-02", new MemberCommand.Reject(), Committee);
        await Member(23, "2014-02-02", new MemberCommand.Withdraw(), Desk);
        await Member(24, "2014-02-05", new MemberCommand.Withdraw(), Desk);
        await Member(9, "2014-02-10", new MemberCommand.Retain(RetentionGround.Retired), Desk);
        await Send(18, "B-1", "2014-02-10");
        await Member(18, "2014-02-12", new MemberCommand.RecordCardResult(new("B-1"), 18, CardResult.NameDisagrees, Day("2014-02-11")), Bank);
        await Member(3, "2014-02-15", new MemberCommand.Collect(null, Sheet(3, "2013-12-02")), Desk);
        await Member(19, "2014-02-20", new MemberCommand.Withdraw(), Desk);
        await Member(24, "2014-02-20", new MemberCommand.RecordCardResult(new("B-1"), 24, CardResult.Produced, Day("2014-02-18"), MadeUpBank.Number(CardTown.Document(24))), Bank);
    }

    private async Task Spring()
    {
        foreach (var person in (int[])[6, 7]) await Member(person, "2014-03-01", new MemberCommand.Educate(Day("2014-04-01")), Desk);
        await Member(2, "2014-03-01", new MemberCommand.OfferTransfer(new("P-3")), Desk);
        await Member(23, "2014-03-03", new MemberCommand.Erase(), Desk);
        await Member(2, "2014-03-05", new MemberCommand.AcceptTransfer(Unit(2)), Street);
        await Establish("N-1", UnionLevel.Primary, UnionKind.Joint, "S-1", [5, 6], "2014-03-14");
        await Member(12, "2014-03-16", new MemberCommand.Apply(new("N-1"), Unit(6), Sheet(12, "2014-03-16")), Officer);
        await Enter(10, "N-1", 6, "2014-03-20", "2014-03-14");
        await Member(7, "2014-03-20", new MemberCommand.RecordActivity(), Desk);
        await Member(12, "2014-03-25", new MemberCommand.Admit(), Committee);
        await Member(19, "2014-04-01", new MemberCommand.Apply(new("N-1"), Unit(6), Sheet(19, "2014-04-01")), Officer);
        await Member(19, "2014-04-01", new MemberCommand.Admit(), Committee);
        await Establish("G-2", UnionLevel.Branch, UnionKind.Independent, "P-1", [], "2014-04-02");
        await Member(16, "2014-04-04", new MemberCommand.Expel(), Committee);
        await Union(new("P-2"), "2014-04-10", new UnionCommand.Move(new("S-2")), Desk);
        await Enter(14, "G-2", 1, "2014-04-10", "2014-04-05");
        await Member(1, "2014-04-15", new MemberCommand.RecordCardNotice(CardNotice.LossReported, Day("2014-04-14"), MadeUpBank.Number(CardTown.Document(1))), Bank);
        await Enter(22, "N-1", 5, "2014-04-15", "2013-12-01");
        await Member(9, "2014-04-20", new MemberCommand.Reinstate(new("P-1"), Unit(1)), Desk);
        await Union(new("S-2"), "2014-05-01", new UnionCommand.Move(Other), Municipal);
        await Member(4, "2014-05-05", new MemberCommand.Withdraw(), Desk);
        await Card(1, "B-2", "2014-05-10", series: 1);
        await Member(17, "2014-05-15", new MemberCommand.RecordDeath(), Desk);
        await Union(new("P-3"), "2014-05-20", new UnionCommand.AcceptMerger(new("P-4")), Desk);
        await Union(new("P-4"), "2014-05-20", new UnionCommand.MergeInto(new("P-3")), Desk);
        await Union(new("P-3"), "2014-05-20", new UnionCommand.CompleteMerger(new("P-4")), Desk);
    }

    private async Task Summer()
    {
        await Member(8, "2014-06-05", new MemberCommand.Retain(RetentionGround.UnitClosed, new("S-3")), Desk);
        await Union(new("P-5"), "2014-06-10", new UnionCommand.Close(ClosingReason.UnitEnded), Desk);
        Accepted((await client.Employers.Send(Unit(7), new EmployerCommand.Close(), new() { Operator = Desk, Reason = "单位注销", DocumentRef = "示工〔2014〕7号" }, cancel)).Refusal);
        await Enter(21, "P-1", 7, "2014-06-12", "2014-06-01");
        await Union(new("N-1"), "2014-06-15", new UnionCommand.Move(new("S-3")), Desk);
        await Member(1, "2014-06-20", new MemberCommand.RecordCardNotice(CardNotice.Cancelled, Day("2014-06-20"), MadeUpBank.Number(CardTown.Document(1), 1)), Bank);
        await Enter(11, "N-1", 6, "2014-07-02", "2014-06-20");
        await Establish("N-2", UnionLevel.Primary, UnionKind.Independent, "S-2", [1], "2014-07-20");
        await Enter(13, "N-2", 1, "2014-07-25", "2014-07-20");
        await Card(1, "B-3", "2014-08-10", series: 2);
        await Card(13, "B-3", "2014-08-12");
    }

    private static Operator By(string id, Role role) => new(id, new("U-desk"), role, Rights.Backdate);

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static EmployerId Unit(int n) => UnionTesting.District.Unit(n);

    private static MemberForm Sheet(int person, string joined) => CardTown.Form(person) with { JoinedOn = joined };

    private Task TakeOver(string union, UnionLevel level, UnionKind kind, string upper, string founded) =>
        Union(new(union), "2013-07-01", new UnionCommand.TakeOver($"示例{union}工会", level, kind, new(upper), Day(founded), 5), Desk);

    private async Task Establish(string union, UnionLevel level, UnionKind kind, string upper, int[] units, string on)
    {
        var id = new UnionId(union);
        await Union(id, on, new UnionCommand.Apply($"示例{union}工会", level, kind, new(upper), [.. units.Select(Unit)], 40, 30, 5), Officer);
        await Union(id, on, new UnionCommand.Verify(40, 30), level == UnionLevel.Primary ? Street : Committee);
        await Union(id, on, new UnionCommand.Approve(), Desk);
        await Union(id, on, new UnionCommand.HoldElection(30, 30, 3), Officer);
        await Union(id, on, new UnionCommand.ApproveResult(), Desk);
        await Union(id, on, new UnionCommand.Complete(), Desk);
    }

    private Task Enter(int person, string union, int? unit, string on, string joined, Func<MemberForm, MemberForm>? change = null) =>
        Member(person, on, new MemberCommand.Enter(new(union), unit is { } n ? Unit(n) : null, (change ?? (sheet => sheet))(Sheet(person, joined))), Desk);

    // Everything up to the bank happens on the day before.
    private async Task Card(int person, string batch, string made, int series = 0)
    {
        await Send(person, batch, Day(made).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await Member(person, made, new MemberCommand.RecordCardResult(new(batch), person, CardResult.Produced, Day(made), MadeUpBank.Number(CardTown.Document(person), series)), Bank);
    }

    private async Task Send(int person, string batch, string on)
    {
        await Member(person, on, new MemberCommand.ApplyForCard(), Officer);
        await Member(person, on, new MemberCommand.CheckCardApplication(), Desk);
        await Member(person, on, new MemberCommand.TakeCardLine(new CardBatchId(batch), person), Desk);
        await Member(person, on, new MemberCommand.SendCardLine(new CardBatchId(batch), person), Desk);
    }

    private async Task Member(int person, string on, MemberCommand command, Operator by) =>
        Accepted((await client.Members.Send(CardTown.Person(person), command, With(on, by), cancel)).Refusal, $"{on} {person} {command.GetType().Name}");

    private async Task Union(UnionId union, string on, UnionCommand command, Operator by) =>
        Accepted((await client.Unions.Send(union, command, With(on, by), cancel)).Refusal, $"{on} {union} {command.GetType().Name}");

    private static CommandOptions With(string on, Operator by) => new() { Operator = by, BusinessOn = Day(on), Reason = "示例", DocumentRef = "示工〔2014〕1号" };

    private static void Accepted(Refusal? refusal, string what = "") => Assert.True(refusal is null, $"{what}: {refusal}");
}
