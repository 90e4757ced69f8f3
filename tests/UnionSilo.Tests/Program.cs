using UnionSilo.Tests;
using UnionSilo.Tests.Imports;
using UnionSilo.Tests.Journals;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

if (args is ["visit-sqlite", var file])
{
    Console.WriteLine(await SqliteJournalSpecs.Visit(file));
    return 0;
}

if (args is ["read-sheet", var kind, var path])
{
    Console.WriteLine(await HostileFiles.Read(kind, path));
    return 0;
}

return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
