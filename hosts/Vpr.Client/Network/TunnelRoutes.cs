using System.Net;
using System.Net.Sockets;
using Vpr.Interop.Linux;

namespace Vpr.Client.Network;

/// <summary>The client's addresses, routes and rules, in the manner of wg-quick: a table of the tunnel's own, which all packets use but the marked ones of the tunnel itself.</summary>
/// <remarks>
/// ip-rule(8). Addresses and routes go with the interface, whatever ends the process; rules do not, so those of an earlier process that was
/// killed are removed first.
/// </remarks>
internal sealed class TunnelRoutes : IDisposable
{
    /// <summary>The mark of the tunnel's own datagrams, and the number of its routing table.</summary>
    public const uint Mark = 0x5650_5200;

    // Before the rule of the main table, 32766: first what the main table knows better than by a default route, then the tunnel.
    private const uint LocalPriority = 30_860;
    private const uint TunnelPriority = 30_861;

    private static readonly AddressFamily[] s_families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    // With it the reverse-path filter looks up a marked packet's way by its mark, as wg-quick has it: else strict filters drop the server's answers.
    private const string SourceValidMark = "net/ipv4/conf/all/src_valid_mark";

    private readonly RouteNetlink _netlink = new();
    private SysctlSetting? _sourceValidMark;

    /// <summary>Removes the tunnel's rules: its own, or those that a killed process left.</summary>
    public void RemoveRules() => _netlink.RemoveOwnRules(rule => rule.Priority is LocalPriority or TunnelPriority);

    /// <summary>Gives the interface its addresses and brings it up, then sends traffic into it.</summary>
    /// <param name="interfaceName">The tunnel's interface.</param>
    /// <param name="addresses">The inner addresses, one of each family at most.</param>
    /// <param name="routes">What goes through the tunnel.</param>
    /// <exception cref="LinuxException">The kernel refuses; what was changed so far is taken back by <see cref="RemoveRules"/> and with the interface.</exception>
    public void Apply(string interfaceName, IReadOnlyList<IPAddress> addresses, IReadOnlyList<IPNetwork> routes)
    {
        int link = _netlink.FindLink(interfaceName)?.Index
            ?? throw new InvalidOperationException($"The interface {interfaceName} is gone.");
        foreach (IPAddress address in addresses)
            _netlink.AddAddress(new InterfaceAddress(link, address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
        _netlink.SetLinkUp(link);
        _sourceValidMark ??= SysctlSetting.Apply(SourceValidMark, "1");
        foreach (AddressFamily family in s_families)
        {
            if (addresses.Any(address => address.AddressFamily == family))
                Route(link, family, routes);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sourceValidMark?.Dispose();
        _netlink.Dispose();
    }

    private void Route(int link, AddressFamily family, IReadOnlyList<IPNetwork> routes)
    {
        bool any = false, byDefault = false;
        foreach (IPNetwork route in routes)
        {
            if (route.BaseAddress.AddressFamily != family) continue;
            _netlink.ReplaceRoute(new Route { Destination = route, Link = link, Table = Mark });
            any = true;
            byDefault |= route.PrefixLength == 0;
        }

        // The routes are complete before a rule leads to them: no packet finds the table half filled.
        if (!any) return;
        if (byDefault)
            _netlink.AddRule(new RoutingRule { Family = family, Priority = LocalPriority, SuppressPrefixLength = 0 });
        _netlink.AddRule(new RoutingRule { Family = family, Priority = TunnelPriority, Table = Mark, Mark = Mark, IsInverted = true });
    }
}
