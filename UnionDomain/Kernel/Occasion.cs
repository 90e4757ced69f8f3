using System.Collections.Immutable;

namespace UnionDomain.Kernel;

/// <summary>Everything a rule may know beside the state and the command.</summary>
public sealed record Occasion
{
    /// <summary>The stream that decides.</summary>
    public required StreamId Self { get; init; }

    /// <summary>The date on which the matter happened, in Asia/Shanghai; the only date a rule may read.</summary>
    public required DateOnly BusinessOn { get; init; }

    /// <summary>Today in Asia/Shanghai; only the kernel compares it with <see cref="BusinessOn"/>.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The instant of the decision: recorded, never judged.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who gives the command.</summary>
    public required Operator Operator { get; init; }

    /// <summary>The reason given, if any.</summary>
    public string? Reason { get; init; }

    /// <summary>The reference of the document it rests on, if any.</summary>
    public string? DocumentRef { get; init; }

    /// <summary>The last day of the newest frozen period; nothing may be dated on or before it. None unless a period was frozen.</summary>
    public DateOnly? ClosedThrough { get; init; }

    /// <summary>What was gathered from other aggregates before the decision: advisory, it may be stale.</summary>
    public Knowledge Knowledge { get; init; } = Knowledge.None;

    /// <summary>For a command that undoes another one the <see cref="Past{TState, TEvent}"/> of that one; null when that one did nothing in this stream, and for every other command.</summary>
    public object? Past { get; init; }

    /// <summary>The rules in force on the business date.</summary>
    public RulePack Rules => RulePack.On(BusinessOn);
}

/// <summary>Views of other aggregates, gathered before a decision. They may be stale: an invariant never rests on them alone.</summary>
public sealed record Knowledge(IReadOnlyDictionary<StreamId, object> Views)
{
    /// <summary>Nothing was asked.</summary>
    public static readonly Knowledge None = new(ImmutableDictionary<StreamId, object>.Empty);

    /// <summary>The view of another aggregate, or null when it does not exist or was not asked for.</summary>
    public TView? Of<TView>(StreamId stream)
        where TView : class => Views.TryGetValue(stream, out var view) ? (TView)view : null;
}

/// <summary>What is refused before any room is asked.</summary>
public static class OccasionRules
{
    /// <summary>A key with characters that no identifier has.</summary>
    public static readonly Refusal KeyInvalid = new("stream.key-invalid",
        "An identifier has 1 to 64 characters of A–Z, a–z, 0–9, full stop, underscore and hyphen.", "编号须为1至64位字母、数字、点、下划线或连字符。");

    /// <summary>The longest reason or document reference, in UTF-16 units.</summary>
    public const int LongestNote = 500;

    /// <summary>An operator who is named by something else than a staff number or account.</summary>
    public static readonly Refusal OperatorInvalid = new("occasion.operator-invalid",
        "An operator and the operator's union are named by identifiers of 1 to 64 characters of A–Z, a–z, 0–9, full stop, underscore and hyphen.", "操作人及其所属工会须以1至64位字母、数字、点、下划线或连字符编号表示。");

    /// <summary>A date after today.</summary>
    public static readonly Refusal InFuture = new("occasion.in-future", "The business date {date} is after today.", "业务日期{date}晚于今日。");

    /// <summary>A date before today without the right to it.</summary>
    public static readonly Refusal BackdateNotAllowed = new("occasion.backdate-not-allowed",
        "The business date {date} is before today and the operator may not backdate.", "业务日期{date}早于今日，操作人无补录权限。");

    /// <summary>A date inside a frozen period.</summary>
    public static readonly Refusal PeriodClosed = new("occasion.period-closed",
        "The business date {date} lies in a period that is closed through {closed}.", "业务日期{date}所在期间已封账（截至{closed}）。");

    /// <summary>A date before something that is already recorded and dated.</summary>
    public static readonly Refusal BeforeFormer = new("occasion.before-former",
        "The business date {date} is before {former}, the newest date of this record.", "业务日期{date}早于本记录最近日期{former}。");

    /// <summary>A reason is asked for and none is given.</summary>
    public static readonly Refusal ReasonMissing = new("occasion.reason-missing", "This needs a reason.", "须填写原因。");

    /// <summary>A document is asked for and none is named.</summary>
    public static readonly Refusal DocumentMissing = new("occasion.document-missing", "This needs the reference of the document it rests on.", "须填写依据文号。");

    /// <summary>Refuses a business date before the newest date of the record: what is dated in a stream never runs backwards.</summary>
    public static Refusal? NotBefore(Occasion occasion, DateOnly? former) =>
        former is { } newest && occasion.BusinessOn < newest ? BeforeFormer.With("date", Text(occasion.BusinessOn)).With("former", Text(newest)) : null;

    /// <summary>Refuses a command without a reason.</summary>
    public static Refusal? NeedsReason(Occasion occasion) => string.IsNullOrWhiteSpace(occasion.Reason) ? ReasonMissing : null;

    /// <summary>Refuses a command without the reference of a document.</summary>
    public static Refusal? NeedsDocument(Occasion occasion) => string.IsNullOrWhiteSpace(occasion.DocumentRef) ? DocumentMissing : null;

    /// <summary>The rule the occasion breaks, or null.</summary>
    public static Refusal? Check(Occasion occasion)
    {
        if (!occasion.Self.HasValidKey()) return KeyInvalid;
        if (occasion.BusinessOn > occasion.Today) return InFuture.With("date", Text(occasion.BusinessOn));
        if (occasion.ClosedThrough is { } closed && occasion.BusinessOn <= closed)
            return PeriodClosed.With("date", Text(occasion.BusinessOn)).With("closed", Text(closed));
        if (occasion.BusinessOn < occasion.Today && !occasion.Operator.Rights.HasFlag(Rights.Backdate))
            return BackdateNotAllowed.With("date", Text(occasion.BusinessOn));
        if (!new StreamId("operator", occasion.Operator.Id).HasValidKey() || !occasion.Operator.Union.Stream.HasValidKey()) return OperatorInvalid;
        return Note("reason", occasion.Reason) ?? Note("documentRef", occasion.DocumentRef);
    }

    // A blank note is none; who needs one refuses that by name.
    private static Refusal? Note(string field, string? text) => string.IsNullOrWhiteSpace(text) ? null : TextRules.Check(field, text, LongestNote);

    internal static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
