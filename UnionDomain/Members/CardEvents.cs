using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <content>What happened to a member's card.</content>
[JsonDerivedType(typeof(CardConsentGiven), "card-consent-given"), JsonDerivedType(typeof(CardConsentWithdrawn), "card-consent-withdrawn")]
[JsonDerivedType(typeof(CardApplied), "card-applied"), JsonDerivedType(typeof(CardDataChecked), "card-data-checked"), JsonDerivedType(typeof(CardDataRejected), "card-data-rejected")]
[JsonDerivedType(typeof(CardBatched), "card-batched"), JsonDerivedType(typeof(CardSent), "card-sent"), JsonDerivedType(typeof(CardLineReleased), "card-line-released")]
[JsonDerivedType(typeof(CardBankRejected), "card-bank-rejected"), JsonDerivedType(typeof(CardProduced), "card-produced"), JsonDerivedType(typeof(CardDelivered), "card-delivered")]
[JsonDerivedType(typeof(CardNoticed), "card-noticed")]
public abstract partial record MemberEvent
{
    /// <summary>The person agreed to a card.</summary>
    public sealed record CardConsentGiven(DateOnly On) : MemberEvent;

    /// <summary>The person agrees to no card any more; an application that the bank does not have yet is over.</summary>
    public sealed record CardConsentWithdrawn(DateOnly On) : MemberEvent;

    /// <summary>A card, or one in place of a lost one, was applied for by the account <paramref name="By"/>.</summary>
    public sealed record CardApplied(string By, DateOnly On) : MemberEvent;

    /// <summary>The data were checked.</summary>
    public sealed record CardDataChecked(DateOnly On) : MemberEvent;

    /// <summary>The data were found wrong.</summary>
    public sealed record CardDataRejected(DateOnly On) : MemberEvent;

    /// <summary>The application holds a line of a batch.</summary>
    public sealed record CardBatched(CardBatchId Batch, int Line, DateOnly On) : MemberEvent;

    /// <summary>The application goes to the bank with its batch.</summary>
    public sealed record CardSent(CardBatchId Batch, int Line, DateOnly On) : MemberEvent;

    /// <summary>The line is void; the application, if it held it, may stand in another batch.</summary>
    public sealed record CardLineReleased(CardBatchId Batch, int Line, DateOnly On) : MemberEvent;

    /// <summary>The bank made no card on <paramref name="BankOn"/>; its text, if any, is sealed.</summary>
    public sealed record CardBankRejected(CardBatchId Batch, int Line, CardResult Result, [property: Personal] string? Sealed, DateOnly BankOn, DateOnly On) : MemberEvent;

    /// <summary>The bank produced a card on <paramref name="BankOn"/>; a former one is replaced.</summary>
    public sealed record CardProduced(CardBatchId Batch, int Line, [property: Personal] string NumberHash, [property: Personal] string NumberMask, [property: Personal] string Sealed, DateOnly BankOn, DateOnly On) : MemberEvent;

    /// <summary>The card was handed over.</summary>
    public sealed record CardDelivered(DateOnly On) : MemberEvent;

    /// <summary>The bank told something of the present card.</summary>
    public sealed record CardNoticed(CardNotice Kind, DateOnly BankOn, DateOnly On) : MemberEvent;
}
