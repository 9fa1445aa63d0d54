using System.Net;
using System.Runtime.InteropServices;
using Vpr.Io;
using static Vpr.Interop.Linux.Tests.Batches;

namespace Vpr.Interop.Linux.Tests;

/// <summary>What an operator reads who forgot sudo, or whose container lacks the device.</summary>
public sealed class PrivilegeTests
{
    private const int CLONE_NEWNS = 0x20000;

    [NetworkFact]
    public void Without_capabilities_each_step_says_which_one_it_needs() => NetworkNamespace.Run(() =>
    {
        Tool.Run("ip", "link add left type veth peer name right");
        using RouteNetlink netlink = new();
        int left = netlink.FindLink("left")!.Index;
        Assert.True(Capabilities.HasNetAdmin());
        DropCapabilities();
        Assert.False(Capabilities.HasNetAdmin());
        Assert.False(Capabilities.HasNetBindService());

        AssertRefused("CAP_NET_ADMIN", () => netlink.SetLinkUp(left));
        AssertRefused("CAP_NET_ADMIN", () => netlink.AddAddress(new InterfaceAddress(left, IPAddress.Parse("10.0.0.1"), 24)));
        AssertRefused("CAP_NET_ADMIN", () => netlink.ReplaceRoute(new Route { Destination = IPNetwork.Parse("192.0.2.0/24"), Link = left }));
        AssertRefused("CAP_NET_ADMIN", () => netlink.AddRule(new RoutingRule { Family = System.Net.Sockets.AddressFamily.InterNetwork, Table = 9 }));
        AssertRefused("CAP_NET_ADMIN", () => NatTable.Create(new NatTableOptions { TunnelInterface = "t", Pools = [] }));
        AssertRefused("CAP_NET_ADMIN", () => UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:0"), Mark = 7 }));
        AssertRefused("CAP_NET_BIND_SERVICE", () => UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:443") }));
        // Looking needs no right, and a buffer beyond the limit is only smaller.
        Assert.Equal(left, netlink.FindLink("left")!.Index);
        using UdpDatagramSocket socket = UdpDatagramSocket.Bind(new UdpSocketOptions { LocalEndpoint = Endpoint("127.0.0.1:0"), BufferSize = 1 << 30 });
        Assert.NotEqual(0, socket.LocalEndpoint.Port);
    });

    [TunFact]
    public void Without_the_right_a_tun_interface_is_refused_with_a_hint() => NetworkNamespace.Run(() =>
    {
        DropCapabilities();
        AssertRefused("CAP_NET_ADMIN", () => TunDevice.Open(new TunOptions { Name = "vprno" }));
    });

    [TunFact("mount")]
    public void Without_the_device_the_way_to_it_is_shown() => NetworkNamespace.Run(() =>
    {
        Assert.Equal(0, unshare(CLONE_NEWNS));
        Tool.Run("mount", "--make-rprivate /");
        Tool.Run("mount", "-t tmpfs none /dev/net");
        LinuxException missing = Assert.Throws<LinuxException>(() => TunDevice.Open(new TunOptions()));
        Assert.Equal((LinuxErrorCode.ENOENT, "open /dev/net/tun"), (missing.Code, missing.Call));
        Assert.Contains("modprobe tun", missing.Message, StringComparison.Ordinal);
    });

    private static void AssertRefused(string capability, Action action)
    {
        LinuxException refused = Assert.Throws<LinuxException>(action);
        Assert.Contains(refused.Code, (LinuxErrorCode[])[LinuxErrorCode.EPERM, LinuxErrorCode.EACCES]);
        Assert.Contains(capability, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Takes every capability from this thread, which ends with the test.</summary>
    private static void DropCapabilities() => Assert.Equal(0, capset([0x20080522, 0], new uint[6]));

    [DllImport("libc", SetLastError = true)]
    private static extern int capset(uint[] header, uint[] data);

    [DllImport("libc", SetLastError = true)]
    private static extern int unshare(int flags);
}
