using System.Collections.Immutable;
using System.Text.Json.Serialization;
using UnionDomain.Kernel;

namespace UnionDomain.CardBatches;

/// <summary>
/// What may be asked of a batch of cards. Every command is dated with its business date. Every command may be refused by <c>card-batch.role-not-allowed</c>, <c>card-batch.unknown</c> and,
/// where it changes something, <c>occasion.before-former</c>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(Open), "open"), JsonDerivedType(typeof(AddLines), "add-lines"), JsonDerivedType(typeof(VoidLines), "void-lines"), JsonDerivedType(typeof(Close), "close")]
[JsonDerivedType(typeof(ClearLines), "clear-lines"), JsonDerivedType(typeof(Export), "export"), JsonDerivedType(typeof(MarkSent), "mark-sent"), JsonDerivedType(typeof(Reconcile), "reconcile")]
[JsonDerivedType(typeof(TellLines), "tell-lines")]
public abstract record CardBatchCommand
{
    private CardBatchCommand() { }

    /// <summary>
    /// Opens a batch. By a district or municipal federation. Refused by <c>card-batch.opened-otherwise</c>, <c>number.out-of-range</c>, <c>card-batch.union-not-federation</c>,
    /// <c>card-batch.former-not-answered</c>.
    /// </summary>
    /// <param name="Union">The federation that applies with the bank, active on the business date.</param>
    /// <param name="Limit">Most lines, 1 to <see cref="RulePack.MostCardLines"/>.</param>
    /// <param name="Former">The batch whose rejected lines it repeats; the bank has answered that one. None unless given.</param>
    public sealed record Open(UnionId Union, int Limit, CardBatchId? Former = null) : CardBatchCommand;

    /// <summary>
    /// Gives each of these members the next line. A member has one line in a batch for ever: who stands in it is passed over, also on a void line. All of them or none. By a district or
    /// municipal federation. Refused by <c>card-batch.not-open</c>, <c>card-batch.too-many-at-once</c>, <c>card-batch.member-invalid</c>, <c>card-batch.full</c>.
    /// </summary>
    /// <param name="Members">The members, at most 10,000.</param>
    public sealed record AddLines(ImmutableArray<MemberId> Members) : CardBatchCommand
    {
        /// <summary>The most members of one command.</summary>
        public const int Most = 10_000;
    }

    /// <summary>
    /// The lines stand for nobody any more; their numbers are never given again. Needs a reason. Before the bank has the file (one that was made is void with them, and is made anew), or
    /// after its answer for lines whose members could not be told. By a district or municipal federation. Refused by <c>card-batch.lines-unknown</c>, <c>card-batch.sent</c>,
    /// <c>card-batch.lines-told</c>.
    /// </summary>
    /// <param name="Lines">The lines.</param>
    public sealed record VoidLines(LineSet Lines) : CardBatchCommand;

    /// <summary>Takes no more lines; a batch whose lines are all void is over with that. By a district or municipal federation. Refused by <c>card-batch.empty</c>.</summary>
    public sealed record Close : CardBatchCommand;

    /// <summary>
    /// The members of these lines let them go to the bank. By a district or municipal federation. Refused by <c>card-batch.lines-unknown</c>, <c>card-batch.lines-void</c>,
    /// <c>card-batch.not-closed</c>.
    /// </summary>
    /// <param name="Lines">The lines.</param>
    public sealed record ClearLines(LineSet Lines) : CardBatchCommand;

    /// <summary>
    /// The file is made; its date is the business date. Every line is cleared or void. By a district or municipal federation. Refused by <c>card-batch.not-closed</c>,
    /// <c>card-batch.lines-open</c>.
    /// </summary>
    public sealed record Export : CardBatchCommand;

    /// <summary>The file leaves for the bank: recorded before it does. By a district or municipal federation. Refused by <c>card-batch.not-exported</c>.</summary>
    public sealed record MarkSent : CardBatchCommand;

    /// <summary>
    /// The bank's answer to every line, as a whole or not at all; see <see cref="BankReply.ToCommand"/>. The same reply again changes nothing. By the bank. Refused by
    /// <c>card-batch.not-sent</c>, <c>card-batch.answered-otherwise</c>, <c>card-batch.lines-repeated</c>, <c>card-batch.lines-unknown</c>, <c>card-batch.lines-missing</c>,
    /// <c>card-batch.reply-dates</c>, <c>card.result-unknown</c>.
    /// </summary>
    /// <param name="RepliedOn">The date of the reply: not before the file was sent, not after the business date.</param>
    /// <param name="Results">The results; card numbers stand in none of them, they go to the members.</param>
    /// <param name="Digest">What tells this reply from every other, numbers included; kept as a keyed hash.</param>
    public sealed record Reconcile(DateOnly RepliedOn, ImmutableArray<CardResults> Results, string Digest) : CardBatchCommand
    {
        /// <summary>The keyed hash of the digest; never on the wire.</summary>
        [JsonIgnore]
        public string? ReplyHash { get; init; }
    }

    /// <summary>
    /// The members of these lines were told the result, or that the line is void. By a district or municipal federation or the bank. Refused by <c>card-batch.lines-unknown</c>,
    /// <c>card-batch.not-answered</c>.
    /// </summary>
    /// <param name="Lines">The lines.</param>
    public sealed record TellLines(LineSet Lines) : CardBatchCommand;
}
