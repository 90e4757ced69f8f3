using Microsoft.Extensions.Logging;

namespace UnionSilo.Hosting;

/// <summary>Says that a master key was made, to whoever reads the log: nobody else knows that there is something to back up.</summary>
internal sealed partial class NewKey(string path, string id, ILogger<NewKey> log) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(NewKey), ServiceLifecycleStage.RuntimeServices, _ =>
    {
        LogMade(id, path);
        return Task.CompletedTask;
    });

    [LoggerMessage(Level = LogLevel.Warning, Message = "A master key was made: {Id} in the file '{Path}'. Back this file up, apart from the database: without it no personal data can be read again.")]
    private partial void LogMade(string id, string path);
}
