using System.Collections.Concurrent;
using UnionDomain.Employers;

namespace UnionClient.Tests;

/// <summary>Stands in the silo before its grains: sees every command to a unit and does what a test says.</summary>
internal sealed class Interference : IIncomingGrainCallFilter
{
    /// <summary>Ids of the commands that arrived, in order, repeats included.</summary>
    public ConcurrentQueue<Guid> Arrived { get; } = new();

    /// <summary>What happens to a command; unless told, it goes on to its grain. The number counts the commands from 1.</summary>
    public Func<int, IIncomingGrainCallContext, Task> On { get; set; } = (_, call) => call.Invoke();

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Request.GetArgumentCount() == 0 || context.Request.GetArgument(0) is not Envelope<EmployerCommand> envelope) return context.Invoke();
        Arrived.Enqueue(envelope.CommandId);
        return On(Arrived.Count, context);
    }
}
