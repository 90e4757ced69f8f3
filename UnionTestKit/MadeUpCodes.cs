using System.Collections.Immutable;
using System.Globalization;

namespace UnionTestKit;

/// <summary>Synthetic numbers with true check characters, a different one for every ordinal. Computed here once more, so that the rules are tried on numbers they did not make.</summary>
public static class MadeUpCodes
{
    private const string CreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const int Sequences = 500; // Of the three digits before the check digit the last one tells the sex.

    private static readonly DateOnly FirstBirth = new(1901, 1, 1);
    private static readonly int Births = new DateOnly(1913, 1, 1).DayNumber - FirstBirth.DayNumber;

    /// <summary>The areas of Beijing whose codes were in force in 2014 (GB/T 2260).</summary>
    public static ImmutableArray<string> Areas { get; } =
    [
        "110101", "110102", "110105", "110106", "110107", "110108", "110109", "110111",
        "110112", "110113", "110114", "110115", "110116", "110117", "110228", "110229",
    ];

    /// <summary>A resident identity number (GB 11643-1999) of somebody born 1901–1912, so that it is no living person's.</summary>
    /// <param name="ordinal">From 0; up to 35 million different ones.</param>
    /// <param name="man">Whether of a man.</param>
    public static (string Number, DateOnly BirthOn) Resident(long ordinal, bool man)
    {
        // The step has no factor in common with the number of places, so 35 million ordinals all land on places of their own.
        var place = ordinal * 21_672_203 % ((long)Areas.Length * Births * Sequences);
        var birth = FirstBirth.AddDays((int)(place % Births));
        var area = Areas[(int)(place / Births % Areas.Length)];
        var sequence = (2 * (place / Births / Areas.Length)) + (man ? 1 : 0);
        var digits = string.Create(CultureInfo.InvariantCulture, $"{area}{birth:yyyyMMdd}{sequence:000}");
        return (digits + "10X98765432"[Weigh(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11], birth);
    }

    /// <summary>A mobile number of a block that was never given out.</summary>
    public static string Mobile(long ordinal) => string.Create(CultureInfo.InvariantCulture, $"100{ordinal * 61_803_399 % 100_000_000:00000000}");

    /// <summary>The number of a card, of a block that no bank was given: 16 digits with a Luhn check digit.</summary>
    public static string Card(long ordinal)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"900{ordinal * 61_803_399 % 1_000_000_000_000:000000000000}");
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
        }

        return digits + (char)('0' + ((10 - (sum % 10)) % 10));
    }

    /// <summary>The code of a unit: an organisation code, a business registration number or, as records brought up to date later have, a credit code.</summary>
    public static string Unit(int ordinal) => (ordinal % 5) switch
    {
        0 or 1 => Organisation(ordinal),
        2 or 3 => Registration(ordinal),
        _ => Credit(ordinal),
    };

    // GB 11714.
    private static string Organisation(int ordinal)
    {
        var characters = string.Create(CultureInfo.InvariantCulture, $"MC{ordinal:000000}");
        return characters + "0X987654321"[Weigh(characters, [3, 7, 9, 10, 5, 8, 4, 2]) % 11];
    }

    // GS 15-2006 (ISO 7064 MOD 11,10).
    private static string Registration(int ordinal)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"1101089{ordinal:0000000}");
        var product = 10;
        foreach (var digit in digits)
        {
            var sum = (product + digit - '0') % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return digits + (char)('0' + ((11 - product) % 10));
    }

    // GB 32100-2015.
    private static string Credit(int ordinal)
    {
        var characters = $"91110108{Organisation(ordinal)}";
        var (sum, weight) = (0, 1);
        foreach (var character in characters)
        {
            sum += CreditAlphabet.IndexOf(character, StringComparison.Ordinal) * weight;
            weight = weight * 3 % 31;
        }

        return characters + CreditAlphabet[(31 - (sum % 31)) % 31];
    }

    private static int Weigh(string characters, ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
            sum += (char.IsAsciiDigit(characters[i]) ? characters[i] - '0' : characters[i] - 'A' + 10) * weights[i];
        return sum;
    }
}
