using System.Net;
using System.Net.Sockets;

namespace UnionTesting;

/// <summary>Ports on the loopback address.</summary>
public static class FreePort
{
    /// <summary>A port that nobody listens on at this moment. Somebody else may take it before it is used: try again then.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
