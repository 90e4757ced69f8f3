using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using UnionDomain.Kernel;
using UnionDomain.Members;

namespace UnionDomain.CardBatches;

/// <summary>One line of the file to the bank. Personal: it stands nowhere but in that file.</summary>
public sealed record BankOrderLine
{
    private BankOrderLine() { }

    /// <summary>Number of the line.</summary>
    public required int Line { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of document, 1–4.</summary>
    public required int DocumentType { get; init; }

    /// <summary>Number of the document.</summary>
    public required string DocumentNumber { get; init; }

    /// <summary>Mobile phone.</summary>
    public required string Mobile { get; init; }

    /// <summary>
    /// The line of an opened member. Refused by <c>bank-file.field-missing</c>, also when the record was not opened, and <c>bank-file.field-broken</c>; a refusal names the field, never what stands in it.
    /// </summary>
    public static bool TryOf(int line, MemberView opened, [NotNullWhen(true)] out BankOrderLine? order, [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(opened);
        var personal = opened.Personal;
        refusal = Fits("name", personal?.Name) ?? (opened.DocumentType is null ? BankFileRules.FieldMissing.With("field", "documentType") : null)
            ?? Fits("documentNumber", personal?.DocumentNumber) ?? Fits("mobile", personal?.Mobile);
        order = refusal is not null ? null : new()
        {
            Line = line,
            Name = personal!.Name!,
            DocumentType = opened.DocumentType!.Value,
            DocumentNumber = personal.DocumentNumber!,
            Mobile = personal.Mobile!,
        };
        return order is not null;

        static Refusal? Fits(string field, string? text)
        {
            if (string.IsNullOrWhiteSpace(text)) return BankFileRules.FieldMissing.With("field", field);
            return text.Contains('|', StringComparison.Ordinal) || text.Any(char.IsControl) ? BankFileRules.FieldBroken.With("field", field) : null;
        }
    }

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"line {Line}");
        return true;
    }
}

/// <summary>The file of a batch to the bank: UTF-8, columns parted by <c>|</c>.</summary>
public static class BankOrder
{
    /// <summary>
    /// The lines of the file, one after the other: <c>H|batch|yyyyMMdd|lines|union</c>, <c>D|line|name|document type|document number|mobile</c>, <c>T|lines|sum of line numbers</c>.
    /// The same batch gives the same file every time.
    /// </summary>
    /// <param name="batch">The batch, exported.</param>
    /// <param name="lines">Every line of it that is not void, ascending.</param>
    /// <exception cref="ArgumentException">The batch is not exported, or a line is missing, void, repeated or out of order: half a file must never leave the house.</exception>
    public static IEnumerable<string> Write(CardBatchView batch, IEnumerable<BankOrderLine> lines)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(lines);
        return batch.ExportedOn is { } on ? Written(batch, on, lines) : throw new ArgumentException("The batch is not exported.", nameof(batch));
    }

    private static IEnumerable<string> Written(CardBatchView batch, DateOnly on, IEnumerable<BankOrderLine> lines)
    {
        var live = LineSet.To(batch.Lines).Without(batch.Void);
        yield return string.Create(CultureInfo.InvariantCulture, $"H|{batch.Id}|{on:yyyyMMdd}|{live.Count}|{batch.Union}");
        var sum = 0L;
        using var due = live.Lines.GetEnumerator();
        foreach (var line in lines)
        {
            if (!due.MoveNext() || line.Line != due.Current) throw new ArgumentException($"The line {line.Line} is not the next one of the batch.", nameof(lines));
            sum += line.Line;
            yield return string.Create(CultureInfo.InvariantCulture, $"D|{line.Line}|{line.Name}|{line.DocumentType}|{line.DocumentNumber}|{line.Mobile}");
        }

        if (due.MoveNext()) throw new ArgumentException($"The line {due.Current} is missing.", nameof(lines));
        yield return string.Create(CultureInfo.InvariantCulture, $"T|{live.Count}|{sum}");
    }
}
