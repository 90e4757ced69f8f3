using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace UnionLoad;

/// <summary>What a database holds after a run; the tables must tell one story.</summary>
internal sealed record Books(long Events, long Heads, long HeadFacts, long HeadLines, long Units, long UnitFacts)
{
    public string Agreed => string.Create(CultureInfo.InvariantCulture, $"rows, facts and fact lines agree on {Units:N0} units with {Heads:N0} employees");

    public static async Task<Books> Read(Request request)
    {
        await using DbConnection connection = request.Store == Store.Postgres ? new NpgsqlConnection(request.Connection) : new SqliteConnection($"Data Source={request.Connection};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = """
            SELECT (SELECT count(*) FROM journal), (SELECT sum(headcount) FROM employer_row),
                (SELECT sum(value) FROM fact WHERE measure = 'employer.headcount'), (SELECT sum(value) FROM fact_line WHERE measure = 'employer.headcount'),
                (SELECT count(*) FROM employer_row), (SELECT sum(value) FROM fact WHERE measure = 'employer.units')
            """;
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var numbers = Enumerable.Range(0, 6).Select(column => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture)).ToArray();
        var books = new Books(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
        if (books.Heads != books.HeadFacts || books.Heads != books.HeadLines || books.Units != books.UnitFacts) throw new InvalidDataException($"The tables disagree: {books}.");
        return books;
    }

    /// <summary>Every acknowledged event is there once, and nothing else.</summary>
    public void MustHold(long events)
    {
        if (Events != events) throw new InvalidDataException($"The journal holds {Events} events, {events} were acknowledged.");
    }
}
