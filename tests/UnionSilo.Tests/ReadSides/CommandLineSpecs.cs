using System.CommandLine;
using Microsoft.Data.Sqlite;
using UnionSilo.Commands;
using UnionTesting;

namespace UnionSilo.Tests.ReadSides;

public sealed class CommandLineSpecs(SharedPostgres postgres) : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    [Fact]
    public async Task A_new_file_is_upgraded_verified_and_rebuilt()
    {
        string[] file = ["--store", "sqlite", "--file", folder.File("union.db")];
        Assert.Equal(1, await Run(["db", "status", .. file]));
        Assert.Equal(0, await Run(["db", "script", .. file]));
        Assert.Contains("CREATE TABLE journal", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await Run(["db", "upgrade", .. file]));
        Assert.Equal(0, await Run(["db", "status", .. file]));
        Assert.Equal(0, await Run(["verify", .. file]));

        await using (var connection = new SqliteConnection($"Data Source={folder.File("union.db")};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO claim (kind, key, stream) VALUES ('employer-code', 'nobody', 'employer/none')";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, await Run(["verify", .. file]));
        Assert.Contains("Foreign claim: 1 (employer/none)", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await Run(["rebuild", .. file]));
        Assert.Equal(0, await Run(["verify", .. file]));
    }

    [Fact]
    public async Task A_server_is_reached_by_its_connection_string()
    {
        string[] server = ["--store", "postgres", "--connection", postgres.EmptyDatabase()];
        Assert.Equal(1, await Run(["db", "status", .. server]));
        Assert.Equal(0, await Run(["db", "upgrade", .. server]));
        Assert.Equal(0, await Run(["verify", .. server]));
        Assert.Equal(0, await Run(["rebuild", .. server]));
    }

    [Theory]
    [InlineData("conquer")]
    [InlineData("verify --nonsense")]
    [InlineData("verify --store oracle")]
    [InlineData("db")]
    [InlineData("verify --store postgres")]
    public async Task A_command_line_that_makes_no_sense_is_a_usage_error(string line) => Assert.Equal(2, await Run(line.Split(' ')));

    [Fact]
    public async Task Help_is_no_error()
    {
        Assert.Equal(0, await Run(["--help"]));
        Assert.Contains("verify", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_used_is_a_failure_that_repeats_no_secret()
    {
        Assert.Equal(3, await Run(["verify", "--file", folder.File("absent.db")]));
        Assert.Equal(3, await Run(["verify", "--store", "postgres", "--connection", FormattableString.Invariant($"Host=127.0.0.1;Port={FreePort.Next()};Username=u;Password=s3cret")]));
        Assert.Equal(3, await Run(["verify", "--store", "postgres", "--connection", "Hosst=s3cret"]));
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
        output.Dispose();
        error.Dispose();
    }

    private Task<int> Run(IReadOnlyList<string> line) => CommandLine.Run(line, new InvocationConfiguration { Output = output, Error = error });
}
