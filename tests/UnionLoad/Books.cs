using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace UnionLoad;

/// <summary>What a database holds after a run; the tables must tell one story.</summary>
/// <param name="Events">Events in the journal.</param>
/// <param name="Agreed">What was compared and is the same everywhere, in words.</param>
internal sealed record Books(long Events, string Agreed)
{
    // The first number is that of the journal; each further line holds numbers that must be the same.
    private const string Employers = """
        SELECT (SELECT count(*) FROM journal),
            (SELECT count(*) FROM employer_row), (SELECT sum(value) FROM fact WHERE measure = 'employer.units'), (SELECT sum(value) FROM fact_line WHERE measure = 'employer.units'),
            (SELECT sum(headcount) FROM employer_row), (SELECT sum(value) FROM fact WHERE measure = 'employer.headcount'), (SELECT sum(value) FROM fact_line WHERE measure = 'employer.headcount')
        """;

    private const string Members = """
        SELECT (SELECT count(*) FROM journal),
            (SELECT count(*) FROM member_row), (SELECT count(*) FROM claim WHERE kind = 'member-document'), (SELECT count(*) FROM person_key WHERE stream >= 'member/' AND stream < 'member0'),
            (SELECT sum(value) FROM fact WHERE measure = 'member.registered'), (SELECT sum(value) FROM fact WHERE measure = 'member.entered'),
            (SELECT sum(value) FROM fact_line WHERE measure = 'member.registered'), (SELECT sum(value) FROM fact_line WHERE measure = 'member.entered'),
            (SELECT sum(version) FROM member_row), (SELECT count(*) FROM journal WHERE stream >= 'member/' AND stream < 'member0')
        """;

    public static async Task<Books> Read(Request request)
    {
        await using DbConnection connection = request.Store == Store.Postgres ? new NpgsqlConnection(request.Connection) : new SqliteConnection($"Data Source={request.Connection};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = request.Room == Room.Members ? Members : Employers;
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var numbers = Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture)).ToArray();
        var (actors, sums) = request.Room == Room.Members ? (7, 2) : (3, 3);
        if (!Same(numbers.AsSpan(1, actors)) || !Same(numbers.AsSpan(1 + actors, sums))) throw new InvalidDataException($"The tables disagree: {string.Join(", ", numbers)}.");
        return new(numbers[0], request.Room == Room.Members
            ? string.Create(CultureInfo.InvariantCulture, $"rows, claims, keys, facts and fact lines agree on {numbers[1]:N0} members, rows and journal on their {numbers[1 + actors]:N0} events")
            : string.Create(CultureInfo.InvariantCulture, $"rows, facts and fact lines agree on {numbers[1]:N0} units with {numbers[1 + actors]:N0} employees"));

        static bool Same(ReadOnlySpan<long> numbers) => !numbers.ContainsAnyExcept(numbers[0]);
    }

    /// <summary>Every acknowledged event is there once, and nothing else.</summary>
    public void MustHold(long events)
    {
        if (Events != events) throw new InvalidDataException($"The journal holds {Events} events, {events} were acknowledged.");
    }
}
