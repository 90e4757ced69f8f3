using System.Globalization;
using Microsoft.Extensions.Hosting;
using UnionSilo.Persistence;

namespace ConsoleHost.Stores;

/// <summary>The database of a run.</summary>
internal abstract class Store : IDisposable
{
    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Says where the data and the master key are, and what to back up.</summary>
    public abstract string Place { get; }

    protected abstract string SizeQuery { get; }

    /// <summary>Silo and client on this database.</summary>
    public abstract void AddTo(IHostApplicationBuilder builder);

    /// <summary>How many commands the journal holds, and how many bytes the database takes.</summary>
    public async Task<(long Commands, long Bytes)> Measure(CancellationToken cancel)
    {
        await using var database = Open();
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        return (await Number("SELECT count(DISTINCT command_id) FROM journal"), await Number(SizeQuery));

        async Task<long> Number(string query)
        {
            await using var command = connection.CreateCommand();
            (command.CommandText, command.CommandTimeout) = (query, 0);
            return Convert.ToInt64(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture);
        }
    }

    public abstract void Dispose();

    protected abstract Database Open();
}

/// <summary>A SQLite file in the directory: nothing to install.</summary>
internal sealed class SqliteStore(DirectoryInfo directory) : Store
{
    public override string Name => "sqlite";

    public override string Place => $"Database: {File}. The file {File}.key opens the personal fields: back it up apart from the database.";

    protected override string SizeQuery => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";

    private string File => Path.Combine(directory.FullName, "union.db");

    public override void AddTo(IHostApplicationBuilder builder) => UnionSilo.Hosting.UnionHosting.AddEmbeddedUnion(builder, union => union.File = File);

    public override void Dispose()
    {
    }

    protected override Database Open() => Database.Sqlite(File);
}
