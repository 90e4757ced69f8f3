using System.Globalization;
using System.Text;
using ConsoleHost.Roll;

namespace ConsoleHost.Bank;

/// <summary>
/// The bank, outside the house: of the union it knows only the form of the files. What it makes of an application, and what happens to its cards later, stands in <c>roll/cards.csv</c> and
/// <c>roll/notices.csv</c> by document and card number. Everything it writes is readable by its owner only and there as a whole or not at all.
/// </summary>
internal sealed class SimulatedBank(string roll, string bank)
{
    private Dictionary<string, Application>? applications;

    /// <summary>Answers the order <c>name.order.txt</c> by <c>name.reply.txt</c>; the path of the answer. The same order is answered the same every time.</summary>
    public string Answer(string name, DateOnly on)
    {
        var reply = Path.Combine(bank, $"{name}.reply.txt");
        if (File.Exists(reply)) return reply;
        applications ??= Applications();
        var (batch, lines, produced, rejected) = ("", new List<string>(), 0, 0);
        foreach (var line in File.ReadLines(Path.Combine(bank, $"{name}.order.txt")))
            switch (line.Split('|'))
            {
                case ["H", var number, ..]:
                    batch = number;
                    break;
                case ["D", var at, _, _, var document, _]:
                    var (result, told) = Judge(applications[document]);
                    lines.Add($"D|{at}|{result}|{told}|{Compact(on)}");
                    if (result == "00") produced++;
                    else rejected++;
                    break;
            }

        Write(reply, [$"H|{batch}|{Compact(on)}", .. lines, string.Create(CultureInfo.InvariantCulture, $"T|{lines.Count}|{produced}|{rejected}")]);
        return reply;

        // Whoever comes again asks for the second time: after a rejection that was put right, or after a loss.
        (string Result, string Told) Judge(Application application) => name.EndsWith("-R", StringComparison.Ordinal) ? (application.Again, application.AgainNumber) : (application.Result, application.Told);
    }

    /// <summary>What the bank tells on a day of cards that are out; the path of the file, or null when it has nothing to tell.</summary>
    public string? Notices(DateOnly on)
    {
        var path = Path.Combine(bank, $"{MemberRow.Text(on)}.notices.txt");
        if (File.Exists(path)) return path;
        var day = MemberRow.Text(on);
        var notices = Rows("notices.csv").Where(row => row[0] == day).Select(row => $"{row[1]}|{row[2]}|{Compact(on)}").ToList();
        if (notices.Count == 0) return null;
        Write(path, notices);
        return path;
    }

    private Dictionary<string, Application> Applications() => Rows("cards.csv").ToDictionary(row => row[0], row => new Application(row[1], row[2], row[3], row[4]), StringComparer.Ordinal);

    // None of these columns holds a comma.
    private IEnumerable<string[]> Rows(string name) => File.ReadLines(Path.Combine(roll, name)).Skip(1).Select(line => line.Split(','));

    private static string Compact(DateOnly date) => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static void Write(string path, IEnumerable<string> lines)
    {
        using var file = new WholeFile(path);
        using (var text = new StreamWriter(file.Stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true) { NewLine = "\n" })
            foreach (var line in lines) text.WriteLine(line);
        file.Complete();
    }

    /// <summary>What becomes of somebody's application, and of the next one.</summary>
    private sealed record Application(string Result, string Told, string Again, string AgainNumber);
}
