using System.Collections.Immutable;
using UnionDomain.Kernel.Identifiers;
using UnionDomain.Members;

namespace UnionDomain.CardBatches;

/// <summary>What the bank tells of one card. Personal.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Number">The card's number.</param>
/// <param name="BankOn">The bank's date.</param>
public readonly record struct BankNotice(CardNotice Kind, CardNumber Number, DateOnly BankOn)
{
    /// <summary>What the card's holder is told; who that is says <see cref="CardQuery.Number"/>.</summary>
    public MemberCommand.RecordCardNotice ToCommand() => new(Kind, BankOn, Number.Value);

    /// <summary>The kind and the masked number.</summary>
    public override string ToString() => $"{Kind} {Number}";
}

/// <summary>The bank's later notices: <c>A|card number|yyyyMMdd</c> activated, <c>L</c> reported lost, <c>X</c> cancelled.</summary>
public static class BankNotices
{
    /// <summary>
    /// Reads notices line by line. Anything malformed refuses all of them, and every such line is named (the first 1,000). The order of the lines is the order of the bank; a notice may stand
    /// there twice, and the second changes nothing.
    /// </summary>
    /// <param name="file">The lines of the file, without their ends.</param>
    /// <param name="notices">The notices; empty when anything is refused.</param>
    /// <param name="findings">What is refused; empty when nothing is.</param>
    public static bool TryRead(IEnumerable<string> file, out ImmutableArray<BankNotice> notices, out ImmutableArray<BankFileFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(file);
        var (refused, read, at) = (new BankFileLines(), ImmutableArray.CreateBuilder<BankNotice>(), 0);
        foreach (var line in file)
        {
            if (!refused.Fits(++at, line)) continue;
            if (line.Split('|') is not [{ } letter, { } digits, { } date] || Kind(letter) is not { } kind) refused.Refuse(at, BankFileRules.NoticeInvalid);
            else if (BankFileLines.Card(digits) is not { } number) refused.Refuse(at, BankFileRules.CardNumberInvalid);
            else if (BankFileLines.Date(date) is not { } on) refused.Refuse(at, BankFileRules.DateInvalid);
            else read.Add(new(kind, number, on));
        }

        if (at == 0) refused.Refuse(0, BankFileRules.Empty);
        findings = refused.Drain();
        notices = findings.IsEmpty ? read.DrainToImmutable() : [];
        return findings.IsEmpty;

        static CardNotice? Kind(string letter) => letter switch
        {
            "A" => CardNotice.Activated,
            "L" => CardNotice.LossReported,
            "X" => CardNotice.Cancelled,
            _ => null,
        };
    }
}
