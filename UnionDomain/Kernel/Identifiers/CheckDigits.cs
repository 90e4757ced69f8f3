namespace UnionDomain.Kernel.Identifiers;

/// <summary>The check characters of the standards; each takes a payload whose characters were judged before.</summary>
internal static class CheckDigits
{
    /// <summary>GB 32100-2015: digits and capitals without I, O, S, V and Z, in the order of their values 0–30.</summary>
    public const string CreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    private static ReadOnlySpan<byte> ResidentWeights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    private static ReadOnlySpan<byte> OrganisationWeights => [3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>GB 11643-1999 (ISO 7064 MOD 11-2) over 17 digits.</summary>
    public static char Resident(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < ResidentWeights.Length; i++) sum += (digits[i] - '0') * ResidentWeights[i];
        return "10X98765432"[sum % 11];
    }

    /// <summary>GB 32100-2015 over 17 characters of its alphabet.</summary>
    public static char Credit(ReadOnlySpan<char> characters)
    {
        var (sum, weight) = (0, 1);
        for (var i = 0; i < 17; i++)
        {
            sum += CreditAlphabet.IndexOf(characters[i]) * weight;
            weight = weight * 3 % 31;
        }

        return CreditAlphabet[(31 - (sum % 31)) % 31];
    }

    /// <summary>GB 11714 over 8 digits or capitals (A–Z count 10–35).</summary>
    public static char Organisation(ReadOnlySpan<char> characters)
    {
        var sum = 0;
        for (var i = 0; i < OrganisationWeights.Length; i++)
            sum += (char.IsAsciiDigit(characters[i]) ? characters[i] - '0' : characters[i] - 'A' + 10) * OrganisationWeights[i];
        return "0X987654321"[sum % 11];
    }

    /// <summary>ISO 7064 MOD 11,10 over any number of digits.</summary>
    public static char Mod11And10(ReadOnlySpan<char> digits)
    {
        var product = 10;
        foreach (var digit in digits)
        {
            var sum = (product + digit - '0') % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (char)('0' + ((11 - product) % 10));
    }
}
