namespace ConsoleHost.Roll;

/// <summary>What shall become of the card of a member whose record is qualified.</summary>
internal enum CardFate : byte
{
    /// <summary>Produced, and nothing more.</summary>
    Produced,

    /// <summary>The bank cannot read the phone; put right, it produces the card.</summary>
    Repeated,

    /// <summary>Lost, and replaced: two numbers, one card.</summary>
    Replaced,

    /// <summary>Lost and replaced, and the bank cancels the number that was replaced.</summary>
    ReplacedAndNoticed,

    /// <summary>The bank rejects it for good.</summary>
    Rejected,

    /// <summary>Cancelled by the bank.</summary>
    Cancelled,

    /// <summary>Nobody asked for a card; would hold the card that replaces a lost one, were that counted on its own.</summary>
    NotReplaced,

    /// <summary>Agrees to no card.</summary>
    NoConsent,

    /// <summary>Agrees to a card on the day after the period.</summary>
    Late,

    /// <summary>Agrees to no card, and goes to another district: the transfer is under way when the period ends.</summary>
    Leaving,
}

/// <summary>Who of those that may have a card gets which one: exact in number, scattered over all streets.</summary>
internal sealed class CardFates
{
    private readonly CardFate[] fates;
    private readonly int people;
    private int seen;

    /// <param name="plan">The district.</param>
    /// <param name="people">How many may have a card.</param>
    public CardFates(RollPlan plan, int people)
    {
        this.people = people;
        (int repeated, int replaced) = (Math.Max(RollPlan.Few, plan.Mass(1_500)), Math.Max(RollPlan.Few, plan.Mass(300)));
        fates =
        [
            .. Enumerable.Repeat(CardFate.Produced, plan.Cards - repeated - replaced - RollPlan.Few), .. Enumerable.Repeat(CardFate.Repeated, repeated), .. Enumerable.Repeat(CardFate.Replaced, replaced),
            .. Enumerable.Repeat(CardFate.Rejected, Math.Max(RollPlan.Few, plan.Mass(900))), .. Enumerable.Repeat(CardFate.Cancelled, Math.Max(RollPlan.Few, plan.Mass(300))),
            .. new[] { CardFate.ReplacedAndNoticed, CardFate.NotReplaced, CardFate.NoConsent, CardFate.Late, CardFate.Leaving }.SelectMany(fate => Enumerable.Repeat(fate, RollPlan.Few)),
        ];
        if (fates.Length > people) throw new InvalidOperationException("The roll has too few people for so many cards.");

        var dice = new Dice(16);
        for (var i = fates.Length - 1; i > 0; i--)
        {
            var other = dice.Below(i + 1);
            (fates[i], fates[other]) = (fates[other], fates[i]);
        }
    }

    /// <summary>The fate of the next one; null: no card.</summary>
    public CardFate? Next()
    {
        var (before, after) = ((long)seen * fates.Length / people, (seen + 1L) * fates.Length / people);
        seen++;
        return after > before ? fates[before] : null;
    }
}
