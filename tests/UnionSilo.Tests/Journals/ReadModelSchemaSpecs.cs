using Npgsql;
using UnionDomain;
using UnionDomain.Kernel;

namespace UnionSilo.Tests.Journals;

public sealed class ReadModelSchemaSpecs(SharedPostgres postgres)
{
    public static TheoryData<string> Tables => [.. Rooms.All.SelectMany(room => room.ReadModels).Select(model => model.Table)];

    [Fact]
    public void The_tree_in_time_is_a_read_model_of_a_room() => Assert.Contains(UnionTree.Model, Rooms.All.SelectMany(room => room.ReadModels));

    [Theory, MemberData(nameof(Tables))]
    public async Task The_table_has_the_columns_of_its_read_model_and_their_types(string table)
    {
        var model = Rooms.All.SelectMany(room => room.ReadModels).Single(model => model.Table == table);
        var expected = model.Columns.Select(column => $"{column.Name} {TypeOf(column.Type)}{(column.IsKey ? " key" : "")}").Append("version bigint");

        await using var connection = new NpgsqlConnection(postgres.Database());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnum = ANY (i.indkey) THEN ' key' ELSE '' END
            FROM pg_attribute AS a LEFT JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisprimary
            WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """, connection);
        command.Parameters.Add(new() { Value = table });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var actual = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) actual.Add(reader.GetString(0));

        Assert.Equal(expected, actual);
    }

    private static string TypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Number => "bigint",
        ColumnType.Date => "date",
        ColumnType.Flag => "boolean",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
