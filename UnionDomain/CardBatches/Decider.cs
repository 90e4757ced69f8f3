using System.Collections.Immutable;
using System.Diagnostics;
using UnionDomain.Kernel;
using UnionDomain.Members;
using UnionDomain.Unions;

namespace UnionDomain.CardBatches;

/// <summary>
/// A batch of Jing Cards for the bank (制卡批次). It owns the numbers of its lines; whether a member stands on one is the member's own decision
/// (<see cref="MemberCommand.TakeCardLine"/>), so no member is ever in two batches. <see cref="CardWork"/> says what follows at every point.
/// </summary>
public abstract class CardBatch : IAggregate<CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchView>
{
    /// <summary>The kind of the hash of a bank's reply.</summary>
    public const string ReplyHash = "card_reply";

    /// <inheritdoc/>
    public static string Kind => "card-batch";

    /// <inheritdoc/>
    public static UnionId? Place(CardBatchEvent happened, StreamId self) => (happened as CardBatchEvent.Opened)?.Union;

    /// <inheritdoc/>
    public static CardBatchState Initial { get; } = new();

    /// <inheritdoc/>
    public static ImmutableArray<ReadModel> ReadModels { get; } = [CardBatchLine.Model, CardBatchMemberLine.Model];

    /// <inheritdoc/>
    public static CardBatchView View(CardBatchState state) => CardBatchView.Of(state);

    // Whoever knows the hash of a reply of one line could try every number: it is keyed.
    /// <inheritdoc/>
    public static bool IsPersonal(CardBatchCommand command) => command is CardBatchCommand.Reconcile;

    /// <inheritdoc/>
    public static CardBatchCommand Seal(CardBatchCommand command, ISeal seal, DateOnly businessOn) => command switch
    {
        CardBatchCommand.Reconcile c => c with { Digest = "", ReplyHash = seal.Hash(ReplyHash, c.Digest ?? "") },
        _ => command,
    };

    /// <inheritdoc/>
    public static Decision<CardBatchEvent> Decide(CardBatchState state, CardBatchCommand command, Occasion occasion) => command switch
    {
        CardBatchCommand.Open c => Open(state, c, occasion),
        _ when state.Status == CardBatchStatus.None => CardBatchRules.Unknown,
        CardBatchCommand.AddLines c => AddLines(state, c, occasion),
        CardBatchCommand.VoidLines c => VoidLines(state, c, occasion),
        CardBatchCommand.Close => Close(state, occasion),
        CardBatchCommand.ClearLines c => ClearLines(state, c, occasion),
        CardBatchCommand.Export => Export(state, occasion),
        CardBatchCommand.MarkSent => MarkSent(state, occasion),
        CardBatchCommand.Reconcile c => Reconcile(state, c, occasion),
        CardBatchCommand.TellLines c => TellLines(state, c, occasion),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc/>
    public static IEnumerable<StreamId> Needs(CardBatchState state, CardBatchCommand command) =>
        command is CardBatchCommand.Open c ? c.Former is { } former ? [c.Union.Stream, former.Stream] : [c.Union.Stream] : [];

    /// <inheritdoc/>
    public static CardBatchState Evolve(CardBatchState state, CardBatchEvent happened) => happened switch
    {
        CardBatchEvent.Opened e => state with { Id = e.Batch, Status = CardBatchStatus.Open, Union = e.Union, Limit = e.Limit, Former = e.Former, NewestOn = e.On },
        CardBatchEvent.LinesAdded e => state with { Members = state.Members.AddRange(e.Members), NewestOn = e.On },
        CardBatchEvent.LinesVoided e => Voided(state with { Void = state.Void.With(e.Lines), Cleared = state.Cleared.Without(e.Lines), NewestOn = e.On }),
        CardBatchEvent.Closed e => Voided(state with { Status = CardBatchStatus.Closed, NewestOn = e.On }),
        CardBatchEvent.LinesCleared e => state with { Cleared = state.Cleared.With(e.Lines), NewestOn = e.On },
        CardBatchEvent.Exported e => state with { Status = CardBatchStatus.Exported, ExportedOn = e.On, NewestOn = e.On },
        CardBatchEvent.Sent e => state with { Status = CardBatchStatus.Sent, SentOn = e.On, NewestOn = e.On },
        CardBatchEvent.Reconciled e => state with { Status = CardBatchStatus.Reconciled, Results = e.Results, ReplyHash = e.ReplyHash, RepliedOn = e.RepliedOn, NewestOn = e.On },
        CardBatchEvent.LinesTold e => Settled(state with { Told = state.Told.With(e.Lines), NewestOn = e.On }),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc/>
    public static IEnumerable<Row> Rows(CardBatchState before, CardBatchState after)
    {
        if (CardBatchLine.RowOf(after) is not { } row) yield break;
        if (!row.Equals(CardBatchLine.RowOf(before))) yield return row;
        for (var line = before.Members.Length + 1; line <= after.Members.Length; line++) yield return CardBatchMemberLine.RowOf(after, line);
    }

    private static CardBatchState Voided(CardBatchState batch) => batch.Status switch
    {
        CardBatchStatus.Closed or CardBatchStatus.Exported when batch.Live.IsEmpty => batch with { Status = CardBatchStatus.Void, ExportedOn = null },
        CardBatchStatus.Exported => batch with { Status = CardBatchStatus.Closed, ExportedOn = null },
        _ => batch,
    };

    private static CardBatchState Settled(CardBatchState batch) => batch is { Status: CardBatchStatus.Reconciled, Untold.IsEmpty: true } ? batch with { Status = CardBatchStatus.Settled } : batch;

    private static Decision<CardBatchEvent> Open(CardBatchState batch, CardBatchCommand.Open c, Occasion occasion)
    {
        if (ByDistrict(occasion) is { } mayNot) return mayNot;
        if (batch.Status != CardBatchStatus.None) return (batch.Union, batch.Limit, batch.Former) == (c.Union, c.Limit, c.Former) ? Decision<CardBatchEvent>.Nothing : CardBatchRules.OpenedOtherwise;
        if (NumberRules.Check("limit", c.Limit, 1, occasion.Rules.MostCardLines) is { } beyond) return beyond;
        if (occasion.Knowledge.Of<UnionView>(c.Union.Stream) is not { Status: UnionStatus.Active, Level: < UnionLevel.Primary } union || !(union.EstablishedOn <= occasion.BusinessOn))
            return CardBatchRules.UnionNotFederation.With("union", c.Union).With("date", OccasionRules.Text(occasion.BusinessOn));
        if (c.Former is { } former && occasion.Knowledge.Of<CardBatchView>(former.Stream) is not { Status: CardBatchStatus.Reconciled or CardBatchStatus.Settled })
            return CardBatchRules.FormerNotAnswered.With("former", former);
        return new CardBatchEvent.Opened(new(occasion.Self.Key), c.Union, c.Limit, c.Former, occasion.BusinessOn);
    }

    private static Decision<CardBatchEvent> AddLines(CardBatchState batch, CardBatchCommand.AddLines c, Occasion occasion)
    {
        if (ByDistrict(occasion) is { } mayNot) return mayNot;
        var asked = c.Members.IsDefault ? [] : c.Members;
        if (asked.Length > CardBatchCommand.AddLines.Most) return CardBatchRules.TooManyAtOnce.With("count", asked.Length).With("most", CardBatchCommand.AddLines.Most);
        if (!asked.All(member => member.IsValid())) return CardBatchRules.MemberInvalid;
        var known = batch.Members.ToHashSet();
        var added = asked.Where(known.Add).ToImmutableArray();
        if (added.IsEmpty) return Decision<CardBatchEvent>.Nothing;
        if (batch.Status != CardBatchStatus.Open) return CardBatchRules.NotOpen.With("status", batch.Status);
        var room = batch.Limit - batch.Members.Length;
        if (added.Length > room) return CardBatchRules.Full.With("room", room).With("limit", batch.Limit).With("count", added.Length);
        return OccasionRules.NotBefore(occasion, batch.NewestOn) is { } refusal ? refusal : new CardBatchEvent.LinesAdded(batch.Members.Length + 1, added, occasion.BusinessOn);
    }

    private static Decision<CardBatchEvent> VoidLines(CardBatchState batch, CardBatchCommand.VoidLines c, Occasion occasion)
    {
        if ((ByDistrict(occasion) ?? OccasionRules.NeedsReason(occasion) ?? Known(batch, c.Lines)) is { } mayNot) return mayNot;
        var lines = c.Lines.Without(batch.Void);
        if (lines.IsEmpty) return Decision<CardBatchEvent>.Nothing;
        if (batch.Status == CardBatchStatus.Sent) return CardBatchRules.Sent;
        if (lines.And(batch.Told) is { IsEmpty: false } told) return CardBatchRules.LinesTold.With("lines", told);
        return OccasionRules.NotBefore(occasion, batch.NewestOn) is { } refusal ? refusal : new CardBatchEvent.LinesVoided(lines, occasion.BusinessOn);
    }

    private static Decision<CardBatchEvent> Close(CardBatchState batch, Occasion occasion)
    {
        if (ByDistrict(occasion) is { } mayNot) return mayNot;
        if (batch.Status != CardBatchStatus.Open) return Decision<CardBatchEvent>.Nothing;
        if (batch.Members.IsEmpty) return CardBatchRules.Empty;
        return OccasionRules.NotBefore(occasion, batch.NewestOn) is { } refusal ? refusal : new CardBatchEvent.Closed(occasion.BusinessOn);
    }

    private static Decision<CardBatchEvent> ClearLines(CardBatchState batch, CardBatchCommand.ClearLines c, Occasion occasion)
    {
        if ((ByDistrict(occasion) ?? Live(batch, c.Lines)) is { } mayNot) return mayNot;
        var lines = c.Lines.Without(batch.Cleared);
        if (lines.IsEmpty) return Decision<CardBatchEvent>.Nothing;
        if (batch.Status != CardBatchStatus.Closed) return CardBatchRules.NotClosed.With("status", batch.Status);
        return OccasionRules.NotBefore(occasion, batch.NewestOn) is { } refusal ? refusal : new CardBatchEvent.LinesCleared(lines, occasion.BusinessOn);
    }

    private static Decision<CardBatchEvent> Export(CardBatchState batch, Occasion occasion)
    {
        if (ByDistrict(occasion) is { } mayNot) return mayNot;
        if (batch.Status is CardBatchStatus.Open or CardBatchStatus.Void) return CardBatchRules.NotClosed.With("status", batch.Status);
        if (batch.Status != CardBatchStatus.Closed) return Decision<CardBatchEvent>.Nothing;
        if (batch.Open is { IsEmpty: false } open) return CardBatchRules.LinesOpen.With("lines", open);
        return OccasionRules.NotBefore(occasion, batch.NewestOn) is { } refusal ? refusal : new CardBatchEvent.Exported(batch.Live.Count, occasion.BusinessOn);
    }

    private static Decision<CardBatchEvent> MarkSent(CardBatchState batch, Occasion occasion)
    {
        if (ByDistrict(occasion) is { } mayNot) return mayNot;
        if (batch.Status is CardBatchStatus.Sent or CardBatchStatus.Reconciled or CardBatchStatus.Settled) return Decision<CardBatchEvent>.Nothing;
        if (batch.Status != CardBatchStatus.Exported) return CardBatchRules.NotExported.With("status", batch.Status);
        return OccasionRules.NotBefore(occasion, batch.NewestOn) is { } refusal ? refusal : new CardBatchEvent.Sent(occasion.BusinessOn);
    }

    private static Decision<CardBatchEvent> Reconcile(CardBatchState batch, CardBatchCommand.Reconcile c, Occasion occasion)
    {
        if (Allow(occasion.Operator.Role == Role.Bank, occasion) is { } mayNot) return mayNot;
        if (batch.ReplyHash is { } former) return former == c.ReplyHash ? Decision<CardBatchEvent>.Nothing : CardBatchRules.AnsweredOtherwise;
        if (batch.Status != CardBatchStatus.Sent) return CardBatchRules.NotSent.With("status", batch.Status);
        var results = c.Results.IsDefault ? [] : c.Results;
        if (!results.All(result => Enum.IsDefined(result.Result))) return CardRules.ResultUnknown;
        var (answered, repeated) = (LineSet.Empty, LineSet.Empty);
        foreach (var result in results) (answered, repeated) = (answered.With(result.Lines), repeated.With(answered.And(result.Lines)));
        if (answered.Without(batch.Live) is { IsEmpty: false } unknown) return CardBatchRules.LinesUnknown.With("lines", unknown);
        if (!repeated.IsEmpty) return CardBatchRules.LinesRepeated.With("lines", repeated);
        if (batch.Live.Without(answered) is { IsEmpty: false } missing) return CardBatchRules.LinesMissing.With("lines", missing);
        if (c.RepliedOn < batch.SentOn || c.RepliedOn > occasion.BusinessOn || results.Any(result => result.BankOn > c.RepliedOn))
            return CardBatchRules.ReplyDates.With("replied", OccasionRules.Text(c.RepliedOn)).With("sent", OccasionRules.Text(batch.SentOn!.Value)).With("date", OccasionRules.Text(occasion.BusinessOn));
        return OccasionRules.NotBefore(occasion, batch.NewestOn) is { } refusal ? refusal : new CardBatchEvent.Reconciled(c.RepliedOn, results, c.ReplyHash ?? "", occasion.BusinessOn);
    }

    private static Decision<CardBatchEvent> TellLines(CardBatchState batch, CardBatchCommand.TellLines c, Occasion occasion)
    {
        if ((Allow(occasion.Operator.Role is Role.District or Role.Municipal or Role.Bank, occasion) ?? Known(batch, c.Lines)) is { } mayNot) return mayNot;
        var lines = c.Lines.Without(batch.Told);
        if (lines.IsEmpty) return Decision<CardBatchEvent>.Nothing;
        if (lines.Without(batch.Untold) is { IsEmpty: false } early) return CardBatchRules.NotAnswered.With("lines", early);
        return OccasionRules.NotBefore(occasion, batch.NewestOn) is { } refusal ? refusal : new CardBatchEvent.LinesTold(lines, occasion.BusinessOn);
    }

    private static Refusal? Known(CardBatchState batch, LineSet lines) => lines.Without(LineSet.To(batch.Members.Length)) is { IsEmpty: false } unknown ? CardBatchRules.LinesUnknown.With("lines", unknown) : null;

    private static Refusal? Live(CardBatchState batch, LineSet lines) =>
        Known(batch, lines) ?? (lines.And(batch.Void) is { IsEmpty: false } voided ? CardBatchRules.LinesVoid.With("lines", voided) : null);

    private static Refusal? Allow(bool allowed, Occasion occasion) => allowed ? null : CardBatchRules.RoleNotAllowed.With("role", occasion.Operator.Role);

    private static Refusal? ByDistrict(Occasion occasion) => Allow(occasion.Operator.Role is Role.District or Role.Municipal, occasion);
}
