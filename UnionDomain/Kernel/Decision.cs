using System.Collections.Immutable;

namespace UnionDomain.Kernel;

/// <summary>What a decider answers: events, nothing (the work is already done), or one refusal.</summary>
public readonly struct Decision<TEvent>
{
    private readonly ImmutableArray<TEvent> events;
    private readonly ImmutableArray<Refusal> warnings;

    private Decision(ImmutableArray<TEvent> events, Refusal? refusal, ImmutableArray<Refusal> warnings) =>
        (this.events, Refusal, this.warnings) = (events, refusal, warnings);

    /// <summary>Accepted, and nothing happens because it is already so.</summary>
    public static Decision<TEvent> Nothing => default;

    /// <summary>What happened, in order; empty when refused or already done.</summary>
    public ImmutableArray<TEvent> Events => events.IsDefault ? [] : events;

    /// <summary>The rule that said no, or null.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Rules that are broken but whose text is not verified: they are told, and stop nothing.</summary>
    public ImmutableArray<Refusal> Warnings => warnings.IsDefault ? [] : warnings;

    /// <summary>Accepted with several events.</summary>
    public static Decision<TEvent> Of(params ReadOnlySpan<TEvent> events) => new([.. events], null, []);

    /// <summary>The same decision with a warning beside it.</summary>
    public Decision<TEvent> Warn(Refusal? warning) => warning is null ? this : new(Events, Refusal, Warnings.Add(warning));

    /// <summary>One event happened.</summary>
    public static implicit operator Decision<TEvent>(TEvent happened) => new([happened], null, []);

    /// <summary>The rules said no.</summary>
    public static implicit operator Decision<TEvent>(Refusal refusal) => new([], refusal, []);
}
