using System.Net;
using System.Net.Sockets;
using Vpr.Interop.Linux;
using Vpr.Server.Configuration;

namespace Vpr.Server.Network;

/// <summary>What the server changes on its host: the TUN interface with its addresses, forwarding, and NAT. All of it is taken back when it is disposed.</summary>
/// <remarks>After a crash the kernel removes the interface by itself; forwarding stays on, and so does the NAT table until the next start replaces it.</remarks>
internal sealed class ServerNetwork : IDisposable
{
    private readonly NatTable? _nat;
    private readonly SysctlForwarding _forwarding;

    private ServerNetwork(IReadOnlyList<TunDevice> queues, NatTable? nat, SysctlForwarding forwarding) =>
        (Queues, _nat, _forwarding) = (queues, nat, forwarding);

    /// <summary>The TUN interface's queues, one a loop.</summary>
    public IReadOnlyList<TunDevice> Queues { get; }

    /// <summary>Sets everything up.</summary>
    /// <param name="configuration">Names, pools, and whether to translate.</param>
    /// <param name="mtu">The interface's MTU in bytes.</param>
    /// <exception cref="LinuxException">The kernel refuses; what was changed before is taken back.</exception>
    public static ServerNetwork SetUp(ServerConfiguration configuration, int mtu)
    {
        TunDevice device = TunDevice.Open(new TunOptions
        {
            Name = configuration.Interface, Mtu = mtu, Offloads = configuration.Offloads.Device, MultiQueue = configuration.Loops > 1,
        });
        var queues = new List<TunDevice> { device };
        SysctlForwarding? forwarding = null;
        try
        {
            while (queues.Count < configuration.Loops) queues.Add(device.OpenQueue());
            using var netlink = new RouteNetlink();
            int link = netlink.FindLink(device.Name)!.Index;
            foreach (IPNetwork pool in new[] { configuration.Pool4, configuration.Pool6 })
                netlink.AddAddress(new InterfaceAddress(link, PoolAddresses.Server(pool), pool.PrefixLength));
            netlink.SetLinkUp(link);
            forwarding = SysctlForwarding.Enable(ipv4: true, ipv6: true);
            NatTable? nat = configuration.Nat
                ? NatTable.Create(new NatTableOptions { TunnelInterface = device.Name, Pools = [configuration.Pool4, configuration.Pool6] })
                : null;
            return new ServerNetwork(queues, nat, forwarding);
        }
        catch
        {
            forwarding?.Dispose();
            foreach (TunDevice queue in queues) queue.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _nat?.Dispose();
        _forwarding.Dispose();
        foreach (TunDevice queue in Queues) queue.Dispose();
    }
}
