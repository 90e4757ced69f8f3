using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace UnionClient;

/// <summary>Finds the cluster by the gateways of <see cref="UnionClientOptions.Gateways"/>; names are looked up anew whenever Orleans asks.</summary>
internal sealed class UnionGateways(IOptions<UnionClientOptions> options, IOptions<GatewayOptions> gateways) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        var found = new List<Uri>();
        foreach (var gateway in options.Value.Gateways)
        {
            if (!TrySplit(gateway, out var host, out var port)) continue;
            try
            {
                foreach (var address in await Dns.GetHostAddressesAsync(host)) found.Add(new IPEndPoint(address, port).ToGatewayUri());
            }
            catch (SocketException)
            {
                // A name that nobody knows now; another gateway may answer.
            }
        }

        return found;
    }

    /// <summary>Splits <c>host:port</c>; an IPv6 address stands in brackets.</summary>
    public static bool TrySplit(string? gateway, [NotNullWhen(true)] out string? host, out int port)
    {
        (host, port) = (null, 0);
        if (gateway is null || gateway.LastIndexOf(':') is not (> 0 and var colon)) return false;
        host = gateway[..colon];
        if (host is ['[', .. var inner, ']'] && IPAddress.TryParse(inner, out _)) host = inner;
        else if (Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4)) return false;
        return int.TryParse(gateway[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort;
    }
}
