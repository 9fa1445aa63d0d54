using System.Net;
using Vpr.Interop.Linux;

namespace Vpr.Hosting;

/// <summary>What the system must offer before a tunnel can be set up; looked at first, so that a failure changes nothing.</summary>
public static class HostRequirements
{
    private const string TunPath = "/dev/net/tun";
    private const string DisableIpv6 = "net/ipv6/conf/all/disable_ipv6";

    /// <summary>Looks at rights, the TUN driver and, where asked, IPv6.</summary>
    /// <param name="needsIpv6">Whether the configuration cannot do without IPv6.</param>
    /// <param name="withoutIpv6">What the user can do to go without IPv6, as the end of a sentence.</param>
    /// <exception cref="HostException">Something is missing; the message says what to do.</exception>
    public static void Check(bool needsIpv6, string withoutIpv6)
    {
        if (!Capabilities.HasNetAdmin())
            throw new HostException(ExitCode.NotPermitted, "Changing the network needs root (CAP_NET_ADMIN): run it with sudo.");
        if (!File.Exists(TunPath))
            throw new HostException(ExitCode.NoTunDevice,
                $"{TunPath} does not exist: run \"modprobe tun\", or let the container have the device.");
        if (needsIpv6 && !HasIpv6)
            throw new HostException(ExitCode.NoIpv6, $"IPv6 is needed and this system has none: switch it on (\"sysctl net.ipv6.conf.all.disable_ipv6=0\"), or {withoutIpv6}.");
    }

    private static bool HasIpv6 =>
        SysctlSetting.Exists(DisableIpv6) && SysctlSetting.Read(DisableIpv6).Trim() == "0";

    /// <summary>The failure of a port that somebody else holds.</summary>
    public static HostException PortInUse(string protocol, IPEndPoint listen, Exception? cause) =>
        new(ExitCode.PortInUse, $"{protocol} port {listen.Port} of {listen.Address} is in use: \"ss -lnp\" shows by whom; stop it or change Listen.", cause);
}
