using System.Collections.Immutable;
using System.Text;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Specs;

/// <summary>Given facts, when a command comes, then facts, nothing, or one named refusal.</summary>
public sealed record Spec<TDecider, TState, TCommand, TEvent, TView>(StreamId Subject, Operator DefaultOperator)
    where TDecider : IAggregate<TState, TCommand, TEvent, TView>
    where TCommand : class
    where TEvent : class
    where TView : class
{
    private ImmutableArray<Func<ISpecHost, Task>> Givens { get; init; } = [];

    private TCommand? Command { get; init; }

    private Operator? Operator { get; init; }

    private DateOnly BusinessOn { get; init; } = Calendar.Today;

    private string? Reason { get; init; }

    private string? DocumentRef { get; init; }

    private long? Version { get; init; }

    /// <summary>Events of another stream, of any room.</summary>
    public Spec<TDecider, TState, TCommand, TEvent, TView> And<TD, TS, TC, TE, TV>(Room<TD, TS, TC, TE, TV> room, StreamId stream, params ReadOnlySpan<TE> events)
        where TD : IAggregate<TS, TC, TE, TV>
        where TC : class
        where TE : class
        where TV : class
    {
        ArgumentNullException.ThrowIfNull(room);
        ImmutableArray<TE> all = [.. events];
        return all.IsEmpty ? this : this with { Givens = Givens.Add(host => host.Given<TD, TS, TC, TE, TV>(stream, Calendar.Day(1, 1), all)) };
    }

    public Spec<TDecider, TState, TCommand, TEvent, TView> When(TCommand command) => this with { Command = command };

    public Spec<TDecider, TState, TCommand, TEvent, TView> By(Operator by) => this with { Operator = by };

    public Spec<TDecider, TState, TCommand, TEvent, TView> On(DateOnly on) => this with { BusinessOn = on };

    public Spec<TDecider, TState, TCommand, TEvent, TView> Because(string reason) => this with { Reason = reason };

    public Spec<TDecider, TState, TCommand, TEvent, TView> Expecting(long version) => this with { Version = version };

    public Spec<TDecider, TState, TCommand, TEvent, TView> RestingOn(string documentRef) => this with { DocumentRef = documentRef };

    /// <summary>Exactly these events, compared as they are stored, and no warning.</summary>
    public Task Then(params ReadOnlySpan<TEvent> events) => Accepted([.. events], null);

    /// <summary>Exactly these events and after them one with sealed fields, which are never twice the same text.</summary>
    public Task ThenSealed<TSealed>(Action<TSealed> check, params ReadOnlySpan<TEvent> events)
        where TSealed : TEvent
    {
        ImmutableArray<TEvent> open = [.. events];
        return SpecHost.Run(async host =>
        {
            var happened = await Send(host);
            Assert.Null(happened.Refusal);
            var codec = Room<TDecider, TState, TCommand, TEvent, TView>.Instance.EventCodec;
            Assert.Equal(open.Select(e => Text(codec.Write(e))), happened.Events.SkipLast(1).Select(Text));
            check(Assert.IsType<TSealed>(codec.Read(happened.Events[^1])));
        });
    }

    /// <summary>Accepted, and nothing happened.</summary>
    public Task ThenNothing() => Accepted([], null);

    /// <summary>Exactly these events and this warning.</summary>
    public Task ThenWarned(Refusal warning, params ReadOnlySpan<TEvent> events) => Accepted([.. events], warning);

    /// <summary>Refused by that rule; its arguments count where the spec names them. Both sentences are complete.</summary>
    public Task ThenRefused(Refusal rule) => SpecHost.Run(async host =>
    {
        var happened = await Send(host);
        Assert.Equal(rule.Code, happened.Refusal?.Code);
        if (!rule.Arguments.IsEmpty) Assert.Equal(rule.Arguments, happened.Refusal!.Arguments);
        Assert.DoesNotContain("{", happened.Refusal!.EnglishText() + happened.Refusal.ChineseText(), StringComparison.Ordinal);
        Assert.Empty(happened.Events);
    });

    /// <summary>A command given before, to this stream or another of the room, as its own operator; it must be accepted.</summary>
    public Spec<TDecider, TState, TCommand, TEvent, TView> After(
        TCommand command, StreamId? stream = null, Operator? by = null, DateOnly? on = null, string? reason = null, string? documentRef = null, Guid? id = null) => this with
        {
            Givens = Givens.Add(async host => Assert.Null(
                (await host.When<TDecider, TState, TCommand, TEvent, TView>(stream ?? Subject, command, by ?? DefaultOperator, on ?? Calendar.Day(6, 1), reason, documentRef, id)).Refusal)),
        };

    private Task Accepted(ImmutableArray<TEvent> events, Refusal? warning) => SpecHost.Run(async host =>
    {
        var happened = await Send(host);
        Assert.Null(happened.Refusal);
        Assert.Equal(events.Select(e => Text(Room<TDecider, TState, TCommand, TEvent, TView>.Instance.EventCodec.Write(e))), happened.Events.Select(Text));
        Assert.Equal(warning is null ? [] : [warning.Code], happened.Warnings.Select(w => w.Code));
    });

    private async Task<Happened> Send(ISpecHost host)
    {
        foreach (var given in Givens) await given(host);
        return await host.When<TDecider, TState, TCommand, TEvent, TView>(
            Subject, Command ?? throw new InvalidOperationException("A spec needs a When."), Operator ?? DefaultOperator, BusinessOn, Reason, DocumentRef, expectedVersion: Version);
    }

    // Sealed values and keyed hashes differ from house to house: what is compared is that they are there.
    private static string Text(StoredEvent stored) => $"{stored.Type} {stored.Schema} {Secrets.Hidden(Encoding.UTF8.GetString(stored.Json.Span))}";
}

/// <summary>Values under keys that every house makes anew.</summary>
public static partial class Secrets
{
    /// <summary>The text with sealed values and keyed hashes blanked out.</summary>
    public static string Hidden(string json) => Value.Replace(json, "\"${name}\":\"\"");

    [System.Text.RegularExpressions.GeneratedRegex("\"(?<name>sealed|[a-z]+Hash)\":\"[^\"]*\"", System.Text.RegularExpressions.RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5_000)]
    private static partial System.Text.RegularExpressions.Regex Value { get; }
}
