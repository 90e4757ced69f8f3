using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

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
    public ReadModel(string table, params ReadOnlySpan<Column> columns)
    {
        (Table, Columns) = (table, [.. columns]);
        KeyColumns = Columns.Count(column => column.IsKey); // Asked for every row that is written.
    }

    /// <summary>Name of the table, lower case with underscores.</summary>
    public string Table { get; }

    /// <summary>The columns, keys first. The store adds <c>version</c>: the version of the aggregate that wrote the row.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>How many of the first columns are the key.</summary>
    public int KeyColumns { get; }

    /// <summary>The column of that name; a missing one is a bug.</summary>
    public Column this[string name] => Columns.First(column => column.Name == name);

    /// <summary>The values of the key columns that a <see cref="Row.Key"/> stands for.</summary>
    /// <exception cref="ArgumentException">The text is no key of this model.</exception>
    public ImmutableArray<object> ParseKey(string key)
    {
        string[] parts = KeyColumns == 1 ? [key] : key.Split(Row.KeySeparator);
        return parts.Length == KeyColumns ? [.. parts.Select((part, i) => Value(Columns[i].Type, part))] : throw NoKey();

        object Value(ColumnType type, string text) => type switch
        {
            ColumnType.Text => text,
            ColumnType.Number => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw NoKey(),
            ColumnType.Date => DateOnly.TryParseExact(text, Row.DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : throw NoKey(),
            ColumnType.Flag => bool.TryParse(text, out var flag) ? flag : throw NoKey(),
            _ => throw new UnreachableException(),
        };

        ArgumentException NoKey() => new($"That is no key of {Table}.", nameof(key));
    }

    /// <inheritdoc/>
    public override string ToString() => Table;
}

/// <summary>One row of a read model.</summary>
/// <param name="Model">The table.</param>
/// <param name="Values">One value per column: string, long, DateOnly, bool or null.</param>
public sealed record Row(ReadModel Model, ImmutableArray<object?> Values)
{
    internal const char KeySeparator = '\u001f';
    internal const string DateFormat = "yyyy-MM-dd";

    /// <summary>
    /// The row's key as one text, unique inside its model: the value of the key column, or several joined by U+001F, which no key text contains.
    /// Dates are written yyyy-MM-dd. <see cref="ReadModel.ParseKey"/> reads it back.
    /// </summary>
    public string Key => Model.KeyColumns == 1 ? Text(Values[0]) : string.Join(KeySeparator, Values.Take(Model.KeyColumns).Select(Text));

    /// <summary>Rows are equal when table and all values are.</summary>
    public bool Equals(Row? other) => other is not null && Model == other.Model && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Key);

    /// <summary>Compares rows of one model by their key columns; texts by code units.</summary>
    public static int CompareKeys(Row left, Row right)
    {
        for (var i = 0; i < left.Model.KeyColumns; i++)
        {
            var order = (left.Values[i], right.Values[i]) is (string a, string b) ? string.CompareOrdinal(a, b) : Comparer<object?>.Default.Compare(left.Values[i], right.Values[i]);
            if (order != 0) return order;
        }

        return 0;
    }

    private static string Text(object? value) =>
        value is DateOnly date ? date.ToString(DateFormat, CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>Values of rows that stand in every other row, as one object each.</summary>
internal static class Boxed
{
    private static readonly object[] Numbers = [.. Enumerable.Range(0, 2_048).Select(number => (object)(long)number)];
    private static readonly object Yes = true;
    private static readonly object No = false;
    private static readonly object Always = DateOnly.MaxValue;
    private static readonly object Never = DateOnly.MinValue;

    public static object? Number(long? number) => number is not { } value ? null : value >= 0 && value < Numbers.Length ? Numbers[value] : value;

    public static object? Flag(bool? flag) => flag switch { true => Yes, false => No, null => null };

    public static object Date(DateOnly date) => date == DateOnly.MaxValue ? Always : date == DateOnly.MinValue ? Never : date;
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

    /// <summary>Why nothing may be asked so; null when it may.</summary>
    Refusal? Refused => null;

    /// <summary>What must be opened row by row to be compared; null: nothing.</summary>
    Opening? Opens => null;

    /// <summary>The line with the value of <see cref="Comparison.OneHashed"/> that it was found by; a query asks for one column so at most.</summary>
    TLine Found(TLine line, string asked) => line;
}

/// <summary>A condition on what a row holds sealed: the rows that fulfil every other condition are opened one by one. Only for small sets of rows.</summary>
/// <param name="Sealed">The sealed value of a row's values; null: there is none.</param>
/// <param name="Stream">The stream whose key opens it.</param>
/// <param name="Fulfils">Whether the opened value fulfils the condition.</param>
/// <param name="Unit">The union whose rows are opened, when that is what makes them few: a federation is no unit and is refused by <c>search.unit-missing</c>.</param>
public sealed record Opening(Func<ImmutableArray<object?>, string?> Sealed, Func<ImmutableArray<object?>, StreamId> Stream, Func<byte[], bool> Fulfils, UnionId? Unit = null);

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

    /// <summary>The column holds the keyed hash of the value, made under the column's name; equal values are found without being stored.</summary>
    Hashed,

    /// <summary>The column holds the keyed hash of one of the values, which are texts.</summary>
    OneHashed,

    /// <summary>The column equals one of the values, which are texts.</summary>
    OneOf,
}

/// <summary>What a list refuses.</summary>
public static class SearchRules
{
    /// <summary>A personal value is searched for, and no subtree is named.</summary>
    public static readonly Refusal ScopeMissing = new("search.scope-missing", "A personal value is searched for only inside the subtree of a union: name it.", "按个人信息查询须指定工会范围。", "PIPL 6");

    /// <summary>The subtree is not the operator's own.</summary>
    public static readonly Refusal OutsideOwnSubtree = new("search.outside-own-subtree",
        "The union {union} does not stand under {own}, for which the operator acts.", "工会{union}不在操作人所属工会{own}范围内。", "PIPL 6");

    /// <summary>More values than one search takes.</summary>
    public static readonly Refusal TooMany = new("search.too-many", "One search takes at most {most} values.", "一次最多查询{most}项。");

    /// <summary>A name is searched for by its beginning outside one unit.</summary>
    public static readonly Refusal UnitMissing = new("search.unit-missing", "A name is searched for by its beginning only inside one unit: name the unit.", "按姓名首字查询须指定单位。", "PIPL 6");
}

/// <summary>One condition of a list.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Value">With what: string, long, DateOnly, bool or null; for one of several an ImmutableArray of strings.</param>
/// <param name="AsOf">For <see cref="Comparison.Within"/>: the date of the tree; the newest tree unless given.</param>
public sealed record Condition(string Column, Comparison Comparison, object? Value, DateOnly? AsOf = null);
