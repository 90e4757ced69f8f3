using System.Collections.Immutable;

namespace UnionDomain.Kernel;

/// <summary>The type of one column of a read model.</summary>
public enum ColumnType
{
    /// <summary>Text (<see cref="string"/>).</summary>
    Text,

    /// <summary>Whole number (<see cref="long"/>).</summary>
    Number,

    /// <summary>Business date (<see cref="DateOnly"/>).</summary>
    Date,

    /// <summary>Yes or no (<see cref="bool"/>).</summary>
    Flag,
}

/// <summary>One column of a read model.</summary>
/// <param name="Name">Name in the database, lower case with underscores.</param>
/// <param name="Type">Its type; every column but a key may be null.</param>
/// <param name="IsKey">Whether it is part of the row's key.</param>
public sealed record Column(string Name, ColumnType Type, bool IsKey = false);

/// <summary>A table that people list or search; each row is a pure function of one aggregate's state.</summary>
public sealed class ReadModel
{
    /// <summary>Describes a table; its key columns come first.</summary>
    public ReadModel(string table, params ReadOnlySpan<Column> columns) => (Table, Columns) = (table, [.. columns]);

    /// <summary>Name of the table, lower case with underscores.</summary>
    public string Table { get; }

    /// <summary>The columns, keys first. The store adds <c>version</c>: the version of the aggregate that wrote the row.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>How many of the first columns are the key.</summary>
    public int KeyColumns => Columns.Count(column => column.IsKey);

    /// <summary>The column of that name; a missing one is a bug.</summary>
    public Column this[string name] => Columns.First(column => column.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Table;
}

/// <summary>One row of a read model.</summary>
/// <param name="Model">The table.</param>
/// <param name="Values">One value per column: string, long, DateOnly, bool or null.</param>
public sealed record Row(ReadModel Model, ImmutableArray<object?> Values)
{
    /// <summary>The row's key as one text, unique inside its model.</summary>
    public string Key => Model.KeyColumns == 1 ? Text(Values[0]) : string.Join('\u001f', Values.Take(Model.KeyColumns).Select(Text));

    /// <summary>Rows are equal when table and all values are.</summary>
    public bool Equals(Row? other) => other is not null && Model == other.Model && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);

    private static string Text(object? value) => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A line of a list: what a row of a read model means to an application.</summary>
public interface ILine<TSelf>
    where TSelf : ILine<TSelf>
{
    /// <summary>The table the lines stand in.</summary>
    static abstract ReadModel Model { get; }

    /// <summary>The line that a row's values, in the order of the model's columns, stand for.</summary>
    static abstract TSelf Of(ImmutableArray<object?> values);
}

/// <summary>A typed question for lines of one read model.</summary>
public interface IQuery<TLine>
    where TLine : ILine<TLine>
{
    /// <summary>The conditions every line fulfils.</summary>
    IEnumerable<Condition> Where();
}

/// <summary>How a column is compared.</summary>
public enum Comparison
{
    /// <summary>The column equals the value (null: is empty).</summary>
    Equal,

    /// <summary>The column is at least the value (以上).</summary>
    AtLeast,

    /// <summary>The column is at most the value (以下).</summary>
    AtMost,

    /// <summary>The text begins with the value.</summary>
    StartsWith,

    /// <summary>The column names a union inside the subtree of the value, on the date of <see cref="Condition.AsOf"/>.</summary>
    Within,
}

/// <summary>One condition of a list.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what: string, long, DateOnly, bool or null.</param>
/// <param name="AsOf">For <see cref="Comparison.Within"/>: the date of the tree; the newest tree unless given.</param>
public sealed record Condition(string Column, Comparison Comparison, object? Value, DateOnly? AsOf = null);
