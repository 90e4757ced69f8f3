using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionGrains.Kernel;
using UnionSilo.Hosting;
using UnionSilo.Persistence;

namespace UnionLoad;

/// <summary>
/// The roll of the district: primary unions with their units, and as many members as a run needs, each the same whenever asked for. A roll goes unit by unit;
/// desks meet its people all over. Numbers are of births 1901–1912, and nobody's; phones begin as no phone does.
/// </summary>
internal static class Roll
{
    public const int Unions = 2_000;

    public const int Units = 4_000;

    /// <summary>Events that stand before the first member: every federation, union and unit has one.</summary>
    public const int Founded = 1 + District.Subdistricts + Unions + Units;

    /// <summary>Members of one unit that follow each other on the roll.</summary>
    public const int PerUnit = 25;

    private const int Everywhere = Units * PerUnit;

    private static readonly DateOnly FirstBirth = new(1901, 1, 1);
    private static readonly int Births = new DateOnly(1912, 12, 31).DayNumber - FirstBirth.DayNumber + 1;

    private static readonly string Residence = District.Area;

    /// <summary>The master key of all runs, as an operator would give it: what was stored once is opened in every copy.</summary>
    public static string MasterKey { get; } = Convert.ToBase64String(SHA256.HashData("UnionLoad"u8));

    public static MasterKeys Masters { get; } = UnionKey.OfText(MasterKey, "the load test");

    public static MemberId Id(long member) => new(District.Key(member));

    public static long Unit(long member) => member / PerUnit % Units;

    public static EmployerId Employer(long member) => District.Id(Unit(member));

    public static UnionId Union(long member) => Primary(Unit(member) % Unions);

    /// <summary>The n-th new member of desks all over the district: another unit each time, and yet everybody once.</summary>
    public static long Anywhere(long n) => (n / Everywhere * Everywhere) + District.Scattered(n % Everywhere, Everywhere);

    /// <summary>The sheet, without fault, as it is after so many changes of the phone.</summary>
    public static MemberForm Form(long member, long changes = 0)
    {
        var born = FirstBirth.AddDays((int)(member % Births));
        return new()
        {
            EmployerCode = District.Code(Unit(member)),
            Name = string.Create(3, member, static (name, member) => (name[0], name[1], name[2]) = ('示', (char)('\u4E00' + (member % 2_000)), (char)('\u5600' + (member / 2_000 % 2_000)))),
            DocumentType = "1",
            DocumentNumber = Number(born, member / Births),
            DocumentValidUntil = "长期",
            Sex = member / Births % 2 == 1 ? "1" : "2",
            BornOn = born.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Nation = "汉",
            Politics = "群众",
            Education = "2",
            Skill = "0",
            Employment = "1",
            Household = "1",
            Residence = Residence,
            Mobile = string.Create(CultureInfo.InvariantCulture, $"1{(member + (changes * 10_000_019)) % 10_000_000_000:0000000000}"), // another number at every change
            JoinedOn = "2014-05-12",
            Migrant = "0",
            CardConsent = "1",
        };
    }

    public static MemberCommand.Enter Enter(long member) => new(Union(member), Employer(member), Form(member));

    public static MemberCommand.Collect Collect(long member, long changes) => new(Employer(member), Form(member, changes));

    /// <summary>The sheet says yes, so the first word takes it back.</summary>
    public static MemberCommand Consent(long changes) => changes % 2 == 0 ? new MemberCommand.WithdrawCardConsent() : new MemberCommand.GiveCardConsent();

    /// <summary>Unions and units, and what members may know of them.</summary>
    public static (ImmutableArray<Append> Appends, Knowledge Knowledge) Found()
    {
        var (federations, known) = District.Federate();
        var (appends, views) = (federations.ToBuilder(), ImmutableDictionary.CreateBuilder<StreamId, object>());
        for (var n = 0L; n < Unions; n++)
        {
            // As it was before this house kept the roll: its members are no new ones.
            var id = Primary(n);
            var command = new UnionCommand.TakeOver($"示例第{n:0000}工会", UnionLevel.Primary, UnionKind.Joint, new(District.Federation(n)), District.Today, 5);
            var (append, state) = District.Decide<Union, UnionState, UnionCommand, UnionEvent, UnionView>(id.Stream, command, known);
            appends.Add(append);
            views.Add(id.Stream, UnionDomain.Unions.Union.View(state));
        }

        for (var n = 0L; n < Units; n++)
        {
            var (append, view) = District.Unit(n, known);
            appends.Add(append);
            views.Add(District.Id(n).Stream, view);
        }

        return (appends.ToImmutable(), new(views.ToImmutable()));
    }

    /// <summary>A member as the house stores one under a key of its own.</summary>
    public static Append Entered(long member, Knowledge knowledge, Vault vault)
    {
        var (self, (wrapped, key)) = (Id(member).Stream, vault.NewKey());
        var command = Member.Seal(Enter(member), new StreamSeal(self, key, vault.Search), District.Today);
        return District.Decide<Member, MemberState, MemberCommand, MemberEvent, MemberView>(self, command, knowledge, key: wrapped).Append;
    }

    /// <summary>The secrets of a database; made when there are none.</summary>
    public static async Task<Vault> OpenVault(Request request)
    {
        await using var database = request.Store == Store.Postgres ? Database.Postgres(request.Connection) : Database.Sqlite(request.Connection);
        return new Secrets(database).Open(Masters).Vault;
    }

    private static UnionId Primary(long n) => new(string.Create(CultureInfo.InvariantCulture, $"110108-{n:0000}"));

    // The order number's parity tells the sex; the last character checks the others (GB 11643-1999).
    private static string Number(DateOnly born, long order)
    {
        Span<char> number = stackalloc char[18];
        number.TryWrite(CultureInfo.InvariantCulture, $"{District.Area}{born:yyyyMMdd}{order % 1_000:000}", out _);
        ReadOnlySpan<int> weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var sum = 0;
        for (var i = 0; i < weights.Length; i++) sum += (number[i] - '0') * weights[i];
        number[17] = "10X98765432"[sum % 11];
        return new(number);
    }
}
