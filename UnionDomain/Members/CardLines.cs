using System.Collections.Immutable;
using System.Text;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Members;

/// <summary>One member's card and application in a list: always masked.</summary>
public sealed record CardLine : ILine<CardLine>
{
    /// <inheritdoc/>
    public static ReadModel Model { get; } = new("member_card",
        new("member_id", ColumnType.Text, IsKey: true),
        new("union_id", ColumnType.Text),
        new("employer_id", ColumnType.Text),
        new("standing", ColumnType.Number),
        new("deemed_from", ColumnType.Date),
        new("order_status", ColumnType.Number),
        new("card_status", ColumnType.Number),
        new("batch_id", ColumnType.Text),
        new("line", ColumnType.Number),
        new("result", ColumnType.Number),
        new("card_mask", ColumnType.Text),
        new(Members.Member.CardHash, ColumnType.Text),
        new("produced_on", ColumnType.Date));

    /// <summary>Surrogate key of the person.</summary>
    public required MemberId Member { get; init; }

    /// <summary>The member's union.</summary>
    public required UnionId Union { get; init; }

    /// <summary>The employing unit.</summary>
    public EmployerId? Employer { get; init; }

    /// <summary>Where the person stands by what is recorded; on a date see <see cref="StandingOn"/>.</summary>
    public required MemberStatus Standing { get; init; }

    /// <summary>The first day on which the member is deemed to have left; 9999-12-31: never.</summary>
    public required DateOnly DeemedFrom { get; init; }

    /// <summary>How far the open application has come.</summary>
    public required CardOrderStatus Order { get; init; }

    /// <summary>Where the card stands at the bank.</summary>
    public required CardStatus Status { get; init; }

    /// <summary>The line it holds, or on which the bank rejected it.</summary>
    public CardLineId? Line { get; init; }

    /// <summary>Why the bank rejected it.</summary>
    public CardResult? Result { get; init; }

    /// <summary>The last four digits, the others starred out.</summary>
    public string? NumberMask { get; init; }

    /// <summary>The bank's date of production.</summary>
    public DateOnly? ProducedOn { get; init; }

    /// <summary>Which of <see cref="CardQuery.Numbers"/> it is; null where none were asked for. Shown masked.</summary>
    public CardNumber? Asked { get; init; }

    /// <summary>Where the person stands on a date.</summary>
    public MemberStatus StandingOn(DateOnly on) => Members.Standing.On(on, Standing, DeemedFrom);

    /// <inheritdoc/>
    public static CardLine Of(ImmutableArray<object?> values) => new()
    {
        Member = new((string)values[0]!),
        Union = new((string)values[1]!),
        Employer = values[2] is string employer ? new(employer) : null,
        Standing = (MemberStatus)(long)values[3]!,
        DeemedFrom = (DateOnly)values[4]!,
        Order = (CardOrderStatus)(long)values[5]!,
        Status = (CardStatus)(long)values[6]!,
        Line = values[7] is string batch ? new(new(batch), (int)(long)values[8]!) : null,
        Result = (CardResult?)(long?)values[9],
        NumberMask = (string?)values[10],
        ProducedOn = (DateOnly?)values[12],
    };

    /// <summary>The row of a state; none while there was neither card nor application.</summary>
    internal static Row? RowOf(MemberState member) => !member.Card.IsAnything ? null : new(Model,
    [
        member.Id.Value, member.Union.Value, member.Workplace.Employer?.Value, (long)member.Status, member.DeemedFrom ?? DateOnly.MaxValue, (long)member.Card.Order, (long)member.Card.Status,
        member.Card.Line?.Batch.Value, (long?)member.Card.Line?.Line, (long?)member.Card.Result, member.Card.NumberMask, member.Card.NumberHash, member.Card.ProducedOn,
    ]);
}

/// <summary>Asks for cards and applications; every property that is given must hold.</summary>
public sealed record CardQuery : IQuery<CardLine>
{
    /// <summary>The most numbers of one query.</summary>
    public const int MostNumbers = 1_000;

    /// <summary>Of members of unions in the subtree of this one, itself included.</summary>
    public UnionId? Within { get; init; }

    /// <summary>The date of the tree for <see cref="Within"/>; the newest tree unless given.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Of members of this unit.</summary>
    public EmployerId? Employer { get; init; }

    /// <summary>With an application that has come so far: <see cref="CardOrderStatus.DataChecked"/> waits for a batch.</summary>
    public CardOrderStatus? Order { get; init; }

    /// <summary>With a card that stands here.</summary>
    public CardStatus? Status { get; init; }

    /// <summary>With an application that holds a line of this batch, or was rejected in it.</summary>
    public CardBatchId? Batch { get; init; }

    /// <summary>With a card that brings benefits on this date.</summary>
    public DateOnly? BenefitsOn { get; init; }

    /// <summary>With this number, however it is typed. Personal: it is hashed before it is compared.</summary>
    public string? Number { get; init; }

    /// <summary>With one of these numbers, at most <see cref="MostNumbers"/>: each line tells which. Personal: they are hashed before they are compared. Refused by <c>search.too-many</c>.</summary>
    public ImmutableArray<CardNumber>? Numbers { get; init; }

    Refusal? IQuery<CardLine>.Refused => Numbers is { Length: > MostNumbers } ? SearchRules.TooMany.With("most", MostNumbers) : null;

    CardLine IQuery<CardLine>.Found(CardLine line, string asked) => CardNumber.TryParse(asked, out var number, out _) ? line with { Asked = number } : line;

    /// <inheritdoc/>
    public IEnumerable<Condition> Where()
    {
        if (Within is { } scope) yield return new("union_id", Comparison.Within, scope.Value, AsOf);
        if (Employer is { } employer) yield return new("employer_id", Comparison.Equal, employer.Value);
        if (Order is { } order) yield return new("order_status", Comparison.Equal, (long)order);
        if (Status is { } status) yield return new("card_status", Comparison.Equal, (long)status);
        if (Batch is { } batch) yield return new("batch_id", Comparison.Equal, batch.Value);
        if (Number is { } number) yield return new(Member.CardHash, Comparison.Hashed, CardNumber.TryParse(number, out var card, out _) ? card.Value : "");
        if (Numbers is { } numbers) yield return new(Member.CardHash, Comparison.OneHashed, numbers.Select(one => one.Value).ToImmutableArray());
        if (BenefitsOn is { } on)
        {
            yield return new("card_status", Comparison.AtLeast, (long)CardStatus.Produced);
            yield return new("card_status", Comparison.AtMost, (long)CardStatus.Frozen);
            yield return new("standing", Comparison.Equal, (long)MemberStatus.Active);
            yield return new("deemed_from", Comparison.AtLeast, on.AddDays(1));
        }
    }

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("personal");
        return true;
    }
}
