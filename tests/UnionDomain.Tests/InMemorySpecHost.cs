using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Specs;

/// <summary>Runs the specs on the rules alone.</summary>
public static class SpecHost
{
    public static Task Run(Func<ISpecHost, Task> spec) => spec(new InMemorySpecHost());

    private sealed class InMemorySpecHost : ISpecHost
    {
        private readonly InMemoryUnion union = new(new StoppedClock(Calendar.Today));

        public Task Given<TDecider, TState, TCommand, TEvent, TView>(StreamId stream, DateOnly on, ImmutableArray<TEvent> events)
            where TDecider : IAggregate<TState, TCommand, TEvent, TView>
            where TCommand : class
            where TEvent : class
            where TView : class
        {
            union.Given<TDecider, TState, TCommand, TEvent, TView>(stream, on, events.AsSpan());
            return Task.CompletedTask;
        }

        public Task<Happened> When<TDecider, TState, TCommand, TEvent, TView>(StreamId stream, TCommand command, Operator by, DateOnly on, string? reason, string? documentRef, Guid? id = null, long? expectedVersion = null)
            where TDecider : IAggregate<TState, TCommand, TEvent, TView>
            where TCommand : class
            where TEvent : class
            where TView : class
        {
            var outcome = union.Send<TDecider, TState, TCommand, TEvent, TView>(stream, command, by, on, reason, documentRef, id, expectedVersion);
            var codec = Room<TDecider, TState, TCommand, TEvent, TView>.Instance.EventCodec;
            return Task.FromResult(new Happened(outcome.Refusal, outcome.Warnings, [.. outcome.Events.Select(codec.Write)]));
        }
    }
}

/// <summary>A clock that stands at noon of one business day.</summary>
public sealed class StoppedClock(DateOnly today) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(today.ToDateTime(new(12, 0)), BusinessCalendar.Offset);
}
