using System.Collections.Immutable;
using System.Text.Json;
using UnionDomain.Employers;
using UnionDomain.Kernel;
using UnionDomain.Unions;

namespace UnionDomain.Members;

/// <summary>
/// A member (会员): one person, one stream, one membership. Who holds a document's number is a claim; what depends on the clock is read from dates.
/// </summary>
public abstract partial class Member : IAggregate<MemberState, MemberCommand, MemberEvent, MemberView>
{
    /// <summary>The kind of the claim on a document's number; its key is the number's <see cref="DocumentHash"/>.</summary>
    public const string DocumentClaim = "member-document";

    /// <summary>The kind of the claim on unit, name and phone of a record that has no valid number, and of the hash that is its key.</summary>
    public const string RollClaim = "member-roll";

    /// <summary>The kind of the hash of a document's kind and number, and the column that holds it.</summary>
    public const string DocumentHash = "document_hash";

    /// <summary>The kind of the hash of a name, and the column that holds it.</summary>
    public const string NameHash = "name_hash";

    /// <summary>The kind of the hash of a phone, and the column that holds it.</summary>
    public const string MobileHash = "mobile_hash";

    /// <inheritdoc/>
    public static string Kind => "member";

    /// <inheritdoc/>
    public static UnionId? Place(MemberEvent happened, StreamId self) => happened switch
    {
        MemberEvent.Applied e => e.Union,
        MemberEvent.Entered e => e.Union,
        MemberEvent.TransferAccepted e => e.To,
        MemberEvent.Retained e => e.At,
        MemberEvent.Reinstated e => e.Union,
        _ => null,
    };

    /// <inheritdoc/>
    public static MemberState Initial { get; } = new();

    /// <inheritdoc/>
    public static ImmutableArray<ReadModel> ReadModels { get; } = [MemberLine.Model, MemberLookLine.Model, CardLine.Model];

    /// <inheritdoc/>
    public static ImmutableArray<Measure> Measures { get; } =
        [MemberMeasures.Registered, MemberMeasures.Entered, MemberMeasures.Retained, MemberMeasures.UnitsEntered, MemberMeasures.CollectionRate, MemberMeasures.New,
        CardMeasures.Issued, CardMeasures.Produced, CardMeasures.Replaced];

    /// <inheritdoc/>
    public static MemberView View(MemberState state) => MemberView.Of(state);

    /// <inheritdoc/>
    public static bool IsPersonal(MemberCommand command) => command is MemberCommand.Apply or MemberCommand.Enter or MemberCommand.Collect
        or MemberCommand.RecordCardResult or MemberCommand.RecordCardNotice;

    /// <inheritdoc/>
    public static MemberCommand Seal(MemberCommand command, ISeal seal, DateOnly businessOn) => command switch
    {
        MemberCommand.Apply c => c with { Form = null, Sealed = SealedForm.Of(c.Form, seal, businessOn) },
        MemberCommand.Enter c => c with { Form = null, Sealed = SealedForm.Of(c.Form, seal, businessOn) },
        MemberCommand.Collect c => c with { Form = null, Sealed = SealedForm.Of(c.Form, seal, businessOn) },
        MemberCommand.RecordCardResult c => Sealed(c, seal),
        MemberCommand.RecordCardNotice c => c with { Number = null, Sealed = Sealed(c.Number, seal, keep: false) },
        _ => command,
    };

    /// <inheritdoc/>
    public static MemberCommand? Look(string purpose) => new MemberCommand.LookAt(purpose);

    /// <inheritdoc/>
    public static MemberView Open(MemberState state, ISeal seal) => MemberView.Of(state) with
    {
        Personal = state.Record.Sealed is { } closed ? JsonSerializer.Deserialize<MemberPersonal>(seal.Open(closed), UnionJson.Options) : null,
        CardPersonal = OpenCard(state.Card, seal),
    };

    /// <inheritdoc/>
    public static bool Erases(MemberEvent happened) => happened is MemberEvent.Erased;

    /// <inheritdoc/>
    public static Decision<MemberEvent> Decide(MemberState state, MemberCommand command, Occasion occasion) => command switch
    {
        _ when !Self(occasion).IsValid() => MemberRules.IdInvalid,
        MemberCommand.Erase => Erase(state, occasion),
        _ when state.ErasedOn is not null => MemberRules.Erased,
        MemberCommand.Apply c => Apply(state, c, occasion),
        MemberCommand.Enter c => Enter(state, c, occasion),
        MemberCommand.Undo c => Undo(state, c, occasion),
        _ when state.Status == MemberStatus.None => MemberRules.Unknown,
        MemberCommand.Admit => Admit(state, occasion),
        MemberCommand.Reject => Reject(state, occasion),
        MemberCommand.Collect c => Collect(state, c, occasion),
        MemberCommand.OfferTransfer c => OfferTransfer(state, c, occasion),
        MemberCommand.AcceptTransfer c => AcceptTransfer(state, c, occasion),
        MemberCommand.RefuseTransfer => RefuseTransfer(state, occasion),
        MemberCommand.RecallTransfer => RecallTransfer(state, occasion),
        MemberCommand.Retain c => Retain(state, c, occasion),
        MemberCommand.Reinstate c => Reinstate(state, c, occasion),
        MemberCommand.Withdraw => Withdraw(state, occasion),
        MemberCommand.Expel => Expel(state, occasion),
        MemberCommand.RecordDeath => RecordDeath(state, occasion),
        MemberCommand.RecordActivity => RecordActivity(state, occasion),
        MemberCommand.Educate c => Educate(state, c, occasion),
        MemberCommand.LookAt c => LookAt(state, c, occasion),
        _ => DecideCard(state, command, occasion),
    };

    /// <inheritdoc/>
    public static IEnumerable<StreamId> Needs(MemberState state, MemberCommand command) => command switch
    {
        MemberCommand.Apply c => Known(c.Union, c.Employer),
        MemberCommand.Enter c => Known(c.Union, c.Employer),
        MemberCommand.Admit => [state.Union.Stream],
        MemberCommand.Collect c => (c.Employer ?? state.Workplace.Employer) is { } unit ? [unit.Stream] : [],
        MemberCommand.OfferTransfer c => [state.Union.Stream, c.To.Stream],
        MemberCommand.AcceptTransfer c when state.Transfer is { } offer => Known(offer.To, c.Employer ?? offer.Employer),
        MemberCommand.RefuseTransfer when state.Transfer is { } offer => [offer.To.Stream],
        MemberCommand.RecallTransfer or MemberCommand.LookAt => [state.Union.Stream],
        MemberCommand.Retain { At: { } at } => [at.Stream],
        MemberCommand.Reinstate c => Known(c.Union, c.Employer),
        _ => [],
    };

    /// <inheritdoc/>
    public static MemberState Evolve(MemberState state, MemberEvent happened) => happened switch
    {
        MemberEvent.Applied e => state with
        {
            Id = e.Member,
            Status = MemberStatus.Applicant,
            Union = e.Union,
            Workplace = e.Workplace,
            Record = e.Record,
            AppliedBy = e.By,
            Transfer = null,
            TransferEnd = TransferEnd.None,
            Ground = null,
            EducatedUntil = null,
            LeftOn = null,
            UndoneOn = null,
            Card = state.Card with { Consent = null },
            NewestOn = e.On,
        },
        MemberEvent.Admitted e => state with { Status = MemberStatus.Active, BegunOn = e.BegunOn, LastActiveOn = e.On, NewestOn = e.On },
        MemberEvent.Rejected e => state with { Status = MemberStatus.Rejected, LeftOn = e.On, NewestOn = e.On },
        MemberEvent.Entered e => state with
        {
            Id = e.Member,
            Status = MemberStatus.Active,
            Union = e.Union,
            Workplace = e.Workplace,
            Record = e.Record,
            BegunOn = e.BegunOn,
            LeftOn = null,
            UndoneOn = null,
            NewestOn = e.On,
        },
        MemberEvent.Collected e => state with { Workplace = e.Workplace, Record = e.Record ?? state.Record, NewestOn = e.On },
        MemberEvent.TransferOffered e => state with { Transfer = e, TransferEnd = TransferEnd.None, NewestOn = e.On },
        MemberEvent.TransferAccepted e => state with { Union = e.To, Workplace = e.Workplace, Transfer = null, TransferEnd = TransferEnd.Accepted, NewestOn = e.On },
        MemberEvent.TransferRefused e => state with { Transfer = null, TransferEnd = TransferEnd.Refused, NewestOn = e.On },
        MemberEvent.TransferRecalled e => state with { Transfer = null, TransferEnd = TransferEnd.Recalled, NewestOn = e.On },
        MemberEvent.Retained e => state with { Status = MemberStatus.Retained, Union = e.At, Ground = e.Ground, Transfer = null, EducatedUntil = null, NewestOn = e.On },
        MemberEvent.Reinstated e => state with { Status = MemberStatus.Active, Union = e.Union, Workplace = e.Workplace, Ground = null, LastActiveOn = e.On, NewestOn = e.On },
        MemberEvent.Withdrawn e => Left(state, MemberStatus.Withdrawn, e.On),
        MemberEvent.Expelled e => Left(state, MemberStatus.Expelled, e.On),
        MemberEvent.Died e => Left(state, MemberStatus.Deceased, e.On),
        MemberEvent.ActivityRecorded e => state with { LastActiveOn = e.On, EducatedUntil = null, NewestOn = e.On },
        MemberEvent.Educated e => state with { EducatedUntil = e.Until, NewestOn = e.On },
        // A look changes nothing that is dated: what happened before it may still be recorded.
        MemberEvent.LookedAt e => state with { Looks = state.Looks.Add(e.Look) },
        MemberEvent.EntryUndone e => Initial with { Id = state.Id, Union = state.Union, Looks = state.Looks, UndoneOn = e.On },
        MemberEvent.SheetUndone e => state with { Workplace = e.Workplace, Record = e.Record ?? state.Record, NewestOn = e.FormerOn },
        MemberEvent.Erased e => state with { Record = state.Record.Erased(), Card = state.Card.Erased(), ErasedOn = e.On, NewestOn = e.On },
        _ => EvolveCard(state, happened),
    };

    /// <inheritdoc/>
    public static IEnumerable<Fact> Facts(MemberEvent happened, MemberState before, MemberState after)
    {
        if (Undid(happened) is not null) return FactsUndone(happened, before, after);
        if (after.NewestOn is not { } on) return [];
        var changes = MemberStocks.Changes(before, after, on);
        return happened switch
        {
            MemberEvent.Admitted { CountsAsNew: true } or MemberEvent.Entered { CountsAsNew: true } =>
                changes.Append(new(MemberMeasures.New, after.Union, 1) { On = after.BegunOn == on ? null : after.BegunOn }),
            MemberEvent.CardProduced =>
                changes.Append(new(before.Card.IsLive ? CardMeasures.Replaced : CardMeasures.Produced, after.Union, 1) { Subject = after.Workplace.Employer?.Value ?? "" }),
            _ => changes,
        };
    }

    /// <inheritdoc/>
    public static IEnumerable<ClaimChange> Claims(MemberEvent happened, MemberState before, MemberState after)
    {
        // The number of a card stays taken for ever: it is never given to anybody else, whatever becomes of the card.
        if (happened is MemberEvent.CardProduced card) yield return ClaimChange.Take(new(CardClaim, card.NumberHash), CardRules.NumberHeld);
        var (had, has) = (Held(before), Held(after));
        if (had == has) yield break;
        if (had is { } former) yield return ClaimChange.Release(former);
        if (has is { } key) yield return ClaimChange.Take(key, key.Kind == DocumentClaim ? MemberRules.DocumentHeld : MemberRules.RollHeld);
    }

    /// <inheritdoc/>
    public static IEnumerable<Row> Rows(MemberState before, MemberState after)
    {
        if (MemberLine.RowOf(after) is not { } row) yield break;
        // What is told of the card alone stands in a row of its own.
        if (before.Status == MemberStatus.None || before.HasCardConsent != after.HasCardConsent || !Equals(before with { Looks = after.Looks, Card = after.Card, NewestOn = after.NewestOn }, after)) yield return row;
        if (CardLine.RowOf(after) is { } card && !card.Equals(CardLine.RowOf(before))) yield return card;
        for (var look = before.Looks.Length; look < after.Looks.Length; look++) yield return MemberLookLine.RowOf(after, after.Looks[look]);
    }

    // Somebody rejected who never was a member leaves nothing behind that could stand in anybody's way.
    private static ClaimKey? Held(MemberState member) => member switch
    {
        { Status: MemberStatus.None } or { Status: MemberStatus.Rejected, BegunOn: null } => null,
        { Record.DocumentHash: { } document } => new(DocumentClaim, document),
        { Record.RollHash: { } roll } => new(RollClaim, roll),
        _ => null,
    };

    private static MemberState Left(MemberState member, MemberStatus status, DateOnly on) =>
        member with { Status = status, Transfer = null, Ground = null, EducatedUntil = null, LeftOn = on, Card = member.Card.Stopped(), NewestOn = on };

    private static StreamId[] Known(UnionId union, EmployerId? unit) => unit is { } employer ? [union.Stream, employer.Stream] : [union.Stream];

    private static MemberId Self(Occasion occasion) => new(occasion.Self.Key);

    private static Refusal Status(Refusal refusal, MemberState member, Occasion occasion) => refusal.With("status", member.StatusOn(occasion.BusinessOn));

    private static Refusal? Allow(bool allowed, Occasion occasion) => allowed ? null : MemberRules.RoleNotAllowed.With("role", occasion.Operator.Role);

    private static Refusal? ByUnion(Occasion occasion) => Allow(occasion.Operator.Role.IsPrimary() || occasion.Operator.Role.IsFederation(), occasion);

    // A primary union acts for its branches; a federation for everybody.
    private static Refusal? BySide(UnionId union, Occasion occasion)
    {
        if (occasion.Operator.Role.IsFederation()) return null;
        if (Allow(occasion.Operator.Role.IsPrimary(), occasion) is { } mayNot) return mayNot;
        return occasion.Operator.Union == union || occasion.Knowledge.Of<UnionView>(union.Stream)?.Parent == occasion.Operator.Union ? null : MemberRules.NotOwnUnion.With("union", union);
    }

    private static Refusal? Active(MemberState member, Occasion occasion) =>
        member.StatusOn(occasion.BusinessOn) == MemberStatus.Active ? OccasionRules.NotBefore(occasion, member.NewestOn) : Status(MemberRules.NotActive, member, occasion);

    private static Refusal? Standing(MemberState member, Occasion occasion) => member.StatusOn(occasion.BusinessOn) is MemberStatus.Active or MemberStatus.Retained
        ? OccasionRules.NotBefore(occasion, member.NewestOn)
        : Status(MemberRules.NotStanding, member, occasion);

    private static Refusal? HasMembers(UnionId union, Occasion occasion)
    {
        if (occasion.Knowledge.Of<UnionView>(union.Stream) is not { Status: not UnionStatus.None } view) return MemberRules.UnionUnknown.With("union", union);
        if (view.Level < UnionLevel.Primary) return MemberRules.WrongLevel.With("union", union).With("level", (int)view.Level);
        return IsActive(view, occasion) ? null : MemberRules.UnionNotActive.With("union", union).With("date", OccasionRules.Text(occasion.BusinessOn));
    }

    private static bool IsActive(UnionView view, Occasion occasion) => view.Status == UnionStatus.Active && view.EstablishedOn <= occasion.BusinessOn;

    private static Workplace WorksAt(EmployerId? employer, Occasion occasion)
    {
        if (employer is not { } unit) return new(null, Finding.Missing("employer", MemberRules.EmployerMissing));
        return occasion.Knowledge.Of<EmployerView>(unit.Stream) switch
        {
            null or { Status: EmployerStatus.None } => new(employer, Finding.Inaccurate("employer", MemberRules.EmployerUnknown)),
            { Status: EmployerStatus.Closed } => new(employer, Finding.Inaccurate("employer", MemberRules.EmployerClosed)),
            _ => new(employer),
        };
    }

    private static Decision<MemberEvent> Erase(MemberState member, Occasion occasion)
    {
        if (Allow(occasion.Operator.Role is Role.District or Role.Municipal, occasion) is { } mayNot) return mayNot;
        if (member is { Status: MemberStatus.None, UndoneOn: null }) return MemberRules.Unknown;
        if (member.ErasedOn is not null) return Decision<MemberEvent>.Nothing;
        if (member.StatusOn(occasion.BusinessOn) is MemberStatus.Applicant or MemberStatus.Active or MemberStatus.Retained) return Status(MemberRules.StillStanding, member, occasion);
        // Later the bank's answers could be neither kept nor counted.
        if (member.Card.IsLive || member.Card.Order == CardOrderStatus.SentToBank) return CardRules.StillOpen;
        return (OccasionRules.NeedsReason(occasion) ?? OccasionRules.NeedsDocument(occasion) ?? OccasionRules.NotBefore(occasion, member.NewestOn)) is { } refusal
            ? refusal
            : new MemberEvent.Erased(occasion.DocumentRef!, occasion.BusinessOn);
    }

    private static Decision<MemberEvent> LookAt(MemberState member, MemberCommand.LookAt c, Occasion occasion)
    {
        var role = occasion.Operator.Role;
        if (Allow(role is not (Role.Member or Role.Bank or Role.Statistics or Role.AwardingBody), occasion) is { } mayNot) return mayNot;
        if (role.IsPrimary() && BySide(member.Union, occasion) is { } foreign) return foreign;
        if (LookRules.Check(c.Purpose, MemberPurposes.All.Keys) is { } noPurpose) return noPurpose;
        return new MemberEvent.LookedAt(new(member.Looks.Length + 1, c.Purpose, occasion.Operator.Id, occasion.Operator.Union, member.Union, occasion.BusinessOn));
    }
}
