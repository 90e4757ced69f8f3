using System.Globalization;
using UnionDomain.Kernel.Identifiers;

namespace UnionTesting;

/// <summary>A bank that knows nothing but the files: it makes a card of every line but those it is told to reject, and a person's n-th card has one number whenever it is asked.</summary>
public static class MadeUpBank
{
    /// <summary>The number of the card that the bank makes for the document <c>X…</c>; it has a check digit and is nobody's.</summary>
    /// <param name="document">The document.</param>
    /// <param name="series">The first card of a person, the second and so on: 0–9.</param>
    public static string Number(string document, int series = 0)
    {
        var payload = string.Create(CultureInfo.InvariantCulture, $"9999990{series % 10}{int.Parse(document.AsSpan(1), CultureInfo.InvariantCulture) % 10_000_000:0000000}");
        return payload + Luhn.CheckDigit(payload);
    }

    /// <summary>The reply to an order.</summary>
    /// <param name="order">The lines of the order.</param>
    /// <param name="on">The date of the reply.</param>
    /// <param name="result">The result by line and document: <c>00</c> when it is null.</param>
    /// <param name="series">Which cards it makes.</param>
    public static string[] Reply(IReadOnlyList<string> order, DateOnly on, Func<int, string, string?>? result = null, int series = 0)
    {
        var date = on.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var (lines, produced) = (new List<string>(order.Count) { $"H|{order[0].Split('|')[1]}|{date}" }, 0);
        foreach (var columns in order.Skip(1).SkipLast(1).Select(line => line.Split('|')))
        {
            var code = result?.Invoke(int.Parse(columns[1], CultureInfo.InvariantCulture), columns[4]) ?? "00";
            if (code == "00") produced++;
            lines.Add($"D|{columns[1]}|{code}|{code switch { "00" => Number(columns[4], series), "99" => "另行联系", _ => "" }}|{date}");
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"T|{order.Count - 2}|{produced}|{order.Count - 2 - produced}"));
        return [.. lines];
    }
}
