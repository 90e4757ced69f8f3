namespace ConsoleHost.Roll;

/// <summary>The days of one round of cards: applied for, checked, sent to the bank, answered, handed over, activated.</summary>
internal sealed record CardRound(string Name, DateOnly Applied, DateOnly Checked, DateOnly Ordered, DateOnly Answered, DateOnly Delivered)
{
    /// <summary>Streets in which cards were issued before the period.</summary>
    public static readonly CardRound Pilot = new("2013-12", new(2013, 12, 16), new(2013, 12, 17), new(2013, 12, 18), new(2013, 12, 25), new(2013, 12, 27));

    /// <summary>All other streets.</summary>
    public static readonly CardRound Main = new("2014-03", new(2014, 3, 3), new(2014, 3, 5), new(2014, 3, 10), new(2014, 3, 17), new(2014, 3, 24));

    /// <summary>What the bank rejected and the union put right.</summary>
    public static readonly CardRound Repeated = new("2014-04", new(2014, 4, 14), new(2014, 4, 16), new(2014, 4, 21), new(2014, 4, 28), new(2014, 5, 5));

    /// <summary>In place of cards that were lost.</summary>
    public static readonly CardRound Replaced = new("2014-05", new(2014, 5, 12), new(2014, 5, 13), new(2014, 5, 16), new(2014, 5, 23), new(2014, 5, 26));

    /// <summary>Who agreed only after the period.</summary>
    public static readonly CardRound Late = new("2014-07", new(2014, 7, 1), new(2014, 7, 1), new(2014, 7, 2), new(2014, 7, 9), new(2014, 7, 11));
}

/// <summary>What happens on which day of the half-year. Nothing of a member is ever dated before what is recorded of that member already.</summary>
internal static class HalfYearDays
{
    /// <summary>Unions and units are entered: before the first application of a union to be established.</summary>
    public static readonly DateOnly UnitsOn = new(2013, 12, 1);

    /// <summary>The roll is taken over: <c>members.csv</c>.</summary>
    public static readonly DateOnly RollOn = new(2013, 12, 15);

    /// <summary>The bank tells which cards of the pilot were activated.</summary>
    public static readonly DateOnly PilotActivatedOn = new(2013, 12, 30);

    /// <summary>The bank tells which other cards were activated.</summary>
    public static readonly DateOnly ActivatedOn = new(2014, 3, 31);

    /// <summary>The union of <c>closures.csv</c> is closed.</summary>
    public static readonly DateOnly ClosedOn = new(2014, 3, 31);

    /// <summary>Sheets the bank could not read are put right: <c>members-corrected.csv</c>.</summary>
    public static readonly DateOnly CorrectedOn = CardRound.Repeated.Applied;

    /// <summary>The bank tells which cards were lost.</summary>
    public static readonly DateOnly LostOn = new(2014, 5, 9);

    /// <summary>The bank tells which cards were cancelled, those that were replaced among them.</summary>
    public static readonly DateOnly CancelledOn = new(2014, 6, 6);

    /// <summary>Members retire or leave: <c>leavings.csv</c>.</summary>
    public static readonly DateOnly LeftOn = new(2014, 6, 16);

    /// <summary>Transfers are offered, for thirty days: <c>transfers.csv</c>.</summary>
    public static readonly DateOnly OfferedOn = new(2014, 6, 20);

    /// <summary>A transfer that is not under way any more was accepted.</summary>
    public static readonly DateOnly AcceptedOn = new(2014, 6, 27);

    /// <summary>Everybody who joined in the period is entered: <c>members-new.csv</c>.</summary>
    public static readonly DateOnly MembersOn = RollPlan.LastDay;

    /// <summary>Everybody who joined, or agreed to a card, on the day after the period: <c>members-later.csv</c>.</summary>
    public static readonly DateOnly LaterOn = RollPlan.LastDay.AddDays(1);
}
