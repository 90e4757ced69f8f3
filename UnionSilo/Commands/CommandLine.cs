using System.CommandLine;
using System.Data.Common;
using UnionClient;
using UnionGrains.Kernel;
using UnionSilo.Persistence;

namespace UnionSilo.Commands;

/// <summary>
/// The command line of the silo. Exit codes: 0 done, 1 something was found that is not as it should be, 2 the command line was not understood,
/// 3 the database could not be used.
/// </summary>
public static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="configuration">Where to write; the console unless given.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(IReadOnlyList<string> args, InvocationConfiguration? configuration = null)
    {
        configuration ??= new();
        configuration.EnableDefaultExceptionHandler = false;
        var root = new RootCommand("UnionActors: the silo and the care of its database.") { Commands.Run.Command(), Import.Command(), List.Command(), Report.Command(), Db.Command(), Verify.Command(), RebuildTables.Command(), Keys.Command() };
        var parsed = root.Parse(args);
        try
        {
            var code = await parsed.InvokeAsync(configuration);
            return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
        }
        catch (Exception failure) when (failure is DbException or SchemaException or InUseException or IOException or ArgumentException or InvalidDataException or UnsafeDurabilityException or MasterKeyMissingException or UnionFault)
        {
            await configuration.Error.WriteLineAsync(failure.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            await configuration.Error.WriteLineAsync("Given up; nothing was changed.");
            return ExitCode.Failed;
        }
    }
}
