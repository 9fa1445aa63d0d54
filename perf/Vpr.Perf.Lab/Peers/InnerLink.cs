using System.Net;
using Vpr.Perf.Lab.Namespaces;

namespace Vpr.Perf.Lab.Peers;

/// <summary>The inside of tunnels that assign no addresses themselves.</summary>
internal static class InnerLink
{
    /// <summary>The client's inner address.</summary>
    public static readonly IPAddress ClientAddress = IPAddress.Parse("10.99.0.1");

    /// <summary>The server's inner address.</summary>
    public static readonly IPAddress ServerAddress = IPAddress.Parse("10.99.0.2");

    /// <summary>Gives an interface its address and brings it up.</summary>
    public static async Task ConfigureAsync(string host, string device, IPAddress address, int mtu, CancellationToken cancellation)
    {
        await LabNetwork.CheckAsync(host, cancellation, "ip", "address", "add", $"{address}/24", "dev", device).ConfigureAwait(false);
        await LabNetwork.CheckAsync(host, cancellation, "ip", "link", "set", device, "mtu", $"{mtu}", "up").ConfigureAwait(false);
    }
}
