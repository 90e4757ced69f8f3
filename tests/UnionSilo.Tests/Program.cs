using UnionSilo.Tests;
using UnionSilo.Tests.Journals;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

if (args is ["visit-sqlite", var file])
{
    Console.WriteLine(await SqliteJournalSpecs.Visit(file));
    return 0;
}

return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
