using System.Runtime.InteropServices;
using Vpr.Io;

namespace Vpr.Interop.Darwin;

/// <summary>Makes a UDP socket and sets every option before it is bound.</summary>
/// <remarks>getsockopt(2), ip(4), ip6(4) of macOS</remarks>
internal static class SocketSetup
{
    private const int IPPROTO_IP = 0;
    private const int IPPROTO_IPV6 = 41;

    /// <summary>Opens, configures and binds.</summary>
    /// <exception cref="DarwinException">A step failed.</exception>
    internal static SafeDescriptor Open(DarwinSocketOptions options, SocketAbi abi, out UdpEndpoint local)
    {
        bool isIpv4 = options.LocalEndpoint.IsIpv4;
        SafeDescriptor descriptor = SafeDescriptor.Own(
            DarwinLibc.socket(isIpv4 ? DarwinLibc.AF_INET : abi.Ipv6Family, DarwinLibc.SOCK_DGRAM, DarwinLibc.IPPROTO_UDP),
            isIpv4 ? "socket AF_INET" : "socket AF_INET6");
        try
        {
            descriptor.SetNonBlocking();
            if (options.ReusePort) Set(descriptor, abi.SocketLevel, abi.ReusePort, 1, "setsockopt SO_REUSEPORT");
            if (options.BufferSize > 0)
            {
                Set(descriptor, abi.SocketLevel, abi.ReceiveBuffer, options.BufferSize, "setsockopt SO_RCVBUF");
                Set(descriptor, abi.SocketLevel, abi.SendBuffer, options.BufferSize, "setsockopt SO_SNDBUF");
            }

            bool isWildcard = IsUnspecified(options.LocalEndpoint);
            if (isIpv4) ConfigureIpv4(descriptor, abi, isWildcard);
            else ConfigureIpv6(descriptor, abi, isWildcard);
            Bind(descriptor, abi, options.LocalEndpoint);
            local = GetLocalEndpoint(descriptor, abi);
            return descriptor;
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Whether the endpoint is :: or 0.0.0.0, or no endpoint at all.</summary>
    internal static bool IsUnspecified(in UdpEndpoint endpoint) =>
        endpoint.Address == UInt128.Zero || (endpoint.IsIpv4 && unchecked((uint)endpoint.Address) == 0);

    private static void ConfigureIpv4(SafeDescriptor descriptor, SocketAbi abi, bool isWildcard)
    {
        Set(descriptor, IPPROTO_IP, abi.Ipv4ReceiveTos, 1, "setsockopt IP_RECVTOS");
        Set(descriptor, IPPROTO_IP, abi.Ipv4DontFragment.Option, abi.Ipv4DontFragment.Value, "setsockopt IP_DONTFRAG");
        if (isWildcard) Set(descriptor, IPPROTO_IP, abi.Ipv4PacketInfo, 1, "setsockopt IP_PKTINFO");
    }

    private static void ConfigureIpv6(SafeDescriptor descriptor, SocketAbi abi, bool isWildcard)
    {
        Set(descriptor, IPPROTO_IPV6, abi.Ipv6Only, 1, "setsockopt IPV6_V6ONLY");
        Set(descriptor, IPPROTO_IPV6, abi.Ipv6ReceiveTrafficClass, 1, "setsockopt IPV6_RECVTCLASS");
        Set(descriptor, IPPROTO_IPV6, abi.Ipv6DontFragment.Option, abi.Ipv6DontFragment.Value, "setsockopt IPV6_DONTFRAG");
        if (isWildcard) Set(descriptor, IPPROTO_IPV6, abi.Ipv6ReceivePacketInfo, 1, "setsockopt IPV6_RECVPKTINFO");
    }

    private static void Bind(SafeDescriptor descriptor, SocketAbi abi, in UdpEndpoint endpoint)
    {
        Span<byte> address = stackalloc byte[SocketAddress.MaxSize];
        int length = SocketAddress.Write(address, abi, endpoint);
        if (DarwinLibc.bind(descriptor, address, (uint)length) == 0) return;

        int error = Marshal.GetLastPInvokeError();
        string? hint = error == ErrorNumber.EADDRINUSE ? "Another process uses this UDP port; stop it or choose another port"
            : error == ErrorNumber.EADDRNOTAVAIL ? "This host does not have the address"
            : null;
        throw new DarwinException(error, $"bind UDP {endpoint}", hint);
    }

    private static UdpEndpoint GetLocalEndpoint(SafeDescriptor descriptor, SocketAbi abi)
    {
        Span<byte> address = stackalloc byte[SocketAddress.MaxSize];
        uint length = (uint)address.Length;
        if (DarwinLibc.getsockname(descriptor, address, ref length) < 0 || !SocketAddress.TryRead(address[..(int)length], abi, out UdpEndpoint endpoint))
            throw new DarwinException(Marshal.GetLastPInvokeError(), "getsockname");
        return endpoint;
    }

    private static void Set(SafeDescriptor descriptor, int level, int name, int value, string call)
    {
        if (DarwinLibc.setsockopt(descriptor, level, name, in value, sizeof(int)) < 0) throw new DarwinException(Marshal.GetLastPInvokeError(), call);
    }
}
