using System.Collections.Immutable;
using UnionDomain.Kernel;

namespace UnionDomain.Tests.Specs;

/// <summary>Where a spec runs: a fresh house, empty, with <see cref="Calendar.Today"/> as its today. Each test project that compiles the specs supplies a <c>SpecHost.Run</c> that lends one.</summary>
public interface ISpecHost
{
    /// <summary>Puts events into a stream with all their consequences, as if they had been decided on that date.</summary>
    Task Given<TDecider, TState, TCommand, TEvent, TView>(StreamId stream, DateOnly on, ImmutableArray<TEvent> events)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TCommand : class
        where TEvent : class
        where TView : class;

    /// <summary>Sends one command and tells what it added to its stream.</summary>
    Task<Happened> When<TDecider, TState, TCommand, TEvent, TView>(StreamId stream, TCommand command, Operator by, DateOnly on, string? reason, string? documentRef, Guid? id = null, long? expectedVersion = null)
        where TDecider : IAggregate<TState, TCommand, TEvent, TView>
        where TCommand : class
        where TEvent : class
        where TView : class;
}

/// <summary>What one command left behind.</summary>
public sealed record Happened(Refusal? Refusal, ImmutableArray<Refusal> Warnings, ImmutableArray<StoredEvent> Events);

/// <summary>The days of the specs.</summary>
public static class Calendar
{
    /// <summary>The day on which every spec runs, and the business date of a command unless told otherwise.</summary>
    public static readonly DateOnly Today = new(2014, 6, 30);

    /// <summary>A day of 2014, before today.</summary>
    public static DateOnly Day(int month, int day) => new(2014, month, day);
}

/// <summary>Who acts in the specs. All may backdate; accounts, never persons.</summary>
public static class Operators
{
    public static readonly Operator Applicant = Of("op-1", Role.Officer);
    public static readonly Operator Officer = Of("op-2", Role.Officer);
    public static readonly Operator Committee = Of("op-3", Role.Committee);
    public static readonly Operator Subdistrict = Of("op-4", Role.Subdistrict);
    public static readonly Operator District = Of("op-5", Role.District);
    public static readonly Operator Municipal = Of("op-6", Role.Municipal);
    public static readonly Operator Auditor = Of("op-7", Role.Audit);
    public static readonly Operator Member = Of("op-8", Role.Member);
    public static readonly Operator Bank = Of("op-9", Role.Bank);

    private static Operator Of(string id, Role role) => new(id, new("U-desk"), role, Rights.Backdate);
}
