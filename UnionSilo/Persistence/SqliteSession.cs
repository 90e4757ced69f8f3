using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace UnionSilo.Persistence;

/// <summary>One connection with the statements it has prepared. It belongs to one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> statements = new(StringComparer.Ordinal);

    private readonly int patience;

    private SqliteSession(SqliteConnection connection, int patience) => (Connection, this.patience) = (connection, patience);

    public SqliteConnection Connection { get; }

    /// <summary>The statement, prepared once and kept.</summary>
    public SqliteStatement this[string sql]
    {
        get
        {
            if (!statements.TryGetValue(sql, out var statement)) statements.Add(sql, statement = new(Connection.Handle!, sql));
            return statement;
        }
    }

    public static SqliteSession Open(SqliteStoreOptions options, SqliteOpenMode mode, int cacheMiB)
    {
        var session = new SqliteSession(new(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(options.File), Mode = mode, Pooling = false }.ConnectionString), checked((int)options.BusyTimeout.TotalMilliseconds));
        try
        {
            session.Connection.Open();
            raw.sqlite3_busy_timeout(session.Connection.Handle, session.patience);
            session.Pragma("cache_size", -1024L * cacheMiB);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Sets a value that the session or the file keeps, and gives back what SQLite made of it.</summary>
    public string? Pragma(string name, object value) => Pragma(string.Create(CultureInfo.InvariantCulture, $"{name} = {value}"));

    /// <summary>Moves the log into the file and cuts it to nothing, if no reader needs it just now.</summary>
    /// <returns>Whether the log is empty.</returns>
    public bool EmptyLog()
    {
        raw.sqlite3_busy_timeout(Connection.Handle, 0);
        try
        {
            return Pragma("wal_checkpoint(TRUNCATE)") == "0";
        }
        finally
        {
            raw.sqlite3_busy_timeout(Connection.Handle, patience);
        }
    }

    public void Dispose()
    {
        foreach (var statement in statements.Values) statement.Dispose();
        Connection.Dispose();
    }

    private string? Pragma(string text)
    {
        using var pragma = new SqliteStatement(Connection.Handle!, "PRAGMA " + text);
        return pragma.Step() ? pragma.Text(0) : null;
    }
}

/// <summary>
/// A prepared statement whose parameters are bound in their order. It goes past the driver's commands, which look every parameter up by name for every row.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private byte[] buffer = new byte[256];
    private int bound;

    public SqliteStatement(sqlite3 database, string sql)
    {
        this.database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
    }

    public SqliteStatement Bind(long value)
    {
        Check(raw.sqlite3_bind_int64(statement, ++bound, value));
        return this;
    }

    public SqliteStatement Bind(string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(statement, ++bound));
            return this;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (buffer.Length < most) buffer = new byte[most];
        return BindUtf8(buffer.AsSpan(0, Encoding.UTF8.GetBytes(value, buffer)));
    }

    public SqliteStatement BindUtf8(ReadOnlySpan<byte> text)
    {
        // An empty span has no address, and SQLite takes no address for NULL.
        Check(text.IsEmpty ? raw.sqlite3_bind_text(statement, ++bound, "") : raw.sqlite3_bind_text(statement, ++bound, text));
        return this;
    }

    public SqliteStatement Bind(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Check(raw.sqlite3_bind_blob(statement, ++bound, bytes));
        return this;
    }

    public SqliteStatement BindBytes(ReadOnlySpan<byte> bytes)
    {
        Check(raw.sqlite3_bind_blob(statement, ++bound, bytes));
        return this;
    }

    public SqliteStatement Bind(DateOnly date)
    {
        Span<byte> text = stackalloc byte[10];
        date.TryFormat(text, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return BindUtf8(text);
    }

    public SqliteStatement Bind(DateTimeOffset instant) => Bind(Microseconds(instant));

    /// <summary>An instant as the file keeps it: whole microseconds since 1970.</summary>
    public static long Microseconds(DateTimeOffset instant) => (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Binds a value of a read model's row.</summary>
    public SqliteStatement BindValue(object? value) => value switch
    {
        null => Bind((string?)null),
        string text => Bind(text),
        long number => Bind(number),
        DateOnly date => Bind(date),
        bool flag => Bind(flag ? 1 : 0),
        _ => throw new ArgumentException($"A read model cannot hold a {value.GetType()}.", nameof(value)),
    };

    /// <summary>Goes to the next row; false after the last, when the statement is ready to be bound again.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW) return true;
        Reset();
        if (result != raw.SQLITE_DONE) SqliteException.ThrowExceptionForRC(result, database);
        return false;
    }

    /// <summary>Runs a statement that has no rows, or whose rows nobody wants.</summary>
    public void Execute()
    {
        while (Step())
        {
        }
    }

    /// <summary>Leaves the rows that were not read, and is ready to be bound again.</summary>
    public void Reset()
    {
        bound = 0;
        raw.sqlite3_reset(statement);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public Guid Id(int column) => new(Bytes(column), bigEndian: true);

    public DateOnly Date(int column) => DateOnly.ParseExact(Text(column), "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public void Dispose() => statement?.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(result, database);
    }
}
