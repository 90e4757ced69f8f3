using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>How far an application for a card has come. The application ends when the bank has produced the card.</summary>
public enum CardOrderStatus
{
    /// <summary>No application is open.</summary>
    None = 0,

    /// <summary>Applied for; the data are not checked.</summary>
    Applied = 1,

    /// <summary>The data were found wrong; to be put right and applied for again.</summary>
    DataRejected = 2,

    /// <summary>The data were checked; it may stand in a batch.</summary>
    DataChecked = 3,

    /// <summary>It holds a line of a batch that the bank does not have yet.</summary>
    Batched = 4,

    /// <summary>It goes to the bank with its batch: only the bank's answer ends it.</summary>
    SentToBank = 5,

    /// <summary>The bank made no card; to be checked again for another batch.</summary>
    BankRejected = 6,
}

/// <summary>Where the card stands at the bank, whatever the membership. Only the bank moves it; the union hands it over.</summary>
public enum CardStatus
{
    /// <summary>There is no card.</summary>
    None = 0,

    /// <summary>Produced by the bank.</summary>
    Produced = 1,

    /// <summary>Handed over to the member.</summary>
    Delivered = 2,

    /// <summary>Activated by the bank.</summary>
    Activated = 3,

    /// <summary>Reported lost to the bank (挂失): a replacement may be applied for.</summary>
    LossReported = 4,

    /// <summary>Frozen by the bank.</summary>
    Frozen = 5,

    /// <summary>Cancelled by the bank (销卡), for good.</summary>
    Cancelled = 6,
}

/// <summary>What the bank made of one line, by its code.</summary>
public enum CardResult
{
    /// <summary>00: produced.</summary>
    Produced = 0,

    /// <summary>01: name and document disagree.</summary>
    NameDisagrees = 1,

    /// <summary>02: holds a card already.</summary>
    HoldsCard = 2,

    /// <summary>03: no full civil capacity.</summary>
    NoCapacity = 3,

    /// <summary>04: the document has ended.</summary>
    DocumentExpired = 4,

    /// <summary>05: format.</summary>
    Format = 5,

    /// <summary>99: other, told in a text.</summary>
    Other = 99,
}

/// <summary>What the bank tells of a card later.</summary>
public enum CardNotice
{
    /// <summary>Activated (A): also what unblocks a card.</summary>
    Activated = 1,

    /// <summary>Reported lost (L).</summary>
    LossReported = 2,

    /// <summary>Frozen; no notice file holds it.</summary>
    Frozen = 3,

    /// <summary>Cancelled (X).</summary>
    Cancelled = 4,
}

/// <summary>One line of one batch.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Line">Its number there, from 1.</param>
public readonly record struct CardLineId(CardBatchId Batch, int Line);

/// <summary>A line that this member held, and how it ended.</summary>
/// <param name="Of">The line.</param>
/// <param name="Result">The bank's result; null: the line was void.</param>
/// <param name="NumberHash">Keyed hash of the number produced on it.</param>
public sealed record EndedCardLine(CardLineId Of, CardResult? Result, string? NumberHash = null);

/// <summary>A notice of the bank that was recorded.</summary>
/// <param name="Kind">What it told.</param>
/// <param name="BankOn">The bank's date.</param>
public readonly record struct RecordedNotice(CardNotice Kind, DateOnly BankOn);

/// <summary>
/// A member's Jing Card (京卡·互助服务卡): at most one card and one application at a time, because one stream decides. Whether it brings benefits is another matter:
/// see <see cref="MemberState.HasCardBenefitsOn"/>.
/// </summary>
public sealed record MemberCard
{
    /// <summary>Nothing was ever applied for.</summary>
    public static readonly MemberCard None = new();

    /// <summary>The person's own word, true or false; null: what the sheet says counts. The word outlives every sheet.</summary>
    public bool? Consent { get; init; }

    /// <summary>How far the open application has come.</summary>
    public CardOrderStatus Order { get; init; }

    /// <summary>Account that applied last; empty: nobody ever did.</summary>
    public string AppliedBy { get; init; } = "";

    /// <summary>The line it holds, or on which the bank rejected it.</summary>
    public CardLineId? Line { get; init; }

    /// <summary>Why the bank rejected it.</summary>
    public CardResult? Result { get; init; }

    /// <summary>What the bank wrote beside the result 99, under the person's own key.</summary>
    public string? SealedText { get; init; }

    /// <summary>Where the card stands at the bank.</summary>
    public CardStatus Status { get; init; }

    /// <summary>Keyed hash of the card's number.</summary>
    public string? NumberHash { get; init; }

    /// <summary>The last four digits, the others starred out.</summary>
    public string? NumberMask { get; init; }

    /// <summary>The number under the person's own key.</summary>
    public string? SealedNumber { get; init; }

    /// <summary>The bank's date of production.</summary>
    public DateOnly? ProducedOn { get; init; }

    /// <summary>Keyed hashes of the numbers the person had before, oldest first.</summary>
    public ImmutableArray<string> Former { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Lines that ended, oldest first.</summary>
    public ImmutableArray<EndedCardLine> Ended { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>The bank's notices of the present card, oldest first.</summary>
    public ImmutableArray<RecordedNotice> Notices { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Whether there is a produced card that was not cancelled.</summary>
    [JsonIgnore]
    public bool IsLive => Status is not (CardStatus.None or CardStatus.Cancelled);

    /// <summary>Whether there ever was anything but a word.</summary>
    [JsonIgnore]
    public bool IsAnything => AppliedBy.Length > 0 || !Ended.IsEmpty;

    /// <summary>An application that the bank does not have yet is over; one that it has goes on.</summary>
    internal MemberCard Stopped() => Order == CardOrderStatus.SentToBank ? this : this with { Order = CardOrderStatus.None, Line = null, Result = null, SealedText = null };

    internal MemberCard LineEnded(CardLineId of, CardResult? result, string? numberHash = null) => this with { Ended = Ended.Add(new(of, result, numberHash)) };

    /// <summary>What is left once the person is erased.</summary>
    internal MemberCard Erased() => Stopped() with { NumberHash = null, NumberMask = null, SealedNumber = null, Former = [], Ended = [.. Ended.Select(ended => ended with { NumberHash = null })] };
}

/// <summary>A card's number on its way into a decision: judged, hashed and closed.</summary>
/// <param name="Hash">Keyed hash; null when there is no number, or it is none.</param>
/// <param name="Mask">The last four digits.</param>
/// <param name="Number">The number, closed.</param>
/// <param name="Text">The bank's text, closed.</param>
public sealed record SealedCard(string? Hash, string? Mask = null, string? Number = null, string? Text = null)
{
    /// <summary>Why the number or the text cannot be kept.</summary>
    public Refusal? Refusal { get; init; }
}

/// <summary>What only an opened card shows, after a recorded look.</summary>
public sealed record CardPersonal
{
    /// <summary>The 16 digits.</summary>
    public string? Number { get; init; }

    /// <summary>What the bank wrote beside the result 99.</summary>
    public string? BankText { get; init; }

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("personal");
        return true;
    }
}

/// <summary>What an application sees of a card.</summary>
public sealed record CardView
{
    /// <summary>How far the open application has come.</summary>
    public CardOrderStatus Order { get; init; }

    /// <summary>The line it holds, or on which the bank rejected it.</summary>
    public CardLineId? Line { get; init; }

    /// <summary>Why the bank rejected it.</summary>
    public CardResult? Result { get; init; }

    /// <summary>Where the card stands at the bank.</summary>
    public CardStatus Status { get; init; }

    /// <summary>The last four digits, the others starred out.</summary>
    public string? NumberMask { get; init; }

    /// <summary>The bank's date of production.</summary>
    public DateOnly? ProducedOn { get; init; }

    /// <summary>How many numbers the person had before.</summary>
    public int Former { get; init; }

    /// <summary>Whether there is a produced card that was not cancelled.</summary>
    [JsonIgnore]
    public bool IsLive => Status is not (CardStatus.None or CardStatus.Cancelled);

    /// <summary>The view of a card; null while there is nothing to see.</summary>
    internal static CardView? Of(MemberCard card) => !card.IsAnything ? null : new()
    {
        Order = card.Order,
        Line = card.Line,
        Result = card.Result,
        Status = card.Status,
        NumberMask = card.NumberMask,
        ProducedOn = card.ProducedOn,
        Former = card.Former.Length,
    };
}
