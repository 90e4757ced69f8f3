using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using UnionDomain.Kernel;
using UnionTesting;

namespace UnionClient.Tests;

/// <summary>Faults are as documented as refusals. UNION_UPDATE_DOCS=1 writes docs/faults.md (<c>./run-tests --update-docs</c>).</summary>
public sealed partial class FaultTests
{
    private static readonly Reply<string> Refused = new() { View = "", Version = 0, Refusal = CommandRules.IdReused.With("id", "1") };

    private static IReadOnlyList<UnionFault> Made =>
    [
        .. typeof(Faults).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.ReturnType == typeof(UnionFault))
            .Select(method => (UnionFault)method.Invoke(null, [.. method.GetParameters().Select(_ => "told")])!).OrderBy(fault => fault.Code, StringComparer.Ordinal),
    ];

    [Fact]
    public void Every_fault_is_listed_once_with_its_mark()
    {
        Assert.Equal(Made.Select(fault => (fault.Code, fault.Retryable)), Faults.All.Select(kind => (kind.Code, kind.Retryable)));
        Assert.Equal(Faults.All.Count, Faults.All.Select(kind => kind.Code).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Faults.All, kind => Assert.Matches(Code(), kind.Code));
        Assert.All(Faults.All, kind => Assert.EndsWith(".", kind.Meaning, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_of_faults_is_true()
    {
        var page = new StringBuilder("""
            # Faults

            What can break on the way of a command or a read, by its stable code; thrown as `UnionFault`. What the rules refuse is no fault: see [refusals](refusals.md). Generated from `Faults.All`; a test keeps it true.

            *Retryable*: a repeat with the same command id can succeed, and does no harm whatever became of the first attempt. The client repeats such faults by itself, with growing pauses, until the total time of the call is over; what it throws then is the newest of them. Only `not-connected` is told at once where waiting is of no use: when the cluster is another one than asked for, and when the application stops.

            | code | retryable | meaning |
            |-|-|-|

            """);
        foreach (var kind in Faults.All) page.Append(CultureInfo.InvariantCulture, $"| `{kind.Code}` | {(kind.Retryable ? "yes" : "no")} | {kind.Meaning} |\n");
        Document.Same("docs/faults.md", page.Replace("\r", "").ToString());
    }

    [Fact]
    public async Task A_script_may_ask_for_exceptions()
    {
        Reply<string> reply = new() { View = "seen", Version = 1 };
        Assert.Equal("seen", reply.OrThrow());
        Assert.Equal("seen", await Task.FromResult(reply).OrThrow());
        Assert.Equal(CommandRules.IdReused.Code, Assert.Throws<RefusedException>(() => Refused.OrThrow()).Refusal.Code);
        Assert.Equal(Refused.Refusal, (await Assert.ThrowsAsync<RefusedException>(() => Task.FromResult(Refused).OrThrow())).Refusal);

        BulkOutcome<string> outcome = new() { Version = 3 };
        Assert.Same(outcome, outcome.OrThrow());
        Assert.Equal(Refused.Refusal, Assert.Throws<RefusedException>(() => (outcome with { Refusal = Refused.Refusal }).OrThrow()).Refusal);
        var fault = Assert.Throws<UnionFault>(() => (outcome with { Fault = new("store-full", Retryable: true, "told") }).OrThrow());
        Assert.Equal(("store-full", true, "told"), (fault.Code, fault.Retryable, fault.Message));

        Assert.Equal(["a"], new Page<string>(["a"], null).OrThrow());
        Assert.Equal(Refused.Refusal, Assert.Throws<RefusedException>(() => new Page<string>([], null, Refused.Refusal).OrThrow()).Refusal);
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
