using UnionDomain.Kernel;

namespace UnionClient;

/// <summary>One command of a bulk.</summary>
/// <param name="Id">The aggregate.</param>
/// <param name="Command">What is asked.</param>
/// <param name="With">Id, operator, business date, reason and document, where they are not the usual ones. Give ids to be able to run the same bulk again.</param>
public sealed record BulkRow<TId, TCommand>(TId Id, TCommand Command, CommandOptions? With = null);

/// <summary>How a bulk is sent.</summary>
public sealed record BulkOptions
{
    /// <summary>How many rows go in one call, 1–5,000; default 1,000. Up to as many more where rows of one aggregate that follow each other would else be parted.</summary>
    public int WindowRows
    {
        get;
        init => field = value is >= 1 and <= 5_000 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = 1_000;

    /// <summary>How many calls are under way at once, 1–64; default 4. No two of them hold rows of the same aggregate.</summary>
    public int Windows
    {
        get;
        init => field = value is >= 1 and <= 64 ? value : throw new ArgumentOutOfRangeException(nameof(value));
    } = 4;

    /// <summary>Whether outcomes carry the view after their row; default false, because views are large.</summary>
    public bool Views { get; init; }
}

/// <summary>What became of one row of a bulk.</summary>
/// <typeparam name="TView">The view of the room.</typeparam>
[GenerateSerializer, Immutable, Alias("union.bulk-outcome`1")]
public sealed record BulkOutcome<TView>
    where TView : class
{
    /// <summary>Number of the row, from 0.</summary>
    [Id(0)]
    public long Row { get; init; }

    /// <summary>How many events the aggregate held after the row.</summary>
    [Id(1)]
    public long Version { get; init; }

    /// <summary>How many events the row caused: 0 when there was nothing to do, or when it was refused. A repeat of an applied command tells what it caused at first.</summary>
    [Id(2)]
    public int Events { get; init; }

    /// <summary>The rule that said no, or null.</summary>
    [Id(3)]
    public Refusal? Refusal { get; init; }

    /// <summary>Rules with unverified text that the command breaks; they stop nothing.</summary>
    [Id(4)]
    public IReadOnlyList<Refusal> Warnings { get; init; } = [];

    /// <summary>What broke on the way of this row, or of an earlier row of the same aggregate; null when the rules have answered.</summary>
    [Id(5)]
    public BulkFault? Fault { get; init; }

    /// <summary>False: the row was not tried, because an earlier row of the same aggregate had a fault, or because it was left to the aggregate's grain. Nothing of it was applied by this call.</summary>
    [Id(6)]
    public bool Tried { get; init; } = true;

    /// <summary>The view after the row, when it was asked for and the rules have answered.</summary>
    [Id(7)]
    public TView? View { get; init; }

    /// <summary>Whether the command had been applied before, by this call or an earlier one: the version is the one after it, the view is the newest.</summary>
    [Id(8)]
    public bool Repeated { get; init; }

    /// <summary>Whether the rules said yes.</summary>
    public bool Accepted => Refusal is null && Fault is null;
}

/// <summary>A fault as a value: see <see cref="Faults"/>.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Retryable">Whether a repeat with the same command id can succeed.</param>
/// <param name="Message">What broke.</param>
[GenerateSerializer, Immutable, Alias("union.bulk-fault")]
public sealed record BulkFault([property: Id(0)] string Code, [property: Id(1)] bool Retryable, [property: Id(2)] string Message);

/// <summary>Commands to many aggregates of one room, decided in order for each of them.</summary>
/// <param name="Keys">The aggregate's key of each row.</param>
/// <param name="Rows">The commands, as many.</param>
/// <param name="Views">Whether outcomes carry views.</param>
[GenerateSerializer, Immutable, Alias("union.bulk-window`1")]
public sealed record BulkWindow<TCommand>([property: Id(0)] IReadOnlyList<string> Keys, [property: Id(1)] IReadOnlyList<Envelope<TCommand>> Rows, [property: Id(2)] bool Views);

/// <summary>Looks at the personal fields of many aggregates of one room, each recorded in its stream before anything is shown.</summary>
/// <param name="Keys">The aggregates' keys.</param>
/// <param name="Ids">Identify the looks, as many: a repeat is recorded once.</param>
/// <param name="Purpose">Why, one of the room's purposes.</param>
/// <param name="Operator">Who looks.</param>
[GenerateSerializer, Immutable, Alias("union.bulk-looks")]
public sealed record BulkLooks([property: Id(0)] IReadOnlyList<string> Keys, [property: Id(1)] IReadOnlyList<Guid> Ids, [property: Id(2)] string Purpose, [property: Id(3)] Operator Operator);

/// <summary>Decides windows of commands without an activation for each aggregate; the outcomes are those of <see cref="IAggregateGrain{TCommand, TView}"/>.</summary>
[Alias("union.bulk`2")]
public interface IBulkGrain<TCommand, TView> : IGrainWithIntegerKey
    where TView : class
{
    /// <summary>One outcome per row, in their order; row numbers are those of the window. Answers when everything is committed and no activation shows less.</summary>
    /// <exception cref="UnionFault">The window as a whole could not be tried.</exception>
    [Alias("send")]
    Task<IReadOnlyList<BulkOutcome<TView>>> Send(BulkWindow<TCommand> window);

    /// <summary>
    /// The same for commands that come alone: each outcome carries its view, and rows of aggregates that are active on this silo are left to their grains; they are not tried, and have no fault.
    /// </summary>
    /// <exception cref="UnionFault">The window as a whole could not be tried.</exception>
    [Alias("pass")]
    Task<IReadOnlyList<BulkOutcome<TView>>> Pass(BulkWindow<TCommand> window);

    /// <summary>The masked view of each aggregate, in their order; those that are active on this silo are left to their grains, not tried and without a fault.</summary>
    /// <exception cref="UnionFault">The views as a whole could not be read.</exception>
    [Alias("show")]
    Task<IReadOnlyList<BulkOutcome<TView>>> Show(IReadOnlyList<string> keys);

    /// <summary>One outcome per look, in their order, each with its view: opened once the look is durable, masked when it was refused.</summary>
    /// <exception cref="UnionFault">The window as a whole could not be tried.</exception>
    [Alias("look")]
    Task<IReadOnlyList<BulkOutcome<TView>>> Look(BulkLooks looks);
}
