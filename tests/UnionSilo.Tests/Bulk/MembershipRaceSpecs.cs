using System.Globalization;
using UnionClient;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;
using UnionSilo.Persistence;
using UnionSilo.Tests.Grains;
using UnionTesting;

namespace UnionSilo.Tests.Bulk;

/// <summary>One person, one membership, however many ask at once.</summary>
[Trait("F", "16")]
public sealed class MembershipRaceSpecs(SharedPostgres postgres) : SiloSpecs(postgres)
{
    private const int Pairs = 1_000;

    private static readonly DateOnly Today = BusinessCalendar.Today(TimeProvider.System);
    private static readonly Operator Desk = new("op-2", District.Federation, Role.District);
    private static readonly Contender[] Contenders = [new(1, new("U-100"), Unit), new(2, new("U-200"), District.Unit(2))];

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Of_a_thousand_documents_that_two_units_register_at_once_each_is_kept_by_one_and_the_other_is_told_by_whom(string store)
    {
        RunningUnion[] silos = store == "postgres" ? [await Start(store), await Start(store)] : [await Start(store)];
        var client = silos[0].Client;
        Accepted(await client.Send(Contenders[1].Employer, District.Registration(2), cancel: Cancel));
        foreach (var contender in Contenders)
            Accepted(await client.Unions.Send(contender.Union, new UnionCommand.TakeOver($"示例{contender.Number}工会", UnionLevel.Primary, UnionKind.Joint, District.Federation, Today, 3), new() { Operator = Desk }, Cancel));

        var answers = await Task.WhenAll(Contenders.Select((contender, at) => Register(silos[at % silos.Length].Client, contender)));
        var won = new int[Contenders.Length];
        for (var pair = 0; pair < Pairs; pair++)
        {
            var winner = answers[0][pair] is null ? 0 : 1;
            won[winner]++;
            Assert.Null(answers[winner][pair]);
            Assert.Equal(MemberRules.DocumentHeld.With("holder", Contenders[winner].Member(pair).Stream), answers[1 - winner][pair]);
        }

        Assert.Equal(Pairs, (await client.Reports.Count(MemberMeasures.Registered, District.Federation, new(Today, Today), Cancel)).Value);
        for (var at = 0; at < Contenders.Length; at++)
        {
            var union = Contenders[at].Union;
            Assert.Equal(won[at], (await client.Reports.Count(MemberMeasures.Registered, union, new(Today, Today), Cancel)).Value);
            Assert.Equal(won[at], await client.Members.List(new() { On = Today, Union = union }, Cancel).CountAsync(Cancel));
        }

        Assert.Equal((Pairs, Pairs), await Claims(store));
        Assert.Empty(await Verify());
    }

    /// <summary>Half of the documents each in a call of its own, half by bulk; meanwhile somebody else does the same.</summary>
    private static async Task<Refusal?[]> Register(IUnionClient client, Contender contender)
    {
        var refusals = new Refusal?[Pairs];
        var with = new CommandOptions { Operator = Desk };
        var bulk = Enumerable.Range(0, Pairs).Where(pair => pair % 2 == 0).ToList();
        var sent = client.Members.Bulk.Send(
            bulk.Select(pair => new BulkRow<MemberId, MemberCommand>(contender.Member(pair), contender.Enter(pair), with)).ToAsyncEnumerable(), new() { WindowRows = 50 }, Cancel).ToListAsync(Cancel);
        await Task.WhenAll(Enumerable.Range(0, Pairs).Except(bulk).Select(async pair => refusals[pair] = (await client.Members.Send(contender.Member(pair), contender.Enter(pair), with, Cancel)).Refusal));
        foreach (var (pair, outcome) in bulk.Zip(await sent))
        {
            Assert.Null(outcome.Fault);
            refusals[pair] = outcome.Refusal;
        }

        return refusals;
    }

    private async Task<(long Claims, long Holders)> Claims(string store)
    {
        await using var database = store == "sqlite" ? Database.Sqlite(File) : Database.Postgres(ConnectionString);
        await using var command = database.Source.CreateCommand("SELECT count(*), count(DISTINCT stream) FROM claim WHERE kind = 'member-document'");
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await reader.ReadAsync(Cancel));
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>One of the two units that register everybody.</summary>
    private sealed record Contender(int Number, UnionId Union, EmployerId Employer)
    {
        public MemberId Member(int pair) => new(string.Create(CultureInfo.InvariantCulture, $"014600000000700{Number}8000{pair:000000000000}"));

        public MemberCommand.Enter Enter(int pair)
        {
            var born = new DateOnly(1901, 1, 1).AddDays(pair * 4);
            return new(Union, Employer, new()
            {
                EmployerCode = "91350100M000100Y43",
                Name = "示例人",
                DocumentType = "1",
                DocumentNumber = DocumentNumber(born, pair),
                Sex = pair % 2 == 1 ? "1" : "2",
                BornOn = born.ToString("O", CultureInfo.InvariantCulture),
                Education = "2",
                Employment = "1",
                Household = "1",
                Residence = "110108",
                Mobile = string.Create(CultureInfo.InvariantCulture, $"1{pair:0000000000}"),
                JoinedOn = "2014-05-12",
                Migrant = "0",
            });
        }

        // The last character checks the others (GB 11643-1999).
        private static string DocumentNumber(DateOnly born, int order)
        {
            var digits = string.Create(CultureInfo.InvariantCulture, $"110108{born:yyyyMMdd}{order:000}");
            ReadOnlySpan<int> weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
            var sum = 0;
            for (var i = 0; i < weights.Length; i++) sum += (digits[i] - '0') * weights[i];
            return digits + "10X98765432"[sum % 11];
        }
    }
}
