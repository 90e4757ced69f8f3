using System.Collections.Immutable;
using UnionTestKit;

namespace ConsoleHost.Roll;

/// <summary>How far the roll is written, in rows of all its files.</summary>
internal readonly record struct RollProgress(long Rows, long Of);

/// <summary>
/// Writes the roll of a made-up district as of the first half of 2014, always the same for the same scale, and what was planted in it. It knows no rule of the union and no report.
/// <list type="bullet">
/// <item><c>unions.csv</c>: the federations and the unions that stood before the period (template 工会组织表);</item>
/// <item><c>employers.csv</c>: the units; one whose union is yet to be established names the federation of its territory (单位信息表);</item>
/// <item><c>establishments.csv</c>: the unions established step by step, and on which days; <c>closures.csv</c>: the union closed in the period;</item>
/// <item><c>members.csv</c>: the members before the period (会员信息采集表); <c>members-corrected.csv</c>: sheets put right; <c>members-new.csv</c>: those who joined in the period;
/// <c>members-later.csv</c>: those who joined, or agreed to a card, on the day after it. Consent to a card stands on the sheet of exactly those who shall apply;</item>
/// <item><c>leavings.csv</c>, <c>transfers.csv</c>: who retired, left, or was offered to another union;</item>
/// <item><c>cards.csv</c>, <c>notices.csv</c>: what only the bank knows: what becomes of each application, and of the cards later;</item>
/// <item><c>planted.json</c>: what must come out. It is written last: a roll that has it is whole.</item>
/// </list>
/// </summary>
internal sealed class RollGenerator
{
    private const int OneOfEvery = 80; // Of so many qualified records one is written unusually.
    private const int OneActivated = 3; // Of so many cards one is activated.

    private readonly RollPlan plan;
    private readonly CardFates fates;
    private readonly RollFiles files;
    private readonly string? sprung;
    private readonly IProgress<RollProgress>? progress;
    private readonly CancellationToken cancel;
    private readonly long rowsPlanned;
    private readonly SortedDictionary<string, int> traps = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> unusual = new(StringComparer.Ordinal);
    private readonly List<MemberRow> originals = [];
    private readonly List<MemberRow> late = [];
    private readonly RollUnion[] standing;
    private long people, cards, rowsWritten;
    private int unitsEntered, entered, registered, unionsNew, membersNew, unqualified, elsewhere, cardsIssued, cardsBefore, cardsProduced, cardsReplaced;

    private RollGenerator(RollFiles files, decimal scale, string? sprung, IProgress<RollProgress>? progress, CancellationToken cancel)
    {
        (plan, this.files, this.sprung, this.progress, this.cancel) = (new(scale), files, sprung, progress, cancel);
        standing = [.. plan.Unions.Where(union => union.Founding == Founding.Standing)];
        fates = new(plan, People().Count(person => person.MayHaveCard));
        rowsPlanned = plan.Unions.Sum(union => 1 + union.Units.Length + union.Members) + plan.Cards + (plan.Cards / OneActivated);
    }

    /// <summary>Writes the files into the folder <c>roll</c> of a directory; what is there is replaced.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="scale">Between 0.01 and 1.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="sprung">
    /// A kind of trap that is written as if it were none: the number that stands twice as two numbers, the card that is cancelled as one that is not. What was planted is told unchanged, so
    /// a report that left out this kind for no reason, or by luck, is found out.
    /// </param>
    public static PlantedRoll Write(DirectoryInfo directory, decimal scale, IProgress<RollProgress>? progress = null, CancellationToken cancel = default, string? sprung = null)
    {
        var folder = directory.CreateSubdirectory("roll").FullName;
        var proof = Path.Combine(folder, "planted.json");
        File.Delete(proof); // What it vouches for is about to change.

        using var tables = new RollFiles(folder);
        var generator = new RollGenerator(tables, scale, sprung, progress, cancel);
        generator.Unions();
        generator.Employers();
        generator.Establishments();
        generator.Closures();
        generator.Members();
        generator.Left();
        generator.Refused();
        generator.Later();

        var planted = generator.Planted(tables.Complete().ToImmutableSortedDictionary(StringComparer.Ordinal));
        using var file = new WholeFile(proof);
        planted.WriteTo(file);
        progress?.Report(new(generator.rowsPlanned, generator.rowsPlanned));
        return planted;
    }

    // Names and phones of officers stay out: nothing here needs them.
    private void Unions()
    {
        Write("unions.csv", RollPlan.District, "示例区总工会", "2", "3", "", "1984-05-01", "5", "", "");
        Write("unions.csv", RollPlan.OtherDistrict, "邻区总工会", "2", "3", "", "1984-05-01", "5", "", "");
        for (var i = 0; i < RollPlan.Streets.Length; i++)
        {
            var (id, name) = RollPlan.Streets[i];
            Write("unions.csv", id, $"{name}{(i < RollPlan.Subdistricts ? "街道" : "镇")}总工会", "3", "3", RollPlan.District, "1990-05-01", "5", "", "");
        }

        Write("unions.csv", RollPlan.OtherStreet.Id, $"{RollPlan.OtherStreet.Name}街道总工会", "3", "3", RollPlan.OtherDistrict, "1990-05-01", "5", "", "");
        foreach (var union in plan.Unions.Where(union => !union.IsEstablished))
            Write("unions.csv", union.Id, union.Name, "4", Kind(union), union.Upper, MemberRow.Text(union.On), Term(union), "", union.IsJoint ? "单位均为9人以下,\"两分法\"" : "");
    }

    private void Employers()
    {
        foreach (var union in plan.Unions)
            foreach (var unit in union.Units)
                Of(unit, union.IsEstablished ? "0" : Kind(union), union.IsEstablished ? UpperOf(union) : union.Id);
        foreach (var (federation, unit) in plan.Unorganised) Of(unit, "0", federation);

        void Of(RollUnit unit, string way, string union) => Write(
            "employers.csv", unit.Code, unit.Name, unit.Headcount > 100 ? "3" : "5", unit.Headcount > 9 ? "C" : "F", "110108",
            MemberRow.Text(unit.Headcount), MemberRow.Text(unit.Headcount * 2 / 5), MemberRow.Text(unit.Headcount / 4), way, union, "", "");
    }

    private void Establishments()
    {
        foreach (var union in plan.Unions.Where(union => union.IsEstablished))
        {
            var completed = union.Founding switch
            {
                Founding.DayBefore when Trap("union-completed-on-the-day-before") => RollPlan.FirstDay,
                Founding.DayAfter when Trap("union-completed-on-the-day-after") => RollPlan.LastDay,
                _ => union.On,
            };
            if (union.Founding == Founding.InPeriod) unionsNew++;
            if (union.Founding == Founding.NewElsewhere) Trap("union-of-another-district");
            Write(
                "establishments.csv",
                [
                    union.Id, union.Name, Kind(union), UpperOf(union), string.Join(';', union.Units.Select(unit => unit.Code)), MemberRow.Text(union.Headcount),
                    MemberRow.Text(union.Members), Term(union), .. Establishment.Steps(completed).Select(MemberRow.Text),
                ]);
        }
    }

    private string UpperOf(RollUnion union) => union.Founding == Founding.NewElsewhere && sprung == "union-of-another-district" ? RollPlan.Streets[0].Id : union.Upper;

    private void Closures()
    {
        foreach (var union in plan.Unions.Where(union => union.Founding == Founding.Closed)) Write("closures.csv", union.Id, MemberRow.Text(HalfYearDays.ClosedOn));
    }

    // The first member of every unit is qualified, so that the unit counts; the unqualified ones are spread evenly over all others.
    private IEnumerable<Person> People()
    {
        var others = plan.Unions.Where(union => union.Founding is Founding.Standing or Founding.DayBefore or Founding.InPeriod).Sum(union => union.Members - union.Units.Length);
        var spoiled = plan.Registered - plan.Entered - plan.Unions.Where(union => union.Founding == Founding.Unqualified).Sum(union => union.Members);
        var (other, ordinal) = (0L, 0L);

        foreach (var union in plan.Unions.Where(union => union.Founding != Founding.DayAfter))
            foreach (var unit in union.Units)
                for (var i = 0; i < unit.Members; i++)
                {
                    var qualified = union.IsElsewhere || (union.Founding != Founding.Unqualified && (i == 0 || other++ * spoiled / others == other * spoiled / others));
                    yield return new(MemberRow.Of(ordinal++, union, unit), union, qualified, FirstOfUnit: i == 0);
                }
    }

    private void Members()
    {
        foreach (var person in People())
        {
            people++;
            Write(person.Union.IsElsewhere ? Elsewhere(person) : Entered(person));
        }
    }

    private MemberRow Entered(Person person)
    {
        var (row, union) = (person.Row, person.Union);
        registered++;
        if (union.Founding == Founding.InPeriod) membersNew++;
        else if (row.IsNew && Trap("new-member-of-an-old-union")) row = Moved(row, plan.Unions.First(other => other.Founding == Founding.InPeriod));

        if (!person.Qualified)
        {
            var only = person.FirstOfUnit && Trap("employer-with-unqualified-members-only");
            var (twist, ordinal) = Nth(Twist.Harmful, unqualified++);
            return Trap(twist.Kind) || only ? row : twist.Write(row, ordinal);
        }

        if (person.FirstOfUnit) unitsEntered++;
        if (++entered % OneOfEvery == 0)
        {
            var (twist, ordinal) = Nth(Twist.Harmless, entered / OneOfEvery);
            Note(twist.Kind);
            row = twist.Write(row, ordinal);
        }
        else if (!person.FirstOfUnit && union.Founding == Founding.Standing && originals.Count < RollPlan.Few) originals.Add(row);

        return person.MayHaveCard && fates.Next() is { } fate ? WithCard(row, fate, IsPilot(union)) : row;

        static (Twist Twist, int Ordinal) Nth(Twist[] twists, int n) => (twists[n % twists.Length], n / twists.Length);
    }

    private MemberRow WithCard(MemberRow row, CardFate fate, bool pilot)
    {
        switch (fate)
        {
            case CardFate.NotReplaced:
                return sprung == "card-lost-and-replaced" ? Agreed(row, "00", Next()) : row;
            case CardFate.NoConsent:
                return Trap("member-without-consent") ? Agreed(row, "00", Next()) : row;
            case CardFate.Leaving:
                Write("transfers.csv", row.Number, plan.Unions.First(union => union.IsElsewhere).Id, MemberRow.Text(HalfYearDays.OfferedOn), Trap("transfer-under-way") ? MemberRow.Text(HalfYearDays.AcceptedOn) : "");
                return row;
            case CardFate.Late:
                var agreed = Agreed(row, "00", Next());
                late.Add(agreed);
                return Trap("card-issued-on-the-day-after") ? agreed : row;
            case CardFate.Rejected:
                var (code, text) = (traps.GetValueOrDefault("card-rejected") % 4) switch { 0 => ("01", ""), 1 => ("02", ""), 2 => ("04", ""), _ => ("99", "客户已注销预留信息") };
                return Trap("card-rejected") ? Agreed(row, "00", Next()) : Agreed(row, code, text);
            case CardFate.Repeated:
                Note("card-rejected-and-repeated");
                cardsIssued++;
                cardsProduced++;
                var right = Agreed(row, "05", "", "00", Next()) with { Mobile = MadeUpCodes.Mobile(10_000_000 + cards) };
                Write("members-corrected.csv", right);
                return right with { Mobile = row.Mobile };
        }

        var number = Next();
        if (pilot) cardsBefore++;
        else cardsProduced++;
        if (cards % OneActivated == 0) Notice(pilot ? HalfYearDays.PilotActivatedOn : HalfYearDays.ActivatedOn, "A", number);
        if (fate == CardFate.Cancelled)
        {
            if (!Trap("card-cancelled")) Notice(HalfYearDays.CancelledOn, "X", number);
            return Agreed(row, "00", number);
        }

        cardsIssued++;
        if (fate == CardFate.Produced) return Agreed(row, "00", number);

        var other = Next();
        cardsReplaced++;
        Notice(HalfYearDays.LostOn, "L", number);
        if (fate == CardFate.Replaced) Trap("card-lost-and-replaced");
        else Notice(HalfYearDays.CancelledOn, "X", Trap("notice-of-a-replaced-card") ? other : number);
        return Agreed(row, "00", number, "00", other);

        string Next() => MadeUpCodes.Card(++cards);

        void Notice(DateOnly on, string kind, string card) => Write("notices.csv", MemberRow.Text(on), kind, card);
    }

    private MemberRow Agreed(MemberRow row, string result, string told, string again = "", string number = "")
    {
        Write("cards.csv", row.Number, result, told, again, number);
        return row with { Consent = "1" };
    }

    // Half of those of the other district hold cards, and some are on their way here when the period ends.
    private MemberRow Elsewhere(Person person)
    {
        var (row, ordinal) = (person.Row, elsewhere++);
        var (agrees, comes) = (ordinal < 2 * RollPlan.Few, ordinal / RollPlan.Few == 2);
        if (comes)
            Write("transfers.csv", row.Number, standing[1].Id, MemberRow.Text(HalfYearDays.OfferedOn), Trap("transfer-under-way-from-another-district") ? MemberRow.Text(HalfYearDays.AcceptedOn) : "");
        if (agrees) row = Agreed(row, "00", MadeUpCodes.Card(++cards));
        return Trap("member-of-another-district") | (agrees && Trap("card-of-another-district")) ? Moved(row, standing[0]) : row;
    }

    // People beside those who are on the roll when the period ends.
    private void Left()
    {
        for (var i = 0; i < RollPlan.Few; i++)
            foreach (var (kind, way, card) in new[] { ("retained-member", "保留会籍", false), ("withdrawn-member", "退会", false), ("card-of-a-retained-member", "保留会籍", true), ("card-of-a-withdrawn-member", "退会", true) })
            {
                var union = standing[^(i + 1)];
                var row = MemberRow.Of(people++, union, union.Units[0]) with { JoinedOn = MemberRow.Text(union.On) };
                Write(card ? Agreed(row, "00", MadeUpCodes.Card(++cards)) : row);
                if (card && IsPilot(union)) cardsBefore++;
                else if (card) cardsProduced++;
                if (!Trap(kind)) Write("leavings.csv", row.Number, way, MemberRow.Text(HalfYearDays.LeftOn));
            }
    }

    // These stand at the end of the file, so that a number is held before a second row claims it. Whoever wins, the figures are the same:
    // both rows are of old unions, and both of units with other members.
    private void Refused()
    {
        var closed = plan.Unions.Single(union => union.Founding == Founding.Closed);
        for (var i = 0; i < RollPlan.Few; i++)
        {
            var (union, original) = (standing[^(i + 1)], originals[i]);
            Refuse("duplicate-number", union, row => row with { DocumentNumber = original.DocumentNumber, Sex = original.Sex, BirthOn = original.BirthOn });
            Refuse("unknown-union", union, row => row with { Union = "P-99999" });
            Refuse("union-of-wrong-level", union, row => row with { Union = union.Upper });
            Refuse("closed-union", union, row => Moved(row, closed));
        }

        void Refuse(string kind, RollUnion union, Func<MemberRow, MemberRow> spoil)
        {
            var row = MemberRow.Of(people++, union, union.Units[0]);
            Write("members-new.csv", Trap(kind) ? row : spoil(row));
        }
    }

    private void Later()
    {
        foreach (var unit in plan.Unorganised.Select(place => place.Unit).Concat(plan.Unions.SelectMany(union => union.Units)).Where(unit => unit.Members == 0))
            if (Trap("employer-without-members")) Write("members-new.csv", MemberRow.Of(people++, standing[0], unit) with { JoinedOn = MemberRow.Text(RollPlan.LastDay) });

        foreach (var union in plan.Unions.Where(union => union.Founding == Founding.DayAfter))
            foreach (var unit in union.Units)
                for (var i = 0; i < unit.Members; i++)
                {
                    var row = MemberRow.Of(people++, union, unit);
                    if (Trap("member-joined-on-the-day-after")) Write("members-new.csv", Moved(row, standing[0]) with { JoinedOn = MemberRow.Text(RollPlan.LastDay) });
                    else Write("members-later.csv", row);
                }

        foreach (var row in late) Write("members-later.csv", row);
    }

    private PlantedRoll Planted(ImmutableSortedDictionary<string, int> rows) => new()
    {
        Scale = plan.Scale,
        UnitsEntered = unitsEntered,
        Entered = entered,
        Registered = registered,
        CardsIssued = cardsIssued,
        CardsBefore = cardsBefore,
        CardsProduced = cardsProduced,
        CardsReplaced = cardsReplaced,
        UnionsNew = unionsNew,
        MembersNew = membersNew,
        Traps = traps.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Unusual = unusual.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Rows = rows,
    };

    private static MemberRow Moved(MemberRow row, RollUnion union) => row with { Union = union.Id, Unit = union.Units[0].Code };

    private static bool IsPilot(RollUnion union) => RollPlan.Streets.Take(RollPlan.Pilots).Any(street => street.Id == union.Upper);

    private static string Kind(RollUnion union) => union.IsJoint ? "2" : "1";

    private static string Term(RollUnion union) => union.IsJoint ? "3" : "5";

    /// <summary>One more trap of a kind; whether it is to be written as if it were none.</summary>
    private bool Trap(string kind)
    {
        traps[kind] = traps.GetValueOrDefault(kind) + 1;
        return kind == sprung;
    }

    private void Note(string kind) => unusual[kind] = unusual.GetValueOrDefault(kind) + 1;

    private void Write(MemberRow row) => Write(row.IsOld ? "members.csv" : "members-new.csv", row);

    private void Write(string file, MemberRow row)
    {
        row.WriteTo(files[file]);
        Advance();
    }

    private void Write(string file, params ReadOnlySpan<string> cells)
    {
        files[file].Write(cells);
        Advance();
    }

    private void Advance()
    {
        if (++rowsWritten % 1_000 != 0) return;
        cancel.ThrowIfCancellationRequested();
        progress?.Report(new(Math.Min(rowsWritten, rowsPlanned), rowsPlanned));
    }

    /// <summary>Somebody of the roll as of the end of the period.</summary>
    private sealed record Person(MemberRow Row, RollUnion Union, bool Qualified, bool FirstOfUnit)
    {
        public bool MayHaveCard => Qualified && Union.Founding == Founding.Standing && Row.IsOld;
    }
}
