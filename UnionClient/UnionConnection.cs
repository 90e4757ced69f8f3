using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace UnionClient;

/// <summary>The connection of an application to its cluster. It is made beside the host's start, and made again when all silos were gone. In the process of a silo there is none, and no trouble with it.</summary>
public interface IUnionConnection
{
    /// <summary>Why no call can reach the cluster now; null while calls can.</summary>
    string? Trouble { get; }

    /// <summary>
    /// Waits until calls can reach the cluster. Calls do so by themselves, within their total time; this is for programs that want to know it before they begin.
    /// </summary>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="UnionFault"><c>not-connected</c>: the time is over, or, at once, the cluster is another one than asked for.</exception>
    Task WhenOpen(TimeSpan patience, CancellationToken cancel = default);
}

/// <summary>The connection inside a silo: there is nothing to connect.</summary>
internal sealed class NoConnection : IUnionConnection
{
    public string? Trouble => null;

    public Task WhenOpen(TimeSpan patience, CancellationToken cancel = default) => cancel.IsCancellationRequested ? Task.FromCanceled(cancel) : Task.CompletedTask;
}

/// <summary>
/// Starts Orleans' client in the background, where it tries until the host stops, and greets the cluster whenever a connection was made: only then calls go out.
/// Orleans' own start would hold up the host's, give up after minutes, and tell only its log why.
/// </summary>
internal sealed partial class UnionConnection(
    IServiceProvider services, IOptions<UnionClientOptions> options, IOptions<ClusterOptions> cluster, TimeProvider clock, ILogger<UnionConnection> log)
    : IUnionConnection, IHostedService, IClientConnectionRetryFilter, IClusterConnectionStatusObserver, IDisposable
{
    // A silo that is stopping hangs up too, but not for so long.
    private const int HangUpsOfAStranger = 3;
    private static readonly TimeSpan TimeOfAStranger = TimeSpan.FromSeconds(2);

    private readonly Lock guard = new();
    private readonly CancellationTokenSource stopping = new();
    private IHostedService? client;
    private Task running = Task.CompletedTask;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? trouble = "The host of the application has not been started.";
    private bool forGood; // no use to wait: the cluster is another one, or the host stops
    private string? stranger; // what a gateway of another cluster said at the handshake
    private int hungUp; // 1: a gateway hung up at the handshake since it was last asked
    private int hangUps; // attempts in a row that ended so
    private long hangingUpSince;

    public string? Trouble => trouble;

    public async Task WhenOpen(TimeSpan patience, CancellationToken cancel = default)
    {
        if (await Unreachable(patience, cancel) is { } fault) throw fault;
    }

    /// <summary>Waits until calls can go out; the fault when they cannot within the time. Costs nothing while the connection is open.</summary>
    public ValueTask<UnionFault?> Unreachable(TimeSpan patience, CancellationToken cancel) => trouble is null ? default : Wait(patience, cancel);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Resolved here, where a mistake in the configuration still stops the start.
        client = (IHostedService)services.GetRequiredService<IClusterClient>();
        Close("The connection to the cluster is being made.");
        running = Task.Run(Run, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        Close("The application is stopping.", lasting: true);
        if (client is null) return;
        await client.StopAsync(cancellationToken);
        await running.WaitAsync(cancellationToken);
    }

    /// <summary>Asked by Orleans when no gateway could be reached at the start.</summary>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        Refused(exception);
        await Task.Delay(options.Value.LongestPause, clock, cancellationToken);
        return true;
    }

    public void NotifyClusterConnectionLost() => lost.TrySetResult();

    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered)
    {
        // Only the loss of the last one matters; the connection to a gateway is counted before it has said whose it is.
    }

    /// <summary>Hears how connections end: what a gateway of another cluster says is else only logged, and Orleans tries it for minutes.</summary>
    public static void Listen(IConnectionBuilder connections) => connections.Use(next => async connection =>
    {
        var greeting = new WholeGreeting(connection.Transport);
        connection.Transport = greeting;
        try
        {
            await next(connection);
        }
        catch (Exception ended) when (connections.ApplicationServices.GetRequiredService<UnionConnection>().Heard(ended, connection, greeting))
        {
            throw;
        }
    });

    public void Dispose() => stopping.Dispose();

    private async Task Run()
    {
        try
        {
            await client!.StartAsync(stopping.Token);
            while (true)
            {
                lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (await Greet())
                {
                    await lost.Task.WaitAsync(stopping.Token);
                    Close("The connection to the cluster was lost.");
                }
                else
                {
                    await Task.Delay(options.Value.LongestPause, clock, stopping.Token);
                }
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Whoever waits has been told.
        }
        catch (Exception broken)
        {
            Close($"Orleans' client could not be started ({broken.GetType().Name}).", lasting: true);
            LogBroken(broken);
        }
    }

    private async Task<bool> Greet()
    {
        try
        {
            var told = await services.GetRequiredService<IGrainFactory>().GetGrain<IHandshakeGrain>(0).Greet().WaitAsync(options.Value.ConnectTime, clock, stopping.Token);
            if (told.ServiceId == cluster.Value.ServiceId) Open();
            else Close($"The cluster '{told.ClusterId}' is of the installation '{told.ServiceId}', not of '{cluster.Value.ServiceId}' (the service id that was asked for).", lasting: true);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            Refused(failure);
        }

        return trouble is null;
    }

    private bool Heard(Exception ended, ConnectionContext connection, WholeGreeting greeting)
    {
        // Unexpected cluster id "theirs", expected "ours"
        if (ended is InvalidOperationException && ended.Message.Split('"') is [_, var theirs, _, var ours, ..] && ours == cluster.Value.ClusterId)
        {
            stranger = $"The gateway {connection.RemoteEndPoint} belongs to the cluster '{theirs}', not to '{ours}' (the cluster id that was asked for).";
            Volatile.Write(ref hungUp, 1);
            // Told at once; not while another gateway serves.
            if (trouble is not null) Close(stranger, lasting: true);
        }
        else if (!greeting.Began)
        {
            Volatile.Write(ref hungUp, 1);
        }

        return true;
    }

    private void Refused(Exception failure)
    {
        if (Interlocked.Exchange(ref hungUp, 0) == 0)
        {
            (stranger, hangUps) = (null, 0);
            Close($"No gateway of the cluster '{cluster.Value.ClusterId}' answers ({Cause(failure)}).");
            return;
        }

        // A gateway of another cluster hangs up before what it said is sent, more often than not.
        if (hangUps++ == 0) hangingUpSince = clock.GetTimestamp();
        if (stranger is { } told) Close(told, lasting: true);
        else if (hangUps < HangUpsOfAStranger || clock.GetElapsedTime(hangingUpSince) < TimeOfAStranger) Close($"A gateway of the cluster '{cluster.Value.ClusterId}' hung up at once.");
        else Close($"The gateway hangs up at once, as one of another cluster than '{cluster.Value.ClusterId}' does (the cluster id that was asked for).", lasting: true);
    }

    // Orleans' sentences about messages are as long as a page; a socket's says what is wrong.
    private static string Cause(Exception failure) => failure.GetBaseException() switch
    {
        System.Net.Sockets.SocketException socket => socket.Message,
        SiloUnavailableException none when failure == none => "none is known",
        TimeoutException => "no answer in time",
        var other => other.GetType().Name,
    };

    private void Open()
    {
        TaskCompletionSource told;
        lock (guard)
        {
            if (stopping.IsCancellationRequested) return;
            (trouble, forGood) = (null, false);
            (told, changed) = (changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        LogOpen(cluster.Value.ClusterId, cluster.Value.ServiceId);
        told.TrySetResult();
    }

    private void Close(string why, bool lasting = false)
    {
        TaskCompletionSource told;
        lock (guard)
        {
            if (why == trouble || (stopping.IsCancellationRequested && !lasting)) return;
            (trouble, forGood) = (why, lasting);
            (told, changed) = (changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        if (!stopping.IsCancellationRequested) LogClosed(why);
        told.TrySetResult();
    }

    private async ValueTask<UnionFault?> Wait(TimeSpan patience, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            Task change;
            lock (guard)
            {
                if (trouble is null) return null;
                if (forGood) return Faults.NotConnected(trouble);
                change = changed.Task;
            }

            try
            {
                var left = patience - clock.GetElapsedTime(begun);
                await change.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, cancel);
            }
            catch (TimeoutException)
            {
                return trouble is { } why ? Faults.NotConnected(why) : null;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to the cluster {Cluster} of the installation {Installation}.")]
    private partial void LogOpen(string cluster, string installation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not connected: {Why}")]
    private partial void LogClosed(string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Orleans' client could not be started.")]
    private partial void LogBroken(Exception failure);
}
