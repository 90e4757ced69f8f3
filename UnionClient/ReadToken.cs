using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>
/// What somebody has seen or written: a list that is asked with it shows at least that, or answers with the fault <c>behind</c>. As text it can be kept outside of the program, for example in
/// a page that is shown next; it holds no personal data.
/// </summary>
/// <param name="Stream">The aggregate.</param>
/// <param name="Version">How many events of it were seen.</param>
/// <param name="CommandId">The command that left the last of them, where it is known: a database that was restored and went on otherwise is found out by it. Empty: not known.</param>
[GenerateSerializer, Immutable, Alias("union.read-token")]
public sealed record ReadToken([property: Id(0)] string Stream, [property: Id(1)] long Version, [property: Id(2)] Guid CommandId)
{
    /// <summary>The token as text: stream, version and command, between blanks.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stream} {Version} {CommandId:N}");

    /// <summary>Reads a token as <see cref="ToString"/> wrote it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ReadToken? token)
    {
        token = text?.Split(' ') is [var stream, var number, var command]
            && stream.IndexOf('/', StringComparison.Ordinal) > 0 && StreamId.Parse(stream).HasValidKey()
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            && Guid.TryParseExact(command, "N", out var id)
            ? new(stream, version, id)
            : null;
        return token is not null;
    }
}
