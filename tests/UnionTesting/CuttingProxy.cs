using System.Net;
using System.Net.Sockets;
using System.Text;

namespace UnionTesting;

/// <summary>What becomes of a connection whose client asks for COMMIT.</summary>
public enum Cut
{
    /// <summary>Nothing: the COMMIT and its answer pass.</summary>
    None,

    /// <summary>The connection is cut and the server never sees the COMMIT.</summary>
    BeforeForwarding,

    /// <summary>The connection is cut as soon as the COMMIT is on its way: it goes either way.</summary>
    AfterForwarding,

    /// <summary>The server commits; its answer is dropped and the connection cut.</summary>
    BeforeAnswer,

    /// <summary>The COMMIT is held back until <see cref="CuttingProxy.Release"/>; the connection stays.</summary>
    Hold,
}

/// <summary>Stands between a client and a PostgreSQL server on 127.0.0.1 and cuts connections while a COMMIT is under way.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private static readonly byte[] CommitDone = [(byte)'C', 0, 0, 0, 11, .. "COMMIT\0"u8];
    private static readonly byte[] Ready = [(byte)'Z', 0, 0, 0, 5];

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int target;
    private readonly CancellationTokenSource end = new();
    private readonly Task accepting;
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int[] cuts = new int[Enum.GetValues<Cut>().Length];
    private int commits;

    /// <summary>Listens at once.</summary>
    /// <param name="target">The server's port on 127.0.0.1.</param>
    public CuttingProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = Accept();
    }

    /// <summary>The port to connect to.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Decides about each COMMIT by its number, from 1.</summary>
    public Func<int, Cut> OnCommit { get; set; } = _ => Cut.None;

    /// <summary>Completes when a COMMIT is held back.</summary>
    public Task Held => held.Task;

    /// <summary>How often something was done to a COMMIT.</summary>
    public int Count(Cut cut) => Volatile.Read(ref cuts[(int)cut]);

    /// <summary>Lets a COMMIT that was held back pass.</summary>
    public void Release() => released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        released.TrySetResult();
        listener.Stop();
        await accepting;
        end.Dispose();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(Serve(await listener.AcceptSocketAsync(end.Token)));
        }
        catch (Exception closed) when (closed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Serve(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            // Cut means cut: nothing that is still buffered arrives.
            client.LingerState = new(enable: true, 0);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, end.Token);
                using var over = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                var link = new Link(client, server);
                Task[] pumps = [Forward(link, over.Token), Answer(link, over.Token)];
                await Task.WhenAny(pumps);
                await over.CancelAsync();
                await Task.WhenAll(pumps);
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException)
            {
                // Both sides are closed below.
            }
        }
    }

    /// <summary>Client to server, message by message.</summary>
    private async Task Forward(Link link, CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        var (filled, started, racing) = (0, false, false);
        var statements = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                var read = await link.Client.ReceiveAsync(buffer.AsMemory(filled), cancel);
                if (read == 0) return;
                filled += read;

                var (sent, at) = (0, 0);
                while (Length(buffer.AsSpan(at, filled - at), started) is { } length && at + length <= filled)
                {
                    var message = buffer.AsMemory(at, length);
                    if (started && Commits(message.Span, statements))
                    {
                        var cut = OnCommit(Interlocked.Increment(ref commits));
                        Interlocked.Increment(ref cuts[(int)cut]);
                        if (cut is Cut.BeforeForwarding or Cut.Hold)
                        {
                            await Send(link.Server, buffer.AsMemory(sent, at - sent), cancel);
                            sent = at;
                        }

                        if (cut == Cut.BeforeForwarding) return;
                        if (cut == Cut.BeforeAnswer) link.Swallow = true;
                        if (cut == Cut.AfterForwarding) racing = true;
                        if (cut == Cut.Hold)
                        {
                            held.TrySetResult();
                            await released.Task.WaitAsync(end.Token);
                        }
                    }

                    // The first message of a connection has no type; an encryption request would be followed by another such.
                    started = true;
                    at += length;
                    if (racing && message.Span[0] == (byte)'S')
                    {
                        await Send(link.Server, buffer.AsMemory(sent, at - sent), cancel);
                        return;
                    }
                }

                await Send(link.Server, buffer.AsMemory(sent, at - sent), cancel);
                buffer.AsSpan(at, filled - at).CopyTo(buffer);
                filled -= at;
            }
        }
        catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side closed or the proxy ends.
        }
    }

    /// <summary>Server to client; while an answer is to be dropped, nothing passes until it is there.</summary>
    private static async Task Answer(Link link, CancellationToken cancel)
    {
        var buffer = new byte[64 * 1024];
        var filled = 0;
        try
        {
            while (true)
            {
                if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                var read = await link.Server.ReceiveAsync(buffer.AsMemory(filled), cancel);
                if (read == 0) return;
                filled += read;
                if (link.Swallow)
                {
                    if (buffer.AsSpan(0, filled).IndexOf(CommitDone) >= 0) return;
                    if (buffer.AsSpan(0, filled).IndexOf(Ready) < 0) continue;
                    link.Swallow = false; // The group failed before its COMMIT.
                }

                await Send(link.Client, buffer.AsMemory(0, filled), cancel);
                filled = 0;
            }
        }
        catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side closed or the proxy ends.
        }
    }

    private static async Task Send(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes, cancel)..];
    }

    private static int? Length(ReadOnlySpan<byte> bytes, bool typed)
    {
        var type = typed ? 1 : 0;
        return bytes.Length < type + 4 ? null : type + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes[type..]);
    }

    /// <summary>Whether the message executes COMMIT. Prepared statements are remembered by name.</summary>
    private static bool Commits(ReadOnlySpan<byte> message, Dictionary<string, string> statements)
    {
        switch ((char)message[0])
        {
            case 'P':
                statements[Text(message, 5, out var query)] = Text(message, query, out _);
                return false;
            case 'B':
                Text(message, 5, out var name);
                return statements.TryGetValue(Text(message, name, out _), out var sql) && sql == "COMMIT";
            case 'Q':
                return Text(message, 5, out _) == "COMMIT";
            default:
                return false;
        }
    }

    private static string Text(ReadOnlySpan<byte> message, int from, out int next)
    {
        var length = message[from..].IndexOf((byte)0);
        next = from + length + 1;
        return Encoding.UTF8.GetString(message.Slice(from, length));
    }

    private sealed class Link(Socket client, Socket server)
    {
        private volatile bool swallow;

        public Socket Client => client;

        public Socket Server => server;

        public bool Swallow
        {
            get => swallow;
            set => swallow = value;
        }
    }
}
