namespace UnionDomain.Kernel.Identifiers;

/// <summary>The Luhn check digit of payment cards (ISO/IEC 7812-1, annex B).</summary>
public static class Luhn
{
    /// <summary>The check digit that belongs behind a payload of digits; anything but digits is a bug and throws.</summary>
    public static char CheckDigit(ReadOnlySpan<char> payload)
    {
        if (!Typed.IsDigits(payload)) throw new ArgumentException("A payload is digits only.", nameof(payload));
        var sum = 0;
        for (var i = 0; i < payload.Length; i++)
        {
            var digit = payload[payload.Length - 1 - i] - '0';
            sum += i % 2 == 1 ? digit : digit < 5 ? digit * 2 : (digit * 2) - 9;
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }

    /// <summary>Whether a text is at least two digits of which the last is the check digit of the others.</summary>
    public static bool IsValid(ReadOnlySpan<char> number) =>
        number.Length >= 2 && Typed.IsDigits(number) && number[^1] == CheckDigit(number[..^1]);
}
