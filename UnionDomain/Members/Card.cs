using System.Diagnostics;
using System.Text;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;

namespace UnionDomain.Members;

/// <content>
/// The Jing Card. The union applies, checks, batches and hands over; what becomes of the card is the bank's word alone. A line of a batch is taken and sent by the member's own decision,
/// so that no retry and no other window can ever bring a second card; see <see cref="CardBatches.CardBatch"/> for the other half.
/// </content>
public abstract partial class Member
{
    /// <summary>The kind of the claim on a card's number, which is never given back; its key is the number's <see cref="CardHash"/>.</summary>
    public const string CardClaim = "card-number";

    /// <summary>The kind of the hash of a card's number, and the column that holds it.</summary>
    public const string CardHash = "card_hash";

    private static MemberCommand.RecordCardResult Sealed(MemberCommand.RecordCardResult c, ISeal seal)
    {
        var card = c.Number is null ? new SealedCard((string?)null) : Sealed(c.Number, seal, keep: true);
        if (c.Text is { } text && !string.IsNullOrWhiteSpace(text))
            card = TextRules.Check("text", text) is { } unfit ? card with { Refusal = card.Refusal ?? unfit } : card with { Text = seal.Close(Encoding.UTF8.GetBytes(text.Trim())) };
        return c with { Number = null, Text = null, Sealed = card };
    }

    private static SealedCard Sealed(string? number, ISeal seal, bool keep) => CardNumber.TryParse(number, out var card, out var refusal)
        ? new(seal.Hash(CardHash, card.Value), card.ToString(), keep ? seal.Close(Encoding.UTF8.GetBytes(card.Value)) : null)
        : new((string?)null) { Refusal = string.IsNullOrWhiteSpace(number) ? CardRules.NumberMissing : refusal };

    private static CardPersonal? OpenCard(MemberCard card, ISeal seal)
    {
        return card is { SealedNumber: null, SealedText: null } ? null : new() { Number = Open(card.SealedNumber), BankText = Open(card.SealedText) };

        string? Open(string? closed) => closed is null ? null : Encoding.UTF8.GetString(seal.Open(closed));
    }

    private static Decision<MemberEvent> DecideCard(MemberState member, MemberCommand command, Occasion occasion) => command switch
    {
        MemberCommand.GiveCardConsent => GiveCardConsent(member, occasion),
        MemberCommand.WithdrawCardConsent => WithdrawCardConsent(member, occasion),
        MemberCommand.ApplyForCard => ApplyForCard(member, occasion),
        MemberCommand.CheckCardApplication => CheckCardApplication(member, occasion),
        MemberCommand.RejectCardApplication => RejectCardApplication(member, occasion),
        MemberCommand.TakeCardLine c => TakeCardLine(member, c, occasion),
        MemberCommand.SendCardLine c => SendCardLine(member, c, occasion),
        MemberCommand.ReleaseCardLine c => ReleaseCardLine(member, c, occasion),
        MemberCommand.RecordCardResult c => RecordCardResult(member, c, occasion),
        MemberCommand.DeliverCard => DeliverCard(member, occasion),
        MemberCommand.RecordCardNotice c => RecordCardNotice(member, c, occasion),
        _ => throw new UnreachableException(),
    };

    private static MemberState EvolveCard(MemberState state, MemberEvent happened)
    {
        var card = state.Card;
        return happened switch
        {
            MemberEvent.CardConsentGiven e => state with { Card = card with { Consent = true }, NewestOn = e.On },
            MemberEvent.CardConsentWithdrawn e => state with { Card = card.Stopped() with { Consent = false }, NewestOn = e.On },
            MemberEvent.CardApplied e => state with { Card = card with { Order = CardOrderStatus.Applied, AppliedBy = e.By, Line = null, Result = null, SealedText = null }, NewestOn = e.On },
            MemberEvent.CardDataChecked e => state with { Card = card with { Order = CardOrderStatus.DataChecked }, NewestOn = e.On },
            MemberEvent.CardDataRejected e => state with { Card = card with { Order = CardOrderStatus.DataRejected }, NewestOn = e.On },
            MemberEvent.CardBatched e => state with { Card = card with { Order = CardOrderStatus.Batched, Line = new(e.Batch, e.Line), Result = null, SealedText = null }, NewestOn = e.On },
            MemberEvent.CardSent e => state with { Card = card with { Order = CardOrderStatus.SentToBank }, NewestOn = e.On },
            MemberEvent.CardLineReleased e => state with { Card = Released(card, new(e.Batch, e.Line)), NewestOn = e.On },
            MemberEvent.CardBankRejected e => state with
            {
                Card = card.LineEnded(new(e.Batch, e.Line), e.Result) with { Order = CardOrderStatus.BankRejected, Result = e.Result, SealedText = e.Sealed },
                NewestOn = e.On,
            },
            MemberEvent.CardProduced e => state with { Card = Produced(card, e), NewestOn = e.On },
            MemberEvent.CardDelivered e => state with { Card = card with { Status = CardStatus.Delivered }, NewestOn = e.On },
            MemberEvent.CardNoticed e => state with { Card = Noticed(card, e), NewestOn = e.On },
            _ => throw new UnreachableException(),
        };
    }

    private static MemberCard Released(MemberCard card, CardLineId line) => card.LineEnded(line, null) with
    {
        Order = card.Line == line && Holds(card) ? CardOrderStatus.DataChecked : card.Order,
        Line = card.Line == line && Holds(card) ? null : card.Line,
    };

    private static MemberCard Produced(MemberCard card, MemberEvent.CardProduced e) => card.LineEnded(new(e.Batch, e.Line), CardResult.Produced, e.NumberHash) with
    {
        Order = CardOrderStatus.None,
        Line = null,
        Status = CardStatus.Produced,
        Former = card.NumberHash is { } former ? card.Former.Add(former) : card.Former,
        NumberHash = e.NumberHash,
        NumberMask = e.NumberMask,
        SealedNumber = e.Sealed,
        ProducedOn = e.BankOn,
        Notices = [],
    };

    // A lost card that was found again needs no other in its place.
    private static MemberCard Noticed(MemberCard card, MemberEvent.CardNoticed e)
    {
        var noticed = card with { Notices = card.Notices.Add(new(e.Kind, e.BankOn)) };
        return e.Kind switch
        {
            CardNotice.Activated => noticed.Stopped() with { Status = CardStatus.Activated },
            CardNotice.LossReported => noticed with { Status = CardStatus.LossReported },
            CardNotice.Frozen => noticed.Stopped() with { Status = CardStatus.Frozen },
            CardNotice.Cancelled => noticed with { Status = CardStatus.Cancelled },
            _ => throw new UnreachableException(),
        };
    }

    private static bool Holds(MemberCard card) => card.Order is CardOrderStatus.Batched or CardOrderStatus.SentToBank;

    private static Refusal? ByPersonOrUnion(Occasion occasion) => occasion.Operator.Role == Role.Member ? null : ByUnion(occasion);

    private static Refusal? ByDistrict(Occasion occasion) => Allow(occasion.Operator.Role is Role.District or Role.Municipal, occasion);

    private static Refusal? ByBank(Occasion occasion) => Allow(occasion.Operator.Role == Role.Bank, occasion);

    // What must hold at every step until the bank has the application: nobody vouches today for what was true last month.
    private static Refusal? Ready(MemberState member, Occasion occasion)
    {
        if (Active(member, occasion) is { } refusal) return refusal;
        if (!(member.QualifiedUntil >= occasion.BusinessOn)) return CardRules.RecordNotQualified.With("date", OccasionRules.Text(occasion.BusinessOn));
        if (!member.HasCardConsent) return CardRules.ConsentMissing;
        return member.Card.IsLive && member.Card.Status != CardStatus.LossReported ? CardRules.Held.With("status", member.Card.Status) : null;
    }

    private static Decision<MemberEvent> GiveCardConsent(MemberState member, Occasion occasion)
    {
        if (ByPersonOrUnion(occasion) is { } mayNot) return mayNot;
        if (member.Card.Consent == true) return Decision<MemberEvent>.Nothing;
        if (member.StatusOn(occasion.BusinessOn) is not (MemberStatus.Applicant or MemberStatus.Active or MemberStatus.Retained)) return Status(MemberRules.NotStanding, member, occasion);
        return OccasionRules.NotBefore(occasion, member.NewestOn) is { } refusal ? refusal : new MemberEvent.CardConsentGiven(occasion.BusinessOn);
    }

    private static Decision<MemberEvent> WithdrawCardConsent(MemberState member, Occasion occasion)
    {
        if (ByPersonOrUnion(occasion) is { } mayNot) return mayNot;
        if (member.Card.Consent == false) return Decision<MemberEvent>.Nothing;
        return OccasionRules.NotBefore(occasion, member.NewestOn) is { } refusal ? refusal : new MemberEvent.CardConsentWithdrawn(occasion.BusinessOn);
    }

    private static Decision<MemberEvent> ApplyForCard(MemberState member, Occasion occasion)
    {
        if (ByPersonOrUnion(occasion) is { } mayNot) return mayNot;
        if (member.Card.Order is not (CardOrderStatus.None or CardOrderStatus.DataRejected)) return Decision<MemberEvent>.Nothing;
        return Ready(member, occasion) is { } refusal ? refusal : new MemberEvent.CardApplied(occasion.Operator.Id, occasion.BusinessOn);
    }

    private static Decision<MemberEvent> CheckCardApplication(MemberState member, Occasion occasion)
    {
        if (ByUnion(occasion) is { } mayNot) return mayNot;
        if (member.Card.Order is CardOrderStatus.DataChecked or CardOrderStatus.Batched or CardOrderStatus.SentToBank) return Decision<MemberEvent>.Nothing;
        return (Checkable(member, occasion) ?? Ready(member, occasion)) is { } refusal ? refusal : new MemberEvent.CardDataChecked(occasion.BusinessOn);
    }

    private static Decision<MemberEvent> RejectCardApplication(MemberState member, Occasion occasion)
    {
        if ((ByUnion(occasion) ?? OccasionRules.NeedsReason(occasion)) is { } mayNot) return mayNot;
        if (member.Card.Order == CardOrderStatus.DataRejected) return Decision<MemberEvent>.Nothing;
        return (Checkable(member, occasion) ?? OccasionRules.NotBefore(occasion, member.NewestOn)) is { } refusal ? refusal : new MemberEvent.CardDataRejected(occasion.BusinessOn);
    }

    private static Refusal? Checkable(MemberState member, Occasion occasion)
    {
        if (member.Card.Order is not (CardOrderStatus.Applied or CardOrderStatus.DataChecked or CardOrderStatus.BankRejected)) return CardRules.NotApplied.With("status", member.Card.Order);
        return member.Card.AppliedBy == occasion.Operator.Id ? CardRules.OwnSubmission : null;
    }

    private static Decision<MemberEvent> TakeCardLine(MemberState member, MemberCommand.TakeCardLine c, Occasion occasion)
    {
        var (card, line) = (member.Card, new CardLineId(c.Batch, c.Line));
        if ((ByDistrict(occasion) ?? Fits(line)) is { } mayNot) return mayNot;
        if (Past(card, line) is { } past) return past.Result is null ? OfLine(CardRules.LineEnded, line) : Decision<MemberEvent>.Nothing;
        if (Holds(card)) return card.Line == line ? Decision<MemberEvent>.Nothing : OfLine(CardRules.LineOpen, card.Line!.Value);
        if (card.Order != CardOrderStatus.DataChecked) return CardRules.NotChecked.With("status", card.Order);
        if (c.Former is { } former && card.Ended.LastOrDefault(ended => ended.Of.Batch == former) is not { Result: not (null or CardResult.Produced) }) return CardRules.NotRejectedThere.With("batch", former);
        return Ready(member, occasion) is { } refusal ? refusal : new MemberEvent.CardBatched(c.Batch, c.Line, occasion.BusinessOn);
    }

    private static Decision<MemberEvent> SendCardLine(MemberState member, MemberCommand.SendCardLine c, Occasion occasion)
    {
        var (card, line) = (member.Card, new CardLineId(c.Batch, c.Line));
        if ((ByDistrict(occasion) ?? Fits(line)) is { } mayNot) return mayNot;
        if (Past(card, line) is { } past) return past.Result is null ? OfLine(CardRules.LineEnded, line) : Decision<MemberEvent>.Nothing;
        if (!Holds(card) || card.Line != line) return OfLine(CardRules.LineNotOpen, line).With("status", card.Order);
        if (card.Order == CardOrderStatus.SentToBank) return Decision<MemberEvent>.Nothing;
        return Ready(member, occasion) is { } refusal ? refusal : new MemberEvent.CardSent(c.Batch, c.Line, occasion.BusinessOn);
    }

    // Also a line that was never taken is written down as void: a slow repeat must not take it afterwards.
    private static Decision<MemberEvent> ReleaseCardLine(MemberState member, MemberCommand.ReleaseCardLine c, Occasion occasion)
    {
        var line = new CardLineId(c.Batch, c.Line);
        if ((ByDistrict(occasion) ?? Fits(line)) is { } mayNot) return mayNot;
        if (Past(member.Card, line) is { } past) return past.Result is null ? Decision<MemberEvent>.Nothing : OfLine(CardRules.LineEnded, line);
        return OccasionRules.NotBefore(occasion, member.NewestOn) is { } refusal ? refusal : new MemberEvent.CardLineReleased(c.Batch, c.Line, occasion.BusinessOn);
    }

    private static Decision<MemberEvent> RecordCardResult(MemberState member, MemberCommand.RecordCardResult c, Occasion occasion)
    {
        var (card, line, given) = (member.Card, new CardLineId(c.Batch, c.Line), c.Sealed ?? new SealedCard((string?)null));
        if ((ByBank(occasion) ?? Fits(line) ?? Fits(c, given, occasion)) is { } mayNot) return mayNot;
        if (Past(card, line) is { Result: { } former } past)
            return (former, past.NumberHash) == (c.Result, given.Hash) ? Decision<MemberEvent>.Nothing : OfLine(CardRules.ResultDiffers, line);
        if (card.Order != CardOrderStatus.SentToBank || card.Line != line) return OfLine(CardRules.LineNotOpen, line).With("status", card.Order);
        if (given.Hash is { } number && (number == card.NumberHash || card.Former.Contains(number))) return CardRules.NumberUsed;
        if (OccasionRules.NotBefore(occasion, member.NewestOn) is { } refusal) return refusal;
        return c.Result == CardResult.Produced
            ? new MemberEvent.CardProduced(c.Batch, c.Line, given.Hash!, given.Mask!, given.Number!, c.BankOn, occasion.BusinessOn)
            : new MemberEvent.CardBankRejected(c.Batch, c.Line, c.Result, given.Text, c.BankOn, occasion.BusinessOn);
    }

    private static Refusal? Fits(MemberCommand.RecordCardResult c, SealedCard given, Occasion occasion)
    {
        if (!Enum.IsDefined(c.Result)) return CardRules.ResultUnknown;
        if (given.Refusal is { } unfit) return unfit;
        if (c.Result == CardResult.Produced && given.Hash is null) return CardRules.NumberMissing;
        if (c.Result != CardResult.Produced && given.Hash is not null) return CardRules.NumberNotExpected;
        if (c.Result != CardResult.Other && given.Text is not null) return CardRules.TextNotExpected;
        return NotAfter(c.BankOn, occasion);
    }

    private static Decision<MemberEvent> DeliverCard(MemberState member, Occasion occasion)
    {
        if (ByUnion(occasion) is { } mayNot) return mayNot;
        switch (member.Card.Status)
        {
            case CardStatus.None:
                return CardRules.Nothing;
            case CardStatus.Delivered or CardStatus.Activated:
                return Decision<MemberEvent>.Nothing;
            case CardStatus.Produced:
                return OccasionRules.NotBefore(occasion, member.NewestOn) is { } refusal ? refusal : new MemberEvent.CardDelivered(occasion.BusinessOn);
            default:
                return CardRules.NotDeliverable.With("status", member.Card.Status);
        }
    }

    private static Decision<MemberEvent> RecordCardNotice(MemberState member, MemberCommand.RecordCardNotice c, Occasion occasion)
    {
        var card = member.Card;
        if (ByBank(occasion) is { } mayNot) return mayNot;
        if (!Enum.IsDefined(c.Kind)) return CardRules.NoticeUnknown;
        if ((c.Sealed?.Refusal ?? NotAfter(c.BankOn, occasion)) is { } unfit) return unfit;
        if (c.Sealed?.Hash is not { } number) return CardRules.NumberMissing;
        if (card.Former.Contains(number)) return Decision<MemberEvent>.Nothing;
        if (number != card.NumberHash) return CardRules.NumberUnknown;
        if (card.Notices.Contains(new(c.Kind, c.BankOn)) || (card.Status, c.Kind) is (CardStatus.Cancelled, CardNotice.Cancelled)) return Decision<MemberEvent>.Nothing;
        if (card.Status == CardStatus.Cancelled) return CardRules.Cancelled;
        if (card.Notices.LastOrDefault() is { BankOn: var newest } && c.BankOn < newest) return CardRules.NoticeLate.With("bank", OccasionRules.Text(c.BankOn)).With("newest", OccasionRules.Text(newest));
        return OccasionRules.NotBefore(occasion, member.NewestOn) is { } refusal ? refusal : new MemberEvent.CardNoticed(c.Kind, c.BankOn, occasion.BusinessOn);
    }

    private static Refusal? NotAfter(DateOnly bankOn, Occasion occasion) =>
        bankOn <= occasion.BusinessOn ? null : CardRules.BankDateInFuture.With("bank", OccasionRules.Text(bankOn)).With("date", OccasionRules.Text(occasion.BusinessOn));

    private static Refusal? Fits(CardLineId line) => line.Batch.Stream.HasValidKey() && line.Line >= 1 ? null : CardRules.LineInvalid;

    private static EndedCardLine? Past(MemberCard card, CardLineId line) => card.Ended.FirstOrDefault(ended => ended.Of == line);

    private static Refusal OfLine(Refusal refusal, CardLineId line) => refusal.With("line", line.Line).With("batch", line.Batch);
}
