using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using UnionDomain.Kernel;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;

namespace UnionDomain.CardBatches;

/// <summary>Something wrong with a line of a bank's file.</summary>
/// <param name="Line">The line of the file, from 1; 0: the file as a whole.</param>
/// <param name="Rule">The rule; its sentences never repeat what stands in the file.</param>
public sealed record BankFileFinding(int Line, Refusal Rule);

/// <summary>What the bank says of one line of a batch. Personal.</summary>
/// <param name="Line">The line of the batch.</param>
/// <param name="Result">The result.</param>
/// <param name="BankOn">The bank's date.</param>
/// <param name="Number">The card's number; only of a produced card.</param>
/// <param name="Text">The bank's text; only beside <see cref="CardResult.Other"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BankReplyLine(int Line, CardResult Result, DateOnly BankOn, CardNumber? Number = null, string? Text = null)
{
    /// <summary>What the member on that line is told.</summary>
    public MemberCommand.RecordCardResult ToCommand(CardBatchId batch) => new(batch, Line, Result, BankOn, Number?.Value, Text);

    /// <summary>The line and its result, without number and text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Line} {Result}");
}

/// <summary>
/// The bank's reply to the file of a batch: <c>H|batch|yyyyMMdd</c>, <c>D|line|result|card number|yyyyMMdd</c>, <c>T|lines|produced|rejected</c>. It is taken as a whole or not at all.
/// </summary>
public sealed record BankReply
{
    /// <summary>The longest line, in UTF-16 units.</summary>
    public const int LongestLine = 300;

    /// <summary>The most findings told; a file full of them is wrong all the same.</summary>
    public const int MostFindings = 1_000;

    private BankReply() { }

    /// <summary>The batch.</summary>
    public required CardBatchId Batch { get; init; }

    /// <summary>The date of the reply.</summary>
    public required DateOnly RepliedOn { get; init; }

    /// <summary>The lines by number.</summary>
    public required ImmutableArray<BankReplyLine> Lines { get; init; }

    /// <summary>How many were produced.</summary>
    public required int Produced { get; init; }

    /// <summary>How many were rejected.</summary>
    public int Rejected => Lines.Length - Produced;

    /// <summary>What tells this reply from every other, in whatever order its lines stand. It says something about the numbers: keep it only as a keyed hash.</summary>
    public required string Digest { get; init; }

    /// <summary>The answer to a line; null when there is none.</summary>
    public BankReplyLine? Of(int line)
    {
        var at = Lines.BinarySearch(new(line, default, default), Comparer<BankReplyLine>.Create((left, right) => left.Line.CompareTo(right.Line)));
        return at < 0 ? null : Lines[at];
    }

    /// <summary>What the batch is told; it says whether it knows the lines, and whether any is missing.</summary>
    public CardBatchCommand.Reconcile ToCommand() => new(
        RepliedOn, [.. Lines.GroupBy(line => (line.Result, line.BankOn)).OrderBy(group => group.Key).Select(group => new CardResults(group.Key.Result, group.Key.BankOn, LineSet.Of(group.Select(line => line.Line))))], Digest);

    /// <summary>
    /// Reads a reply line by line; the file is never held as a whole. Anything malformed refuses all of it, and every such line is named (the first 1,000): see <see cref="BankFileRules"/>.
    /// Digits are plain ones; a number stands on one line only.
    /// </summary>
    /// <param name="file">The lines of the file, without their ends.</param>
    /// <param name="reply">The reply; null when anything is refused.</param>
    /// <param name="findings">What is refused; empty when nothing is.</param>
    public static bool TryRead(IEnumerable<string> file, [NotNullWhen(true)] out BankReply? reply, out ImmutableArray<BankFileFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new Reader().Read(file, out reply, out findings);
    }

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"{Batch} {RepliedOn:O} {Lines.Length}");
        return true;
    }

    private sealed class Reader
    {
        private readonly BankFileLines findings = new();
        private readonly List<BankReplyLine> lines = [];
        private readonly HashSet<int> numbers = [];
        private readonly HashSet<CardNumber> cards = [];
        private (CardBatchId Batch, DateOnly On)? header;
        private bool ended;

        public bool Read(IEnumerable<string> file, out BankReply? reply, out ImmutableArray<BankFileFinding> refused)
        {
            var most = RulePack.Current.MostCardLines + 2;
            var at = 0;
            foreach (var line in file)
            {
                if (++at > most)
                {
                    findings.Refuse(0, BankFileRules.TooManyLines.With("most", most));
                    break;
                }

                if (!findings.Fits(at, line)) continue;
                var columns = line.Split('|');
                if (at == 1) Header(columns);
                else if (ended) findings.Refuse(at, BankFileRules.AfterTrailer);
                else if (columns[0] == "T") Trailer(at, columns);
                else Line(at, columns);
            }

            if (at == 0) findings.Refuse(0, BankFileRules.Empty);
            else if (!ended && at <= most) findings.Refuse(at, BankFileRules.TrailerInvalid);
            refused = findings.Drain();
            reply = refused.IsEmpty ? Read() : null;
            return reply is not null;
        }

        private BankReply Read()
        {
            lines.Sort((left, right) => left.Line.CompareTo(right.Line));
            return new() { Batch = header!.Value.Batch, RepliedOn = header.Value.On, Lines = [.. lines], Produced = cards.Count, Digest = DigestOf() };
        }

        private string DigestOf()
        {
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Append(string.Create(CultureInfo.InvariantCulture, $"H|{header!.Value.Batch}|{header.Value.On:yyyyMMdd}"));
            foreach (var line in lines) Append(string.Create(CultureInfo.InvariantCulture, $"D|{line.Line}|{(int)line.Result:00}|{line.Number?.Value ?? line.Text}|{line.BankOn:yyyyMMdd}"));
            return Convert.ToHexStringLower(digest.GetHashAndReset());

            void Append(string line)
            {
                digest.AppendData(Encoding.UTF8.GetBytes(line));
                digest.AppendData("\n"u8);
            }
        }

        private void Header(string[] columns)
        {
            if (columns is ["H", { } batch, { } date] && new CardBatchId(batch).Stream.HasValidKey() && BankFileLines.Date(date) is { } on) header = (new(batch), on);
            else findings.Refuse(1, BankFileRules.HeaderInvalid);
        }

        private void Trailer(int at, string[] columns)
        {
            ended = true;
            if (columns is not ["T", { } all, { } made, { } not] || Count(all) is not { } total || Count(made) is not { } produced || Count(not) is not { } rejected)
            {
                findings.Refuse(at, BankFileRules.TrailerInvalid);
                return;
            }

            // Lines that cannot be read cannot be counted either; they are named already.
            if (findings.Any) return;
            if ((total, produced, rejected) != (lines.Count, cards.Count, lines.Count - cards.Count))
                findings.Refuse(at, BankFileRules.TotalsWrong.With("stated", $"{total}, {produced}, {rejected}").With("counted", $"{lines.Count}, {cards.Count}, {lines.Count - cards.Count}"));

            static int? Count(string digits) => BankFileLines.Number(digits) is { } count and >= 0 ? count : null;
        }

        private void Line(int at, string[] columns)
        {
            if (columns is not ["D", { } typedLine, { } code, { } told, { } date])
            {
                findings.Refuse(at, BankFileRules.LineInvalid);
                return;
            }

            var most = RulePack.Current.MostCardLines;
            var line = BankFileLines.Number(typedLine) is { } number && number >= 1 && number <= most ? number : 0;
            if (line == 0) findings.Refuse(at, BankFileRules.LineNumberInvalid.With("most", most));
            else if (!numbers.Add(line)) findings.Refuse(at, BankFileRules.LineRepeated.With("line", line));
            var on = BankFileLines.Date(date);
            if (on is null) findings.Refuse(at, BankFileRules.DateInvalid);
            else if (header is { } head && on > head.On) findings.Refuse(at, BankFileRules.DateAfterHeader);
            switch (code)
            {
                case "00":
                    if (BankFileLines.Card(told) is not { } card) findings.Refuse(at, BankFileRules.CardNumberInvalid);
                    else if (!cards.Add(card)) findings.Refuse(at, BankFileRules.CardNumberRepeated.With("line", line));
                    else lines.Add(new(line, CardResult.Produced, on ?? default, card));
                    break;
                case "01" or "02" or "03" or "04" or "05":
                    if (told.Length > 0) findings.Refuse(at, BankFileRules.CardNumberNotExpected);
                    else lines.Add(new(line, (CardResult)(code[1] - '0'), on ?? default));
                    break;
                case "99":
                    if (string.IsNullOrWhiteSpace(told) || told.Trim().Length > TextRules.Longest) findings.Refuse(at, BankFileRules.TextMissing.With("most", TextRules.Longest));
                    else lines.Add(new(line, CardResult.Other, on ?? default, Text: told.Trim()));
                    break;
                default:
                    findings.Refuse(at, BankFileRules.ResultUnknown);
                    break;
            }
        }
    }
}

/// <summary>What the lines of every file of the bank have in common.</summary>
internal sealed class BankFileLines
{
    private readonly ImmutableArray<BankFileFinding>.Builder findings = ImmutableArray.CreateBuilder<BankFileFinding>();

    public bool Any => findings.Count > 0;

    public void Refuse(int line, Refusal rule)
    {
        if (findings.Count < BankReply.MostFindings) findings.Add(new(line, rule));
    }

    public bool Fits(int at, string? line)
    {
        if (line is null || line.Length > BankReply.LongestLine)
        {
            Refuse(at, BankFileRules.LineTooLong.With("most", BankReply.LongestLine));
            return false;
        }

        foreach (var rune in line.EnumerateRunes())
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                Refuse(at, BankFileRules.BrokenCharacter);
                return false;
            }

        return true;
    }

    public ImmutableArray<BankFileFinding> Drain() => findings.DrainToImmutable();

    // Nothing is put right here: a file of a machine that needs it is not the file that was sent.
    public static int? Number(string digits) => Typed.IsDigits(digits) && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static DateOnly? Date(string digits) =>
        Typed.IsDigits(digits) && DateOnly.TryParseExact(digits, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    public static CardNumber? Card(string digits) => digits.Length == 16 && Typed.IsDigits(digits) && CardNumber.TryParse(digits, out var card, out _) ? card : null;
}
