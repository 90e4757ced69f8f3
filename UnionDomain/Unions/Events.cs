using System.Collections.Immutable;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.Unions;

/// <summary>What happened to a union. Storage format: names and meanings are for ever.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(FederationSetUp), "federation-set-up"), JsonDerivedType(typeof(Applied), "applied"), JsonDerivedType(typeof(Verified), "verified")]
[JsonDerivedType(typeof(Approved), "approved"), JsonDerivedType(typeof(Returned), "returned"), JsonDerivedType(typeof(Rejected), "rejected")]
[JsonDerivedType(typeof(ElectionHeld), "election-held"), JsonDerivedType(typeof(ResultApproved), "result-approved"), JsonDerivedType(typeof(Completed), "completed")]
[JsonDerivedType(typeof(Renamed), "renamed"), JsonDerivedType(typeof(Moved), "moved"), JsonDerivedType(typeof(Closed), "closed"), JsonDerivedType(typeof(SplitOff), "split-off")]
[JsonDerivedType(typeof(MergerAccepted), "merger-accepted"), JsonDerivedType(typeof(MergerDeclined), "merger-declined"), JsonDerivedType(typeof(MergerWithdrawn), "merger-withdrawn")]
[JsonDerivedType(typeof(Merged), "merged"), JsonDerivedType(typeof(MergerCompleted), "merger-completed")]
[JsonDerivedType(typeof(TakenOver), "taken-over"), JsonDerivedType(typeof(TermChanged), "term-changed"), JsonDerivedType(typeof(ChairNamed), "chair-named")]
[JsonDerivedType(typeof(ChairLookedAt), "chair-looked-at"), JsonDerivedType(typeof(TakeOverUndone), "take-over-undone"), JsonDerivedType(typeof(RecordUndone), "record-undone")]
public abstract record UnionEvent
{
    private UnionEvent() { }

    /// <summary>A federation was set up and is active.</summary>
    public sealed record FederationSetUp(UnionId Union, string Name, UnionLevel Level, UnionKind Kind, UnionId? Upper, int TermYears, DateOnly On) : UnionEvent;

    /// <summary>An application was submitted by the operator <paramref name="By"/>.</summary>
    public sealed record Applied(
        UnionId Union, string Name, UnionLevel Level, UnionKind Kind, UnionId Upper, UnionLevel UpperLevel, ImmutableArray<EmployerId> Employers, int Employees, int Members,
        int TermYears, UnionId? SplitFrom, string By, DateOnly On) : UnionEvent;

    /// <summary>Employees and members were counted.</summary>
    public sealed record Verified(int Employees, int Members, DateOnly On) : UnionEvent;

    /// <summary>The establishment was approved.</summary>
    public sealed record Approved(DateOnly On) : UnionEvent;

    /// <summary>The application was given back.</summary>
    public sealed record Returned(DateOnly On) : UnionEvent;

    /// <summary>The application was rejected.</summary>
    public sealed record Rejected(DateOnly On) : UnionEvent;

    /// <summary>The founding election was held.</summary>
    public sealed record ElectionHeld(int Due, int Present, int Elected, DateOnly On) : UnionEvent;

    /// <summary>The election's result was approved.</summary>
    public sealed record ResultApproved(DateOnly On) : UnionEvent;

    /// <summary>The establishment was completed; the union is active.</summary>
    public sealed record Completed(DateOnly On) : UnionEvent;

    /// <summary>The union has another name.</summary>
    public sealed record Renamed(string Name) : UnionEvent;

    /// <summary>The union stands under another one.</summary>
    public sealed record Moved(UnionId Parent, DateOnly On) : UnionEvent;

    /// <summary>The union was closed.</summary>
    public sealed record Closed(ClosingReason Why, string DocumentRef, DateOnly On) : UnionEvent;

    /// <summary>A union was split off with these units.</summary>
    public sealed record SplitOff(UnionId Into, ImmutableArray<EmployerId> Employers, string DocumentRef, DateOnly On) : UnionEvent;

    /// <summary>The union is ready to take in another one; acceptances of one source are numbered from 1.</summary>
    public sealed record MergerAccepted(UnionId Source, int Number, DateOnly On) : UnionEvent;

    /// <summary>The union will not use that acceptance.</summary>
    public sealed record MergerDeclined(UnionId Target, int Number, DateOnly On) : UnionEvent;

    /// <summary>A declined acceptance was taken back.</summary>
    public sealed record MergerWithdrawn(UnionId Source, DateOnly On) : UnionEvent;

    /// <summary>The union was merged into another one.</summary>
    public sealed record Merged(UnionId Target, string DocumentRef, DateOnly On) : UnionEvent;

    /// <summary>The merger of another union into this one is done.</summary>
    public sealed record MergerCompleted(UnionId Source, DateOnly On) : UnionEvent;

    /// <summary>A union that existed already came onto the roll; <paramref name="UnderSince"/> is its first day under the upper union, null at the root.</summary>
    public sealed record TakenOver(
        UnionId Union, string Name, UnionLevel Level, UnionKind Kind, UnionId? Upper, int TermYears, DateOnly FoundedOn, DateOnly? UnderSince, DateOnly On) : UnionEvent;

    /// <summary>Its committee has another term.</summary>
    public sealed record TermChanged(int TermYears) : UnionEvent;

    /// <summary>Its chair was named.</summary>
    public sealed record ChairNamed(SealedContact Chair) : UnionEvent;

    /// <summary>Somebody looked at the chair's name.</summary>
    public sealed record ChairLookedAt(string Purpose, DateOnly On) : UnionEvent;

    /// <summary>A union is off the roll again, as if it had never come onto it. <paramref name="Command"/> is the one that had brought it there.</summary>
    public sealed record TakeOverUndone(Guid Command, DateOnly On) : UnionEvent;

    /// <summary>What the command <paramref name="Command"/> had brought up to date was undone: the former name, term and chair stand again.</summary>
    public sealed record RecordUndone(Guid Command, string Name, int TermYears, SealedContact? Chair, DateOnly On) : UnionEvent;
}
