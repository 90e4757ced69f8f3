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
    private readonly Dictionary<string, Uri[]> known = new(StringComparer.Ordinal);

    public TimeSpan MaxStaleness => gateways.Value.GatewayListRefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    /// <summary>Finds the addresses of a name.</summary>
    internal Func<string, Task<IPAddress[]>> LookUp { get; init; } = host => Dns.GetHostAddressesAsync(host);

    public async Task<IList<Uri>> GetGateways()
    {
        var found = new List<Uri>();
        foreach (var gateway in options.Value.Gateways)
        {
            if (!TrySplit(gateway, out var host, out var port)) continue;
            try
            {
                var addresses = await LookUp(host);
                if (addresses.Length > 0) known[gateway] = [.. addresses.Select(address => new IPEndPoint(address, port).ToGatewayUri())];
            }
            catch (SocketException)
            {
                // Nobody knows the name now. What was known stays: Orleans closes the connections to gateways that are no longer told.
            }

            if (known.TryGetValue(gateway, out var latest)) found.AddRange(latest);
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
