using Npgsql;
using UnionTesting;

namespace UnionSilo.Tests.Schemas;

public sealed class PostgresServerSpecs
{
    [Fact]
    public void A_killed_server_comes_back_on_its_port_with_everything_committed()
    {
        using var server = PostgresServer.Create(new Dictionary<string, string>(StringComparer.Ordinal) { ["work_mem"] = "3MB" });
        var database = new NpgsqlConnectionStringBuilder(server.CreateDatabase()) { Pooling = false }.ConnectionString;
        Scalar(database, "CREATE TABLE kept (n integer)");
        var (port, process) = (server.Port, server.ProcessId);

        Scalar(database, "INSERT INTO kept VALUES (1)");
        server.Kill();
        Assert.Equal(0, server.ProcessId);
        Assert.ThrowsAny<NpgsqlException>(() => Scalar(database, "SELECT 1"));
        server.Start();
        Scalar(database, "INSERT INTO kept VALUES (2)");
        server.StopImmediate();
        server.Start();
        server.Restart();

        Assert.Equal(port, server.Port);
        Assert.NotEqual(process, server.ProcessId);
        Assert.Equal(2L, Scalar(database, "SELECT count(*) FROM kept"));
        Assert.Equal(("on", "on", "3MB", "127.0.0.1"),
            (Scalar(database, "SHOW fsync"), Scalar(database, "SHOW synchronous_commit"), Scalar(database, "SHOW work_mem"), Scalar(database, "SHOW listen_addresses")));
    }

    private static object? Scalar(string database, string sql)
    {
        using var connection = new NpgsqlConnection(database);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
