using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace UnionDomain.Kernel;

/// <summary>
/// A span of business dates (期间), both ends included. Written <c>2014</c>, <c>2014-H1</c>, <c>2014-Q2</c>, <c>2014-06</c> or <c>2014-01-01..2014-06-30</c>;
/// the text of a period is its shortest name, so <c>2014-01-01..2014-06-30</c> reads back as <c>2014-H1</c>.
/// </summary>
[JsonConverter(typeof(WrittenJsonConverter<Period>))]
[StructLayout(LayoutKind.Auto)]
public readonly record struct Period : IWritten<Period>
{
    /// <summary>The span from one date to another, both included; <paramref name="to"/> before <paramref name="from"/> is a bug and throws.</summary>
    public Period(DateOnly from, DateOnly to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(to, from);
        (From, To) = (from, to);
    }

    /// <summary>The first date.</summary>
    public DateOnly From { get; }

    /// <summary>The last date, included.</summary>
    public DateOnly To { get; }

    /// <summary>The number of dates, at least 1.</summary>
    public int Days => To.DayNumber - From.DayNumber + 1;

    string IWritten<Period>.Value => ToString();

    /// <summary>The calendar year, 1–9999.</summary>
    public static Period Year(int year) => Months(year, 1, 12);

    /// <summary>Half 1 (January to June, 上半年) or 2 (July to December, 下半年) of a year.</summary>
    public static Period Half(int year, int half) => Months(year, First(half, 2), 6);

    /// <summary>Quarter 1–4 of a year.</summary>
    public static Period Quarter(int year, int quarter) => Months(year, First(quarter, 4), 3);

    /// <summary>Month 1–12 of a year.</summary>
    public static Period Month(int year, int month) => Months(year, First(month, 12), 1);

    /// <summary>Whether the date lies within, ends included.</summary>
    public bool Contains(DateOnly date) => From <= date && date <= To;

    /// <summary>Whether the other period lies wholly within this one.</summary>
    public bool Contains(Period other) => From <= other.From && other.To <= To;

    /// <summary>
    /// Reads one of the five written forms, upper or lower case.
    /// Refused with <c>period.unknown-form</c>, <c>period.impossible-date</c> or <c>period.ends-before-it-begins</c>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Period value, [NotNullWhen(false)] out Refusal? refusal)
    {
        var written = Typed.Normalise(text, out _).AsSpan();
        var dots = written.IndexOf("..", StringComparison.Ordinal);
        if (dots >= 0)
        {
            var first = written[..dots];
            var last = written[(dots + 2)..];
            if (!IsDate(first) || !IsDate(last)) return Typed.Refuse(PeriodRules.UnknownForm, out value, out refusal);
            if (!TryDate(first, out var from) || !TryDate(last, out var to)) return Typed.Refuse(PeriodRules.ImpossibleDate, out value, out refusal);
            return to < from ? Typed.Refuse(PeriodRules.EndsBeforeItBegins, out value, out refusal) : Typed.Accept(new Period(from, to), out value, out refusal);
        }

        if (written.Length is not (4 or 7) || !Typed.IsDigits(written[..4]) || (written.Length == 7 && written[4] != '-'))
            return Typed.Refuse(PeriodRules.UnknownForm, out value, out refusal);
        var year = int.Parse(written[..4], CultureInfo.InvariantCulture);
        if (year == 0) return Typed.Refuse(PeriodRules.ImpossibleDate, out value, out refusal);
        switch (written[4..])
        {
            case []: return Typed.Accept(Year(year), out value, out refusal);
            case ['-', 'H', >= '1' and <= '2' and var half]: return Typed.Accept(Half(year, half - '0'), out value, out refusal);
            case ['-', 'Q', >= '1' and <= '4' and var quarter]: return Typed.Accept(Quarter(year, quarter - '0'), out value, out refusal);
            case ['-', >= '0' and <= '9' and var tens, >= '0' and <= '9' and var ones]:
                var month = ((tens - '0') * 10) + ones - '0';
                return month is >= 1 and <= 12
                    ? Typed.Accept(Month(year, month), out value, out refusal)
                    : Typed.Refuse(PeriodRules.ImpossibleDate, out value, out refusal);
            default: return Typed.Refuse(PeriodRules.UnknownForm, out value, out refusal);
        }
    }

    /// <summary>The shortest written form; reading it gives this period again.</summary>
    public override string ToString()
    {
        var (year, month) = (From.Year, From.Month);
        if (this == Year(year)) return string.Create(CultureInfo.InvariantCulture, $"{year:0000}");
        if (month is 1 or 7 && this == Months(year, month, 6)) return string.Create(CultureInfo.InvariantCulture, $"{year:0000}-H{(month / 6) + 1}");
        if (month % 3 == 1 && this == Months(year, month, 3)) return string.Create(CultureInfo.InvariantCulture, $"{year:0000}-Q{(month / 3) + 1}");
        if (this == Months(year, month, 1)) return string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}");
        return string.Create(CultureInfo.InvariantCulture, $"{From:yyyy-MM-dd}..{To:yyyy-MM-dd}");
    }

    // The first month of part n when the year is cut into so many parts.
    private static int First(int part, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, parts);
        return ((part - 1) * 12 / parts) + 1;
    }

    private static Period Months(int year, int first, int months)
    {
        var last = first + months - 1;
        return new(new(year, first, 1), new(year, last, DateTime.DaysInMonth(year, last)));
    }

    private static bool IsDate(ReadOnlySpan<char> text) =>
        text is [_, _, _, _, '-', _, _, '-', _, _] && Typed.IsDigits(text[..4]) && Typed.IsDigits(text[5..7]) && Typed.IsDigits(text[8..]);

    private static bool TryDate(ReadOnlySpan<char> text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
