using Microsoft.Data.Sqlite;

namespace UnionLoad;

/// <summary>A prepared statement whose parameters are bound by their order.</summary>
internal sealed class Statement
{
    private readonly SqliteCommand command;

    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++) command.Parameters.Add(new() { ParameterName = FormattableString.Invariant($"${i}") });
        command.Prepare();
    }

    /// <summary>A connection with the settings of the house.</summary>
    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        foreach (var pragma in (string[])["journal_mode = WAL", "synchronous = FULL", "temp_store = MEMORY", "cache_size = -262144", "wal_autocheckpoint = 32768", "journal_size_limit = 268435456"])
        {
            using var setting = connection.CreateCommand();
            setting.CommandText = $"PRAGMA {pragma}";
            setting.ExecuteNonQuery();
        }

        return connection;
    }

    public void Run(params ReadOnlySpan<object> values)
    {
        Bind(values);
        command.ExecuteNonQuery();
    }

    public SqliteDataReader Read(params ReadOnlySpan<object> values)
    {
        Bind(values);
        return command.ExecuteReader();
    }

    private void Bind(ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
    }
}
