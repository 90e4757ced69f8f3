using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using UnionDomain.Kernel;
using UnionDomain.Members;

namespace UnionDomain.CardBatches;

/// <summary>What the batch is to be told of a line once its member has answered.</summary>
public enum CardAnswer
{
    /// <summary>Nothing.</summary>
    Nothing = 0,

    /// <summary>The member lets the line go: <see cref="CardBatchCommand.ClearLines"/>.</summary>
    Clear = 1,

    /// <summary>The line stands for nobody: <see cref="CardBatchCommand.VoidLines"/>.</summary>
    Void = 2,

    /// <summary>The member knows: <see cref="CardBatchCommand.TellLines"/>.</summary>
    Tell = 3,

    /// <summary>Somebody must look: the date or the role was wrong, or the bank's result cannot be the member's. The line stays on the list.</summary>
    Wait = 4,
}

/// <summary>
/// The work between a batch and its members, as plain rules for whoever drives it: an application, or a worker in a silo. It has no state of its own. At every point the batch's view and the list of
/// its lines say what comes next, every command may be given again, and two drivers at once do no harm.
/// <list type="number">
/// <item>The batch is opened and gives members lines (<c>add-lines</c>). A member takes the line (<c>take-card-line</c>) or refuses, and then it is void: nobody stands in two batches.</item>
/// <item>The batch is closed. Each member takes the line if it has not yet, and lets it go to the bank (<c>send-card-line</c>): the last moment at which consent and record count. Accepted, the batch
/// clears the line (<c>clear-lines</c>); refused, it is void (<c>void-lines</c>).</item>
/// <item>When no line is open, the file is made (<c>export</c>; <see cref="BankOrder"/>). That it leaves is recorded first (<c>mark-sent</c>), then it is handed over, the same file as often as need be:
/// what may be at the bank is never void here.</item>
/// <item>The bank's reply (<see cref="BankReply"/>) is taken by the batch as a whole (<c>reconcile</c>), and only then are members told (<c>record-card-result</c>), each from the same reply; the batch
/// keeps who was told (<c>tell-lines</c>), so that work that was cut off goes on where it was.</item>
/// <item>At any time the member on a void line is told so (<c>release-card-line</c>), and may stand in another batch.</item>
/// </list>
/// What each aggregate decides alone: the batch its numbers, its limit and whether a reply fits; the member the one line, the one card, the one result of a line; the claim on the number that no two
/// members have it. So whichever command is lost, late or repeated, no member gets two cards, no number is used twice, and a line without a member is void.
/// </summary>
public static class CardWork
{
    /// <summary>
    /// The id of a command that follows from a batch: always the same for the same step of the same line, so that a repeat is known as one. A UUID of version 8 (SHA-256).
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="step">The pinned name of the command.</param>
    /// <param name="line">The line; for a command to the batch what tells it from others of that step, for example its first line.</param>
    public static Guid CommandId(CardBatchId batch, string step, int line)
    {
        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{batch.Stream} {step} {line}")), id);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new(id[..16], bigEndian: true);
    }

    /// <summary>The lines whose members have something to be asked or told.</summary>
    public static LineSet Due(CardBatchView batch) => batch.Status switch
    {
        CardBatchStatus.Open or CardBatchStatus.Closed => batch.Open.With(batch.Untold),
        _ => batch.Untold,
    };

    /// <summary>What the member on a line is asked or told next, in this order; each only once the one before it is accepted. Nothing for a line that is not due, or whose answer is not at hand.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="line">The line.</param>
    /// <param name="reply">The bank's reply, once the batch has taken it.</param>
    public static ImmutableArray<MemberCommand> Ask(CardBatchView batch, int line, BankReply? reply = null)
    {
        if (!IsDue(batch, line)) return [];
        if (batch.Void.Contains(line)) return [new MemberCommand.ReleaseCardLine(batch.Id, line)];
        return batch.Status switch
        {
            CardBatchStatus.Open => [new MemberCommand.TakeCardLine(batch.Id, line, batch.Former)],
            CardBatchStatus.Closed => [new MemberCommand.TakeCardLine(batch.Id, line, batch.Former), new MemberCommand.SendCardLine(batch.Id, line)],
            _ => reply?.Of(line) is { } answer ? [answer.ToCommand(batch.Id)] : [],
        };
    }

    // Asked for every line: the set of all of them is not made anew each time.
    private static bool IsDue(CardBatchView batch, int line) =>
        batch.Untold.Contains(line) || (batch.Status is CardBatchStatus.Open or CardBatchStatus.Closed && batch.Open.Contains(line));

    /// <summary>What the batch is told of a line, by the last answer of its member.</summary>
    /// <param name="asked">The command that was answered last.</param>
    /// <param name="refusal">Why it was refused; null: accepted.</param>
    public static CardAnswer Heard(MemberCommand asked, Refusal? refusal) => asked switch
    {
        // A line is given up for what the member is, never for how somebody asked.
        _ when refusal is not null && (refusal.Code.StartsWith("occasion.", StringComparison.Ordinal) || refusal.Code == MemberRules.RoleNotAllowed.Code) => CardAnswer.Wait,
        MemberCommand.TakeCardLine => refusal is null ? CardAnswer.Nothing : CardAnswer.Void,
        MemberCommand.SendCardLine => refusal is null ? CardAnswer.Clear : CardAnswer.Void,
        // A void line of somebody whose record is gone, or whom the bank has answered, has nothing left to be released.
        MemberCommand.ReleaseCardLine => CardAnswer.Tell,
        MemberCommand.RecordCardResult => refusal is null ? CardAnswer.Tell : CardAnswer.Wait,
        _ => CardAnswer.Nothing,
    };
}
