using System.Collections.Immutable;

namespace UnionDomain.Kernel;

/// <summary>One named value inside the sentences of a <see cref="Refusal"/>.</summary>
/// <param name="Name">The placeholder, written <c>{name}</c> in both sentences.</param>
/// <param name="Value">The value as shown. Never an identity number, a person's name or a phone number.</param>
public readonly record struct RefusalArgument(string Name, string Value);

/// <summary>
/// The rules said no: an ordinary outcome, returned and never thrown. The code is stable for ever; the sentences may be improved.
/// </summary>
/// <param name="Code">Stable code of the form <c>noun.kebab-case</c>.</param>
/// <param name="English">The English sentence; placeholders are written <c>{name}</c>.</param>
/// <param name="Chinese">The Chinese sentence with the same placeholders.</param>
/// <param name="Source">The statute or rule it rests on, for example <c>TUL 12</c>; empty for rules of the software itself.</param>
public sealed record Refusal(string Code, string English, string Chinese, string Source = "")
{
    /// <summary>The values of the placeholders, in the order they were given.</summary>
    public ImmutableArray<RefusalArgument> Arguments { get; init; } = [];

    /// <summary>The same refusal with one placeholder filled.</summary>
    public Refusal With(string name, object value) =>
        this with { Arguments = Arguments.Add(new(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "")) };

    /// <summary>The English sentence with its placeholders filled.</summary>
    public string EnglishText() => Fill(English);

    /// <summary>The Chinese sentence with its placeholders filled.</summary>
    public string ChineseText() => Fill(Chinese);

    /// <summary>Two refusals are equal when they have the same code and the same arguments; wording does not count.</summary>
    public bool Equals(Refusal? other) => other is not null && Code == other.Code && Arguments.AsSpan().SequenceEqual(other.Arguments.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Code);

    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {EnglishText()}";

    private string Fill(string sentence) => Arguments.Aggregate(sentence, (text, argument) => text.Replace($"{{{argument.Name}}}", argument.Value, StringComparison.Ordinal));
}
